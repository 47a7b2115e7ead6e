"""The safest way by the picture: least probability to meet a device, time only settling ties."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.routing.view import RoutingView

TIE_PER_H = 1e-9
"""Far below any risk that a picture can tell apart."""


def least_risk(view: RoutingView) -> NDArray[np.float64]:
    """Cost of each edge: float[n_edges], dimensionless.

    The route risk 1 - prod(1 - h_e) is least where the sum of -ln(1 - h_e) is least, so a shortest
    path does it (Dijkstra 1959). A convoy that always takes it becomes predictable.
    """
    return view.risk_cost + TIE_PER_H * view.travel_h
