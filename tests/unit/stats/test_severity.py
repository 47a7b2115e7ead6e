import numpy as np
import pytest
from scipy import optimize, stats
from scipy.special import zeta

from sim.errors import DataError
from sim.stats.severity import (
    LARGEST_SIZE,
    MIN_TAIL,
    frequency_ratio,
    severity_exponent,
    severity_quantiles,
)

SIZES = [1, 1, 1, 1, 2, 1, 3, 1, 2, 1, 7, 1, 2, 4, 1, 1, 30, 2, 1, 5]


def log_likelihood(alpha, sizes, s_min):
    """By the plain sum of s^-alpha over a million sizes and an integral for the rest."""
    terms = np.arange(s_min, s_min + 1e6)
    total = (terms**-alpha).sum() + (s_min + 1e6 - 0.5) ** (1 - alpha) / (alpha - 1)
    return -len(sizes) * np.log(total) - alpha * np.log(sizes).sum()


def test_size_10_is_316_times_as_frequent_as_size_100():
    assert frequency_ratio(10, 100, alpha=2.5) == pytest.approx(316.2, abs=0.05)


def test_the_ratio_is_that_of_the_law_itself():
    assert frequency_ratio(2, 6, 2.5) == pytest.approx(
        stats.zipf.pmf(2, 2.5) / stats.zipf.pmf(6, 2.5)
    )


@pytest.mark.parametrize("s_min", [1, 2])
def test_the_exponent_is_the_one_of_largest_likelihood(s_min):
    tail = np.array([size for size in SIZES if size >= s_min])
    best = optimize.minimize_scalar(
        lambda alpha: -log_likelihood(alpha, tail, s_min), bounds=(1.1, 6.0), method="bounded"
    )
    fit = severity_exponent(SIZES, s_min)
    assert fit.alpha == pytest.approx(best.x, abs=1e-4)
    assert (fit.n_tail, fit.n_sizes) == (len(tail), len(SIZES))


def test_the_interval_ends_where_the_likelihood_is_too_low():
    fit = severity_exponent(SIZES, 1, error=0.05)
    lost = [
        log_likelihood(fit.alpha, SIZES, 1) - log_likelihood(end, SIZES, 1)
        for end in (fit.alpha_low, fit.alpha_high)
    ]
    assert lost == pytest.approx([3.841459 / 2] * 2, abs=1e-4)


def test_the_standard_error_is_that_of_the_curvature():
    fit = severity_exponent(SIZES, 1)
    at = [log_likelihood(fit.alpha + step, SIZES, 1) for step in (-0.01, 0.0, 0.01)]
    curvature = (at[0] - 2 * at[1] + at[2]) / 0.01**2
    assert fit.standard_error == pytest.approx((-curvature) ** -0.5, rel=1e-3)


def test_sizes_in_the_shares_of_the_law_give_its_exponent_back():
    sizes = np.arange(3, 200_000)
    shares = sizes**-2.5 / zeta(2.5, 3)
    counts = np.round(shares * 10_000_000).astype(int)
    fit = severity_exponent(np.repeat(sizes, counts), s_min=3)
    # Sizes of which less than half an event is expected are rounded away, 5e-5 of all.
    assert fit.alpha == pytest.approx(2.5, abs=2e-3)
    assert fit.distance < 5e-4


def test_the_distance_is_the_largest_over_all_whole_sizes():
    fit = severity_exponent(SIZES, 1)
    every = np.arange(1, 40)
    seen = (np.array(SIZES)[:, np.newaxis] <= every).mean(axis=0)
    by_law = 1.0 - zeta(fit.alpha, every + 1) / zeta(fit.alpha, 1)
    assert fit.distance == pytest.approx(np.abs(seen - by_law).max())


def test_a_chosen_start_has_the_least_distance_of_all_and_says_so():
    rng = np.random.default_rng(6)
    law = rng.zipf(2.5, 20_000)
    # Below 5 something else: as many of each size.
    sizes = np.concatenate([law[law >= 5], np.repeat([1, 2, 3, 4], 300)])
    chosen = severity_exponent(sizes)
    assert chosen.is_s_min_chosen
    assert 4 <= chosen.s_min <= 8
    given = {s: severity_exponent(sizes, s) for s in range(1, 12)}
    assert not given[5].is_s_min_chosen
    assert chosen.distance == min(fit.distance for fit in given.values())
    assert chosen.alpha == given[chosen.s_min].alpha
    assert given[1].alpha < chosen.alpha_low


def test_a_chosen_start_leaves_enough_sizes():
    sizes = [*range(1, MIN_TAIL), 400, 500]
    assert severity_exponent(sizes).n_tail >= MIN_TAIL


def test_a_start_between_sizes_counts_as_it_is():
    assert severity_exponent([5, 5, 5, 9, 20], s_min=4).s_min == 4


def test_quantiles_are_those_of_the_zeta_law():
    share = np.linspace(0.001, 0.9999, 500)
    np.testing.assert_array_equal(severity_quantiles(share, 2.5, 1), stats.zipf.ppf(share, 2.5))


@pytest.mark.parametrize(("alpha", "s_min"), [(1.5, 1), (2.5, 12), (3.5, 700)])
def test_quantiles_far_out_turn_the_law_round(alpha, s_min):
    share = 1.0 - np.logspace(-6, -0.01, 300)
    size = severity_quantiles(share, alpha, s_min)
    rarer = (1.0 - share) * zeta(alpha, s_min)
    inside = size < LARGEST_SIZE / 2
    assert inside.sum() > 250
    assert (zeta(alpha, size[inside]) >= rarer[inside]).all()
    assert (zeta(alpha, size[inside] + 1.0) < rarer[inside]).all()
    assert severity_quantiles([0.0], alpha, s_min).tolist() == [s_min]


def test_one_event_of_a_few_leaves_the_exponent_wide_open():
    fit = severity_exponent([1, 1000], s_min=1)
    assert fit.alpha_low == pytest.approx(1.0, abs=0.1)
    assert fit.alpha_high > 1.5


def test_goodness_is_given_when_asked_and_settled_by_the_seed():
    assert severity_exponent(SIZES).goodness_p is None
    first, again, other = (severity_exponent(SIZES, 1, n_simulations=99, seed=s) for s in (1, 1, 2))
    assert first == again
    assert first.n_simulations == 99
    assert 0.0 < abs(first.goodness_p - other.goodness_p) < 0.2


def test_goodness_with_a_chosen_start_simulates_what_lies_below_too():
    rng = np.random.default_rng(2)
    law = rng.zipf(2.5, 3000)
    sizes = np.concatenate([law[law >= 4], np.repeat([1, 2, 3], 60)])
    fit = severity_exponent(sizes, n_simulations=49)
    assert fit.s_min > 1
    assert fit.goodness_p > 0.02


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sizes": []}, r"shape \(0,\)"),
        ({"sizes": [1, 0, 3]}, "size of event 1 is 0"),
        ({"sizes": [1, 2.5]}, "size of event 1 is 2.5"),
        ({"sizes": [np.nan, 2]}, "size of event 0 is nan"),
        ({"sizes": [np.inf, 2]}, "size of event 0 is inf"),
        ({"sizes": [3, 3, 3], "s_min": 1}, "3 sizes, 1 of them different"),
        ({"sizes": [1, 2, 3], "s_min": 3}, "too few"),
        ({"sizes": [1, 2, 3]}, "to be chosen"),
        ({"sizes": [50, 50, 50, 50, 51], "s_min": 50}, "the exponent is 40 or more"),
        ({"sizes": [1, 2], "s_min": 0}, "s_min is 0"),
        ({"sizes": [1, 2], "s_min": 1.5}, "s_min is 1.5"),
        ({"sizes": [1, 2], "s_min": 1, "error": 1.0}, "error is 1.0"),
        ({"sizes": [1, 2], "n_simulations": -1}, "n_simulations is -1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_value(given, message):
    with pytest.raises(DataError, match=message):
        severity_exponent(**given)


def test_a_size_of_nobody_has_no_frequency():
    with pytest.raises(DataError, match="sizes are 0 and 10"):
        frequency_ratio(0, 10, 2.5)
