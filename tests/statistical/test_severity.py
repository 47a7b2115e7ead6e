"""Do intervals of the severity exponent hold as often as they say, and is a bad fit seen?

Sizes are drawn by numpy's rejection sampler of the zeta law, which shares nothing with the
estimator; of those from s_min on, the law from s_min on. False-alarm rate: intervals that miss in
exactly 5% of fits fail a check with a chance of at most 1e-4 a side. `pytest -s` prints what was
measured.
"""

import functools

import numpy as np
import pytest
from scipy import stats

from sim.stats.severity import severity_exponent, severity_quantiles

N_FITS = 1000
FALSE_ALARM = 1e-4
FEWEST_MISSES = int(stats.binom.ppf(FALSE_ALARM, N_FITS, 0.05))
MOST_MISSES = int(stats.binom.isf(FALSE_ALARM, N_FITS, 0.05))
N_SIZES = 200


@functools.cache
def drawn_sizes(alpha, s_min, n_sizes=N_SIZES, seed=2295):
    """int[N_FITS, n_sizes]"""
    rng = np.random.default_rng(seed)
    kept = []
    n_kept = 0
    while n_kept < N_FITS * n_sizes:
        drawn = rng.zipf(alpha, 1_000_000)
        kept.append(drawn[drawn >= s_min])
        n_kept += len(kept[-1])
    return np.concatenate(kept)[: N_FITS * n_sizes].reshape(N_FITS, n_sizes)


@pytest.mark.parametrize(("alpha", "s_min"), [(2.5, 1), (1.8, 2)])
def test_intervals_of_the_exponent_miss_in_five_of_a_hundred_fits(alpha, s_min):
    fits = [severity_exponent(sizes, s_min) for sizes in drawn_sizes(alpha, s_min)]
    found = sum(not fit.alpha_low <= alpha <= fit.alpha_high for fit in fits)
    alphas = np.array([fit.alpha for fit in fits])
    errors = np.array([fit.standard_error for fit in fits])
    print(f"\nalpha {alpha} from {s_min}: covered {1 - found / N_FITS:.3f}", alphas.mean())
    assert FEWEST_MISSES <= found <= MOST_MISSES
    # Standard errors are those seen: 4 standard errors of a standard deviation, and its bias of 2%.
    assert errors.mean() == pytest.approx(alphas.std(), rel=4 / np.sqrt(2 * N_FITS) + 0.02)


def continuous_exponents(samples, s_min, correction):
    """Clauset, Shalizi & Newman (2009), equation 3.7: the approximation by a continuous law."""
    logs = np.log(samples / (s_min - correction)).sum(axis=1)
    n_sizes = samples.shape[1]
    alphas = 1.0 + n_sizes / logs
    return alphas, (alphas - 1.0) / np.sqrt(n_sizes)


def test_the_check_fails_for_a_continuous_law_without_the_correction_by_a_half():
    samples = drawn_sizes(2.5, 6)
    missed = {}
    for correction in (0.5, 0.0):
        alphas, errors = continuous_exponents(samples, 6, correction)
        missed[correction] = int((np.abs(alphas - 2.5) > 1.96 * errors).sum())
    print("\nmisses of the continuous law, with and without the correction:", missed)
    assert missed[0.5] <= MOST_MISSES
    assert missed[0.0] > MOST_MISSES


def test_the_check_fails_for_a_continuous_law_at_single_deaths_even_with_the_correction():
    alphas, errors = continuous_exponents(drawn_sizes(2.5, 1), 1, 0.5)
    assert (np.abs(alphas - 2.5) > 1.96 * errors).sum() > MOST_MISSES


def test_sizes_drawn_for_the_goodness_of_fit_follow_the_law():
    drawn = severity_quantiles(np.random.default_rng(4).random(100_000), 2.5, 1)
    seen = np.bincount(np.minimum(drawn, 8).astype(int), minlength=9)[1:]
    share = stats.zipf.pmf(np.arange(1, 8), 2.5)
    by_law = 100_000 * np.append(share, 1.0 - share.sum())
    assert stats.chisquare(seen, by_law).pvalue > FALSE_ALARM


def test_a_power_law_is_refuted_no_more_often_than_stated_and_other_laws_are():
    n_sets = 60
    fits = [
        severity_exponent(sizes, 1, n_simulations=19, seed=set_number)
        for set_number, sizes in enumerate(drawn_sizes(2.5, 1)[:n_sets])
    ]
    refuted = sum(fit.goodness_p <= 0.1 for fit in fits)
    print(f"\npower laws refuted at 0.1: {refuted} of {n_sets}")
    assert refuted <= stats.binom.isf(FALSE_ALARM, n_sets, 0.1)
    rng = np.random.default_rng(5)
    for _ in range(5):
        other = severity_exponent(rng.geometric(0.25, N_SIZES), 1, n_simulations=19)
        assert other.goodness_p == 0.05
