"""Deliveries: a supply convoy from the moment it leaves its hub until it is home."""

import math

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.engines.batch import clearance_team, convoy
from sim.engines.batch import load as loads
from sim.engines.batch.acts import COME_HOME, DELIVER, LEAVE_STOP
from sim.engines.batch.agenda import add
from sim.engines.batch.camp_stock import n_escort_vehicles, settle
from sim.engines.batch.codes import (
    CAUSE_NONE,
    KIND_ARRIVED,
    KIND_DEPARTED,
    KIND_JOINED,
    KIND_RETURNED,
    TURN_DEPARTURE,
)
from sim.engines.batch.escorts import least_gap_h
from sim.engines.batch.ledger import LOGISTICS
from sim.engines.batch.routes import way_of_convoy
from sim.engines.batch.status import NO_ROOM
from sim.rules.supply import escort_free_again_h


@kernel
def send(state, world, settings, camp, aboard, n_aboard, taken_in, n_taken_in):  # type: ignore[no-untyped-def]
    """Send a convoy with the loads aboard, which the last of them names."""
    now_h = state.model.now_h
    load, n_load = aboard[n_aboard - 1], 0
    state.load.n_aboard[load] = n_aboard
    state.load.n_ahead[load] = n_aboard
    for place in range(n_aboard):
        one = aboard[place]
        state.load.aboard[load, place] = one
        state.load.ahead[load, place] = one
        if state.camp.hub[camp] >= 0:
            state.camp.stock_t[camp] -= state.load.weight_t[one]
        state.camp.n_trucks_out[camp] += state.load.n_trucks[one]
        n_load += state.load.n_trucks[one]
        state.camp.on_road[camp, state.camp.n_on_road[camp]] = one
        state.camp.n_on_road[camp] += 1
        state.load.departed_h[one] = now_h
    escort = state.load.escort[load]
    is_escorted, n_escort = escort >= 0, 0
    if is_escorted:
        state.unit.escort_free_h[escort] = math.inf
        n_escort = n_escort_vehicles(settings, n_load)
    destination = state.load.destination[load]
    slot = convoy.create(
        state,
        settings,
        world.camp.convoy_key[destination],
        state.load.number[load],
        LOGISTICS,
        escort,
        n_escort,
        n_load,
        DELIVER,
        load,
        is_escorted,
    )
    if state.model.status >= NO_ROOM:
        return
    state.load.slot[load] = slot
    if is_escorted and settings.clearance.with_convoys:
        state.convoy.team[slot] = clearance_team.send_ahead(state, world, settings, camp)
    escort_key, load_key = loads.escort_key(state, world, load), loads.key(state, world, load)
    hours = now_h - state.load.ready_h[load]
    loads.put_row(state, world, load, KIND_DEPARTED, escort_key, CAUSE_NONE, destination, hours)
    for place in range(n_aboard - 1):
        _put_joined(state, world, aboard[place], load_key)
    for place in range(n_taken_in):
        _put_joined(state, world, taken_in[place], load_key)
        loads.free(state, taken_in[place])
    _drive_on(state, world, settings, slot, load, camp)


@kernel
def _put_joined(state, world, load, convoy_key):  # type: ignore[no-untyped-def]
    hours, camp = state.model.now_h - state.load.ready_h[load], state.load.destination[load]
    loads.put_row(state, world, load, KIND_JOINED, convoy_key, CAUSE_NONE, camp, hours)


@kernel
def _drive_on(state, world, settings, slot, load, origin):  # type: ignore[no-untyped-def]
    """Drive to the next destination; the luck of its load chooses among the ways."""
    to = state.load.ahead[load, 0]
    _drive(
        state,
        world,
        settings,
        slot,
        origin,
        state.load.destination[to],
        state.load.escort[load] >= 0,
        world.camp.convoy_key[state.load.destination[to]],
        2 * state.load.number[to],
    )


@kernel
def _drive(state, world, settings, slot, origin, destination, is_escorted, entity, count):  # type: ignore[no-untyped-def]
    """Take the way from camp to camp that the draw of this key chooses."""
    way_of_convoy(state, world, settings, origin, destination, is_escorted, entity, 0, count)
    if state.model.status < NO_ROOM:
        convoy.start(state, world, settings, slot)


@kernel
def deliver(state, world, settings, slot, load):  # type: ignore[no-untyped-def]
    """Arrive at the first destination that is left, and load or unload there for a while."""
    now_h = state.model.now_h
    brought = state.load.ahead[load, 0]
    state.load.n_ahead[load] -= 1
    for place in range(state.load.n_ahead[load]):
        state.load.ahead[load, place] = state.load.ahead[load, place + 1]
    camp = state.load.destination[brought]
    if state.camp.is_closed[camp] == 0:
        settle(state, world, settings, camp)
        state.camp.stock_t[camp] += state.load.weight_t[brought]
        state.camp.on_order_t[camp] -= state.load.weight_t[brought]
        state.load.weight_t[brought] = 0.0
    count_journey(state, settings, slot)
    escort_key, hours = loads.escort_key(state, world, load), now_h - state.load.departed_h[load]
    loads.put_row(state, world, load, KIND_ARRIVED, escort_key, CAUSE_NONE, camp, hours)
    state.load.stop[load] = camp
    state.load.drives_on_h[load] = now_h + settings.supply.loading_h
    load_key = loads.key(state, world, load)
    add(state, state.load.drives_on_h[load], TURN_DEPARTURE, load_key, 0, 0, LEAVE_STOP, load)


@handler
def leave_stop(state, world, settings, load, version):  # type: ignore[no-untyped-def]
    """On to the next camp that is open, or back; loads to others stay aboard."""
    n_kept = 0
    for place in range(state.load.n_ahead[load]):
        one = state.load.ahead[load, place]
        if state.camp.is_closed[state.load.destination[one]] == 0:
            state.load.ahead[load, n_kept] = one
            n_kept += 1
    state.load.n_ahead[load] = n_kept
    slot, camp = state.load.slot[load], state.load.stop[load]
    if n_kept > 0:
        _drive_on(state, world, settings, slot, load, camp)
    else:
        _start_back(state, world, settings, slot, load, camp)


@kernel
def _start_back(state, world, settings, slot, load, origin):  # type: ignore[no-untyped-def]
    """Drive to where the trucks are based now."""
    home = state.load.home[load]
    state.load.back_to[load] = home
    state.convoy.on_arrival[slot] = COME_HOME
    _drive(
        state,
        world,
        settings,
        slot,
        origin,
        home,
        state.load.escort[load] >= 0,
        world.camp.convoy_key[state.load.destination[load]],
        2 * state.load.number[load] + 1,
    )


@kernel
def come_home(state, world, settings, slot, load):  # type: ignore[no-untyped-def]
    """Be back at a camp, which may have closed since: then it is on to who took over."""
    camp, now_h = state.load.back_to[load], state.model.now_h
    if state.camp.is_closed[camp] != 0:
        count_journey(state, settings, slot)
        _start_back(state, world, settings, slot, load, camp)
        return
    for place in range(state.load.n_aboard[load]):
        one = state.load.aboard[load, place]
        state.camp.n_trucks_out[camp] -= state.load.n_trucks[one]
        _take_off_road(state, camp, one)
        # Where its destination had closed, it is still aboard.
        if state.camp.hub[camp] >= 0 and state.load.weight_t[one] > 0.0:
            settle(state, world, settings, camp)
            state.camp.stock_t[camp] += state.load.weight_t[one]
    escort = state.load.escort[load]
    if escort >= 0:
        state.unit.escort_free_h[escort] = escort_free_again_h(
            now_h,
            settings.supply.escort_rest_days * HOURS_PER_DAY,
            state.load.departed_h[load],
            least_gap_h(world, settings, escort),
        )
    team = state.convoy.team[slot]
    if team >= 0:
        clearance_team.come_home(state, world, settings, team)
    escort_key, hours = loads.escort_key(state, world, load), count_journey(state, settings, slot)
    destination = state.load.destination[load]
    loads.put_row(state, world, load, KIND_RETURNED, escort_key, CAUSE_NONE, destination, hours)
    convoy.remove(state, slot)
    for place in range(state.load.n_aboard[load]):
        loads.free(state, state.load.aboard[load, place])


@kernel
def _take_off_road(state, camp, load):  # type: ignore[no-untyped-def]
    """Take a load off the list of those on the road; the others keep their order."""
    on_road, place = state.camp.on_road[camp], 0
    while place < state.camp.n_on_road[camp] and on_road[place] != load:
        place += 1
    state.camp.n_on_road[camp] -= 1
    for after in range(place, state.camp.n_on_road[camp]):
        on_road[after] = on_road[after + 1]


@kernel
def count_journey(state, settings, slot):  # type: ignore[no-untyped-def]
    """Count what a journey has taken, and what it would have taken without halts; its hours."""
    journey_h = state.model.now_h - state.convoy.started_h[slot]
    state.sums.journey_h += journey_h
    state.sums.undisturbed_h += convoy.undisturbed_h(state, settings, slot)
    return journey_h
