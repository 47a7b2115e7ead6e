"""How cells grow again: towards a capacity that politics and grievance set."""

import math

from sim.compiled import rule

DAYS_PER_YEAR = 365.25
GREATEST_CAPACITY = 2.0
"""However bad politics and grievance are, a cell holds no more than twice its first strength."""


@rule
def capacity(progress, reference_level, at_full_progress, grievance):
    """Strength that a cell can hold, 1 at the reference level of progress and without grievance.

    Parameters
    ----------
    progress : float, dimensionless, in [0, 1]
        Political progress.
    reference_level : float, dimensionless, in [0, 1]
        Progress at which capacity is 1; where this is full progress already, it is always 1.
    at_full_progress : float, dimensionless, in [0, 1]
        Capacity at progress 1; straight in between, and on below the reference.
    grievance : float, dimensionless, >= 0
        Raises capacity by this share.

    Returns
    -------
    float, dimensionless, in [0, 2]

    Source
    ------
    Assumptions 33 and 35 in docs/parameters.md; its greatest value bounds the rates of cells.

    Examples
    --------
    Half the way to full progress, where half is left, and grievance of a third on top.

    >>> round(capacity(0.5, reference_level=0.0, at_full_progress=0.5, grievance=1 / 3), 6)
    1.0
    """
    level = 1.0
    if reference_level < 1.0:
        share = (progress - reference_level) / (1.0 - reference_level)
        level = max(0.0, 1.0 + share * (at_full_progress - 1.0))
    return min(GREATEST_CAPACITY, level * (1.0 + grievance))


@rule
def grown_strength(strength, capacity, rate_per_year, elapsed_days):
    """Strength of a cell after some time of recruiting towards its capacity.

    The gap closes at a constant rate, upwards and downwards: a cell recruits fastest just after a
    loss, and one above its capacity loses people. Exact, so it can be read at any time.

    Parameters
    ----------
    strength : float, dimensionless, >= 0
        At the beginning; 1 is the strength of a cell in June 2016.
    capacity : float, dimensionless, >= 0
    rate_per_year : float, 1/year, >= 0
        Share of the gap that closes a year, for small times; 0 leaves strength as it is.
    elapsed_days : float, d, >= 0

    Returns
    -------
    float, dimensionless, >= 0, between strength and capacity

    Source
    ------
    Exponential approach, the simplest stock with a limit: Sterman (2000), Business Dynamics,
    section 8.3; the rate is assumption 34 in docs/parameters.md.

    Examples
    --------
    From one half to 1 at a rate of 1 a year: after a year a share 1/e of the gap is left.

    >>> round(grown_strength(0.5, capacity=1.0, rate_per_year=1.0, elapsed_days=365.25), 4)
    0.8161
    """
    return strength + (capacity - strength) * -math.expm1(
        -rate_per_year * elapsed_days / DAYS_PER_YEAR
    )
