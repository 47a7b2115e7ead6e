"""What camps consume, how long a stock lasts, when and how much they order."""

import math

from sim.compiled import rule

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
