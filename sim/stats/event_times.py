"""The times of events, run by run: what an estimator reads of an event table.

Which events are meant is chosen by the caller, one line of pandas:
`strikes = events[events["kind"] == "struck"]`. A table does not show a run in which nothing of the
kind happened, nor when watching began and ended, so the runs and the days are always asked for.
"""

import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.clock import HOURS_PER_DAY
from sim.errors import DataError

EventTable: TypeAlias = pd.DataFrame | Mapping[str, ArrayLike]
"""Columns by name, one row an event, in any order of rows; `sim.results.events` names them."""


def column(events: EventTable, name: str) -> NDArray:
    """A column of an event table, any[n_events].

    Raises
    ------
    DataError
        When there is no such column.
    """
    if name not in events:
        raise DataError(
            f"the event table has no column {name}, only {', '.join(map(str, events))}. "
            "Allowed: event tables as `sim` gives them, or any table with that column."
        )
    return np.asarray(events[name])


def rows_by_run(events: EventTable, runs: Iterable[int]) -> list[NDArray[np.int64]]:
    """Which rows of an event table belong to each run.

    Parameters
    ----------
    events : EventTable
        Columns `run` and, where there is one, `scenario`.
    runs : iterable of int
        Every run that was made, each once, with those in which nothing of the kind happened.

    Returns
    -------
    list of int[n_events_of_run], row numbers, one array a run, in the order of `runs`

    Raises
    ------
    DataError
        When there is no run, one is named twice, an event is of another run, or the table holds
        several scenarios, whose runs would be taken for one.

    Examples
    --------
    >>> [rows.tolist() for rows in rows_by_run({"run": [2, 0, 2]}, runs=range(3))]
    [[1], [], [0, 2]]
    """
    if "scenario" in events:
        scenarios = pd.unique(column(events, "scenario"))
        if len(scenarios) > 1:
            raise DataError(
                f"the event table holds {len(scenarios)} scenarios: "
                f"{', '.join(map(str, scenarios))}. Allowed: the rows of one."
            )
    chosen = list(runs)
    if not chosen or len(set(chosen)) < len(chosen):
        raise DataError(f"runs is {chosen}. Allowed: at least one run, and each once.")
    run_of_row = column(events, "run")
    code_of_row = pd.Index(chosen).get_indexer(pd.Index(run_of_row))
    if (code_of_row < 0).any():
        raise DataError(
            f"the event table has an event of run {run_of_row[code_of_row < 0][0]}, which is not "
            "among runs. Allowed: the rows of the runs named, and every run that was made."
        )
    return [np.flatnonzero(code_of_row == code) for code in range(len(chosen))]


def times_by_run_days(events: EventTable, runs: Iterable[int]) -> list[NDArray[np.float64]]:
    """Times of the events of each run, in order.

    Parameters
    ----------
    events : EventTable
        Columns `run`, `time_h` (hours since the first day of the run) and, where there is one,
        `scenario`.
    runs : iterable of int
        Every run that was made, each once.

    Returns
    -------
    list of float[n_events_of_run], d since the first day of the run

    Raises
    ------
    DataError
        As `rows_by_run`, and when a time is not a finite number.

    Examples
    --------
    >>> events = {"run": [1, 0, 0], "time_h": [12.0, 48.0, 24.0]}
    >>> [times.tolist() for times in times_by_run_days(events, runs=[0, 1, 2])]
    [[1.0, 2.0], [0.5], []]
    """
    rows = rows_by_run(events, runs)
    time_h = column(events, "time_h").astype(np.float64)
    if not np.isfinite(time_h).all():
        raise DataError(
            f"the event table has a time_h of {time_h[~np.isfinite(time_h)][0]}. "
            "Allowed: finite hours since the first day of the run."
        )
    return [np.sort(time_h[of_run]) / HOURS_PER_DAY for of_run in rows]


def check_span(from_day: float, until_day: float) -> None:
    """Refuse a span of days that has no length.

    Raises
    ------
    DataError
        When an end is not a finite number, or the end does not lie after the beginning.

    Examples
    --------
    >>> check_span(0.0, 365.0)
    """
    if not (math.isfinite(from_day) and math.isfinite(until_day) and from_day < until_day):
        raise DataError(
            f"the span from day {from_day} until day {until_day} has no length. "
            "Allowed: finite days, from_day before until_day."
        )
