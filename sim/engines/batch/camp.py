"""A camp: it orders, and where it is a hub it has a list of what it is to send, until it closes.

How a hub sends is in `dispatch`, and what becomes of its convoys in `deliveries`.
"""

import math

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.engines.batch import load as loads
from sim.engines.batch.camp_stock import flow_t, forget_flows, most_trucks, settle, trucks
from sim.engines.batch.codes import CAUSE_NONE, KIND_ORDERED
from sim.engines.batch.keys import NOBODY
from sim.rules.supply import days_to_cover, n_trucks, order_t

# Ordering.


@kernel
def review(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Order from the hub what brings stock and orders back to the target."""
    hub = state.camp.hub[camp]
    if hub < 0 or state.camp.is_closed[camp] != 0:
        return
    supply = settings.supply
    need_t = flow_t(state, world, settings, camp)
    owed_t = 0.0
    for place in range(state.camp.n_waiting[camp]):
        owed_t += state.load.weight_t[state.camp.waiting[camp, place]]
    left_days = _days_left(state, world, camp)
    target_t = days_to_cover(supply.target_days, left_days) * need_t
    convoy_t = supply.truck_tonnes * most_trucks(state, world, settings, hub)
    # A large camp need not wait for its reorder level: it orders whenever a convoy is full.
    reorder_t = max(days_to_cover(supply.reorder_days, left_days) * need_t, target_t - convoy_t)
    amount_t = order_t(
        state.camp.stock_t[camp], state.camp.on_order_t[camp], owed_t, reorder_t, target_t
    )
    if amount_t <= 0.0:
        return
    # One load that is not full, or full ones alone: what is left over is ordered another day.
    load_t = min(amount_t, convoy_t)
    for _ in range(math.floor(amount_t / load_t + 1e-9)):
        if not _take_order(state, world, settings, hub, camp, load_t):
            return
        state.camp.on_order_t[camp] += load_t


@kernel
def _days_left(state, world, camp):  # type: ignore[no-untyped-def]
    """Days until a camp closes; infinite where it stays, and before the plan is made."""
    if state.model.now_h < world.calendar.decision_h:
        return math.inf
    return (world.camp.closes_h[camp] - state.model.now_h) / HOURS_PER_DAY


# The list of a hub.


@kernel
def _take_order(state, world, settings, hub, destination, weight_t):  # type: ignore[no-untyped-def]
    """Put a load on the list; it is ready after the days of preparation. False without room."""
    preparation_h = settings.supply.preparation_days * HOURS_PER_DAY
    ready_h = state.model.now_h + preparation_h
    load = _new_load(state, world, settings, hub, destination, weight_t, ready_h)
    if load < 0:
        return False
    _append(state, hub, load)
    loads.put_row(state, world, load, KIND_ORDERED, NOBODY, CAUSE_NONE, destination, preparation_h)
    return True


@kernel
def _new_load(state, world, settings, hub, destination, weight_t, ready_h):  # type: ignore[no-untyped-def]
    """The next load to a camp; -1 where there is no room for one."""
    n_needed = n_trucks(weight_t, settings.supply.truck_tonnes)
    number = state.camp.n_ordered[destination]
    load = loads.allocate(state, number, hub, destination, weight_t, n_needed, ready_h)
    if load >= 0:
        state.camp.n_ordered[destination] += 1
        loads.put_name(state, world, load, hub)
    return load


@kernel
def _append(state, hub, load):  # type: ignore[no-untyped-def]
    state.camp.waiting[hub, state.camp.n_waiting[hub]] = load
    state.camp.n_waiting[hub] += 1


@kernel
def cut_loads(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Cut loads that a full convoy from here can no longer carry into some that it can.

    The trucks of a hub and the size of convoys may change at the decision, and a hub that closes
    leaves its loads to another; a load too large would hold up the others for ever.
    """
    now_h = state.model.now_h
    most = most_trucks(state, world, settings, camp)
    most_t = most * settings.supply.truck_tonnes
    whole, n_whole = state.camp.whole, state.camp.n_waiting[camp]
    for place in range(n_whole):
        whole[place] = state.camp.waiting[camp, place]
    state.camp.n_waiting[camp] = 0
    for place in range(n_whole):
        load = whole[place]
        piece = load
        _append(state, camp, piece)
        while state.load.n_trucks[piece] > most:
            rest_t = state.load.weight_t[piece] - most_t
            state.load.weight_t[piece] = most_t
            state.load.n_trucks[piece] = most
            destination, ready_h = state.load.destination[piece], state.load.ready_h[piece]
            piece = _new_load(state, world, settings, camp, destination, rest_t, ready_h)
            if piece < 0:
                return
            state.load.wait_counted_h[piece] = state.load.wait_counted_h[load]
            _append(state, camp, piece)
            hours = max(0.0, ready_h - now_h)
            loads.put_row(state, world, piece, KIND_ORDERED, NOBODY, CAUSE_NONE, destination, hours)


@kernel
def settle_waits(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Count the hours that ready loads have waited here by now."""
    for place in range(state.camp.n_waiting[camp]):
        loads.count_wait(state, state.camp.waiting[camp, place])


# Closing.


@kernel
def close(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Be no more: the hub takes over trucks, waiting loads and the camps behind.

    Its own loads that have not left are cancelled; those on the road come, find it closed and are
    brought back. What it has in stock is given up.
    """
    hub = state.camp.hub[camp]
    settle(state, world, settings, camp)
    state.camp.is_closed[camp] = 1
    state.camp.stock_t[camp] = 0.0
    state.camp.on_order_t[camp] = 0.0
    settle_waits(state, world, settings, hub)
    _cancel_loads_to(state, hub, camp)
    is_hub = False
    for other in range(world.camp.n_camps):
        if state.camp.hub[other] == camp and state.camp.is_closed[other] == 0:
            state.camp.hub[other] = hub
        is_hub = is_hub or world.camp.hub[other] == camp
    forget_flows(state)
    for place in range(state.camp.n_waiting[camp]):
        load = state.camp.waiting[camp, place]
        state.load.home[load] = hub
        loads.put_name(state, world, load, hub)
        _append(state, hub, load)
    _sort_by_ready(state, hub)
    for place in range(state.camp.n_on_road[camp]):
        load = state.camp.on_road[camp, place]
        state.load.home[load] = hub
        state.camp.on_road[hub, state.camp.n_on_road[hub]] = load
        state.camp.n_on_road[hub] += 1
    state.camp.n_trucks_out[hub] += state.camp.n_trucks_out[camp]
    if is_hub:
        state.camp.n_trucks_taken_over[hub] += trucks(state, world, camp)
    state.camp.n_waiting[camp] = 0
    state.camp.n_on_road[camp] = 0
    state.camp.n_trucks_out[camp] = 0
    cut_loads(state, world, settings, hub)


@kernel
def _cancel_loads_to(state, hub, camp):  # type: ignore[no-untyped-def]
    """Take the loads to a camp off the list of its hub."""
    n_kept = 0
    for place in range(state.camp.n_waiting[hub]):
        load = state.camp.waiting[hub, place]
        if state.load.destination[load] == camp:
            loads.free(state, load)
        else:
            state.camp.waiting[hub, n_kept] = load
            n_kept += 1
    state.camp.n_waiting[hub] = n_kept


@kernel
def _sort_by_ready(state, hub):  # type: ignore[no-untyped-def]
    """First come, first served, by when loads are ready; loads of one time keep their order."""
    waiting, ready_h = state.camp.waiting[hub], state.load.ready_h
    for end in range(1, state.camp.n_waiting[hub]):
        load, place = waiting[end], end
        while place > 0 and ready_h[waiting[place - 1]] > ready_h[load]:
            waiting[place] = waiting[place - 1]
            place -= 1
        waiting[place] = load
