"""Maximum flow over two-way roads, and the ways into which a flow falls apart, compiled.

Both give the same answer every time. Flow is pushed along the way with the fewest edges, and of
those along the one that a breadth-first search over neighbours in ascending order finds first. A
flow is taken apart edge by edge, from the one that is the longest way round, with ties settled by
the order of junctions and as in `sim/roads/paths.py`.
"""

import numpy as np

from sim.compiled import rule
from sim.roads.paths import grow_tree


@rule
def maximum_flow(  # type: ignore[no-untyped-def]
    capacity_along,
    capacity_against,
    edge_from,
    adjacency_start,
    adjacency_edge,
    adjacency_junction,
    source,
    target,
    flow,
):
    """Fill in a maximum flow from one junction to another, and give its amount.

    Parameters
    ----------
    capacity_along, capacity_against : float64[n_edges], any unit, >= 0, finite
        What each edge carries from its first end to its second, and the other way; a closed
        direction carries 0.
    edge_from : int32[n_edges]
    adjacency_start : int32[n_junctions + 1]
    adjacency_edge, adjacency_junction : int32[2 * n_edges]
        As in `RoadNetwork`.
    source, target : int
        Numbers of two junctions.
    flow : float64[n_edges], unit of the capacities
        Filled in: net flow along each edge, negative where it runs from the second end to the
        first.

    Returns
    -------
    float
        The amount that leaves the source.

    Source
    ------
    Edmonds & Karp (1972), Theoretical improvements in algorithmic efficiency for network flow
    problems, Journal of the ACM 19: with the way of fewest edges the number of pushes has a bound
    that does not depend on the capacities, so real numbers need no tolerance.

    Examples
    --------
    Junctions 0, 1, 2; an edge 0-1 that carries 2, one 1-2 that carries 5, and one 0-2 of 1:

    >>> import numpy as np
    >>> start = np.array([0, 2, 4, 6], dtype=np.int32)
    >>> edge = np.array([0, 2, 0, 1, 2, 1], dtype=np.int32)
    >>> there = np.array([1, 2, 0, 2, 0, 1], dtype=np.int32)
    >>> first = np.array([0, 1, 0], dtype=np.int32)
    >>> carries, flow = np.array([2.0, 5.0, 1.0]), np.zeros(3)
    >>> maximum_flow(carries, carries, first, start, edge, there, 0, 2, flow)
    3.0
    >>> flow.tolist()
    [2.0, 2.0, 1.0]
    """
    n_junctions = len(adjacency_start) - 1
    n_edges = len(flow)
    left_along = np.empty(n_edges)
    left_against = np.empty(n_edges)
    for edge in range(n_edges):
        flow[edge] = 0.0
        left_along[edge] = capacity_along[edge]
        left_against[edge] = capacity_against[edge]
    last_edge = np.empty(n_junctions, dtype=np.int32)
    previous = np.empty(n_junctions, dtype=np.int32)
    queue = np.empty(n_junctions, dtype=np.int32)
    amount = 0.0
    while source != target:
        for junction in range(n_junctions):
            previous[junction] = -1
        previous[source] = source
        queue[0] = source
        n_queued = 1
        place = 0
        while place < n_queued and previous[target] < 0:
            here = queue[place]
            place += 1
            for k in range(adjacency_start[here], adjacency_start[here + 1]):
                there = adjacency_junction[k]
                edge = adjacency_edge[k]
                left = left_along[edge] if edge_from[edge] == here else left_against[edge]
                if previous[there] < 0 and left > 0.0:
                    previous[there] = here
                    last_edge[there] = edge
                    queue[n_queued] = there
                    n_queued += 1
        if previous[target] < 0:
            break
        push = np.inf
        junction = target
        while junction != source:
            edge = last_edge[junction]
            is_along = edge_from[edge] == previous[junction]
            push = min(push, left_along[edge] if is_along else left_against[edge])
            junction = previous[junction]
        junction = target
        while junction != source:
            edge = last_edge[junction]
            if edge_from[edge] == previous[junction]:
                left_along[edge] -= push  # exactly 0 where this edge was the narrowest
                left_against[edge] += push
                flow[edge] += push
            else:
                left_against[edge] -= push
                left_along[edge] += push
                flow[edge] -= push
            junction = previous[junction]
        amount += push
    return amount


@rule
def split_flow(  # type: ignore[no-untyped-def]
    flow,
    edge_cost,
    edge_from,
    adjacency_start,
    adjacency_edge,
    adjacency_junction,
    source,
    target,
    way_start,
    way_edges,
    way_amount,
):
    """Take a flow apart into ways that are as short as they can be, and give their number.

    The edge whose cheapest way from source to target, over edges with flow, costs most is served
    first, and by that way. So what is cheap is left for edges that need it, and a flow over two
    detours becomes two ways with one detour each rather than one way with both. Each way carries as
    much as the narrowest of its edges, so each leaves one edge more without flow. What goes round
    in circles belongs to no way and is left over.

    Parameters
    ----------
    flow : float64[n_edges], any unit
        Net flow along each edge, as `maximum_flow` gives it; brought down to what is left over.
    edge_cost : float64[n_edges], any unit, >= 0
    edge_from : int32[n_edges]
    adjacency_start : int32[n_junctions + 1]
    adjacency_edge, adjacency_junction : int32[2 * n_edges]
        As in `RoadNetwork`.
    source, target : int
        Numbers of two junctions.
    way_start : int32[n_most + 1]
        Filled in: edges of way w stand from `way_start[w]` to `way_start[w + 1] - 1`. There are
        never more ways than edges.
    way_edges : int32[n_most * n_junctions]
        Filled in, in driving order.
    way_amount : float64[n_most], unit of `flow`
        Filled in.

    Returns
    -------
    int
        Number of ways.

    Source
    ------
    Ahuja, Magnanti & Orlin (1993), Network Flows, section 3.5: flow decomposition. The order of
    the edges is a choice of this project.

    Examples
    --------
    The flow of the example above, at one hour an edge: the way by junction 1 first.

    >>> import numpy as np
    >>> start = np.array([0, 2, 4, 6], dtype=np.int32)
    >>> edge = np.array([0, 2, 0, 1, 2, 1], dtype=np.int32)
    >>> there = np.array([1, 2, 0, 2, 0, 1], dtype=np.int32)
    >>> first = np.array([0, 1, 0], dtype=np.int32)
    >>> ways, edges, amount = np.zeros(4, np.int32), np.zeros(9, np.int32), np.zeros(3)
    >>> split_flow(np.array([2.0, 2.0, 1.0]), np.ones(3), first, start, edge, there, 0, 2,
    ...            ways, edges, amount)
    2
    >>> ways[:3].tolist(), edges[:3].tolist(), amount[:2].tolist()
    ([0, 2, 3], [0, 1, 2], [2.0, 1.0])
    """
    n_junctions = len(adjacency_start) - 1
    out_start = np.empty(n_junctions + 1, dtype=np.int32)
    out_edge = np.empty(len(adjacency_edge), dtype=np.int32)
    out_junction = np.empty(len(adjacency_edge), dtype=np.int32)
    in_start = np.empty(n_junctions + 1, dtype=np.int32)
    in_edge = np.empty(len(adjacency_edge), dtype=np.int32)
    in_junction = np.empty(len(adjacency_edge), dtype=np.int32)
    visited_in = np.full(n_junctions, -1)
    n_looked = 0
    n_ways = 0
    way_start[0] = 0
    while source != target and n_ways < len(way_amount):
        n_out = 0
        n_in = 0
        for here in range(n_junctions):
            out_start[here] = n_out
            in_start[here] = n_in
            for k in range(adjacency_start[here], adjacency_start[here + 1]):
                edge = adjacency_edge[k]
                leaving = flow[edge] if edge_from[edge] == here else -flow[edge]
                if leaving > 0.0:
                    out_edge[n_out] = edge
                    out_junction[n_out] = adjacency_junction[k]
                    n_out += 1
                elif leaving < 0.0:
                    in_edge[n_in] = edge
                    in_junction[n_in] = adjacency_junction[k]
                    n_in += 1
        out_start[n_junctions] = n_out
        in_start[n_junctions] = n_in
        cost, edge_before, previous = grow_tree(
            edge_cost, source, out_start, out_edge[:n_out], out_junction[:n_out]
        )
        cost_on, edge_after, following = grow_tree(
            edge_cost, target, in_start, in_edge[:n_in], in_junction[:n_in]
        )
        begin, over, end = -1, -1, -1
        most = -np.inf
        for here in range(n_junctions):
            for k in range(out_start[here], out_start[here + 1]):
                edge, there = out_edge[k], out_junction[k]
                way_cost = cost[here] + edge_cost[edge] + cost_on[there]
                if not most < way_cost < np.inf:
                    continue
                # The cheapest way over an edge visits no junction twice, or is no way.
                n_looked += 1
                is_simple = True
                junction = here
                while True:
                    visited_in[junction] = n_looked
                    if junction == source:
                        break
                    junction = previous[junction]
                junction = there
                while True:
                    is_simple = is_simple and visited_in[junction] != n_looked
                    if junction == target:
                        break
                    junction = following[junction]
                if is_simple:
                    begin, over, end, most = here, edge, there, way_cost
        if over < 0:
            break
        first = way_start[n_ways]
        place = first
        junction = begin
        while junction != source:
            place += 1
            junction = previous[junction]
        place_over = place
        junction = begin
        while junction != source:
            place -= 1
            way_edges[place] = edge_before[junction]
            junction = previous[junction]
        way_edges[place_over] = over
        place = place_over + 1
        junction = end
        while junction != target:
            way_edges[place] = edge_after[junction]
            place += 1
            junction = following[junction]
        way_start[n_ways + 1] = place
        amount = np.inf
        for k in range(first, place):
            amount = min(amount, abs(flow[way_edges[k]]))
        for k in range(first, place):
            edge = way_edges[k]
            flow[edge] += -amount if flow[edge] > 0.0 else amount
        way_amount[n_ways] = amount
        n_ways += 1
    return n_ways
