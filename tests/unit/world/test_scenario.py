import dataclasses

import pytest
from small_worlds import changed, reinforced

from sim.errors import ScenarioError
from sim.world.scenario import LEVERS, Reinforcement, Scenario


def package(**unit):
    return {"reinforcements": reinforced(**unit)}


REFUSED = [
    # A number outside its range names its key, its value with the unit, and what is allowed.
    ("force", {"strength": -1.0}, r"force\.strength is -1 persons: outside .* 0 to 100000 persons"),
    ("threat", {"beta_traffic": 5.5}, r"threat\.beta_traffic is 5\.5: outside .* Allowed: 0 to 5;"),
    ("supply", {"truck_tonnes": float("nan")}, r"supply\.truck_tonnes is nan t: outside"),
    ("force", {"company_size": float("inf")}, r"force\.company_size is inf persons: outside"),
    # What can never happen: an escort of 23 vehicles with 6 people each from a company of 135.
    (
        "supply",
        {"escort_vehicles": 23},
        r"supply\.escort_vehicles is 23: .* 138 people, .* 135, .* Allowed: 22 vehicles or fewer",
    ),
    # So does an entry of a mapping.
    (
        "training",
        {"predeployment_by_contingent": {"Chad": 1.5}},
        r"training\.predeployment_by_contingent\.Chad is 1\.5: outside .* 0 to 1",
    ),
    (
        "supply",
        {"trucks_by_hub": {"gao": -3.0}},
        r"supply\.trucks_by_hub\.gao is -3 vehicles: outside",
    ),
    # A word that is no choice.
    (
        "clearance",
        {"policy": "everywhere"},
        r"clearance\.policy is 'everywhere': there is no such choice\. Allowed: none, fixed_round",
    ),
    ("supply", {"process": "weekly"}, r"supply\.process is 'weekly'.* policy, poisson, periodic"),
    ("engine", {"name": "warp"}, r"engine\.name is 'warp'.* Allowed: batch, reference"),
    ("results", {"detail": "all"}, r"results\.detail is 'all'.* measures, incidents, full"),
    # Dates.
    ("runs", {"start": "July"}, r"runs\.start is 'July': not a date\. Allowed: year-month-day"),
    ("runs", {"end": "2016-07-01"}, r"runs\.start 2016-07-01, .* out of order"),
    ("runs", {"decision_date": "2016-06-30"}, r"out of order.* start no later than the decision"),
    # Politics.
    ("politics", {"path": {}}, r"politics\.path is empty"),
    ("politics", {"path": {"someday": 0.5}}, r"politics\.path is 'someday': not a date"),
    ("politics", {"path": {"2016-07-01": 2.0}}, r"politics\.path\.2016-07-01 is 2: outside"),
    # Packages.
    ("force", package(unit_type="cavalry"), r"package\.unit_type is 'cavalry'.* Allowed: infantry"),
    ("force", package(strength=-5.0), r"package\.strength is -5 persons: .* 0 to 100000 persons"),
    ("force", package(ramp_days=-1.0), r"package\.ramp_days is -1 d: .* 0 to 3650 d"),
    ("force", package(predeployment_level=1.1), r"package\.predeployment_level is 1\.1: .* 0 to 1"),
    ("force", package(protected_share=-0.1), r"package\.protected_share is -0\.1: .* 0 to 1"),
    ("force", package(arrival="soon"), r"package\.arrival is 'soon': not a date"),
    ("force", package(departure="later"), r"package\.departure is 'later': not a date"),
    (
        "force",
        package(arrival="2017-03-01", departure="2017-03-01"),
        r"package leaves on 2017-03-01, before it has arrived on 2017-03-01",
    ),
    # What only goes wrong together.
    (
        "threat",
        {"others_civilian_share": 0.7, "others_army_share": 0.5},
        r"add up to 1\.2: more than all strikes on others",
    ),
    (
        "routing",
        {"daylight_start_h": 17.0, "daylight_end_h": 17.0},
        r"routing\.daylight_end_h is 17: no later than .* nobody could ever drive",
    ),
    (
        "supply",
        {"reorder_days": 30.0, "target_days": 29.0},
        r"supply\.target_days is 29 d: below supply\.reorder_days, 30 d",
    ),
]


@pytest.mark.parametrize(("group", "fields", "message"), REFUSED)
def test_what_cannot_be_simulated_is_refused_with_the_key_the_value_and_the_way_out(
    group, fields, message
):
    with pytest.raises(ScenarioError, match=message):
        changed(Scenario(), **{group: fields})


@pytest.mark.parametrize(
    ("group", "field", "there", "here"),
    [
        ("roads", "max_segment_km", 25.0, 20.0),
        ("threat", "beta_traffic", 1.0, 2.0),
        ("runs", "end", "2019-07-01", "2018-07-01"),
        # What only tells how the world answers to a lever is no lever.
        ("force", "company_size", 135.0, 100.0),
        ("training", "decay_half_life_days", 730.0, 365.0),
        ("politics", "motivation_at_full_progress", 0.3, 0.5),
        ("clearance", "process", "policy", "poisson"),
        ("routing", "daylight_end_h", 17.0, 18.0),
        ("supply", "kg_per_person_day", 8.0, 4.0),
    ],
)
def test_a_decision_cannot_change_the_world(group, field, there, here):
    before = changed(Scenario(name="past"), **{group: {field: there}})
    after = dataclasses.replace(changed(before, **{group: {field: here}}), name="now")
    message = (
        rf"{group}\.{field} is {here!r} in scenario 'now' and {there!r} in its baseline 'past'"
    )
    with pytest.raises(ScenarioError, match=message):
        dataclasses.replace(after, before=before)


@pytest.mark.parametrize("group", LEVERS)
def test_a_decision_can_change_a_lever_of_every_group_that_has_one(group):
    lever = {
        "force": {"strength": 14500.0},
        "training": {"predeployment_floor": 0.8},
        "medical": {"helicopter_alert_h": 1.0},
        "politics": {"path": {"2016-07-01": 0.1, "2019-07-01": 0.8}},
        "clearance": {"policy": "highest_risk"},
        "routing": {"policy": "least_risk"},
        "supply": {"load_vehicles": 20},
    }
    before = Scenario(name="past")
    after = dataclasses.replace(changed(before, **{group: lever[group]}), before=before)
    assert after.content_hash() != before.content_hash()


def test_an_escort_may_fill_a_company_and_nobody_escorts_convoys_by_the_clock():
    changed(Scenario(), supply={"escort_vehicles": 22})
    changed(Scenario(), supply={"escort_vehicles": 23, "process": "periodic"})


def test_the_content_hash_forgets_names_and_detail_and_nothing_else():
    plain = Scenario()
    assert dataclasses.replace(plain, name="other", title="x").content_hash() == (
        plain.content_hash()
    )
    assert changed(plain, results={"detail": "full"}).content_hash() == plain.content_hash()
    assert changed(plain, runs={"n_runs": 3, "seed": 9}).content_hash() == plain.content_hash()
    seen = {plain.content_hash()}
    for different in (
        changed(plain, threat={"beta_traffic": 2.0}),
        changed(plain, runs={"warm_up_days": 1}),
        dataclasses.replace(plain, before=plain),
        changed(plain, force=package()),
    ):
        seen.add(different.content_hash())
    assert len(seen) == 5


def test_the_calendar_begins_with_the_warm_up_and_counts_from_the_decision():
    clock = changed(
        Scenario(),
        runs={
            "start": "2016-07-01",
            "decision_date": "2016-07-11",
            "end": "2016-07-31",
            "warm_up_days": 20,
        },
    ).clock()
    assert (clock.decision_h, clock.end_h) == (30 * 24.0, 50 * 24.0)


def test_scenarios_share_no_mapping():
    one, other = Scenario(), Scenario()
    one.supply.trucks_by_hub["gao"] = 1.0
    assert other.supply.trucks_by_hub["gao"] != 1.0


def test_a_package_says_all_that_a_company_needs():
    names = {item.name for item in dataclasses.fields(Reinforcement)}
    required = {
        item.name
        for item in dataclasses.fields(Reinforcement)
        if item.default is dataclasses.MISSING
    }
    assert required == {"camp", "unit_type", "strength", "arrival"}
    assert names - required == {
        "departure",
        "ramp_days",
        "contingent",
        "predeployment_level",
        "protected_share",
    }
