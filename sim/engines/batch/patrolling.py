"""Patrolling: when companies may send a patrol, and whether they do."""

from sim.compiled import handler, kernel
from sim.engines.batch import acts, convoy, patrol_ways
from sim.engines.batch.agenda import add
from sim.engines.batch.codes import (
    FORCE_PATROL_PROCESS_NONE,
    TURN_DEPARTURE,
    UNIT_TYPE_INFANTRY,
)
from sim.engines.batch.keys import plain_key
from sim.engines.batch.ledger import PATROL
from sim.engines.batch.patrol_candidates import candidate_after, luck_of
from sim.engines.batch.status import NO_ROOM
from sim.engines.batch.unit_state import is_on_course, is_patroller
from sim.rules.travel import time_in_daylight_h

SEND_PATROL, REMOVE = acts.PATROL, acts.REMOVE
NOTHING_PLANNED = -1


@kernel
def begin(state, world, settings, unit):  # type: ignore[no-untyped-def]
    """The first candidate of a company."""
    _await(state, world, settings, unit, 0, 0, 0.0)
    state.unit.planned_candidate[unit] = NOTHING_PLANNED


@kernel
def _pass(state, world, settings, unit):  # type: ignore[no-untyped-def]
    """A candidate is over, whatever came of it."""
    units = state.unit
    number = units.n_candidates[unit] + 1
    day, today_h = units.candidate_day[unit], units.candidate_today_h[unit]
    _await(state, world, settings, unit, number, day, today_h)


@kernel
def _await(state, world, settings, unit, number, day, today_h):  # type: ignore[no-untyped-def]
    """Make the candidate of a number the next; that before it came on this day, at this hour."""
    units = state.unit
    day, today_h = candidate_after(state, world, settings, unit, number, day, today_h)
    units.n_candidates[unit] = number
    units.candidate_day[unit], units.candidate_today_h[unit] = day, today_h
    units.candidate_h[unit] = _time_h(settings, day, today_h)


@kernel
def _time_h(settings, day, today_h):  # type: ignore[no-untyped-def]
    return time_in_daylight_h(day, today_h, settings.routing.daylight_start_h)


@kernel
def _plan(state, world, settings, unit):  # type: ignore[no-untyped-def]
    """Put the next candidate that is accepted at the present rate on the agenda.

    The others would come up only to be refused, and they are two of three.
    """
    units, force = state.unit, settings.force
    planned = units.planned_candidate[unit]
    units.planned_candidate[unit] = NOTHING_PLANNED
    if not is_patroller(state, world, unit) or force.patrol_process == FORCE_PATROL_PROCESS_NONE:
        units.patrol_version[unit] += 1
        return
    rate = state.model.patrols_per_day_and_person * units.strength[unit]
    number, time_h = units.n_candidates[unit], units.candidate_h[unit]
    day, today_h = units.candidate_day[unit], units.candidate_today_h[unit]
    while time_h < world.calendar.end_h:
        # Above the ceiling every candidate is accepted: it is all that a company can send.
        luck = luck_of(state, world, settings, unit, number)
        if luck * force.patrol_ceiling_per_day < rate:
            units.planned_candidate[unit] = number
            if number == planned:
                return  # it is on the agenda
            units.planned_day[unit], units.planned_today_h[unit] = day, today_h
            units.patrol_version[unit] += 1
            who, version = number * len(units.strength) + unit, units.patrol_version[unit]
            key = plain_key(world.unit.key[unit])
            add(state, time_h, TURN_DEPARTURE, key, number, version, SEND_PATROL, who)
            return
        number += 1
        day, today_h = candidate_after(state, world, settings, unit, number, day, today_h)
        time_h = _time_h(settings, day, today_h)
    units.patrol_version[unit] += 1


@handler
def plan_all(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """Plan anew, where the rate of patrols has changed; candidates before now are over."""
    state.model.is_rate_new = 0
    for unit in range(world.unit.n_units):
        if world.unit.unit_type[unit] == UNIT_TYPE_INFANTRY:
            _pass_until(state, world, settings, unit, state.model.now_h)
            _plan(state, world, settings, unit)


@kernel
def pass_all(state, world, settings):  # type: ignore[no-untyped-def]
    """The run is over: so are all candidates."""
    for unit in range(world.unit.n_units):
        if world.unit.unit_type[unit] == UNIT_TYPE_INFANTRY:
            _pass_until(state, world, settings, unit, state.model.now_h)


@kernel
def _pass_until(state, world, settings, unit, time_h):  # type: ignore[no-untyped-def]
    while state.unit.candidate_h[unit] < time_h:
        _pass(state, world, settings, unit)
        state.model.n_passed_over += 1


@handler
def patrol(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """Send a patrol at a candidate that is accepted, if the company is free."""
    model = state.model
    unit = who % len(state.unit.strength)
    if version != state.unit.patrol_version[unit]:
        return
    # Those before it are over; its own time is now.
    number = who // len(state.unit.strength)
    units = state.unit
    model.n_passed_over += number - units.n_candidates[unit]
    day, today_h = units.planned_day[unit], units.planned_today_h[unit]
    _await(state, world, settings, unit, number + 1, day, today_h)
    units.planned_candidate[unit] = NOTHING_PLANNED
    # Days on escort and on courses are taken from patrols.
    if units.escort_free_h[unit] <= model.now_h and not is_on_course(state, unit):
        _send(state, world, settings, unit)
    # Last, since the agenda takes in soonest first with the least work.
    _plan(state, world, settings, unit)


@kernel
def _send(state, world, settings, unit):  # type: ignore[no-untyped-def]
    """A patrol sets out."""
    force = settings.force
    n_patrols = state.unit.n_patrols[unit]
    slot = convoy.create(
        state, settings, world.unit.patrol_key[unit], n_patrols, PATROL, unit,
        force.patrol_vehicles, 0, REMOVE, 0, 0,
    )  # fmt: skip
    if state.model.status >= NO_ROOM:
        return
    patrol_ways.journey(state, world, settings, unit, n_patrols)
    state.unit.n_patrols[unit] = n_patrols + 1
    state.sums.n_patrols += 1.0
    convoy.start(state, world, settings, slot)
