"""Supply: stocks never go below zero, and orders come when they are due."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.supply import consumption_t_per_day, dry_days, n_trucks, order_t, stock_after

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
