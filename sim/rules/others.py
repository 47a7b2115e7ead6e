"""Devices that hit somebody outside the mission: how soon, whom, how many."""

import math

from sim.compiled import rule


@rule
def others_hazard_per_day(hazard_per_day, surface, paved_ratio, track_ratio):
    """Rate at which a live device ends by hitting civilians, national forces or others.

    An effective hazard in place of vehicles by others, who are not simulated: better roads carry
    more of them.

    Parameters
    ----------
    hazard_per_day : float, 1/d, >= 0
        On a gravel road.
    surface : int, in {0, 1, 2}
        0 paved, 1 gravel, 2 track.
    paved_ratio : float, dimensionless, >= 0
        Rate on a paved road over the rate on gravel.
    track_ratio : float, dimensionless, >= 0
        Rate on a track over the rate on gravel.

    Returns
    -------
    float, 1/d, >= 0

    Source
    ------
    Assumption 10 in docs/parameters.md; the rate is calibrated (`threat.others_hazard_per_day`).

    Examples
    --------
    >>> [others_hazard_per_day(0.5, surface, 1.5, 0.5) for surface in (0, 1, 2)]
    [0.75, 0.5, 0.25]
    """
    if surface == 0:
        return hazard_per_day * paved_ratio
    if surface == 2:
        return hazard_per_day * track_ratio
    return hazard_per_day


@rule
def victim_class(draw, civilian_share, army_share):
    """Who is hit by a device that hits somebody outside the mission.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    civilian_share : float, dimensionless, in [0, 1]
    army_share : float, dimensionless, in [0, 1 - civilian_share]
        National forces; the rest are other forces.

    Returns
    -------
    int, in {0, 1, 2}: 0 civilians, 1 national forces, 2 other forces

    Source
    ------
    UNMAS 2015: 31.5% of victims were civilians, 17.8% national forces, 42.8% peacekeepers
    (`threat.others_civilian_share`, `threat.others_army_share`).

    Examples
    --------
    >>> [victim_class(draw, civilian_share=0.5, army_share=0.25) for draw in (0.49, 0.5, 0.75)]
    [0, 1, 2]
    """
    if draw < civilian_share:
        return 0
    if draw < civilian_share + army_share:
        return 1
    return 2


@rule
def n_victims(draw, mean):
    """Killed and injured together in a strike on somebody outside the mission.

    Poisson, because only the mean is known; inverted term by term, each from the one before.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    mean : float, persons, in [0, 200]

    Returns
    -------
    int, persons, >= 0

    Source
    ------
    Inversion by sequential search, Devroye (1986), section X.3; the mean is derived from UNMAS
    totals (`threat.others_victims`).

    Examples
    --------
    With a mean of 1 nobody is hurt with probability 1/e = 0.368, one person with the same.

    >>> [n_victims(draw, mean=1.0) for draw in (0.36, 0.37, 0.73, 0.74)]
    [0, 1, 1, 2]
    """
    term = math.exp(-mean)
    cumulative = term
    victims = 0
    # The last comparison ends the search where rounding keeps the sum below a draw close to 1.
    while draw >= cumulative and (victims < mean or cumulative + term > cumulative):
        victims += 1
        term *= mean / victims
        cumulative += term
    return victims
