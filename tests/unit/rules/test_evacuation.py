"""Evacuation: delays and what they cost, on paper."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.evacuation import death_probability, flight_delay_h, road_delay_h

SHARE = st.floats(0.0, 1.0)
HOURS = st.floats(0.0, 1e4)


def test_a_helicopter_flies_out_and_back_after_its_alert():
    assert flight_delay_h(1.5, 110.0, 250.0, 220.0) == pytest.approx(2.5)
    assert flight_delay_h(1.5, 0.0, 0.0, 220.0) == pytest.approx(1.5)


@pytest.mark.parametrize(("km", "reaches"), [(249.9, True), (250.0, True), (250.1, False)])
def test_nothing_flies_beyond_the_radius(km, reaches):
    assert math.isfinite(flight_delay_h(1.5, km, 250.0, 220.0)) == reaches


def test_a_road_takes_its_distance_over_the_speed():
    assert road_delay_h(45.0, 30.0) == pytest.approx(1.5)
    assert road_delay_h(math.inf, 30.0) == math.inf


@pytest.mark.parametrize(
    ("delay_h", "expected"), [(0.0, 0.0), (3.0, 0.1), (6.0, 0.15), (9.0, 0.175), (math.inf, 0.2)]
)
def test_half_of_the_deaths_come_in_every_half_life(delay_h, expected):
    assert death_probability(0.2, delay_h, 3.0, 1.0) == pytest.approx(expected, abs=1e-15)


def test_care_scales_deaths_up_to_certainty():
    assert death_probability(0.2, 3.0, 3.0, 0.8) == pytest.approx(0.08)
    assert death_probability(1.0, math.inf, 3.0, 1.2) == 1.0


@given(untreated=SHARE, delay_h=HOURS, longer_h=HOURS, half_life_h=st.floats(0.1, 1000.0))
def test_a_longer_wait_never_saves_anybody(untreated, delay_h, longer_h, half_life_h):
    short = death_probability(untreated, delay_h, half_life_h, 1.0)
    long = death_probability(untreated, delay_h + longer_h, half_life_h, 1.0)
    assert 0.0 <= short <= long <= untreated


@given(delay_h=HOURS, half_life_h=st.floats(0.1, 1000.0), care=st.floats(0.0, 20.0))
def test_where_nobody_dies_untreated_nobody_dies_of_waiting(delay_h, half_life_h, care):
    assert death_probability(0.0, delay_h, half_life_h, care) == 0.0
