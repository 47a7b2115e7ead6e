"""Politics: straight lines between dates, steps about them, and the motivation that they leave."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.politics import motivation, progress, reflected, walk_step

SHARE = st.floats(0.0, 1.0)
DAYS = np.array([0.0, 100.0, 300.0])
LEVELS = np.array([0.1, 0.3, 0.2])


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (-1000.0, 0.1),
        (0.0, 0.1),
        (25.0, 0.15),
        (100.0, 0.3),
        (200.0, 0.25),
        (300.0, 0.2),
        (9999.0, 0.2),
    ],
)
def test_progress_is_straight_between_dates_and_level_outside(day, expected):
    assert progress(day, DAYS, LEVELS, 3) == pytest.approx(expected, abs=1e-12)


@given(day=st.floats(-500.0, 500.0))
def test_progress_is_what_numpy_interpolates(day):
    assert progress(day, DAYS, LEVELS, 3) == pytest.approx(np.interp(day, DAYS, LEVELS), abs=1e-12)


def test_one_date_is_one_level_for_ever_and_later_dates_do_not_count():
    for day in (-5.0, 0.0, 5.0, 500.0):
        assert progress(day, DAYS, LEVELS, 1) == 0.1


@pytest.mark.parametrize(
    ("level", "reference", "at_full", "expected"),
    [
        (0.1, 0.1, 0.3, 1.0),
        (1.0, 0.1, 0.3, 0.3),
        (0.55, 0.1, 0.3, 0.65),
        (0.0, 0.5, 0.5, 1.5),  # a setback
        (0.9, 0.1, 1.0, 1.0),  # progress does not matter
        (1.0, 0.1, 0.0, 0.0),
        (0.2, 1.0, 0.3, 1.0),  # full progress is the reference
    ],
)
def test_motivation_on_paper(level, reference, at_full, expected):
    assert motivation(level, reference, at_full) == pytest.approx(expected, abs=1e-12)


@given(levels=st.tuples(SHARE, SHARE), reference=SHARE, at_full=SHARE)
def test_progress_never_raises_motivation(levels, reference, at_full):
    less, more = sorted(levels)
    assert motivation(less, reference, at_full) >= motivation(more, reference, at_full) >= 0.0


def test_motivation_never_falls_below_zero():
    assert motivation(1.5, reference_level=0.0, at_full_progress=0.0) == 0.0


def test_steps_are_uniform_with_the_mean_and_deviation_on_paper():
    n = 10_000
    steps = [walk_step((i + 0.5) / n, 0.02) for i in range(n)]
    assert np.mean(steps) == pytest.approx(0.0, abs=1e-12)
    assert np.std(steps) == pytest.approx(0.02, rel=1e-6)
    assert max(steps) == -min(steps) == pytest.approx(0.02 * 3**0.5, rel=1e-3)


@given(draw=st.floats(0.0, 1.0, exclude_max=True))
def test_a_step_of_no_size_goes_nowhere(draw):
    assert walk_step(draw, 0.0) == 0.0


@given(level=SHARE)
def test_a_level_inside_the_range_is_left_as_it_is(level):
    assert reflected(level) == level


@pytest.mark.parametrize(
    ("level", "expected"), [(-0.2, 0.2), (1.3, 0.7), (2.4, 0.4), (-1.9, 0.1), (3.5, 0.5)]
)
def test_a_level_outside_is_folded_back(level, expected):
    assert reflected(level) == pytest.approx(expected, abs=1e-12)


@given(level=st.floats(-50.0, 50.0))
def test_a_folded_level_lies_in_the_range_and_mirrors_give_the_same(level):
    assert 0.0 <= reflected(level) <= 1.0
    assert reflected(-level) == pytest.approx(reflected(level), abs=1e-9)
    assert reflected(level + 2.0) == pytest.approx(reflected(level), abs=1e-9)
