"""Allocation of sweeps: the numbers on paper, the optimum by another hand, and its bounds."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import optimize

from sim.rules.allocation import hits_per_day, placed_per_day, sweep_rate, sweep_rates


def rates_of(placed, hit_rates, finds, costs, other_ends, budget, weights=None):
    placed, hit_rates, finds, costs = (
        np.array(values, dtype=float) for values in (placed, hit_rates, finds, costs)
    )
    weights = np.ones(len(placed)) if weights is None else np.array(weights, dtype=float)
    rates = np.full(len(placed), np.nan)
    price = sweep_rates(
        rates, weights, placed, hit_rates, finds, costs, len(placed), other_ends, budget
    )
    return rates, price


def total_hits(rates, placed, hit_rates, finds, other_ends, weights=None):
    weights = [1.0] * len(placed) if weights is None else weights
    columns = zip(weights, placed, hit_rates, finds, rates, strict=True)
    return sum(hits_per_day(*row, other_ends) for row in columns)


# Four roads: placed and passed a day, chance 0.3 a passage, found in 0.6 of sweeps, 150 km a day.
PLACED = [0.30, 0.20, 0.10, 0.05]
HIT_RATES = [0.3 * passages for passages in (1.0, 0.5, 0.5, 0.25)]
FINDS = [0.6] * 4
COSTS = [90.0, 120.0, 100.0, 60.0]
OTHER_ENDS, BUDGET = 0.02, 150.0


def test_four_roads_are_swept_as_on_paper():
    rates, _ = rates_of(PLACED, HIT_RATES, FINDS, COSTS, OTHER_ENDS, BUDGET)
    assert rates == pytest.approx([0.79113, 0.37890, 0.22963, 0.17278], abs=5e-6)
    assert rates @ COSTS == pytest.approx(BUDGET, rel=1e-12)
    hits = total_hits(rates, PLACED, HIT_RATES, FINDS, OTHER_ENDS)
    assert hits == pytest.approx(0.256367, abs=5e-7)


@pytest.mark.parametrize(
    ("shares", "hits"),
    [
        ([1.0] * 4, 0.279770),  # uniform
        (PLACED, 0.258770),  # in proportion to what is placed
        ([0.0] * 4, 0.585430),  # none
    ],
)
def test_other_ways_to_spend_the_hours_do_worse_as_on_paper(shares, hits):
    spent = np.dot(shares, COSTS)
    rates = np.array(shares) * (BUDGET / spent if spent > 0.0 else 0.0)
    found = total_hits(rates, PLACED, HIT_RATES, FINDS, OTHER_ENDS)
    assert found == pytest.approx(hits, abs=1e-6)
    assert found > 0.2563


@st.composite
def road_sets(draw):
    n = draw(st.integers(1, 5))

    def column(low, high):
        return [draw(st.floats(low, high)) for _ in range(n)]

    return (
        column(0.01, 1.0), column(0.02, 1.0), column(0.1, 1.0), column(0.5, 10.0),
        draw(st.floats(0.0, 0.2)), draw(st.floats(0.1, 20.0)), column(0.1, 3.0),
    )  # fmt: skip


@given(road_sets())
def test_no_other_plan_of_the_same_cost_has_fewer_hits_by_scipy(roads):
    placed, hit_rates, finds, costs, other_ends, budget, weights = roads
    ours, _ = rates_of(*roads)

    def hits(rates):
        return total_hits(np.maximum(rates, 0.0), placed, hit_rates, finds, other_ends, weights)

    start = np.full(len(placed), budget / sum(costs))
    theirs = optimize.minimize(
        hits,
        start,
        method="SLSQP",
        bounds=[(0.0, budget / cost) for cost in costs],
        constraints={"type": "eq", "fun": lambda rates: np.dot(rates, costs) - budget},
        options={"ftol": 1e-12, "maxiter": 500},
    )
    assume(theirs.success)
    assert np.dot(ours, costs) == pytest.approx(budget, rel=1e-9)
    assert hits(ours) <= theirs.fun * (1.0 + 1e-6)
    assert hits(ours) == pytest.approx(theirs.fun, rel=1e-3)


@given(road_sets())
def test_what_the_last_unit_saves_is_the_same_wherever_sweeps_pay(roads):
    placed, hit_rates, finds, costs, other_ends, _, weights = roads
    rates, price = rates_of(*roads)
    for place, rate in enumerate(rates):
        gain = weights[place] * placed[place] * hit_rates[place] * finds[place] / costs[place]
        saved = gain / (hit_rates[place] + finds[place] * rate + other_ends) ** 2
        if rate > 0.0:
            assert saved == pytest.approx(price, rel=1e-6)
        else:
            assert saved <= price * (1.0 + 1e-9)


@given(road_sets(), st.floats(0.1, 20.0))
def test_no_road_is_swept_less_often_for_a_larger_budget(roads, budget):
    less, more = sorted((roads[5], budget))
    few, many = (rates_of(*roads[:5], spent, roads[6])[0] for spent in (less, more))
    assert (few <= many * (1.0 + 1e-9) + 1e-12).all()


def test_a_plan_never_costs_more_than_the_budget():
    rates, _ = rates_of(PLACED, HIT_RATES, FINDS, COSTS, OTHER_ENDS, BUDGET)
    assert rates @ COSTS <= BUDGET


@pytest.mark.parametrize(
    ("placed", "hit_rates", "finds", "budget"),
    [
        ([1.0, 1.0], [0.5, 0.5], [0.5, 0.5], 0.0),  # no hours
        ([0.0, 0.0], [0.5, 0.5], [0.5, 0.5], 8.0),  # no devices
        ([1.0, 1.0], [0.0, 0.0], [0.5, 0.5], 8.0),  # no traffic
        ([1.0, 1.0], [0.5, 0.5], [0.0, 0.0], 8.0),  # no finds
    ],
)
def test_nothing_is_swept_where_nothing_is_saved(placed, hit_rates, finds, budget):
    assert rates_of(placed, hit_rates, finds, [1.0, 1.0], 0.0, budget)[0].tolist() == [0.0, 0.0]


def test_a_road_without_traffic_leaves_all_hours_to_the_other():
    rates, _ = rates_of([1.0, 1.0], [0.0, 0.5], [0.5, 0.5], [2.0, 2.0], 0.1, 8.0)
    assert rates == pytest.approx([0.0, 4.0])


def test_a_small_budget_goes_to_the_worst_road_alone():
    rates, _ = rates_of([1.0, 0.1], [0.5, 0.5], [0.5, 0.5], [1.0, 1.0], 0.1, 0.1)
    assert rates == pytest.approx([0.1, 0.0])


def test_no_roads_at_all_are_no_trouble():
    assert rates_of([], [], [], [], 0.1, 8.0)[0].size == 0


@pytest.mark.parametrize(("price", "rate"), [(0.125, 1.5), (0.5, 0.5), (2.0, 0.0), (9.0, 0.0)])
def test_sweep_rate_on_paper(price, rate):
    # sqrt(0.5 / price) less 0.5
    assert sweep_rate(1.0, 1.0, 0.5, 1.0, 1.0, 0.0, price) == pytest.approx(rate)


def test_what_is_placed_balances_what_ends_where_nobody_sweeps():
    # 0.2 devices lie there: one passage a day meets 0.1 of them, and 0.1 * 0.2 expire.
    placed = placed_per_day(0.01, 10.0, 1.0, 0.5, 0.1)
    assert placed == pytest.approx(0.12)
    assert hits_per_day(1.0, placed, 0.5, 0.0, 0.0, 0.1) == pytest.approx(0.1)


def test_without_ends_there_are_no_hits_to_count():
    assert hits_per_day(1.0, 1.0, 0.0, 0.5, 0.0, 0.0) == 0.0
