"""What camps consume, when and how much they order, when a convoy may leave, who leaves a camp."""

import math

from sim.compiled import rule
from sim.rules.travel import drive_end_h

KG_PER_TONNE = 1000.0
GRAM_T = 1e-6
"""Less than this is dust of arithmetic."""


@rule
def consumption_t_per_day(garrison, kg_per_person_day):
    """Supplies by road that a garrison consumes in a day.

    Parameters
    ----------
    garrison : float, persons, >= 0
    kg_per_person_day : float, kg, >= 0
        A person and day.

    Returns
    -------
    float, t/d, >= 0

    Source
    ------
    Calibrated to two convoys a month from Gao (`supply.kg_per_person_day`).

    Examples
    --------
    >>> consumption_t_per_day(garrison=1000.0, kg_per_person_day=8.0)
    8.0
    """
    return garrison * kg_per_person_day / KG_PER_TONNE


@rule
def stock_after(stock_t, elapsed_days, consumption_t_per_day):
    """Stock that is left after some days of consumption; never below zero.

    Parameters
    ----------
    stock_t : float, t, >= 0
    elapsed_days : float, d, >= 0
    consumption_t_per_day : float, t/d, >= 0

    Returns
    -------
    float, t, in [0, stock_t]

    Source
    ------
    Balance of a stock with lost demand: Silver, Pyke & Thomas (2017), Inventory and Production
    Management in Supply Chains.

    Examples
    --------
    >>> stock_after(10.0, elapsed_days=3.0, consumption_t_per_day=2.0)
    4.0
    >>> stock_after(10.0, elapsed_days=6.0, consumption_t_per_day=2.0)
    0.0
    """
    return max(0.0, stock_t - elapsed_days * consumption_t_per_day)


@rule
def dry_days(stock_t, elapsed_days, consumption_t_per_day):
    """Days without stock within the elapsed time; times the garrison they are stock-out days.

    Parameters
    ----------
    stock_t : float, t, >= 0
        At the beginning.
    elapsed_days : float, d, >= 0
    consumption_t_per_day : float, t/d, >= 0

    Returns
    -------
    float, d, in [0, elapsed_days]; 0 where nothing is consumed

    Source
    ------
    Balance of a stock with lost demand: Silver, Pyke & Thomas (2017), Inventory and Production
    Management in Supply Chains.

    Examples
    --------
    10 t last 5 days, so the sixth is dry.

    >>> dry_days(10.0, elapsed_days=6.0, consumption_t_per_day=2.0)
    1.0
    """
    # A stock that covers the time, to a hair's breadth of infinity: no quotient to overflow.
    if stock_t >= elapsed_days * consumption_t_per_day:
        return 0.0
    return max(0.0, elapsed_days - stock_t / consumption_t_per_day)


@rule
def order_t(stock_t, on_order_t, owed_t, reorder_t, target_t):
    """Supplies that a camp orders now.

    Order up to: once what is in stock and on the way, less what is owed to others, has fallen to
    the reorder level, the order fills it up to the target.

    Parameters
    ----------
    stock_t : float, t, >= 0
    on_order_t : float, t, >= 0
        Ordered and not arrived.
    owed_t : float, t, >= 0
        Ordered by camps downstream and not sent.
    reorder_t : float, t, >= 0
    target_t : float, t, >= reorder_t

    Returns
    -------
    float, t, >= 0
        0 above the reorder level (by more than a gram), and where no more than a gram is missing.

    Source
    ------
    Scarf (1960), The optimality of (S, s) policies in the dynamic inventory problem; the levels are
    assumption 22 in docs/parameters.md.

    Examples
    --------
    >>> order_t(20.0, 15.0, 5.0, reorder_t=30.0, target_t=60.0)
    30.0
    >>> order_t(20.0, 15.0, 4.0, reorder_t=30.0, target_t=60.0)
    0.0
    """
    position_t = stock_t + on_order_t - owed_t
    # The dust keeps a camp that wakes at the reorder level from waking for ever a hair above it.
    missing_t = target_t - position_t
    if position_t > reorder_t + GRAM_T or missing_t <= GRAM_T:
        return 0.0
    return missing_t


@rule
def n_trucks(load_t, truck_t):
    """Trucks that a load needs.

    Parameters
    ----------
    load_t : float, t, >= 0
    truck_t : float, t, > 0
        Load of one truck.

    Returns
    -------
    int, vehicles, >= 0
        Whole trucks, rounded up; dust of a billionth of a truck needs none.

    Source
    ------
    Definition; the load of a truck is calibrated (`supply.truck_tonnes`).

    Examples
    --------
    >>> n_trucks(30.0, truck_t=15.0), n_trucks(30.1, truck_t=15.0)
    (2, 3)
    """
    return max(0, math.ceil(load_t / truck_t - 1e-9))


@rule
def days_to_cover(wanted_days, days_left):
    """Days of need that a stock is to cover at a camp that closes: no more than it has left.

    Parameters
    ----------
    wanted_days : float, d, >= 0
        At a camp that stays.
    days_left : float, d
        Until the camp closes; infinite where it stays.

    Returns
    -------
    float, d, in [0, wanted_days]

    Source
    ------
    Definition: what a closed camp has in stock is given up, so nobody drives it there.

    Examples
    --------
    >>> days_to_cover(wanted_days=90.0, days_left=20.0)
    20.0
    """
    return min(wanted_days, max(0.0, days_left))


@rule
def swept_share(
    segments,
    drive_h,
    n_legs,
    is_in_reach,
    length_km,
    last_swept_h,
    now_h,
    lead_h,
    daylight_start_h,
    daylight_end_h,
):
    """Share of the road ahead of a waiting convoy that was swept lately.

    Asked for are the pieces of its way within reach of a team that it would come to within the lead
    time if it left now; what lies farther can be swept while it drives. Where there is none, the
    share is 1: there is nothing to wait for.

    Parameters
    ----------
    segments : int32[n_legs]
    drive_h : float[n_legs + 1], h
        Driving hours from the start to the beginning of each leg, and to the end.
    n_legs : int, >= 0
    is_in_reach : bool[n_segments]
        Whether a team can work there.
    length_km : float[n_segments], km, > 0
    last_swept_h : float[n_segments], h
    now_h, lead_h : float, h
        A sweep counts for the lead time.
    daylight_start_h, daylight_end_h : float, h of the day

    Returns
    -------
    float, dimensionless, in [0, 1]
        Of the length.

    Source
    ------
    Bookkeeping; the lead time is assumption 26 in docs/parameters.md.

    Examples
    --------
    Of 20 km in reach, 5 were swept an hour ago; the last 80 km are out of reach:

    >>> import numpy as np
    >>> way, hours = np.array([0, 1, 2], dtype=np.int32), np.array([0.0, 1.0, 4.0, 20.0])
    >>> reach, km = np.array([True, True, False]), np.array([5.0, 15.0, 80.0])
    >>> swept_share(way, hours, 3, reach, km, np.array([99.0, 1.0, 1.0]), 100.0, 72.0, 0.0, 24.0)
    0.25
    """
    asked_km = 0.0
    swept_km = 0.0
    for leg in range(n_legs):
        segment = segments[leg]
        if not is_in_reach[segment]:
            continue
        if drive_end_h(now_h, drive_h[leg], daylight_start_h, daylight_end_h) - now_h > lead_h:
            break
        asked_km += length_km[segment]
        if now_h - last_swept_h[segment] <= lead_h:
            swept_km += length_km[segment]
    if asked_km <= 0.0:
        return 1.0
    return swept_km / asked_km


@rule
def companies_to_spare(n_companies, share):
    """Infantry companies of a camp that may be away on escort at one time.

    Parameters
    ----------
    n_companies : int, >= 0
        In the camp, those away included.
    share : float, dimensionless, in [0, 1]

    Returns
    -------
    int, >= 0
        The share, rounded down, and one at least where there is one.

    Source
    ------
    Assumption 62 in docs/parameters.md.

    Examples
    --------
    >>> companies_to_spare(18, share=0.25), companies_to_spare(2, share=0.25)
    (4, 1)
    """
    return min(n_companies, max(1, math.floor(n_companies * share + 1e-9)))


@rule
def escort_free_again_h(home_h, rest_h, departed_h, least_gap_h):
    """When a company that is back from an escort can go on the next.

    Parameters
    ----------
    home_h : float, h
        When it came home.
    rest_h : float, h, >= 0
    departed_h : float, h, <= home_h
        When it had set out.
    least_gap_h : float, h, >= 0
        From one departure to the next, where operations a month are limited; else 0.

    Returns
    -------
    float, h, >= home_h

    Source
    ------
    Definition; combat convoy companies are reported at about two operations a month
    (`supply.combat_convoy_operations_per_month`).

    Examples
    --------
    Three days out, three of rest, and no second operation within fifteen days:

    >>> escort_free_again_h(home_h=72.0, rest_h=72.0, departed_h=0.0, least_gap_h=360.0)
    360.0
    """
    return max(home_h + rest_h, departed_h + least_gap_h)


@rule
def withdrawal_vehicles(people, road_share, people_per_vehicle):
    """Vehicles in which the people of a camp that closes leave.

    Parameters
    ----------
    people : float, persons, >= 0
    road_share : float, dimensionless, in [0, 1]
        The others are flown out.
    people_per_vehicle : float, persons, > 0

    Returns
    -------
    int, vehicles, >= 0

    Source
    ------
    Definition. The last convoy from Kidal to Gao had 143 vehicles for 848 people (note to
    correspondents, 8 November 2023).

    Examples
    --------
    >>> withdrawal_vehicles(people=848.0, road_share=1.0, people_per_vehicle=6.0)
    142
    """
    return max(0, math.ceil(people * road_share / people_per_vehicle - 1e-9))
