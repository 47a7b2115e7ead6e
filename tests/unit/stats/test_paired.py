import numpy as np
import pytest
from scipy import stats

from sim.stats.paired import (
    MIN_DIFFERING_RUNS,
    MIN_IDENTICAL_RUNS,
    paired_intervals,
    simultaneous_intervals,
)


@pytest.fixture
def outcomes():
    rng = np.random.default_rng(5)
    return rng.negative_binomial(8, 0.2, (40, 4)).astype(float)


def test_what_all_scenarios_share_cancels(outcomes):
    shared = np.random.default_rng(6).integers(0, 1000, (40, 1))
    with_shared, without = paired_intervals(outcomes + shared), paired_intervals(outcomes)
    np.testing.assert_allclose(with_shared.low, without.low)
    np.testing.assert_allclose(with_shared.high, without.high)


def test_turning_the_sign_turns_the_interval(outcomes):
    found, turned = paired_intervals(outcomes), paired_intervals(-outcomes)
    np.testing.assert_allclose(found.low, -turned.high)


def test_without_skewness_the_interval_is_that_of_bonferroni():
    symmetric = np.linspace(-3.0, 3.0, 9)
    outcomes = np.column_stack([np.zeros(9), symmetric + 1.0, -symmetric + 1.0])
    reach = stats.t.ppf(1 - 0.05 / 4, 8) * symmetric.std(ddof=1) / 3.0
    found = paired_intervals(outcomes)
    np.testing.assert_allclose(found.high[1:], 1.0 + reach)
    np.testing.assert_allclose(found.half_width[1:], reach)


def test_the_order_of_scenarios_changes_nothing(outcomes):
    order = [0, 3, 1, 2]
    found, reordered = paired_intervals(outcomes), paired_intervals(outcomes[:, order])
    np.testing.assert_array_equal(found.low[order], reordered.low)


def test_another_baseline_takes_the_same_differences_the_other_way_round(outcomes):
    two = outcomes[:, :2]
    assert paired_intervals(two, 0).low[1] == pytest.approx(-paired_intervals(two, 1).high[0])


def test_a_smaller_error_widens_every_interval(outcomes):
    wide, narrow = paired_intervals(outcomes, error=0.001), paired_intervals(outcomes, error=0.05)
    assert (wide.half_width[1:] > narrow.half_width[1:]).all()


def test_few_runs_that_differ_allow_no_claim():
    outcomes = np.zeros((200, 2))
    outcomes[: MIN_DIFFERING_RUNS - 1, 1] = 5.0
    assert np.isinf(paired_intervals(outcomes).half_width[1])
    outcomes[MIN_DIFFERING_RUNS - 1, 1] = 4.0
    assert np.isfinite(paired_intervals(outcomes).half_width[1])


def test_a_twin_of_the_baseline_is_the_same_once_enough_runs_say_so():
    few, enough = (np.ones((n, 2)) for n in (MIN_IDENTICAL_RUNS - 1, MIN_IDENTICAL_RUNS))
    assert np.isinf(paired_intervals(few).half_width[1])
    assert paired_intervals(enough).half_width[1] == 0.0


@pytest.mark.parametrize("n_runs", [0, 1])
def test_one_run_allows_no_claim(n_runs):
    assert np.isinf(paired_intervals(np.ones((n_runs, 3))).half_width[1:]).all()


def test_means_of_a_constant_have_no_width():
    found = simultaneous_intervals(np.full((10, 1), 7.0))
    assert (found.low[0], found.high[0]) == (7.0, 7.0)
