"""Patrolling: when companies may send a patrol, and whether they do."""

from sim.compiled import handler, kernel
from sim.draws import waiting_time
from sim.engines.batch import acts, convoy, patrol_ways
from sim.engines.batch.agenda import add
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    FORCE_PATROL_PROCESS_NONE,
    STREAM_PATROL_ACCEPTED,
    STREAM_PATROL_TIME,
    TURN_DEPARTURE,
)
from sim.engines.batch.keys import plain_key
from sim.engines.batch.ledger import PATROL
from sim.engines.batch.status import NO_ROOM
from sim.engines.batch.unit_state import is_on_course, is_patroller
from sim.rules.travel import drive_end_h

SEND_PATROL, REMOVE = acts.PATROL, acts.REMOVE


@kernel
def await_patrol(state, world, settings, unit, from_h):  # type: ignore[no-untyped-def]
    """Candidate times lie on the clock of daylight, at the ceiling, and depend on the key."""
    start_h, end_h = settings.routing.daylight_start_h, settings.routing.daylight_end_h
    key, number = world.unit.key[unit], state.unit.n_candidates[unit]
    wait_h = waiting_time(
        draw(state, STREAM_PATROL_TIME, key, 0, number),
        settings.force.patrol_ceiling_per_day / (end_h - start_h),
    )
    time_h = drive_end_h(from_h, wait_h, start_h, end_h)
    add(state, time_h, TURN_DEPARTURE, plain_key(key), number, 0, SEND_PATROL, unit)


@handler
def patrol(state, world, settings, unit, version):  # type: ignore[no-untyped-def]
    """Send a patrol, if this candidate is accepted and the company is free."""
    model, force = state.model, settings.force
    number = state.unit.n_candidates[unit]
    state.unit.n_candidates[unit] = number + 1
    await_patrol(state, world, settings, unit, model.now_h)
    if not is_patroller(state, world, unit) or force.patrol_process == FORCE_PATROL_PROCESS_NONE:
        return
    rate = model.patrols_per_day_and_person * state.unit.strength[unit]
    # Above the ceiling every candidate is accepted: it is all that a company can send.
    luck = draw(state, STREAM_PATROL_ACCEPTED, world.unit.key[unit], 0, number)
    if luck * force.patrol_ceiling_per_day >= rate:
        return
    if state.unit.escort_free_h[unit] > model.now_h or is_on_course(state, unit):
        return  # days on escort and on courses are taken from patrols
    n_patrols = state.unit.n_patrols[unit]
    slot = convoy.create(
        state, settings, world.unit.patrol_key[unit], n_patrols, PATROL, unit,
        force.patrol_vehicles, 0, REMOVE, 0, 0,
    )  # fmt: skip
    if model.status >= NO_ROOM:
        return
    patrol_ways.journey(state, world, settings, unit, n_patrols)
    state.unit.n_patrols[unit] = n_patrols + 1
    state.sums.n_patrols += 1.0
    convoy.start(state, world, settings, slot)
