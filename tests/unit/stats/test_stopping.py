import numpy as np
import pytest

from sim.stats.stopping import ERROR, LookSchedule, look_at, stopping_look


@pytest.fixture
def outcomes():
    rng = np.random.default_rng(5)
    return rng.poisson([100.0, 90.0], (500, 2)).astype(float)


@pytest.mark.parametrize("max_runs", [None, 2, 8, 9, 100, 5000])
@pytest.mark.parametrize("n_runs", [2, 8, 9, 40, 1000, 100_000])
def test_no_way_of_stopping_spends_more_than_the_error(max_runs, n_runs):
    schedule = LookSchedule(8, max_runs)
    n_before = sum(size < n_runs for size in schedule.early_looks)
    spent = n_before * schedule.error_of_early_look + schedule.error_of_last_look(n_runs)
    assert spent <= ERROR + 1e-12
    assert schedule.error_of_last_look(n_runs) >= 0.03 - 1e-12


def test_looks_double():
    assert LookSchedule(8, 100).early_looks == (8, 16, 32, 64)
    assert LookSchedule(8, 64).early_looks == (8, 16, 32)
    assert LookSchedule(8).last_look == 8192


def test_it_stops_at_the_first_look_that_is_narrow_enough(outcomes):
    look = stopping_look(outcomes, LookSchedule(), half_width=5.0)
    earlier = look_at(outcomes[: look.n_runs // 2], LookSchedule(), False, half_width=5.0)
    assert look.is_narrow_enough
    assert not look.is_last
    assert not earlier.is_narrow_enough


def test_a_budget_ends_it_at_the_last_look(outcomes):
    look = stopping_look(outcomes[:50], LookSchedule(), half_width=0.1)
    assert (look.n_runs, look.is_last, look.is_narrow_enough) == (50, True, False)


def test_the_wanted_width_is_a_share_of_the_baseline_unless_given(outcomes):
    mean = outcomes[:, 0].mean()
    assert look_at(outcomes, LookSchedule(), True).wanted_half_width == pytest.approx(mean / 20)
    assert look_at(outcomes, LookSchedule(), True, half_width=3.0).wanted_half_width == 3.0
