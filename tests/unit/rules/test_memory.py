"""Memories: halves in time, a fixed share with distance."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.memory import nearby, remembered, seen_per_day

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


@pytest.mark.parametrize("half_life_h", [24.0, 720.0])
def test_three_passages_a_day_are_seen_as_three_a_day_whatever_the_half_life(half_life_h):
    """A passage every eight hours for forty half-lives, within the step of eight hours."""
    total = 0.0
    for _ in range(int(40 * half_life_h / 8.0)):
        total = remembered(total, 8.0, half_life_h) + 1.0
    step = 8.0 * math.log(2.0) / half_life_h
    assert seen_per_day(total, 0.0, half_life_h) == pytest.approx(3.0, rel=step)
    assert seen_per_day(total, half_life_h, half_life_h) == pytest.approx(1.5, rel=step)
