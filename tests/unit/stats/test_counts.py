import math

import pytest

from sim.stats.counts import detrended_dispersion, dispersion, replications_needed


def test_dispersion_of_one_run_is_unknown():
    assert math.isnan(dispersion([3.0]))


def test_dispersion_of_nothing_but_zeros_is_unknown():
    assert math.isnan(dispersion([0.0, 0.0, 0.0]))


@pytest.mark.parametrize("phi", [1.0, 2.0, 5.0])
def test_runs_needed_grow_in_proportion_to_dispersion(phi):
    assert replications_needed(0.05, 16.3, phi) == pytest.approx(94.233 * phi, abs=0.5)


def test_half_the_width_takes_four_times_the_runs():
    assert replications_needed(0.025, 16.3) == pytest.approx(4 * 94.233, abs=0.5)


def test_counts_that_rise_evenly_are_not_clustered():
    rising = [1.0, 3.0, 5.0, 7.0, 9.0]
    assert detrended_dispersion(rising) == pytest.approx(0.0)
    assert dispersion(rising) == 2.0


def test_without_a_trend_only_the_degree_of_freedom_differs():
    level = [2.0, 6.0, 6.0, 2.0]
    assert detrended_dispersion(level) == pytest.approx(dispersion(level) * 3 / 2)


@pytest.mark.parametrize("counts", [[], [1.0, 2.0], [0.0, 0.0, 0.0]])
def test_detrended_dispersion_of_too_little_is_unknown(counts):
    assert math.isnan(detrended_dispersion(counts))
