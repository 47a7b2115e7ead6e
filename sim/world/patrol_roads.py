"""Roads for patrols: those that lead out of camps, and the loops that come back to them."""

import functools
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import rule
from sim.roads import RoadNetwork
from sim.roads.loops import loops_from
from sim.roads.paths import segments_along

LONGEST_LOOP_KM = 250.0
"""A reach that would need a longer loop comes once in 30,000 patrols at the mean of 12 km."""


class Line(NamedTuple):
    """Pieces of road one after the other, from a camp on."""

    segments: NDArray[np.int32]
    """int32[n_line]"""
    forwards: NDArray[np.bool_]
    """bool[n_line], whether each is driven from its first end."""
    length_km: float


class Loop(NamedTuple):
    """A way out of a camp that comes back by another road."""

    length_km: float
    """By the lengths of edges."""
    line: Line


class RoadsOut(NamedTuple):
    """The roads out of all camps, as in `PatrolView`; those of a camp begin at its `camp_start`."""

    camp_start: NDArray[np.int32]
    """int32[n_camps + 1]"""
    edge: NDArray[np.int32]
    """int32[n_roads], the edge that each road is."""
    road_start: NDArray[np.int32]
    """int32[n_roads + 1]"""
    pieces: NDArray[np.int32]
    """int32[n_pieces], from the camp on."""
    near_km: NDArray[np.float64]
    """float[n_pieces], from the camp to the near end of a piece, along its road."""


@functools.cache
def roads_out(network: RoadNetwork, junctions: tuple[int, ...]) -> RoadsOut:
    """Every edge at every camp, with its pieces from the camp on.

    Parameters
    ----------
    network : RoadNetwork
    junctions : tuple of int
        The junctions of the camps.

    Examples
    --------
    >>> from sim.roads import load_network
    >>> network = load_network("toy_triangle", near_camp_segment_km=25.0)
    >>> out = roads_out(network, (network.junction_index["west"],))
    >>> out.camp_start.tolist(), [network.edge_road[edge] for edge in out.edge]
    ([0, 2], ['South road', 'West road'])
    """
    camp_start, road_start = [0], [0]
    edges: list[int] = []
    pieces: list[int] = []
    near_km: list[float] = []
    for here in junctions:
        for k in range(network.adjacency_start[here], network.adjacency_start[here + 1]):
            edge = int(network.adjacency_edge[k])
            line, _ = segments_along(network, [edge], [int(network.edge_from[edge]) == here])
            from_camp_km = 0.0
            for segment in line.tolist():
                pieces.append(segment)
                near_km.append(from_camp_km)
                from_camp_km += float(network.segments.length_km[segment])
            edges.append(edge)
            road_start.append(len(pieces))
        camp_start.append(len(edges))
    return RoadsOut(
        np.array(camp_start, dtype=np.int32),
        np.array(edges, dtype=np.int32),
        np.array(road_start, dtype=np.int32),
        np.array(pieces, dtype=np.int32),
        np.array(near_km),
    )


@functools.cache
def loops_by_edge(network: RoadNetwork, junction: int) -> dict[int, Loop]:
    """The loops that leave a junction, each by the edge with which it begins.

    >>> from sim.roads import load_network
    >>> network = load_network("toy_triangle")
    >>> loops = loops_by_edge(network, network.junction_index["west"])
    >>> [loop.length_km for loop in loops.values()]
    [121.0, 121.0]
    """
    return {
        int(way.edges[0]): Loop(way.cost, line_along(network, way.edges, way.forwards))
        for way in loops_from(network, junction, LONGEST_LOOP_KM)
    }


def line_along(network: RoadNetwork, edges: ArrayLike, forwards: ArrayLike) -> Line:
    """The pieces along a way, and their length."""
    segments, directions = segments_along(network, edges, forwards)
    length_km = float(line_length_km(segments, len(segments), network.segments.length_km, 0.0))
    return Line(segments, directions, length_km)


@rule
def line_length_km(segments, n_line, length_km, before_km):  # type: ignore[no-untyped-def]
    """Length of pieces of road in a row, added from the first to the last.

    Parameters
    ----------
    segments : int32[n_line or more]
    n_line : int, pieces, >= 0
    length_km : float[n_segments], km
        Of every piece of road.
    before_km : float, km, >= 0
        What comes before the first.

    Returns
    -------
    float, km

    Source
    ------
    Bookkeeping.

    Examples
    --------
    >>> import numpy as np
    >>> line_length_km(np.array([1, 0], dtype=np.int32), 2, np.array([5.0, 2.5]), 1.0)
    8.5
    """
    total_km = before_km
    for place in range(n_line):
        total_km += length_km[segments[place]]
    return total_km
