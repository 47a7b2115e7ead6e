"""Training: levels on paper, limits, and what never happens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.training import (
    faded_level,
    level_after_course,
    trained_find_probability,
    trained_ratio,
)

SHARE = st.floats(0.0, 1.0)
RATIO = st.floats(0.05, 1.0)


@pytest.mark.parametrize(
    ("find_probability", "level", "reference", "ratio", "expected"),
    [
        (0.69, 1.0, 0.0, 18 / 31, 0.82),  # misses of 31% and 18%
        (0.5, 0.5, 0.0, 0.25, 0.75),  # half a step takes the root of the ratio
        (0.75, 0.0, 1.0, 0.5, 0.5),  # a step back doubles the misses
        (0.1, 0.0, 1.0, 0.5, 0.0),  # and never misses more than all
        (1.0, 0.0, 1.0, 0.5, 1.0),
    ],
)
def test_trained_find_probability_on_paper(find_probability, level, reference, ratio, expected):
    found = trained_find_probability(find_probability, level, reference, ratio)
    assert found == pytest.approx(expected, abs=1e-12)


@given(find_probability=SHARE, level=SHARE, ratio=RATIO)
def test_the_given_probability_holds_at_the_reference_level(find_probability, level, ratio):
    found = trained_find_probability(find_probability, level, level, ratio)
    assert found == pytest.approx(find_probability, abs=1e-12)


@given(find_probability=SHARE, level=SHARE, reference=SHARE)
def test_training_that_misses_as_much_changes_nothing(find_probability, level, reference):
    found = trained_find_probability(find_probability, level, reference, 1.0)
    assert found == pytest.approx(find_probability, abs=1e-12)


@given(find_probability=SHARE, levels=st.tuples(SHARE, SHARE), reference=SHARE, ratio=RATIO)
def test_more_training_never_finds_less(find_probability, levels, reference, ratio):
    less, more = sorted(levels)
    low = trained_find_probability(find_probability, less, reference, ratio)
    high = trained_find_probability(find_probability, more, reference, ratio)
    assert 0.0 <= low <= high <= 1.0


@pytest.mark.parametrize(("elapsed", "left"), [(0.0, 0.8), (730.0, 0.4), (1460.0, 0.2)])
def test_a_level_halves_in_every_half_life(elapsed, left):
    assert faded_level(0.8, elapsed, 730.0) == pytest.approx(left, rel=1e-12)


@given(level=SHARE, first=st.floats(0.0, 5000.0), second=st.floats(0.0, 5000.0))
def test_fading_in_two_steps_is_fading_in_one(level, first, second):
    once = faded_level(level, first + second, 365.0)
    assert faded_level(faded_level(level, first, 365.0), second, 365.0) == pytest.approx(
        once, rel=1e-9
    )
    assert 0.0 <= once <= level


@pytest.mark.parametrize(
    ("level", "reference", "ratio", "expected"),
    [
        (1.0, 0.0, 0.9, 0.9),
        (0.5, 0.0, 0.81, 0.9),  # half a step takes the root
        (0.0, 1.0, 0.8, 1.25),  # a step back divides by it
        (0.35, 0.35, 0.5, 1.0),
    ],
)
def test_trained_ratio_on_paper(level, reference, ratio, expected):
    assert trained_ratio(level, reference, ratio) == pytest.approx(expected, rel=1e-12)


@given(level=SHARE, reference=SHARE)
def test_a_ratio_of_one_changes_nothing_to_the_last_bit(level, reference):
    assert trained_ratio(level, reference, 1.0) == 1.0


@given(levels=st.tuples(SHARE, SHARE), reference=SHARE, ratio=RATIO)
def test_more_training_never_raises_the_ratio(levels, reference, ratio):
    less, more = sorted(levels)
    assert trained_ratio(less, reference, ratio) >= trained_ratio(more, reference, ratio) > 0.0


@pytest.mark.parametrize(
    ("level", "gain", "expected"),
    [(0.2, 0.5, 0.6), (0.6, 0.5, 0.8), (0.3, 0.0, 0.3), (0.3, 1.0, 1.0), (1.0, 0.5, 1.0)],
)
def test_level_after_course_on_paper(level, gain, expected):
    assert level_after_course(level, gain) == pytest.approx(expected, rel=1e-12)


@given(levels=st.tuples(SHARE, SHARE), gain=SHARE)
def test_a_course_never_lowers_a_level_and_keeps_the_order_of_companies(levels, gain):
    less, more = sorted(levels)
    after_less, after_more = level_after_course(less, gain), level_after_course(more, gain)
    assert less <= after_less <= 1.0
    assert after_less <= after_more + 1e-12
