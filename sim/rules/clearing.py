"""How a sweep finds the devices on a segment, how long it takes, and what else befalls a team."""

import math

from sim.compiled import rule
from sim.rules.others import n_victims
from sim.rules.strike import n_wounded

A_MOMENT_H = 1e-6
"""What rounding may add to a team's day that is filled to its last minute."""


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


@rule
def sweep_cost_h(length_km, sweep_kph, distance_km, transit_kph, team_h_per_day):
    """Team-hours of one sweep with its share of the way, for planning.

    A team that works `distance_km` away all day loses the way out and back, so each hour of
    sweeping there costs more than one of its hours.

    Parameters
    ----------
    length_km : float, km, >= 0
    sweep_kph : float, km/h, > 0
    distance_km : float, km, >= 0
        By road from the team's base.
    transit_kph : float, km/h, > 0
    team_h_per_day : float, h, >= 0

    Returns
    -------
    float, h, >= 0; infinite where way and sweep do not fit into a day

    Source
    ------
    Arithmetic.

    Examples
    --------
    Of eight hours two are lost on the way, so the 3 h of a sweep cost 4 h.

    >>> round(sweep_cost_h(12.0, sweep_kph=4.0, distance_km=20.0, transit_kph=20.0,
    ...                    team_h_per_day=8.0), 6)
    4.0
    """
    effort_h = sweep_h(length_km, sweep_kph)
    way_h = 2.0 * distance_km / transit_kph
    if effort_h + way_h > team_h_per_day or way_h >= team_h_per_day:
        return math.inf
    return effort_h * team_h_per_day / (team_h_per_day - way_h)


@rule
def n_false_alarms(draw, length_km, false_alarms_per_100_km):
    """Number of times that a team stops on a piece of road for something that is nothing.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    length_km : float, km, >= 0
    false_alarms_per_100_km : float, 1/100 km, >= 0
        Mean on 100 km swept.

    Returns
    -------
    int, >= 0

    Source
    ------
    Poisson along the road, as clutter in search theory: Koopman (1980), Search and Screening; the
    mean is assumption 49 in docs/parameters.md.

    Examples
    --------
    With a mean of 1 on the piece there is none with probability 1/e = 0.368, one with the same.

    >>> [n_false_alarms(draw, 10.0, 10.0) for draw in (0.36, 0.37, 0.73, 0.74)]
    [0, 1, 1, 2]
    """
    return n_victims(draw, false_alarms_per_100_km * length_km / 100.0)


@rule
def n_killed_in_accident(draw, n_exposed, death_probability):
    """Number of people of a team killed where making a device safe went wrong.

    Each of those exposed dies with the same probability; the others are wounded.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    n_exposed : int, persons, in [0, 100]
    death_probability : float, dimensionless, in [0, 1]

    Returns
    -------
    int, persons, in [0, n_exposed]

    Source
    ------
    Binomial; exposure and probability are assumption 50 in docs/parameters.md.

    Examples
    --------
    Of two people none dies with probability 0.36, one with 0.48, both with 0.16.

    >>> [n_killed_in_accident(draw, 2, death_probability=0.4) for draw in (0.35, 0.37, 0.83, 0.85)]
    [0, 1, 1, 2]
    """
    return n_wounded(draw, n_exposed, death_probability)
