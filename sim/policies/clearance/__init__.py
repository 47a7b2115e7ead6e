"""Where clearance teams go: a policy scores pieces of road, and teams take the best in reach.

A policy is a function of a `ClearanceView`. To add one, write a file with such a function and name
it in `POLICIES`; `sim/world/scenario.py` lists the names that a scenario may choose.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.ahead_of_convoy import ahead_of_convoy
from sim.policies.clearance.allocation import allocation
from sim.policies.clearance.assignment import assign_pieces
from sim.policies.clearance.fixed_round import fixed_round
from sim.policies.clearance.highest_risk import highest_risk
from sim.policies.clearance.none import none
from sim.policies.clearance.random_sweep import random_sweep
from sim.policies.clearance.view import ClearanceView

POLICIES: dict[str, Callable[[ClearanceView], NDArray[np.float64]]] = {
    "none": none,
    "fixed_round": fixed_round,
    "random_sweep": random_sweep,
    "highest_risk": highest_risk,
    "ahead_of_convoy": ahead_of_convoy,
    "allocation": allocation,
}

__all__ = ["POLICIES", "ClearanceView", "assign_pieces"]
