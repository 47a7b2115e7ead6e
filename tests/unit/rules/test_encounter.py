"""Encounters: a file of vehicles and one device, on paper and at the limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import geom

from sim.rules.encounter import (
    concealment_scale,
    find_probability_at_pace,
    find_probability_of_both,
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


PACE = st.floats(1.0, 1000.0)


@pytest.mark.parametrize(
    ("find_probability", "km_per_day", "expected"),
    [
        (0.4, 30.0, 0.64),  # misses of 0.6 squared
        (0.4, 20.0, 0.784),  # and cubed
        (0.75, 120.0, 0.5),  # the square root of 0.25
        (0.0, 10.0, 0.0),
        (1.0, 1000.0, 1.0),
    ],
)
def test_find_probability_at_a_pace_on_paper(find_probability, km_per_day, expected):
    assert find_probability_at_pace(find_probability, km_per_day, 60.0) == pytest.approx(expected)


@given(find_probability=SHARE, km_per_day=PACE)
def test_at_the_reference_pace_finds_are_as_given_to_the_bit(find_probability, km_per_day):
    chance = find_probability_at_pace(find_probability, km_per_day, km_per_day)
    assert chance == find_probability


@given(find_probability=SHARE, slow=PACE, fast=PACE, reference=PACE)
def test_a_slower_convoy_never_finds_less(find_probability, slow, fast, reference):
    slow, fast = sorted((slow, fast))
    found = [find_probability_at_pace(find_probability, pace, reference) for pace in (slow, fast)]
    assert 1.0 >= found[0] >= found[1] - 1e-12
    assert found[1] >= 0.0


@given(find_probability=SHARE, first=PACE, second=PACE)
def test_two_searches_of_a_stretch_are_one_at_the_sum_of_their_times(
    find_probability, first, second
):
    parts = [find_probability_at_pace(find_probability, pace, 60.0) for pace in (first, second)]
    together = find_probability_at_pace(find_probability, 1.0 / (1.0 / first + 1.0 / second), 60.0)
    assert find_probability_of_both(*parts) == pytest.approx(together, abs=1e-12)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(0.4, 0.3, 0.58), (0.5, 0.5, 0.75), (0.4, 0.0, 0.4), (0.0, 1.0, 1.0), (1.0, 0.2, 1.0)],
)
def test_a_device_is_missed_where_both_miss_it(one, other, expected):
    assert find_probability_of_both(one, other) == pytest.approx(expected)
    assert find_probability_of_both(other, one) == pytest.approx(expected)


@given(one=SHARE, other=SHARE)
def test_two_find_at_least_what_the_better_finds(one, other):
    assert max(one, other) - 1e-15 <= find_probability_of_both(one, other) <= 1.0


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
