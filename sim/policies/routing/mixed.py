"""An unpredictable mix of safe ways, after the interdiction game of Washburn and Wood."""

import math

import numpy as np

from sim.compiled import rule
from sim.policies.routing.view import RoutePlan, RoutingView
from sim.roads.maximum_flow import maximum_flow, split_flow
from sim.roads.paths import cheapest_way, grow_tree

LEAST_RISK = 1e-6
"""An edge that the picture takes for safer counts as this safe: no edge carries without end."""
LEAST_SHARE = 1e-9
"""What a way carries below this share of all is rounding, and no way."""
ROUNDING = 1e-9
"""A way that is as long as the limit to this share of it keeps the limit."""


def mixed(view: RoutingView) -> RoutePlan:
    """The traveller's mix: ways and probabilities that no single watched road can exploit.

    Whoever waits on one edge meets the convoy there with the probability that it comes by times
    the risk of the edge. The mix that keeps the worst of these products least is a maximum flow
    with capacity one over the risk of each edge, taken apart into ways; at the flow F the worst
    product is 1/F (Washburn & Wood 1995, Two-person zero-sum games for network interdiction,
    Operations Research 43, 243-251). Risks are the picture's estimates. Only edges count that lie
    on ways within the detour limit, and a way that is longer in the end is left out, the others
    taking its share.
    """
    n_edges, n_junctions = len(view.travel_h), len(view.adjacency_start) - 1
    way_start = np.zeros(n_edges + 1, dtype=np.int32)
    edges = np.zeros(n_edges * n_junctions, dtype=np.int32)
    probability = np.zeros(n_edges)
    n_ways = ways_of_mix(
        view.travel_h,
        view.risk_cost,
        view.edge_from,
        view.adjacency_start,
        view.adjacency_edge,
        view.adjacency_junction,
        view.source,
        view.target,
        view.detour_limit,
        way_start,
        edges,
        probability,
    )
    return RoutePlan(way_start[: n_ways + 1], edges[: way_start[n_ways]], probability[:n_ways])


@rule
def ways_of_mix(  # type: ignore[no-untyped-def]
    travel_h,
    risk_cost,
    edge_from,
    adjacency_start,
    adjacency_edge,
    adjacency_junction,
    source,
    target,
    detour_limit,
    way_start,
    way_edges,
    probability,
):
    """Fill in the ways of the mix, or the fastest way where every way of the mix was too long.

    Parameters
    ----------
    travel_h, risk_cost, edge_from, adjacency_start, adjacency_edge, adjacency_junction, source, \
target, detour_limit, way_start, way_edges, probability
        As in `travellers_mix`.

    Returns
    -------
    int, number of ways, 1 or more; a single way without edges where none leads to the target

    Source
    ------
    Washburn & Wood (1995), Operations Research 43, 243-251.

    Examples
    --------
    The triangle of `travellers_mix` without its direct road, which leaves one way:

    >>> start = np.array([0, 1, 3, 4], dtype=np.int32)
    >>> edge = np.array([0, 0, 1, 1], dtype=np.int32)
    >>> there = np.array([1, 0, 2, 1], dtype=np.int32)
    >>> first, risk = np.array([0, 1], dtype=np.int32), np.array([0.05, 0.2])
    >>> ways, edges, chance = np.zeros(3, np.int32), np.zeros(6, np.int32), np.zeros(2)
    >>> ways_of_mix(np.ones(2), -np.log1p(-risk), first, start, edge, there, 0, 2, 2.0,
    ...             ways, edges, chance)
    1
    >>> edges[:2].tolist(), float(chance[0])
    ([0, 1], 1.0)
    """
    n_ways, _ = travellers_mix(
        travel_h,
        risk_cost,
        edge_from,
        adjacency_start,
        adjacency_edge,
        adjacency_junction,
        source,
        target,
        detour_limit,
        way_start,
        way_edges,
        probability,
    )
    if n_ways > 0:
        return n_ways
    fastest = cheapest_way(
        travel_h, adjacency_start, adjacency_edge, adjacency_junction, source, target
    )
    for place in range(len(fastest)):
        way_edges[place] = fastest[place]
    way_start[0] = 0
    way_start[1] = len(fastest)
    probability[0] = 1.0
    return 1


@rule
def travellers_mix(  # type: ignore[no-untyped-def]
    travel_h,
    risk_cost,
    edge_from,
    adjacency_start,
    adjacency_edge,
    adjacency_junction,
    source,
    target,
    detour_limit,
    way_start,
    way_edges,
    probability,
):
    """Fill in the ways of the mix with their probabilities, in the order of `split_flow`.

    Parameters
    ----------
    travel_h, risk_cost, edge_from, adjacency_start, adjacency_edge, adjacency_junction, source, \
target, detour_limit
        As in `RoutingView`.
    way_start : int32[n_edges + 1]
        Filled in, as in `RoutePlan`.
    way_edges : int32[n_edges * n_junctions]
        Filled in.
    probability : float64[n_edges]
        Filled in.

    Returns
    -------
    int, number of ways, 0 where all were too long; float, the maximum flow

    Source
    ------
    Washburn & Wood (1995), Operations Research 43, 243-251.

    Examples
    --------
    A triangle whose direct road 0-2 has the risk 0.1, and the roads by junction 1 have 0.05 and
    0.2: the flows are 1/0.1 and 1/0.2, so two thirds drive directly.

    >>> import numpy as np
    >>> start = np.array([0, 2, 4, 6], dtype=np.int32)
    >>> edge = np.array([0, 2, 0, 1, 2, 1], dtype=np.int32)
    >>> there = np.array([1, 2, 0, 2, 0, 1], dtype=np.int32)
    >>> first, risk = np.array([0, 1, 0], dtype=np.int32), np.array([0.05, 0.2, 0.1])
    >>> ways, edges, chance = np.zeros(4, np.int32), np.zeros(9, np.int32), np.zeros(3)
    >>> n_ways, flow = travellers_mix(np.ones(3), -np.log1p(-risk), first, start, edge, there,
    ...                               0, 2, 2.0, ways, edges, chance)
    >>> n_ways, round(flow, 9), edges[:3].tolist(), [round(float(p), 6) for p in chance[:2]]
    (2, 15.0, [0, 1, 2], [0.333333, 0.666667])
    """
    n_edges = len(travel_h)
    from_source_h, _, _ = grow_tree(
        travel_h, source, adjacency_start, adjacency_edge, adjacency_junction
    )
    from_target_h, _, _ = grow_tree(
        travel_h, target, adjacency_start, adjacency_edge, adjacency_junction
    )
    limit_h = detour_limit * from_source_h[target] * (1.0 + ROUNDING)
    along = np.zeros(n_edges)
    against = np.zeros(n_edges)
    for here in range(len(adjacency_start) - 1):
        for k in range(adjacency_start[here], adjacency_start[here + 1]):
            edge = adjacency_edge[k]
            way_h = from_source_h[here] + travel_h[edge] + from_target_h[adjacency_junction[k]]
            if not way_h <= limit_h:
                continue
            capacity = 1.0 / max(LEAST_RISK, -math.expm1(-risk_cost[edge]))
            if edge_from[edge] == here:
                along[edge] = capacity
            else:
                against[edge] = capacity
    flow = np.zeros(n_edges)
    amount = maximum_flow(
        along,
        against,
        edge_from,
        adjacency_start,
        adjacency_edge,
        adjacency_junction,
        source,
        target,
        flow,
    )
    n_all = split_flow(
        flow,
        travel_h,
        edge_from,
        adjacency_start,
        adjacency_edge,
        adjacency_junction,
        source,
        target,
        way_start,
        way_edges,
        probability,
    )
    n_kept = 0
    n_filled = 0
    total = 0.0
    begin = 0
    for way in range(n_all):
        end = way_start[way + 1]
        way_h = 0.0
        for place in range(begin, end):
            way_h += travel_h[way_edges[place]]
        if way_h <= limit_h and probability[way] > LEAST_SHARE * amount:
            for place in range(begin, end):
                way_edges[n_filled] = way_edges[place]
                n_filled += 1
            probability[n_kept] = probability[way]
            total += probability[way]
            n_kept += 1
            way_start[n_kept] = n_filled  # never beyond the end of the way that was just read
        begin = end
    for way in range(n_kept):
        probability[way] /= total
    return n_kept, amount
