"""The road network: tables, graph, pieces of road, ways through it."""

from sim.roads.network import RoadNetwork, load_network
from sim.roads.segments import SegmentTable
from sim.roads.tables import CampRow, CellRow, Theatre, UnitRow, read_theatre, theatre_names

__all__ = [
    "CampRow",
    "CellRow",
    "RoadNetwork",
    "SegmentTable",
    "Theatre",
    "UnitRow",
    "load_network",
    "read_theatre",
    "theatre_names",
]
