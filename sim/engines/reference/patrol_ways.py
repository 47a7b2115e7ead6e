"""The ways of patrols: a road out of the camp, then a loop where it is short, else out and back.

Every dawn the patrol policy weighs the roads out of every camp; the patrol's own draw takes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.draws import Stream
from sim.policies.patrols import POLICIES, PatrolView
from sim.rules.choice import chosen_option
from sim.rules.patrolling import reach_km
from sim.world.journey import Journey, journey_along, out_and_back
from sim.world.pace import PATROL
from sim.world.patrol_roads import Line, line_along, loops_by_edge, roads_out

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel
    from sim.engines.reference.unit import Unit


class PatrolWays:
    """Ways from every camp, worked out when first needed."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self._lines: dict[tuple[int, ...], Line] = {}
        junctions = tuple(camp.site.junction for camp in model.camps)
        self._roads = roads_out(model.world.network, junctions)
        self.weights = np.ones(len(self._roads.road_start) - 1)
        """What the policy of this morning gives each road out of a camp."""

    def plan_day(self) -> None:
        """Weigh the roads out of every camp, from the picture and from plans of this morning."""
        model, force = self.model, self.model.settings.force
        if force.patrol_process == "none":
            return
        is_by_convoys = POLICIES.asks(force.patrol_policy, "convoy_due_h")
        nobody_due = np.full(len(model.length_km), np.inf)
        view = PatrolView(
            now_h=model.now_h,
            road_start=self._roads.road_start,
            pieces=self._roads.pieces,
            near_km=self._roads.near_km,
            length_km=model.length_km,
            reach_km=force.patrol_reach_km,
            hazard_per_km=model.hazard_told_per_km(),
            convoy_due_h=model.routes.convoy_due_h() if is_by_convoys else nobody_due,
            convoy_lead_h=model.settings.clearance.convoy_lead_h,
        )
        self.weights = POLICIES.answer(force.patrol_policy, view)

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
        loop = loops_by_edge(network, camp).get(edge)
        if loop is not None and loop.length_km <= 2.0 * reach:
            segments, forwards, _ = loop.line
            return journey_along(segments, forwards, model.length_km, pace.h_per_km, pace.wait_h)
        way: tuple[int, ...] = (edge,)
        far = self._other_end(edge, camp)
        line = self._line(camp, way)
        while line.length_km < reach:
            onward = self._onward(far, way, model, unit.key, number)
            if onward is None:
                break
            way, far = (*way, onward), self._other_end(onward, far)
            line = self._line(camp, way)
        return Journey(
            *out_and_back(
                line.segments, line.forwards, model.length_km, reach, pace.h_per_km, pace.wait_h
            )
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
            line = self._lines[(camp, *way)] = line_along(network, way, forwards)
        return line
