"""The ways of patrols: a road out of the camp, then a loop where it is short, else out and back.

Every dawn the patrol policy weighs the roads out of every camp; the patrol's own draw takes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.draws import Stream
from sim.policies.patrols import POLICIES, PatrolView
from sim.roads.loops import loops_from
from sim.roads.paths import segments_along
from sim.rules.choice import chosen_option
from sim.rules.patrolling import reach_km
from sim.world.journey import Journey, journey_along, out_and_back
from sim.world.pace import PATROL

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel
    from sim.engines.reference.unit import Unit

LONGEST_LOOP_KM = 250.0
"""A reach that would need a longer loop comes once in 30,000 patrols at the mean of 12 km."""

Line = tuple[NDArray[np.int32], NDArray[np.bool_], float]


class RoadsOut(NamedTuple):
    """The roads out of all camps, as in `PatrolView`; those of a camp begin at its `camp_start`."""

    camp_start: NDArray[np.int32]
    road_start: NDArray[np.int32]
    pieces: NDArray[np.int32]
    near_km: NDArray[np.float64]

    @classmethod
    def of(cls, model: ConvoyModel) -> RoadsOut:
        """Every edge at every camp, with its pieces from the camp on."""
        network = model.world.network
        camp_start, road_start = [0], [0]
        pieces: list[int] = []
        near_km: list[float] = []
        for camp in model.camps:
            here = camp.site.junction
            for k in range(network.adjacency_start[here], network.adjacency_start[here + 1]):
                edge = int(network.adjacency_edge[k])
                line, _ = segments_along(network, [edge], [int(network.edge_from[edge]) == here])
                from_camp_km = 0.0
                for segment in line.tolist():
                    pieces.append(segment)
                    near_km.append(from_camp_km)
                    from_camp_km += float(model.length_km[segment])
                road_start.append(len(pieces))
            camp_start.append(len(road_start) - 1)
        return cls(
            np.array(camp_start, dtype=np.int32),
            np.array(road_start, dtype=np.int32),
            np.array(pieces, dtype=np.int32),
            np.array(near_km),
        )


class PatrolWays:
    """Ways from every camp, worked out when first needed."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self._loops: dict[tuple[int, int], tuple[float, Line] | None] = {}
        self._lines: dict[tuple[int, ...], Line] = {}
        self._roads = RoadsOut.of(model)
        self.weights = np.ones(len(self._roads.road_start) - 1)
        """What the policy of this morning gives each road out of a camp."""

    def plan_day(self) -> None:
        """Weigh the roads out of every camp, from the picture and from plans of this morning."""
        model, force = self.model, self.model.settings.force
        if force.patrol_process == "none":
            return
        is_by_convoys = force.patrol_policy == "before_convoys"
        nobody_due = np.full(len(model.length_km), np.inf)
        view = PatrolView(
            now_h=model.now_h,
            road_start=self._roads.road_start,
            pieces=self._roads.pieces,
            near_km=self._roads.near_km,
            length_km=model.length_km,
            reach_km=force.patrol_reach_km,
            hazard_per_km=model.hazard_told_per_km(),
            # No other policy asks, and it takes time to work out.
            convoy_due_h=model.routes.convoy_due_h() if is_by_convoys else nobody_due,
            convoy_lead_h=model.settings.clearance.convoy_lead_h,
        )
        self.weights = POLICIES[force.patrol_policy](view)

    def journey(self, unit: Unit, number: int) -> Journey:
        """The way of the `number`-th patrol of a company: a direction and a reach, by its draws."""
        model, network = self.model, self.model.world.network
        camp = unit.camp.site.junction
        begin, end = int(network.adjacency_start[camp]), int(network.adjacency_start[camp + 1])
        draw = model.draw(Stream.PATROL_DIRECTION, unit.key, 0, number)
        first = int(self._roads.camp_start[unit.camp.index])
        edge = int(
            network.adjacency_edge[begin + chosen_option(draw, self.weights, first, end - begin)]
        )
        reach = reach_km(
            model.draw(Stream.PATROL_REACH, unit.key, 0, number),
            model.settings.force.patrol_reach_km,
        )
        pace = model.pace(PATROL)
        loop = self._loop(camp, edge)
        if loop is not None and loop[0] <= 2.0 * reach:
            segments, forwards, _ = loop[1]
            return journey_along(segments, forwards, model.length_km, pace.h_per_km, pace.wait_h)
        way: tuple[int, ...] = (edge,)
        far = self._other_end(edge, camp)
        line = self._line(camp, way)
        while line[2] < reach:
            onward = self._onward(far, way, model, unit.key, number)
            if onward is None:
                break
            way, far = (*way, onward), self._other_end(onward, far)
            line = self._line(camp, way)
        return Journey(
            *out_and_back(line[0], line[1], model.length_km, reach, pace.h_per_km, pace.wait_h)
        )

    def _other_end(self, edge: int, junction: int) -> int:
        network = self.model.world.network
        one, other = int(network.edge_from[edge]), int(network.edge_to[edge])
        return other if one == junction else one

    def _onward(
        self, junction: int, way: tuple[int, ...], model: ConvoyModel, key: int, number: int
    ) -> int | None:
        """One of the other roads at a junction, all alike; None at the end of the road."""
        network = model.world.network
        begin = int(network.adjacency_start[junction])
        end = int(network.adjacency_start[junction + 1])
        others = [int(edge) for edge in network.adjacency_edge[begin:end] if edge not in way]
        if not others:
            return None
        draw = model.draw(Stream.PATROL_DIRECTION, key, len(way), number)
        return others[int(draw * len(others))]

    def _line(self, camp: int, way: tuple[int, ...]) -> Line:
        line = self._lines.get((camp, *way))
        if line is None:
            network, junction, forwards = self.model.world.network, camp, []
            for edge in way:
                forwards.append(int(network.edge_from[edge]) == junction)
                junction = self._other_end(edge, junction)
            line = self._lines[(camp, *way)] = self._as_line(list(way), forwards)
        return line

    def _as_line(self, edges: list[int], forwards: list[bool]) -> Line:
        segments, directions = segments_along(self.model.world.network, edges, forwards)
        return segments, directions, float(self.model.length_km[segments].sum())

    def _loop(self, camp: int, edge: int) -> tuple[float, Line] | None:
        if (camp, edge) not in self._loops:
            for way in loops_from(self.model.world.network, camp, LONGEST_LOOP_KM):
                line = self._as_line(way.edges.tolist(), way.forwards.tolist())
                self._loops[camp, int(way.edges[0])] = (way.cost, line)
            self._loops.setdefault((camp, edge), None)
        return self._loops[camp, edge]
