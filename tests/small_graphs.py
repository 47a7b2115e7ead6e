"""Graphs small enough to draw on a napkin, as the arrays that compiled road algorithms take."""

from dataclasses import dataclass

import numpy as np

from sim.policies.routing import RoutingView
from sim.roads.maximum_flow import maximum_flow, split_flow

WASHBURN_WOOD = (
    # The game of VERIFICATION: S, A, B, T are 0, 1, 2, 3; the risk of each arc as written.
    (0, 1, 0.5),
    (0, 2, 0.25),
    (1, 2, 0.4),
    (1, 3, 0.2),
    (2, 3, 0.5),
)
THREE_PARALLEL = (
    # Three arcs side by side, each cut by a junction of its own beyond which nothing is risked.
    (0, 1, 0.5),
    (0, 2, 0.25),
    (0, 3, 0.2),
    (1, 4, 1e-6),
    (2, 4, 1e-6),
    (3, 4, 1e-6),
)


@dataclass
class Graph:
    """Edges with their first ends, and each junction's edges with neighbours ascending."""

    ends: list[tuple[int, int]]
    edge_from: np.ndarray
    start: np.ndarray
    edge: np.ndarray
    junction: np.ndarray

    @property
    def n_junctions(self) -> int:
        return len(self.start) - 1

    @property
    def n_edges(self) -> int:
        return len(self.ends)

    def flow(self, along, against, source, target):
        """The maximum flow and, by edge, its net amount."""
        flow = np.full(self.n_edges, 99.0)
        amount = maximum_flow(
            np.array(along, dtype=float),
            np.array(against, dtype=float),
            self.edge_from,
            self.start,
            self.edge,
            self.junction,
            source,
            target,
            flow,
        )
        return amount, flow

    def ways(self, flow, cost, source, target):
        """The ways of a flow, as lists of edges, with their amounts, and what is left over."""
        left = np.array(flow, dtype=float)
        n_most = self.n_edges + 1
        way_start = np.zeros(n_most + 1, dtype=np.int32)
        edges = np.zeros(n_most * self.n_junctions, dtype=np.int32)
        amounts = np.zeros(n_most)
        n_ways = split_flow(
            left,
            np.array(cost, dtype=float),
            self.edge_from,
            self.start,
            self.edge,
            self.junction,
            source,
            target,
            way_start,
            edges,
            amounts,
        )
        ways = [edges[way_start[w] : way_start[w + 1]].tolist() for w in range(n_ways)]
        return ways, amounts[:n_ways].tolist(), left

    def view(self, travel_h, risk, source, target, detour_limit=100.0):
        """What a routing policy sees of it; `risk` is a probability by edge."""
        return RoutingView(
            np.array(travel_h, dtype=float),
            -np.log1p(-np.array(risk, dtype=float)),
            self.edge_from,
            self.start,
            self.edge,
            self.junction,
            source,
            target,
            detour_limit,
        )

    def junctions_along(self, way, source):
        """The junctions that a way visits, checking that its edges join."""
        visited = [source]
        for edge in way:
            one, other = self.ends[edge]
            assert visited[-1] in (one, other), "a way must not jump"
            visited.append(other if visited[-1] == one else one)
        return visited


def graph(n_junctions: int, ends) -> Graph:
    """The graph of some edges, given by their two ends."""
    ends = [(int(one), int(other)) for one, other in ends]
    rows: list[list[tuple[int, int]]] = [[] for _ in range(n_junctions)]
    for number, (one, other) in enumerate(ends):
        rows[one].append((other, number))
        rows[other].append((one, number))
    flat = [pair for row in rows for pair in sorted(row)]
    start = np.cumsum([0] + [len(row) for row in rows]).astype(np.int32)
    return Graph(
        ends,
        np.array([one for one, _ in ends], dtype=np.int32),
        start,
        np.array([edge for _, edge in flat], dtype=np.int32),
        np.array([there for there, _ in flat], dtype=np.int32),
    )


def game(arcs, *, two_way):
    """Graph, and capacities one over the risk along and against each arc."""
    n_junctions = 1 + max(max(one, other) for one, other, _ in arcs)
    along = [1.0 / risk for _, _, risk in arcs]
    return (
        graph(n_junctions, [arc[:2] for arc in arcs]),
        along,
        along if two_way else [0.0] * len(arcs),
    )
