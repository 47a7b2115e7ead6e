"""Strikes on others: rates by surface, shares of victims, numbers hurt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from sim.rules.others import n_victims, others_hazard_per_day, victim_class

DRAW = st.floats(0.0, 1.0, exclude_max=True)


@pytest.mark.parametrize(("surface", "expected"), [(0, 0.045), (1, 0.03), (2, 0.024)])
def test_the_hazard_of_others_follows_the_surface(surface, expected):
    assert others_hazard_per_day(0.03, surface, 1.5, 0.8) == pytest.approx(expected)


@pytest.mark.parametrize("surface", [0, 1, 2])
def test_without_others_no_device_ends_by_them(surface):
    assert others_hazard_per_day(0.0, surface, 1.5, 0.8) == 0.0


@pytest.mark.parametrize(
    ("civilian", "army", "expected"),
    [
        (0.551, 0.311, [0.551, 0.862]),
        (0.0, 0.0, [0.0, 0.0]),
        (1.0, 0.0, [1.0, 1.0]),
        (0.0, 1.0, [0.0, 1.0]),
        (0.25, 0.75, [0.25, 1.0]),
    ],
)
def test_victims_fall_into_classes_by_their_shares(steps, civilian, army, expected):
    measured = steps(lambda draw: victim_class(draw, civilian, army), 2)
    assert measured == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("mean", [0.01, 0.5, 1.6, 20.0, 100.0])
def test_victims_are_poisson(steps, mean):
    n_steps = int(mean + 6 * np.sqrt(mean)) + 3
    measured = steps(lambda draw: n_victims(draw, mean), n_steps)
    assert measured == pytest.approx(poisson.cdf(np.arange(n_steps), mean), abs=1e-12)


@given(draw=DRAW)
def test_nobody_is_hurt_where_the_mean_is_zero(draw):
    assert n_victims(draw, 0.0) == 0


@given(mean=st.floats(0.0, 100.0))
def test_the_search_ends_at_the_greatest_draw(mean):
    assert n_victims(1.0 - 2.0**-53, mean) <= mean + 10.0 * np.sqrt(mean) + 20.0
