"""The fastest way: driving time alone, since flooded tracks are short and slow."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.routing.view import RoutingView


def shortest(view: RoutingView) -> NDArray[np.float64]:
    """Cost of each edge: float[n_edges], h."""
    return view.travel_h
