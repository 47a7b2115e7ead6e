"""Emplacement: weights on paper, choices by weight, memories read late."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.emplacement import (
    attempt_rate_per_day,
    chosen_place,
    place_weights,
    placement_weight,
)

DRAW = st.floats(0.0, 1.0, exclude_max=True)
LAST_DRAW = 1.0 - 2.0**-53
BETAS = {
    "beta_traffic": 1.0,
    "beta_deterrence": 0.2,
    "beta_success": 0.3,
    "beta_pressure": 0.3,
    "beta_distance_per_km": 0.01,
}


def weight(length=10.0, traffic=0.0, patrols=0.0, success=0.0, pressure=0.0, distance=0.0, **betas):
    return placement_weight(
        length, traffic, patrols, success, pressure, distance, *{**BETAS, **betas}.values()
    )


def test_all_cells_together_attempt_what_a_month_holds():
    year = 365.25 * sum(attempt_rate_per_day(16.0, share, 1.0) for share in (0.5, 0.3, 0.2))
    assert year == pytest.approx(12 * 16.0, rel=1e-12)
    assert attempt_rate_per_day(16.0, 0.5, 0.0) == 0.0
    assert attempt_rate_per_day(0.0, 0.5, 1.0) == 0.0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, 10.0),
        ({"length": 0.0}, 0.0),
        ({"traffic": 3.0}, 40.0),
        ({"traffic": 3.0, "beta_traffic": 0.5}, 20.0),
        ({"patrols": 3.0, "beta_deterrence": 0.5}, 5.0),
        ({"traffic": 3.0, "patrols": 3.0, "beta_deterrence": 1.0}, 10.0),
        ({"patrols": 3.0, "beta_deterrence": 0.0}, 10.0),
        ({"success": 1.0, "beta_success": math.log(3.0)}, 30.0),
        ({"pressure": 1.0, "beta_pressure": math.log(2.0)}, 5.0),
        ({"distance": 100.0}, 10.0 / math.e),
        ({"success": 2.0, "pressure": 2.0}, 10.0),
    ],
)
def test_placement_weight_on_paper(changed, expected):
    assert weight(**changed) == pytest.approx(expected, rel=1e-12)


@given(cut=st.floats(0.0, 1.0), traffic=st.floats(0.0, 100.0), distance=st.floats(0.0, 500.0))
def test_cutting_a_road_in_two_leaves_its_weight_unchanged(cut, traffic, distance):
    whole = weight(25.0, traffic, distance=distance)
    parts = weight(25.0 * cut, traffic, distance=distance) + weight(
        25.0 * (1.0 - cut), traffic, distance=distance
    )
    assert parts == pytest.approx(whole, rel=1e-12)


def test_a_thousand_remembered_strikes_stay_within_the_range_of_numbers():
    assert math.isfinite(1000 * weight(success=1000.0, beta_success=5.0))
    assert weight(pressure=1000.0, beta_pressure=5.0) == 0.0


@given(traffic=st.tuples(st.floats(0.0, 1e6), st.floats(0.0, 1e6)), success=st.floats(0.0, 1e4))
def test_weight_never_falls_as_traffic_grows(traffic, success):
    less, more = sorted(traffic)
    assert 0.0 <= weight(traffic=less, success=success) <= weight(traffic=more, success=success)


def order(place: int, n: int) -> int:
    """Places in the order of the wheel, where nothing comes last."""
    return n if place < 0 else place


@pytest.mark.parametrize(
    ("weights", "nothing"),
    [([1.0, 2.0, 5.0], 2.0), ([0.0, 3.0, 0.0], 1.0), ([4.0], 0.0), ([0.1] * 10, 0.3), ([], 1.0)],
)
def test_places_are_chosen_by_weight_and_nothing_comes_last(steps, weights, nothing):
    array, n = np.array(weights), len(weights)
    measured = steps(lambda draw: order(chosen_place(draw, array, n, nothing), n), n)
    expected = np.cumsum(weights) / (sum(weights) + nothing)
    assert measured == pytest.approx(expected, abs=1e-15)


def test_only_the_first_weights_count():
    assert chosen_place(LAST_DRAW, np.array([1.0, 1.0, 1e9]), 2, 0.0) == 1


def test_nothing_is_chosen_where_nothing_has_weight():
    for draw in (0.0, 0.5, LAST_DRAW):
        assert chosen_place(draw, np.zeros(3), 3, 0.0) == -1
        assert chosen_place(draw, np.zeros(3), 0, 0.0) == -1


@given(
    draw=DRAW,
    weights=st.lists(st.one_of(st.just(0.0), st.floats(1e-9, 1e9)), min_size=1, max_size=20),
)
def test_without_the_option_of_nothing_a_place_with_weight_is_chosen(draw, weights):
    place = chosen_place(draw, np.array(weights), len(weights), 0.0)
    if any(weights):
        assert weights[place] > 0.0
        assert place >= 0
    else:
        assert place == -1


def test_remembered_traffic_settles_at_the_vehicles_that_pass_in_a_day():
    """Four vehicles every hour for forty half-lives are 96 a day, within the step of an hour."""
    half_life_h = 720.0
    fade = math.exp(-math.log(2.0) / half_life_h)
    total = 0.0
    for _ in range(40 * 720):
        total = total * fade + 4.0
    zero, weights = np.zeros(1), np.empty(1)
    place_weights(
        weights, np.zeros(1, dtype=np.int32), 1, 100.0, np.ones(1), np.array([total]),
        np.full(1, 100.0), zero, zero, zero, zero, zero, zero, zero, half_life_h, *BETAS.values(),
    )  # fmt: skip
    assert weights[0] - 1.0 == pytest.approx(96.0, rel=1e-3)


def test_place_weights_are_placement_weights_of_memories_read_now():
    candidates = np.array([3, 1], dtype=np.int32)
    length = np.array([1.0, 2.0, 3.0, 4.0])
    traffic, patrols, success, pressure = np.arange(1.0, 17.0).reshape(4, 4)
    then = np.array([0.0, 24.0, 48.0, 72.0])
    distance = np.array([50.0, 100.0])
    weights = np.full(3, -1.0)
    place_weights(
        weights, candidates, 2, 96.0, length, traffic, then, patrols, then, success, then,
        pressure, then, distance, 24.0, *BETAS.values(),
    )  # fmt: skip
    for place, segment in enumerate(candidates):
        left = 0.5 ** ((96.0 - then[segment]) / 24.0)
        expected = weight(
            length[segment],
            traffic[segment] * left * math.log(2.0),  # a half-life of one day
            patrols[segment] * left * math.log(2.0),
            success[segment] * left,
            math.log1p(pressure[segment] * left),
            distance[place],
        )
        assert weights[place] == pytest.approx(expected, rel=1e-12)
    assert weights[2] == -1.0
