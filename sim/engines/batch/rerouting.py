"""Another way from here: a convoy on the road asks the routing policy anew.

Its place becomes a junction that cuts its road in two (`sim/roads/places.py`), and it may go on or
turn back.
"""

from sim.compiled import kernel
from sim.engines.batch.chance import is_wet
from sim.engines.batch.codes import (
    ROUTING_POLICY_LEAST_RISK,
    ROUTING_POLICY_MIXED,
    ROUTING_POLICY_SHORTEST,
)
from sim.engines.batch.outside import ask_way_from
from sim.engines.batch.routes import choose_edges, pace_of_convoy, read_risk
from sim.engines.batch.status import NO_ROOM, fail
from sim.engines.batch.way import (
    ROOM_LEGS,
    add_edges,
    add_pieces,
    drive_whole_pieces,
    end_junction,
)
from sim.roads.places import cut_edge, cut_value


@kernel
def way_from_here(state, world, settings, slot):  # type: ignore[no-untyped-def]
    """Find another way for a convoy from where it is, on or back along its road.

    True where `state.way` holds one. It begins with all that was driven so far, so that the
    convoy's timetable and what it has still to write down stay as they are.
    """
    convoy, road, way = state.convoy, world.road, state.way
    leg = convoy.leg[slot]
    segment = convoy.segments[slot, leg]
    enter_km = convoy.enter_km[slot, leg]
    is_forwards = enter_km <= convoy.leave_km[slot, leg]
    length_km = road.length_km[segment]
    along_km = convoy.along_km[slot]
    at_km = enter_km + along_km if is_forwards else enter_km - along_km
    at_km = min(max(at_km, 0.0), length_km)
    edge = road.segment_edge[segment]
    pace = pace_of_convoy(convoy.is_escorted[slot])
    _choose_edges_from(state, world, settings, slot, pace, edge, segment, at_km / length_km)
    if way.n_edges == 0:
        return False
    # The first edge of the way is one of the two parts of the road on which the convoy stands.
    leaves_forwards = way.edges[0] == road.n_edges
    junction = road.edge_to[edge] if leaves_forwards else road.edge_from[edge]
    end_km = length_km if leaves_forwards else 0.0
    is_on = leaves_forwards == is_forwards
    if not _take_over_driven(state, slot, segment, at_km, end_km, is_on):
        return False
    n_driven = way.n_legs
    if leaves_forwards:
        add_pieces(state, segment + 1, road.edge_first_segment[edge + 1], True)
    else:
        add_pieces(state, road.edge_first_segment[edge], segment, False)
    add_edges(state, world, 1, junction)
    drive_whole_pieces(state, world, pace, n_driven)
    return not _is_same_way(state, slot)


@kernel
def _choose_edges_from(state, world, settings, slot, pace, edge, segment, share):  # type: ignore[no-untyped-def]
    """Let the policy choose from a place: an edge, a piece of it, a share of that piece."""
    convoy, road, routes = state.convoy, world.road, state.routes
    which, wet = state.model.is_decided, is_wet(state, world)
    h_per_km, wait_h = road.h_per_km[which, pace, wet], road.wait_h[which, pace, wet]
    # Of the pieces, those of the road that is cut are all that count.
    for piece in range(road.edge_first_segment[edge], road.edge_first_segment[edge + 1]):
        routes.piece_h[piece] = road.length_km[piece] * h_per_km[piece] + wait_h[piece]
    read_risk(state, world, settings)
    last = convoy.n_legs[slot] - 1
    target = end_junction(
        world,
        convoy.segments[slot, last],
        convoy.enter_km[slot, last],
        convoy.leave_km[slot, last],
    )
    entity, other, count = convoy.source_key[slot], convoy.n_asked[slot], 2 * convoy.number[slot]
    policy = settings.routing.policy
    if policy not in (ROUTING_POLICY_SHORTEST, ROUTING_POLICY_LEAST_RISK, ROUTING_POLICY_MIXED):
        ask_way_from(
            state, world, settings, edge, segment, share, target, pace, entity, other, count
        )
        return
    n_edges, n_junctions = road.n_edges, road.n_junctions
    edge_from, adjacency_start, adjacency_edge, adjacency_junction = cut_edge(
        road.edge_from[:n_edges],
        road.adjacency_start[: n_junctions + 1],
        road.adjacency_edge[: 2 * n_edges],
        road.adjacency_junction[: 2 * n_edges],
        edge,
    )
    firsts = road.edge_first_segment
    travel_h = cut_value(
        road.edge_h[which, pace, wet][:n_edges], routes.piece_h, firsts, edge, segment, share
    )
    risk = cut_value(routes.edge_risk[:n_edges], routes.piece_risk, firsts, edge, segment, share)
    choose_edges(
        state,
        settings,
        travel_h,
        risk,
        edge_from,
        adjacency_start,
        adjacency_edge,
        adjacency_junction,
        n_junctions,
        target,
        entity,
        other,
        count,
    )


@kernel
def _take_over_driven(state, slot, segment, at_km, end_km, is_on):  # type: ignore[no-untyped-def]
    """Begin `state.way` with what was driven, and with the piece of road up to one of its ends.

    Back takes as long as it took to come. False where there is no room.
    """
    convoy, way = state.convoy, state.way
    leg = convoy.leg[slot]
    if leg + 2 > len(way.segments):
        fail(state, NO_ROOM, ROOM_LEGS, 0)
        return False
    for place in range(leg):
        way.segments[place] = convoy.segments[slot, place]
        way.enter_km[place] = convoy.enter_km[slot, place]
        way.leave_km[place] = convoy.leave_km[slot, place]
        way.drive_h[place] = convoy.drive_h[slot, place]
    way.drive_h[leg] = convoy.drive_h[slot, leg]
    way.n_legs = leg
    enter_km, leave_km = convoy.enter_km[slot, leg], convoy.leave_km[slot, leg]
    begin_h, end_h = convoy.drive_h[slot, leg], convoy.drive_h[slot, leg + 1]
    h_per_km = (end_h - begin_h) / abs(leave_km - enter_km)
    if is_on:
        if end_km != leave_km:
            end_h = begin_h + h_per_km * abs(end_km - enter_km)
        _add_leg(state, segment, enter_km, end_km, end_h)
    else:
        here_h = convoy.next_drive_h[slot]
        _add_leg(state, segment, enter_km, at_km, here_h)
        _add_leg(state, segment, at_km, end_km, here_h + h_per_km * abs(end_km - at_km))
    return True


@kernel
def _add_leg(state, segment, enter_km, leave_km, end_h):  # type: ignore[no-untyped-def]
    """Go on over a part of a piece of road, if it has any length."""
    if enter_km == leave_km:
        return
    way = state.way
    leg = way.n_legs
    way.segments[leg] = segment
    way.enter_km[leg] = enter_km
    way.leave_km[leg] = leave_km
    way.drive_h[leg + 1] = end_h
    way.n_legs = leg + 1


@kernel
def _is_same_way(state, slot):  # type: ignore[no-untyped-def]
    """Whether the way in `state.way` is the one that the convoy is on."""
    convoy, way = state.convoy, state.way
    if way.n_legs != convoy.n_legs[slot]:
        return False
    for leg in range(way.n_legs):
        if (
            way.segments[leg] != convoy.segments[slot, leg]
            or way.enter_km[leg] != convoy.enter_km[slot, leg]
            or way.leave_km[leg] != convoy.leave_km[slot, leg]
        ):
            return False
    return True
