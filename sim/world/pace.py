"""How fast each kind of traffic moves over each piece of road, dry and wet."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.roads import RoadNetwork
from sim.rules.travel import speed_kph
from sim.world.scenario import Roads, Routing
from sim.world.sums import add_up_parts

PATROL, ESCORTED, UNESCORTED = "patrol", "escorted", "unescorted"


@dataclass(frozen=True)
class Pace:
    """Time to drive every piece of road: float[n_segments] h/km, and h of waiting at a ferry."""

    h_per_km: NDArray[np.float64]
    wait_h: NDArray[np.float64]

    def edge_h(self, network: RoadNetwork) -> NDArray[np.float64]:
        """Driving hours of every edge: float[n_edges], h."""
        hours = network.segments.length_km * self.h_per_km + self.wait_h
        edge_h = np.empty(network.n_edges)
        add_up_parts(hours, network.edge_first_segment, edge_h)
        return edge_h


def pace_of(
    network: RoadNetwork, roads: Roads, routing: Routing, traffic: str, is_wet: bool
) -> Pace:
    """The pace of one kind of traffic in one season.

    An escorted convoy searches as it goes, so its progress a day caps its speed in daylight.
    """
    pieces = network.segments
    if routing.instant_passage:
        return Pace(np.zeros(len(pieces.road)), np.zeros(len(pieces.road)))
    factor = routing.patrol_speed_factor if traffic == PATROL else routing.convoy_speed_factor
    daylight_h = routing.daylight_end_h - routing.daylight_start_h
    cap_kph = routing.threatened_km_per_day / daylight_h if traffic == ESCORTED else np.inf
    h_per_km = np.empty(len(pieces.road))
    for segment, free_speed_kph in enumerate(pieces.free_speed_kph):
        season = roads.wet_speed_factor if is_wet and pieces.is_seasonal[segment] else 1.0
        h_per_km[segment] = 1.0 / min(speed_kph(float(free_speed_kph), factor, season), cap_kph)
    return Pace(h_per_km, np.where(pieces.is_ferry, roads.ferry_wait_h, 0.0))
