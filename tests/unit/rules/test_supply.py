"""Supply: stocks never go below zero, and orders come when they are due."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.supply import (
    companies_to_spare,
    consumption_t_per_day,
    days_to_cover,
    dry_days,
    escort_free_again_h,
    n_trucks,
    order_t,
    stock_after,
    swept_share,
    withdrawal_vehicles,
)

TONNES = st.floats(0.0, 1e5)
DAYS = st.floats(0.0, 1000.0)
NEED = st.floats(0.0, 1000.0)


def test_consumption_on_paper():
    assert consumption_t_per_day(1350.0, 8.0) == pytest.approx(10.8)
    assert consumption_t_per_day(0.0, 8.0) == 0.0


@pytest.mark.parametrize(
    ("stock", "elapsed", "need", "left", "dry"),
    [
        (10.0, 3.0, 2.0, 4.0, 0.0),
        (10.0, 5.0, 2.0, 0.0, 0.0),
        (10.0, 8.0, 2.0, 0.0, 3.0),
        (0.0, 8.0, 2.0, 0.0, 8.0),
        (0.0, 8.0, 0.0, 0.0, 0.0),
        (10.0, 0.0, 2.0, 10.0, 0.0),
    ],
)
def test_stock_and_dry_days_on_paper(stock, elapsed, need, left, dry):
    assert stock_after(stock, elapsed, need) == pytest.approx(left, abs=1e-12)
    assert dry_days(stock, elapsed, need) == pytest.approx(dry, abs=1e-12)


@given(stock=TONNES, elapsed=DAYS, need=NEED)
def test_what_is_needed_is_either_consumed_or_missing(stock, elapsed, need):
    left, dry = stock_after(stock, elapsed, need), dry_days(stock, elapsed, need)
    assert 0.0 <= left <= stock
    assert 0.0 <= dry <= elapsed
    assert (stock - left) + dry * need == pytest.approx(elapsed * need, rel=1e-9, abs=1e-9)


@given(stock=TONNES, first=DAYS, second=DAYS, need=NEED)
def test_stock_may_be_brought_up_to_date_at_any_time_on_the_way(stock, first, second, need):
    between = stock_after(stock, first, need)
    assert stock_after(between, second, need) == pytest.approx(
        stock_after(stock, first + second, need), abs=1e-6
    )
    if need > 1e-6:  # below, dust of a stock is days of need
        assert dry_days(stock, first, need) + dry_days(between, second, need) == pytest.approx(
            dry_days(stock, first + second, need), abs=1e-3
        )


@pytest.mark.parametrize(
    ("stock", "on_order", "owed", "expected"),
    [
        (20.0, 15.0, 5.0, 30.0),  # at the level
        (20.0, 10.0, 5.0, 35.0),  # below it
        (20.0, 20.0, 5.0, 0.0),  # above it
        (0.0, 0.0, 0.0, 60.0),
        (0.0, 0.0, 40.0, 100.0),  # what is owed is ordered on top
        (100.0, 0.0, 0.0, 0.0),
        (30.0 + 1e-9, 0.0, 0.0, 30.0),  # dust above the level
    ],
)
def test_an_order_fills_up_to_the_target(stock, on_order, owed, expected):
    assert order_t(stock, on_order, owed, 30.0, 60.0) == pytest.approx(expected, abs=1e-6)


@given(stock=TONNES, on_order=TONNES, owed=TONNES, levels=st.tuples(TONNES, TONNES))
def test_after_an_order_none_is_due(stock, on_order, owed, levels):
    reorder, target = sorted(levels)
    order = order_t(stock, on_order, owed, reorder, target)
    assert order >= 0.0
    if stock + on_order - owed > reorder + 1e-5:
        assert order == 0.0
    if target > reorder + 1e-5:
        assert order_t(stock, on_order + order, owed, reorder, target) == 0.0


def test_a_camp_without_need_orders_nothing():
    assert order_t(0.0, 0.0, 0.0, 0.0, 0.0) == 0.0
    assert order_t(0.0, 0.0, 1e-9, 0.0, 0.0) == 0.0


@pytest.mark.parametrize(
    ("load", "expected"),
    [
        (0.0, 0),
        (1e-12, 0),
        (0.1, 1),
        (15.0, 1),
        (15.0 + 1e-9, 1),
        (15.1, 2),
        (30.0, 2),
        (525.0, 35),
    ],
)
def test_trucks_are_whole(load, expected):
    assert n_trucks(load, 15.0) == expected


@given(n=st.integers(0, 10_000), truck=st.floats(0.1, 60.0))
def test_full_trucks_need_no_other_truck(n, truck):
    assert n_trucks(n * truck, truck) == n


@given(load=st.floats(2e-6, 1e5), truck=st.floats(0.1, 60.0))
def test_trucks_carry_the_load_and_one_fewer_would_not(load, truck):
    n = n_trucks(load, truck)
    assert n >= 1
    assert n * truck >= load - 1e-8 * truck
    assert (n - 1) * truck < load


# Before a camp closes, and as it closes.


@given(wanted=DAYS, left=st.floats(-10.0, 2000.0))
def test_a_camp_that_closes_covers_no_more_days_than_it_has(wanted, left):
    days = days_to_cover(wanted, left)
    assert 0.0 <= days <= wanted
    assert days <= max(0.0, left)


def test_days_to_cover_on_paper():
    assert days_to_cover(90.0, math.inf) == 90.0
    assert days_to_cover(90.0, 20.0) == 20.0
    assert days_to_cover(90.0, -3.0) == 0.0


@pytest.mark.parametrize(
    ("people", "share", "per_vehicle", "expected"),
    [(848.0, 1.0, 6.0, 142), (2325.0, 0.33, 6.0, 128), (170.0, 0.0, 6.0, 0), (12.0, 1.0, 6.0, 2)],
)
def test_withdrawal_vehicles_on_paper(people, share, per_vehicle, expected):
    assert withdrawal_vehicles(people, share, per_vehicle) == expected


# Escorts.


@pytest.mark.parametrize(
    ("n", "share", "expected"),
    [(17, 0.25, 4), (3, 0.25, 1), (1, 0.25, 1), (0, 0.25, 0), (10, 1.0, 10), (10, 0.0, 1)],
)
def test_companies_to_spare_on_paper(n, share, expected):
    assert companies_to_spare(n, share) == expected


def test_an_escort_is_free_after_its_rest_and_not_before_its_next_operation():
    assert escort_free_again_h(240.0, 72.0, 0.0, 0.0) == 312.0
    assert escort_free_again_h(240.0, 72.0, 0.0, 365.25) == 365.25


# Waiting for a sweep.


def share_swept(last_swept_h, is_in_reach=(True, True, True), lead_h=72.0):
    """Three pieces of 5, 15 and 80 km, driven in 1, 3 and 16 hours round the clock, at hour 100."""
    return swept_share(
        np.array([0, 1, 2], dtype=np.int32),
        np.array([0.0, 1.0, 4.0, 20.0]),
        3,
        np.array(is_in_reach),
        np.array([5.0, 15.0, 80.0]),
        np.array(last_swept_h),
        100.0,
        lead_h,
        0.0,
        24.0,
    )


def test_the_share_swept_goes_by_length_and_by_time():
    assert share_swept([99.0, 1.0, 1.0]) == pytest.approx(0.05)
    assert share_swept([99.0, 99.0, 1.0]) == pytest.approx(0.20)
    assert share_swept([28.0, 27.9, 99.0]) == pytest.approx(0.85)  # 72 hours are lately


def test_what_no_team_reaches_is_not_asked_for():
    assert share_swept([99.0, 1.0, 1.0], is_in_reach=(True, True, False)) == pytest.approx(0.25)
    assert share_swept([1.0, 1.0, 1.0], is_in_reach=(False, False, False)) == 1.0


def test_what_is_reached_after_the_lead_time_is_not_asked_for():
    # The third piece is reached after four hours.
    assert share_swept([99.0, 99.0, 1.0], lead_h=3.9) == 1.0
    assert share_swept([99.0, 99.0, 1.0], lead_h=4.1) == pytest.approx(0.2)
