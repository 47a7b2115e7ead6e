"""What the tests of rules share."""

from collections.abc import Callable

import pytest

FINEST_DRAWS = 1 << 53
"""Draws are multiples of one over this."""


def measured_steps(inversion: Callable[[float], int], n_steps: int) -> list[float]:
    """Draw at which `inversion` first exceeds 0, 1, ..., found by bisection over all draws.

    For the inversion of a distribution these are its cumulative probabilities, to the last bit
    that a draw can tell apart: nothing is sampled.
    """
    steps = []
    for value in range(n_steps):
        low, high = 0, FINEST_DRAWS
        while low < high:
            middle = (low + high) // 2
            if inversion(middle / FINEST_DRAWS) > value:
                high = middle
            else:
                low = middle + 1
        steps.append(low / FINEST_DRAWS)
    return steps


@pytest.fixture
def steps():
    """`measured_steps`."""
    return measured_steps
