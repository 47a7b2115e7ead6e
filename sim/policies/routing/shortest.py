"""The fastest way: driving time alone, since flooded tracks are short and slow."""

from sim.policies.routing.view import RoutePlan, RoutingView, surely
from sim.roads.paths import cheapest_way


def shortest(view: RoutingView) -> RoutePlan:
    """The way of least driving time (Dijkstra 1959)."""
    return surely(
        cheapest_way(
            view.travel_h,
            view.adjacency_start,
            view.adjacency_edge,
            view.adjacency_junction,
            view.source,
            view.target,
        )
    )
