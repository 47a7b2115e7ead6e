"""Cheapest ways through the network, compiled, with ties settled the same way every time.

Where two ways cost the same, the junction that is reached at lower cost, then the one with the
lower number, hands the way on. networkx leaves ties to the order in which a graph was built.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import rule
from sim.errors import RoadError
from sim.roads.network import RoadNetwork


class Path(NamedTuple):
    """A way from one junction to another."""

    cost: float
    """Sum of the costs of its edges."""
    edges: NDArray[np.int32]
    """Edges in driving order; empty where source and target are one."""
    forwards: NDArray[np.bool_]
    """Whether each edge is driven from `edge_from` to `edge_to`."""


class PathTree(NamedTuple):
    """Cheapest ways from one junction to all others."""

    cost: NDArray[np.float64]
    """float[n_junctions]; infinite where no road leads."""
    edge: NDArray[np.int32]
    """int32[n_junctions], the last edge on the way; -1 at the source and where no road leads."""
    previous: NDArray[np.int32]
    """int32[n_junctions], the junction before; -1 likewise."""


def shortest_path(network: RoadNetwork, edge_cost: ArrayLike, source: int, target: int) -> Path:
    """Cheapest way between two junctions.

    Parameters
    ----------
    network : RoadNetwork
    edge_cost : float[n_edges], any unit, >= 0
        Cost of driving each edge, either way; infinite closes it.
    source, target : int
        Numbers of junctions.

    Raises
    ------
    RoadError
        When a cost is negative or not a number, or no open road leads from source to target.

    Examples
    --------
    >>> from sim.roads.network import load_network
    >>> network = load_network("toy_two_parallel_roads")
    >>> source, target = network.junction_index["source"], network.junction_index["target"]
    >>> path = shortest_path(network, network.edge_length_km, source, target)
    >>> path.cost, [network.edge_road[edge] for edge in path.edges]
    (60.0, ['Upper road', 'Upper road'])

    Notes
    -----
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.
    """
    tree = path_tree(network, edge_cost, source)
    if not np.isfinite(tree.cost[target]):
        one, other = network.junction_ids[source], network.junction_ids[target]
        raise RoadError(
            f"No open road leads from {one} to {other} (roads.name={network.name}). Allowed: "
            "places joined by roads; lower roads.min_confidence, or add the road to roads.csv."
        )
    edges, forwards = [], []
    junction = target
    while junction != source:
        edge = tree.edge[junction]
        edges.append(edge)
        forwards.append(network.edge_to[edge] == junction)
        junction = int(tree.previous[junction])
    return Path(
        float(tree.cost[target]),
        np.array(edges[::-1], dtype=np.int32),
        np.array(forwards[::-1], dtype=np.bool_),
    )


def path_tree(network: RoadNetwork, edge_cost: ArrayLike, source: int) -> PathTree:
    """Cheapest ways from one junction to all others; parameters as in `shortest_path`.

    Examples
    --------
    >>> from sim.roads.network import load_network
    >>> network = load_network("toy_chain")
    >>> tree = path_tree(network, network.edge_length_km, network.junction_index["first"])
    >>> {name: float(km) for name, km in zip(network.junction_ids, tree.cost, strict=True)}
    {'fifth': 100.0, 'first': 0.0, 'fourth': 75.0, 'second': 25.0, 'third': 50.0}
    """
    costs = np.ascontiguousarray(edge_cost, dtype=np.float64)
    if costs.shape != (network.n_edges,):
        raise RoadError(
            f"edge_cost has the shape {costs.shape}: one cost an edge is needed. "
            f"Allowed: ({network.n_edges},)."
        )
    if not (costs >= 0).all():  # catches what is not a number as well
        edge = int(np.flatnonzero(~(costs >= 0))[0])
        raise RoadError(
            f"The cost of edge {edge} ({network.edge_road[edge]}) is {costs[edge]}: with costs "
            "below zero no way is the cheapest. Allowed: 0 or more, or infinite for a closed road."
        )
    return PathTree(
        *grow_tree(
            costs,
            source,
            network.adjacency_start,
            network.adjacency_edge,
            network.adjacency_junction,
        )
    )


def segments_along(
    network: RoadNetwork, edges: ArrayLike, forwards: ArrayLike
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """The pieces of road along a way, in driving order, and whether each is driven forwards.

    Examples
    --------
    >>> from sim.roads.network import load_network
    >>> network = load_network("toy_one_segment")
    >>> segments, forwards = segments_along(network, [0], [False])
    >>> [network.segments.name[segment] for segment in segments]
    ['alpha-omega/02', 'alpha-omega/01']
    """
    pieces: list[int] = []
    directions: list[bool] = []
    for edge, is_forwards in zip(np.atleast_1d(edges), np.atleast_1d(forwards), strict=True):
        first, end = network.edge_first_segment[edge], network.edge_first_segment[edge + 1]
        along = range(first, end) if is_forwards else range(end - 1, first - 1, -1)
        pieces += along
        directions += [bool(is_forwards)] * len(along)
    return np.array(pieces, dtype=np.int32), np.array(directions, dtype=np.bool_)


@rule
def grow_tree(edge_cost, source, adjacency_start, adjacency_edge, adjacency_junction):  # type: ignore[no-untyped-def]
    """Dijkstra's algorithm with a binary heap, ordered by cost and then by junction.

    Parameters
    ----------
    edge_cost : float64[n_edges], any unit, >= 0
    source : int
    adjacency_start : int32[n_junctions + 1]
    adjacency_edge, adjacency_junction : int32[2 * n_edges]
        As in `RoadNetwork`.

    Returns
    -------
    cost float64[n_junctions], edge int32[n_junctions], previous int32[n_junctions]
        As in `PathTree`.

    Source
    ------
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.

    Examples
    --------
    Junctions 0, 1, 2 in a row, 3 km and 4 km apart:

    >>> import numpy as np
    >>> start = np.array([0, 1, 3, 4], dtype=np.int32)
    >>> edge = np.array([0, 0, 1, 1], dtype=np.int32)
    >>> junction = np.array([1, 0, 2, 1], dtype=np.int32)
    >>> cost, last_edge, previous = grow_tree(np.array([3.0, 4.0]), 0, start, edge, junction)
    >>> cost.tolist(), last_edge.tolist(), previous.tolist()
    ([0.0, 3.0, 7.0], [-1, 0, 1], [-1, 0, 1])
    """
    n_junctions = len(adjacency_start) - 1
    cost = np.full(n_junctions, np.inf)
    last_edge = np.full(n_junctions, -1, dtype=np.int32)
    previous = np.full(n_junctions, -1, dtype=np.int32)
    is_settled = np.zeros(n_junctions, dtype=np.bool_)
    # Every edge is followed at most once from each end, so this many entries are enough.
    heap_cost = np.empty(len(adjacency_edge) + 1)
    heap_junction = np.empty(len(adjacency_edge) + 1, dtype=np.int32)
    cost[source] = 0.0
    heap_cost[0] = 0.0
    heap_junction[0] = source
    n_heap = 1
    while n_heap > 0:
        here = heap_junction[0]
        n_heap -= 1
        sunk_cost, sunk_junction = heap_cost[n_heap], heap_junction[n_heap]
        place = 0
        while True:
            child = 2 * place + 1
            if child >= n_heap:
                break
            right = child + 1
            if right < n_heap and (
                heap_cost[right] < heap_cost[child]
                or (
                    heap_cost[right] == heap_cost[child]
                    and heap_junction[right] < heap_junction[child]
                )
            ):
                child = right
            if heap_cost[child] > sunk_cost or (
                heap_cost[child] == sunk_cost and heap_junction[child] >= sunk_junction
            ):
                break
            heap_cost[place], heap_junction[place] = heap_cost[child], heap_junction[child]
            place = child
        heap_cost[place], heap_junction[place] = sunk_cost, sunk_junction
        if is_settled[here]:
            continue
        is_settled[here] = True
        for k in range(adjacency_start[here], adjacency_start[here + 1]):
            there = adjacency_junction[k]
            reached = cost[here] + edge_cost[adjacency_edge[k]]
            if is_settled[there] or not reached < cost[there]:
                continue
            cost[there] = reached
            last_edge[there] = adjacency_edge[k]
            previous[there] = here
            place = n_heap
            n_heap += 1
            while place > 0:
                parent = (place - 1) // 2
                if heap_cost[parent] < reached or (
                    heap_cost[parent] == reached and heap_junction[parent] <= there
                ):
                    break
                heap_cost[place], heap_junction[place] = heap_cost[parent], heap_junction[parent]
                place = parent
            heap_cost[place], heap_junction[place] = reached, there
    return cost, last_edge, previous


@rule
def cheapest_way(edge_cost, adjacency_start, adjacency_edge, adjacency_junction, source, target):  # type: ignore[no-untyped-def]
    """Edges of the cheapest way between two junctions, in driving order, as arrays alone.

    Parameters
    ----------
    edge_cost : float64[n_edges], any unit, >= 0
        Infinite closes an edge.
    adjacency_start : int32[n_junctions + 1]
    adjacency_edge, adjacency_junction : int32[2 * n_edges]
        As in `RoadNetwork`.
    source, target : int

    Returns
    -------
    int32[n_edges_of_way]
        Empty where source and target are one, and where no open road leads.

    Source
    ------
    Dijkstra (1959), A note on two problems in connexion with graphs, Numerische Mathematik 1.

    Examples
    --------
    Junctions 0, 1, 2 in a row:

    >>> import numpy as np
    >>> start = np.array([0, 1, 3, 4], dtype=np.int32)
    >>> edge = np.array([0, 0, 1, 1], dtype=np.int32)
    >>> junction = np.array([1, 0, 2, 1], dtype=np.int32)
    >>> cheapest_way(np.array([3.0, 4.0]), start, edge, junction, 2, 0).tolist()
    [1, 0]
    """
    cost, last_edge, previous = grow_tree(
        edge_cost, source, adjacency_start, adjacency_edge, adjacency_junction
    )
    n_along = 0
    if cost[target] < np.inf:
        junction = target
        while junction != source:
            n_along += 1
            junction = previous[junction]
    way = np.empty(n_along, dtype=np.int32)
    junction = target
    for place in range(n_along - 1, -1, -1):
        way[place] = last_edge[junction]
        junction = previous[junction]
    return way
