"""A way in the making: the journey that a convoy or patrol is about to take.

Whoever asks for a way finds it here, in `state.way`; it stays until somebody asks for another.
"""

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engines.batch.chance import is_wet
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM, Room, fail
from sim.world.journey import fill_whole_pieces

ROOM_LEGS = int(Room["n_legs"])


def state_fields(shape: Shape) -> list[Any]:
    """The arrays of a `Journey`, and the edges along which it was found."""
    n_legs = shape.n_legs
    return [
        ("n_legs", np.int64),
        ("segments", np.int32, (n_legs,)),
        ("enter_km", np.float64, (n_legs,)),
        ("leave_km", np.float64, (n_legs,)),
        ("drive_h", np.float64, (n_legs + 1,)),
        ("forwards", np.int8, (n_legs,)),
        ("n_edges", np.int64),
        # Where a convoy stands its road is cut in two, so there is one edge more.
        ("edges", np.int32, (shape.n_edges + 1,)),
    ]


@kernel
def clear(state):  # type: ignore[no-untyped-def]
    """A way that leads nowhere."""
    state.way.n_legs = 0
    state.way.drive_h[0] = 0.0


@kernel
def total_h(state):  # type: ignore[no-untyped-def]
    """Driving hours of the whole way."""
    return state.way.drive_h[state.way.n_legs]


@kernel
def add_pieces(state, first, end, is_forwards):  # type: ignore[no-untyped-def]
    """Go on over the pieces of road from `first` to `end - 1`, or over them backwards."""
    way = state.way
    n = end - first
    if n <= 0:
        return
    if way.n_legs + n > len(way.segments):
        fail(state, NO_ROOM, ROOM_LEGS, 0)
        return
    leg = way.n_legs
    for place in range(n):
        way.segments[leg] = first + place if is_forwards else end - 1 - place
        way.forwards[leg] = is_forwards
        leg += 1
    way.n_legs = leg


@kernel
def add_edges(state, world, first, source):  # type: ignore[no-untyped-def]
    """Go on over the pieces of `way.edges`, from the edge at place `first` and its end `source`."""
    way, road = state.way, world.road
    junction = source
    for place in range(first, way.n_edges):
        edge = way.edges[place]
        is_forwards = road.edge_from[edge] == junction
        add_pieces(
            state, road.edge_first_segment[edge], road.edge_first_segment[edge + 1], is_forwards
        )
        junction = road.edge_to[edge] if is_forwards else road.edge_from[edge]


@kernel
def drive_whole_pieces(state, world, pace, first):  # type: ignore[no-untyped-def]
    """Let the legs from `first` on run over whole pieces; what lies before them is driven."""
    way, road = state.way, world.road
    which, wet = state.model.is_decided, is_wet(state, world)
    before_h = way.drive_h[first]
    fill_whole_pieces(
        way.segments[first:],
        way.forwards[first:],
        way.n_legs - first,
        road.length_km,
        road.h_per_km[which, pace, wet],
        road.wait_h[which, pace, wet],
        way.enter_km[first:],
        way.leave_km[first:],
        way.drive_h[first:],
    )
    if first > 0:
        # Hours add up from the first of these legs on, and come on top of those before.
        way.drive_h[first] = before_h
        for leg in range(first, way.n_legs):
            way.drive_h[leg + 1] = before_h + way.drive_h[leg + 1]


@kernel
def end_junction(world, segment, enter_km, leave_km):  # type: ignore[no-untyped-def]
    """The junction at which a journey ends whose last leg this is."""
    road = world.road
    edge = road.segment_edge[segment]
    return int(road.edge_to[edge] if leave_km > enter_km else road.edge_from[edge])
