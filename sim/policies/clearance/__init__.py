"""Where clearance teams go: a policy scores pieces of road, and teams take the best in reach.

A policy is a function of a `ClearanceView`. To add one to the package, write a file with such a
function and name it in `POLICIES` and among the choices in `sim/world/settings/clearance.py`. From
outside, `POLICIES["mine"] = function` is all (`sim/policies/family.py`).
"""

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.ahead_of_convoy import ahead_of_convoy
from sim.policies.clearance.allocation import allocation
from sim.policies.clearance.answer import as_scores
from sim.policies.clearance.assignment import assign_pieces
from sim.policies.clearance.fixed_round import fixed_round
from sim.policies.clearance.highest_risk import highest_risk
from sim.policies.clearance.none import none
from sim.policies.clearance.random_sweep import random_sweep
from sim.policies.clearance.view import ClearanceView
from sim.policies.family import Family

POLICIES: Family[ClearanceView, NDArray[np.float64]] = Family(
    "clearance.policy",
    {
        "none": none,
        "fixed_round": fixed_round,
        "random_sweep": random_sweep,
        "highest_risk": highest_risk,
        "ahead_of_convoy": ahead_of_convoy,
        "allocation": allocation,
    },
    asks={
        "random_sweep": frozenset({"draws"}),
        "ahead_of_convoy": frozenset({"convoy_due_h"}),
        "allocation": frozenset({"nearest_base", "base_distance_km", "base_team_h_per_day"}),
    },
    as_answer=as_scores,
)

__all__ = ["POLICIES", "ClearanceView", "assign_pieces"]
