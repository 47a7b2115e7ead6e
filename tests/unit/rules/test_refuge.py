"""Refuge: near borders that nobody controls a cell slips away, far from them it does not."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.refuge import flight_probability


@pytest.mark.parametrize(
    ("at_the_door", "control", "km", "chance"),
    [
        (0.5, 0.0, 0.0, 0.5),
        (0.5, 0.2, 0.0, 0.4),
        (0.5, 0.2, 200.0, 0.4 / math.e),
        (0.5, 1.0, 0.0, 0.0),
        (0.0, 0.0, 0.0, 0.0),
        (1.0, 0.0, math.inf, 0.0),
    ],
)
def test_flight_on_paper(at_the_door, control, km, chance):
    assert flight_probability(at_the_door, control, km, 200.0) == pytest.approx(chance, rel=1e-12)


@given(st.tuples(st.floats(0.0, 3000.0), st.floats(0.0, 3000.0)), st.floats(0.0, 1.0))
def test_a_farther_refuge_is_never_taken_more_often(distances, control):
    near, far = sorted(distances)
    chances = [flight_probability(1.0, control, km, 200.0) for km in (far, near)]
    assert 0.0 <= chances[0] <= chances[1] <= 1.0
