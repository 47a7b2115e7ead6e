import math

import pytest

from sim.stats.counts import dispersion, replications_needed


def test_dispersion_of_one_run_is_unknown():
    assert math.isnan(dispersion([3.0]))


def test_dispersion_of_nothing_but_zeros_is_unknown():
    assert math.isnan(dispersion([0.0, 0.0, 0.0]))


@pytest.mark.parametrize("phi", [1.0, 2.0, 5.0])
def test_runs_needed_grow_in_proportion_to_dispersion(phi):
    assert replications_needed(0.05, 16.3, phi) == pytest.approx(94.233 * phi, abs=0.5)


def test_half_the_width_takes_four_times_the_runs():
    assert replications_needed(0.025, 16.3) == pytest.approx(4 * 94.233, abs=0.5)
