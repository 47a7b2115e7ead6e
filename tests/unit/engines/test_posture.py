"""Posture: an escorted convoy that goes more slowly searches longer, and nobody else does."""

import pytest
from small_worlds import (
    DAY_H,
    a_supplied_chain,
    an_empty_road,
    changed,
    decided_from,
    event_bytes,
    happened,
    lay_device,
    logged,
    way_over,
)

from sim.compose import load_scenario
from sim.engines import run_scenario
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.device import Device
from sim.engines.reference.ledger import LOGISTICS, PATROL
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Cause, Kind

THERE = (0, True)
ESCORTED = {"unescorted_hubs": {}, "escort_vehicles": 1, "escort_rest_days": 0.0}


def a_road(km_per_day, reference_km_per_day=60.0, **groups):
    scenario = an_empty_road(
        threat={
            "fixed_find_probability": None,
            "find_probability_convoy": 0.4,
            "find_probability_patrol": 0.28,
            "find_reference_km_per_day": reference_km_per_day,
        },
        routing={"threatened_km_per_day": km_per_day},
        training={"trained_miss_ratio": 1.0},
    )
    return ConvoyModel(changed(scenario, **groups))


def find_chance(model, *, traffic=LOGISTICS, is_escorted=True, concealment=1.0):
    """Of a convoy that has just left, on one device."""
    device = lay_device(model, at_km=5.0, concealment=concealment)
    convoy = Convoy(model, 0, 7, traffic, None, 2, 3, Convoy.remove, is_escorted=is_escorted)
    convoy.start(way_over(model, [THERE]))
    return convoy._find_chance(device)


@pytest.mark.parametrize(
    ("km_per_day", "expected"),
    [
        (60.0, 0.4),
        (30.0, 0.64),  # misses of 0.6 squared
        (20.0, 0.784),  # and cubed
        (120.0, 1.0 - 0.6**0.5),
    ],
)
def test_misses_go_with_the_power_of_the_time_for_searching(km_per_day, expected):
    assert find_chance(a_road(km_per_day)) == pytest.approx(expected)


def test_at_the_reference_pace_the_probability_holds_to_the_bit():
    for km_per_day in (44.0, 65.0, 86.1):
        assert find_chance(a_road(km_per_day, km_per_day)) == 0.4


def test_concealment_scales_what_the_search_has_made_of_it():
    assert find_chance(a_road(30.0), concealment=0.5) == pytest.approx(0.32)


def test_training_comes_before_the_time_that_it_is_used_in():
    # A ratio of 0.25 and half a step of level: misses of 0.6 halve, and half the pace squares them.
    model = a_road(30.0, training={"trained_miss_ratio": 0.25, "reference_level": 0.5})
    device = lay_device(model, at_km=5.0)
    convoy = Convoy(model, 0, 7, LOGISTICS, None, 2, 3, Convoy.remove, is_escorted=True)
    convoy.training_level = lambda: 1.0
    convoy.start(way_over(model, [THERE]))
    assert convoy._find_chance(device) == pytest.approx(1.0 - 0.3**2)


def test_patrols_and_convoys_without_escort_search_no_longer():
    assert find_chance(a_road(30.0), traffic=PATROL, is_escorted=False) == 0.28
    assert find_chance(a_road(30.0), is_escorted=False) == 0.4


def test_a_fixed_probability_holds_at_any_pace():
    model = a_road(30.0, threat={"fixed_find_probability": 0.4})
    assert find_chance(model) == 0.4


# Who goes at which pace.


def a_chain(km_per_day=1000.0, **groups):
    scenario = a_supplied_chain(
        supply=ESCORTED,
        routing={"threatened_km_per_day": km_per_day},
        runs={"decision_date": "2016-07-09"},
    )
    return changed(scenario, **groups)


def on_the_road(model):
    (convoy,) = model.moving.values()
    return convoy


@pytest.mark.parametrize("unescorted", [False, True])
def test_a_supply_convoy_searches_where_it_has_an_escort(unescorted):
    model = ConvoyModel(
        a_chain(44.0, supply={**ESCORTED, "unescorted_hubs": {"first": unescorted}})
    )
    model.advance_to(7 * DAY_H + 7.0)
    assert on_the_road(model).is_escorted is not unescorted


def test_the_pace_is_a_lever_that_switches_at_the_decision():
    """100 km at 44 km a day after the decision of day 8, in hours before it."""
    before = a_chain()
    after = decided_from(before, routing={"threatened_km_per_day": 44.0})
    hours = [
        [row.hours for row in happened(run_scenario(s, 1, 0), Kind.ARRIVED)]
        for s in (before, after)
    ]
    assert hours[1][0] == hours[0][0] < 11.0  # left on day 7
    assert hours[0][1] < 11.0
    assert hours[1][1] > 2 * DAY_H  # left on day 12; 100 km are more than two days of 44


def test_a_convoy_keeps_pace_and_search_of_the_day_on_which_it_took_its_way():
    slow = a_chain(
        20.0,
        threat={"find_probability_convoy": 0.4, "find_reference_km_per_day": 20.0},
        training={"trained_miss_ratio": 1.0},
    )
    model = ConvoyModel(decided_from(slow, routing={"threatened_km_per_day": 100.0}))
    model.advance_to(8 * DAY_H + 7.0)  # an hour of driving after the decision
    assert model.settings.routing.threatened_km_per_day == 100.0
    convoy = on_the_road(model)
    device = Device(1, 0, 5.0, 1.0, 0.0, DAY_H, Cause.NONE, False)
    assert convoy._find_chance(device) == 0.4
    while not logged(model, Kind.ARRIVED):
        model.step()
    assert logged(model, Kind.ARRIVED)[0].hours > 4 * DAY_H
    while not model.moving:
        model.step()
    assert on_the_road(model) is convoy
    assert convoy._find_chance(device) == pytest.approx(1.0 - 0.6**0.2)
    model.advance_to(model.now_h + 1.5 * DAY_H)
    assert len(logged(model, Kind.RETURNED)) == 1


def test_a_reference_that_is_driven_changes_no_bit_of_a_run():
    """Whatever the reference, a convoy at it finds as if nobody had thought of pace."""
    mined = {"attempts_per_month": 300.0, "reach_km": 150.0, "find_probability_convoy": 0.4}
    records = [
        run_scenario(a_chain(km, threat={**mined, "find_reference_km_per_day": ref}), 1, 0)
        for km, ref in ((65.0, 65.0), (65.0, 30.0))
    ]
    fixed = [happened(record, Kind.FOUND) for record in records]
    assert fixed[0] != fixed[1]
    assert event_bytes(records[0]) == event_bytes(run_scenario(a_chain(65.0, threat=mined), 1, 0))


def test_the_shipped_world_searches_at_its_pace_and_cautious_is_the_slow_end():
    scenario = load_scenario("baseline_2016")
    assert scenario.routing.threatened_km_per_day == scenario.threat.find_reference_km_per_day
    cautious = load_scenario("baseline_2016", ["routing=cautious"])
    assert cautious.routing.threatened_km_per_day == 44.0
    assert cautious.before.routing.threatened_km_per_day == 65.0
