import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.clock import Clock

FIRST = date(2016, 6, 1)


def clock(decision=date(2016, 7, 1), last=date(2017, 7, 1), first=FIRST):
    return Clock(first, decision, last)


def test_periods_are_calendar_months():
    assert clock(last=date(2016, 9, 1)).period_days() == [
        date(2016, 6, 1),
        date(2016, 7, 1),
        date(2016, 8, 1),
        date(2016, 9, 1),
    ]


def test_a_period_ends_at_the_decision_in_the_middle_of_a_month():
    assert clock(decision=date(2016, 6, 17), last=date(2016, 7, 4)).period_start_h() == [
        0.0,
        16 * 24.0,
        30 * 24.0,
        33 * 24.0,
    ]


def test_a_period_crosses_the_new_year_into_january():
    days = clock(first=date(2016, 12, 10), decision=date(2016, 12, 10)).period_days()
    assert days[:3] == [date(2016, 12, 10), date(2017, 1, 1), date(2017, 2, 1)]


def test_a_decision_on_the_first_day_makes_no_empty_period():
    days = clock(decision=FIRST).period_days()
    assert days[:2] == [FIRST, date(2016, 7, 1)]


@given(
    first=st.dates(date(2010, 1, 1), date(2020, 1, 1)),
    until_decision=st.integers(0, 800),
    until_end=st.integers(1, 800),
)
def test_periods_cover_the_run_cut_at_every_month_and_at_the_decision(
    first, until_decision, until_end
):
    decision = first + timedelta(until_decision)
    last = decision + timedelta(until_end)
    days = Clock(first, decision, last).period_days()
    assert (days[0], days[-1]) == (first, last)
    assert decision in days
    assert all(one < other for one, other in itertools.pairwise(days))
    for day in days[1:-1]:
        assert day.day == 1 or day == decision
    months = {
        (day.year, day.month) for day in (first + timedelta(n) for n in range((last - first).days))
    }
    is_cut_again = decision.day != 1 and decision != first
    assert len(days) - 1 == len(months) + is_cut_again


@pytest.mark.parametrize(
    ("time_h", "stamp"),
    [(0.0, "2016-06-01 00:00"), (30.5, "2016-06-02 06:30"), (24.0 * 30, "2016-07-01 00:00")],
)
def test_a_time_is_written_as_date_and_minute(time_h, stamp):
    assert clock().stamp(time_h) == stamp


def test_hours_and_dates_agree():
    assert clock().hour_of(clock().date_at(1000.0)) == 984.0
    assert clock().hour_of(date(2016, 5, 31)) == -24.0
