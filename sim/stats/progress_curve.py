"""The progress curve: intervals between fatal days that shorten as attackers gain practice.

The n-th interval is tau_n = tau_1 n^-b, with tau_1 the first one and b the slope: above 0 attacks
come faster and faster, at 0 the pace stays, below 0 they slow down. On logarithms it is a straight
line, ln tau_n = ln tau_1 - b ln n, which least squares fits.

Events on one day
    The source counts *fatal days*, days on which at least one person was killed, so that two fatal
    events on one day are one fatal day and no interval is 0. `fatal_days` makes them from events.
    `fit_progress_curve` refuses an interval of 0, of which there is no logarithm.

What the interval of b takes for granted
    Logarithms of intervals that scatter about the line independently and alike, about normally;
    then its level is exact. Waiting times of chance (exponential) scatter on one side, and the
    level holds nearly; tests/statistical/test_progress_curve.py measures both. Intervals of a
    few days are rounded to whole days, which bends the curve and draws b towards 0.

What tau_1 is
    The line goes through the means of logarithms, so tau_n is a geometric mean. The mean of
    intervals that scatter is larger: 1.78 times (e to the 0.577, Euler's constant) for waiting
    times of chance.

Sources
    Johnson et al. (2011), Science 333, 81-84: the curve, on fatal days by province.
    Draper & Smith (1998), Applied Regression Analysis, 3rd edition, section 1.4: the intervals.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from sim.errors import DataError
from sim.stats.dates import checked_dates
from sim.stats.missing import check_error

MIN_INTERVALS = 3
"""Fewest intervals from which a slope with an interval can be had; intervals."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ProgressCurve:
    """A fitted progress curve, with intervals that hold one at a time."""

    slope: float
    """b: above 0 where intervals shorten; dimensionless."""
    slope_low: float
    slope_high: float
    first_interval_days: float
    """tau_1 of the curve, which the first interval itself scatters about."""
    first_interval_low_days: float
    first_interval_high_days: float
    scatter: float
    """Standard deviation of ln tau_n about the line; dimensionless."""
    n_intervals: int
    error: float
    """Chance that the interval of the slope misses, and that that of tau_1 does."""


def progress_interval_days(n: ArrayLike, first_interval_days: float, slope: float) -> Floats:
    """The n-th interval of a progress curve, tau_n = tau_1 n^-b.

    Parameters
    ----------
    n : array_like, int[...], >= 1
    first_interval_days : float, days, > 0
    slope : float, dimensionless

    Returns
    -------
    float[...], days, > 0

    Raises
    ------
    DataError
        When an n is below 1 or the first interval is not above 0.

    Source
    ------
    Johnson et al. (2011), Science 333, 81-84.

    Examples
    --------
    60 / 2^0.8 = 60 / 1.7411 and 60 / 10^0.8 = 60 / 6.3096:

    >>> progress_interval_days([1, 2, 10], first_interval_days=60.0, slope=0.8).round(3).tolist()
    [60.0, 34.461, 9.509]
    """
    number = np.asarray(n, dtype=float)
    if not (number >= 1.0).all():
        raise DataError(f"n is {n!r}. Allowed: 1 or more, since the first interval has number 1.")
    if not 0.0 < first_interval_days < np.inf:
        raise DataError(f"first_interval_days is {first_interval_days}. Allowed: above 0 days.")
    return first_interval_days * number**-slope


def progress_days(n: int, first_interval_days: float, slope: float) -> float:
    """Days from the first fatal day to the end of the n-th interval: tau_1 + ... + tau_n.

    Parameters
    ----------
    n : int, intervals, >= 0
    first_interval_days : float, days, > 0
    slope : float, dimensionless

    Returns
    -------
    float, days, >= 0

    Raises
    ------
    DataError
        When n is below 0 or the first interval is not above 0.

    Source
    ------
    The sum of Johnson et al. (2011), Science 333, 81-84, term by term.

    Examples
    --------
    60 x (1 + 0.5743 + 0.4152 + 0.3299 + 0.2759 + 0.2385 + 0.2108 + 0.1895 + 0.1724 + 0.1585):

    >>> round(progress_days(10, first_interval_days=60.0, slope=0.8), 3)
    213.907
    """
    if n < 0:
        raise DataError(f"n is {n}. Allowed: 0 intervals or more.")
    numbers = np.arange(1, n + 1)
    return float(progress_interval_days(numbers, first_interval_days, slope).sum())


def fatal_days(dates: ArrayLike, killed: ArrayLike | None = None) -> NDArray[np.int64]:
    """Different days with at least one person killed, in order.

    Parameters
    ----------
    dates : array_like, datetime64[n_events], or float[n_events] in days
        In any order. Times of day are cut off. Column `date` of an event table.
    killed : array_like, int[n_events], people, >= 0, optional
        Column `killed` of an event table; default: every event counts.

    Returns
    -------
    int[n_fatal_days], days since 1 January 1970, or since day 0 of numbers; rising

    Raises
    ------
    DataError
        When a date is missing, or columns differ in length.

    Source
    ------
    Johnson et al. (2011), Science 333, 81-84: days of activity that produced at least one death.

    Examples
    --------
    Two fatal events on 3 January are one fatal day; on 5 January nobody was killed:

    >>> dates = ["2016-01-01T08", "2016-01-03T07", "2016-01-03T19", "2016-01-05T12", "2016-01-07"]
    >>> days = fatal_days(np.array(dates, dtype="datetime64[s]"), killed=[1, 2, 1, 0, 3])
    >>> np.diff(days).tolist()
    [2, 4]
    """
    array = checked_dates(dates)
    if killed is not None:
        n_killed = np.asarray(killed, dtype=float)
        if n_killed.shape != array.shape or not (n_killed >= 0.0).all():
            raise DataError(
                f"killed has the shape {n_killed.shape} for {len(array)} events, or a number that "
                "is missing or below 0. Allowed: 0 or more for each event."
            )
        array = array[n_killed > 0.0]
    if array.dtype.kind == "M":
        return np.unique(array.astype("datetime64[D]").astype(np.int64))
    return np.unique(np.floor(array).astype(np.int64))


def fit_progress_curve(intervals_days: ArrayLike, error: float = 0.05) -> ProgressCurve:
    """The progress curve of intervals, in their order, by least squares on logarithms.

    Parameters
    ----------
    intervals_days : array_like, float[n_intervals], days, > 0, n_intervals >= 3
        `numpy.diff(fatal_days(...))`: the first interval has number 1.
    error : float, dimensionless, in (0, 1)
        Chance that the interval of the slope misses.

    Returns
    -------
    ProgressCurve

    Raises
    ------
    DataError
        When there are fewer than 3 intervals, one is not above 0, or the error is out of range.

    Source
    ------
    See the head of this module.

    Examples
    --------
    Intervals of 8, 4 and 4 days: with x = ln n = 0, 0.6931, 1.0986 and y = ln tau = 2.0794, 1.3863,
    1.3863, the slope of y on x is -0.4140 / 0.6173 = -0.6707.

    >>> curve = fit_progress_curve([8, 4, 4])
    >>> round(curve.slope, 4), round(curve.first_interval_days, 3)
    (0.6707, 7.523)
    >>> curve.slope_low < 0.0 < curve.slope_high
    True
    """
    intervals = np.asarray(intervals_days, dtype=float)
    if intervals.ndim != 1 or len(intervals) < MIN_INTERVALS:
        raise DataError(
            f"intervals have the shape {intervals.shape}. Allowed: one column of {MIN_INTERVALS} "
            "or more, in order of time."
        )
    is_wrong = ~np.isfinite(intervals) | (intervals <= 0.0)
    if is_wrong.any():
        number = int(np.flatnonzero(is_wrong)[0])
        raise DataError(
            f"interval {number + 1} is {intervals[number]:g} days. Allowed: above 0; events on "
            "one day count as one, and numpy.diff(fatal_days(dates)) gives such intervals."
        )
    check_error(error)
    n_intervals = len(intervals)
    log_n = np.log(np.arange(1, n_intervals + 1))
    log_tau = np.log(intervals)
    from_mean = log_n - log_n.mean()
    squares = float((from_mean * from_mean).sum())
    rise = float((from_mean * log_tau).sum()) / squares
    level = float(log_tau.mean()) - rise * float(log_n.mean())
    residuals = log_tau - level - rise * log_n
    degrees = n_intervals - 2
    scatter = float(np.sqrt((residuals * residuals).sum() / degrees))
    quantile = float(stdtrit(degrees, 1.0 - error / 2.0))
    reach = quantile * scatter / np.sqrt(squares)
    reach_of_level = quantile * scatter * np.sqrt(1.0 / n_intervals + log_n.mean() ** 2 / squares)
    return ProgressCurve(
        slope=-rise,
        slope_low=float(-rise - reach),
        slope_high=float(-rise + reach),
        first_interval_days=float(np.exp(level)),
        first_interval_low_days=float(np.exp(level - reach_of_level)),
        first_interval_high_days=float(np.exp(level + reach_of_level)),
        scatter=scatter,
        n_intervals=n_intervals,
        error=error,
    )


def progress_curve(
    dates: ArrayLike, killed: ArrayLike | None = None, error: float = 0.05
) -> ProgressCurve:
    """The progress curve of events, from the intervals between their fatal days.

    Parameters
    ----------
    dates, killed : as in `fatal_days`
        Columns `date` and `killed` of the rows of an event table that count, as one region's.
    error : as in `fit_progress_curve`

    Returns
    -------
    ProgressCurve

    Raises
    ------
    DataError
        When there are fewer than 4 fatal days, and as in the two functions.

    Source
    ------
    See the head of this module.

    Examples
    --------
    >>> curve = progress_curve([0.3, 8.9, 12.1, 12.4, 16.0, 17.5], killed=[1, 1, 2, 1, 1, 0])
    >>> curve == fit_progress_curve([8, 4, 4])
    True
    """
    days = fatal_days(dates, killed)
    if len(days) <= MIN_INTERVALS:
        raise DataError(
            f"there are {len(days)} fatal days. Allowed: {MIN_INTERVALS + 1} or more, since "
            f"{MIN_INTERVALS} intervals are the fewest that say how certain a slope is."
        )
    return fit_progress_curve(np.diff(days), error)
