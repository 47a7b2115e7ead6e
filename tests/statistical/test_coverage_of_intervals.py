"""Do the simultaneous intervals hold their 95%, with few, skewed and clustered runs?

Each check simulates `N_STUDIES` studies of a world whose truth is known and counts those in which
any interval misses. False-alarm rate: intervals that miss in exactly 5% of studies fail a check
with a chance of at most 1e-4 (binomial; limit below). `pytest -s` prints what was measured.
An interval without bounds makes no claim, and counts as one that does not miss.
"""

import numpy as np
import pytest
from scipy import stats
from worlds_of_counts import WORLDS, mass_casualty, over_dispersed, zero_heavy

from sim.stats.paired import paired_intervals

N_STUDIES = 1500
FALSE_ALARM = 1e-4
MOST_MISSES = int(stats.binom.isf(FALSE_ALARM, N_STUDIES, 0.05))


def misses(low, high, truth):
    return bool(((low > truth + 1e-9) | (high < truth - 1e-9)).any())


def n_missing_studies(world, n_runs, intervals, seed=20160701):
    outcomes, truth = world(np.random.default_rng(seed), N_STUDIES, n_runs)
    return sum(misses(*intervals(study), truth) for study in outcomes)


def ours(outcomes):
    found = paired_intervals(outcomes, error=0.05)
    return found.low, found.high


def too_narrow_by_a_quarter(outcomes):
    found = paired_intervals(outcomes, error=0.05)
    reach = 0.75 * found.half_width
    return found.mean - reach, found.mean + reach


def not_simultaneous(outcomes):
    differences = outcomes - outcomes[:, [0]]
    n_runs = len(differences)
    reach = stats.t.ppf(0.975, n_runs - 1) * differences.std(axis=0, ddof=1) / np.sqrt(n_runs)
    return differences.mean(axis=0) - reach, differences.mean(axis=0) + reach


def plain_t(outcomes):
    differences = outcomes - outcomes[:, [0]]
    n_runs, n_others = len(differences), outcomes.shape[1] - 1
    quantile = stats.t.ppf(1.0 - 0.025 / n_others, n_runs - 1)
    reach = quantile * differences.std(axis=0, ddof=1) / np.sqrt(n_runs)
    return differences.mean(axis=0) - reach, differences.mean(axis=0) + reach


@pytest.mark.parametrize("n_runs", [8, 16, 64])
@pytest.mark.parametrize("name", list(WORLDS))
def test_any_interval_misses_in_at_most_five_in_a_hundred_studies(name, n_runs):
    found = n_missing_studies(WORLDS[name], n_runs, ours)
    print(f"\n{name}, {n_runs} runs: covered {1 - found / N_STUDIES:.3f}")
    assert found <= MOST_MISSES


@pytest.mark.parametrize(
    ("world", "n_runs", "fault"),
    [
        (over_dispersed, 16, too_narrow_by_a_quarter),
        (mass_casualty, 16, too_narrow_by_a_quarter),
        (over_dispersed, 8, not_simultaneous),
        (zero_heavy, 16, plain_t),
    ],
)
def test_the_check_fails_on_a_planted_fault(world, n_runs, fault):
    found = n_missing_studies(world, n_runs, fault)
    print(f"\n{world.__name__}, {n_runs} runs, {fault.__name__}: {1 - found / N_STUDIES:.3f}")
    assert found > MOST_MISSES


def test_intervals_are_not_idle_either():
    outcomes, _ = over_dispersed(np.random.default_rng(1), 300, 32)
    ours_width = np.mean([paired_intervals(study).half_width[1:] for study in outcomes])
    plain_width = np.mean([np.subtract(*plain_t(study)[::-1])[1:] / 2 for study in outcomes])
    assert ours_width < 1.10 * plain_width
