"""Closures: camps that close, one by one, by `force.closures`; their people leave by road.

A camp closes at midnight of its day, and none before the decision. Of those that close on one day
the outermost go first, so that each still has a hub to go to.
"""

import math
from typing import Any

import numpy as np

from sim.compiled import handler, kernel
from sim.engines.batch import camp as camps
from sim.engines.batch import convoy, unit
from sim.engines.batch.acts import CLOSE_CAMP, WITHDRAW, WITHDRAWN
from sim.engines.batch.agenda import add
from sim.engines.batch.camp_stock import needs_escort_to
from sim.engines.batch.codes import (
    CAUSE_NONE,
    CAUSE_WITHDRAWAL,
    KIND_ARRIVED,
    KIND_CAMP_CLOSED,
    KIND_DEPARTED,
    KIND_NAMED,
    TURN_DEPARTURE,
    TURN_UNIT_CHANGE,
)
from sim.engines.batch.escorts import goes_before
from sim.engines.batch.keys import NOBODY, convoy_key, plain_key
from sim.engines.batch.ledger import LOGISTICS, put
from sim.engines.batch.routes import way_of_convoy
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM
from sim.engines.batch.unit_state import is_patrolling_type
from sim.rules.supply import withdrawal_vehicles


def state_fields(shape: Shape) -> list[Any]:
    """Of each camp that has closed: who leads its people, in how many vehicles, and where to."""
    n = shape.n_camps
    return [
        ("escort", np.int64, (n,)),
        ("n_vehicles", np.int64, (n,)),
        ("goes_to", np.int64, (n,)),
    ]


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Put all closures on the agenda, from the outermost camp to the source of supply."""
    for number in range(world.camp.n_camps):
        camp = world.camp.n_camps - 1 - number
        closes_h = world.camp.closes_h[camp]
        if closes_h < math.inf:
            add(state, closes_h, TURN_UNIT_CHANGE, NOBODY, number, 0, CLOSE_CAMP, camp)


@handler
def close(state, world, settings, camp, version):  # type: ignore[no-untyped-def]
    """Everybody leaves; the hub takes over what the camp did for others."""
    first, end = world.camp.unit_start[camp], world.camp.unit_start[camp + 1]
    # A company that is out on escort comes home to the hub of its convoy and is gone.
    people, in_camp_people = 0.0, 0.0
    anybody, can_escort = -1, -1
    for place in range(first, end):
        company = world.camp.units[place]
        strength = state.unit.strength[company]
        if strength <= 0.0:
            continue
        people += strength
        if state.unit.escort_free_h[company] == math.inf:
            continue
        in_camp_people += strength
        if anybody < 0 or goes_before(state, world, company, anybody):
            anybody = company
        if is_patrolling_type(world, company) and (
            can_escort < 0 or goes_before(state, world, company, can_escort)
        ):
            can_escort = company
    for place in range(first, end):
        if state.unit.strength[world.camp.units[place]] > 0.0:
            unit.leave(state, world, settings, world.camp.units[place], 0)
    camps.close(state, world, settings, camp)
    key = plain_key(world.camp.key[camp])
    put(state, KIND_CAMP_CLOSED, -1, key, NOBODY, CAUSE_NONE, camp, 0, 0, 0, 0, 0.0, people)
    n_vehicles = withdrawal_vehicles(
        in_camp_people, settings.supply.withdrawal_road_share, settings.force.vehicle_occupants
    )
    if n_vehicles == 0:
        return
    state.closures.escort[camp] = can_escort if can_escort >= 0 else anybody
    state.closures.n_vehicles[camp] = n_vehicles
    leaves_h = state.model.now_h + settings.routing.daylight_start_h
    withdrawal = convoy_key(world.camp.withdrawal_key[camp], 0)
    add(state, leaves_h, TURN_DEPARTURE, withdrawal, 0, 0, WITHDRAW, camp)


@handler
def withdraw(state, world, settings, camp, version):  # type: ignore[no-untyped-def]
    """The people of the camp drive to its hub, and have left the mission when they are there.

    Every vehicle is theirs, as full as a patrol's; one company lends its training to all.
    """
    hub = state.camp.hub[camp]
    while state.camp.is_closed[hub] != 0:  # it closed on the same day
        hub = state.camp.hub[hub]
    state.closures.goes_to[camp] = hub
    escort, source_key = state.closures.escort[camp], world.camp.withdrawal_key[camp]
    is_escorted = needs_escort_to(state, world, hub, camp)
    slot = convoy.create(
        state,
        settings,
        source_key,
        0,
        LOGISTICS,
        escort,
        state.closures.n_vehicles[camp],
        0,
        WITHDRAWN,
        camp,
        is_escorted,
    )
    if state.model.status >= NO_ROOM:
        return
    key = convoy_key(source_key, 0)
    put(state, KIND_NAMED, -1, key, NOBODY, CAUSE_WITHDRAWAL, camp, 0, 0, 0, 0, 0.0, float(hub))
    _put_row(state, world, camp, KIND_DEPARTED, 0.0)
    way_of_convoy(state, world, settings, camp, hub, is_escorted, source_key, 0, 0)
    if state.model.status < NO_ROOM:
        convoy.start(state, world, settings, slot)


@kernel
def arrive(state, world, settings, slot, camp):  # type: ignore[no-untyped-def]
    """Be there; journeys and halts are those of supply convoys, so this one is not counted."""
    hours = state.model.now_h - state.convoy.started_h[slot]
    _put_row(state, world, camp, KIND_ARRIVED, hours)
    convoy.remove(state, slot)


@kernel
def _put_row(state, world, camp, kind, hours):  # type: ignore[no-untyped-def]
    """Put down a row about the people of a camp on their way out."""
    entity = convoy_key(world.camp.withdrawal_key[camp], 0)
    other = plain_key(world.unit.key[state.closures.escort[camp]])
    hub = state.closures.goes_to[camp]
    put(state, kind, -1, entity, other, CAUSE_WITHDRAWAL, hub, 0, 0, 0, 0, hours, 0.0)
