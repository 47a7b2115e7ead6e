"""The picture: what the command has been told, which is all that its policies may read."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.rules.memory import remembered
from sim.rules.picture import hazard_per_km


class Picture:
    """Finds, strikes, sweeps and passages by piece of road, fading with a half-life.

    Attributes
    ----------
    events_per_km, events_time_h : float[n_segments]; 1/km, h
        Devices found or struck, smoothed over the roads nearby, each value as of its own time.
    passages, passages_time_h : float[n_segments]; passages, h
        How often convoys and patrols drove over it.
    last_swept_h : float[n_segments], h
        When it was last swept; far in the past where it never was.
    """

    def __init__(self, n_segments: int, half_life_h: float) -> None:
        self.half_life_h = half_life_h
        self.events_per_km = np.zeros(n_segments)
        self.events_time_h = np.zeros(n_segments)
        self.passages = np.zeros(n_segments)
        self.passages_time_h = np.zeros(n_segments)
        self.last_swept_h = np.full(n_segments, -1e6)
        self._every_segment = np.arange(n_segments, dtype=np.int32)

    def hear_of_device(
        self, now_h: float, segments: NDArray[np.int32], per_km: NDArray[np.float64]
    ) -> None:
        """Take in a find or a strike, spread over the pieces nearby."""
        add_fading(
            self.events_per_km, self.events_time_h, now_h, self.half_life_h, segments, per_km
        )

    def hear_of_sweep(self, now_h: float, segment: int) -> None:
        """Take in that a team has swept a piece."""
        self.last_swept_h[segment] = now_h

    def hazard_per_km(
        self, now_h: float, prior_hazard_per_km: float, prior_passages: float
    ) -> NDArray[np.float64]:
        """Estimated devices met per km driven: float[n_segments], 1/km."""
        estimate = np.empty_like(self.passages)
        estimate_hazard(
            estimate,
            self._every_segment,
            now_h,
            self.events_per_km,
            self.events_time_h,
            self.passages,
            self.passages_time_h,
            self.half_life_h,
            prior_hazard_per_km,
            prior_passages,
        )
        return estimate

    def passages_per_day(self, now_h: float) -> NDArray[np.float64]:
        """Convoys and patrols a day by its own books: float[n_segments], 1/d."""
        estimate = np.empty_like(self.passages)
        rate_of_fading(
            estimate,
            self._every_segment,
            now_h,
            self.passages,
            self.passages_time_h,
            self.half_life_h,
        )
        return estimate


@rule
def add_fading(values, times_h, now_h, half_life_h, segments, added):  # type: ignore[no-untyped-def]
    """Add to values that fade, each brought to the present first; changed in place.

    Parameters
    ----------
    values, times_h : float[n_segments]; any unit, h
    now_h : float, h
    half_life_h : float, h, > 0
    segments : int32[n_near]
    added : float[n_near], unit of `values`

    Returns
    -------
    int, always 0

    Source
    ------
    Bookkeeping.

    Examples
    --------
    >>> import numpy as np
    >>> values, times = np.array([8.0]), np.array([0.0])
    >>> add_fading(values, times, 30.0, 10.0, np.array([0], dtype=np.int32), np.array([1.0]))
    0
    >>> float(values[0]), float(times[0])
    (2.0, 30.0)
    """
    for place in range(len(segments)):
        segment = segments[place]
        values[segment] = (
            remembered(values[segment], now_h - times_h[segment], half_life_h) + added[place]
        )
        times_h[segment] = now_h
    return 0


@rule
def estimate_hazard(  # type: ignore[no-untyped-def]
    estimate,
    pieces,
    now_h,
    events_per_km,
    events_time_h,
    passages,
    passages_time_h,
    half_life_h,
    prior_hazard_per_km,
    prior_passages,
):
    """Fill in the Gamma-Poisson estimate of hazard for pieces of road.

    Parameters
    ----------
    estimate : float[n_segments], 1/km
        Filled in at these pieces.
    pieces : int32[n_pieces]
    now_h : float, h
    events_per_km, events_time_h, passages, passages_time_h : float[n_segments]
        As in `Picture`.
    half_life_h : float, h, > 0
    prior_hazard_per_km : float, 1/km, >= 0
    prior_passages : float, passages, > 0

    Returns
    -------
    int, always 0

    Source
    ------
    `sim/rules/picture.py`.

    Examples
    --------
    One device per km in 10 passages, against a prior of none in 10, for the second piece alone:

    >>> import numpy as np
    >>> estimate, zero, second = np.zeros(2), np.zeros(2), np.array([1], dtype=np.int32)
    >>> estimate_hazard(estimate, second, 0.0, np.ones(2), zero, np.full(2, 10.0), zero, 24.0, 0.0,
    ...                 10.0)
    0
    >>> estimate.tolist()
    [0.0, 0.05]
    """
    for place in range(len(pieces)):
        segment = pieces[place]
        estimate[segment] = hazard_per_km(
            remembered(events_per_km[segment], now_h - events_time_h[segment], half_life_h),
            remembered(passages[segment], now_h - passages_time_h[segment], half_life_h),
            prior_hazard_per_km,
            prior_passages,
        )
    return 0


@rule
def rate_of_fading(estimate, pieces, now_h, values, times_h, half_life_h):  # type: ignore[no-untyped-def]
    """Fill in the events a day behind counts that fade, for pieces of road.

    A count that fades with mean life T settles at the rate times T, so dividing by the mean life,
    which is the half-life over ln 2, gives the rate back.

    Parameters
    ----------
    estimate : float[n_segments], 1/d
        Filled in at these pieces.
    pieces : int32[n_pieces]
    now_h : float, h
    values, times_h : float[n_segments]; events, h
    half_life_h : float, h, > 0

    Returns
    -------
    int, always 0

    Source
    ------
    Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9.

    Examples
    --------
    A half-life of ten days, for the second piece alone:

    >>> import numpy as np
    >>> estimate, second = np.zeros(2), np.array([1], dtype=np.int32)
    >>> rate_of_fading(estimate, second, 0.0, np.full(2, 100.0), np.zeros(2), 240.0)
    0
    >>> estimate.round(3).tolist()
    [0.0, 6.931]
    """
    per_day = math.log(2.0) * 24.0 / half_life_h
    for place in range(len(pieces)):
        segment = pieces[place]
        estimate[segment] = per_day * remembered(
            values[segment], now_h - times_h[segment], half_life_h
        )
    return 0
