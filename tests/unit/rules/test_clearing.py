"""Sweeps: random search on paper, and what effort never does."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.clearing import find_probability, sweep_h

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
