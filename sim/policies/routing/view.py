"""What a routing policy may know of the roads, and the plan that it gives back: arrays only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RoutingView:
    """The edges of the road graph as headquarters sees them, and the two ends of a journey.

    A convoy that asks on its way stands at a junction of its own, which cuts its road in two
    (`sim/roads/places.py`).

    Attributes
    ----------
    travel_h : float[n_edges], h
        Driving time of a convoy in this season: from the map.
    risk_cost : float[n_edges], dimensionless, >= 0
        Minus ln of the probability to meet nothing on the edge: from the picture.
    edge_from : int32[n_edges]
    adjacency_start : int32[n_junctions + 1]
    adjacency_edge, adjacency_junction : int32[2 * n_edges]
        As in `sim.roads.RoadNetwork`.
    source, target : int
        Numbers of the junctions at the two ends.
    detour_limit : float, dimensionless, >= 1
        Longest travel time of a way over that of the fastest.
    """

    travel_h: NDArray[np.float64]
    risk_cost: NDArray[np.float64]
    edge_from: NDArray[np.int32]
    adjacency_start: NDArray[np.int32]
    adjacency_edge: NDArray[np.int32]
    adjacency_junction: NDArray[np.int32]
    source: int
    target: int
    detour_limit: float


@dataclass(frozen=True)
class RoutePlan:
    """The ways that a convoy may take, each with its probability; a draw chooses among them.

    Attributes
    ----------
    way_start : int32[n_ways + 1]
        Edges of way w stand from `way_start[w]` to `way_start[w + 1] - 1`, in driving order.
    edges : int32[n_edges_of_all_ways]
    probability : float[n_ways], dimensionless, in (0, 1]
    """

    way_start: NDArray[np.int32]
    edges: NDArray[np.int32]
    probability: NDArray[np.float64]

    def way(self, number: int) -> NDArray[np.int32]:
        """The edges of one way, in driving order."""
        return self.edges[self.way_start[number] : self.way_start[number + 1]]


def surely(edges: NDArray[np.int32]) -> RoutePlan:
    """The plan that leaves no choice."""
    return RoutePlan(np.array([0, len(edges)], dtype=np.int32), edges, np.ones(1))
