"""Concentration: how few pieces of road hold a given share of the events.

A table of events lists no quiet road, so all pieces of road are asked for, with their lengths where
these are to count. Two shares are given because they answer two questions. *Of pieces*: how many
places must be watched; whole pieces, so that at least the share lies on them. *Of length*: how much
road that is; the densest first, with a piece in part where that is enough (events lie evenly on a
piece), so that the order of equally dense pieces cannot matter.

Few events on many pieces always look concentrated, since each lies somewhere: of 10 events on 1,000
pieces half lie on at most 5. `gini_above_scarcity` takes that out; the shares do not, so compare
shares at like numbers of events alone.

Sources
    Weisburd (2015), Criminology 53, 133-157: the share of places that holds half of the events.
    Gini (1912); the curve is that of Lorenz (1905), Publications of the American Statistical
    Association 9, 209-219.
    Bernasco & Steenbeek (2017), Journal of Quantitative Criminology 33, 451-467: fewer events than
    places.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.errors import DataError
from sim.stats.event_times import EventTable, column, rows_by_run

Floats = NDArray[np.float64]

_ROUNDING = 1e-12
"""Share of all events by which a sum may fall short of a wanted share through rounding alone."""


@dataclass(frozen=True)
class Concentration:
    """How few pieces of road hold `share` of the events, by run; nan in runs without events."""

    share: float
    """Share of the events that is to be held, dimensionless, in (0, 1]."""
    share_of_segments: Floats
    """float[n_runs], dimensionless, in (0, 1]."""
    share_of_length: Floats
    """float[n_runs], dimensionless, in (0, 1]; nan where lengths were not given."""
    gini: Floats
    """float[n_runs], dimensionless, in [0, 1): over pieces of road, whatever their lengths."""
    gini_above_scarcity: Floats
    """float[n_runs], dimensionless, in [0, 1): 0 where the events lie as far apart as they can."""
    n_events: NDArray[np.int64]
    """int[n_runs]."""
    n_segments: int


def concentration(
    events: EventTable,
    runs: Iterable[int],
    segments: int | Mapping[str, float],
    share: float = 0.5,
) -> Concentration:
    """Share of pieces of road, and of road length, that holds a share of the events, run by run.

    Each run gives one value, so that `sim.stats.paired` can say how sure their mean is. For all
    runs as one, as for a map of risk, give a table whose column `run` is 0, and `runs=[0]`.

    Parameters
    ----------
    events : EventTable
        Columns `run` and `segment`; choose the rows first: one kind, from the decision on.
    runs : iterable of int
        Every run that was made, each once.
    segments : int, > 0, or mapping of str to float, km, > 0
        How many pieces of road there are, or the length of each by name:
        `dict(zip(network.segments.name, network.segments.length_km))`.
    share : float, dimensionless, in (0, 1]
        Share of the events that is to be held.

    Returns
    -------
    Concentration

    Raises
    ------
    DataError
        When an event lies on no known piece of road, more pieces have events than there are, a
        length is not above 0, or the share, the runs or the table cannot be used.

    Examples
    --------
    Half of four events: the two on a lie on one piece of four and, as a has 10 of 40 km, on a
    quarter of the road.

    >>> events = {"run": [0, 0, 0, 0], "segment": ["a", "a", "b", "c"]}
    >>> found = concentration(events, [0], {"a": 10.0, "b": 10.0, "c": 10.0, "d": 10.0})
    >>> found.share_of_segments.tolist(), found.share_of_length.tolist(), found.gini.tolist()
    ([0.25], [0.25], [0.375])
    """
    _check_share(share)
    rows = rows_by_run(events, runs)
    names = column(events, "segment").astype(object)
    if pd.isna(names).any():
        raise DataError(
            f"the event table has {int(pd.isna(names).sum())} events without a segment. "
            "Allowed: events on the road; leave the others out, as attacks on camps."
        )
    if isinstance(segments, Mapping):
        code_of_row = pd.Index(list(segments), dtype=object).get_indexer(pd.Index(names))
        if (code_of_row < 0).any():
            raise DataError(
                f"the event table has the segment {names[code_of_row < 0][0]!r}, which is not "
                f"among the {len(segments)} segments. Allowed: every piece of road by name."
            )
        n_segments = len(segments)
        length_km = np.array(list(segments.values()), dtype=np.float64)
    else:
        code_of_row, known = pd.factorize(names)
        n_segments, length_km = segments, None
        if n_segments < max(1, len(known)):
            raise DataError(
                f"segments is {n_segments}, and {len(known)} have events. Allowed: the number of "
                "all pieces of road, with and without events, at least 1."
            )
    by_run = [np.bincount(code_of_row[of_run], minlength=n_segments) for of_run in rows]
    return Concentration(
        share,
        np.array([share_of_segments(counts, share) for counts in by_run]),
        np.array(
            [
                math.nan if length_km is None else share_of_length(counts, length_km, share)
                for counts in by_run
            ]
        ),
        np.array([gini(counts) for counts in by_run]),
        np.array([gini_above_scarcity(counts) for counts in by_run]),
        np.array([counts.sum() for counts in by_run], dtype=np.int64),
        n_segments,
    )


def fewest_segments(events_by_segment: ArrayLike, share: float = 0.5) -> float:
    """Fewest pieces of road that hold at least a share of the events; nan where there are none.

    Parameters
    ----------
    events_by_segment : array_like, float[n_segments], events, >= 0
    share : float, dimensionless, in (0, 1]

    Returns
    -------
    float, pieces of road, a whole number >= 1, or nan

    Examples
    --------
    Of 10 events, one piece holds 4; it takes a second one to reach 5:

    >>> fewest_segments([1, 4, 3, 2, 0])
    2.0
    """
    array = np.asarray(events_by_segment, dtype=np.float64)
    total = float(array.sum())
    if total == 0.0:
        return math.nan
    from_the_largest = np.cumsum(np.sort(array)[::-1])
    return float(np.searchsorted(from_the_largest, total * (share - _ROUNDING)) + 1)


def share_of_segments(events_by_segment: ArrayLike, share: float = 0.5) -> float:
    """Share of all pieces of road that holds at least a share of the events.

    Parameters
    ----------
    events_by_segment : array_like, float[n_segments], events, >= 0
        With a 0 for every quiet piece.
    share : float, dimensionless, in (0, 1]

    Returns
    -------
    float, dimensionless, in (0, 1]; nan where there are no events

    Raises
    ------
    DataError
        When a count is negative or not a number, there are no pieces, or the share is not in
        (0, 1].

    Source
    ------
    Weisburd (2015), Criminology 53, 133-157.

    Examples
    --------
    >>> share_of_segments([3, 3, 3, 3]), share_of_segments([0, 0, 12, 0])
    (0.5, 0.25)
    """
    _check_share(share)
    array = _checked_counts(events_by_segment)
    return fewest_segments(array, share) / array.size


def share_of_length(
    events_by_segment: ArrayLike, length_km: ArrayLike, share: float = 0.5
) -> float:
    """Share of the length of all road that holds a share of the events, the densest road first.

    Parameters
    ----------
    events_by_segment : array_like, float[n_segments], events, >= 0
    length_km : array_like, float[n_segments], km, > 0
    share : float, dimensionless, in (0, 1]

    Returns
    -------
    float, dimensionless, in (0, 1]; nan where there are no events

    Raises
    ------
    DataError
        When a count is negative, a length not above 0, their numbers differ, or the share is not in
        (0, 1].

    Source
    ------
    Lorenz (1905), read from the densest road; events lie evenly on a piece.

    Examples
    --------
    8 events on 10 km, 2 on 30 km: half of them, 5, lie on 5/8 of the 10 km, 6.25 of 40 km.

    >>> share_of_length([2, 8], [30.0, 10.0])
    0.15625
    """
    _check_share(share)
    counts, lengths = _checked_counts(events_by_segment), np.asarray(length_km, dtype=np.float64)
    if lengths.shape != counts.shape or not (np.isfinite(lengths) & (lengths > 0.0)).all():
        raise DataError(
            f"length_km has {lengths.size} lengths from {lengths.min(initial=math.inf)} km up, for "
            f"{counts.size} pieces of road. Allowed: one finite length above 0 km for each."
        )
    total = float(counts.sum())
    if total == 0.0:
        return math.nan
    densest_first = np.argsort(-counts / lengths, kind="stable")
    held = np.concatenate([[0.0], np.cumsum(counts[densest_first])]) / total
    road = np.concatenate([[0.0], np.cumsum(lengths[densest_first])]) / lengths.sum()
    last = int(np.searchsorted(held, share - _ROUNDING))
    before = last - 1
    part = (share - held[before]) / (held[last] - held[before])
    return float(road[before] + min(part, 1.0) * (road[last] - road[before]))


def lorenz_curve(events_by_segment: ArrayLike) -> tuple[Floats, Floats]:
    """The curve of Lorenz: share of the events on the quietest share of the pieces of road.

    Parameters
    ----------
    events_by_segment : array_like, float[n_segments], events, >= 0

    Returns
    -------
    pieces : float[n_segments + 1], dimensionless, from 0 to 1
    events : float[n_segments + 1], dimensionless, from 0 to 1; nan where there are no events

    Raises
    ------
    DataError
        When a count is negative or not a number, or there are no pieces.

    Source
    ------
    Lorenz (1905), Publications of the American Statistical Association 9, 209-219.

    Examples
    --------
    >>> pieces, events = lorenz_curve([3, 1, 0, 0])
    >>> pieces.tolist(), events.tolist()
    ([0.0, 0.25, 0.5, 0.75, 1.0], [0.0, 0.0, 0.0, 0.25, 1.0])
    """
    array = _checked_counts(events_by_segment)
    total = float(array.sum())
    held = np.concatenate([[0.0], np.cumsum(np.sort(array))])
    held = held / total if total > 0.0 else np.full(array.size + 1, math.nan)
    return np.arange(array.size + 1) / array.size, held


def gini(events_by_segment: ArrayLike) -> float:
    """Gini coefficient of events over pieces of road: 0 where all have as many events.

    Twice the area between the diagonal and the curve of Lorenz; near 1 where one piece of many has
    all events.

    Parameters
    ----------
    events_by_segment : array_like, float[n_segments], events, >= 0

    Returns
    -------
    float, dimensionless, in [0, 1 - 1 / n_segments]; nan where there are no events

    Raises
    ------
    DataError
        When a count is negative or not a number, or there are no pieces.

    Source
    ------
    Gini (1912), Variabilita e mutabilita; see the head of this module.

    Examples
    --------
    >>> gini([2, 2, 2, 2]), gini([8, 0, 0, 0])
    (0.0, 0.75)
    """
    pieces, held = lorenz_curve(events_by_segment)
    area = float((np.diff(pieces) * (held[1:] + held[:-1])).sum() / 2.0)
    return 1.0 - 2.0 * area


def gini_above_scarcity(events_by_segment: ArrayLike) -> float:
    """Gini coefficient beyond what fewer events than pieces of road bring by themselves.

    With c events on n > c pieces the coefficient is 1 - c / n at least; this counts from there, as
    (n / c) (G - 1) + 1. With as many events as pieces or more it is the coefficient itself.

    Parameters
    ----------
    events_by_segment : array_like, int[n_segments], events, >= 0

    Returns
    -------
    float, dimensionless, in [0, 1); nan where there are no events

    Raises
    ------
    DataError
        When a count is negative or not a number, or there are no pieces.

    Source
    ------
    Bernasco & Steenbeek (2017), Journal of Quantitative Criminology 33, 451-467.

    Examples
    --------
    Two events on two of four pieces cannot lie farther apart:

    >>> gini([1, 1, 0, 0]), gini_above_scarcity([1, 1, 0, 0]), gini_above_scarcity([2, 0, 0, 0])
    (0.5, 0.0, 0.5)
    """
    array = _checked_counts(events_by_segment)
    total = float(array.sum())
    if total == 0.0:
        return math.nan
    return max(array.size / total, 1.0) * (gini(array) - 1.0) + 1.0


def _checked_counts(events_by_segment: ArrayLike) -> Floats:
    array = np.asarray(events_by_segment, dtype=np.float64)
    if array.ndim != 1 or array.size == 0 or not (np.isfinite(array) & (array >= 0.0)).all():
        raise DataError(
            f"events_by_segment has shape {array.shape} and begins with {array.ravel()[:5]}. "
            "Allowed: one count of 0 or more for each of at least one piece of road."
        )
    return array


def _check_share(share: float) -> None:
    if not 0.0 < share <= 1.0:
        raise DataError(
            f"share is {share}: it is the share of the events that is to be held. "
            "Allowed: above 0 and up to 1."
        )
