"""Loads: orders on their way, from the day they are placed until their trucks are back.

A load has a place in one common list. The place is free again once nothing refers to the load: when
its convoy is home, when another load has taken it in, or when its destination has closed before it
left. Loads that leave together are one convoy, which the last of them names.
"""

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engines.batch.codes import CAUSE_NONE, KIND_NAMED
from sim.engines.batch.keys import NOBODY, convoy_key, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM, Room, fail

ROOM = int(Room["n_loads"])


def state_fields(shape: Shape) -> list[Any]:
    """One place for each load; -1 is no escort, no stop, no convoy."""
    n = shape.n_loads
    return [
        ("is_used", np.int8, (n,)),
        ("number", np.int64, (n,)),
        ("home", np.int64, (n,)),
        ("destination", np.int64, (n,)),
        ("weight_t", np.float64, (n,)),
        ("n_trucks", np.int64, (n,)),
        ("ready_h", np.float64, (n,)),
        ("escort", np.int64, (n,)),
        ("wait_counted_h", np.float64, (n,)),
        ("lacks", np.int64, (n,)),
        ("departed_h", np.float64, (n,)),
        # Of the load that names a convoy: its convoy, the loads in it and those still to be
        # brought, where it has stopped last, when it drives on, and to where it drives back.
        ("slot", np.int64, (n,)),
        ("n_aboard", np.int64, (n,)),
        ("aboard", np.int64, (n, shape.n_camps)),
        ("n_ahead", np.int64, (n,)),
        ("ahead", np.int64, (n, shape.n_camps)),
        ("stop", np.int64, (n,)),
        ("drives_on_h", np.float64, (n,)),
        ("back_to", np.int64, (n,)),
    ]


@kernel
def allocate(state, number, home, destination, weight_t, n_trucks, ready_h):  # type: ignore[no-untyped-def]
    """A new load; -1 where there is no room for one."""
    loads = state.load
    for load in range(len(loads.is_used)):
        if loads.is_used[load] == 0:
            loads.is_used[load] = 1
            loads.number[load] = number
            loads.home[load] = home
            loads.destination[load] = destination
            loads.weight_t[load] = weight_t
            loads.n_trucks[load] = n_trucks
            loads.ready_h[load] = ready_h
            loads.escort[load] = -1
            loads.wait_counted_h[load] = 0.0
            loads.lacks[load] = CAUSE_NONE
            loads.departed_h[load] = 0.0
            loads.slot[load] = -1
            loads.n_aboard[load] = 0
            loads.n_ahead[load] = 0
            loads.stop[load] = -1
            loads.drives_on_h[load] = 0.0
            loads.back_to[load] = -1
            return load
    fail(state, NO_ROOM, ROOM, 0)
    return -1


@kernel
def free(state, load):  # type: ignore[no-untyped-def]
    """Nothing refers to a load any more."""
    state.load.is_used[load] = 0


@kernel
def key(state, world, load):  # type: ignore[no-untyped-def]
    """How events name its convoy."""
    destination = state.load.destination[load]
    return convoy_key(world.camp.convoy_key[destination], state.load.number[load])


@kernel
def escort_key(state, world, load):  # type: ignore[no-untyped-def]
    """How events name its escort."""
    escort = state.load.escort[load]
    return plain_key(world.unit.key[escort]) if escort >= 0 else NOBODY


@kernel
def put_row(state, world, load, kind, other, cause, camp, hours):  # type: ignore[no-untyped-def]
    """Put down a row about a load."""
    entity = key(state, world, load)
    put(state, kind, -1, entity, other, cause, camp, 0, 0, 0, 0, hours, 0.0)


@kernel
def put_name(state, world, load, home):  # type: ignore[no-untyped-def]
    """Name its convoy after the camp that is to send it, its destination and its number."""
    camp, hours = state.load.destination[load], float(state.load.number[load])
    entity = key(state, world, load)
    put(state, KIND_NAMED, -1, entity, NOBODY, CAUSE_NONE, camp, 0, 0, 0, 0, hours, float(home))


@kernel
def count_wait(state, load):  # type: ignore[no-untyped-def]
    """Count the hours that a load has waited, since it was ready, by now."""
    now_h = state.model.now_h
    waited_h = now_h - max(state.load.ready_h[load], state.load.wait_counted_h[load])
    state.sums.wait_h += max(0.0, waited_h)
    state.load.wait_counted_h[load] = now_h
