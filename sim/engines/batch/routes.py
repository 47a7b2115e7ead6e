"""Routes: which way a convoy takes, by the routing policy, the picture and its own draw.

The fastest ways ask nothing of the picture, so they are kept: for each camp, kind of convoy and
season the tree of fastest ways to everywhere.
"""

from typing import Any

import numpy as np

from sim.compiled import call_handler, handler, kernel
from sim.engines.batch import acts
from sim.engines.batch.camp_stock import needs_escort_to
from sim.engines.batch.chance import draw, is_wet
from sim.engines.batch.codes import (
    ROUTING_POLICY_LEAST_RISK,
    ROUTING_POLICY_MIXED,
    ROUTING_POLICY_SHORTEST,
    STREAM_ROUTE_CHOICE,
)
from sim.engines.batch.convoy import moving_slot
from sim.engines.batch.keys import convoy_key
from sim.engines.batch.ledger import LOGISTICS
from sim.engines.batch.outside import ask_way
from sim.engines.batch.picture import hazard_told_per_km
from sim.engines.batch.road import PACE_ESCORTED, PACE_UNESCORTED
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import Status, fail
from sim.engines.batch.way import add_edges, clear, drive_whole_pieces, end_junction, total_h
from sim.errors import RoadError
from sim.policies.routing.least_risk import safest_way
from sim.policies.routing.mixed import ways_of_mix
from sim.policies.routing.risk import risk_by_edge
from sim.roads.paths import cheapest_way, grow_tree
from sim.rules.choice import chosen_option
from sim.rules.travel import drive_end_h
from sim.world.journey import expect_on_way
from sim.world.world import World

NO_WAY = int(Status.NO_WAY)
FIND_WAY = acts.FIND_WAY
CAMPS = 1000
"""More than there are: two camps make one number."""


def state_fields(shape: Shape) -> list[Any]:
    """Trees of fastest ways by [camp, is escorted, is wet, junction], and what the picture says."""
    by = (shape.n_camps, 2, 2)
    return [
        ("asked", np.int64, (6,)),
        ("has_tree", np.int8, by),
        ("tree_edge", np.int32, (*by, shape.n_junctions)),
        ("tree_previous", np.int32, (*by, shape.n_junctions)),
        ("piece_risk", np.float64, (shape.n_segments,)),
        ("edge_risk", np.float64, (shape.n_edges,)),
        ("piece_h", np.float64, (shape.n_segments,)),
    ]


def error_of(world: World, fault_of: int) -> RoadError:
    """What to raise where no way was found from one camp to another."""
    origin, destination = (world.camps[number].node_id for number in divmod(fault_of, CAMPS))
    return RoadError(
        f"No open road leads from {origin} to {destination} "
        f"(roads.name={world.network.name}). Allowed: camps joined by roads to their hub; lower "
        "roads.min_confidence, or add the road to roads.csv."
    )


@kernel
def forget(state):  # type: ignore[no-untyped-def]
    """Forget what was worked out under earlier settings."""
    state.routes.has_tree[:] = 0


# From camp to camp.


@kernel
def way_of_convoy(  # type: ignore[no-untyped-def]
    state, world, settings, origin, destination, is_escorted, entity, other, count
):
    """Find the way that a convoy takes now, by the routing policy and the draw of this key.

    A convoy to a camp has the key (key of the camp's convoys, 0, twice its number), and one more
    than twice its number on its way back.
    """
    _look(state, world, settings)
    _find_way(state, world, settings, origin, destination, is_escorted, entity, other, count)


@kernel
def _look(state, world, settings):  # type: ignore[no-untyped-def]
    """Have what the policy must know of the picture; the fastest way asks nothing of it."""
    if settings.routing.policy != ROUTING_POLICY_SHORTEST:
        read_risk(state, world, settings)


@kernel
def read_risk(state, world, settings):  # type: ignore[no-untyped-def]
    """Fill in minus ln of the probability to meet nothing, by the picture: by piece and by edge."""
    routes, road, estimate = state.routes, world.road, state.picture.hazard_per_km
    hazard_told_per_km(state, world, settings, estimate)
    risk_by_edge(
        estimate,
        road.length_km,
        road.edge_first_segment,
        routes.piece_risk,
        routes.edge_risk[: road.n_edges],
    )


@kernel
def pace_of_convoy(is_escorted):  # type: ignore[no-untyped-def]
    """The kind of traffic that a supply convoy is."""
    return PACE_ESCORTED if is_escorted else PACE_UNESCORTED


@kernel
def _find_way(  # type: ignore[no-untyped-def]
    state, world, settings, origin, destination, is_escorted, entity, other, count
):
    """Find a way, once what the policy must know of the picture is there."""
    asked = state.routes.asked
    asked[0], asked[1], asked[2] = origin, destination, is_escorted
    asked[3], asked[4], asked[5] = entity, other, count
    call_handler(world.handlers.address[FIND_WAY], state, world, settings, 0, 0)


@handler
def find_way_asked(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """What `_find_way` does."""
    asked = state.routes.asked
    _find_way_now(
        state, world, settings, asked[0], asked[1], asked[2], asked[3], asked[4], asked[5]
    )


@kernel
def _find_way_now(  # type: ignore[no-untyped-def]
    state, world, settings, origin, destination, is_escorted, entity, other, count
):
    """Find a way from camp to camp, after a look at the picture."""
    way, road = state.way, world.road
    source, target = world.camp.junction[origin], world.camp.junction[destination]
    pace = pace_of_convoy(is_escorted)
    policy = settings.routing.policy
    if policy == ROUTING_POLICY_SHORTEST:
        _find_fastest_edges(state, world, origin, destination, is_escorted)
    elif policy in (ROUTING_POLICY_LEAST_RISK, ROUTING_POLICY_MIXED):
        n_edges, n_junctions = road.n_edges, road.n_junctions
        choose_edges(
            state,
            settings,
            road.edge_h[state.model.is_decided, pace, is_wet(state, world)][:n_edges],
            state.routes.edge_risk[:n_edges],
            road.edge_from[:n_edges],
            road.adjacency_start[: n_junctions + 1],
            road.adjacency_edge[: 2 * n_edges],
            road.adjacency_junction[: 2 * n_edges],
            source,
            target,
            entity,
            other,
            count,
        )
    else:
        ask_way(state, world, settings, source, target, pace, entity, other, count)
    clear(state)
    if way.n_edges == 0:
        fail(state, NO_WAY, origin * CAMPS + destination, 0)
        return
    add_edges(state, world, 0, source)
    drive_whole_pieces(state, world, pace, 0)


@kernel
def choose_edges(  # type: ignore[no-untyped-def]
    state,
    settings,
    travel_h,
    risk_cost,
    edge_from,
    adjacency_start,
    adjacency_edge,
    adjacency_junction,
    source,
    target,
    entity,
    other,
    count,
):
    """Fill in `way.edges`: a way that the policy allows and, where there are several, a draw takes.

    The arrays are those of a `RoutingView`. Where no road leads to the target there are no edges.
    """
    way = state.way
    policy, limit = settings.routing.policy, settings.routing.detour_limit
    if policy == ROUTING_POLICY_MIXED:
        n_edges, n_junctions = len(travel_h), len(adjacency_start) - 1
        way_start = np.empty(n_edges + 1, dtype=np.int32)
        way_edges = np.empty(n_edges * n_junctions, dtype=np.int32)
        probability = np.empty(n_edges)
        n_ways = ways_of_mix(
            travel_h,
            risk_cost,
            edge_from,
            adjacency_start,
            adjacency_edge,
            adjacency_junction,
            source,
            target,
            limit,
            way_start,
            way_edges,
            probability,
        )
        taken = 0
        if n_ways > 1:
            chance = draw(state, STREAM_ROUTE_CHOICE, entity, other, count)
            taken = chosen_option(chance, probability, 0, n_ways)
        edges = way_edges[way_start[taken] : way_start[taken + 1]]
    elif policy == ROUTING_POLICY_LEAST_RISK:
        edges = safest_way(
            travel_h,
            risk_cost,
            adjacency_start,
            adjacency_edge,
            adjacency_junction,
            source,
            target,
            limit,
        )
    elif policy == ROUTING_POLICY_SHORTEST:
        edges = cheapest_way(
            travel_h, adjacency_start, adjacency_edge, adjacency_junction, source, target
        )
    else:
        edges = np.empty(0, dtype=np.int32)
    way.n_edges = len(edges)
    for place in range(len(edges)):
        way.edges[place] = edges[place]


@kernel
def _season_of_tree(state, world, origin, is_escorted):  # type: ignore[no-untyped-def]
    """Have the tree of fastest ways from a camp; whether it is the one of the wet season."""
    routes, road = state.routes, world.road
    wet = is_wet(state, world)
    if routes.has_tree[origin, is_escorted, wet]:
        return wet
    pace = pace_of_convoy(is_escorted)
    n_edges, n_junctions = road.n_edges, road.n_junctions
    _, last_edge, previous = grow_tree(
        road.edge_h[state.model.is_decided, pace, wet][:n_edges],
        world.camp.junction[origin],
        road.adjacency_start[: n_junctions + 1],
        road.adjacency_edge[: 2 * n_edges],
        road.adjacency_junction[: 2 * n_edges],
    )
    for junction in range(n_junctions):
        routes.tree_edge[origin, is_escorted, wet, junction] = last_edge[junction]
        routes.tree_previous[origin, is_escorted, wet, junction] = previous[junction]
    routes.has_tree[origin, is_escorted, wet] = 1
    return wet


@kernel
def _find_fastest_edges(state, world, origin, destination, is_escorted):  # type: ignore[no-untyped-def]
    """Fill in `way.edges` with the fastest way; without edges where no road leads there."""
    escorted = 1 if is_escorted else 0
    wet = _season_of_tree(state, world, origin, escorted)
    edge = state.routes.tree_edge[origin, escorted, wet]
    previous = state.routes.tree_previous[origin, escorted, wet]
    way = state.way
    n_edges = 0
    junction = world.camp.junction[destination]
    while previous[junction] >= 0:
        n_edges += 1
        junction = previous[junction]
    way.n_edges = n_edges
    junction = world.camp.junction[destination]
    for place in range(n_edges - 1, -1, -1):
        way.edges[place] = edge[junction]
        junction = previous[junction]


@kernel
def corridor(state, world, settings, origin, destination, is_escorted, junctions):  # type: ignore[no-untyped-def]
    """Fill in the junctions on the fastest way, whatever the policy, and give their number."""
    way, road = state.way, world.road
    _find_fastest_edges(state, world, origin, destination, is_escorted)
    if way.n_edges == 0:
        fail(state, NO_WAY, origin * CAMPS + destination, 0)
        return 0
    junctions[0] = world.camp.junction[origin]
    for place in range(way.n_edges):
        edge = way.edges[place]
        is_forwards = road.edge_from[edge] == junctions[place]
        junctions[place + 1] = road.edge_to[edge] if is_forwards else road.edge_from[edge]
    return way.n_edges + 1


@kernel
def convoy_due_h(state, world, settings, due_h):  # type: ignore[no-untyped-def]
    """Fill in when a convoy on the road, or a load that waits to go, is expected on each piece.

    A convoy with several destinations is expected on the ways to all of them, but not back.
    """
    convoy, loads, way = state.convoy, state.load, state.way
    daylight_start_h = settings.routing.daylight_start_h
    daylight_end_h = settings.routing.daylight_end_h
    for segment in range(world.road.n_segments):
        due_h[segment] = np.inf
    for place in range(convoy.n_moving):
        slot = convoy.moving[place]
        if convoy.traffic[slot] == LOGISTICS:
            expect_on_way(
                due_h,
                convoy.segments[slot][: convoy.n_legs[slot]],
                convoy.drive_h[slot],
                convoy.settled_leg[slot],
                convoy.resumed_h[slot],
                convoy.driven_h[slot],
                daylight_start_h,
                daylight_end_h,
            )
    # Nothing is learned while this is worked out, so one look is enough.
    _look(state, world, settings)
    for camp in range(world.camp.n_camps):
        for place in range(state.camp.n_waiting[camp]):
            load = state.camp.waiting[camp, place]
            to = loads.destination[load]
            is_escorted = needs_escort_to(state, world, camp, to)
            entity, count = world.camp.convoy_key[to], 2 * loads.number[load]
            _find_way(state, world, settings, camp, to, is_escorted, entity, 0, count)
            leaves_h = max(loads.ready_h[load], state.model.now_h)
            expect_on_way(
                due_h,
                way.segments[: way.n_legs],
                way.drive_h,
                0,
                leaves_h,
                0.0,
                daylight_start_h,
                daylight_end_h,
            )
        for place in range(state.camp.n_on_road[camp]):
            _expect_beyond_stop(state, world, settings, due_h, state.camp.on_road[camp, place])


@kernel
def _expect_beyond_stop(state, world, settings, due_h, load):  # type: ignore[no-untyped-def]
    """Expect a convoy on its ways from the place at which it stops, or stands, next."""
    convoy, loads, way = state.convoy, state.load, state.way
    n_ahead = loads.n_ahead[load]
    if n_ahead == 0:
        return
    daylight_start_h = settings.routing.daylight_start_h
    daylight_end_h = settings.routing.daylight_end_h
    loading_h = settings.supply.loading_h
    first, stop, leaves_h = 0, loads.stop[load], loads.drives_on_h[load]
    named = convoy_key(world.camp.convoy_key[loads.destination[load]], loads.number[load])
    slot = moving_slot(state, named)
    if slot >= 0:
        first, stop = 1, loads.destination[loads.ahead[load, 0]]
        left_h = convoy.drive_h[slot, convoy.n_legs[slot]] - convoy.driven_h[slot]
        leaves_h = (
            drive_end_h(convoy.resumed_h[slot], left_h, daylight_start_h, daylight_end_h)
            + loading_h
        )
    is_escorted = loads.escort[load] >= 0
    for place in range(first, n_ahead):
        one = loads.ahead[load, place]
        to = loads.destination[one]
        if state.camp.is_closed[to]:
            continue
        entity, count = world.camp.convoy_key[to], 2 * loads.number[one]
        _find_way(state, world, settings, stop, to, is_escorted, entity, 0, count)
        expect_on_way(
            due_h,
            way.segments[: way.n_legs],
            way.drive_h,
            0,
            leaves_h,
            0.0,
            daylight_start_h,
            daylight_end_h,
        )
        leaves_h = (
            drive_end_h(leaves_h, total_h(state), daylight_start_h, daylight_end_h) + loading_h
        )
        stop = to


@kernel
def camp_at_end_of_way(state, world):  # type: ignore[no-untyped-def]
    """The camp at which the way in `state.way` ends; -1 where there is none."""
    way = state.way
    last = way.n_legs - 1
    junction = end_junction(world, way.segments[last], way.enter_km[last], way.leave_km[last])
    for camp in range(world.camp.n_camps):
        if world.camp.junction[camp] == junction:
            return camp
    return -1
