"""How long the wounded wait for a hospital, and how many of them that costs."""

import math

from sim.compiled import rule


@rule
def flight_delay_h(alert_h, distance_km, radius_km, speed_kph):
    """Time until somebody wounded is in a hospital whose helicopter fetches them.

    It takes off after the alert, flies out and flies back.

    Parameters
    ----------
    alert_h : float, h, >= 0
        From the attack to take-off.
    distance_km : float, km, >= 0
        Straight, from the hospital.
    radius_km : float, km, >= 0
        Within which it flies.
    speed_kph : float, km/h, > 0

    Returns
    -------
    float, h, >= 0; infinite beyond the radius

    Source
    ------
    Distance over speed; the numbers are assumption 42 in docs/parameters.md.

    Examples
    --------
    110 km at 220 km/h, out and back, after an hour and a half.

    >>> flight_delay_h(1.5, distance_km=110.0, radius_km=250.0, speed_kph=220.0)
    2.5
    """
    if distance_km > radius_km:
        return math.inf
    return alert_h + 2.0 * distance_km / speed_kph


@rule
def road_delay_h(distance_km, speed_kph):
    """Time until somebody wounded is in a hospital who is driven there.

    Parameters
    ----------
    distance_km : float, km, >= 0
        By road, to the hospital.
    speed_kph : float, km/h, > 0

    Returns
    -------
    float, h, >= 0

    Source
    ------
    Distance over speed; the speed is assumption 42 in docs/parameters.md.

    Examples
    --------
    >>> road_delay_h(45.0, speed_kph=30.0)
    1.5
    """
    return distance_km / speed_kph


@rule
def death_probability(untreated_probability, delay_h, half_life_h, care_factor):
    """Probability that somebody wounded dies before reaching a hospital.

    Of those who would die untreated, half are dead after one half-life, half of the rest after the
    next. Care by comrades scales the probability.

    Parameters
    ----------
    untreated_probability : float, dimensionless, in [0, 1]
        Of dying where nobody ever comes.
    delay_h : float, h, >= 0
        Until the hospital; infinite where nobody comes.
    half_life_h : float, h, > 0
    care_factor : float, dimensionless, >= 0
        1 at the reference level of training (`sim.rules.training.trained_ratio`).

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Delays cost lives, most of them early: Kotwal et al. (2016), JAMA Surgery 151, 15-24, on the
    golden hour. The exponential form is the simplest; its numbers are assumption 41 in
    docs/parameters.md.

    Examples
    --------
    After two half-lives three quarters of the deaths have come.

    >>> round(death_probability(0.2, delay_h=6.0, half_life_h=3.0, care_factor=1.0), 6)
    0.15
    """
    died_by_then = -math.expm1(-math.log(2.0) * delay_h / half_life_h)
    return min(1.0, untreated_probability * died_by_then * care_factor)
