"""The Fano factor: variance over mean of counts in windows of time, and what theory says of it.

It is 1 for Poisson events, below 1 for events that keep their distance, and above 1 for events that
come in clusters. It depends on the length of the window, so that is always said with it. A trend
or a season widens the counts of windows too, and looks like clustering: `about="window"` takes the
mean of each window over the runs, so that what all runs share is taken out.

How sure one can be
    The interval is a jackknife over runs: each run is left out once, and the spread of the
    logarithms of what remains, with Student's quantile for one degree of freedom fewer than runs,
    gives the interval. Runs are independent; windows of one run are not, where events excite each
    other, so they are never treated as if they were. One run gives no bounds; cut a long one into
    pieces, and name these runs, where the pieces are much longer than any excitation lasts. Told to
    miss in 5%, with windows of 7 or 28 days over three years and branching ratios of 0 to 0.6, it
    missed in 5 to 8% of 400 studies of 6 runs, 3 to 7% of 12 and 2 to 7% of 24; about the means of
    windows in 2 to 6% of all of them. tests/statistical/test_fano_factor.py holds it to 8%.

Sources
    Fano (1947), Physical Review 72, 26-29: the factor.
    Hawkes (1971), Biometrika 58, 83-90: rate and covariance of self-exciting events.
    Efron & Stein (1981), Annals of Statistics 9, 586-596: the jackknife's variance.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.errors import DataError
from sim.stats.event_times import EventTable, check_span, times_by_run_days
from sim.stats.missing import check_error

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class FanoFactor:
    """Variance over mean of counts in windows, with an interval."""

    value: float
    """Dimensionless, >= 0; nan where there are no events or too few windows."""
    low: float
    high: float
    """Ends of the interval; 0 and infinity where nothing can be claimed."""
    window_days: float
    mean_per_window: float
    """Events in a whole window."""
    n_events: int
    n_windows: int
    """Windows of each run."""
    n_runs: int
    about: str
    """`all` or `window`: the mean from which counts were taken."""
    error: float
    """Chance that the interval misses, by Student's quantile."""


def window_counts(
    events: EventTable,
    runs: Iterable[int],
    from_day: float,
    until_day: float,
    window_days: float,
    edge_windows: bool = False,
) -> tuple[NDArray[np.int64], Floats]:
    """Events in windows that follow each other from `from_day` on, and the lengths of the windows.

    Parameters
    ----------
    events : EventTable
        Columns `run` and `time_h`; events outside of the span are left out.
    runs : iterable of int
        Every run that was made, each once.
    from_day, until_day : float, d since the first day of the run
        From and up to, without.
    window_days : float, d, > 0, at most the span
    edge_windows : bool
        Whether the piece at the end that is shorter than a window counts as one.

    Returns
    -------
    counts : int[n_runs, n_windows], events
    lengths_days : float[n_windows], d

    Raises
    ------
    DataError
        When the table, the runs, the span or the window cannot be used.

    Examples
    --------
    >>> events = {"run": [0, 0, 0, 2], "time_h": [0.0, 47.9, 48.0, 110.0]}
    >>> counts, lengths_days = window_counts(events, range(3), 0.0, 5.0, window_days=2.0)
    >>> counts.tolist(), lengths_days.tolist()
    ([[2, 1], [0, 0], [0, 0]], [2.0, 2.0])
    >>> counts, lengths_days = window_counts(events, range(3), 0.0, 5.0, 2.0, edge_windows=True)
    >>> counts.tolist(), lengths_days.tolist()
    ([[2, 1, 0], [0, 0, 0], [0, 0, 1]], [2.0, 2.0, 1.0])
    """
    check_span(from_day, until_day)
    span_days = until_day - from_day
    # A year cut into twelfths is twelve windows, whatever the last digit says.
    n_whole = math.floor(span_days / window_days * (1.0 + 1e-12)) if window_days > 0.0 else 0
    if n_whole < 1:
        raise DataError(
            f"window_days is {window_days}. "
            f"Allowed: above 0 and at most the {span_days} days of the span."
        )
    edges_days = from_day + window_days * np.arange(n_whole + 1)
    if edge_windows and until_day - edges_days[-1] > 1e-9 * window_days:
        edges_days = np.append(edges_days, until_day)
    # Up to an edge, without: np.histogram would take the last edge in.
    before = np.array(
        [
            np.searchsorted(times_days, edges_days, side="left")
            for times_days in times_by_run_days(events, runs)
        ]
    )
    return before[:, 1:] - before[:, :-1], edges_days[1:] - edges_days[:-1]


def fano_factor(
    events: EventTable,
    runs: Iterable[int],
    from_day: float,
    until_day: float,
    window_days: float,
    edge_windows: bool = False,
    about: Literal["all", "window"] = "all",
    error: float = 0.05,
) -> FanoFactor:
    """Variance over mean of counts in windows, over all windows of all runs.

    Parameters
    ----------
    events : EventTable
        Columns `run` and `time_h`, one row an event; choose the rows first, as one kind.
    runs : iterable of int
        Every run that was made, each once, with those in which nothing happened.
    from_day, until_day : float, d since the first day of the run
        From and up to, without.
    window_days : float, d, > 0, at most the span
    edge_windows : bool
        Whether the shorter piece at the end takes part; its squared distance is then set against
        its own, smaller mean (Pearson). Clustered events have a lower factor in a shorter window,
        so that it pulls a little downwards; without it those events are not used.
    about : str
        `all`: counts are taken from the mean over all windows of all runs, so that trend and season
        widen them. `window`: from the mean of their own window over the runs, which takes out what
        runs share; needs two runs.
    error : float, dimensionless, in (0, 1)
        Chance that the interval misses.

    Returns
    -------
    FanoFactor
        Without events its value is nan and its interval unbounded, as it is with one run, or with
        events in one run alone.

    Raises
    ------
    DataError
        When the table, the runs, the span, the window or a choice cannot be used.

    Source
    ------
    See the head of this module.

    Examples
    --------
    Counts 2, 4 and 6 in windows of a day: mean 4, variance 4.

    >>> events = {"run": 2 * [0] + 4 * [1] + 6 * [2], "time_h": [9.5] * 12}
    >>> found = fano_factor(events, range(3), 0.0, 1.0, window_days=1.0)
    >>> found.value, found.mean_per_window, found.n_events
    (1.0, 4.0, 12)
    """
    check_error(error)
    if about not in ("all", "window"):
        raise DataError(f"about is {about!r}. Allowed: all, window.")
    counts, lengths_days = window_counts(
        events, runs, from_day, until_day, window_days, edge_windows
    )
    n_runs, n_windows = counts.shape
    factor_of = _about_all if about == "all" else _about_window
    value = factor_of(counts, lengths_days)
    low, high = 0.0, math.inf
    if n_runs > 1 and value > 0.0:
        without_one = np.array(
            [factor_of(np.delete(counts, run, axis=0), lengths_days) for run in range(n_runs)]
        )
        if (without_one > 0.0).all():  # neither nan nor 0, of which no logarithm is taken
            logs = np.log(without_one)
            spread = math.sqrt((n_runs - 1) * float(logs.var()))
            reach = float(stdtrit(n_runs - 1, 1.0 - error / 2.0)) * spread
            low, high = value * math.exp(-reach), value * math.exp(min(reach, 700.0))
    n_events = int(counts.sum())
    return FanoFactor(
        value,
        low,
        high,
        window_days,
        n_events / (n_runs * float(lengths_days.sum())) * window_days,
        n_events,
        n_windows,
        n_runs,
        about,
        error,
    )


def _about_all(counts: NDArray[np.int64], lengths_days: Floats) -> float:
    """Pearson's dispersion: variance over mean where windows are equally long."""
    if counts.size < 2 or not counts.any():
        return math.nan
    expected = counts.sum() / (counts.shape[0] * lengths_days.sum()) * lengths_days
    return float((np.square(counts - expected) / expected).sum() / (counts.size - 1))


def _about_window(counts: NDArray[np.int64], _lengths_days: Floats) -> float:
    """Variance over runs of each window, added up, over the means added up."""
    if len(counts) < 2 or not counts.any():
        return math.nan
    return float(counts.var(axis=0, ddof=1).sum() / counts.mean(axis=0).sum())


def hawkes_rate(base_rate_per_day: float, branching_ratio: float) -> float:
    """Rate at which self-exciting events settle: each base event is the first of 1 / (1 - n).

    Parameters
    ----------
    base_rate_per_day : float, events/d, >= 0
    branching_ratio : float, dimensionless, in [0, 1)
        Events that one event brings directly, on average.

    Returns
    -------
    float, events/d, >= 0

    Raises
    ------
    DataError
        When the branching ratio is 1 or more, where events never settle, or negative.

    Source
    ------
    Hawkes (1971), Biometrika 58, 83-90.

    Examples
    --------
    0.1 / (1 - 0.37) = 0.1587:

    >>> round(hawkes_rate(0.1, 0.37), 6)
    0.15873
    """
    _check_branching(branching_ratio)
    return base_rate_per_day / (1.0 - branching_ratio)


def hawkes_fano(branching_ratio: float, decay_per_day: float, window_days: float) -> float:
    """Fano factor of self-exciting events whose excitation fades exponentially, once settled.

    With A = 1 / (1 - n)^2 and g = beta (1 - n) it is A - (A - 1) (1 - exp(-g T)) / (g T): 1 in very
    short windows, A in very long ones.

    Parameters
    ----------
    branching_ratio : float, dimensionless, in [0, 1)
        n: events that one event brings directly, on average.
    decay_per_day : float, 1/d, > 0
        beta: rate at which excitation fades.
    window_days : float, d, > 0

    Returns
    -------
    float, dimensionless, >= 1

    Raises
    ------
    DataError
        When the branching ratio is 1 or more, where events never settle, or negative, and when the
        decay or the window is not above 0.

    Source
    ------
    Hawkes (1971), Biometrika 58, 83-90: the covariance density, integrated twice.

    Examples
    --------
    n = 0.37 and two weeks: A = 2.5195, g = 0.045 and g T = 1.26, so
    2.5195 - 1.5195 x 0.56853 = 1.6556.

    >>> round(hawkes_fano(0.37, 1.0 / 14.0, window_days=28.0), 4)
    1.6556
    """
    _check_branching(branching_ratio)
    if not (decay_per_day > 0.0 and window_days > 0.0):
        raise DataError(
            f"decay_per_day is {decay_per_day} and window_days {window_days}. "
            "Allowed: both above 0."
        )
    in_the_long_run = 1.0 / (1.0 - branching_ratio) ** 2
    fading = decay_per_day * (1.0 - branching_ratio) * window_days
    return in_the_long_run - (in_the_long_run - 1.0) * -math.expm1(-fading) / fading


def _check_branching(branching_ratio: float) -> None:
    if not 0.0 <= branching_ratio < 1.0:
        raise DataError(
            f"branching_ratio is {branching_ratio}. "
            "Allowed: 0 or more and below 1; from 1 on events grow without end."
        )
