"""The road network of a theatre: graph, arrays and pieces of road, built once and never changed."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.errors import RoadError
from sim.roads.graph import build_graph, require_connected_camps, roads_of_confidence
from sim.roads.segments import SegmentTable, cut_roads
from sim.roads.tables import CampRow, River, Theatre, read_theatre


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Roads of a theatre, as a graph for people and as arrays for compiled code.

    Junctions and edges are numbered in alphabetical order of their ids (an edge by its lower, then
    its higher end), so the order of rows in the tables changes nothing. All arrays are read-only.

    Attributes
    ----------
    name : str
        The theatre, as the scenario names it.
    graph : networkx.Graph
        Frozen; junction ids as nodes. Edges carry `index`, their number in the arrays.
    junction_ids : tuple of str
    junction_index : mapping from id to number
    junction_latitude_deg, junction_longitude_deg : float[n_junctions], degrees
    edge_from, edge_to : int32[n_edges]
        Ends of an edge; the first is the alphabetically lower.
    edge_road : tuple of str
    edge_length_km : float[n_edges], km
    edge_first_segment : int32[n_edges + 1]
        Segments of edge e are `edge_first_segment[e]` to `edge_first_segment[e + 1] - 1`, in order
        from its first end.
    adjacency_start : int32[n_junctions + 1]
    adjacency_edge, adjacency_junction : int32[2 * n_edges]
        The edges of junction j and the junctions at their other ends stand from
        `adjacency_start[j]` to `adjacency_start[j + 1] - 1`, neighbours ascending.
    segments : SegmentTable
    camps : tuple of CampRow
        By junction id.
    rivers : tuple of River
    """

    name: str
    graph: "nx.Graph[str]"
    junction_ids: tuple[str, ...]
    junction_index: Mapping[str, int]
    junction_latitude_deg: NDArray[np.float64]
    junction_longitude_deg: NDArray[np.float64]
    edge_from: NDArray[np.int32]
    edge_to: NDArray[np.int32]
    edge_road: tuple[str, ...]
    edge_length_km: NDArray[np.float64]
    edge_first_segment: NDArray[np.int32]
    adjacency_start: NDArray[np.int32]
    adjacency_edge: NDArray[np.int32]
    adjacency_junction: NDArray[np.int32]
    segments: SegmentTable
    camps: tuple[CampRow, ...]
    rivers: tuple[River, ...]

    @property
    def n_junctions(self) -> int:
        return len(self.junction_ids)

    @property
    def n_edges(self) -> int:
        return len(self.edge_road)

    @property
    def n_segments(self) -> int:
        return len(self.segments)


def load_network(
    name: str,
    min_confidence: str = "doubtful",
    max_segment_km: float = 25.0,
    near_camp_segment_km: float = 5.0,
    near_camp_km: float = 30.0,
) -> RoadNetwork:
    """The network of a theatre, cut into pieces; built once a process, then remembered.

    Parameters
    ----------
    name : str
        A shipped theatre (`northern_mali`, `toy_...`), or the path of a folder like one.
    min_confidence : {"doubtful", "low", "medium", "high"}
        Roads less certain than this are left out.
    max_segment_km : float, km, > 0
        Longest piece of road.
    near_camp_segment_km : float, km, > 0
        Longest piece within `near_camp_km` of a camp.
    near_camp_km : float, km, >= 0
        Distance by road from a camp that counts as near.

    Raises
    ------
    RoadError
        When a table is wrong, or a camp cannot be reached from its supply hub.

    Examples
    --------
    >>> network = load_network("toy_one_segment", near_camp_segment_km=25.0)
    >>> network.segments.name, float(network.segments.length_km[0])
    (('alpha-omega/01',), 10.0)
    """
    # One cache entry however the arguments were spelt; a plain function keeps its doctest visible.
    return _load_network(
        name,
        min_confidence,
        float(max_segment_km),
        float(near_camp_segment_km),
        float(near_camp_km),
    )


@functools.cache
def _load_network(
    name: str,
    min_confidence: str,
    max_segment_km: float,
    near_camp_segment_km: float,
    near_camp_km: float,
) -> RoadNetwork:
    return build_network(
        read_theatre(name), min_confidence, max_segment_km, near_camp_segment_km, near_camp_km
    )


def build_network(
    theatre: Theatre,
    min_confidence: str,
    max_segment_km: float,
    near_camp_segment_km: float,
    near_camp_km: float,
) -> RoadNetwork:
    """Build the network of tables that have been read; `load_network` does both, and remembers."""
    for key, value in (
        ("max_segment_km", max_segment_km),
        ("near_camp_segment_km", near_camp_segment_km),
    ):
        if not 0.1 <= value < float("inf"):
            raise RoadError(
                f"roads.{key} is {value}: a piece of road has a length. "
                "Allowed: 0.1 km or more; the default suits most questions."
            )
    if not 0 <= near_camp_km < float("inf"):
        raise RoadError(
            f"roads.near_camp_km is {near_camp_km}: a distance. Allowed: 0 km (no finer pieces "
            "near camps) or more."
        )
    require_connected_camps(theatre.camps, theatre.junctions, theatre.roads, min_confidence)
    roads = roads_of_confidence(theatre.roads, min_confidence)
    graph = build_graph(theatre.junctions, roads)
    camp_distance_km = nx.multi_source_dijkstra_path_length(
        graph, {camp.node_id for camp in theatre.camps}, weight="length_km"
    )
    segments, edge_first_segment = cut_roads(
        roads,
        {junction.node_id: junction for junction in theatre.junctions},
        camp_distance_km,
        frozenset(town for river in theatre.rivers for town in river.junction_ids),
        max_segment_km,
        near_camp_segment_km,
        near_camp_km,
    )
    index = {junction.node_id: number for number, junction in enumerate(theatre.junctions)}
    edge_from = np.array([index[road.from_id] for road in roads], dtype=np.int32)
    edge_to = np.array([index[road.to_id] for road in roads], dtype=np.int32)
    start, edges, neighbours = _adjacency(len(index), edge_from, edge_to)
    arrays = {
        "junction_latitude_deg": np.array([j.latitude_deg for j in theatre.junctions]),
        "junction_longitude_deg": np.array([j.longitude_deg for j in theatre.junctions]),
        "edge_from": edge_from,
        "edge_to": edge_to,
        "edge_length_km": np.array([road.length_km for road in roads]),
        "edge_first_segment": edge_first_segment,
        "adjacency_start": start,
        "adjacency_edge": edges,
        "adjacency_junction": neighbours,
    }
    for array in arrays.values():
        array.setflags(write=False)
    return RoadNetwork(
        name=theatre.name,
        graph=nx.freeze(graph),
        junction_ids=tuple(index),
        junction_index=index,
        edge_road=tuple(road.road for road in roads),
        segments=segments,
        camps=theatre.camps,
        rivers=theatre.rivers,
        **arrays,
    )


def _adjacency(
    n_junctions: int, edge_from: NDArray[np.int32], edge_to: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Edges and neighbours of each junction, one after the other, neighbours ascending."""
    n_edges = len(edge_from)
    here = np.concatenate([edge_from, edge_to])
    there = np.concatenate([edge_to, edge_from])
    edge = np.concatenate([np.arange(n_edges), np.arange(n_edges)])
    order = np.lexsort((there, here))
    start = np.searchsorted(here[order], np.arange(n_junctions + 1))
    return start.astype(np.int32), edge[order].astype(np.int32), there[order].astype(np.int32)
