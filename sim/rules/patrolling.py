"""How many patrols go out, and how far."""

import math

from sim.compiled import rule

DAYS_PER_YEAR = 365.25


@rule
def patrols_per_day(patrols_per_year, strength, reference_strength, elasticity):
    """Patrols of the mission a day at a strength of troops who patrol.

    They grow with strength to a power below 1: twice the troops have made fewer than twice the
    patrols. Both ends of the power are to be reported: 0 is patrols whatever the strength, 1 is in
    proportion.

    Parameters
    ----------
    patrols_per_year : float, 1/year, >= 0
        At the reference strength.
    strength : float, persons, >= 0
    reference_strength : float, persons, > 0
    elasticity : float, dimensionless, in [0, 1]

    Returns
    -------
    float, 1/d, >= 0; 0 where there is nobody, whatever the power

    Source
    ------
    16,400 patrols a year by 6,500 people in 2013-14, 13,000 by 13,000 in 2021
    (`force.patrol_elasticity`); reference strength: assumption 4 in docs/parameters.md.

    Examples
    --------
    Four times the troops, to the power of a half, make twice the patrols.

    >>> round(patrols_per_day(365.25, strength=400.0, reference_strength=100.0,
    ...                       elasticity=0.5), 6)
    2.0
    """
    if strength <= 0.0:
        return 0.0
    growth = math.exp(elasticity * math.log(strength / reference_strength))
    return patrols_per_year / DAYS_PER_YEAR * growth


@rule
def reach_km(draw, mean_km):
    """Distance that one patrol goes out from its camp.

    Exponential: many short patrols and few long ones, described by the mean alone.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    mean_km : float, km, >= 0

    Returns
    -------
    float, km, >= 0

    Source
    ------
    Inverse transform of the exponential distribution, Devroye (1986), section II.2; the mean is
    assumption 5 in docs/parameters.md.

    Examples
    --------
    Half of all patrols stay within ln 2 = 0.693 of the mean.

    >>> round(reach_km(0.5, mean_km=12.0), 4)
    8.3178
    """
    return -mean_km * math.log(1.0 - draw)


@rule
def expected_km(near_km, length_km, mean_km):
    """Mean distance that a patrol drives outward on a piece of its road.

    The integral, over the piece, of the probability that the reach goes beyond a point. So a road
    weighs the same however finely it is cut.

    Parameters
    ----------
    near_km : float, km, >= 0
        From the camp to the near end of the piece, along the road.
    length_km : float, km, >= 0
    mean_km : float, km, > 0
        Mean of the exponential reach.

    Returns
    -------
    float, km, >= 0

    Source
    ------
    The mean of a positive quantity is the integral of its tail: Ross (2014), Introduction to
    Probability Models, section 2.4; the reach is that of `reach_km`.

    Examples
    --------
    The first 12 ln 2 = 8.318 km at a mean of 12 km: half of the mean.

    >>> round(expected_km(0.0, length_km=8.317766, mean_km=12.0), 5)
    6.0
    """
    return -mean_km * math.exp(-near_km / mean_km) * math.expm1(-length_km / mean_km)
