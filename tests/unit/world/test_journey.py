import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.journey import (
    Journey,
    expect_on_way,
    journey_along,
    next_meeting,
    out_and_back,
    settle_passage,
)

# Three pieces of 10, 20 and 5 km at 10, 20 and 5 km/h, with an hour's wait on the last.
LENGTH_KM = np.array([10.0, 20.0, 5.0])
H_PER_KM = np.array([0.1, 0.05, 0.2])
WAIT_H = np.array([0.0, 0.0, 1.0])
LINE = np.array([0, 1, 2], dtype=np.int32)
AHEAD = np.array([True, True, True])


def there(segments=LINE, forwards=AHEAD):
    return journey_along(segments, forwards, LENGTH_KM, H_PER_KM, WAIT_H)


def back_and_forth(reach_km, segments=LINE, forwards=AHEAD):
    return Journey(*out_and_back(segments, forwards, LENGTH_KM, reach_km, H_PER_KM, WAIT_H))


class Books:
    """What passages are written into."""

    def __init__(self, is_patrol=True):
        self.is_patrol = is_patrol
        self.traffic, self.traffic_time_h = np.zeros(3), np.zeros(3)
        self.patrols, self.patrols_time_h = np.zeros(3), np.zeros(3)
        self.passages, self.passages_time_h = np.zeros(3), np.zeros(3)
        self.vehicle_km, self.person_km = np.zeros(3), np.zeros(3)

    def settle(self, journey, first_leg, now_h, resumed_h=0.0, driven_h=0.0, daylight=(0.0, 24.0)):
        return settle_passage(
            journey.segments,
            journey.enter_km,
            journey.leave_km,
            journey.drive_h,
            first_leg,
            now_h,
            resumed_h,
            driven_h,
            *daylight,
            LENGTH_KM,
            4.0,
            24.0,
            self.is_patrol,
            self.traffic,
            self.traffic_time_h,
            self.patrols,
            self.patrols_time_h,
            48.0,
            self.passages,
            self.passages_time_h,
            48.0,
            self.vehicle_km,
            self.person_km,
        )

    def all(self):
        return np.concatenate(
            [book for book in vars(self).values() if isinstance(book, np.ndarray)]
        )


def test_a_journey_takes_the_sum_of_its_pieces_and_waits():
    journey = there()
    assert journey.drive_h.tolist() == pytest.approx([0.0, 1.0, 2.0, 4.0])
    assert (journey.total_h, journey.length_km) == pytest.approx((4.0, 35.0))


def test_a_piece_driven_backwards_is_left_at_its_first_end():
    journey = there(forwards=np.array([True, False, True]))
    assert journey.enter_km.tolist() == [0.0, 20.0, 0.0]
    assert journey.leave_km.tolist() == [10.0, 0.0, 5.0]


def test_a_patrol_turns_at_its_reach_within_a_piece():
    journey = back_and_forth(16.0)
    assert journey.segments.tolist() == [0, 1, 1, 0]
    assert journey.enter_km.tolist() == [0.0, 0.0, 6.0, 10.0]
    assert journey.leave_km.tolist() == [10.0, 6.0, 0.0, 0.0]
    assert journey.drive_h.tolist() == pytest.approx([0.0, 1.0, 1.3, 1.6, 2.6])


def test_a_patrol_turns_at_the_end_of_a_piece_without_touching_the_next():
    assert back_and_forth(10.0).segments.tolist() == [0, 0]


def test_a_patrol_turns_at_the_end_of_the_road():
    journey = back_and_forth(1000.0)
    assert journey.segments.tolist() == [0, 1, 2, 2, 1, 0]
    assert journey.length_km == pytest.approx(70.0)


def test_a_patrol_on_a_piece_cut_the_other_way_round_turns_at_the_same_distance():
    journey = back_and_forth(16.0, forwards=np.array([True, False, True]))
    assert journey.enter_km.tolist() == [0.0, 20.0, 14.0, 10.0]
    assert journey.leave_km.tolist() == [10.0, 14.0, 20.0, 0.0]
    assert journey.length_km == pytest.approx(32.0)


@given(reach_km=st.floats(0.01, 60.0), flips=st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_patrol_drives_twice_its_reach_and_ends_where_it_began(reach_km, flips):
    journey = back_and_forth(reach_km, forwards=np.array(flips))
    assert journey.length_km == pytest.approx(2.0 * min(reach_km, 35.0))
    assert journey.enter_km[0] == journey.leave_km[-1]
    assert (np.diff(journey.drive_h) >= 0.0).all()


def meeting(journey, segment, at_km, after_leg=0, after_km=0.0):
    leg, km = next_meeting(
        journey.segments, journey.enter_km, journey.leave_km, segment, at_km, after_leg, after_km
    )
    return (leg, km) if leg >= 0 else None


def test_a_point_ahead_is_met_where_it_lies():
    assert meeting(there(), segment=1, at_km=5.0) == (1, 5.0)


def test_a_point_ahead_on_a_piece_driven_backwards_is_met_from_its_far_end():
    journey = there(forwards=np.array([True, False, True]))
    assert meeting(journey, segment=1, at_km=5.0) == (1, 15.0)


def test_a_point_behind_is_not_met():
    assert meeting(there(), segment=0, at_km=5.0, after_leg=0, after_km=5.1) is None
    assert meeting(there(), segment=0, at_km=5.0, after_leg=1) is None


def test_a_point_at_this_very_place_is_met():
    assert meeting(there(), segment=0, at_km=5.0, after_leg=0, after_km=5.0) == (0, 5.0)


def test_a_point_passed_on_the_way_out_is_met_on_the_way_back():
    journey = back_and_forth(16.0)
    assert meeting(journey, segment=0, at_km=4.0, after_leg=0, after_km=4.1) == (3, 6.0)


def test_a_point_beyond_the_turn_is_never_met():
    assert meeting(back_and_forth(16.0), segment=1, at_km=6.1) is None


def test_a_point_off_the_way_is_never_met():
    assert meeting(there(segments=LINE[:2], forwards=AHEAD[:2]), segment=2, at_km=1.0) is None


def test_passages_are_written_down_for_the_pieces_left_behind_alone():
    books = Books()
    assert books.settle(there(), first_leg=0, now_h=1.5) == 1
    assert books.vehicle_km.tolist() == [40.0, 0.0, 0.0]
    assert books.person_km.tolist() == [240.0, 0.0, 0.0]
    assert books.traffic.tolist() == [4.0, 0.0, 0.0]
    assert books.passages.tolist() == [1.0, 0.0, 0.0]


def test_a_memory_of_traffic_dates_from_the_moment_that_a_piece_was_left():
    books = Books()
    books.settle(there(), first_leg=0, now_h=50.0)
    assert books.traffic_time_h.tolist() == pytest.approx([1.0, 2.0, 4.0])


def test_a_memory_fades_before_the_next_passage_is_added():
    books = Books()
    books.settle(there(), first_leg=0, now_h=10.0)
    books.settle(there(), first_leg=0, now_h=60.0, resumed_h=48.0)
    assert books.traffic[0] == pytest.approx(4.0 / 2.0 + 4.0)
    assert books.vehicle_km[0] == pytest.approx(80.0)


def test_a_piece_driven_in_part_counts_in_proportion():
    books = Books()
    books.settle(back_and_forth(4.0), first_leg=0, now_h=10.0)
    assert books.vehicle_km[0] == pytest.approx(2 * 4 * 4.0)
    assert books.passages[0] == pytest.approx(2 * 0.4, rel=0.01)  # the way out has faded a little


def test_a_night_on_the_way_moves_what_follows_to_the_next_day():
    books = Books()
    # From 16:00 with daylight to 17:00: one piece today, the second at 7:00 tomorrow.
    assert books.settle(there(), 0, now_h=30.9, resumed_h=16.0, daylight=(6.0, 17.0)) == 1
    assert books.settle(there(), 1, now_h=31.0, resumed_h=16.0, daylight=(6.0, 17.0)) == 2


def test_after_a_halt_hours_driven_before_it_do_not_count_again():
    books = Books()
    # Half of the first piece driven, then halted until hour 10: half an hour is missing.
    assert books.settle(there(), 0, now_h=10.4, resumed_h=10.0, driven_h=0.5) == 0
    assert books.settle(there(), 0, now_h=10.5, resumed_h=10.0, driven_h=0.5) == 1


def test_only_a_patrol_is_remembered_as_one_and_only_once_however_many_vehicles_it_has():
    for is_patrol in (True, False):
        books = Books(is_patrol)
        books.settle(there(), 0, 100.0)
        assert books.traffic.tolist() == [4.0] * 3
        assert books.patrols.tolist() == [float(is_patrol)] * 3
        assert books.patrols_time_h.tolist() == [left * is_patrol for left in (1.0, 2.0, 4.0)]


@given(moments=st.lists(st.floats(0.0, 60.0), max_size=5), start_h=st.floats(0.0, 20.0))
def test_settling_in_many_steps_equals_settling_in_one(moments, start_h):
    journey = back_and_forth(33.0)
    once, often = Books(), Books()
    once.settle(journey, 0, now_h=100.0, resumed_h=start_h, daylight=(6.0, 17.0))
    leg = 0
    for now_h in [*sorted(moments), 100.0]:
        leg = often.settle(journey, leg, now_h, resumed_h=start_h, daylight=(6.0, 17.0))
    assert leg == len(journey.segments)
    np.testing.assert_array_equal(often.all(), once.all())


def test_a_convoy_is_expected_when_it_enters_a_piece():
    due_h = np.full(3, np.inf)
    journey = there()
    assert expect_on_way(due_h, journey.segments, journey.drive_h, 0, 8.0, 0.0, 6.0, 17.0) == 3
    assert due_h.tolist() == pytest.approx([8.0, 9.0, 10.0])


def test_the_earlier_of_two_convoys_is_the_one_expected():
    due_h = np.array([1.0, np.inf, 30.0])
    journey = there()
    assert expect_on_way(due_h, journey.segments, journey.drive_h, 0, 8.0, 0.0, 6.0, 17.0) == 2
    assert due_h.tolist() == pytest.approx([1.0, 9.0, 10.0])


def test_a_convoy_under_way_is_expected_on_what_is_ahead_only():
    due_h = np.full(3, np.inf)
    journey = there()
    # It resumed at hour 8 with an hour and a half driven: it stands in the middle of piece 1.
    expect_on_way(due_h, journey.segments, journey.drive_h, 1, 8.0, 1.5, 6.0, 17.0)
    assert due_h.tolist() == pytest.approx([np.inf, 8.0, 8.5])
