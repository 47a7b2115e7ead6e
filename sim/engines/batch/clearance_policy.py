"""The scores of a clearance policy, by its code; the arithmetic is that of `sim.policies`."""

import math

from sim.compiled import kernel
from sim.engines.batch.codes import (
    CLEARANCE_POLICY_AHEAD_OF_CONVOY,
    CLEARANCE_POLICY_ALLOCATION,
    CLEARANCE_POLICY_FIXED_ROUND,
    CLEARANCE_POLICY_HIGHEST_RISK,
    CLEARANCE_POLICY_RANDOM_SWEEP,
)
from sim.engines.batch.outside import SCORES, ask
from sim.policies.clearance.ahead_of_convoy import scores_ahead
from sim.policies.clearance.allocation import sweeps_owed
from sim.policies.clearance.fixed_round import round_scores
from sim.policies.clearance.highest_risk import risk_scores
from sim.policies.clearance.random_sweep import lucky_scores


@kernel
def fill_scores(state, world, settings, scores):  # type: ignore[no-untyped-def]
    """Fill in what every piece is worth this morning; `team_orders` shows what the policy asks for.

    `state.orders` holds what the policy may know, as in `sim.policies.clearance.ClearanceView`.
    """
    clearance, orders, now_h = settings.clearance, state.orders, state.model.now_h
    n = world.road.n_segments
    hazard_per_km, passages_per_day = orders.hazard_per_km[:n], orders.passages_per_day[:n]
    last_swept_h = state.picture.last_swept_h[:n]
    if clearance.policy == CLEARANCE_POLICY_FIXED_ROUND:
        round_scores(
            scores,
            now_h,
            last_swept_h,
            passages_per_day,
            clearance.in_use_passages_per_day,
        )
    elif clearance.policy == CLEARANCE_POLICY_RANDOM_SWEEP:
        lucky_scores(scores, orders.draws[:n], passages_per_day, clearance.in_use_passages_per_day)
    elif clearance.policy == CLEARANCE_POLICY_HIGHEST_RISK:
        risk_scores(
            scores, now_h, hazard_per_km, passages_per_day, last_swept_h, clearance.stale_days
        )
    elif clearance.policy == CLEARANCE_POLICY_AHEAD_OF_CONVOY:
        scores_ahead(
            scores,
            now_h,
            hazard_per_km,
            passages_per_day,
            last_swept_h,
            clearance.stale_days,
            orders.convoy_due_h[:n],
            clearance.convoy_lead_h,
        )
    elif clearance.policy == CLEARANCE_POLICY_ALLOCATION:
        sweeps_owed(
            scores,
            now_h,
            last_swept_h,
            world.road.length_km[:n],
            hazard_per_km,
            passages_per_day,
            orders.nearest_base[:n],
            orders.base_distance_km[:n],
            orders.base_team_h_per_day[: orders.n_bases],
            clearance.team_h_per_day,
            clearance.sweep_kph,
            clearance.transit_kph,
            clearance.allocation_find_probability,
            clearance.allocation_contact_probability,
            clearance.allocation_device_life_days,
        )
    else:
        for piece in range(n):
            scores[piece] = -math.inf
        ask(state, world, settings, SCORES)
