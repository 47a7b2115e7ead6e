"""Memories: halves in time, a fixed share with distance."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.memory import nearby, remembered

HOURS = st.floats(0.0, 20_000.0)


@pytest.mark.parametrize(("elapsed", "left"), [(0.0, 8.0), (24.0, 4.0), (72.0, 1.0)])
def test_a_memory_halves_in_every_half_life(elapsed, left):
    assert remembered(8.0, elapsed, 24.0) == pytest.approx(left, rel=1e-12)


def test_a_memory_of_nothing_is_nothing():
    assert remembered(0.0, 100.0, 24.0) == 0.0


@given(value=st.floats(0.0, 1e6), first=HOURS, second=HOURS)
def test_a_memory_may_be_read_at_any_time_on_the_way(value, first, second):
    once = remembered(value, first + second, 720.0)
    twice = remembered(remembered(value, first, 720.0), second, 720.0)
    assert twice == pytest.approx(once, rel=1e-9, abs=1e-290)
    assert 0.0 <= once <= value


def test_what_is_nearby_fades_with_distance():
    assert nearby(0.0, 20.0) == 1.0
    assert nearby(20.0, 20.0) == pytest.approx(1.0 / math.e, rel=1e-12)
    assert nearby(1e9, 20.0) == 0.0


@given(distances=st.tuples(HOURS, HOURS), smoothing=st.floats(0.1, 500.0))
def test_what_is_farther_never_colours_more(distances, smoothing):
    near, far = sorted(distances)
    assert 0.0 <= nearby(far, smoothing) <= nearby(near, smoothing) <= 1.0
