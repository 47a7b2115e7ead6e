"""What happens when vehicles in single file come to a device: find, strike, and whom it strikes."""

import math

from sim.compiled import rule


@rule
def find_probability_on_road(find_probability, concealment):
    """Probability that a convoy finds a given device before the device acts.

    Concealment belongs to the device and scales every attempt to find it, so a device that one
    convoy missed is more likely than others to be missed by the next.

    Parameters
    ----------
    find_probability : float, dimensionless, in [0, 1]
        Of the convoy, on a device of average concealment.
    concealment : float, dimensionless, >= 0
        Scale of this device (`concealment_scale`); 1 is average, more is easier to find.

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    A common factor of repeated trials: Vaupel, Manton & Stallard (1979), Demography 16 (frailty).

    Examples
    --------
    >>> find_probability_on_road(0.25, concealment=1.5)
    0.375
    """
    return min(1.0, find_probability * concealment)


@rule
def find_probability_at_pace(find_probability, km_per_day, reference_km_per_day):
    """Probability of finding a device first, at the pace at which a convoy searches.

    Random search: a convoy that goes at half the pace looks at every metre for twice as long, so
    it misses the square of the share that it missed. Time for searching adds up, misses multiply.

    Parameters
    ----------
    find_probability : float, dimensionless, in [0, 1]
        At the reference pace.
    km_per_day : float, km/d, > 0
        Progress that the convoy is ordered to make.
    reference_km_per_day : float, km/d, > 0

    Returns
    -------
    float, dimensionless, in [0, 1]; `find_probability` to the last bit at the reference pace

    Source
    ------
    Koopman (1980), Search and Screening: the random search formula, with effort in proportion to
    the time that a stretch of road takes. That convoys so search is assumption 85 in
    docs/parameters.md.

    Examples
    --------
    Half the pace: misses fall from 0.6 to 0.36.

    >>> round(find_probability_at_pace(0.4, km_per_day=30.0, reference_km_per_day=60.0), 6)
    0.64
    """
    if km_per_day == reference_km_per_day:
        return find_probability
    if find_probability >= 1.0:
        return 1.0
    return -math.expm1(math.log1p(-find_probability) * (reference_km_per_day / km_per_day))


@rule
def find_probability_of_both(find_probability, other_find_probability):
    """Probability that at least one of two who search the same road finds a given device.

    Each searches by itself, so a device is missed where both miss it.

    Parameters
    ----------
    find_probability, other_find_probability : float, dimensionless, in [0, 1]

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Washburn & Kress (2009), Combat Modeling, chapter 7 (independent looks).

    Examples
    --------
    Misses of 0.6 and 0.7 make misses of 0.42.

    >>> round(find_probability_of_both(0.4, 0.3), 6)
    0.58
    """
    return 1.0 - (1.0 - find_probability) * (1.0 - other_find_probability)


@rule
def strike_probability(probability_per_vehicle, n_vehicles):
    """Probability that a device which nobody found acts on one of the vehicles that pass it.

    Each vehicle sets it off with the same probability, and the first that does ends it: one minus
    the probability that all pass unharmed.

    Parameters
    ----------
    probability_per_vehicle : float, dimensionless, in [0, 1]
    n_vehicles : int, vehicles, >= 0

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Washburn & Kress (2009), Combat Modeling, chapter 2 (independent trials).

    Examples
    --------
    >>> round(strike_probability(0.02, n_vehicles=10), 5)
    0.18293
    """
    if n_vehicles <= 0 or probability_per_vehicle <= 0.0:
        return 0.0
    if probability_per_vehicle >= 1.0:
        return 1.0
    return -math.expm1(n_vehicles * math.log1p(-probability_per_vehicle))


@rule
def struck_vehicle(draw, probability_per_vehicle, n_vehicles):
    """Place in the file of the vehicle that is struck, given that one is.

    The vehicle is the first to set the device off, so its place is geometric, cut off at the end of
    the file: the lead bears most of the risk, and the more so the likelier each vehicle is struck.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    probability_per_vehicle : float, dimensionless, in [0, 1]
    n_vehicles : int, vehicles, >= 1

    Returns
    -------
    int, place, in [0, n_vehicles); 0 is the lead

    Source
    ------
    Inverse transform of the geometric distribution, Devroye (1986), Non-Uniform Random Variate
    Generation, section X.2, with the draw scaled to the probability of the file.

    Examples
    --------
    With 0.5 a vehicle and two vehicles the lead is struck in two cases of three.

    >>> struck_vehicle(0.66, 0.5, n_vehicles=2), struck_vehicle(0.67, 0.5, n_vehicles=2)
    (0, 1)
    """
    if probability_per_vehicle >= 1.0:
        return 0
    if probability_per_vehicle <= 0.0:
        return min(n_vehicles - 1, math.floor(draw * n_vehicles))
    log_pass = math.log1p(-probability_per_vehicle)
    any_struck = -math.expm1(n_vehicles * log_pass)
    return min(n_vehicles - 1, math.floor(math.log1p(-draw * any_struck) / log_pass))


@rule
def concealment_scale(draw, low, high):
    """Scale of the find probability that one device keeps for its whole life.

    Uniform, because only its spread is known to matter: any law with the same mean and spread would
    fit as well.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    low : float, dimensionless, >= 0
    high : float, dimensionless, >= low

    Returns
    -------
    float, dimensionless, in [low, high]

    Source
    ------
    Inverse transform of the uniform distribution, Devroye (1986), section II.2; its limits are
    calibrated (`threat.concealment_low`, `threat.concealment_high`).

    Examples
    --------
    >>> concealment_scale(0.25, low=0.5, high=1.5)
    0.75
    """
    return low + draw * (high - low)
