"""Encounters: a file of vehicles and one device, on paper and at the limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import geom

from sim.rules.encounter import (
    concealment_scale,
    find_probability_on_road,
    strike_probability,
    struck_vehicle,
)

SHARE = st.floats(0.0, 1.0)
DRAW = st.floats(0.0, 1.0, exclude_max=True)
LAST_DRAW = 1.0 - 2.0**-53


@pytest.mark.parametrize(
    ("find_probability", "concealment", "expected"),
    [(0.28, 1.0, 0.28), (0.4, 1.5, 0.6), (0.8, 1.5, 1.0), (0.0, 2.0, 0.0), (1.0, 0.5, 0.5)],
)
def test_find_probability_on_road_on_paper(find_probability, concealment, expected):
    assert find_probability_on_road(find_probability, concealment) == pytest.approx(expected)


@given(find_probability=SHARE, concealment=st.floats(0.0, 2.0))
def test_find_probability_on_road_is_a_probability(find_probability, concealment):
    assert 0.0 <= find_probability_on_road(find_probability, concealment) <= 1.0


@pytest.mark.parametrize(
    ("n_vehicles", "expected"), [(1, 0.02), (10, 0.18293), (30, 0.45452), (143, 0.94437)]
)
def test_strike_probability_of_a_convoy_on_paper(n_vehicles, expected):
    assert strike_probability(0.02, n_vehicles) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize(
    ("per_vehicle", "n_vehicles", "expected"),
    [(0.0, 50, 0.0), (0.0, 0, 0.0), (1.0, 0, 0.0), (1.0, 1, 1.0), (1.0, 143, 1.0)],
)
def test_strike_probability_at_its_limits(per_vehicle, n_vehicles, expected):
    assert strike_probability(per_vehicle, n_vehicles) == expected


@given(per_vehicle=SHARE, n_vehicles=st.integers(0, 300))
def test_a_longer_file_is_never_struck_less(per_vehicle, n_vehicles):
    shorter = strike_probability(per_vehicle, n_vehicles)
    longer = strike_probability(per_vehicle, n_vehicles + 1)
    assert 0.0 <= shorter <= longer <= 1.0
    joined = 1.0 - (1.0 - shorter) * (1.0 - per_vehicle)
    assert longer == pytest.approx(joined, abs=1e-12)


@pytest.mark.parametrize("n_vehicles", [1, 2, 4, 50])
@pytest.mark.parametrize("per_vehicle", [1e-9, 0.02, 0.15, 0.5, 0.9])
def test_the_place_struck_is_a_geometric_cut_off_at_the_end(steps, per_vehicle, n_vehicles):
    places = np.arange(1, n_vehicles)
    expected = geom.cdf(places, per_vehicle) / geom.cdf(n_vehicles, per_vehicle)
    measured = steps(lambda draw: struck_vehicle(draw, per_vehicle, n_vehicles), n_vehicles - 1)
    # At 1e-9 a vehicle scipy's own powers lose seven digits; otherwise twelve digits hold.
    assert measured == pytest.approx(expected, abs=1e-7 if per_vehicle < 1e-6 else 1e-12)


def test_the_lead_is_struck_where_every_vehicle_would_be():
    assert struck_vehicle(LAST_DRAW, 1.0, 50) == 0


def test_all_places_are_alike_where_hardly_any_vehicle_is_struck(steps):
    for per_vehicle in (0.0, 1e-15):
        measured = steps(lambda draw, r=per_vehicle: struck_vehicle(draw, r, 4), 3)
        assert measured == pytest.approx([0.25, 0.5, 0.75], abs=1e-12)


@given(draw=DRAW, per_vehicle=SHARE, n_vehicles=st.integers(1, 300))
def test_the_place_struck_lies_in_the_file(draw, per_vehicle, n_vehicles):
    assert 0 <= struck_vehicle(draw, per_vehicle, n_vehicles) < n_vehicles


def test_concealment_is_uniform_between_its_limits():
    assert concealment_scale(0.0, 0.5, 1.5) == 0.5
    assert concealment_scale(0.5, 0.5, 1.5) == 1.0
    assert concealment_scale(LAST_DRAW, 0.5, 1.5) <= 1.5
    assert concealment_scale(0.7, 1.0, 1.0) == 1.0
