"""A convoy that found a device or was struck asks for another way from where it is."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import (
    PLAIN,
    ROUND_THE_CLOCK,
    a_convoy_at,
    changed,
    lay_device,
    logged,
    send_convoy,
)

from sim.engines.reference.ledger import LOGISTICS, PATROL
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Cause, Kind
from sim.world.scenario import Scenario
from sim.world.world import surroundings

UPPER_KM, LOWER_KM = 60.0, 70.0
UPPER_KPH, LOWER_KPH = 30.0, 25.0  # 60 and 50 km/h at a speed factor of a half
HALT_H = 2.0
FOUND_AT_KM = 22.0


def two_roads(**groups):
    """Upper road 60 km at 30 km/h, lower road 70 km at 25 km/h, between source and target."""
    scenario = changed(
        changed(Scenario(name="parallel", baseline="parallel"), **PLAIN),
        roads={"name": "toy_two_parallel_roads", "near_camp_km": 0.0, "max_segment_km": 5.0},
        threat={
            "attempts_per_month": 0.0,
            "smoothing_km": 1.0,
            "fixed_find_probability": 1.0,
        },
        force={"patrol_process": "none"},
        clearance={"policy": "none"},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        routing={
            **ROUND_THE_CLOCK,
            "policy": "least_risk",
            "convoy_speed_factor": 0.5,
            "detour_limit": 3.0,
            "find_halt_h": HALT_H,
            "strike_halt_h": HALT_H,
            "reroute_after_find": True,
        },
        runs={"end": "2016-07-31", "warm_up_days": 0},
    )
    return changed(scenario, **groups)


def pieces_of(model, road):
    return [s for s, name in enumerate(model.world.network.segments.road) if name == road]


def upper_piece_at(model, km):
    """The piece of the upper road at a distance from the source, and the place on it."""
    pieces = model.world.network.segments
    edge = next(
        int(pieces.edge[s])
        for s in pieces_of(model, "Upper road")
        if pieces.name[s].startswith("source-upper")
    )
    first = int(model.world.network.edge_first_segment[edge])
    segment = first + int(km // 5.0)
    assert pieces.start_km[segment] == 5.0 * (km // 5.0)
    return segment, km - float(pieces.start_km[segment])


def fear(model, road):
    """The command hears of many devices on a road; nobody lays one."""
    for segment in pieces_of(model, road):
        around = surroundings(model.world.network, segment, model.settings.threat.smoothing_km)
        model.picture.hear_of_device(model.now_h, around[0], 20.0 * around[2])


def a_convoy_that_meets_a_device(scenario, traffic=LOGISTICS, halt=None):
    """It leaves by the upper road; the far part of that becomes feared; at km 22 lies a device."""
    model = ConvoyModel(scenario)
    ends = model.camp_by_name["source"], model.camp_by_name["target"]
    journey = model.routes.way_of_convoy(*ends, False)
    assert {model.world.network.segments.road[s] for s in journey.segments} == {"Upper road"}
    segment, at_km = upper_piece_at(model, FOUND_AT_KM)
    lay_device(model, at_km, segment=segment)
    arrivals = send_convoy(model, journey, n_escort=0, n_load=3, traffic=traffic)
    model.advance_to(0.1)
    fear(model, "Upper road")
    return model, arrivals, segment


@pytest.mark.parametrize("found", [True, False])
def test_a_convoy_turns_back_to_the_safer_road_and_arrives_on_time(found):
    threat = {"fixed_find_probability": float(found), "fixed_strike_probability": 1.0}
    model, arrivals, segment = a_convoy_that_meets_a_device(two_roads(threat=threat))
    model.advance_to(20.0)
    # 22 km out, the halt, 22 km back, and round by the lower road.
    there_h, round_h = FOUND_AT_KM / UPPER_KPH, LOWER_KM / LOWER_KPH
    assert arrivals == [pytest.approx(there_h + HALT_H + there_h + round_h)]
    (row,) = logged(model, Kind.REROUTED)
    assert (row.time_h, row.segment, row.entity) == (pytest.approx(there_h), segment, 7)
    assert (row.cause, row.camp) == (Cause.CONVOY, model.camp_by_name["target"].index)
    rest_h = (UPPER_KM - FOUND_AT_KM) / UPPER_KPH
    assert row.hours == pytest.approx(there_h + round_h - rest_h)


@pytest.mark.parametrize("n_escort", [2, 0])
@pytest.mark.parametrize(("is_escorted", "new_kph"), [(True, 10.0), (False, LOWER_KPH)])
def test_a_convoy_takes_its_new_way_at_the_pace_of_its_kind(n_escort, is_escorted, new_kph):
    # Not at that of its vehicles: an escort may have none, and a withdrawal has no others.
    model = ConvoyModel(two_roads(routing={"threatened_km_per_day": 240.0}))
    ends = model.camp_by_name["source"], model.camp_by_name["target"]
    segment, at_km = upper_piece_at(model, FOUND_AT_KM)
    lay_device(model, at_km, segment=segment)
    journey = model.routes.way_of_convoy(*ends, is_escorted)
    arrivals = send_convoy(model, journey, n_escort=n_escort, n_load=3, is_escorted=is_escorted)
    model.advance_to(0.1)
    fear(model, "Upper road")
    model.advance_to(40.0)
    there_h = FOUND_AT_KM / (10.0 if is_escorted else UPPER_KPH)
    assert arrivals == [pytest.approx(there_h + HALT_H + there_h + LOWER_KM / new_kph)]


def test_every_kilometre_out_and_back_is_written_down_once():
    model, _, segment = a_convoy_that_meets_a_device(two_roads())
    for hour in np.arange(0.13, 12.0, 0.37):  # whoever looks on the way changes nothing
        model.advance_to(float(hour))
        model.settle_traffic()
    km = model.ledger.vehicle_km[LOGISTICS].sum(axis=0)
    assert km.sum() == pytest.approx(3 * (2 * FOUND_AT_KM + LOWER_KM))
    assert km[segment] == pytest.approx(3 * 2 * (FOUND_AT_KM - 20.0))
    assert km[pieces_of(model, "Lower road")].sum() == pytest.approx(3 * LOWER_KM)
    # 2 of 5 km, out and back, faded since by 30 days of half-life.
    assert model.traffic[segment] == pytest.approx(3 * 2 * 0.4, rel=0.01)


def test_passages_at_full_detail_name_both_parts_of_the_piece_on_which_it_turned():
    scenario = two_roads(results={"detail": "full"})
    model, _, segment = a_convoy_that_meets_a_device(scenario)
    model.advance_to(20.0)
    rows = [row for row in logged(model, Kind.PASSED) if row.segment == segment]
    assert [row.hours for row in rows] == pytest.approx([2.0 / UPPER_KPH] * 2)
    assert [row.time_h for row in rows] == pytest.approx(
        [FOUND_AT_KM / UPPER_KPH + HALT_H, 24.0 / UPPER_KPH + HALT_H]
    )


def test_a_device_behind_it_is_met_by_a_convoy_that_turned():
    model, _, _ = a_convoy_that_meets_a_device(two_roads(threat={"fixed_find_probability": 0.0}))
    model.advance_to(0.6)  # at km 18
    segment, at_km = upper_piece_at(model, 12.0)
    lay_device(model, at_km, key=2000, segment=segment)
    model.advance_to(20.0)
    struck = {row.entity: row.time_h for row in logged(model, Kind.STRUCK)}
    assert struck[2000] == pytest.approx((FOUND_AT_KM + 10.0) / UPPER_KPH + HALT_H)


def test_a_device_ahead_on_the_way_that_was_given_up_is_not_met():
    model, _, _ = a_convoy_that_meets_a_device(two_roads())
    segment, at_km = upper_piece_at(model, 28.0)
    lay_device(model, at_km, key=2000, segment=segment)
    model.advance_to(20.0)
    assert 2000 in model.live


@pytest.mark.parametrize(("limit", "n_turns"), [(2.78, 0), (2.80, 1)])
def test_a_convoy_turns_within_the_detour_limit_of_what_is_left(limit, n_turns):
    # Back and round takes 22/30 + 2.8 = 3.533 h, on 38/30 = 1.267 h: 2.789 times as long.
    model, arrivals, _ = a_convoy_that_meets_a_device(two_roads(routing={"detour_limit": limit}))
    model.advance_to(20.0)
    assert len(logged(model, Kind.REROUTED)) == n_turns
    assert len(arrivals) == 1


def stays_on_its_way(scenario, traffic=LOGISTICS):
    model, arrivals, _ = a_convoy_that_meets_a_device(scenario, traffic)
    model.advance_to(20.0)
    assert logged(model, Kind.FOUND)
    assert arrivals == [pytest.approx(UPPER_KM / UPPER_KPH + HALT_H)]
    return not logged(model, Kind.REROUTED)


def test_switched_off_a_convoy_stays_on_its_way():
    assert stays_on_its_way(two_roads(routing={"reroute_after_find": False}))


def test_on_the_shortest_way_a_convoy_asks_nobody():
    assert stays_on_its_way(two_roads(routing={"policy": "shortest"}))


def test_a_patrol_keeps_its_way():
    assert stays_on_its_way(two_roads(), PATROL)


def test_where_its_own_way_is_still_the_best_nothing_changes():
    model = ConvoyModel(two_roads())
    ends = model.camp_by_name["source"], model.camp_by_name["target"]
    journey = model.routes.way_of_convoy(*ends, False)
    segment, at_km = upper_piece_at(model, FOUND_AT_KM)
    lay_device(model, at_km, segment=segment)
    fear(model, "Lower road")
    arrivals = send_convoy(model, journey, n_escort=0, n_load=3)
    model.advance_to(20.0)
    assert logged(model, Kind.REROUTED) == []
    assert arrivals == [pytest.approx(UPPER_KM / UPPER_KPH + HALT_H)]


def test_a_decoy_gives_no_reason_to_ask():
    model = ConvoyModel(two_roads())
    ends = model.camp_by_name["source"], model.camp_by_name["target"]
    journey = model.routes.way_of_convoy(*ends, False)
    segment, at_km = upper_piece_at(model, FOUND_AT_KM)
    lay_device(model, at_km, segment=segment, is_decoy=True)
    arrivals = send_convoy(model, journey, n_escort=0, n_load=3)
    model.advance_to(0.1)
    fear(model, "Upper road")
    model.advance_to(20.0)
    assert len(logged(model, Kind.DECOY_FOUND)) == len(arrivals) == 1
    assert logged(model, Kind.REROUTED) == []


def test_two_devices_at_one_place_are_both_met_before_the_convoy_turns():
    model, arrivals, segment = a_convoy_that_meets_a_device(two_roads())
    segment, at_km = upper_piece_at(model, FOUND_AT_KM)
    lay_device(model, at_km, key=1001, segment=segment)
    model.advance_to(20.0)
    assert [row.entity for row in logged(model, Kind.FOUND)] == [1000, 1001]
    there_h = FOUND_AT_KM / UPPER_KPH
    assert arrivals == [pytest.approx(2 * there_h + 2 * HALT_H + LOWER_KM / LOWER_KPH)]


def test_without_halts_a_convoy_turns_in_the_moment_of_the_find():
    no_halt = two_roads(routing={"find_halt_h": 0.0})
    model, arrivals, _ = a_convoy_that_meets_a_device(no_halt)
    model.advance_to(20.0)
    assert arrivals == [pytest.approx(2 * FOUND_AT_KM / UPPER_KPH + LOWER_KM / LOWER_KPH)]


def test_what_a_detour_costs_is_a_delay_of_the_way_that_was_planned():
    model, _, _ = a_convoy_that_meets_a_device(two_roads())
    convoy = next(iter(model.moving.values()))
    model.advance_to(3.0)
    assert model.undisturbed_h(convoy) == pytest.approx(UPPER_KM / UPPER_KPH)


# Anywhere on the grid.


def place_on_map(model, segment, at_km):
    """A point of the roads: a junction by its number, else a piece and the km on it."""
    network = model.world.network
    pieces = network.segments
    edge = int(pieces.edge[segment])
    km = float(pieces.start_km[segment]) + at_km
    if km <= 1e-9:
        return int(network.edge_from[edge])
    if km >= float(network.edge_length_km[edge]) - 1e-9:
        return int(network.edge_to[edge])
    return edge, pytest.approx(km, abs=1e-9)


def grid(policy):
    return changed(
        changed(Scenario(name="grid", baseline="grid"), **PLAIN),
        roads={"name": "toy_grid", "max_segment_km": 6.0, "near_camp_segment_km": 6.0},
        threat={"attempts_per_month": 0.0},
        force={"patrol_process": "none"},
        clearance={"policy": "none"},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        routing={"policy": policy, "detour_limit": 3.0, "reroute_after_find": True},
        runs={"end": "2016-07-31", "warm_up_days": 0},
    )


@pytest.fixture(scope="module", params=["least_risk", "mixed"])
def grid_model(request):
    return ConvoyModel(grid(request.param))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_changed_journey_goes_on_from_where_the_convoy_is_without_a_jump(grid_model, data):
    model = grid_model
    n_segments = model.world.network.n_segments
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    model.picture.events_per_km[:] = 0.0
    source, target = model.camps if data.draw(st.booleans()) else model.camps[::-1]
    luck = (source.convoy_key, 0, data.draw(st.integers(0, 100)))
    journey = model.routes.way_of_convoy(source, target, True, luck)
    for asked in range(1, data.draw(st.integers(2, 4))):
        model.picture.events_per_km[:] = rng.exponential(1.0, n_segments) ** 3
        leg = data.draw(st.integers(0, len(journey.segments) - 1))
        leg_km = abs(float(journey.leave_km[leg] - journey.enter_km[leg]))
        share = data.draw(st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.001, 0.999)))
        convoy = a_convoy_at(model, journey, leg, share * leg_km)
        convoy.n_asked = asked
        changed_way = model.routes.way_from_here(convoy)
        convoy.remove()
        if changed_way is None:
            continue
        # What lies behind stays as it was, to the bit.
        assert changed_way.segments[:leg].tolist() == journey.segments[:leg].tolist()
        assert changed_way.drive_h[: leg + 1].tolist() == journey.drive_h[: leg + 1].tolist()
        ends = zip(changed_way.segments, changed_way.enter_km, changed_way.leave_km, strict=True)
        places = [
            (place_on_map(model, int(s), float(enter)), place_on_map(model, int(s), float(leave)))
            for s, enter, leave in ends
        ]
        for (_, left), (entered, _) in itertools.pairwise(places):
            assert left == entered
        assert places[0][0] == source.site.junction
        assert places[-1][1] == target.site.junction
        assert (np.diff(changed_way.drive_h) > 0.0).all()
        assert (changed_way.enter_km != changed_way.leave_km).all()
        here_h = convoy.next_drive_h
        at_h = changed_way.drive_h
        on_it = min(int(np.searchsorted(at_h, here_h, side="right")) - 1, len(at_h) - 2)
        done = (here_h - at_h[on_it]) / (at_h[on_it + 1] - at_h[on_it])
        km = changed_way.enter_km[on_it] + done * (
            changed_way.leave_km[on_it] - changed_way.enter_km[on_it]
        )
        was_km = float(journey.enter_km[leg]) + share * float(
            journey.leave_km[leg] - journey.enter_km[leg]
        )
        here = place_on_map(model, int(journey.segments[leg]), was_km)
        assert place_on_map(model, int(changed_way.segments[on_it]), float(km)) == here
        journey = changed_way
