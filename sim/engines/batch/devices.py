"""Devices and decoys on the roads: how they come, how they end, and who hears of it.

Those that lie on a road now stand in a list in the order in which they were placed.
"""

from typing import Any

import numpy as np

from sim.compiled import handler, kernel
from sim.engines.batch import acts
from sim.engines.batch.agenda import add
from sim.engines.batch.cell_state import succeed
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    CAUSE_NONE,
    KIND_DECOY_EXPIRED,
    KIND_DECOY_FOUND,
    KIND_DECOY_PLACED,
    KIND_EXPIRED,
    KIND_FOUND,
    KIND_PLACED,
    KIND_STRUCK_OTHERS,
    STREAM_OTHERS_VICTIMS,
    TURN_DEVICE_END,
)
from sim.engines.batch.convoy import notice
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.shape import Shape, require
from sim.engines.batch.status import NO_ROOM, Room, fail
from sim.rules.others import n_victims
from sim.world.picture import add_fading
from sim.world.world import World, surroundings

ROOM = int(Room["n_live"])
DEVICE_END = acts.DEVICE_END
WHOLE = ("key", "segment", "end_cause", "is_decoy", "cell")
REAL = ("at_km", "concealment", "placed_h", "end_h")


def state_fields(shape: Shape) -> list[Any]:
    """The list, and how many lie on each piece."""
    n = (shape.n_live,)
    return [
        ("n_live", np.int64),
        *((name, np.int64, n) for name in WHOLE),
        *((name, np.float64, n) for name in REAL),
        ("n_on", np.int16, (shape.n_segments,)),
    ]


def near_fields(shape: Shape) -> list[Any]:
    """What an event on a piece colours: pieces nearby stand from `start[s]` to `start[s + 1]`."""
    return [
        ("start", np.int64, (shape.n_segments + 1,)),
        ("segments", np.int32, (shape.n_near,)),
        ("weight", np.float64, (shape.n_near,)),
        ("per_km", np.float64, (shape.n_near,)),
    ]


def fill_near(table: Any, world: World, shape: Shape) -> None:
    """The surroundings of every piece."""
    start = 0
    for segment in range(world.network.n_segments):
        segments, weight, per_km = surroundings(
            world.network, segment, world.scenario.threat.smoothing_km
        )
        end = start + len(segments)
        require(shape, "n_near", end)
        table["segments"][start:end] = segments
        table["weight"][start:end] = weight
        table["per_km"][start:end] = per_km
        table["start"][segment + 1] = start = end


@kernel
def index_of(state, key):  # type: ignore[no-untyped-def]
    """Place of a live device in the list; -1 where it is no more."""
    device = state.devices
    for i in range(device.n_live):
        if device.key[i] == key:
            return i
    return -1


@kernel
def n_live_devices(state):  # type: ignore[no-untyped-def]
    """Live devices; decoys lie on roads too but are none."""
    return state.devices.n_live - state.model.n_decoys


@kernel
def count_live(state):  # type: ignore[no-untyped-def]
    """Device-hours up to now."""
    hours = state.model.now_h - state.model.live_counted_h
    state.sums.live_device_h += n_live_devices(state) * hours
    state.model.live_counted_h = state.model.now_h


@kernel
def place(  # type: ignore[no-untyped-def]
    state, world, settings, key, segment, at_km, concealment, end_h, end_cause, is_decoy, cell
):
    """A device comes to lie on a road, perhaps ahead of somebody."""
    count_live(state)
    device = state.devices
    i = device.n_live
    if i >= len(device.key):
        fail(state, NO_ROOM, ROOM, 0)
        return
    device.key[i] = key
    device.segment[i] = segment
    device.at_km[i] = at_km
    device.concealment[i] = concealment
    device.placed_h[i] = state.model.now_h
    device.end_h[i] = end_h
    device.end_cause[i] = end_cause
    device.is_decoy[i] = is_decoy
    device.cell[i] = cell
    device.n_live = i + 1
    device.n_on[segment] += 1
    if is_decoy:
        state.model.n_decoys += 1
    kind = KIND_DECOY_PLACED if is_decoy else KIND_PLACED
    cell_key = plain_key(world.cell.key[cell])
    put(state, kind, segment, plain_key(key), cell_key, CAUSE_NONE, -1, 0, 0, 0, 0, 0.0, 0.0)
    add(state, end_h, TURN_DEVICE_END, plain_key(key), 0, 0, DEVICE_END, key)
    for at in range(state.convoy.n_moving):
        notice(state, world, settings, state.convoy.moving[at], segment)


@kernel
def end(state, i):  # type: ignore[no-untyped-def]
    """A device is no more; those after it close up."""
    count_live(state)
    device = state.devices
    if device.is_decoy[i]:
        state.model.n_decoys -= 1
    device.n_on[device.segment[i]] -= 1
    device.n_live -= 1
    for k in range(i, device.n_live):
        device.key[k] = device.key[k + 1]
        device.segment[k] = device.segment[k + 1]
        device.at_km[k] = device.at_km[k + 1]
        device.concealment[k] = device.concealment[k + 1]
        device.placed_h[k] = device.placed_h[k + 1]
        device.end_h[k] = device.end_h[k + 1]
        device.end_cause[k] = device.end_cause[k + 1]
        device.is_decoy[k] = device.is_decoy[k + 1]
        device.cell[k] = device.cell[k + 1]


@handler
def end_by_itself(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """A device expires or hits somebody outside the mission, unless it has ended before."""
    i = index_of(state, who)
    if i < 0:
        return
    device = state.devices
    segment, cause, is_decoy = device.segment[i], device.end_cause[i], device.is_decoy[i]
    hours = state.model.now_h - device.placed_h[i]
    end(state, i)
    key = plain_key(who)
    if cause == CAUSE_NONE:
        kind = KIND_DECOY_EXPIRED if is_decoy else KIND_EXPIRED
        put(state, kind, segment, key, NOBODY, CAUSE_NONE, -1, 0, 0, 0, 0, hours, 0.0)
        return
    civilians = n_victims(
        draw(state, STREAM_OTHERS_VICTIMS, who, 0, 0), settings.threat.others_victims
    )
    put(state, KIND_STRUCK_OTHERS, segment, key, NOBODY, cause, -1, 0, 0, civilians, 0, hours, 0.0)


@kernel
def find(state, world, settings, i, finder, cause, hours):  # type: ignore[no-untyped-def]
    """Somebody finds a device or a decoy, which only then shows what it is.

    Nobody is told of a decoy: it is no sign of danger, and its loss no pressure.
    """
    device = state.devices
    key, segment, cell = device.key[i], device.segment[i], device.cell[i]
    is_decoy = device.is_decoy[i]
    end(state, i)
    kind = KIND_DECOY_FOUND if is_decoy else KIND_FOUND
    put(state, kind, segment, plain_key(key), finder, cause, -1, 0, 0, 0, 0, hours, 0.0)
    if not is_decoy:
        tell(state, world, settings, segment, cell, False)


@kernel
def tell(state, world, settings, segment, cell, is_strike):  # type: ignore[no-untyped-def]
    """A find or a strike: the command hears of it, and so do the cells."""
    near, memory, picture = world.near, state.memory, state.picture
    first, last = near.start[segment], near.start[segment + 1]
    segments, weight = near.segments[first:last], near.weight[first:last]
    now_h = state.model.now_h
    add_fading(
        picture.events_per_km,
        picture.events_time_h,
        now_h,
        state.model.picture_half_life_h,
        segments,
        near.per_km[first:last],
    )
    half_life_h = state.model.memory_half_life_h
    if is_strike:
        add_fading(memory.success, memory.success_time_h, now_h, half_life_h, segments, weight)
        succeed(state, settings, cell)
    else:
        add_fading(memory.pressure, memory.pressure_time_h, now_h, half_life_h, segments, weight)
