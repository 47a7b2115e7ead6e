"""Allocation: sweeps shared out so that the picture expects fewest hits for the team-hours."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.policies.clearance.view import ClearanceView
from sim.rules.allocation import placed_per_day, sweep_rates
from sim.rules.clearing import sweep_cost_h


def allocation(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: sweeps that are owed by the square-root rule, float[n_segments].

    The rule (Koopman 1953) gives each piece a number of sweeps a day; that number times the days
    since the last sweep is what is owed. A piece with a higher rate comes up more often, and no
    piece with a rate above zero is forgotten. Pieces without a rate come last, for hours to spare.
    """
    scores = np.empty(len(view.length_km))
    sweeps_owed(
        scores,
        view.now_h,
        view.last_swept_h,
        view.length_km,
        view.hazard_per_km,
        view.passages_per_day,
        view.nearest_base,
        view.base_distance_km,
        view.base_team_h_per_day,
        view.team_h_per_day,
        view.sweep_kph,
        view.transit_kph,
        view.allocation_find_probability,
        view.allocation_contact_probability,
        view.allocation_device_life_days,
    )
    return scores


@rule
def planned_rates(  # type: ignore[no-untyped-def]
    rates,
    length_km,
    hazard_per_km,
    passages_per_day,
    nearest_base,
    base_distance_km,
    base_team_h_per_day,
    team_h_per_day,
    sweep_kph,
    transit_kph,
    allocation_find_probability,
    contact_probability,
    device_life_days,
):
    """Fill in how many sweeps a day each piece of road should have, base by base.

    The teams of a base share out their hours among the pieces to which no other base is nearer.

    Parameters
    ----------
    rates : float[n_segments], 1/d
        Filled in.
    length_km, hazard_per_km, passages_per_day : float[n_segments]; km, 1/km, 1/d
        As in `ClearanceView`.
    nearest_base : int32[n_segments]
        -1 where no team can work.
    base_distance_km : float[n_segments], km
    base_team_h_per_day : float[n_bases], h/d
        Team-hours that a base has on a mean day.
    team_h_per_day : float, h
        Hours of one team on a day that it goes out.
    sweep_kph, transit_kph : float, km/h, > 0
    allocation_find_probability : float, dimensionless, in [0, 1]
    contact_probability : float, dimensionless, in (0, 1]
    device_life_days : float, d, > 0
        Mean life that is reckoned with where the mission does nothing.

    Returns
    -------
    int
        Number of pieces that should be swept at all.

    Source
    ------
    `sim/rules/allocation.py`.

    Examples
    --------
    One base with 8 h a day, and two pieces alike that take 2 h each: two sweeps a day of both.

    >>> import numpy as np
    >>> rates, alike = np.zeros(2), np.ones(2)
    >>> planned_rates(rates, 8.0 * alike, alike, alike, np.zeros(2, dtype=np.int32), np.zeros(2),
    ...               np.array([8.0]), 8.0, 4.0, 30.0, 0.5, 0.5, 30.0)
    2
    >>> rates.round(6).tolist()
    [2.0, 2.0]
    """
    n_segments = len(length_km)
    places = np.empty(n_segments, dtype=np.int32)
    weights = np.ones(n_segments)
    placed = np.empty(n_segments)
    hit_rates = np.empty(n_segments)
    find_probabilities = np.full(n_segments, allocation_find_probability)
    costs = np.empty(n_segments)
    base_rates = np.empty(n_segments)
    other_ends = 1.0 / device_life_days
    rates[:] = 0.0
    n_swept = 0
    for base in range(len(base_team_h_per_day)):
        n_places = 0
        for segment in range(n_segments):
            if nearest_base[segment] != base:
                continue
            cost = sweep_cost_h(
                length_km[segment],
                sweep_kph,
                base_distance_km[segment],
                transit_kph,
                team_h_per_day,
            )
            if cost == math.inf:
                continue
            places[n_places] = segment
            costs[n_places] = cost
            hit_rates[n_places] = passages_per_day[segment] * contact_probability
            placed[n_places] = placed_per_day(
                hazard_per_km[segment],
                length_km[segment],
                passages_per_day[segment],
                contact_probability,
                other_ends,
            )
            n_places += 1
        sweep_rates(
            base_rates,
            weights,
            placed,
            hit_rates,
            find_probabilities,
            costs,
            n_places,
            other_ends,
            base_team_h_per_day[base],
        )
        for place in range(n_places):
            rates[places[place]] = base_rates[place]
            if base_rates[place] > 0.0:
                n_swept += 1
    return n_swept


@rule
def sweeps_owed(  # type: ignore[no-untyped-def]
    scores,
    now_h,
    last_swept_h,
    length_km,
    hazard_per_km,
    passages_per_day,
    nearest_base,
    base_distance_km,
    base_team_h_per_day,
    team_h_per_day,
    sweep_kph,
    transit_kph,
    allocation_find_probability,
    contact_probability,
    device_life_days,
):
    """Fill in the sweeps that the rates owe each piece of road since it was last swept.

    Parameters
    ----------
    scores : float[n_segments], sweeps
        Filled in.
    now_h : float, h
    last_swept_h : float[n_segments], h
    length_km, hazard_per_km, passages_per_day, nearest_base, base_distance_km, \
base_team_h_per_day, team_h_per_day, sweep_kph, transit_kph, allocation_find_probability, \
contact_probability, device_life_days
        As in `planned_rates`.

    Returns
    -------
    int
        Number of pieces that should be swept at all.

    Source
    ------
    Definition; the rates are those of `planned_rates`.

    Examples
    --------
    Two sweeps a day of two pieces alike, which were swept half a day and two days ago:

    >>> import numpy as np
    >>> scores, alike = np.zeros(2), np.ones(2)
    >>> sweeps_owed(scores, 48.0, np.array([36.0, 0.0]), 8.0 * alike, alike, alike,
    ...             np.zeros(2, dtype=np.int32), np.zeros(2), np.array([8.0]), 8.0, 4.0, 30.0,
    ...             0.5, 0.5, 30.0)
    2
    >>> scores.round(6).tolist()
    [1.0, 4.0]
    """
    n_swept = planned_rates(
        scores,
        length_km,
        hazard_per_km,
        passages_per_day,
        nearest_base,
        base_distance_km,
        base_team_h_per_day,
        team_h_per_day,
        sweep_kph,
        transit_kph,
        allocation_find_probability,
        contact_probability,
        device_life_days,
    )
    for segment in range(len(scores)):
        scores[segment] = scores[segment] * (now_h - last_swept_h[segment]) / 24.0
    return n_swept
