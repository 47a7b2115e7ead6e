"""How often cells attack camps and convoys, which camp they choose, and how many they kill."""

import math

from sim.compiled import rule

DAYS_PER_MONTH = 30.4375


@rule
def attack_rate_per_day(attacks_per_month, n_cells):
    """Rate at which one cell of full strength and motivation tries one kind of attack.

    All cells are alike in this; weaker or less motivated ones attack less often, in proportion.

    Parameters
    ----------
    attacks_per_month : float, 1/month, >= 0
        Of all cells together.
    n_cells : int, cells, >= 1

    Returns
    -------
    float, 1/d, >= 0

    Source
    ------
    Definition; a month has 30.4375 days. The rates are those of `attacks`.

    Examples
    --------
    >>> attack_rate_per_day(60.875, n_cells=4)
    0.5
    """
    return attacks_per_month / DAYS_PER_MONTH / n_cells


@rule
def camp_weight(garrison, distance_km, beta_distance_per_km):
    """Weight of a camp in the choice of the cells that have it in reach.

    Garrisons weigh in proportion, so that each of their people is as likely a target as any other
    at the same distance; distance counts as it does where devices are placed.

    Parameters
    ----------
    garrison : float, persons, >= 0
    distance_km : float, km, >= 0
        Straight, from the cell's home.
    beta_distance_per_km : float, 1/km, >= 0

    Returns
    -------
    float, persons, >= 0

    Source
    ------
    Conditional logit: McFadden (1974); the weights are assumption 39 in docs/parameters.md.

    Examples
    --------
    At 100 km and 0.01 a km a camp weighs 1/e of what it would at the cell's door.

    >>> round(camp_weight(1000.0, distance_km=100.0, beta_distance_per_km=0.01), 3)
    367.879
    """
    return garrison * math.exp(-beta_distance_per_km * distance_km)


@rule
def n_killed_in_attack(draw, fatal_probability, exponent, most):
    """Number killed in an attack: mostly none, sometimes one, rarely many.

    One draw serves both questions: it is below the probability of a fatal attack where somebody is
    killed, and then its place below it says how many. Those are between 1 and `most`, each number s
    in proportion to s to the power minus `exponent`.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    fatal_probability : float, dimensionless, in [0, 1]
    exponent : float, dimensionless, > 1
    most : int, persons, >= 0
        Most that can be killed; nobody is where it is 0.

    Returns
    -------
    int, persons, in [0, most]

    Source
    ------
    Clauset, Young & Gleditsch (2007), Journal of Conflict Resolution 51, 58-87: sizes of attacks
    follow a power law; inverted by sequential search, Devroye (1986), section III.2.

    Examples
    --------
    Half of the attacks are fatal; with exponent 1 and at most 2, two of three of those kill one.

    >>> [n_killed_in_attack(draw, 0.5, 1.0, 2) for draw in (0.33, 0.34, 0.49, 0.5)]
    [1, 2, 2, 0]
    """
    if most <= 0 or draw >= fatal_probability:
        return 0
    total = 0.0
    for size in range(1, most + 1):
        total += math.exp(-exponent * math.log(size))
    threshold = draw / fatal_probability * total
    cumulative = 0.0
    for size in range(1, most):
        cumulative += math.exp(-exponent * math.log(size))
        if threshold < cumulative:
            return size
    return most
