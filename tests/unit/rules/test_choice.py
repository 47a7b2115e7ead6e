"""One of many, by weight."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.choice import chosen_option

DRAW = st.floats(0.0, 1.0, exclude_max=True)


@given(draw=DRAW, n=st.integers(1, 40))
def test_options_alike_are_chosen_by_the_whole_part_of_the_draw(draw, n):
    """What patrols have always done: with equal weights it must stay bit for bit the same."""
    assert chosen_option(draw, np.ones(n), 0, n) == int(draw * n)
    assert chosen_option(draw, np.zeros(n), 0, n) == int(draw * n)


@given(
    draw=DRAW,
    weights=st.lists(st.sampled_from([0.0, 0.1, 1.0, 7.0]), min_size=1, max_size=9),
    before=st.integers(0, 3),
)
def test_the_choice_lies_in_its_row_and_never_on_a_weight_of_zero(draw, weights, before):
    padded = np.array([50.0] * before + weights + [50.0])
    option = chosen_option(draw, padded, before, len(weights))
    assert 0 <= option < len(weights)
    assert weights[option] > 0.0 or not any(weights)


def test_shares_are_in_proportion_to_the_weights():
    draws = (np.arange(1000) + 0.5) / 1000
    chosen = [chosen_option(draw, np.array([1.0, 3.0, 0.0, 6.0]), 0, 4) for draw in draws]
    assert np.bincount(chosen, minlength=4).tolist() == [100, 300, 0, 600]


@pytest.mark.parametrize("n", [1, 2, 3, 5, 7])
def test_the_greatest_draw_takes_the_last_option(n):
    assert chosen_option(1.0 - 2.0**-53, np.full(n, 0.1), 0, n) == n - 1
