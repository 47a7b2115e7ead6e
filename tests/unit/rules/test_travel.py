"""Travel: hours of driving and hours of the clock turn into each other and back."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.rules.travel import (
    daylight_before_h,
    drive_end_h,
    driving_done_h,
    later_in_daylight,
    speed_kph,
    time_in_daylight_h,
)

TIME = st.floats(0.0, 50_000.0)
DRIVING = st.floats(0.0, 500.0)
DAYLIGHT = st.tuples(st.integers(0, 95), st.integers(1, 96)).map(
    lambda quarters: (min(quarters[0], quarters[1] - 1) / 4.0, quarters[1] / 4.0)
)


def test_speed_on_paper():
    assert speed_kph(50.0, 0.6, 0.4) == pytest.approx(12.0)
    assert speed_kph(50.0, 1.0, 1.0) == 50.0


@pytest.mark.parametrize(
    ("start", "driving", "expected"),
    [
        (8.0, 3.0, 11.0),
        (15.0, 2.0, 17.0),  # ends with the daylight: this evening
        (15.0, 3.0, 31.0),  # overnight
        (2.0, 1.0, 7.0),  # a start before dawn waits
        (20.0, 1.0, 31.0),  # a start at night waits for tomorrow
        (17.0, 1.0, 31.0),  # and so does one at nightfall
        (20.0, 0.0, 20.0),  # nothing to drive needs no daylight
        (6.0, 11.0, 17.0),
        (6.0, 22.0, 41.0),  # two whole days
        (6.0, 22.5, 54.5),
        (5 * 24.0 + 16.0, 12.5, 7 * 24.0 + 6.5),
    ],
)
def test_drive_end_on_paper(start, driving, expected):
    assert drive_end_h(start, driving, 6.0, 17.0) == pytest.approx(expected, abs=1e-9)


def test_dust_of_arithmetic_does_not_cost_a_night():
    assert drive_end_h(6.0, 22.0 + 1e-12, 6.0, 17.0) == 41.0


@pytest.mark.parametrize(
    ("place", "driving", "expected"),
    [
        ((3, 2.0), 4.0, (3, 6.0)),
        ((3, 2.0), 9.0, (3, 11.0)),  # ends with the daylight: on that day
        ((3, 2.0), 10.0, (4, 1.0)),
        ((3, 11.0), 0.5, (4, 0.5)),
        ((3, 0.0), 33.5, (6, 0.5)),  # three whole days
        ((3, 14.0), 1.0, (4, 1.0)),  # beyond the end of the daylight: as at its end
    ],
)
def test_later_in_daylight_on_paper(place, driving, expected):
    assert later_in_daylight(*place, driving, 11.0) == pytest.approx(expected, abs=1e-9)


@given(driving=st.lists(DRIVING, max_size=20), daylight=DAYLIGHT)
def test_hours_in_daylight_add_up(driving, daylight):
    day, today = 0, 0.0
    hours = daylight[1] - daylight[0]
    for part in driving:
        before = (day, today)
        day, today = later_in_daylight(day, today, part, hours)
        assert (day, today) >= before
        assert 0.0 <= today <= hours
    assert day * hours + today == pytest.approx(sum(driving), abs=1e-5)
    end = drive_end_h(daylight[0], sum(driving), *daylight)
    assume(0.01 < today < hours - 0.01)  # a billionth of a day's driving may cost a night
    assert time_in_daylight_h(day, today, daylight[0]) == pytest.approx(end, abs=1e-5)


@given(start=TIME, driving=DRIVING)
def test_round_the_clock_hours_of_driving_are_hours(start, driving):
    assert drive_end_h(start, driving, 0.0, 24.0) == start + driving
    done = driving_done_h(start, start + driving, 0.0, 24.0)
    assert done == pytest.approx(driving, abs=1e-9)


@given(start=TIME, driving=DRIVING, daylight=DAYLIGHT)
def test_the_hours_driven_until_the_end_are_the_hours_to_drive(start, driving, daylight):
    end = drive_end_h(start, driving, *daylight)
    assert end >= start
    assert driving_done_h(start, end, *daylight) == pytest.approx(driving, abs=1e-6)


@given(start=TIME, elapsed=st.floats(0.0, 500.0), daylight=DAYLIGHT)
def test_what_was_driven_by_a_time_is_done_by_that_time(start, elapsed, daylight):
    end = start + elapsed
    driven = driving_done_h(start, end, *daylight)
    assert 0.0 <= driven <= elapsed + 1e-9
    assert drive_end_h(start, driven, *daylight) <= end + 1e-6


@given(start=TIME, elapsed=DRIVING, second=DRIVING, daylight=DAYLIGHT)
def test_hours_driven_add_up(start, elapsed, second, daylight):
    middle, end = start + elapsed, start + elapsed + second
    parts = driving_done_h(start, middle, *daylight) + driving_done_h(middle, end, *daylight)
    assert parts == pytest.approx(driving_done_h(start, end, *daylight), abs=1e-8)


@given(start=TIME, driving=st.floats(0.001, 500.0), daylight=DAYLIGHT)
def test_nobody_arrives_at_night(start, driving, daylight):
    dawn, dusk = daylight
    hour = drive_end_h(start, driving, dawn, dusk) % 24.0
    assert dawn - 1e-6 <= hour <= dusk + 1e-6 or (dusk == 24.0 and hour < 1e-6)


@given(start=TIME, drives=st.tuples(DRIVING, DRIVING), daylight=DAYLIGHT)
def test_a_longer_drive_never_ends_sooner(start, drives, daylight):
    shorter, longer = sorted(drives)
    assume(longer - shorter > 1e-6)
    assert drive_end_h(start, shorter, *daylight) <= drive_end_h(start, longer, *daylight)


def test_daylight_since_the_beginning_on_paper():
    hours = [daylight_before_h(time, 6.0, 17.0) for time in (0.0, 6.0, 10.0, 17.0, 24.0, 31.0)]
    assert hours == [0.0, 0.0, 4.0, 11.0, 11.0, 12.0]
