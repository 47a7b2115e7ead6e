"""Severity: how much rarer larger events are, as the exponent of a power law.

The share of events with s casualties is p(s) = s^-alpha / zeta(alpha, s_min) for whole s from s_min
on, where zeta is Hurwitz' function. The exponent alpha is the one of largest likelihood. Smaller
events, below s_min, follow something else and are left out.

Where the law starts
    `s_min` is given, or chosen as the one with the least Kolmogorov-Smirnov distance between the
    sizes from it on and their own fit, among those that leave `MIN_TAIL` sizes. The result says
    which. The interval takes s_min as it is: where it was chosen, alpha is less certain than the
    interval says.

What a good fit does not say
    That sizes follow a power law and nothing else: another law, as a log-normal one, may fit as
    well. `goodness_p` below 0.1 speaks against the power law; above, it is not refuted.

Sources
    Clauset, Shalizi & Newman (2009), SIAM Review 51, 661-703: the likelihood (equation 3.5), s_min
    (section 3.3), goodness of fit (section 4.1). The same estimates as the Python package
    `powerlaw` with `discrete=True`.
    Bohorquez et al. (2009), Nature 462, 911-914: alpha about 2.5 over many insurgencies.
    tests/statistical/test_severity.py measures how often intervals hold.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import chdtri, zeta

from sim.draws import Stream
from sim.errors import DataError
from sim.stats.keyed_draws import uniform_table
from sim.stats.missing import check_error

MIN_TAIL = 10
"""Fewest sizes that an s_min may leave where it is chosen; events."""

LEAST_EXPONENT, LARGEST_EXPONENT = 1.0 + 1e-6, 40.0
"""Between which alpha is looked for: at 1 the law has no sum, beyond 40 only s_min occurs."""

LARGEST_SIZE = 2.0**53
"""Largest whole number up to which every whole number is a float."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SeverityFit:
    """The exponent of a power law of sizes, with how certain it is and how well it fits."""

    alpha: float
    alpha_low: float
    """Lower end of the profile-likelihood interval."""
    alpha_high: float
    standard_error: float
    """From the curvature of the likelihood, of which the interval is free."""
    s_min: int
    """Smallest size of the law."""
    is_s_min_chosen: bool
    """True where s_min is the one of least distance, False where it was given."""
    distance: float
    """Kolmogorov-Smirnov distance of the sizes from s_min on; in [0, 1]."""
    n_tail: int
    """Sizes from s_min on."""
    n_sizes: int
    error: float
    """Chance that the interval misses, s_min taken as it is."""
    goodness_p: float | None = None
    """(1 + simulated sets with as large a distance or larger) / (1 + simulated sets)."""
    n_simulations: int = 0


def frequency_ratio(size: float, other_size: float, alpha: float) -> float:
    """How many times as frequent one size is as another: (other_size / size)^alpha.

    Parameters
    ----------
    size, other_size : float, people, > 0
    alpha : float, dimensionless

    Returns
    -------
    float, dimensionless, > 0

    Raises
    ------
    DataError
        When a size is not above 0.

    Source
    ------
    The ratio of p(s) ~ s^-alpha at two sizes, Clauset, Shalizi & Newman (2009), equation 1.1.

    Examples
    --------
    10^2.5 = 316.2:

    >>> round(frequency_ratio(10, 100, alpha=2.5), 1)
    316.2
    """
    if not (size > 0.0 and other_size > 0.0):
        raise DataError(f"the sizes are {size} and {other_size}. Allowed: above 0.")
    return float((other_size / size) ** alpha)


def severity_quantiles(probabilities: ArrayLike, alpha: float, s_min: int) -> Floats:
    """Sizes up to which the law holds these shares; of uniform draws, draws from the law.

    Parameters
    ----------
    probabilities : array_like, float[n], in [0, 1)
    alpha : float, dimensionless, > 1
    s_min : int, people, >= 1

    Returns
    -------
    float[n], whole numbers, people, in [s_min, 2**53]

    Source
    ------
    Clauset, Shalizi & Newman (2009), appendix D: search for the size, here exact.

    Examples
    --------
    At alpha 2 from 1 on, sizes 1, 2 and 3 have the shares 0.6079, 0.1520 and 0.0675:

    >>> severity_quantiles([0.0, 0.6, 0.62, 0.75, 0.77], alpha=2.0, s_min=1).tolist()
    [1.0, 1.0, 2.0, 2.0, 3.0]
    """
    rarer = (1.0 - np.asarray(probabilities, dtype=float)) * zeta(alpha, s_min)
    # The answer is the largest s with zeta(alpha, s) >= rarer: fewer events are larger still.
    table = zeta(alpha, s_min + np.arange(1024.0))
    size = s_min - 1.0 + np.searchsorted(-table, -rarer, side="right")
    is_beyond = rarer <= table[-1]
    if is_beyond.any():
        size[is_beyond] = _searched_sizes(rarer[is_beyond], alpha, s_min + 1023.0)
    return np.asarray(size, dtype=float)


def _searched_sizes(rarer: Floats, alpha: float, first_size: float) -> Floats:
    """The largest s with zeta(alpha, s) >= rarer, from `first_size` on, by halving."""
    low = np.full(len(rarer), first_size)
    high = np.full(len(rarer), LARGEST_SIZE)
    while (high - low > 1.0).any():
        # The geometric middle while the ends are far apart: sizes span many powers of ten.
        middle = np.floor(np.where(high > 4.0 * low, np.sqrt(low * high), (low + high) / 2.0))
        is_reached = zeta(alpha, middle) >= rarer
        low, high = np.where(is_reached, middle, low), np.where(is_reached, high, middle)
    return low


def severity_exponent(
    sizes: ArrayLike,
    s_min: int | None = None,
    error: float = 0.05,
    n_simulations: int = 0,
    seed: int = 1,
) -> SeverityFit:
    """The exponent of the power law of sizes, by discrete maximum likelihood.

    Parameters
    ----------
    sizes : array_like, int[n_events], people, >= 1
        As killed, or killed and wounded, in each event. Events without any are no sizes: leave
        them out. `table.loc[table["killed"] > 0, "killed"]` of an event table.
    s_min : int, people, >= 1, optional
        Smallest size of the law; default: chosen, see the head of this module.
    error : float, dimensionless, in (0, 1)
        Chance that the interval misses.
    n_simulations : int, >= 0
        Simulated sets for the goodness of fit: sizes below s_min drawn from those seen, others
        from the fitted law, and fitted anew, s_min too where it was chosen. 0 for none; 1000 know
        the chance to about 0.02 and take seconds.
    seed : int, in [0, 2**32)
        Of the simulated sets.

    Returns
    -------
    SeverityFit

    Raises
    ------
    DataError
        When sizes are not whole numbers from 1 on, s_min or the error is out of range, or fewer
        than 2 different sizes (`MIN_TAIL` sizes where s_min is chosen) are left.

    Source
    ------
    See the head of this module.

    Examples
    --------
    The mean of ln s is ln 2 / 4 = 0.1733. That of the law is -zeta'(alpha) / zeta(alpha): 0.1981 /
    1.2021 = 0.1648 at alpha 3, and 0.1733 a little below:

    >>> fit = severity_exponent([1, 1, 1, 2], s_min=1)
    >>> round(fit.alpha, 3), fit.is_s_min_chosen
    (2.952, False)
    >>> fit.alpha_low < fit.alpha < fit.alpha_high
    True
    """
    array = _checked_sizes(sizes)
    check_error(error)
    if n_simulations < 0:
        raise DataError(f"n_simulations is {n_simulations}. Allowed: 0 or more.")
    if s_min is not None and not (s_min >= 1 and s_min == int(s_min)):
        raise DataError(f"s_min is {s_min}. Allowed: whole numbers from 1 on.")
    found = _fitted(array, s_min)
    if found is None:
        raise DataError(
            f"{len(array)} sizes, {len(np.unique(array))} of them different, leave too few for a "
            f"power law with s_min {'to be chosen' if s_min is None else s_min}. Allowed: 2 "
            f"different sizes from s_min on, and {MIN_TAIL} sizes where s_min is chosen."
        )
    first_size, alpha, distance = found
    if alpha >= 0.999 * LARGEST_EXPONENT:
        raise DataError(
            f"the exponent is {LARGEST_EXPONENT:g} or more: nearly all sizes from {first_size} on "
            f"are {first_size}. Allowed: sizes that differ more, or a smaller s_min."
        )
    tail = array[array >= first_size]
    low, high = _profile_interval(tail, first_size, alpha, error)
    fit = SeverityFit(
        alpha=alpha,
        alpha_low=low,
        alpha_high=high,
        standard_error=_standard_error(len(tail), alpha, first_size),
        s_min=first_size,
        is_s_min_chosen=s_min is None,
        distance=distance,
        n_tail=len(tail),
        n_sizes=len(array),
        error=error,
    )
    if not n_simulations:
        return fit
    goodness = _goodness_p(array, fit, n_simulations, seed)
    return replace(fit, goodness_p=goodness, n_simulations=n_simulations)


def _fitted(sizes: Floats, s_min: int | None) -> tuple[int, float, float] | None:
    """s_min, alpha and distance; None where too few sizes are left."""
    values, counts = np.unique(sizes, return_counts=True)
    n_from = counts[::-1].cumsum()[::-1]
    log_sum_from = (counts * np.log(values))[::-1].cumsum()[::-1]
    if s_min is not None:
        start = int(np.searchsorted(values, s_min))
        if len(values) - start < 2:
            return None
        starts, first_sizes = np.array([start]), np.array([float(s_min)])
    else:
        # The largest size alone has no fit.
        starts = np.flatnonzero(n_from[:-1] >= MIN_TAIL)
        if not len(starts):
            return None
        first_sizes = values[starts]
    alphas = _exponents(log_sum_from[starts] / n_from[starts], first_sizes)
    distances = np.array(
        [
            _distance(values[start:], counts[start:], alpha, first_size)
            for start, alpha, first_size in zip(starts, alphas, first_sizes, strict=True)
        ]
    )
    best = int(distances.argmin())
    return int(first_sizes[best]), float(alphas[best]), float(distances[best])


def _exponents(mean_log: Floats, s_min: Floats) -> Floats:
    """Exponents of largest likelihood, where the mean of ln s is that of the law.

    ln zeta(alpha, s_min) + alpha x mean is convex in alpha, so the sign of its slope tells on which
    side the minimum lies. Halving goes over ln(alpha - 1), in which the slope is taken as well:
    near 1 all changes with alpha - 1 in proportion.
    """
    low = np.full(len(mean_log), np.log(LEAST_EXPONENT - 1.0))
    high = np.full(len(mean_log), np.log(LARGEST_EXPONENT - 1.0))
    for _ in range(44):
        middle = (low + high) / 2.0
        above, below = 1.0 + np.exp(middle + 1e-4), 1.0 + np.exp(middle - 1e-4)
        rise = np.log(zeta(above, s_min) / zeta(below, s_min)) + (above - below) * mean_log
        low, high = np.where(rise < 0.0, middle, low), np.where(rise < 0.0, high, middle)
    return 1.0 + np.exp((low + high) / 2.0)


def _distance(values: Floats, counts: NDArray, alpha: float, s_min: float) -> float:
    """Largest difference between the shares up to a size, seen and by the law, over whole sizes."""
    seen = np.concatenate([[0.0], counts.cumsum() / counts.sum()])
    total = zeta(alpha, s_min)
    # What is seen is level from one size to just before the next: the law is farthest at an end.
    at_size = 1.0 - zeta(alpha, values + 1.0) / total
    before_size = 1.0 - zeta(alpha, values) / total
    return float(max(np.abs(at_size - seen[1:]).max(), np.abs(before_size - seen[:-1]).max()))


def _profile_interval(tail: Floats, s_min: int, alpha: float, error: float) -> tuple[float, float]:
    """Exponents whose likelihood is too little below the largest to be ruled out."""
    mean_log = float(np.log(tail).mean())

    def cost(a: float) -> float:
        return len(tail) * (float(np.log(zeta(a, s_min))) + a * mean_log)

    limit = cost(alpha) + 0.5 * float(chdtri(1, error))
    # Near 1 the cost grows only with ln(1 / (alpha - 1)): few sizes leave the lower end at 1.
    nearest = 1.0 + 1e-12
    low = brentq(lambda a: cost(a) - limit, nearest, alpha) if cost(nearest) > limit else 1.0
    farthest = alpha + 1.0
    while cost(farthest) <= limit:
        farthest = alpha + 2.0 * (farthest - alpha)
    return float(low), float(brentq(lambda a: cost(a) - limit, alpha, farthest))


def _standard_error(n_tail: int, alpha: float, s_min: int) -> float:
    """1 / sqrt(n x variance of ln s under the law): the inverse of the information."""
    step = 1e-3 * (alpha - 1.0)
    log_zeta = np.log(zeta(np.array([alpha - step, alpha, alpha + step]), s_min))
    variance_of_log = float(log_zeta[0] - 2.0 * log_zeta[1] + log_zeta[2]) / step**2
    return float(1.0 / np.sqrt(n_tail * variance_of_log))


def _goodness_p(sizes: Floats, fit: SeverityFit, n_simulations: int, seed: int) -> float:
    below = np.sort(sizes[sizes < fit.s_min])
    n_below, n_sizes = len(below), len(sizes)
    share_below = n_below / n_sizes
    given = None if fit.is_s_min_chosen else fit.s_min
    n_as_far = 0
    for simulation in range(n_simulations):
        draw = uniform_table(seed, Stream.SIMULATED_SEVERITIES, simulation, 1, n_sizes)[0]
        if given is not None:
            # The number from s_min on is held: it tells nothing of the law.
            simulated = severity_quantiles(draw[n_below:], fit.alpha, fit.s_min)
        else:
            is_below = draw < share_below
            simulated = np.empty(n_sizes)
            # Below the share a draw is uniform on [0, share), above it on [share, 1).
            row = (draw[is_below] / share_below * n_below).astype(np.int64) if n_below else []
            simulated[is_below] = below[np.minimum(row, n_below - 1)] if n_below else []
            rest = (draw[~is_below] - share_below) / (1.0 - share_below)
            simulated[~is_below] = severity_quantiles(rest, fit.alpha, fit.s_min)
        again = _fitted(simulated, given)
        # A set without two different sizes has no exponent and no distance from its law.
        n_as_far += again is not None and again[2] >= fit.distance
    return (1 + n_as_far) / (1 + n_simulations)


def _checked_sizes(sizes: ArrayLike) -> Floats:
    array = np.asarray(sizes, dtype=float)
    if array.ndim != 1 or not len(array):
        raise DataError(f"sizes have the shape {array.shape}. Allowed: one column of sizes.")
    is_wrong = ~((array >= 1.0) & (array <= LARGEST_SIZE) & (array == np.floor(array)))
    if is_wrong.any():
        event = int(np.flatnonzero(is_wrong)[0])
        raise DataError(
            f"the size of event {event} is {array[event]:g}. Allowed: whole numbers from 1 on; "
            "leave events without casualties out."
        )
    return array
