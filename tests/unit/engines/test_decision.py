"""Until the decision scenarios share their past, to the last bit."""

import dataclasses

import pytest
from small_worlds import (
    changed,
    count_arrays,
    decided_from,
    happened,
    reinforced,
    two_fortnights_on_the_triangle,
)

from sim.engines import run_scenario
from sim.world.events import Kind

OPTIONS = {
    "training": {"training": {"predeployment_floor": 1.0}},
    "no_clearance": {"clearance": {"policy": "none"}},
    "highest_risk": {"clearance": {"policy": "highest_risk"}},
    "ahead_of_convoy": {"clearance": {"policy": "ahead_of_convoy", "available_share": 0.9}},
    "more_people": {"force": {"strength": 880.0}},
    "fewer_people": {"force": {"strength": 220.0}},
    "package": {"force": {"reinforcements": reinforced(arrival="2016-07-18")}},
    "package_at_once": {"force": {"reinforcements": reinforced(arrival="2016-07-01")}},
    "new_teams": {
        "force": {
            "reinforcements": reinforced(arrival="2016-07-16", unit_type="eod", strength=70.0)
        }
    },
    "routing": {"routing": {"policy": "least_risk", "detour_limit": 10.0}},
    "posture": {"routing": {"threatened_km_per_day": 20.0}},
    "teams_with_convoys": {"clearance": {"with_convoys": True}},
    "protection": {"force": {"protected_share": 1.0}},
    "politics": {"politics": {"path": {"2016-07-01": 0.1, "2016-07-31": 1.0}}},
    "politics_apart_from_the_first_day": {"politics": {"path": {"2016-07-01": 0.9}}},
    "patrols": {"force": {"patrols_per_year": 3000.0}},
    "supply": {"supply": {"target_days": 30.0, "trucks_by_hub": {"west": 3.0}}},
}


@pytest.fixture(scope="module")
def before():
    """A past with convoys, sweeps, patrols, strikes, and a warm-up of ten days."""
    scenario = two_fortnights_on_the_triangle(
        runs={"warm_up_days": 10},
        threat={"smoothing_km": 2.0},
        force={"rotation_days": 30.0},
        training={"trained_miss_ratio": 0.05},
        # What was met weighs much in the picture, so that the safest way soon differs.
        clearance={"picture_prior_per_1000_km": 0.0, "picture_prior_passages": 1.0},
    )
    record = run_scenario(scenario, 1, 0)
    past = {kind for kind in Kind if happened(record, kind)}
    assert {Kind.STRUCK, Kind.FOUND, Kind.SWEPT, Kind.ARRIVED} <= past
    return scenario


def past_and_decision(before, option):
    if option == "routing":  # on the triangle the way around is never the safer one
        parallel = {"name": "toy_two_parallel_roads"}
        before = changed(before, roads=parallel, supply={"trucks_by_hub": {"source": 10.0}})
    return before, decided_from(before, **OPTIONS[option])


@pytest.mark.parametrize("run", [0, 1])
@pytest.mark.parametrize("option", OPTIONS)
def test_nothing_differs_before_the_decision(before, option, run):
    decision_h = before.clock().decision_h
    scenarios = past_and_decision(before, option)
    one, other = (run_scenario(scenario, 1, run) for scenario in scenarios)
    for name in one.events:
        pasts = [
            record.events[name][record.events["time_h"] < decision_h] for record in (one, other)
        ]
        assert pasts[0].tobytes() == pasts[1].tobytes(), name
    n_past = before.clock().period_start_h().index(decision_h)
    for name, counted in count_arrays(one).items():
        assert counted[:n_past].tobytes() == count_arrays(other)[name][:n_past].tobytes(), name
    assert one.live_at_decision == other.live_at_decision


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_changes_something_after_the_decision(before, option):
    """Without this, the test above would hold for options that do nothing."""
    scenarios = past_and_decision(before, option)
    assert any(
        future_of(run_scenario(scenarios[0], 1, run))
        != future_of(run_scenario(scenarios[1], 1, run))
        for run in range(20)
    )


def future_of(record):
    rows = happened(record, *set(Kind) - {Kind.DECIDED})
    return [row for row in rows if row.time_h >= record.clock.decision_h]


def test_a_decision_for_the_baseline_itself_changes_nothing(before):
    undecided = run_scenario(before, 1, 0)
    decided = run_scenario(decided_from(before), 1, 0)
    assert happened(decided, *set(Kind) - {Kind.DECIDED}) == happened(undecided, *Kind)


def test_the_decision_is_logged_on_its_date(before):
    record = run_scenario(decided_from(before), 1, 0)
    assert [row.time_h for row in happened(record, Kind.DECIDED)] == [before.clock().decision_h]


def test_mine_protection_lowers_harm_after_the_decision_alone(before):
    harmful = changed(before, threat={"harm_probability": 0.5, "attempts_per_month": 300.0})
    harmful = changed(harmful, force={"protected_share": 0.0}, threat={"wounded_share": 1.0})
    protected = decided_from(harmful, force={"protected_share": 1.0})
    hurt = []
    for scenario in (harmful, protected):
        rows = happened(run_scenario(scenario, 1, 0), Kind.STRUCK)
        late = [row for row in rows if row.time_h >= before.clock().decision_h]
        hurt.append(sum(row.killed + row.wounded for row in late))
    assert hurt[1] < 0.5 * hurt[0]


def test_the_past_may_be_of_another_title(before):
    renamed = dataclasses.replace(before, name="other", title="Another title")
    records = [
        run_scenario(decided_from(past, force={"strength": 880.0}), 1, 0)
        for past in (before, renamed)
    ]
    assert happened(records[0], *Kind) == happened(records[1], *Kind)
