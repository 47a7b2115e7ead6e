"""What a routing policy may know of the roads: time from the map, risk from the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RoutingView:
    """The edges of the road graph as headquarters sees them.

    Attributes
    ----------
    travel_h : float[n_edges], h
        Driving time of a convoy in this season.
    risk_cost : float[n_edges], dimensionless, >= 0
        Minus ln of the probability to meet nothing on the edge, by the picture.
    """

    travel_h: NDArray[np.float64]
    risk_cost: NDArray[np.float64]
