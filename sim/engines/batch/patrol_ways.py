"""The ways of patrols: a road out of the camp, then a loop where it is short, else out and back.

Every dawn the patrol policy weighs the roads out of every camp; the patrol's own draw takes one.
"""

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engines.batch.chance import draw, is_wet
from sim.engines.batch.codes import (
    FORCE_PATROL_POLICY_BEFORE_CONVOYS,
    FORCE_PATROL_POLICY_EVEN,
    FORCE_PATROL_POLICY_HIGHEST_RISK,
    FORCE_PATROL_PROCESS_NONE,
    STREAM_PATROL_DIRECTION,
    STREAM_PATROL_REACH,
)
from sim.engines.batch.outside import WEIGHTS, ask
from sim.engines.batch.picture import hazard_told_at, hazard_told_per_km
from sim.engines.batch.road import PACE_PATROL
from sim.engines.batch.routes import convoy_due_h
from sim.engines.batch.shape import Shape, require
from sim.engines.batch.status import NO_ROOM, fail
from sim.engines.batch.way import ROOM_LEGS, add_pieces, clear, drive_whole_pieces
from sim.policies.patrols.before_convoys import mark_due
from sim.policies.patrols.mean_on_road import fill_means
from sim.rules.choice import chosen_option
from sim.rules.patrolling import reach_km
from sim.world.journey import fill_out_and_back
from sim.world.patrol_roads import line_length_km, loops_by_edge, roads_out
from sim.world.world import World


def state_fields(shape: Shape) -> list[Any]:
    """Weights of the roads out of camps, and room for what goes into them and for one long line."""
    n_segments = (shape.n_segments,)
    return [
        ("weights", np.float64, (shape.n_roads_out,)),
        ("due_h", np.float64, n_segments),
        ("is_due", np.float64, n_segments),
        ("line", np.int32, n_segments),
        ("line_forwards", np.int8, n_segments),
        ("line_edges", np.int32, (shape.n_edges,)),
    ]


def world_fields(shape: Shape) -> list[Any]:
    """Roads out of camps and their loops, as in `sim.world.patrol_roads`.

    `far` is the junction at the other end of a road, `length_km` the sum of its pieces, `loop_km`
    infinite where no loop leaves by it.
    """
    n_roads, n_pieces, n_loop = shape.n_roads_out, shape.n_road_pieces, shape.n_loop_pieces
    return [
        ("n_roads", np.int64),
        ("camp_start", np.int32, (shape.n_camps + 1,)),
        ("edge", np.int32, (n_roads,)),
        ("far", np.int32, (n_roads,)),
        ("length_km", np.float64, (n_roads,)),
        ("road_start", np.int32, (n_roads + 1,)),
        ("pieces", np.int32, (n_pieces,)),
        ("forwards", np.int8, (n_pieces,)),
        ("near_km", np.float64, (n_pieces,)),
        ("loop_km", np.float64, (n_roads,)),
        ("loop_start", np.int32, (n_roads + 1,)),
        ("loop_pieces", np.int32, (n_loop,)),
        ("loop_forwards", np.int8, (n_loop,)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """Every edge at every camp: its pieces from the camp on, and the loop that leaves by it."""
    network = world.network
    lengths_km = network.segments.length_km
    junctions = tuple(camp.junction for camp in world.camps)
    out = roads_out(network, junctions)
    n_roads, n_pieces = len(out.edge), len(out.pieces)
    require(shape, "n_roads_out", n_roads)
    require(shape, "n_road_pieces", n_pieces)
    table["n_roads"] = n_roads
    table["camp_start"][: len(out.camp_start)] = out.camp_start
    table["edge"][:n_roads] = out.edge
    table["road_start"][: n_roads + 1] = out.road_start
    table["pieces"][:n_pieces] = out.pieces
    table["near_km"][:n_pieces] = out.near_km
    n_loop = 0
    for camp, here in enumerate(junctions):
        loops = loops_by_edge(network, here)
        for road in range(out.camp_start[camp], out.camp_start[camp + 1]):
            edge = int(out.edge[road])
            is_forwards = network.edge_from[edge] == here
            table["far"][road] = (network.edge_to if is_forwards else network.edge_from)[edge]
            along = slice(out.road_start[road], out.road_start[road + 1])
            line = out.pieces[along]
            table["forwards"][along] = is_forwards
            table["length_km"][road] = line_length_km(line, len(line), lengths_km, 0.0)
            table["loop_km"][road] = np.inf
            if edge in loops:
                loop = loops[edge]
                n_before, n_loop = n_loop, n_loop + len(loop.line.segments)
                require(shape, "n_loop_pieces", n_loop)
                table["loop_km"][road] = loop.length_km
                table["loop_pieces"][n_before:n_loop] = loop.line.segments
                table["loop_forwards"][n_before:n_loop] = loop.line.forwards
            table["loop_start"][road + 1] = n_loop


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Before the first morning all roads are alike."""
    for road in range(world.patrols.n_roads):
        state.patrols.weights[road] = 1.0


@kernel
def plan_day(state, world, settings):  # type: ignore[no-untyped-def]
    """Weigh the roads out of every camp, from the picture and from plans of this morning."""
    patrols, force = state.patrols, settings.force
    if force.patrol_process == FORCE_PATROL_PROCESS_NONE:
        return
    if force.patrol_policy == FORCE_PATROL_POLICY_HIGHEST_RISK:
        table = world.patrols
        pieces = table.pieces[: table.road_start[table.n_roads]]
        hazard_told_at(state, settings, state.picture.hazard_per_km, pieces)
        _weigh(state, world, settings, state.picture.hazard_per_km)
    elif force.patrol_policy == FORCE_PATROL_POLICY_BEFORE_CONVOYS:
        convoy_due_h(state, world, settings, patrols.due_h)
        mark_due(
            patrols.due_h,
            state.model.now_h,
            settings.clearance.convoy_lead_h,
            patrols.is_due[: world.road.n_segments],
        )
        _weigh(state, world, settings, patrols.is_due)
    elif force.patrol_policy == FORCE_PATROL_POLICY_EVEN:
        for road in range(world.patrols.n_roads):
            patrols.weights[road] = 1.0
    else:
        convoy_due_h(state, world, settings, patrols.due_h)
        hazard_told_per_km(state, world, settings, state.picture.hazard_per_km)
        ask(state, world, settings, WEIGHTS)


@kernel
def _weigh(state, world, settings, values):  # type: ignore[no-untyped-def]
    """Weigh each road by the mean of values by piece over the way that patrols drive out."""
    table = world.patrols
    fill_means(
        values,
        table.road_start,
        table.pieces,
        table.near_km,
        world.road.length_km,
        settings.force.patrol_reach_km,
        state.patrols.weights[: table.n_roads],
    )


@kernel
def journey(state, world, settings, unit, number):  # type: ignore[no-untyped-def]
    """Find the way of the `number`-th patrol of a company: direction and reach, by its draws."""
    table, road, way = world.patrols, world.road, state.way
    camp, key = world.unit.camp[unit], world.unit.key[unit]
    first = int(table.camp_start[camp])
    taken = first + chosen_option(
        draw(state, STREAM_PATROL_DIRECTION, key, 0, number),
        state.patrols.weights,
        first,
        int(table.camp_start[camp + 1]) - first,
    )
    reach = reach_km(
        draw(state, STREAM_PATROL_REACH, key, 0, number), settings.force.patrol_reach_km
    )
    clear(state)
    if table.loop_km[taken] <= 2.0 * reach:
        _drive_loop(state, world, taken)
        return
    which, wet = state.model.is_decided, is_wet(state, world)
    begin, end = table.road_start[taken], table.road_start[taken + 1]
    n_line = end - begin
    line, forwards = table.pieces[begin:end], table.forwards[begin:end]
    if table.length_km[taken] < reach:
        n_line = _find_long_line(state, world, taken, reach, key, number)
        line, forwards = state.patrols.line[:n_line], state.patrols.line_forwards[:n_line]
    n_legs = fill_out_and_back(
        line,
        forwards,
        n_line,
        road.length_km,
        reach,
        road.h_per_km[which, PACE_PATROL, wet],
        road.wait_h[which, PACE_PATROL, wet],
        way.segments,
        way.enter_km,
        way.leave_km,
        way.drive_h,
    )
    if n_legs < 0:
        fail(state, NO_ROOM, ROOM_LEGS, 0)
        return
    way.n_legs = n_legs


@kernel
def _drive_loop(state, world, taken):  # type: ignore[no-untyped-def]
    """Drive out by a road and come back by another."""
    table = world.patrols
    for place in range(table.loop_start[taken], table.loop_start[taken + 1]):
        segment = table.loop_pieces[place]
        add_pieces(state, segment, segment + 1, table.loop_forwards[place])
    drive_whole_pieces(state, world, PACE_PATROL, 0)


@kernel
def _find_long_line(state, world, taken, reach, key, number):  # type: ignore[no-untyped-def]
    """Fill in a line of pieces beyond the end of a road, as far as the reach; their number."""
    patrols, table, road = state.patrols, world.patrols, world.road
    n_line = 0
    for place in range(table.road_start[taken], table.road_start[taken + 1]):
        patrols.line[n_line] = table.pieces[place]
        patrols.line_forwards[n_line] = table.forwards[place]
        n_line += 1
    line_km = table.length_km[taken]
    far = table.far[taken]
    patrols.line_edges[0] = table.edge[taken]
    n_edges = 1
    while line_km < reach:
        edge = _onward(state, world, far, n_edges, key, number)
        if edge < 0:
            break
        patrols.line_edges[n_edges] = edge
        n_edges += 1
        is_forwards = road.edge_from[edge] == far
        n_before = n_line
        begin, end = road.edge_first_segment[edge], road.edge_first_segment[edge + 1]
        for place in range(end - begin):
            patrols.line[n_line] = begin + place if is_forwards else end - 1 - place
            patrols.line_forwards[n_line] = is_forwards
            n_line += 1
        # No road is taken twice, so lengths add up from the camp on, piece by piece.
        line_km = line_length_km(
            patrols.line[n_before:], n_line - n_before, road.length_km, line_km
        )
        far = road.edge_to[edge] if is_forwards else road.edge_from[edge]
    return n_line


@kernel
def _onward(state, world, junction, n_edges, key, number):  # type: ignore[no-untyped-def]
    """One of the other roads at a junction, all alike; -1 at the end of the road."""
    road = world.road
    begin, end = road.adjacency_start[junction], road.adjacency_start[junction + 1]
    n_others = 0
    for k in range(begin, end):
        if not _is_on_line(state, road.adjacency_edge[k], n_edges):
            n_others += 1
    if n_others == 0:
        return -1
    luck = draw(state, STREAM_PATROL_DIRECTION, key, n_edges, number)
    n_before = int(luck * n_others)
    for k in range(begin, end):
        edge = road.adjacency_edge[k]
        if _is_on_line(state, edge, n_edges):
            continue
        if n_before == 0:
            return int(edge)
        n_before -= 1
    return -1


@kernel
def _is_on_line(state, edge, n_edges):  # type: ignore[no-untyped-def]
    """Whether an edge is one of those already taken."""
    place = 0
    while place < n_edges and state.patrols.line_edges[place] != edge:
        place += 1
    return place < n_edges
