"""The safest way by the picture: least probability to meet a device, time only settling ties."""

import numpy as np

from sim.compiled import rule
from sim.policies.routing.view import RoutePlan, RoutingView, surely
from sim.roads.paths import cheapest_way

TIE_PER_H = 1e-9
"""Far below any risk that a picture can tell apart."""


def least_risk(view: RoutingView) -> RoutePlan:
    """The way of least estimated risk, or the fastest where that one is too long.

    The route risk 1 - prod(1 - h_e) is least where the sum of -ln(1 - h_e) is least, so a shortest
    path does it (Dijkstra 1959). Ways in between are not looked for. A convoy that always takes the
    safest way becomes predictable.
    """
    return surely(
        safest_way(
            view.travel_h,
            view.risk_cost,
            view.adjacency_start,
            view.adjacency_edge,
            view.adjacency_junction,
            view.source,
            view.target,
            view.detour_limit,
        )
    )


@rule
def safest_way(  # type: ignore[no-untyped-def]
    travel_h,
    risk_cost,
    adjacency_start,
    adjacency_edge,
    adjacency_junction,
    source,
    target,
    detour_limit,
):
    """Edges of the way of least risk within the detour limit, else of the fastest.

    Parameters
    ----------
    travel_h, risk_cost, adjacency_start, adjacency_edge, adjacency_junction, source, target, \
detour_limit
        As in `RoutingView`.

    Returns
    -------
    int32[n_edges_of_way], in driving order

    Source
    ------
    Ahuja, Magnanti & Orlin (1993), Network Flows, chapter 4: the most reliable path.

    Examples
    --------
    Junctions 0, 1, 2 in a triangle: 0-1-2 takes 2 h, and is the safer way; 0-2 takes 1 h.

    >>> import numpy as np
    >>> start = np.array([0, 2, 4, 6], dtype=np.int32)
    >>> edge = np.array([0, 2, 0, 1, 2, 1], dtype=np.int32)
    >>> there = np.array([1, 2, 0, 2, 0, 1], dtype=np.int32)
    >>> hours, risk = np.ones(3), np.array([0.1, 0.1, 0.3])
    >>> [safest_way(hours, risk, start, edge, there, 0, 2, limit).tolist() for limit in (2.0, 1.9)]
    [[0, 1], [2]]
    """
    cost = np.empty(len(travel_h))
    for edge in range(len(travel_h)):
        cost[edge] = risk_cost[edge] + TIE_PER_H * travel_h[edge]
    safest = cheapest_way(cost, adjacency_start, adjacency_edge, adjacency_junction, source, target)
    fastest = cheapest_way(
        travel_h, adjacency_start, adjacency_edge, adjacency_junction, source, target
    )
    safest_h = 0.0
    for edge in safest:
        safest_h += travel_h[edge]
    fastest_h = 0.0
    for edge in fastest:
        fastest_h += travel_h[edge]
    return safest if safest_h <= detour_limit * fastest_h else fastest
