"""Routes: which way a convoy takes, by the routing policy, the picture and its own draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.draws import Stream
from sim.engines.reference.ledger import LOGISTICS
from sim.errors import RoadError
from sim.policies.routing import POLICIES, RoutePlan, RoutingView, risk_by_edge
from sim.roads.paths import segments_along
from sim.roads.places import Place, cut_edge, cut_value
from sim.rules.choice import chosen_option
from sim.rules.travel import drive_end_h
from sim.world.journey import Journey, expect_on_way, journey_along
from sim.world.pace import ESCORTED, UNESCORTED, Pace

if TYPE_CHECKING:
    from sim.engines.reference.camp import Camp, Load
    from sim.engines.reference.convoy import Convoy
    from sim.engines.reference.model import ConvoyModel

Luck = tuple[int, int, int]
"""Entity, other and count of the draw that chooses among the ways of a plan."""


def luck_of_convoy(source_key: int, number: int, *, is_way_back: bool = False) -> Luck:
    """The key of a convoy's choice as it leaves, and as it starts back.

    >>> luck_of_convoy(7, 3), luck_of_convoy(7, 3, is_way_back=True)
    ((7, 0, 6), (7, 0, 7))
    """
    return source_key, 0, 2 * number + is_way_back


class Routes:
    """Ways between camps. They follow from the picture and the map, never from what is true."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self._ways: dict[tuple[int, int, bool, bool], Journey] = {}
        self._corridors: dict[tuple[int, int, bool, bool], tuple[int, ...]] = {}

    def forget(self) -> None:
        """Forget what was worked out under earlier settings."""
        self._ways.clear()
        self._corridors.clear()

    # From camp to camp.

    def way_of_convoy(
        self, origin: Camp, destination: Camp, is_escorted: bool, luck: Luck | None = None
    ) -> Journey:
        """The way that a convoy takes now, by the routing policy and the draw named by `luck`.

        Without `luck` it is that of the destination's first convoy: what a planner would expect who
        has no convoy in mind.
        """
        model, policy = self.model, self.model.settings.routing.policy
        kept = (origin.index, destination.index, is_escorted, model.is_wet())
        if policy == "shortest" and kept in self._ways:
            return self._ways[kept]
        pace = model.pace(ESCORTED if is_escorted else UNESCORTED)
        plan = self._plan(policy, origin, destination, pace)
        way = self._chosen(plan, luck or luck_of_convoy(destination.convoy_key, 0))
        journey = self._as_journey(*self._pieces(way, origin.site.junction), pace)
        if policy == "shortest":
            self._ways[kept] = journey
        return journey

    def corridor(self, origin: Camp, destination: Camp, is_escorted: bool) -> tuple[int, ...]:
        """The junctions on the fastest way, whatever the policy, from the first to the last."""
        model, network = self.model, self.model.world.network
        kept = (origin.index, destination.index, is_escorted, model.is_wet())
        if kept not in self._corridors:
            pace = model.pace(ESCORTED if is_escorted else UNESCORTED)
            junctions = [origin.site.junction]
            for edge in self._plan("shortest", origin, destination, pace).way(0):
                ends = int(network.edge_from[edge]), int(network.edge_to[edge])
                junctions.append(ends[1] if ends[0] == junctions[-1] else ends[0])
            self._corridors[kept] = tuple(junctions)
        return self._corridors[kept]

    def _plan(self, policy: str, origin: Camp, destination: Camp, pace: Pace) -> RoutePlan:
        """The ways from camp to camp that a policy allows."""
        network = self.model.world.network
        roads = Place(
            network.edge_from,
            network.adjacency_start,
            network.adjacency_edge,
            network.adjacency_junction,
        )
        travel_h = pace.edge_h(network)
        needs_risk = POLICIES.asks(policy, "risk_cost")
        risk = self._risk()[1] if needs_risk else np.zeros(len(travel_h))
        view = self._view(roads, travel_h, risk, origin.site.junction, destination.site.junction)
        plan = POLICIES.answer(policy, view)
        if len(plan.edges) == 0:
            raise RoadError(
                f"No open road leads from {origin.name} to {destination.name} "
                f"(roads.name={network.name}). Allowed: camps joined by roads to their hub; lower "
                "roads.min_confidence, or add the road to roads.csv."
            )
        return plan

    def convoy_due_h(self) -> NDArray[np.float64]:
        """When a convoy on the road, or a load that waits to go, is expected on each piece.

        A convoy with several destinations is expected on the ways to all of them, but not back.
        """
        model, routing = self.model, self.model.settings.routing
        due_h = np.full(len(model.length_km), np.inf)
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
                luck = luck_of_convoy(load.destination.convoy_key, load.number)
                way = self.way_of_convoy(
                    camp, load.destination, camp.needs_escort_to(load.destination), luck
                )
                leaves_h = max(load.ready_h, model.now_h)
                expect_on_way(due_h, way.segments, way.drive_h, 0, leaves_h, 0.0, *daylight)
            for load in camp.on_road:
                self._expect_beyond_stop(due_h, load)
        return due_h

    def _expect_beyond_stop(self, due_h: NDArray[np.float64], load: Load) -> None:
        """Expect a convoy on its ways from the place at which it stops, or stands, next."""
        model, routing = self.model, self.model.settings.routing
        daylight = routing.daylight_start_h, routing.daylight_end_h
        loading_h = model.settings.supply.loading_h
        ahead, stop, leaves_h = load.ahead, load.stop, load.drives_on_h
        convoy = model.moving.get(load.key)
        if ahead and convoy is not None:
            stop, ahead = ahead[0].destination, ahead[1:]
            left_h = convoy.journey.total_h - convoy.driven_h
            leaves_h = drive_end_h(convoy.resumed_h, left_h, *daylight) + loading_h
        for one in ahead:
            if one.destination.is_closed:
                continue
            assert stop is not None
            luck = luck_of_convoy(one.destination.convoy_key, one.number)
            way = self.way_of_convoy(stop, one.destination, load.escort is not None, luck)
            expect_on_way(due_h, way.segments, way.drive_h, 0, leaves_h, 0.0, *daylight)
            leaves_h = drive_end_h(leaves_h, way.total_h, *daylight) + loading_h
            stop = one.destination

    # From a place on the way.

    def way_from_here(self, convoy: Convoy) -> Journey | None:
        """Another way for a convoy from where it is, on or back along its road; None for its own.

        The journey that comes back begins with all that was driven so far, so that the convoy's
        timetable and what it has still to write down stay as they are.
        """
        model, network = self.model, self.model.world.network
        journey, leg = convoy.journey, convoy.leg
        segment = int(journey.segments[leg])
        enter_km = float(journey.enter_km[leg])
        is_forwards = enter_km <= float(journey.leave_km[leg])
        length_km = float(model.length_km[segment])
        at_km = enter_km + convoy.along_km if is_forwards else enter_km - convoy.along_km
        at_km = min(max(at_km, 0.0), length_km)
        edge = int(network.segments.edge[segment])
        pace = model.pace(ESCORTED if convoy.is_escorted else UNESCORTED)
        place = edge, segment, at_km / length_km
        view = self._view_from(place, pace, self._end_of(journey))
        plan = POLICIES.answer(model.settings.routing.policy, view)
        if len(plan.edges) == 0:
            return None
        way = self._chosen(plan, (convoy.source_key, convoy.n_asked, 2 * convoy.number))
        # The first edge of the way is one of the two parts of the road on which the convoy stands.
        leaves_forwards = int(way[0]) == network.n_edges
        junction = int((network.edge_to if leaves_forwards else network.edge_from)[edge])
        rest, rest_forwards = self._rest_of_edge(edge, segment, leaves_forwards)
        onward, onward_forwards = self._pieces(way[1:], junction)
        ahead = self._as_journey(
            np.concatenate([rest, onward]), np.concatenate([rest_forwards, onward_forwards]), pace
        )
        is_on = leaves_forwards == is_forwards
        head = _driven(convoy, at_km, length_km if leaves_forwards else 0.0, is_on=is_on)
        changed = _joined(head, ahead)
        return None if _is_same_way(journey, changed) else changed

    def _view_from(self, place: tuple[int, int, float], pace: Pace, target: int) -> RoutingView:
        """What the policy sees from a place: an edge, a piece of it, a share of that piece."""
        network = self.model.world.network
        edge, segment, share = place
        roads = cut_edge(
            network.edge_from,
            network.adjacency_start,
            network.adjacency_edge,
            network.adjacency_junction,
            edge,
        )
        hours = self.model.length_km * pace.h_per_km + pace.wait_h
        piece_risk, edge_risk = self._risk()
        firsts = network.edge_first_segment
        travel_h = cut_value(pace.edge_h(network), hours, firsts, edge, segment, share)
        risk = cut_value(edge_risk, piece_risk, firsts, edge, segment, share)
        return self._view(Place(*roads), travel_h, risk, network.n_junctions, target)

    def _end_of(self, journey: Journey) -> int:
        """The junction at which a journey ends."""
        network = self.model.world.network
        edge = int(network.segments.edge[journey.segments[-1]])
        is_forwards = journey.leave_km[-1] > journey.enter_km[-1]
        return int((network.edge_to if is_forwards else network.edge_from)[edge])

    def camp_at_end_of(self, journey: Journey) -> int:
        """Index of the camp at which a journey ends; -1 where there is none."""
        junction = self._end_of(journey)
        for camp in self.model.camps:
            if camp.site.junction == junction:
                return camp.index
        return -1

    def _rest_of_edge(
        self, edge: int, segment: int, forwards: bool
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The pieces of an edge beyond one of them, in driving order."""
        first, end = self.model.world.network.edge_first_segment[edge : edge + 2]
        rest = range(segment + 1, end) if forwards else range(segment - 1, first - 1, -1)
        return np.array(rest, dtype=np.int32), np.full(len(rest), forwards)

    # What a policy sees, and what becomes of its plan.

    def _view(
        self,
        roads: Place,
        travel_h: NDArray[np.float64],
        risk: NDArray[np.float64],
        source: int,
        target: int,
    ) -> RoutingView:
        limit = self.model.settings.routing.detour_limit
        return RoutingView(travel_h, risk, *roads, source, target, limit)

    def _chosen(self, plan: RoutePlan, luck: Luck) -> NDArray[np.int32]:
        """The way that the draw takes from a plan."""
        n_ways = len(plan.probability)
        if n_ways == 1:
            return plan.way(0)
        draw = self.model.draw(Stream.ROUTE_CHOICE, *luck)
        return plan.way(chosen_option(draw, plan.probability, 0, n_ways))

    def _pieces(
        self, edges: NDArray[np.int32], source: int
    ) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The pieces of road along a way from a junction, and whether each is driven forwards."""
        network = self.model.world.network
        junction, forwards = source, []
        for edge in edges:
            forwards.append(int(network.edge_from[edge]) == junction)
            junction = int((network.edge_to if forwards[-1] else network.edge_from)[edge])
        return segments_along(network, edges, forwards)

    def _risk(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Minus ln of the probability to meet nothing, by the picture: by piece and by edge."""
        model, network = self.model, self.model.world.network
        by_piece, by_edge = np.empty(network.n_segments), np.empty(network.n_edges)
        risk_by_edge(
            model.hazard_told_per_km(),
            model.length_km,
            network.edge_first_segment,
            by_piece,
            by_edge,
        )
        return by_piece, by_edge

    def _as_journey(
        self, segments: NDArray[np.int32], forwards: NDArray[np.bool_], pace: Pace
    ) -> Journey:
        return journey_along(segments, forwards, self.model.length_km, pace.h_per_km, pace.wait_h)


def _driven(convoy: Convoy, at_km: float, end_km: float, *, is_on: bool) -> Journey:
    """What was driven, and from there the piece on which the convoy stands up to one of its ends.

    Back takes as long as it took to come.
    """
    journey, leg = convoy.journey, convoy.leg
    enter_km, leave_km = float(journey.enter_km[leg]), float(journey.leave_km[leg])
    begin_h, end_h = float(journey.drive_h[leg]), float(journey.drive_h[leg + 1])
    h_per_km = (end_h - begin_h) / abs(leave_km - enter_km)
    if is_on:
        if end_km != leave_km:
            end_h = begin_h + h_per_km * abs(end_km - enter_km)
        legs = [(enter_km, end_km, end_h)]
    else:
        here_h = convoy.next_drive_h
        legs = [
            (enter_km, at_km, here_h),
            (at_km, end_km, here_h + h_per_km * abs(end_km - at_km)),
        ]
    legs = [(enter, leave, hours) for enter, leave, hours in legs if enter != leave]
    segment = journey.segments[leg]
    return Journey(
        segments=np.concatenate([journey.segments[:leg], np.full(len(legs), segment)]),
        enter_km=np.concatenate([journey.enter_km[:leg], [enter for enter, _, _ in legs]]),
        leave_km=np.concatenate([journey.leave_km[:leg], [leave for _, leave, _ in legs]]),
        drive_h=np.concatenate([journey.drive_h[: leg + 1], [hours for _, _, hours in legs]]),
    )


def _joined(first: Journey, second: Journey) -> Journey:
    """One journey after the other."""
    return Journey(
        segments=np.concatenate([first.segments, second.segments]),
        enter_km=np.concatenate([first.enter_km, second.enter_km]),
        leave_km=np.concatenate([first.leave_km, second.leave_km]),
        drive_h=np.concatenate([first.drive_h, first.total_h + second.drive_h[1:]]),
    )


def _is_same_way(one: Journey, other: Journey) -> bool:
    return (
        np.array_equal(one.segments, other.segments)
        and np.array_equal(one.enter_km, other.enter_km)
        and np.array_equal(one.leave_km, other.leave_km)
    )
