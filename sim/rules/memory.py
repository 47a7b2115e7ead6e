"""How memories fade with time and with distance: of cells, and of the command's picture."""

import math

from sim.compiled import rule


@rule
def remembered(value, elapsed_h, half_life_h):
    """What is left of a remembered amount after some time.

    A half-life forgets the same share in every hour, so a memory is one number and its time:
    it can be brought up to date when it is read, and not before.

    Parameters
    ----------
    value : float, any unit
        As of the beginning.
    elapsed_h : float, h, >= 0
    half_life_h : float, h, > 0

    Returns
    -------
    float, in the unit of `value`

    Source
    ------
    Exponential smoothing: Brown (1959), Statistical Forecasting for Inventory Control.

    Examples
    --------
    >>> remembered(8.0, elapsed_h=48.0, half_life_h=24.0)
    2.0
    """
    return value * remembered_share(elapsed_h, half_life_h)


@rule
def remembered_share(elapsed_h, half_life_h):
    """Share of a remembered amount that is left after some time.

    Amounts of one half-life and one time fade alike, so that one exponential serves all of them.

    Parameters
    ----------
    elapsed_h : float, h, >= 0
    half_life_h : float, h, > 0

    Returns
    -------
    float, dimensionless, in (0, 1]

    Source
    ------
    As for `remembered`.

    Examples
    --------
    >>> round(remembered_share(elapsed_h=48.0, half_life_h=24.0), 6)
    0.25
    """
    # A rate times a time: over many times of one half-life the division is done once.
    return math.exp(-(math.log(2.0) / half_life_h) * elapsed_h)


@rule
def nearby(distance_km, smoothing_km):
    """Share of an event that colours a place at some distance from it.

    Smoothing over a fixed distance, not over pieces of road, makes what is remembered independent
    of how finely roads are cut.

    Parameters
    ----------
    distance_km : float, km, >= 0
    smoothing_km : float, km, > 0
        Distance at which 37% is left.

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Assumption 9 in docs/parameters.md.

    Examples
    --------
    >>> round(nearby(distance_km=20.0, smoothing_km=20.0), 4)
    0.3679
    """
    return math.exp(-distance_km / smoothing_km)


@rule
def seen_per_day(value, elapsed_h, half_life_h):
    """Passages a day behind a remembered sum of passages.

    With v passages a day a sum that fades with the half-life H settles at v times its mean life,
    H / ln 2, so the sum times ln 2 / H is v in a steady state, whatever the half-life.

    Parameters
    ----------
    value : float, passages, >= 0
        As of the beginning.
    elapsed_h : float, h, >= 0
    half_life_h : float, h, > 0

    Returns
    -------
    float, 1/d, >= 0

    Source
    ------
    Little (1961), A proof for the queuing formula L = lambda W, Operations Research 9.

    Examples
    --------
    >>> round(seen_per_day(10.0 / math.log(2.0), elapsed_h=0.0, half_life_h=240.0), 6)
    1.0
    """
    return remembered(value, elapsed_h, half_life_h) * (math.log(2.0) * 24.0 / half_life_h)
