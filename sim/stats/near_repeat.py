"""Near repeats: whether events that are close in place are close in time more often than by chance.

All pairs of events are sorted by the distance and by the days between them: a table of distance
bands by time bands (Knox 1964). If place and time are independent, every pairing of the places with
the dates is equally likely, so the dates are shuffled among the places, and each cell of the table
is set against the cells of the shuffled tables.

What it cannot tell apart
    An area that was quiet early and busy late gives near repeats too, without any event that
    brings about another: Kulldorff & Hjalmars (1999), Biometrics 55, 544-552. Look at short
    periods, or at the ratio as bands widen, before saying that attackers come back.

Edges of bands
    A pair whose distance or time is the upper edge itself belongs to the band below that edge, as
    "0 to 7 days" says. The Near Repeat Calculator prints such labels and is reported to count
    that pair one band farther up (T. Davies, github.com/tobydavies/NearRepeat);
    `is_upper_edge_included=False` counts so.

Sources
    Knox (1964), Applied Statistics 13, 25-29: the table and the expected counts.
    Johnson et al. (2007), Journal of Quantitative Criminology 23, 201-219: bands, shuffled dates.
    Phipson & Smyth (2010), Statistical Applications in Genetics and Molecular Biology 9(1),
    article 39: (1 + number as large) / (1 + shuffles), which never exceeds its level.
    tests/statistical/test_near_repeat.py measures the level.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.earth import great_circles_km
from sim.errors import DataError
from sim.stats.dates import MILLISECONDS_PER_DAY, checked_dates
from sim.stats.keyed_draws import shuffles

SHUFFLES_AT_ONCE = 64
"""Shuffles whose tables are counted together; a shuffle's table does not depend on it."""

PAIRS_AT_ONCE = 16_384
"""Pairs that are held as numbers at one time, for each shuffle."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class NearRepeat:
    """Pairs of events by distance and by time, and the chance of as many without near repeats."""

    distance_edges_km: tuple[float, ...]
    """Upper edges of the distance bands."""
    time_edges_days: tuple[float, ...]
    """Upper edges of the time bands."""
    observed: Counts
    """int[n_distance_bands, n_time_bands]: pairs."""
    expected: Floats
    """float[n_distance_bands, n_time_bands]: mean number of pairs over all pairings of places with
    dates; exact, not from the shuffles."""
    p_value: Floats
    """float[n_distance_bands, n_time_bands]: (1 + shuffles with as many pairs or more) /
    (1 + shuffles), for each cell alone."""
    p_value_overall: float
    """The same for the largest excess of any cell, in its own standard deviations: one test for the
    whole table, where the cells are as many tests as there are cells."""
    n_events: int
    n_permutations: int
    seed: int

    @property
    def n_pairs(self) -> int:
        """All pairs of events, those beyond the last bands included."""
        return self.n_events * (self.n_events - 1) // 2

    @property
    def ratio(self) -> Floats:
        """float[n_distance_bands, n_time_bands]: observed over expected; nan where that is 0."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.expected > 0.0, self.observed / self.expected, np.nan)

    def frame(self) -> pd.DataFrame:
        """The table as a person reads it: a row for each cell, distance bands from near to far."""
        n_distance, n_time = self.observed.shape
        lower_km = (0.0, *self.distance_edges_km[:-1])
        lower_days = (0.0, *self.time_edges_days[:-1])
        return pd.DataFrame(
            {
                "from_km": np.repeat(lower_km, n_time),
                "to_km": np.repeat(self.distance_edges_km, n_time),
                "from_days": np.tile(lower_days, n_distance),
                "to_days": np.tile(self.time_edges_days, n_distance),
                "observed": self.observed.ravel(),
                "expected": self.expected.ravel(),
                "ratio": self.ratio.ravel(),
                "p_value": self.p_value.ravel(),
            }
        )


def near_repeat(
    dates: ArrayLike,
    distance_edges_km: Sequence[float],
    time_edges_days: Sequence[float],
    *,
    x_km: ArrayLike | None = None,
    y_km: ArrayLike | None = None,
    longitude_deg: ArrayLike | None = None,
    latitude_deg: ArrayLike | None = None,
    distance_km: ArrayLike | None = None,
    place: ArrayLike | None = None,
    n_permutations: int = 999,
    seed: int = 1,
    is_upper_edge_included: bool = True,
) -> NearRepeat:
    """The near-repeat table of some events, with a test by shuffling the dates.

    Places are given in one of three ways: `x_km` and `y_km`; `longitude_deg` and `latitude_deg`;
    or `distance_km`, as by road. Memory grows with the pairs within the last distance edge, about
    20 bytes each; time with those pairs times the shuffles.

    Parameters
    ----------
    dates : array_like, datetime64[n_events], or float[n_events] in days, n_events >= 2
        Times of day count: noon is half a day after midnight. Column `date` of an event table.
    distance_edges_km : sequence of float, km, >= 0, rising
        Upper edges of distance bands; the first band starts at 0. A first edge of 0 makes a band
        of pairs at the same place; a last edge of infinity one of all farther pairs.
    time_edges_days : sequence of float, days, >= 0, rising
        Upper edges of time bands, likewise; a first edge of 0 makes a band of the same moment.
    x_km, y_km : array_like, float[n_events], km, optional
        Coordinates on a plane.
    longitude_deg, latitude_deg : array_like, float[n_events], degrees (WGS84), optional
        In [-180, 180] and [-90, 90]; the distance is that of the great circle.
    distance_km : array_like, float[n_places, n_places], km, >= 0, symmetric, optional
        Distances between places; infinite where there is no way. The diagonal is the distance
        of two events at one place.
    place : array_like, int[n_events], in [0, n_places), optional
        Row of `distance_km` at which each event was; default: event i at place i. For names, as
        segments, `pandas.Index(names).get_indexer(table["segment"])`.
    n_permutations : int, >= 1
        Shuffles; the smallest p-value that they can give is 1 / (1 + n_permutations).
    seed : int, in [0, 2**32)
    is_upper_edge_included : bool
        True where a pair at an upper edge belongs to the band below it; see the head of the module.

    Returns
    -------
    NearRepeat

    Raises
    ------
    DataError
        When there are fewer than 2 events, columns differ in length, values are missing or out of
        range, edges do not rise, or places are given in no way or in several.

    Source
    ------
    See the head of this module.

    Examples
    --------
    Four events: two at one place a day apart, two at another, 10 km away, a day apart, 30 days
    later. Of 6 pairs 2 are at the same place and 2 within a day, so 2 x 2 / 6 are expected to be
    both; 2 are.

    >>> found = near_repeat([0, 1, 30, 31], [0], [1], x_km=[0, 0, 10, 10], y_km=[0, 0, 0, 0])
    >>> found.observed.tolist(), found.expected.round(4).tolist(), found.ratio.round(2).tolist()
    ([[2]], [[0.6667]], [[3.0]])

    One pairing of three puts both pairs together, so no p-value can be far below 1/3:

    >>> bool(0.25 < found.p_value[0, 0] < 0.42)
    True
    """
    times, units_per_day = _times(dates)
    n_events = len(times)
    distance_edges = _checked_edges("distance_edges_km", distance_edges_km)
    time_edges = _checked_edges("time_edges_days", time_edges_days) * units_per_day
    if n_permutations < 1:
        raise DataError(f"n_permutations is {n_permutations}: no shuffle, no test. Allowed: >= 1.")
    if not is_upper_edge_included:
        distance_edges, time_edges = _just_below(distance_edges), _just_below(time_edges)
    distances = _Distances(n_events, x_km, y_km, longitude_deg, latitude_deg, distance_km, place)
    pairs = _pairs_by_band(distances, distance_edges)

    n_by_distance = np.array([len(first) for first, _ in pairs], dtype=np.int64)
    n_by_time = _pairs_by_time(times, time_edges)
    n_pairs = n_events * (n_events - 1) // 2
    expected = np.outer(n_by_distance, n_by_time) / n_pairs
    observed = _table(times[:, np.newaxis], pairs, time_edges)[0]

    shuffled = np.empty((n_permutations, *observed.shape), dtype=np.int64)
    for start in range(0, n_permutations, SHUFFLES_AT_ONCE):
        stop = min(start + SHUFFLES_AT_ONCE, n_permutations)
        orders = shuffles(seed, start, stop - start, n_events)
        # Events along the rows: a pair then reads two rows in a piece, one number for each shuffle.
        shuffled[start:stop] = _table(np.ascontiguousarray(times[orders].T), pairs, time_edges)
    p_value = (1 + (shuffled >= observed).sum(axis=0)) / (1 + n_permutations)
    return NearRepeat(
        tuple(float(edge) for edge in distance_edges_km),
        tuple(float(edge) for edge in time_edges_days),
        observed,
        expected,
        p_value,
        _overall_p_value(observed, expected, shuffled),
        n_events,
        n_permutations,
        seed,
    )


class _Distances:
    """Distances from some events to all events, however places are given."""

    def __init__(
        self,
        n_events: int,
        x_km: ArrayLike | None,
        y_km: ArrayLike | None,
        longitude_deg: ArrayLike | None,
        latitude_deg: ArrayLike | None,
        distance_km: ArrayLike | None,
        place: ArrayLike | None,
    ) -> None:
        given = {
            "x_km": x_km,
            "y_km": y_km,
            "longitude_deg": longitude_deg,
            "latitude_deg": latitude_deg,
            "distance_km": distance_km,
            "place": place,
        }
        names = tuple(name for name, value in given.items() if value is not None)
        ways = (
            ("x_km", "y_km"),
            ("longitude_deg", "latitude_deg"),
            ("distance_km",),
            ("distance_km", "place"),
        )
        if names not in ways:
            raise DataError(
                f"places are given by {', '.join(names) or 'nothing'}. Allowed: x_km and y_km; or "
                "longitude_deg and latitude_deg; or distance_km, with or without place."
            )
        self.n_events = n_events
        self.is_on_a_plane = names == ways[0]
        self.matrix: Floats | None = None
        if distance_km is not None:
            self.matrix = _checked_matrix(distance_km)
            self.place = _checked_places(place, n_events, len(self.matrix))
            return
        limits = (np.inf, np.inf) if self.is_on_a_plane else (180.0, 90.0)
        self.east, self.north = (
            _checked_column(name, given[name], n_events, limit)
            for name, limit in zip(names, limits, strict=True)
        )

    def of(self, events: slice) -> Floats:
        """float[n, n_events], km."""
        if self.matrix is not None:
            return self.matrix[np.ix_(self.place[events], self.place)]
        east, north = self.east[events, np.newaxis], self.north[events, np.newaxis]
        if self.is_on_a_plane:
            return np.hypot(self.east - east, self.north - north)
        return great_circles_km(north, east, self.north, self.east)


def _blocks_of_events(n_events: int) -> Iterator[slice]:
    """Slices of events whose pairs with all events stay few."""
    at_once = max(1, 16 * PAIRS_AT_ONCE // n_events)
    for start in range(0, n_events, at_once):
        yield slice(start, min(start + at_once, n_events))


def _pairs_by_band(distances: _Distances, edges_km: Floats) -> list[tuple[NDArray, NDArray]]:
    """Both events of every pair of each distance band, each pair once."""
    parts: list[list[tuple[NDArray, NDArray]]] = [[] for _ in edges_km]
    for events in _blocks_of_events(distances.n_events):
        distance_km = distances.of(events)
        number = np.arange(events.start, events.stop)
        # A pair once: the second event comes after the first in the table.
        is_later = np.arange(distances.n_events) > number[:, np.newaxis]
        lower = np.zeros_like(is_later)
        for band, edge in enumerate(edges_km):
            within = distance_km <= edge
            first, second = np.nonzero(within & ~lower & is_later)
            parts[band].append(
                ((first + events.start).astype(np.int32), second.astype(np.int32)),
            )
            lower = within
    return [
        (np.concatenate([p[0] for p in part]), np.concatenate([p[1] for p in part]))
        for part in parts
    ]


def _pairs_by_time(times: Floats, edges: Floats) -> Counts:
    """Pairs of each time band, near and far ones together."""
    within = np.zeros(len(edges), dtype=np.int64)
    for events in _blocks_of_events(len(times)):
        apart = np.abs(times[events, np.newaxis] - times)
        within += [np.count_nonzero(apart <= edge) for edge in edges]
    # Every pair was met twice, and every event once with itself, at no time: within the first edge
    # unless that one is below 0, as an edge of 0 that is not included.
    itself = np.where(edges >= 0.0, len(times), 0)
    return np.diff((within - itself) // 2, prepend=0)


def _table(times: Floats, pairs: list[tuple[NDArray, NDArray]], edges: Floats) -> Counts:
    """Pairs by distance band and time band, for each column of times.

    `times` is float[n_events, n_columns]; returned is
    int[n_columns, n_distance_bands, n_time_bands].
    """
    within = np.zeros((len(pairs), len(edges), times.shape[1]), dtype=np.int64)
    for band, (first, second) in enumerate(pairs):
        for start in range(0, len(first), PAIRS_AT_ONCE):
            some = slice(start, start + PAIRS_AT_ONCE)
            apart = np.abs(times[first[some]] - times[second[some]])
            for column, edge in enumerate(edges):
                within[band, column] += np.count_nonzero(apart <= edge, axis=0)
    return np.moveaxis(np.diff(within, axis=1, prepend=0), 2, 0)


def _just_below(edges: Floats) -> Floats:
    """Edges such that `<=` them is `<` what was given; infinity stays and holds everything."""
    return np.where(np.isinf(edges), edges, np.nextafter(edges, -np.inf))


def _overall_p_value(observed: Counts, expected: Floats, shuffled: Counts) -> float:
    """Share of tables, the observed one among them, whose largest excess is as large as its own.

    Each cell is measured in its standard deviation over all these tables: the observed one is
    then treated like every other, which is what makes the level exact.
    """
    excess = np.concatenate([observed[np.newaxis], shuffled]) - expected
    spread = np.sqrt((excess * excess).mean(axis=0))
    largest = (excess / np.where(spread > 0.0, spread, 1.0)).max(axis=(1, 2))
    # Sums of different order may differ in the last bit where tables are the same.
    return float((largest >= largest[0] - 1e-9).mean())


def _times(dates: ArrayLike) -> tuple[Floats, float]:
    """Times of events as numbers, and how many of their units make a day.

    Dates stay whole milliseconds, so that a pair seven days apart is not a rounding error more.
    """
    array = checked_dates(dates)
    if len(array) < 2:
        raise DataError(f"there are dates of {len(array)} events. Allowed: 2 events or more.")
    if array.dtype.kind == "M":
        return array.astype(np.int64).astype(float), float(MILLISECONDS_PER_DAY)
    return array, 1.0


def _checked_edges(name: str, edges: Sequence[float]) -> Floats:
    array = np.asarray(edges, dtype=float)
    if array.ndim != 1 or not len(array) or np.isnan(array).any() or array[0] < 0.0:
        raise DataError(f"{name} is {edges!r}. Allowed: one edge or more, none below 0.")
    if not (np.diff(array) > 0.0).all():
        raise DataError(f"{name} is {edges!r}, which does not rise. Allowed: rising edges.")
    return array


def _checked_column(name: str, values: ArrayLike | None, n_events: int, limit: float) -> Floats:
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} holds what is no number: {error}. Allowed: numbers.") from error
    if array.shape != (n_events,):
        raise DataError(
            f"{name} has the shape {array.shape} for {n_events} events. Allowed: ({n_events},)."
        )
    is_wrong = ~np.isfinite(array) | (np.abs(array) > limit)
    if is_wrong.any():
        event = int(np.flatnonzero(is_wrong)[0])
        allowed = f"from {-limit:g} to {limit:g}" if np.isfinite(limit) else "finite numbers"
        raise DataError(f"{name} of event {event} is {array[event]:g}. Allowed: {allowed}.")
    return array


def _checked_matrix(distance_km: ArrayLike) -> Floats:
    matrix = np.asarray(distance_km, dtype=float)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise DataError(
            f"distance_km has the shape {matrix.shape}. Allowed: as many rows as columns."
        )
    if np.isnan(matrix).any() or (matrix < 0.0).any():
        raise DataError(
            f"distance_km holds {matrix[np.isnan(matrix) | (matrix < 0.0)][0]:g}. "
            "Allowed: 0 or more; infinity where there is no way."
        )
    if not (matrix == matrix.T).all():
        first, second = np.argwhere(matrix != matrix.T)[0]
        raise DataError(
            f"distance_km from {first} to {second} is {matrix[first, second]:g} and back "
            f"{matrix[second, first]:g}. Allowed: the same both ways; (d + d.T) / 2 makes it so."
        )
    return matrix


def _checked_places(place: ArrayLike | None, n_events: int, n_places: int) -> NDArray[np.int64]:
    places = np.arange(n_places) if place is None else np.asarray(place)
    if places.shape != (n_events,) or places.dtype.kind not in "iu":
        named = "distance_km has rows" if place is None else "place has the shape and type"
        raise DataError(
            f"{named} {places.shape} {places.dtype} for {n_events} events. Allowed: a whole "
            "number for each event."
        )
    if (places < 0).any() or (places >= n_places).any():
        wrong = places[(places < 0) | (places >= n_places)][0]
        raise DataError(f"a place is {wrong}. Allowed: 0 to {n_places - 1}, rows of distance_km.")
    return places.astype(np.int64)
