"""Sweeps: random search on paper, and what effort never does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.clearing import (
    find_probability,
    n_false_alarms,
    n_killed_in_accident,
    sweep_cost_h,
    sweep_h,
)

EFFORT = st.floats(0.0, 1000.0)
RATE = st.floats(0.0, 60.0)
LENGTH = st.floats(0.5, 200.0)


@pytest.mark.parametrize(
    ("rate", "effort", "length", "expected"),
    [
        (4.0, 0.5, 2.0, 0.632121),  # covered once: 1 - 1/e
        (4.0, 0.0, 2.0, 0.0),
        (0.0, 8.0, 2.0, 0.0),
        (2.0 * math.log(2.0), 1.0, 2.0, 0.5),
    ],
)
def test_find_probability_of_a_sweep_on_paper(rate, effort, length, expected):
    assert find_probability(rate, effort, length) == pytest.approx(expected, abs=5e-7)


def test_the_default_sweep_of_a_piece_finds_as_calibrated():
    """At 4 km/h and 2.25 km/h searched, any piece is covered 0.5625 times: q = 0.43."""
    for length_km in (1.0, 5.0, 25.0):
        effort = sweep_h(length_km, sweep_kph=4.0)
        assert find_probability(2.25, effort, length_km) == pytest.approx(0.430, abs=0.0005)


@given(rate=RATE, efforts=st.tuples(EFFORT, EFFORT), length=LENGTH)
def test_find_probability_never_falls_as_effort_grows(rate, efforts, length):
    less, more = sorted(efforts)
    low = find_probability(rate, less, length)
    assert 0.0 <= low <= find_probability(rate, more, length) <= 1.0


@given(rate=RATE, first=EFFORT, second=EFFORT, length=LENGTH)
def test_two_sweeps_miss_what_both_miss(rate, first, second, length):
    missed = (1 - find_probability(rate, first, length)) * (
        1 - find_probability(rate, second, length)
    )
    together = find_probability(rate, first + second, length)
    assert 1 - together == pytest.approx(missed, abs=1e-12)


def test_a_day_of_road_takes_a_day():
    assert sweep_h(25.0, 4.0) == 6.25
    assert sweep_h(0.0, 4.0) == 0.0


@pytest.mark.parametrize(
    ("length_km", "distance_km", "expected"),
    [
        (12.0, 0.0, 3.0),
        (12.0, 20.0, 4.0),  # two of eight hours on the way: 3 h become 3 * 8 / 6
        (24.0, 20.0, 8.0),  # it just fits
        (24.1, 20.0, math.inf),
        (0.0, 80.0, math.inf),  # all day on the way
    ],
)
def test_the_planned_cost_of_a_sweep_has_its_share_of_the_way(length_km, distance_km, expected):
    assert sweep_cost_h(length_km, 4.0, distance_km, 20.0, 8.0) == pytest.approx(expected)


def test_the_mean_number_of_false_alarms_is_the_rate_times_the_length():
    draws = [(place + 0.5) / 10_000 for place in range(10_000)]
    mean = sum(n_false_alarms(draw, 25.0, 2.0) for draw in draws) / 10_000
    assert mean == pytest.approx(0.5, abs=0.001)


def test_without_false_alarms_there_are_none():
    assert n_false_alarms(1.0 - 2.0**-53, 25.0, 0.0) == 0


@given(draw=st.floats(0.0, 1.0, exclude_max=True), exposed=st.integers(0, 35))
def test_nobody_dies_in_an_accident_who_is_not_exposed(draw, exposed):
    assert 0 <= n_killed_in_accident(draw, exposed, 0.4) <= exposed
    assert n_killed_in_accident(draw, exposed, 0.0) == 0
    assert n_killed_in_accident(draw, exposed, 1.0) == exposed
