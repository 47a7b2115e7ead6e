"""A journey: the pieces of road that a convoy or patrol drives, in order, and how long each takes.

Between two halts nothing about a journey is uncertain, so a convoy needs no event for an empty
piece of road: its time at any point follows from its timetable. What it passed is written down
when somebody looks (`settle_passage`), which is exact, because sums that decay do not care when
they are written.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.rules.memory import remembered_share
from sim.rules.travel import drive_end_h


@dataclass(frozen=True)
class Journey:
    """Legs in driving order; a leg lies within one piece of road.

    Attributes
    ----------
    segments : int32[n_legs]
    enter_km, leave_km : float[n_legs], km
        Where on the piece the leg begins and ends, from the first end of the piece; driven
        backwards where `leave_km` is less.
    drive_h : float[n_legs + 1], h
        Driving hours from the start to the beginning of each leg, and to the end.
    """

    segments: NDArray[np.int32]
    enter_km: NDArray[np.float64]
    leave_km: NDArray[np.float64]
    drive_h: NDArray[np.float64]

    @property
    def total_h(self) -> float:
        """Driving hours of the whole journey."""
        return float(self.drive_h[-1])

    @property
    def length_km(self) -> float:
        """Length of the whole journey."""
        return float(np.abs(self.leave_km - self.enter_km).sum())


def journey_along(
    segments: NDArray[np.int32],
    forwards: NDArray[np.bool_],
    length_km: NDArray[np.float64],
    h_per_km: NDArray[np.float64],
    wait_h: NDArray[np.float64],
) -> Journey:
    """The journey over whole pieces of road.

    Parameters
    ----------
    segments : int32[n_legs]
    forwards : bool[n_legs]
    length_km, h_per_km, wait_h : float[n_segments]; km, h/km, h
        Of every piece: its length, the time to drive a km, the wait for a ferry.
    """
    return Journey(segments, *over_whole_pieces(segments, forwards, length_km, h_per_km, wait_h))


@rule
def over_whole_pieces(segments, forwards, length_km, h_per_km, wait_h):  # type: ignore[no-untyped-def]
    """Where a journey over whole pieces of road enters and leaves each, and its driving hours.

    Parameters
    ----------
    segments : int32[n_legs]
    forwards : bool[n_legs]
    length_km, h_per_km, wait_h : float[n_segments]; km, h/km, h

    Returns
    -------
    enter_km, leave_km float[n_legs], drive_h float[n_legs + 1]
        The arrays of a `Journey`.

    Source
    ------
    Geometry.

    Examples
    --------
    Out over 5 km and back at 10 km/h:

    >>> import numpy as np
    >>> there_and_back, ahead = np.zeros(2, dtype=np.int32), np.array([True, False])
    >>> five, pace, nothing = np.array([5.0]), np.array([0.1]), np.zeros(1)
    >>> enter, leave, hours = over_whole_pieces(there_and_back, ahead, five, pace, nothing)
    >>> enter.tolist(), leave.tolist(), hours.tolist()
    ([0.0, 5.0], [5.0, 0.0], [0.0, 0.5, 1.0])
    """
    n_legs = len(segments)
    enter_km = np.empty(n_legs)
    leave_km = np.empty(n_legs)
    drive_h = np.empty(n_legs + 1)
    fill_whole_pieces(
        segments, forwards, n_legs, length_km, h_per_km, wait_h, enter_km, leave_km, drive_h
    )
    return enter_km, leave_km, drive_h


@rule
def fill_whole_pieces(  # type: ignore[no-untyped-def]
    segments, forwards, n_legs, length_km, h_per_km, wait_h, enter_km, leave_km, drive_h
):
    """Fill in the legs of a journey over whole pieces of road.

    Parameters
    ----------
    segments : int32[n_legs or more]
    forwards : bool or int8[n_legs or more]
    n_legs : int, legs, >= 0
    length_km, h_per_km, wait_h : float[n_segments]; km, h/km, h
    enter_km, leave_km : float[n_legs or more], km
        Filled in, as in `Journey`.
    drive_h : float[n_legs + 1 or more], h
        Filled in.

    Returns
    -------
    int, always 0

    Source
    ------
    Bookkeeping.

    Examples
    --------
    One piece of 5 km at 10 km/h with half an hour at a ferry, driven backwards:

    >>> import numpy as np
    >>> enter, leave, hours, five = np.zeros(1), np.zeros(1), np.zeros(2), np.array([5.0])
    >>> one, pace, ferry = np.zeros(1, dtype=np.int32), np.array([0.1]), np.array([0.5])
    >>> fill_whole_pieces(one, np.array([False]), 1, five, pace, ferry, enter, leave, hours)
    0
    >>> enter.tolist(), leave.tolist(), hours.tolist()
    ([5.0], [0.0], [0.0, 1.0])
    """
    drive_h[0] = 0.0
    for leg in range(n_legs):
        segment = segments[leg]
        length = length_km[segment]
        enter_km[leg] = 0.0 if forwards[leg] else length
        leave_km[leg] = length if forwards[leg] else 0.0
        drive_h[leg + 1] = drive_h[leg] + (length * h_per_km[segment] + wait_h[segment])
    return 0


@rule
def out_and_back(segments, forwards, length_km, reach_km, h_per_km, wait_h):  # type: ignore[no-untyped-def]
    """Legs of a patrol that drives out along a line of pieces and turns back at its reach.

    Parameters
    ----------
    segments : int32[n_line]
    forwards : bool[n_line]
        The line from the camp outward.
    length_km, h_per_km, wait_h : float[n_segments]; km, h/km, h
    reach_km : float, km, > 0
        Where it turns; the end of the line if that is nearer.

    Returns
    -------
    segments int32[n_legs], enter_km, leave_km float[n_legs], drive_h float[n_legs + 1]
        The arrays of a `Journey`.

    Source
    ------
    Geometry.

    Examples
    --------
    Two pieces of 5 km at 10 km/h, turning after 7 km:

    >>> import numpy as np
    >>> line, ahead = np.array([0, 1], dtype=np.int32), np.array([True, True])
    >>> five, pace, nothing = np.array([5.0, 5.0]), np.array([0.1, 0.1]), np.zeros(2)
    >>> segments, enter, leave, hours = out_and_back(line, ahead, five, 7.0, pace, nothing)
    >>> segments.tolist(), leave.tolist(), [round(float(hour), 3) for hour in hours]
    ([0, 1, 1, 0], [5.0, 2.0, 0.0, 0.0], [0.0, 0.5, 0.7, 0.9, 1.4])
    """
    n_most = 2 * len(segments)
    legs = np.empty(n_most, dtype=np.int32)
    enter_km = np.empty(n_most)
    leave_km = np.empty(n_most)
    drive_h = np.empty(n_most + 1)
    n_legs = fill_out_and_back(
        segments,
        forwards,
        len(segments),
        length_km,
        reach_km,
        h_per_km,
        wait_h,
        legs,
        enter_km,
        leave_km,
        drive_h,
    )
    return legs[:n_legs], enter_km[:n_legs], leave_km[:n_legs], drive_h[: n_legs + 1]


@rule
def fill_out_and_back(  # type: ignore[no-untyped-def]
    segments,
    forwards,
    n_line,
    length_km,
    reach_km,
    h_per_km,
    wait_h,
    legs,
    enter_km,
    leave_km,
    drive_h,
):
    """Fill in the legs of a patrol that drives out along a line of pieces and turns at its reach.

    Parameters
    ----------
    segments : int32[n_line or more]
    forwards : bool or int8[n_line or more]
        The line from the camp outward.
    n_line : int, pieces, >= 0
    length_km, h_per_km, wait_h : float[n_segments]; km, h/km, h
    reach_km : float, km, > 0
        Where it turns; the end of the line if that is nearer.
    legs : int32[n_most]
        Filled in with the pieces of the legs.
    enter_km, leave_km : float[n_most], km
        Filled in, as in `Journey`.
    drive_h : float[n_most + 1], h
        Filled in.

    Returns
    -------
    int
        Number of legs; -1, and nothing filled in, where there is no room for so many.

    Source
    ------
    Geometry.

    Examples
    --------
    A piece of 5 km at 10 km/h, turning after 2 km:

    >>> import numpy as np
    >>> one, legs, five = np.zeros(1, dtype=np.int32), np.zeros(2, dtype=np.int32), np.array([5.0])
    >>> enter, leave, hours, pace = np.zeros(2), np.zeros(2), np.zeros(3), np.array([0.1])
    >>> fill_out_and_back(one, np.array([True]), 1, five, 2.0, pace, np.zeros(1),
    ...                   legs, enter, leave, hours)
    2
    >>> enter.tolist(), leave.tolist(), [round(float(hour), 3) for hour in hours]
    ([0.0, 2.0], [2.0, 0.0], [0.0, 0.2, 0.4])
    """
    n_out = 0
    left_km = reach_km
    while n_out < n_line:
        n_out += 1
        left_km -= length_km[segments[n_out - 1]]
        if left_km <= 0.0:
            break
    n_legs = 2 * n_out
    if n_legs > len(legs):
        return -1
    drive_h[0] = 0.0
    for place in range(n_out):
        segment = segments[place]
        length = length_km[segment]
        driven = length + min(left_km, 0.0) if place == n_out - 1 else length
        near = 0.0 if forwards[place] else length
        far = driven if forwards[place] else length - driven
        back = n_legs - 1 - place
        legs[place] = segment
        enter_km[place] = near
        leave_km[place] = far
        legs[back] = segment
        enter_km[back] = far
        leave_km[back] = near
    for place in range(n_legs):
        segment = legs[place]
        km = abs(leave_km[place] - enter_km[place])
        drive_h[place + 1] = drive_h[place] + km * h_per_km[segment] + wait_h[segment]
    return n_legs


@rule
def next_meeting(segments, enter_km, leave_km, segment, at_km, after_leg, after_km):  # type: ignore[no-untyped-def]
    """The next leg that drives over a point of a piece of road, from a place on the journey on.

    Parameters
    ----------
    segments : int32[n_legs]
    enter_km, leave_km : float[n_legs], km
    segment : int
    at_km : float, km
        The point, from the first end of its piece.
    after_leg, after_km : int; float, km
        The place from which to look: a leg and the distance driven on it. A point at exactly this
        place counts.

    Returns
    -------
    leg int, -1 where the point is not met again; distance on that leg float, km

    Source
    ------
    Geometry.

    Examples
    --------
    Out and back over one piece of 5 km, a point at 2 km: met on the way back after 3 km.

    >>> import numpy as np
    >>> there, back = np.array([0.0, 5.0]), np.array([5.0, 0.0])
    >>> leg, km = next_meeting(np.array([7, 7], dtype=np.int32), there, back, 7, 2.0, 0, 2.5)
    >>> leg, float(km)
    (1, 3.0)
    """
    for leg in range(after_leg, len(segments)):
        if segments[leg] != segment:
            continue
        if enter_km[leg] <= leave_km[leg]:
            if at_km < enter_km[leg] or at_km > leave_km[leg]:
                continue
            along_km = at_km - enter_km[leg]
        else:
            if at_km > enter_km[leg] or at_km < leave_km[leg]:
                continue
            along_km = enter_km[leg] - at_km
        if leg > after_leg or along_km >= after_km:
            return leg, along_km
    return -1, 0.0


@rule
def settle_passage(  # type: ignore[no-untyped-def]
    segments,
    enter_km,
    leave_km,
    drive_h,
    first_leg,
    now_h,
    resumed_h,
    driven_h,
    daylight_start_h,
    daylight_end_h,
    length_km,
    vehicles,
    people,
    is_patrol,
    traffic,
    traffic_time_h,
    patrols,
    patrols_time_h,
    traffic_half_life_h,
    passages,
    passages_time_h,
    passages_half_life_h,
    vehicle_km,
    person_km,
):
    """Write down the pieces that a convoy has left behind by now.

    Parameters
    ----------
    segments, enter_km, leave_km, drive_h
        The arrays of a `Journey`.
    first_leg : int
        First leg that has not been written down.
    now_h : float, h
    resumed_h, driven_h : float, h
        When it last began to move, and the driving hours done until then.
    daylight_start_h, daylight_end_h : float, h of the day
    length_km : float[n_segments], km
    vehicles, people : float
    is_patrol : bool
        Whether cells take it for a patrol.
    traffic, traffic_time_h : float[n_segments]; vehicles, h
        What cells remember of traffic, each value as of its own time; changed in place.
    patrols, patrols_time_h : float[n_segments]; patrols, h
        What they remember of patrols, in the same way.
    traffic_half_life_h : float, h, > 0
        Of both.
    passages, passages_time_h, passages_half_life_h
        The same for the passages of convoys and patrols in the command's picture.
    vehicle_km, person_km : float[n_segments], km
        Totals of the period; changed in place.

    Returns
    -------
    int
        First leg that is still ahead.

    Source
    ------
    Bookkeeping.

    Examples
    --------
    Four vehicles over one piece of 10 km, left after an hour:

    >>> import numpy as np
    >>> one, zero, ten = np.zeros(1, dtype=np.int32), np.zeros(1), np.array([10.0])
    >>> traffic, times, patrols, km = np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(1)
    >>> settle_passage(one, zero, ten, np.array([0.0, 1.0]), 0, 2.0, 0.0, 0.0, 0.0, 24.0, ten,
    ...                4.0, 24.0, True, traffic, times, patrols, np.zeros(1), 720.0,
    ...                np.zeros(1), np.zeros(1), 720.0, km, np.zeros(1))
    1
    >>> float(traffic[0]), float(times[0]), float(patrols[0]), float(km[0])
    (4.0, 1.0, 1.0, 40.0)
    """
    leg = first_leg
    while leg < len(segments):
        left_h = drive_end_h(
            resumed_h, drive_h[leg + 1] - driven_h, daylight_start_h, daylight_end_h
        )
        if left_h > now_h:
            break
        segment = segments[leg]
        km = abs(leave_km[leg] - enter_km[leg])
        share = km / length_km[segment]
        elapsed_h = left_h - traffic_time_h[segment]
        left_share = remembered_share(elapsed_h, traffic_half_life_h)
        traffic[segment] = traffic[segment] * left_share + vehicles * share
        traffic_time_h[segment] = left_h
        # Patrols make most of the traffic, so that all three were mostly written at one time.
        if is_patrol:
            if left_h - patrols_time_h[segment] != elapsed_h:
                left_share = remembered_share(left_h - patrols_time_h[segment], traffic_half_life_h)
                elapsed_h = left_h - patrols_time_h[segment]
            patrols[segment] = patrols[segment] * left_share + share
            patrols_time_h[segment] = left_h
        if (
            left_h - passages_time_h[segment] != elapsed_h
            or passages_half_life_h != traffic_half_life_h
        ):
            left_share = remembered_share(left_h - passages_time_h[segment], passages_half_life_h)
        passages[segment] = passages[segment] * left_share + share
        passages_time_h[segment] = left_h
        vehicle_km[segment] += vehicles * km
        person_km[segment] += people * km
        leg += 1
    return leg


@rule
def expect_on_way(  # type: ignore[no-untyped-def]
    due_h, segments, drive_h, first_leg, resumed_h, driven_h, daylight_start_h, daylight_end_h
):
    """Bring forward when a convoy is expected on the pieces ahead of it.

    Parameters
    ----------
    due_h : float[n_segments], h
        Earliest convoy expected so far; changed in place.
    segments, drive_h
        Arrays of a `Journey`.
    first_leg : int
        First leg that is still ahead.
    resumed_h, driven_h : float, h
        When it begins to move, and the driving hours done until then.
    daylight_start_h, daylight_end_h : float, h of the day

    Returns
    -------
    int
        Number of pieces whose time came forward.

    Source
    ------
    Bookkeeping.

    Examples
    --------
    >>> import numpy as np
    >>> due, legs = np.array([np.inf, 1.0]), np.array([0, 1], dtype=np.int32)
    >>> expect_on_way(due, legs, np.array([0.0, 2.0, 4.0]), 0, 3.0, 0.0, 0.0, 24.0)
    1
    >>> due.tolist()
    [3.0, 1.0]
    """
    n_sooner = 0
    for leg in range(first_leg, len(segments)):
        enters_h = drive_end_h(
            resumed_h, max(drive_h[leg] - driven_h, 0.0), daylight_start_h, daylight_end_h
        )
        if enters_h < due_h[segments[leg]]:
            due_h[segments[leg]] = enters_h
            n_sooner += 1
    return n_sooner
