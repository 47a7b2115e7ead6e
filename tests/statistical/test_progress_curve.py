"""Does the interval of the slope of a progress curve hold as often as it says?

Each check fits `N_FITS` curves with a slope of 0.8 and counts the intervals that miss it.
False-alarm rate: intervals that miss in exactly 5% of fits fail a check with a chance of at most
1e-4 a side. `pytest -s` prints what was measured.
"""

import numpy as np
import pytest
from scipy import stats

from sim.stats.progress_curve import fit_progress_curve, progress_interval_days

N_FITS = 2000
FALSE_ALARM = 1e-4
FEWEST_MISSES = int(stats.binom.ppf(FALSE_ALARM, N_FITS, 0.05))
MOST_MISSES = int(stats.binom.isf(FALSE_ALARM, N_FITS, 0.05))
SLOPE, FIRST_DAYS = 0.8, 60.0


def scattered_intervals(scatter, n_intervals, seed=2295):
    rng = np.random.default_rng(seed)
    size = (N_FITS, n_intervals)
    about_one = {
        "log-normal": lambda: np.exp(rng.normal(0.0, 0.9, size)),
        "waiting times of chance": lambda: rng.exponential(1.0, size),
    }[scatter]()
    return about_one * progress_interval_days(np.arange(1, n_intervals + 1), FIRST_DAYS, SLOPE)


def n_misses(curves, share_of_width=1.0):
    slope = np.array([curve.slope for curve in curves])
    reach = np.array([curve.slope_high - curve.slope for curve in curves])
    return int((np.abs(slope - SLOPE) > share_of_width * reach).sum())


@pytest.mark.parametrize("n_intervals", [6, 40])
def test_intervals_miss_in_five_of_a_hundred_where_logarithms_scatter_normally(n_intervals):
    curves = [fit_progress_curve(i) for i in scattered_intervals("log-normal", n_intervals)]
    found = n_misses(curves)
    print(f"\nlog-normal, {n_intervals} intervals: covered {1 - found / N_FITS:.3f}")
    assert FEWEST_MISSES <= found <= MOST_MISSES
    log_first = np.log([curve.first_interval_days for curve in curves])
    # 4 standard errors: false-alarm rate 6e-5.
    reach = 4.0 * log_first.std() / np.sqrt(N_FITS)
    assert log_first.mean() == pytest.approx(np.log(FIRST_DAYS), abs=reach)


def test_intervals_hold_nearly_for_waiting_times_of_chance():
    curves = [fit_progress_curve(i) for i in scattered_intervals("waiting times of chance", 20)]
    found = n_misses(curves)
    print(f"\nwaiting times of chance, 20 intervals: covered {1 - found / N_FITS:.3f}")
    # Held to 6.5%, not to 5%: the scatter is one-sided, and the level was never exact.
    assert found <= stats.binom.isf(FALSE_ALARM, N_FITS, 0.065)
    log_first = np.log([curve.first_interval_days for curve in curves])
    reach = 4.0 * log_first.std() / np.sqrt(N_FITS)
    assert log_first.mean() == pytest.approx(np.log(FIRST_DAYS) - np.euler_gamma, abs=reach)


def test_the_check_fails_where_the_normal_quantile_stands_for_students():
    curves = [fit_progress_curve(i) for i in scattered_intervals("log-normal", 6)]
    found = n_misses(curves, share_of_width=stats.norm.ppf(0.975) / stats.t.ppf(0.975, 4))
    print(f"\nnormal quantile, 6 intervals: covered {1 - found / N_FITS:.3f}")
    assert found > MOST_MISSES


def test_the_check_fails_where_the_first_interval_is_numbered_zero():
    """ln(n + 1) in place of ln n, as whoever counts from the wrong event has it."""
    wrong = [
        stats.linregress(np.log(np.arange(2, 42)), np.log(intervals))
        for intervals in scattered_intervals("log-normal", 40)
    ]
    reach = stats.t.ppf(0.975, 38)
    found = sum(abs(-line.slope - SLOPE) > reach * line.stderr for line in wrong)
    print(f"\nnumbered from the wrong event: covered {1 - found / N_FITS:.3f}")
    assert found > MOST_MISSES
