"""One convoy of 10 km/h on one road of 10 km: where and when it meets what lies there."""

import pytest
from small_worlds import (
    ROUND_THE_CLOCK,
    an_empty_road,
    happened,
    lay_device,
    logged,
    send_convoy,
    way_over,
)

from sim.engines import run_scenario
from sim.engines.reference.ledger import LOGISTICS, PATROL
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Cause, Kind

THERE, BACK = (0, True), (0, False)
FINDS = {"fixed_find_probability": 1.0}
MISSES = {"fixed_find_probability": 0.0, "fixed_strike_probability": 0.0}
BY_DAYLIGHT = {"daylight_start_h": 6.0, "daylight_end_h": 17.0}
MEETINGS = (Kind.FOUND, Kind.STRUCK)


def a_road(**groups):
    return ConvoyModel(an_empty_road(**groups))


def met(model):
    return [(row.time_h, row.entity) for row in logged(model, *MEETINGS)]


def test_an_empty_road_takes_its_driving_time():
    model = a_road()
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(5.0)
    assert arrivals == [pytest.approx(1.0)]
    assert met(model) == []


def test_a_device_on_the_way_is_met_where_it_lies():
    model = a_road()
    lay_device(model, at_km=3.0)
    send_convoy(model, way_over(model, [THERE]))
    model.advance_to(5.0)
    assert met(model) == [(pytest.approx(0.3), 1000)]


def test_a_road_driven_backwards_is_met_from_its_far_end():
    model = a_road()
    lay_device(model, at_km=3.0)
    send_convoy(model, way_over(model, [BACK]))
    model.advance_to(5.0)
    assert met(model) == [(pytest.approx(0.7), 1000)]


@pytest.mark.parametrize(("at_km", "meetings"), [(5.0, [0.5]), (3.1, [0.31]), (2.9, []), (1.0, [])])
def test_a_device_laid_while_a_convoy_drives_is_met_ahead_of_it_and_not_behind(at_km, meetings):
    model = a_road()
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(0.3)
    lay_device(model, at_km=at_km)
    model.advance_to(5.0)
    assert [time_h for time_h, _ in met(model)] == pytest.approx(meetings)
    assert arrivals == [pytest.approx(1.0)]


def test_a_device_laid_behind_is_met_on_the_way_back():
    model = a_road()
    send_convoy(model, way_over(model, [THERE, BACK]))
    model.advance_to(0.3)
    lay_device(model, at_km=2.0)
    model.advance_to(5.0)
    assert met(model) == [(pytest.approx(1.8), 1000)]


def test_a_device_that_was_passed_unharmed_is_met_again_on_the_way_back():
    model = a_road(threat=MISSES)
    device = lay_device(model, at_km=2.0)
    send_convoy(model, way_over(model, [THERE, BACK]))
    model.advance_to(1.0)
    assert device.n_meetings == {7: 1}
    model.advance_to(5.0)
    assert device.n_meetings == {7: 2}
    assert device.key in model.live


def test_a_second_meeting_has_luck_of_its_own():
    model = a_road(threat={"fixed_find_probability": 0.0, "fixed_strike_probability": 0.5})
    n_devices = 200
    for number in range(n_devices):
        lay_device(model, at_km=5.0, key=1000 + number)
    send_convoy(model, way_over(model, [THERE, BACK]))
    model.advance_to(5.0)
    times_h = [time_h for time_h, _ in met(model)]
    # Half of the devices act on the way out, half of the rest on the way back (4 deviations).
    assert sum(time_h < 1.0 for time_h in times_h) == pytest.approx(100, abs=28)
    assert sum(time_h > 1.0 for time_h in times_h) == pytest.approx(50, abs=25)


def test_devices_at_one_place_are_met_in_the_order_of_their_keys():
    model = a_road(threat=FINDS)
    for key in (1003, 1001, 1002):
        lay_device(model, at_km=5.0, key=key)
    send_convoy(model, way_over(model, [THERE]))
    model.advance_to(5.0)
    assert met(model) == [(pytest.approx(0.5), key) for key in (1001, 1002, 1003)]


def test_a_halt_at_one_device_comes_before_the_next_at_the_same_place():
    model = a_road(threat=FINDS, routing={"find_halt_h": 2.0})
    for key in (1002, 1001):
        lay_device(model, at_km=5.0, key=key)
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(9.0)
    assert met(model) == [(pytest.approx(0.5), 1001), (pytest.approx(2.5), 1002)]
    assert arrivals == [pytest.approx(5.0)]


def test_a_device_laid_under_a_halted_convoy_is_met_as_it_resumes():
    model = a_road(threat=FINDS, routing={"find_halt_h": 2.0})
    lay_device(model, at_km=5.0, key=1001)
    send_convoy(model, way_over(model, [THERE]))
    model.advance_to(1.0)
    lay_device(model, at_km=5.5, key=1002)
    lay_device(model, at_km=4.5, key=1003)
    model.advance_to(9.0)
    assert met(model) == [(pytest.approx(0.5), 1001), (pytest.approx(2.55), 1002)]


@pytest.mark.parametrize(
    ("threat", "halts"), [(FINDS, {"find_halt_h": 3.0}), ({}, {"strike_halt_h": 3.0})]
)
def test_a_halt_puts_off_the_arrival_by_exactly_its_hours(threat, halts):
    model = a_road(threat=threat, routing=halts)
    lay_device(model, at_km=2.0, key=1001)
    lay_device(model, at_km=7.0, key=1002)
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(20.0)
    assert arrivals == [pytest.approx(1.0 + 2 * 3.0)]


def test_a_device_that_does_nothing_costs_no_time():
    model = a_road(threat=MISSES, routing={"find_halt_h": 3.0, "strike_halt_h": 3.0})
    lay_device(model, at_km=2.0)
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(20.0)
    assert arrivals == [pytest.approx(1.0)]


def test_a_halt_in_daylight_counts_by_the_clock():
    model = a_road(threat=FINDS, routing={**BY_DAYLIGHT, "find_halt_h": 3.0})
    lay_device(model, at_km=5.0)
    model.advance_to(8.0)
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(40.0)
    assert arrivals == [pytest.approx(8.0 + 1.0 + 3.0)]


def test_a_halt_into_the_night_ends_with_the_morning():
    model = a_road(threat=FINDS, routing={**BY_DAYLIGHT, "find_halt_h": 3.0})
    lay_device(model, at_km=5.0)
    model.advance_to(15.0)
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(40.0)
    # Found at 15:30, free at 18:30, on the road again at 6:00 with half an hour to go.
    assert arrivals == [pytest.approx(24.0 + 6.5)]


def test_a_convoy_halts_for_the_night():
    model = a_road(routing=BY_DAYLIGHT)
    model.advance_to(16.0)
    arrivals = send_convoy(model, way_over(model, [THERE, BACK, THERE]))
    model.advance_to(50.0)
    assert arrivals == [pytest.approx(24.0 + 6.0 + 2.0)]


def test_a_device_laid_at_night_is_met_in_the_morning():
    model = a_road(routing=BY_DAYLIGHT)
    model.advance_to(16.5)
    send_convoy(model, way_over(model, [THERE]))
    model.advance_to(22.0)  # it stands at km 5
    lay_device(model, at_km=4.9, key=1001)
    lay_device(model, at_km=6.0, key=1002)
    model.advance_to(40.0)
    assert met(model) == [(pytest.approx(24.0 + 6.1), 1002)]


def test_instant_passage_meets_everything_in_the_moment_of_leaving():
    model = a_road(
        threat={"fixed_strike_probability": 1.0}, routing={**BY_DAYLIGHT, "instant_passage": True}
    )
    for number in range(3):
        lay_device(model, at_km=2.0 + number, key=1000 + number)
    model.advance_to(2.0)  # at night
    arrivals = send_convoy(model, way_over(model, [THERE], h_per_km=0.0))
    model.advance_to(2.1)
    assert met(model) == [(2.0, 1000), (2.0, 1001), (2.0, 1002)]
    assert arrivals == [2.0]


def test_a_device_strikes_once_and_is_gone():
    model = a_road()
    lay_device(model, at_km=5.0)
    send_convoy(model, way_over(model, [THERE]), key=7)
    model.advance_to(0.1)
    send_convoy(model, way_over(model, [THERE]), key=8)
    model.advance_to(5.0)
    strikes = logged(model, *MEETINGS)
    assert [(row.kind, row.entity, row.other) for row in strikes] == [(Kind.STRUCK, 1000, 7)]
    assert model.live == {}


def test_a_convoy_whose_device_was_ended_by_another_drives_on_unharmed():
    model = a_road()
    lay_device(model, at_km=5.0)
    slow = send_convoy(model, way_over(model, [THERE], h_per_km=0.2), key=8)
    send_convoy(model, way_over(model, [THERE]), key=7)
    model.advance_to(9.0)
    assert slow == [pytest.approx(2.0)]
    assert len(met(model)) == 1


def test_a_device_that_ends_by_itself_is_met_no_more():
    model = a_road()
    lay_device(model, at_km=5.0, end_h=0.4)
    lay_device(model, at_km=6.0, key=1001, end_h=0.4, end_cause=Cause.ARMY)
    send_convoy(model, way_over(model, [THERE]))
    model.advance_to(5.0)
    assert met(model) == []
    ends = logged(model, Kind.EXPIRED, Kind.STRUCK_OTHERS)
    assert [(row.kind, row.entity, row.cause, row.hours) for row in ends] == [
        (Kind.EXPIRED, 1000, Cause.NONE, pytest.approx(0.4)),
        (Kind.STRUCK_OTHERS, 1001, Cause.ARMY, pytest.approx(0.4)),
    ]


def test_a_find_comes_before_a_strike_and_a_found_device_never_acts():
    model = a_road(threat={"fixed_find_probability": 1.0, "fixed_strike_probability": 1.0})
    lay_device(model, at_km=5.0)
    send_convoy(model, way_over(model, [THERE]))
    model.advance_to(5.0)
    assert [row.kind for row in logged(model, *MEETINGS)] == [Kind.FOUND]


@pytest.mark.parametrize(("traffic", "cause"), [(LOGISTICS, Cause.CONVOY), (PATROL, Cause.PATROL)])
def test_an_event_says_who_met_the_device(traffic, cause):
    model = a_road()
    lay_device(model, at_km=5.0)
    send_convoy(model, way_over(model, [THERE]), traffic=traffic)
    model.advance_to(5.0)
    assert [row.cause for row in logged(model, *MEETINGS)] == [cause]


def test_a_hidden_device_is_found_less_often_than_a_plain_one():
    found = {}
    for concealment in (0.5, 1.5):
        model = a_road(threat={"fixed_find_probability": None, "find_probability_convoy": 0.4})
        for number in range(200):
            lay_device(model, at_km=5.0, key=1000 + number, concealment=concealment)
        send_convoy(model, way_over(model, [THERE]))
        model.advance_to(5.0)
        found[concealment] = sum(row.kind is Kind.FOUND for row in logged(model, *MEETINGS))
    # The same draws: all that were found well hidden were found in plain view, and more.
    assert 0 < found[0.5] < found[1.5] < 200
    assert found[1.5] == pytest.approx(3 * found[0.5], rel=0.4)


def test_more_vehicles_set_a_device_off_more_often():
    struck = {}
    for n_load in (1, 30):
        model = a_road(threat={"fixed_strike_probability": None})
        for number in range(100):
            lay_device(model, at_km=5.0, key=1000 + number)
        send_convoy(model, way_over(model, [THERE]), n_escort=0, n_load=n_load)
        model.advance_to(5.0)
        struck[n_load] = len(met(model))
    r = an_empty_road().threat.strike_probability_per_vehicle
    assert struck[1] == pytest.approx(100 * r, abs=20)
    assert struck[30] == pytest.approx(100 * (1 - (1 - r) ** 30), abs=20)
    assert struck[1] < struck[30]


@pytest.mark.parametrize("contractor_share", [0.0, 1.0])
def test_harm_goes_to_the_people_in_the_vehicle_that_was_struck(contractor_share):
    model = a_road(
        threat={"harm_probability": 1.0, "severity_alpha": 100.0, "severity_beta": 0.001},
        supply={"contractor_share": contractor_share, "truck_occupants": 2},
        force={"vehicle_occupants": 6},
    )
    n_devices = 60
    for number in range(n_devices):
        lay_device(model, at_km=5.0, key=1000 + number)
    send_convoy(model, way_over(model, [THERE]), n_escort=0, n_load=20)
    model.advance_to(5.0)
    strikes = logged(model, Kind.STRUCK)
    assert len(strikes) == n_devices
    for row in strikes:
        on_mission, hired = row.killed + row.wounded, row.contractors
        assert row.civilians == 0
        assert on_mission + hired <= 2  # everybody in a truck at most
        assert (on_mission if contractor_share else hired) == 0
    assert sum(row.killed + row.contractors for row in strikes) > n_devices


def test_what_a_convoy_left_behind_is_written_down_by_vehicle_and_by_person():
    model = a_road(force={"vehicle_occupants": 6}, supply={"truck_occupants": 2})
    send_convoy(model, way_over(model, [THERE, BACK]), n_escort=2, n_load=3)
    model.advance_to(1.5)
    model.settle_traffic()
    assert model.ledger.vehicle_km[LOGISTICS].sum() == pytest.approx(5 * 10.0)
    model.advance_to(3.0)
    assert model.ledger.vehicle_km[LOGISTICS].sum() == pytest.approx(5 * 20.0)
    assert model.ledger.person_km[LOGISTICS].sum() == pytest.approx((2 * 6 + 3 * 2) * 20.0)
    assert model.ledger.vehicle_km[PATROL].sum() == 0.0


def test_halts_neither_lose_nor_double_a_kilometre():
    model = a_road(threat=FINDS, routing={"find_halt_h": 30.0, **BY_DAYLIGHT})
    for number, at_km in enumerate((0.5, 5.0, 9.5)):
        lay_device(model, at_km=at_km, key=1000 + number)
    send_convoy(model, way_over(model, [THERE, BACK]))
    while model.now_h < 400.0:
        model.advance_to(model.now_h + 7.0)
        model.settle_traffic()
    assert len(met(model)) == 3
    assert model.ledger.vehicle_km.sum() == pytest.approx(5 * 20.0)


def test_every_passage_is_kept_at_full_detail_and_none_otherwise():
    n_rows = {}
    for detail in ("incidents", "full"):
        scenario = an_empty_road(
            supply={"process_rate_per_day": 1.0},
            results={"detail": detail},
            routing=ROUND_THE_CLOCK,
        )
        record = run_scenario(scenario, seed=1, run=0)
        n_rows[detail] = len(happened(record, Kind.PASSED))
    assert n_rows == {"incidents": 0, "full": 29}  # the thirtieth convoy leaves as the run ends


def test_a_convoy_finds_a_decoy_as_a_device_and_halts_for_it():
    model = a_road(
        threat={"fixed_find_probability": 1.0}, routing={**ROUND_THE_CLOCK, "find_halt_h": 2.0}
    )
    lay_device(model, at_km=5.0, is_decoy=True)
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(9.0)
    (row,) = logged(model, Kind.DECOY_FOUND)
    assert (row.entity, row.other, row.cause, row.hours) == (1000, 7, Cause.CONVOY, 2.0)
    assert arrivals == [pytest.approx(3.0)]
    assert model.live == {}
    assert model.picture.events_per_km.tolist() == [0.0]


def test_a_decoy_that_is_not_found_never_acts_and_stays():
    model = a_road(threat={"fixed_find_probability": 0.0, "fixed_strike_probability": 1.0})
    lay_device(model, at_km=5.0, is_decoy=True)
    arrivals = send_convoy(model, way_over(model, [THERE]))
    model.advance_to(9.0)
    assert met(model) == []
    assert arrivals == [pytest.approx(1.0)]
    assert list(model.live) == [1000]
