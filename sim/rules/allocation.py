"""How often to sweep which piece of road, so that a budget of sweeping saves most."""

import math

from sim.compiled import rule


@rule
def placed_per_day(
    hazard_per_km, length_km, passages_per_day, contact_probability, other_ends_per_day
):
    """Devices placed on a piece of road a day, as the command works it out from its estimate.

    Where a passage meets `hazard_per_km` times `length_km` devices that end there, that many over
    the contact probability lie on the piece, and in a steady state as many are placed as end.
    Sweeps are left out, so roads that are swept often are taken as somewhat worse than they are.

    Parameters
    ----------
    hazard_per_km : float, 1/km, >= 0
        Devices found or struck, a passage.
    length_km : float, km, >= 0
    passages_per_day : float, 1/d, >= 0
    contact_probability : float, dimensionless, in (0, 1]
        That a device is found or acts on one passage.
    other_ends_per_day : float, 1/d, >= 0
        Rate at which a device ends without the mission.

    Returns
    -------
    float, 1/d, >= 0

    Source
    ------
    Balance of a queue with infinitely many servers: Ross (2014), Introduction to Probability
    Models, section 8.2; the use of it is assumption 69 in docs/parameters.md.

    Examples
    --------
    One device met in 10 passages of 10 km, half of those that lie there: 0.2 lie there, and each
    ends at the rate of 0.5 by one passage a day and 0.1 otherwise.

    >>> round(placed_per_day(0.01, length_km=10.0, passages_per_day=1.0,
    ...                      contact_probability=0.5, other_ends_per_day=0.1), 6)
    0.12
    """
    lying = hazard_per_km * length_km / contact_probability
    return lying * (passages_per_day * contact_probability + other_ends_per_day)


@rule
def hits_per_day(
    weight, placed_per_day, hit_rate_per_day, find_probability, sweeps_per_day, other_ends_per_day
):
    """Weighted hits a day on a piece of road that is swept at random times.

    Parameters
    ----------
    weight : float, any unit, >= 0
        Worth of one hit that does not happen.
    placed_per_day : float, 1/d, >= 0
    hit_rate_per_day : float, 1/d, >= 0
        Rate at which traffic ends one device.
    find_probability : float, dimensionless, in [0, 1]
        That a sweep finds a given device.
    sweeps_per_day : float, 1/d, >= 0
    other_ends_per_day : float, 1/d, >= 0

    Returns
    -------
    float, unit of `weight` a day, >= 0

    Source
    ------
    The balance of devices placed and ended, as for `placed_per_day`.

    Examples
    --------
    Placed at 0.2 a day, hit at 0.15, expiring at 0.02, swept weekly and found in half of sweeps:

    >>> round(hits_per_day(1.0, 0.2, 0.15, 0.5, 1.0 / 7.0, 0.02), 6)
    0.12426
    """
    ends = hit_rate_per_day + find_probability * sweeps_per_day + other_ends_per_day
    return weight * placed_per_day * hit_rate_per_day / ends if ends > 0.0 else 0.0


@rule
def sweep_rate(
    weight, placed_per_day, hit_rate_per_day, find_probability, cost, other_ends_per_day, price
):
    """Sweeps a day at which one more would save hits worth just its price.

    Each sweep saves less than the one before, so the rate grows with the square root of what lies
    on a piece, and a piece where the first sweep does not pay is not swept at all.

    Parameters
    ----------
    weight : float, any unit, >= 0
        Worth of one hit that does not happen.
    placed_per_day, hit_rate_per_day : float, 1/d, >= 0
    find_probability : float, dimensionless, in [0, 1]
    cost : float, units of the budget, > 0
        Of one sweep.
    other_ends_per_day : float, 1/d, >= 0
    price : float, weighted hits a unit of the budget, > 0

    Returns
    -------
    float, 1/d, >= 0

    Source
    ------
    Square-root rule, Koopman (1953), The optimum distribution of effort, Journal of the Operations
    Research Society of America 1(2), 52-63, applied to `hits_per_day`.

    Examples
    --------
    One device placed a day, hit at the rate 0.5, surely found, no other ends: at the price 0.5
    the square root of 0.5 / 0.5 less 0.5 is half a sweep a day.

    >>> sweep_rate(1.0, 1.0, 0.5, 1.0, 1.0, 0.0, price=0.5)
    0.5
    >>> sweep_rate(1.0, 1.0, 0.5, 1.0, 1.0, 0.0, price=2.0)
    0.0
    """
    if find_probability <= 0.0 or hit_rate_per_day <= 0.0:
        return 0.0
    gain = weight * placed_per_day * hit_rate_per_day * find_probability
    ends = hit_rate_per_day + other_ends_per_day
    return max(0.0, (math.sqrt(gain / (cost * price)) - ends) / find_probability)


@rule
def sweep_rates(
    rates, weights, placed, hit_rates, find_probabilities, costs, n_places, other_ends, budget
):
    """Sweeps a day of every piece of road, so that weighted hits are least within the budget.

    The price at which the rates cost just the budget lies between 0 and the one at which no sweep
    pays. The interval is halved until no number lies between its ends; the rates are those of the
    higher end, so they never cost more than the budget.

    Parameters
    ----------
    rates : float[n_places], 1/d, >= 0
        Filled in.
    weights : float[n_places], any unit, >= 0
    placed, hit_rates : float[n_places], 1/d, >= 0
    find_probabilities : float[n_places], dimensionless, in [0, 1]
    costs : float[n_places], units of the budget, > 0
        Of one sweep of each piece.
    n_places : int, >= 0
    other_ends : float, 1/d, >= 0
        Rate at which a device ends without the mission.
    budget : float, units of the budget a day, >= 0

    Returns
    -------
    float, weighted hits a unit of the budget, >= 0; what the last unit saves

    Source
    ------
    Lagrange multiplier and bisection: Boyd & Vandenberghe (2004), Convex Optimization, section
    5.5.3 (water-filling).

    Examples
    --------
    Two pieces alike and a budget of two sweeps a day: one each.

    >>> import numpy as np
    >>> rates, ones = np.zeros(2), np.ones(2)
    >>> round(sweep_rates(rates, ones, ones, ones, ones, ones, 2, 0.0, 2.0), 6)
    0.25
    >>> rates.round(6).tolist()
    [1.0, 1.0]
    """
    highest = 0.0
    for place in range(n_places):
        rates[place] = 0.0
        ends = hit_rates[place] + other_ends
        if find_probabilities[place] > 0.0 and hit_rates[place] > 0.0:
            gain = weights[place] * placed[place] * hit_rates[place] * find_probabilities[place]
            highest = max(highest, gain / (costs[place] * ends * ends))
    if highest <= 0.0 or budget <= 0.0:
        return highest
    above = highest
    below = 0.0
    price = 0.5 * highest
    while below < price < above:
        spent = 0.0
        for place in range(n_places):
            spent += costs[place] * sweep_rate(
                weights[place],
                placed[place],
                hit_rates[place],
                find_probabilities[place],
                costs[place],
                other_ends,
                price,
            )
        if spent > budget:
            below = price
        else:
            above = price
        price = 0.5 * (below + above)
    for place in range(n_places):
        rates[place] = sweep_rate(
            weights[place],
            placed[place],
            hit_rates[place],
            find_probabilities[place],
            costs[place],
            other_ends,
            above,
        )
    return above
