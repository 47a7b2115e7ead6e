"""Companies: when they are there, how they are trained, when they patrol and when they escort."""

import itertools
import math

import pytest
from small_worlds import (
    DAY_H,
    a_month_on_the_triangle,
    changed,
    decided_from,
    happened,
    logged,
    reinforced,
    two_fortnights_on_the_triangle,
)

from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Kind

NAME = "north/package/infantry/01"
DAWN_H = 6.0
DAY_10, DAY_20 = "2016-07-11", "2016-07-21"


def unit_named(model, name):
    return next(unit for unit in model.units if unit.company.name == name)


def people_in(model):
    return sum(camp.garrison for camp in model.camps)


def with_package(scenario=None, **unit):
    scenario = a_month_on_the_triangle() if scenario is None else scenario
    return changed(scenario, force={"reinforcements": reinforced(**unit)})


# Coming and going.


def test_an_arrival_raises_garrison_consumption_and_patrols():
    model = ConvoyModel(with_package(arrival=DAY_10))
    north = model.camp_by_name["north"]
    model.advance_to(10 * DAY_H)
    before = north.garrison, north.consumption_t, model.patrols_per_day_and_person * 405.0
    model.advance_to(10 * DAY_H + 0.1)
    assert north.garrison == before[0] + 135.0
    assert north.consumption_t == pytest.approx(before[1] * (135.0 + 135.0) / 135.0)
    assert model.patrols_per_day_and_person * 540.0 == pytest.approx(
        before[2] * (540.0 / 405.0) ** model.settings.force.patrol_elasticity
    )


def test_arrivals_and_departures_are_logged_with_their_people():
    record = run_scenario(with_package(arrival=DAY_10, departure=DAY_20, strength=100.0), 1, 0)
    changes = happened(record, Kind.UNIT_ARRIVED, Kind.UNIT_LEFT)
    assert [(row.kind, row.time_h) for row in changes] == [
        (Kind.UNIT_ARRIVED, 10 * DAY_H),
        (Kind.UNIT_LEFT, 20 * DAY_H),
    ]
    assert changes[0].strength == 100.0
    assert record.names[changes[0].entity] == NAME
    assert record.camp_ids[changes[0].camp] == "north"


def own_patrols(record, patrol_key):
    """Times at which patrols of a company passed a piece of road."""
    return [row.time_h for row in happened(record, Kind.PASSED) if row.entity >> 32 == patrol_key]


def test_nobody_patrols_before_arriving_or_sets_out_after_leaving():
    scenario = with_package(
        a_month_on_the_triangle(results={"detail": "full"}), arrival=DAY_10, departure=DAY_20
    )
    model = ConvoyModel(scenario)
    unit = unit_named(model, NAME)
    model.advance_to(20 * DAY_H)
    n_patrols = unit.n_patrols
    record = model.run()
    passages_h = own_patrols(record, unit.patrol_key)
    assert len(passages_h) > 10
    assert min(passages_h) > 10 * DAY_H
    # Whoever was out as the unit left comes home; the longest way of this month takes two days.
    assert max(passages_h) < 22 * DAY_H
    assert unit.n_patrols == n_patrols > 5


def test_nobody_sweeps_before_arriving_or_after_leaving():
    scenario = with_package(
        a_month_on_the_triangle(clearance={"available_share": 1.0}),
        unit_type="eod",
        strength=70.0,
        arrival=DAY_10,
        departure=DAY_20,
    )
    record = run_scenario(scenario, 1, 0)
    swept_h = [
        row.time_h for row in happened(record, Kind.SWEPT) if "package" in record.names[row.entity]
    ]
    assert len(swept_h) >= 10
    assert min(swept_h) > 10 * DAY_H
    assert max(swept_h) < 20 * DAY_H


def test_a_team_at_work_over_midnight_stops_as_its_company_leaves():
    # 24 hours from dawn: on day 10 some team is still out at midnight, when the company goes.
    scenario = with_package(
        a_month_on_the_triangle(clearance={"available_share": 1.0, "team_h_per_day": 24.0}),
        unit_type="eod",
        strength=350.0,
        arrival="2016-07-01",
    )
    stays = run_scenario(scenario, 1, 0)
    leaves = run_scenario(
        changed(
            scenario,
            force={
                "reinforcements": reinforced(
                    unit_type="eod", strength=350.0, arrival="2016-07-01", departure=DAY_10
                )
            },
        ),
        1,
        0,
    )

    def swept_after_midnight(record):
        return [
            row
            for row in happened(record, Kind.SWEPT)
            if "package" in record.names[row.entity]
            and 10 * DAY_H < row.time_h < 10 * DAY_H + DAWN_H
        ]

    assert swept_after_midnight(stays)
    assert not swept_after_midnight(leaves)


def test_nobody_escorts_before_arriving_or_after_leaving():
    # The package is the only company that is strong enough for this escort.
    scenario = with_package(
        a_month_on_the_triangle(
            supply={"min_escort_vehicles": 5, "escort_vehicles": 6},
            force={"vehicle_occupants": 30, "company_size": 200},
        ),
        strength=200.0,
        arrival=DAY_10,
        departure=DAY_20,
    )
    scenario = changed(scenario, force={"strength": 200.0})
    record = run_scenario(scenario, 1, 0)
    departed = happened(record, Kind.DEPARTED)
    assert {record.names[row.other] for row in departed} == {NAME}
    assert all(10 * DAY_H < row.time_h < 20 * DAY_H for row in departed)


@pytest.mark.parametrize(
    ("scenario", "people"),
    [
        pytest.param(a_month_on_the_triangle(), [440, 440, 440], id="nobody comes"),
        pytest.param(with_package(arrival=DAY_10), [440, 575, 575], id="one comes"),
        pytest.param(
            with_package(arrival=DAY_10, departure=DAY_20), [440, 575, 440], id="comes and goes"
        ),
        pytest.param(with_package(arrival="2015-01-01"), [575, 575, 575], id="was there before"),
        pytest.param(
            with_package(arrival="2015-01-01", departure=DAY_10), [575, 440, 440], id="leaves"
        ),
        pytest.param(
            with_package(arrival="2015-01-01", departure="2016-01-01"), [440] * 3, id="gone before"
        ),
        pytest.param(
            with_package(arrival="2015-01-01", departure="2016-07-01"), [440] * 3, id="just gone"
        ),
        pytest.param(with_package(arrival="2018-01-01"), [440] * 3, id="comes after the end"),
        pytest.param(with_package(arrival="never"), [440] * 3, id="never comes"),
        pytest.param(
            with_package(two_fortnights_on_the_triangle(), arrival="2016-07-06"),
            [575] * 3,
            id="comes before the decision",
        ),
        pytest.param(
            decided_from(a_month_on_the_triangle(), force={"strength": 880.0}),
            [880] * 3,
            id="decided on the first day",
        ),
        pytest.param(
            decided_from(two_fortnights_on_the_triangle(), force={"strength": 880.0}),
            [440, 880, 880],
            id="decided on day 15",
        ),
        pytest.param(
            decided_from(two_fortnights_on_the_triangle(), force={"strength": 220.0}),
            [440, 220, 220],
            id="fewer from day 15",
        ),
        pytest.param(
            with_package(decided_from(two_fortnights_on_the_triangle()), arrival="2016-07-06"),
            [440, 575, 575],
            id="could not come before the decision",
        ),
        pytest.param(
            with_package(
                decided_from(two_fortnights_on_the_triangle()),
                arrival="2016-07-02",
                departure="2016-07-10",
            ),
            [440] * 3,
            id="was to be gone before the decision",
        ),
        pytest.param(
            changed(
                decided_from(with_package(two_fortnights_on_the_triangle(), arrival="2016-07-06")),
                force={"reinforcements": {}},
            ),
            [575, 440, 440],
            id="given up at the decision",
        ),
        pytest.param(
            with_package(
                decided_from(with_package(two_fortnights_on_the_triangle(), arrival="2015-01-01")),
                arrival="2016-07-26",
            ),
            [575, 440, 575],
            id="sent home at the decision and back later",
        ),
        pytest.param(
            with_package(
                decided_from(with_package(two_fortnights_on_the_triangle(), arrival="2016-07-06")),
                arrival="2015-01-01",
                departure="2016-07-03",
            ),
            [575, 440, 440],
            id="the past is the baseline's",
        ),
    ],
)
def test_people_are_conserved_by_unit(scenario, people):
    model = ConvoyModel(scenario)
    found = []
    for day in (7.9, 18.0, 28.0):
        model.advance_to(day * DAY_H)
        by_camp = {camp.name: 0.0 for camp in model.camps}
        for unit in model.units:
            by_camp[unit.camp.name] += unit.strength
        assert {camp.name: camp.garrison for camp in model.camps} == pytest.approx(by_camp)
        found.append(people_in(model))
    assert found == pytest.approx(people)


def test_a_build_up_lets_companies_fill_up_come_and_go():
    scenario = a_month_on_the_triangle(
        force={
            # 270 / 135 / 35 of 440 people, halved and doubled: west has 135, 270, 540 infantry.
            "strength_by_date": {"2016-07-01": 220.0, DAY_10: 440.0, DAY_20: 220.0}
        },
        training=training(predeployment_level=0.8),
    )
    model = ConvoyModel(scenario)
    second = unit_named(model, "west/First/infantry/02")
    north = unit_named(model, "north/Second/infantry/01")
    model.advance_to(9 * DAY_H)
    assert (people_in(model), second.strength, north.strength) == (220.0, 0.0, 67.5)
    level = north.training_level()
    model.advance_to(10 * DAY_H + 1e-6)
    assert (people_in(model), second.strength, north.strength) == (440.0, 135.0, 135.0)
    # Who fills up a company learns from it; who comes anew brings what the contingent has.
    assert north.training_level() < level
    assert second.training_level() == pytest.approx(0.8)
    model.advance_to(25 * DAY_H)
    assert (people_in(model), second.strength, north.strength) == (220.0, 0.0, 67.5)
    rows = logged(model, Kind.UNIT_ARRIVED, Kind.UNIT_LEFT)
    assert [(row.kind, row.time_h / DAY_H, row.entity) for row in rows] == [
        (Kind.UNIT_ARRIVED, 10.0, second.key),
        (Kind.UNIT_LEFT, 20.0, second.key),
    ]


def test_a_ramp_lets_companies_come_one_after_the_other():
    model = ConvoyModel(with_package(strength=405.0, arrival=DAY_10, ramp_days=9.0))
    people = []
    for day in (9.5, 10.5, 13.5, 16.5):
        model.advance_to(day * DAY_H)
        people.append(people_in(model))
    assert people == pytest.approx([440.0, 575.0, 710.0, 845.0])


# Training.


def training(**fields):
    return {"decay_half_life_days": 30.0, "predeployment_by_contingent": {}, **fields}


def test_training_fades_and_a_rotation_brings_it_back():
    scenario = a_month_on_the_triangle(
        training=training(predeployment_level=0.8), force={"rotation_days": 30.0}
    )
    model = ConvoyModel(scenario)
    unit = unit_named(model, "north/Second/infantry/01")
    assert unit.training_level() == pytest.approx(0.8)
    rotated_h = unit._next_rotation_h()
    assert 0.0 < rotated_h <= 30 * DAY_H
    model.advance_to(rotated_h)
    faded = 0.8 * 0.5 ** (rotated_h / DAY_H / 30.0)
    assert unit.training_level() == pytest.approx(faded)
    model.advance_to(rotated_h + 1e-6)
    assert unit.training_level() == pytest.approx(0.8)
    rotations = [row.time_h for row in logged(model, Kind.ROTATED) if row.entity == unit.key]
    assert rotations == [pytest.approx(rotated_h)]


def test_companies_of_one_contingent_rotate_together_once_in_a_period():
    scenario = a_month_on_the_triangle(
        runs={"end": "2017-07-01"}, force={"rotation_days": 100.0, "patrol_process": "none"}
    )
    record = run_scenario(scenario, 1, 0)
    by_unit = {}
    for row in happened(record, Kind.ROTATED):
        by_unit.setdefault(record.names[row.entity], []).append(row.time_h / DAY_H)
    assert by_unit["west/First/infantry/01"] == by_unit["west/First/infantry/02"]
    assert len(by_unit["west/First/infantry/01"]) in (3, 4)
    for days in by_unit.values():
        gaps = [later - sooner for sooner, later in itertools.pairwise(days)]
        assert gaps == pytest.approx([100.0] * len(gaps))


def test_a_new_training_comes_with_the_rotation_and_not_with_the_decision():
    before = two_fortnights_on_the_triangle(
        training=training(predeployment_level=0.2, decay_half_life_days=1e5),
        force={"rotation_days": 30.0},
    )
    model = ConvoyModel(decided_from(before, training={"predeployment_floor": 0.9}))
    model.advance_to(15 * DAY_H + 1.0)
    for unit in model.units:
        assert unit.training_level() == pytest.approx(0.2, abs=1e-3)
    model.run()
    for unit in model.units:
        rotations = [row.time_h for row in logged(model, Kind.ROTATED) if row.entity == unit.key]
        is_trained = any(time_h > 15 * DAY_H for time_h in rotations)
        assert unit.training_level() == pytest.approx(0.9 if is_trained else 0.2, abs=1e-2)
    assert {round(unit.training_level(), 1) for unit in model.units} == {0.2, 0.9}


# Patrols and escorts.


def test_a_company_on_escort_does_not_patrol_until_it_has_rested():
    model = ConvoyModel(
        a_month_on_the_triangle(
            force={"patrols_per_year": 20000.0},
            supply={"escort_rest_days": 2.0},
            threat={"attempts_per_month": 0.0},
        )
    )
    n_booked_h, n_free_patrols = 0, 0
    while model.now_h < 30 * DAY_H:
        booked = {
            unit: unit.n_patrols for unit in model.units if unit.escort_free_h > model.now_h + 1
        }
        before = sum(unit.n_patrols for unit in model.units)
        model.step()
        for unit, n_patrols in booked.items():
            assert unit.n_patrols == n_patrols, unit.company.name
        n_booked_h += len(booked)
        n_free_patrols += sum(unit.n_patrols for unit in model.units) - before
    assert n_booked_h > 100
    assert n_free_patrols > 300


def test_patrols_leave_by_daylight_alone():
    model = ConvoyModel(a_month_on_the_triangle())
    for _ in range(10 * 24):
        before = model.ledger.n_patrols.sum()
        hour = model.now_h % DAY_H
        model.step()
        if hour + 1.0 <= 6.0 or hour >= 17.0:
            assert model.ledger.n_patrols.sum() == before
    assert model.ledger.n_patrols.sum() > 10


def test_only_infantry_patrols_and_only_infantry_and_combat_convoys_escort():
    patrols, escorts = {}, {}
    for unit_type in ("infantry", "combat_convoy", "force_protection", "eod", "aviation"):
        model = ConvoyModel(with_package(arrival="2016-07-01", unit_type=unit_type))
        model.advance_to(5 * DAY_H)
        unit = next(unit for unit in model.units if "package" in unit.company.name)
        patrols[unit_type] = unit.n_patrols > 0
        escorts[unit_type] = unit.can_escort(100.0) or unit.escort_free_h == math.inf
    assert {name for name, does in patrols.items() if does} == {"infantry"}
    assert {name for name, does in escorts.items() if does} == {"infantry", "combat_convoy"}


def test_a_combat_convoy_company_is_the_first_to_escort():
    scenario = with_package(arrival="2016-07-01", unit_type="combat_convoy", camp="west")
    record = run_scenario(scenario, 1, 0)
    first = happened(record, Kind.DEPARTED)[0]
    assert record.names[first.other] == "west/package/combat_convoy/01"


def test_a_company_never_sends_more_patrols_than_its_ceiling():
    """Three companies at 0.5 a day for 365 days: 547.5, of 1,500 asked for; within 4 sigma."""
    year = a_month_on_the_triangle(
        force={"patrol_ceiling_per_day": 0.5},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        threat={"attempts_per_month": 0.0},
        runs={"end": "2017-07-01"},
    )
    assert run_scenario(year, 1, 0).n_patrols.sum() == pytest.approx(547.5, abs=4 * 547.5**0.5)


def test_both_ends_of_the_elasticity_run_however_few_patrol():
    for elasticity in (0.0, 1.0):
        few = {"strength": 20.0, "patrol_ceiling_per_day": 1.5, "patrol_elasticity": elasticity}
        assert run_scenario(a_month_on_the_triangle(force=few), 1, 0).n_patrols.sum() > 0


def test_a_camp_that_everybody_has_left_has_nobody_to_the_last_bit():
    crowd = {
        name: reinforced(strength=strength, arrival=DAY_10, departure=DAY_20)["package"]
        for name, strength in (("a", 0.1), ("b", 1e5), ("c", 0.7))
    }
    scenario = a_month_on_the_triangle(force={"strength": 0.0, "reinforcements": crowd})
    model = ConvoyModel(scenario)
    model.advance_to(15 * DAY_H)
    assert model.camp_by_name["north"].garrison == sum(unit.strength for unit in model.units)
    model.advance_to(21 * DAY_H)
    assert model.camp_by_name["north"].garrison == 0.0


def test_mine_protection_is_that_of_the_company_and_of_the_time():
    before = two_fortnights_on_the_triangle(force={"protected_share": 0.3})
    after = decided_from(
        before,
        force={
            "protected_share": 0.6,
            "reinforcements": reinforced(arrival="2016-07-20", protected_share=1.0),
        },
    )
    model = ConvoyModel(after)
    old, new = unit_named(model, "north/Second/infantry/01"), unit_named(model, NAME)
    assert old.protected_share == 0.3
    model.run()
    assert (old.protected_share, new.protected_share) == (0.6, 1.0)
