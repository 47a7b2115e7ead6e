"""Adaptation: an area that is a count of decisions, a curve of practice, and their bounds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.adaptation import excitation_per_success, excited_rate_per_day, skill_scale
from sim.rules.memory import remembered

PRACTICE = st.floats(0.0, 1e4)


@pytest.mark.parametrize("half_life_days", [1.0, 14.0, 100.0])
def test_the_area_under_what_a_success_adds_is_the_number_of_further_decisions(half_life_days):
    """Trapezoids of an hour over forty half-lives; their error is far below 1e-4."""
    height = excitation_per_success(1.25, half_life_days)
    n_hours = int(40 * 24 * half_life_days)
    levels = [remembered(height, hour, 24.0 * half_life_days) for hour in range(n_hours)]
    area = (sum(levels) - (levels[0] + levels[-1]) / 2.0) / 24.0
    assert area == pytest.approx(1.25, rel=1e-4)


@pytest.mark.parametrize(
    ("excitation", "rate"), [(0.0, 0.5), (0.25, 0.75), (1.0, 1.5), (50.0, 1.5)]
)
def test_successes_add_to_the_rate_up_to_their_most(excitation, rate):
    assert excited_rate_per_day(0.5, excitation, 2.0) == rate


def test_without_a_base_rate_successes_add_nothing():
    assert excited_rate_per_day(0.0, 5.0, 6.0) == 0.0


@pytest.mark.parametrize(
    ("practice", "scale"), [(10.0, 1.0), (21.0, 0.5), (43.0, 0.25), (0.0, 4.0), (1e9, 0.25)]
)
def test_each_doubling_of_practice_halves_finds_at_an_exponent_of_one(practice, scale):
    """11 with the one that is added; 22, 44. Without practice 11 times, but no more than 4."""
    assert skill_scale(practice, 10.0, 1.0, 4.0) == pytest.approx(scale, rel=1e-12)


def test_the_progress_curve_of_the_published_example():
    """tau_1 = 60, b = 0.8: tau_2 = 34.461 and tau_10 = 9.509; n counts from 1 here too."""
    for n, expected in ((1, 60.0), (2, 34.461), (10, 9.509)):
        assert 60.0 * skill_scale(n - 1.0, 0.0, 0.8, 100.0) == pytest.approx(expected, abs=5e-4)


@given(practice=PRACTICE, reference=PRACTICE)
def test_an_exponent_of_zero_leaves_concealment_to_the_bit(practice, reference):
    assert skill_scale(practice, reference, 0.0, 2.0) == 1.0


@given(st.tuples(PRACTICE, PRACTICE), PRACTICE, st.floats(0.0, 2.0), st.floats(1.0, 100.0))
def test_more_practice_is_never_easier_to_find(practices, reference, exponent, most):
    less, more = sorted(practices)
    scales = [skill_scale(practice, reference, exponent, most) for practice in (more, less)]
    assert 1.0 / most <= scales[0] <= scales[1] <= most
    assert math.isfinite(scales[1])
