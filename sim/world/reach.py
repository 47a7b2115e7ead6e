"""Who reaches whom: cells and camps, hospitals and the wounded, cells and their refuges."""

import functools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.earth import great_circle_km
from sim.roads import RoadNetwork
from sim.roads.paths import path_tree
from sim.world.world import CampSite

REFUGES = ("sanctuary", "border")
"""Kinds of junction where a cell is out of reach."""


def straight_km(network: RoadNetwork, one: int, other: int) -> float:
    """Straight distance between two junctions."""
    return great_circle_km(
        float(network.junction_latitude_deg[one]),
        float(network.junction_longitude_deg[one]),
        float(network.junction_latitude_deg[other]),
        float(network.junction_longitude_deg[other]),
    )


@functools.cache
def straight_km_from_segments(network: RoadNetwork, junction: int) -> NDArray[np.float64]:
    """Straight distance from the middle of every piece of road to a junction: float[n_segments]."""
    latitude_deg = float(network.junction_latitude_deg[junction])
    longitude_deg = float(network.junction_longitude_deg[junction])
    pieces = network.segments
    return np.array(
        [
            great_circle_km(float(here_deg), float(there_deg), latitude_deg, longitude_deg)
            for here_deg, there_deg in zip(pieces.latitude_deg, pieces.longitude_deg, strict=True)
        ]
    )


@functools.cache
def distances_by_road_km(network: RoadNetwork, junction: int) -> NDArray[np.float64]:
    """Shortest distance by road from a junction to every other: float[n_junctions]."""
    return path_tree(network, network.edge_length_km, junction).cost


@functools.cache
def km_to_refuge(network: RoadNetwork, junction: int) -> float:
    """Straight distance to the nearest sanctuary or border junction; infinite where none is."""
    distance_km = math.inf
    for other, node_id in enumerate(network.junction_ids):
        if network.graph.nodes[node_id]["kind"] in REFUGES:
            distance_km = min(distance_km, straight_km(network, junction, other))
    return distance_km


def camps_that_raid(
    network: RoadNetwork, camps: Sequence[CampSite], home: int, reach_km: float
) -> frozenset[int]:
    """Camps from which the mission reaches a cell at `home`, by index."""
    return frozenset(
        index
        for index, site in enumerate(camps)
        if straight_km(network, site.junction, home) <= reach_km
    )


def camps_to_attack(
    network: RoadNetwork,
    camps: Sequence[CampSite],
    home: int,
    area: tuple[str, ...],
    reach_km: float,
) -> list[tuple[int, float]]:
    """Camps that a cell at `home` attacks, by index, with their distance in km.

    Hubs first; those that are near and in the regions where its group acts, which are all where
    `area` is empty.
    """
    found = []
    for index, site in enumerate(camps):
        distance_km = straight_km(network, home, site.junction)
        region = network.graph.nodes[site.node_id]["region"]
        if distance_km <= reach_km and (not area or region in area):
            found.append((index, distance_km))
    return found
