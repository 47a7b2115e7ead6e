"""Which way convoys take: a policy turns hours and estimated risk by edge into a cost by edge.

The cheapest way by that cost is driven (`sim/roads/paths.py`). To add a policy, write a file with
such a function and name it in `POLICIES`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.policies.routing.least_risk import least_risk
from sim.policies.routing.shortest import shortest
from sim.policies.routing.view import RoutingView

POLICIES: dict[str, Callable[[RoutingView], NDArray[np.float64]]] = {
    "shortest": shortest,
    "least_risk": least_risk,
}

__all__ = ["POLICIES", "RoutingView"]
