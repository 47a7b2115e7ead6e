"""The road network as compiled code reads it: pieces, edges, junctions and paces."""

from typing import Any

import numpy as np

from sim.draws import entity_key
from sim.engines.batch.shape import Shape
from sim.world.pace import ESCORTED, PATROL, UNESCORTED, pace_of
from sim.world.world import World, road_distance_km

PACES = (PATROL, ESCORTED, UNESCORTED)
PACE_PATROL, PACE_ESCORTED, PACE_UNESCORTED = range(len(PACES))


def world_fields(shape: Shape) -> list[Any]:
    """What is read of a `RoadNetwork`; paces by [whose settings, kind of traffic, wet season]."""
    n, n_edges, n_junctions = shape.n_segments, shape.n_edges, shape.n_junctions
    return [
        ("n_segments", np.int64),
        ("n_edges", np.int64),
        ("n_junctions", np.int64),
        ("every_segment", np.int32, (n,)),
        ("length_km", np.float64, (n,)),
        ("segment_edge", np.int32, (n,)),
        ("surface", np.int32, (n,)),
        ("sweep_key", np.int64, (n,)),
        ("edge_from", np.int32, (n_edges,)),
        ("edge_to", np.int32, (n_edges,)),
        ("edge_first_segment", np.int32, (n_edges + 1,)),
        ("adjacency_start", np.int32, (n_junctions + 1,)),
        ("adjacency_edge", np.int32, (2 * n_edges,)),
        ("adjacency_junction", np.int32, (2 * n_edges,)),
        ("h_per_km", np.float64, (2, len(PACES), 2, n)),
        ("wait_h", np.float64, (2, len(PACES), 2, n)),
        ("edge_h", np.float64, (2, len(PACES), 2, n_edges)),
        ("camp_road_km", np.float64, (shape.n_camps, n)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """`camp_road_km` is the shortest distance by road from a camp to the middle of a piece."""
    network, pieces = world.network, world.network.segments
    n, n_edges = network.n_segments, network.n_edges
    table["n_segments"], table["n_edges"] = n, n_edges
    table["n_junctions"] = network.n_junctions
    table["every_segment"][:n] = np.arange(n)
    for name in ("length_km", "surface"):
        table[name][:n] = getattr(pieces, name)
    table["segment_edge"][:n] = pieces.edge
    table["sweep_key"][:n] = [entity_key(f"sweep/{name}") for name in pieces.name]
    for name in (
        "edge_from",
        "edge_to",
        "edge_first_segment",
        "adjacency_start",
        "adjacency_edge",
        "adjacency_junction",
    ):
        values = getattr(network, name)
        table[name][: len(values)] = values
    for which, scenario in enumerate((world.scenario.before or world.scenario, world.scenario)):
        for number, traffic in enumerate(PACES):
            for is_wet in (False, True):
                pace = pace_of(network, scenario.roads, scenario.routing, traffic, is_wet)
                place = which, number, int(is_wet)
                table["h_per_km"][place][:n] = pace.h_per_km
                table["wait_h"][place][:n] = pace.wait_h
                table["edge_h"][place][:n_edges] = pace.edge_h(network)
    for index, camp in enumerate(world.camps):
        table["camp_road_km"][index][:n] = road_distance_km(network, camp.junction)
