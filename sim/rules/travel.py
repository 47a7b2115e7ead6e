"""How fast convoys move, and what the night does to their hours."""

import math

from sim.compiled import rule

HOURS_PER_DAY = 24.0


@rule
def speed_kph(free_speed_kph, speed_factor, season_factor):
    """Speed on a piece of road.

    Parameters
    ----------
    free_speed_kph : float, km/h, > 0
        Of an unhindered light vehicle when the road is dry.
    speed_factor : float, dimensionless, in (0, 1]
        Of a convoy or patrol, over that of a light vehicle.
    season_factor : float, dimensionless, in (0, 1]
        Of the season; 1 is dry.

    Returns
    -------
    float, km/h, > 0

    Source
    ------
    Assumptions 1 and 18 in docs/parameters.md: factors that multiply.

    Examples
    --------
    >>> speed_kph(free_speed_kph=60.0, speed_factor=0.5, season_factor=0.4)
    12.0
    """
    return free_speed_kph * speed_factor * season_factor


@rule
def daylight_before_h(time_h, daylight_start_h, daylight_end_h):
    """Hours of daylight from midnight of day 0 until a time.

    Parameters
    ----------
    time_h : float, h
        Since midnight of day 0.
    daylight_start_h : float, h of the day, in [0, 24)
    daylight_end_h : float, h of the day, in (daylight_start_h, 24]

    Returns
    -------
    float, h

    Source
    ------
    Definition: whole days of daylight, and the part of today.

    Examples
    --------
    Noon of day 1, with 11 hours of daylight from 6 to 17: 11 hours of day 0 and 6 of today.

    >>> daylight_before_h(36.0, daylight_start_h=6.0, daylight_end_h=17.0)
    17.0
    """
    daylight_h = daylight_end_h - daylight_start_h
    day = math.floor(time_h / HOURS_PER_DAY)
    today_h = time_h - day * HOURS_PER_DAY - daylight_start_h
    return day * daylight_h + min(daylight_h, max(0.0, today_h))


@rule
def later_in_daylight(day, today_h, driving_h, daylight_h):
    """The day, and the hours of its daylight that are over, after some hours of driving.

    Driving that ends with the daylight ends on that day; the last billionth of a day's driving
    counts as done.

    Parameters
    ----------
    day : int
        0 is the first.
    today_h : float, h, >= 0
        Since the daylight of that day began; beyond its end counts as the end.
    driving_h : float, h, >= 0
    daylight_h : float, h, in (0, 24]
        Of every day.

    Returns
    -------
    tuple of int and float, h, in [0, daylight_h]

    Source
    ------
    Convoys moved by day (`routing.daylight_start_h`, `routing.daylight_end_h`).

    Examples
    --------
    Two hours are left of today's eleven, the third falls on tomorrow.

    >>> later_in_daylight(0, 9.0, 3.0, daylight_h=11.0)
    (1, 1.0)
    """
    # Count from this morning, as if what is over of today's daylight had been driven.
    total_h = min(daylight_h, today_h) + driving_h
    if total_h <= daylight_h:  # nearly always, and it saves a division
        return day, total_h
    n_nights = max(0, math.ceil(total_h / daylight_h - 1e-9) - 1)
    return day + n_nights, min(daylight_h, total_h - n_nights * daylight_h)


@rule
def time_in_daylight_h(day, today_h, daylight_start_h):
    """The time at which some hours of a day's daylight are over.

    Parameters
    ----------
    day : int
        0 is the first.
    today_h : float, h, >= 0
        Since the daylight of that day began.
    daylight_start_h : float, h of the day, in [0, 24)

    Returns
    -------
    float, h
        Since midnight of day 0.

    Source
    ------
    Definition.

    Examples
    --------
    >>> time_in_daylight_h(1, 2.5, daylight_start_h=6.0)
    32.5
    """
    return day * HOURS_PER_DAY + daylight_start_h + today_h


@rule
def drive_end_h(start_h, driving_h, daylight_start_h, daylight_end_h):
    """Time at which some hours of driving are done, when vehicles halt for the night.

    A start at night waits for the morning. Driving that ends with the daylight ends in the evening,
    not on the next morning; the last billionth of a day's driving counts as done.

    Parameters
    ----------
    start_h : float, h
        Since midnight of day 0.
    driving_h : float, h, >= 0
    daylight_start_h : float, h of the day, in [0, 24)
    daylight_end_h : float, h of the day, in (daylight_start_h, 24]
        0 and 24 drive round the clock.

    Returns
    -------
    float, h, >= start_h
        Since midnight of day 0; `start_h` itself where there is nothing to drive.

    Source
    ------
    Convoys moved by day (`routing.daylight_start_h`, `routing.daylight_end_h`).

    Examples
    --------
    From 15:00, daylight from 6 to 17: two hours today, the third ends at 7:00 tomorrow.

    >>> drive_end_h(15.0, 3.0, daylight_start_h=6.0, daylight_end_h=17.0)
    31.0
    """
    if driving_h <= 0.0:
        return start_h
    daylight_h = daylight_end_h - daylight_start_h
    if daylight_h >= HOURS_PER_DAY:
        return start_h + driving_h
    day = math.floor(start_h / HOURS_PER_DAY)
    today_h = start_h - day * HOURS_PER_DAY - daylight_start_h
    day, today_h = later_in_daylight(day, max(0.0, today_h), driving_h, daylight_h)
    return max(start_h, time_in_daylight_h(day, today_h, daylight_start_h))


@rule
def driving_done_h(start_h, end_h, daylight_start_h, daylight_end_h):
    """Hours of driving done between two times: the daylight between them.

    The inverse of `drive_end_h`, for a convoy that is halted on its way.

    Parameters
    ----------
    start_h : float, h
        Since midnight of day 0.
    end_h : float, h, >= start_h
        Since midnight of day 0.
    daylight_start_h : float, h of the day, in [0, 24)
    daylight_end_h : float, h of the day, in (daylight_start_h, 24]

    Returns
    -------
    float, h, in [0, end_h - start_h]

    Source
    ------
    Definition: `daylight_before_h` at the end less that at the start.

    Examples
    --------
    From 15:00 to 7:00 the next morning, daylight from 6 to 17: two hours and one.

    >>> driving_done_h(15.0, 31.0, daylight_start_h=6.0, daylight_end_h=17.0)
    3.0
    """
    before_h = daylight_before_h(start_h, daylight_start_h, daylight_end_h)
    after_h = daylight_before_h(end_h, daylight_start_h, daylight_end_h)
    return max(0.0, min(end_h - start_h, after_h - before_h))
