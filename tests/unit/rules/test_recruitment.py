"""Recruitment: an exponential approach to a capacity that politics and grievance set."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.recruitment import DAYS_PER_YEAR, GREATEST_CAPACITY, capacity, grown_strength

STRENGTH, RATE, DAYS = st.floats(0.0, 2.0), st.floats(0.0, 100.0), st.floats(0.0, 4000.0)


@pytest.mark.parametrize("years", [0.0, 0.5, 1.0, 3.0])
def test_the_gap_closes_exponentially_from_below_and_from_above(years):
    """At 1.5 a year a gap of 0.4 is 0.4 e^(-1.5 t) after t years."""
    left = 0.4 * math.exp(-1.5 * years)
    days = years * DAYS_PER_YEAR
    assert grown_strength(0.6, 1.0, 1.5, days) == pytest.approx(1.0 - left, rel=1e-12)
    assert grown_strength(1.4, 1.0, 1.5, days) == pytest.approx(1.0 + left, rel=1e-12)


@given(strength=STRENGTH, held=STRENGTH, days=DAYS)
def test_without_recruitment_strength_stays_to_the_bit(strength, held, days):
    assert grown_strength(strength, held, 0.0, days) == strength


@given(strength=STRENGTH, held=STRENGTH, rate=RATE, first=DAYS, second=DAYS)
def test_strength_may_be_read_at_any_time_on_the_way(strength, held, rate, first, second):
    once = grown_strength(strength, held, rate, first + second)
    twice = grown_strength(grown_strength(strength, held, rate, first), held, rate, second)
    assert twice == pytest.approx(once, abs=1e-12)
    assert min(strength, held) - 1e-15 <= once <= max(strength, held) + 1e-15


@pytest.mark.parametrize(
    ("progress", "grievance", "held"),
    [
        (0.1, 0.0, 1.0),
        (1.0, 0.0, 0.3),
        (0.55, 0.0, 0.65),
        (0.55, 1.0, 1.3),
        (0.0, 0.0, 1.0 + 0.7 / 9.0),
        (0.1, 50.0, GREATEST_CAPACITY),
    ],
)
def test_capacity_on_paper(progress, grievance, held):
    assert capacity(progress, 0.1, 0.3, grievance) == pytest.approx(held, rel=1e-12)


def test_a_reference_of_full_progress_leaves_capacity_to_grievance():
    assert capacity(0.3, 1.0, 0.0, 0.25) == 1.25


@given(*(st.floats(0.0, 1.0) for _ in range(3)), st.floats(0.0, 1e6))
def test_capacity_stays_in_its_range(progress, reference, at_full, grievance):
    assert 0.0 <= capacity(progress, reference, at_full, grievance) <= GREATEST_CAPACITY
