"""Headquarters: every dawn it reviews stocks, sends teams out and lets convoys go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY
from sim.engines.reference.ledger import LOGISTICS
from sim.policies.clearance import POLICIES as CLEARANCE
from sim.policies.clearance import ClearanceView, assign_pieces
from sim.policies.routing import POLICIES as ROUTING
from sim.policies.routing import RoutingView
from sim.roads.paths import Path, segments_along, shortest_path
from sim.rules.picture import passage_risk, risk_cost
from sim.world.events import Turn
from sim.world.journey import Journey, expect_on_way, journey_along
from sim.world.pace import ESCORTED, UNESCORTED, Pace
from sim.world.world import road_distance_km

if TYPE_CHECKING:
    from sim.engines.reference.camp import Camp
    from sim.engines.reference.model import ConvoyModel

LONGEST_DAY = 64
"""Most pieces of road that a team could be given for one day."""


class Headquarters:
    """The command. It reads the picture and its own plans, never what is true."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self._ways: dict[tuple[int, int, bool, bool], Journey] = {}
        self.reorganise()
        model.agenda.add(model.settings.routing.daylight_start_h, Turn.DAWN, 0, 0, self.dawn)

    def reorganise(self) -> None:
        """Forget what was worked out under earlier settings."""
        model = self.model
        self._ways.clear()
        start, pieces, distances = [0], [], []
        for team in model.teams:
            reach_km = model.settings.clearance.team_reach_km
            distance_km = road_distance_km(model.world.network, team.unit.camp.site.junction)
            in_reach = np.flatnonzero(distance_km <= reach_km)
            in_reach = in_reach[np.lexsort((in_reach, distance_km[in_reach]))]
            pieces.append(in_reach.astype(np.int32))
            distances.append(distance_km[in_reach])
            start.append(start[-1] + len(in_reach))
        self._team_start = np.array(start, dtype=np.int32)
        self._candidates = np.concatenate([np.empty(0, np.int32), *pieces])
        self._distance_km = np.concatenate([np.empty(0), *distances])
        self._plan = np.empty((len(model.teams), LONGEST_DAY), dtype=np.int32)

    def dawn(self, version: int) -> None:
        """The command's day, in this order: books, orders, teams, convoys."""
        model = self.model
        model.agenda.add(model.now_h + HOURS_PER_DAY, Turn.DAWN, 0, 0, self.dawn)
        model.settle_traffic()
        is_by_stock = model.settings.supply.process == "policy"
        if is_by_stock:
            for camp in reversed(model.camps):
                camp.settle()
                camp.review()
        if model.settings.clearance.process == "policy":
            self._send_teams()
        if is_by_stock:
            for camp in model.camps:
                camp.dispatch()

    # Clearance.

    def _send_teams(self) -> None:
        model, clearance = self.model, self.model.settings.clearance
        work_h = np.array([team.work_h_today() for team in model.teams])
        if clearance.policy == "none" or not work_h.any():
            return
        view = ClearanceView(
            now_h=model.now_h,
            length_km=model.length_km,
            hazard_per_km=self._hazard_per_km(),
            passages_per_day=model.picture.passages_per_day(model.now_h),
            last_swept_h=model.picture.last_swept_h,
            convoy_due_h=self._convoy_due_h(),
            convoy_lead_h=clearance.convoy_lead_h,
            in_use_passages_per_day=clearance.in_use_passages_per_day,
            stale_days=clearance.stale_days,
        )
        assign_pieces(
            CLEARANCE[clearance.policy](view),
            self._team_start,
            self._candidates,
            self._distance_km,
            model.length_km,
            work_h,
            clearance.sweep_kph,
            clearance.transit_kph,
            self._plan,
        )
        for team, plan in zip(model.teams, self._plan, strict=True):
            team.set_out([int(piece) for piece in plan if piece >= 0])

    def _hazard_per_km(self) -> NDArray[np.float64]:
        clearance = self.model.settings.clearance
        return self.model.picture.hazard_per_km(
            self.model.now_h,
            clearance.picture_prior_per_1000_km / 1000.0,
            clearance.picture_prior_passages,
        )

    def _convoy_due_h(self) -> NDArray[np.float64]:
        """When a convoy on the road, or a load that is ready to go, is expected on each piece."""
        model, routing = self.model, self.model.settings.routing
        due_h = np.full(len(model.length_km), np.inf)
        if model.settings.clearance.policy != "ahead_of_convoy":
            return due_h  # no other policy asks, and it takes time to work out
        daylight = routing.daylight_start_h, routing.daylight_end_h
        for convoy in model.moving.values():
            if convoy.traffic == LOGISTICS:
                journey = convoy.journey
                expect_on_way(
                    due_h,
                    journey.segments,
                    journey.drive_h,
                    convoy.settled_leg,
                    convoy.resumed_h,
                    convoy.driven_h,
                    *daylight,
                )
        for camp in model.camps:
            for load in camp.waiting:
                way = self.way_of_convoy(camp, load.destination, camp.needs_escort)
                leaves_h = max(load.ready_h, model.now_h)
                expect_on_way(due_h, way.segments, way.drive_h, 0, leaves_h, 0.0, *daylight)
        return due_h

    # Routes.

    def way_of_convoy(self, origin: Camp, destination: Camp, is_escorted: bool) -> Journey:
        """The way that a convoy takes now, by the routing policy."""
        model, policy = self.model, self.model.settings.routing.policy
        kept = (origin.index, destination.index, is_escorted, model.is_wet())
        if policy == "shortest" and kept in self._ways:
            return self._ways[kept]
        network = model.world.network
        pace = model.pace(ESCORTED if is_escorted else UNESCORTED)
        view = RoutingView(travel_h=pace.edge_h(network), risk_cost=self._risk_cost())
        ends = origin.site.junction, destination.site.junction
        path = shortest_path(network, ROUTING[policy](view), *ends)
        if policy != "shortest":
            fastest = shortest_path(network, view.travel_h, *ends)
            if _hours(path, view) > model.settings.routing.detour_limit * fastest.cost:
                path = fastest
        journey = self._as_journey(path, pace)
        if policy == "shortest":
            self._ways[kept] = journey
        return journey

    def _risk_cost(self) -> NDArray[np.float64]:
        network = self.model.world.network
        costs = np.array(
            [
                risk_cost(passage_risk(float(hazard), float(length_km)))
                for hazard, length_km in zip(
                    self._hazard_per_km(), network.segments.length_km, strict=True
                )
            ]
        )
        return np.add.reduceat(costs, network.edge_first_segment[:-1])

    def _as_journey(self, path: Path, pace: Pace) -> Journey:
        segments, forwards = segments_along(self.model.world.network, path.edges, path.forwards)
        return journey_along(segments, forwards, self.model.length_km, pace.h_per_km, pace.wait_h)


def _hours(path: Path, view: RoutingView) -> float:
    return float(view.travel_h[path.edges].sum())
