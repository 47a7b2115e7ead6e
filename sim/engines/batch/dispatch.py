"""Dispatch: every dawn a hub sends the loads that are ready, in the order of its list.

A load lacks something, and holds up those behind it, where the hub has no stock, trucks or escort
for it. It is held back by choice, and those behind it may go, where it waits for a sweep or for
more loads (`supply.departure`). Loads that leave together are one convoy, which stops at each of
their destinations in turn and has the name of the last.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.engines.batch import load as loads
from sim.engines.batch.camp_stock import (
    most_trucks,
    n_escort_vehicles,
    needs_escort_to,
    trucks,
)
from sim.engines.batch.codes import (
    CAUSE_NO_ESCORT,
    CAUSE_NO_STOCK,
    CAUSE_NO_TRUCKS,
    CAUSE_NONE,
    CAUSE_NOT_FULL,
    CAUSE_NOT_SWEPT,
    KIND_WAITED,
    SUPPLY_DEPARTURE_AS_READY,
    SUPPLY_DEPARTURE_BUNDLED,
)
from sim.engines.batch.deliveries import send
from sim.engines.batch.escorts import free_escort
from sim.engines.batch.keys import NOBODY
from sim.engines.batch.routes import corridor, way_of_convoy
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM
from sim.rules.supply import n_trucks, swept_share


def state_fields(shape: Shape) -> list[Any]:
    """Paper to write on while a hub looks what can go; nothing of it is kept."""
    return [
        ("n_together", np.int64),
        ("together", np.int64, (shape.n_loads,)),
        ("n_aboard", np.int64),
        ("aboard", np.int64, (shape.n_loads,)),
        ("n_taken_in", np.int64),
        ("taken_in", np.int64, (shape.n_loads,)),
        ("n_junctions", np.int64),
        ("junctions", np.int64, (shape.n_junctions,)),
        ("is_in_reach", np.int8, (shape.n_segments,)),
    ]


@kernel
def dispatch(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Send the loads that are ready, in the order of the list, until one lacks something."""
    now_h, place = state.model.now_h, 0
    while place < state.camp.n_waiting[camp] and state.model.status < NO_ROOM:
        load = state.camp.waiting[camp, place]
        if state.load.ready_h[load] > now_h:
            return
        is_full = _find_loads_together(state, world, settings, camp, load)
        why = _what_is_lacking(state, world, settings, camp, load)
        while why != CAUSE_NONE and state.dispatch.n_together > 1:
            state.dispatch.n_together -= 1  # what cannot go at once goes without the last
            why = _what_is_lacking(state, world, settings, camp, load)
        if why == CAUSE_NONE:
            why = _choice_to_wait(state, world, settings, camp, load, is_full)
        if state.model.status >= NO_ROOM:
            return
        if why == CAUSE_NONE:
            _merge(state, world, settings, camp)
            send(
                state,
                world,
                settings,
                camp,
                state.dispatch.aboard,
                state.dispatch.n_aboard,
                state.dispatch.taken_in,
                state.dispatch.n_taken_in,
            )
            continue
        state.load.escort[load] = -1
        if why != state.load.lacks[load]:
            state.load.lacks[load] = why
            destination = state.load.destination[load]
            loads.put_row(state, world, load, KIND_WAITED, NOBODY, why, destination, 0.0)
        if why != CAUSE_NOT_SWEPT and why != CAUSE_NOT_FULL:
            return
        place += 1


# Which loads go together.


@kernel
def _find_loads_together(state, world, settings, camp, load):  # type: ignore[no-untyped-def]
    """The load and, where loads are bundled, those that go with it; whether it waits for no more.

    With it go ready loads to camps along one road, in the order of the list, up to the first that
    does not fit; then the convoy is as good as full. A load that fills a convoy by itself goes
    alone.
    """
    most = most_trucks(state, world, settings, camp)
    together, n_aboard = state.dispatch.together, state.load.n_trucks[load]
    together[0] = load
    state.dispatch.n_together = 1
    if settings.supply.departure != SUPPLY_DEPARTURE_BUNDLED or n_aboard >= most:
        return True
    for place in range(state.camp.n_waiting[camp]):
        other = state.camp.waiting[camp, place]
        if other == load or state.load.ready_h[other] > state.model.now_h:
            continue
        if state.load.n_trucks[other] >= most:
            continue
        n_together = state.dispatch.n_together
        together[n_together] = other
        if not _has_way_past(state, world, settings, camp, together, n_together + 1):
            continue
        if n_aboard + state.load.n_trucks[other] > most:
            return True
        n_aboard += state.load.n_trucks[other]
        state.dispatch.n_together += 1
    return n_aboard >= most


@kernel
def _has_way_past(state, world, settings, camp, some, n_loads):  # type: ignore[no-untyped-def]
    """Whether the corridor to one of the destinations passes the others.

    The junctions of the first that does are then in `junctions`.
    """
    junctions = state.dispatch.junctions
    for place in range(n_loads):
        destination = state.load.destination[some[place]]
        is_escorted = needs_escort_to(state, world, camp, destination)
        n = corridor(state, world, settings, camp, destination, is_escorted, junctions)
        if state.model.status >= NO_ROOM:
            return False
        state.dispatch.n_junctions = n
        passes_all = True
        for other in range(n_loads):
            junction = world.camp.junction[state.load.destination[some[other]]]
            if _place_on_way(state, junction) < 0:
                passes_all = False
                break
        if passes_all:
            return True
    return False


@kernel
def _place_on_way(state, junction):  # type: ignore[no-untyped-def]
    """Where a junction comes on the corridor that was looked at last; -1 where it does not."""
    for place in range(state.dispatch.n_junctions):
        if state.dispatch.junctions[place] == junction:
            return place
    return -1


@kernel
def _merge(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """What leaves together: one load for each destination in driving order, and those taken in.

    The first to a destination takes in the others.
    """
    together, n_together = state.dispatch.together, state.dispatch.n_together
    aboard, taken_in = state.dispatch.aboard, state.dispatch.taken_in
    for place in range(n_together):
        _take_off_list(state, camp, together[place])
        loads.count_wait(state, together[place])
    n_aboard = n_taken_in = 0
    for place in range(n_together):
        load = together[place]
        one = -1
        for number in range(n_aboard):
            if state.load.destination[aboard[number]] == state.load.destination[load]:
                one = aboard[number]
        if one < 0:
            aboard[n_aboard] = load
            n_aboard += 1
        else:
            state.load.weight_t[one] += state.load.weight_t[load]
            state.load.n_trucks[one] = n_trucks(
                state.load.weight_t[one], settings.supply.truck_tonnes
            )
            taken_in[n_taken_in] = load
            n_taken_in += 1
    state.dispatch.n_aboard = n_aboard
    state.dispatch.n_taken_in = n_taken_in
    if n_aboard > 1 and _has_way_past(state, world, settings, camp, aboard, n_aboard):
        _sort_along_way(state, world)
    escort = state.load.escort[together[0]]
    state.load.escort[together[0]] = -1
    state.load.escort[aboard[n_aboard - 1]] = escort


@kernel
def _take_off_list(state, camp, load):  # type: ignore[no-untyped-def]
    """Take a load off the list of those that wait; the others keep their order."""
    waiting, place = state.camp.waiting[camp], 0
    while place < state.camp.n_waiting[camp] and waiting[place] != load:
        place += 1
    state.camp.n_waiting[camp] -= 1
    for after in range(place, state.camp.n_waiting[camp]):
        waiting[after] = waiting[after + 1]


@kernel
def _sort_along_way(state, world):  # type: ignore[no-untyped-def]
    """Bring what goes aboard into driving order along the corridor."""
    aboard = state.dispatch.aboard
    for end in range(1, state.dispatch.n_aboard):
        load, place = aboard[end], end
        at = _place_on_way(state, world.camp.junction[state.load.destination[load]])
        while place > 0:
            before = world.camp.junction[state.load.destination[aboard[place - 1]]]
            if _place_on_way(state, before) <= at:
                break
            aboard[place] = aboard[place - 1]
            place -= 1
        aboard[place] = load


# Whether they can go, and whether they choose to.


@kernel
def _what_is_lacking(state, world, settings, camp, load):  # type: ignore[no-untyped-def]
    """What the hub does not have for the loads together; a free company is the escort of `load`."""
    together, n_together = state.dispatch.together, state.dispatch.n_together
    state.load.escort[load] = -1
    weight_t, n_needed, needs_escort = 0.0, 0, False
    for place in range(n_together):
        one = together[place]
        weight_t += state.load.weight_t[one]
        n_needed += state.load.n_trucks[one]
        needs_escort = needs_escort or needs_escort_to(
            state, world, camp, state.load.destination[one]
        )
    if state.camp.hub[camp] >= 0 and state.camp.stock_t[camp] < weight_t:
        return CAUSE_NO_STOCK
    if state.camp.n_trucks_out[camp] + n_needed > trucks(state, world, camp):
        return CAUSE_NO_TRUCKS
    if needs_escort:
        state.load.escort[load] = _free_escort_along(state, world, settings, camp, n_needed)
        if state.load.escort[load] < 0:
            return CAUSE_NO_ESCORT
    return CAUSE_NONE


@kernel
def _free_escort_along(state, world, settings, camp, n_loads):  # type: ignore[no-untyped-def]
    """A free company here, else at a destination of the loads together; -1 where there is none."""
    people = float(n_escort_vehicles(settings, n_loads) * settings.force.vehicle_occupants)
    escort = free_escort(state, world, settings, camp, people)
    for place in range(state.dispatch.n_together):
        if escort >= 0:
            break
        destination = state.load.destination[state.dispatch.together[place]]
        escort = free_escort(state, world, settings, destination, people)
    return escort


@kernel
def _choice_to_wait(state, world, settings, camp, load, is_full):  # type: ignore[no-untyped-def]
    """What a load that could leave waits for, by `supply.departure` and its patience."""
    supply = settings.supply
    patience_h = supply.departure_patience_days * HOURS_PER_DAY
    if (
        supply.departure == SUPPLY_DEPARTURE_AS_READY
        or state.model.now_h - state.load.ready_h[load] >= patience_h
    ):
        return CAUSE_NONE
    if supply.departure == SUPPLY_DEPARTURE_BUNDLED:
        return CAUSE_NONE if is_full else CAUSE_NOT_FULL
    return CAUSE_NONE if _is_swept(state, world, settings, camp, load) else CAUSE_NOT_SWEPT


@kernel
def _is_swept(state, world, settings, camp, load):  # type: ignore[no-untyped-def]
    """Whether enough of the way has been swept lately, by the command's own books."""
    destination = state.load.destination[load]
    way_of_convoy(
        state,
        world,
        settings,
        camp,
        destination,
        state.load.escort[load] >= 0,
        world.camp.convoy_key[destination],
        0,
        2 * state.load.number[load],
    )
    if state.model.status >= NO_ROOM:
        return False
    _find_reach_on_way(state, world, settings)
    share = swept_share(
        state.way.segments,
        state.way.drive_h,
        state.way.n_legs,
        state.dispatch.is_in_reach,
        world.road.length_km,
        state.picture.last_swept_h,
        state.model.now_h,
        settings.clearance.convoy_lead_h,
        settings.routing.daylight_start_h,
        settings.routing.daylight_end_h,
    )
    return share >= settings.supply.swept_share


@kernel
def _find_reach_on_way(state, world, settings):  # type: ignore[no-untyped-def]
    """Mark the pieces of the way on which a team of the mission can work now."""
    way, is_in_reach = state.way, state.dispatch.is_in_reach
    for leg in range(way.n_legs):
        is_in_reach[way.segments[leg]] = 0
    counted_camp = -1
    for team in range(world.team.n_teams):
        unit = world.team.unit[team]
        camp = world.unit.camp[unit]
        # Teams of one company, and often of one camp, follow each other and reach the same.
        if camp == counted_camp or state.unit.strength[unit] <= 0.0 or state.team.is_away[team]:
            continue
        counted_camp = camp
        for leg in range(way.n_legs):
            segment = way.segments[leg]
            if world.road.camp_road_km[camp, segment] <= settings.clearance.team_reach_km:
                is_in_reach[segment] = 1
