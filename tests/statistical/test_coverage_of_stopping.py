"""Does the whole procedure, looks and stopping included, hold its 95%?

Each check simulates `N_STUDIES` studies from first look to stop and counts those in which any
interval given at the stop misses. False-alarm rate: a procedure that misses in exactly 5% of
studies fails a check with a chance of at most 1e-4. `pytest -s` prints what was measured.
"""

from collections import Counter

import numpy as np
import pytest
from scipy import stats
from worlds_of_counts import WORLDS

from sim.stats.paired import paired_intervals
from sim.stats.stopping import LookSchedule, stopping_look

N_STUDIES = 500
FALSE_ALARM = 1e-4
MOST_MISSES = int(stats.binom.isf(FALSE_ALARM, N_STUDIES, 0.05))


def studies_of(name, n_runs, seed=2295):
    return WORLDS[name](np.random.default_rng(seed), N_STUDIES, n_runs)


def is_missed(intervals, truth):
    return bool(((intervals.low > truth + 1e-9) | (intervals.high < truth - 1e-9)).any())


@pytest.mark.parametrize("budget_runs", [5, 20, 200])
@pytest.mark.parametrize("name", list(WORLDS))
def test_intervals_at_the_stop_miss_in_at_most_five_in_a_hundred_studies(name, budget_runs):
    outcomes, truth = studies_of(name, budget_runs)
    wanted = 5.0  # met at a look in some studies and not in others
    looks = [stopping_look(study, LookSchedule(), half_width=wanted) for study in outcomes]
    found = sum(is_missed(look.intervals, truth) for look in looks)
    stops = dict(sorted(Counter(look.n_runs for look in looks).items()))
    print(f"\n{name}, budget {budget_runs} runs: covered {1 - found / N_STUDIES:.3f}, {stops}")
    assert found <= MOST_MISSES


def stop_at_first_sight(study, truth):
    """The planted fault: full error at each look, every two runs, up to "significance"."""
    for n_runs in range(6, len(study) + 1, 2):
        found = paired_intervals(study[:n_runs], error=0.05)
        if ((found.low > 0.0) | (found.high < 0.0)).any():
            break
    return is_missed(found, truth)


def test_the_check_fails_where_error_is_spent_at_every_look():
    outcomes, truth = studies_of("over-dispersed", 120)
    # The same own part for all: no scenario differs, so whoever stops at a difference is wrong.
    baseline, twin = outcomes[:, :, 0], outcomes[:, :, 1]
    alike = np.stack([baseline, twin], axis=2)
    found = sum(stop_at_first_sight(study, truth[:2]) for study in alike)
    print(f"\nstopping at first sight: covered {1 - found / N_STUDIES:.3f}")
    assert found > MOST_MISSES


def test_the_check_fails_where_intervals_at_the_stop_are_a_third_too_narrow():
    outcomes, truth = studies_of("over-dispersed", 200)
    found = 0
    for study in outcomes:
        look = stopping_look(study, LookSchedule(max_runs=200), half_width=0.01)
        reach = 0.67 * look.intervals.half_width
        found += bool((np.abs(look.intervals.mean - truth) > reach + 1e-9).any())
    print(f"\na third too narrow: covered {1 - found / N_STUDIES:.3f}")
    assert found > MOST_MISSES
