"""Where and how often armed cells place devices: chance that reacts to what cells have seen."""

import math

from sim.compiled import rule
from sim.rules.memory import remembered, seen_per_day

DAYS_PER_MONTH = 30.4375
"""The mean month, 365.25 / 12, as in `sim.clock`."""
GREATEST_LOG_WEIGHT = 600.0
"""Beyond this a weight would leave the range of numbers."""


@rule
def attempt_rate_per_day(attempts_per_month, share, motivation):
    """Rate at which one cell decides to place a device.

    Parameters
    ----------
    attempts_per_month : float, 1/month, >= 0
        Of all cells together, at motivation 1.
    share : float, dimensionless, in [0, 1]
        Strength of this cell over that of all.
    motivation : float, dimensionless, >= 0
        What political progress leaves of it (`sim.rules.politics.motivation`).

    Returns
    -------
    float, 1/d, >= 0

    Source
    ------
    Calibrated (`threat.attempts_per_month`) to 7.7 incidents a month, UNMAS 2013-2015.

    Examples
    --------
    A month has 30.4375 days on average.

    >>> attempt_rate_per_day(attempts_per_month=30.4375, share=0.5, motivation=0.5)
    0.25
    """
    return attempts_per_month / DAYS_PER_MONTH * share * motivation


@rule
def placement_weight(
    length_km,
    traffic_per_day,
    patrols_per_day,
    success,
    pressure,
    distance_km,
    beta_traffic,
    beta_deterrence,
    beta_success,
    beta_pressure,
    beta_distance_per_km,
):
    """Weight of one piece of road when a cell chooses among all in reach.

    A conditional logit whose alternatives are kilometres: a piece weighs as many as it is long, so
    cutting a road finer leaves the choice of place unchanged. The logarithm gives traffic a
    diminishing pull, and patrols a diminishing push.

    Parameters
    ----------
    length_km : float, km, >= 0
    traffic_per_day : float, vehicles/d, >= 0
        Vehicles of the mission that the cell has seen pass.
    patrols_per_day : float, 1/d, >= 0
        Passages of patrols among them; one that goes out and back passes twice.
    success : float, strikes, >= 0
        Remembered strikes nearby.
    pressure : float, dimensionless, >= 0
        ln(1 + remembered sweeps and finds nearby).
    distance_km : float, km, >= 0
        From the cell's home.
    beta_traffic, beta_deterrence, beta_success, beta_pressure : float, dimensionless, >= 0
    beta_distance_per_km : float, 1/km, >= 0

    Returns
    -------
    float, km, >= 0
        Of road without traffic at the cell's home; the exponent is cut at 600.

    Source
    ------
    McFadden (1974), Conditional logit analysis of qualitative choice behavior; values calibrated
    (`threat.beta_traffic` and those beside it) but for deterrence, assumption 29.

    Examples
    --------
    10 km with one vehicle a day weigh as much as 20 km without.

    >>> round(placement_weight(10.0, 1.0, 0.0, 0.0, 0.0, 0.0, beta_traffic=1.0,
    ...                        beta_deterrence=0.2, beta_success=0.3, beta_pressure=0.3,
    ...                        beta_distance_per_km=0.01), 6)
    20.0
    """
    # Not log1p: it takes twice as long, and an error of 1e-16 in an exponent is none in a weight.
    log_weight = (
        beta_traffic * math.log(1.0 + traffic_per_day)
        - beta_deterrence * math.log(1.0 + patrols_per_day)
        + beta_success * success
        - beta_pressure * pressure
        - beta_distance_per_km * distance_km
    )
    return length_km * math.exp(min(GREATEST_LOG_WEIGHT, log_weight))


@rule
def chosen_place(draw, weights, n, nothing_weight):
    """Which of the candidate places is chosen, or none.

    Placing nothing is one of the options and comes last: without it, a road made safer would by
    assumption only make the next one worse.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    weights : float[n_candidates], km, >= 0
    n : int, candidates, >= 0
        How many of the weights count.
    nothing_weight : float, km, >= 0

    Returns
    -------
    int, in [0, n), or -1 for nothing; -1 too where all weights are 0

    Source
    ------
    Inversion by sequential search, Devroye (1986), section III.2; the weight of nothing is
    assumption 8 in docs/parameters.md.

    Examples
    --------
    >>> import numpy as np
    >>> weights = np.array([1.0, 2.0])
    >>> [chosen_place(draw, weights, 2, nothing_weight=1.0) for draw in (0.24, 0.25, 0.74, 0.75)]
    [0, 1, 1, -1]
    """
    total = 0.0
    for candidate in range(n):
        total += weights[candidate]
    total += nothing_weight
    threshold = draw * total
    cumulative = 0.0
    for candidate in range(n):
        cumulative += weights[candidate]
        if threshold < cumulative:
            return candidate
    return -1


@rule
def place_weights(
    weights,
    candidates,
    n,
    now_h,
    length_km,
    traffic,
    traffic_time_h,
    patrols,
    patrols_time_h,
    success,
    success_time_h,
    pressure,
    pressure_time_h,
    distance_km,
    half_life_h,
    beta_traffic,
    beta_deterrence,
    beta_success,
    beta_pressure,
    beta_distance_per_km,
):
    """Weights of all places in a cell's reach, from memories brought up to date as they are read.

    Remembered traffic and patrols are sums of passages that fade, read as vehicles and as patrols a
    day (`sim.rules.memory.seen_per_day`).

    Parameters
    ----------
    weights : float[n_candidates], km
        Filled from 0 to n.
    candidates : int32[n_candidates]
        Numbers of segments.
    n : int, candidates, >= 0
    now_h : float, h
    length_km : float[n_segments], km, >= 0
    traffic : float[n_segments], vehicles, >= 0
        Passages, faded up to `traffic_time_h`.
    traffic_time_h : float[n_segments], h, <= now_h
    patrols : float[n_segments], passages, >= 0
        Passages of patrols among them, whatever their vehicles.
    patrols_time_h : float[n_segments], h, <= now_h
    success : float[n_segments], strikes, >= 0
    success_time_h : float[n_segments], h, <= now_h
    pressure : float[n_segments], sweeps and finds, >= 0
    pressure_time_h : float[n_segments], h, <= now_h
    distance_km : float[n_candidates], km, >= 0
        From the cell's home, by candidate.
    half_life_h : float, h, > 0
    beta_traffic, beta_deterrence, beta_success, beta_pressure : float, dimensionless, >= 0
    beta_distance_per_km : float, 1/km, >= 0

    Returns
    -------
    None; `weights` holds the result

    Source
    ------
    `placement_weight`, `sim.rules.memory.remembered` and `sim.rules.memory.seen_per_day`.

    Examples
    --------
    A half-life of one day and a remembered sum of 1 / ln 2: one vehicle a day, 10 km count twice.

    >>> import numpy as np
    >>> weights, zero = np.empty(1), np.zeros(1)
    >>> place_weights(weights, np.zeros(1, dtype=np.int32), 1, 0.0, np.array([10.0]),
    ...               np.array([1.0 / np.log(2.0)]), zero, zero, zero, zero, zero, zero, zero,
    ...               zero, 24.0, 1.0, 0.2, 0.3, 0.3, 0.01)
    >>> round(float(weights[0]), 6)
    20.0
    """
    for candidate in range(n):
        segment = candidates[candidate]
        weights[candidate] = placement_weight(
            length_km[segment],
            seen_per_day(traffic[segment], now_h - traffic_time_h[segment], half_life_h),
            seen_per_day(patrols[segment], now_h - patrols_time_h[segment], half_life_h),
            remembered(success[segment], now_h - success_time_h[segment], half_life_h),
            # A road swept daily is remembered with dozens of sweeps: in proportion, nobody would
            # ever place anything there, and sweeps would find nothing by assumption.
            math.log(
                1.0 + remembered(pressure[segment], now_h - pressure_time_h[segment], half_life_h)
            ),
            distance_km[candidate],
            beta_traffic,
            beta_deterrence,
            beta_success,
            beta_pressure,
            beta_distance_per_km,
        )
