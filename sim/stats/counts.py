"""Counts over runs: how dispersed they are, and how many runs a wanted precision takes."""

import math

import numpy as np
from numpy.typing import ArrayLike

SQUARED_95_PERCENT_QUANTILE = 3.84
"""1.96 squared, as published with the formula; dimensionless."""


def dispersion(counts: ArrayLike) -> float:
    """Variance over mean of counts: 1 for Poisson counts, above 1 where events come in clusters.

    Parameters
    ----------
    counts : array_like, float[n_runs], events, n_runs >= 2

    Returns
    -------
    float, dimensionless, >= 0; nan where there are fewer than 2 runs or the mean is 0

    Source
    ------
    Fano (1947), Physical Review 72, 26-29: the index of dispersion.

    Examples
    --------
    The mean is 4, the variance (4 + 0 + 4) / 2 = 4:

    >>> dispersion([2, 4, 6])
    1.0
    """
    array = np.asarray(counts, dtype=float)
    if array.size < 2 or array.mean() == 0.0:
        return math.nan
    return float(array.var(ddof=1) / array.mean())


def detrended_dispersion(counts: ArrayLike) -> float:
    """Variance over mean of counts about their own straight line in time.

    A trend, as of a mission that builds up, is no clustering: without this it would look like it.

    Parameters
    ----------
    counts : array_like, float[n_periods], events, in order of time, n_periods >= 3

    Returns
    -------
    float, dimensionless, >= 0; nan where there are fewer than 3 periods or the mean is 0

    Source
    ------
    `dispersion`, with the residual variance of least squares, n - 2 degrees of freedom, in place of
    the variance: Draper & Smith (1998), Applied Regression Analysis, 3rd edition, section 1.4.

    Examples
    --------
    The line through 1, 2, 3, 6 rises by 1.6 a period from 0.6; residuals 0.4, -0.2, -0.8 and 0.6
    have squares that add up to 1.2, so the variance is 0.6 and the mean 3:

    >>> round(detrended_dispersion([1, 2, 3, 6]), 6)
    0.2
    """
    array = np.asarray(counts, dtype=float)
    if array.size < 3 or not array.any():
        return math.nan
    time = np.arange(array.size) - (array.size - 1) / 2.0
    slope = float((time * array).sum() / (time * time).sum())
    residuals = array - array.mean() - slope * time
    return float((residuals * residuals).sum() / (array.size - 2) / array.mean())


def replications_needed(relative_half_width: float, mean: float, dispersion: float = 1.0) -> int:
    """Runs after which the mean of a count is known to `relative_half_width` at 95%.

    Parameters
    ----------
    relative_half_width : float, dimensionless, > 0
        Wanted half-width as a share of the mean.
    mean : float, events a run, > 0
    dispersion : float, dimensionless, > 0
        Variance over mean of the count.

    Returns
    -------
    int, runs, >= 1: the number that the formula asks for, to the nearest run

    Source
    ------
    R >= 3.84 phi / (e^2 m): the normal interval of a mean, Law (2015), Simulation Modeling and
    Analysis, 5th edition, section 9.4.1, with variance phi m.

    Examples
    --------
    Case D of the known answers, 16.3 hits a year to 5%: 3.84 / (0.0025 x 16.3) = 94.2.

    >>> replications_needed(0.05, mean=16.3)
    94
    """
    runs = SQUARED_95_PERCENT_QUANTILE * dispersion / (relative_half_width**2 * mean)
    return max(1, round(runs))
