"""Which road patrols take out of their camp: a policy weighs roads, and a draw chooses by weight.

A policy is a function of a `PatrolView`. To add one to the package, write a file with such a
function and name it in `POLICIES` and among the choices in `sim/world/settings/force.py`. From
outside, `POLICIES["mine"] = function` is all (`sim/policies/family.py`).
"""

import numpy as np
from numpy.typing import NDArray

from sim.policies.family import Family
from sim.policies.patrols.answer import as_weights
from sim.policies.patrols.before_convoys import before_convoys
from sim.policies.patrols.even import even
from sim.policies.patrols.highest_risk import highest_risk
from sim.policies.patrols.view import PatrolView

POLICIES: Family[PatrolView, NDArray[np.float64]] = Family(
    "force.patrol_policy",
    {
        "even": even,
        "highest_risk": highest_risk,
        "before_convoys": before_convoys,
    },
    asks={"before_convoys": frozenset({"convoy_due_h"})},
    as_answer=as_weights,
)

__all__ = ["POLICIES", "PatrolView"]
