"""Which road patrols take out of their camp: a policy weighs roads, and a draw chooses by weight.

A policy is a function of a `PatrolView`. To add one, write a file with such a function and name it
in `POLICIES`; `sim/world/settings/force.py` lists the names that a scenario may choose.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.policies.patrols.before_convoys import before_convoys
from sim.policies.patrols.even import even
from sim.policies.patrols.highest_risk import highest_risk
from sim.policies.patrols.view import PatrolView

POLICIES: dict[str, Callable[[PatrolView], NDArray[np.float64]]] = {
    "even": even,
    "highest_risk": highest_risk,
    "before_convoys": before_convoys,
}

__all__ = ["POLICIES", "PatrolView"]
