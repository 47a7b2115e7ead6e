"""How a sweep finds the devices on a segment, and how long it takes."""

import math

from sim.compiled import rule


@rule
def find_probability(search_rate_km_per_h, effort_h, length_km):
    """Probability that a sweep finds a given live device on a segment.

    Random search: every hour of effort falls anywhere on the segment with equal chance, so effort
    saturates rather than adds up.

    Parameters
    ----------
    search_rate_km_per_h : float, km/h, >= 0
        Length of road effectively searched in one team-hour.
    effort_h : float, h, >= 0
        Team-hours spent on the segment.
    length_km : float, km, > 0

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Koopman (1980), Search and Screening: the random search formula.

    Examples
    --------
    >>> round(find_probability(search_rate_km_per_h=4.0, effort_h=0.5, length_km=2.0), 3)
    0.632
    """
    coverage = search_rate_km_per_h * effort_h / length_km
    return -math.expm1(-coverage)


@rule
def sweep_h(length_km, sweep_kph):
    """Team-hours that one sweep of a piece of road takes.

    Parameters
    ----------
    length_km : float, km, >= 0
    sweep_kph : float, km/h, > 0
        Speed of a team while it searches.

    Returns
    -------
    float, h, >= 0

    Source
    ------
    Definition of speed; its value is calibrated to a piece of 25 km a day (`clearance.sweep_kph`).

    Examples
    --------
    >>> sweep_h(length_km=25.0, sweep_kph=4.0)
    6.25
    """
    return length_km / sweep_kph
