"""Companies come and go: arrivals, departures, rotations, build-ups, and what is decided."""

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.engines.batch import acts, clearance_team, courses, patrolling
from sim.engines.batch.agenda import add
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    CAUSE_NONE,
    KIND_ROTATED,
    KIND_UNIT_ARRIVED,
    KIND_UNIT_LEFT,
    STREAM_ROTATION_PHASE,
    TURN_UNIT_CHANGE,
    UNIT_TYPE_INFANTRY,
)
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.unit_state import (
    count_patrollers,
    set_level,
    set_strength,
    stay_level,
    stay_strength_at,
)

UNIT_ADJUST, UNIT_ARRIVE = acts.UNIT_ADJUST, acts.UNIT_ARRIVE
UNIT_LEAVE, UNIT_ROTATE = acts.UNIT_LEAVE, acts.UNIT_ROTATE


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Every company schedules what will change; whoever is there at the start joins."""
    which = state.model.is_decided
    for unit in range(world.unit.n_units):
        begin_h = 0.0
        if not which:
            _schedule_stay(state, world, 0, unit, 0.0, world.calendar.decision_h)
            begin_h = world.calendar.decision_h
        _schedule_stay(state, world, 1, unit, begin_h, world.calendar.end_h)
        if stay_strength_at(world, which, unit, 0.0) > 0.0:
            _join(state, world, settings, unit)
        _change_at(state, world, unit, _next_rotation_h(state, world, settings, unit), UNIT_ROTATE)
        if world.unit.unit_type[unit] == UNIT_TYPE_INFANTRY:
            patrolling.begin(state, world, settings, unit)
    count_patrollers(state, world, settings)


@kernel
def _schedule_stay(state, world, which, unit, begin_h, end_h):  # type: ignore[no-untyped-def]
    """What changes within a time; whoever is there as it begins needs no arrival."""
    table = world.unit
    arrival_h, departure_h = table.stay_arrival_h[which, unit], table.stay_departure_h[which, unit]
    if table.stay_strength[which, unit] == 0.0 or departure_h <= arrival_h:
        return
    for number in range(table.n_changes[which, unit]):
        from_h = table.change_h[which, unit, number]
        if begin_h < from_h < end_h:
            _change_at(state, world, unit, from_h, UNIT_ADJUST)
    if begin_h < arrival_h < end_h:
        _change_at(state, world, unit, arrival_h, UNIT_ARRIVE)
    if begin_h < departure_h < end_h:
        _change_at(state, world, unit, departure_h, UNIT_LEAVE)


@kernel
def _change_at(state, world, unit, time_h, act):  # type: ignore[no-untyped-def]
    state.unit.n_changes[unit] += 1
    key = plain_key(world.unit.key[unit])
    add(state, time_h, TURN_UNIT_CHANGE, key, state.unit.n_changes[unit], 0, act, unit)


@kernel
def _next_rotation_h(state, world, settings, unit):  # type: ignore[no-untyped-def]
    """Contingents rotate as one: their companies at a camp share a phase."""
    period_h = settings.force.rotation_days * HOURS_PER_DAY
    phase = draw(state, STREAM_ROTATION_PHASE, world.unit.contingent_key[unit], 0, 0)
    first_h = phase * period_h
    now_h = state.model.now_h
    n_gone = 0 if now_h < first_h else 1 + int((now_h - first_h) / period_h)
    next_h = first_h + n_gone * period_h
    return next_h if next_h > now_h else next_h + period_h


@kernel
def _join(state, world, settings, unit):  # type: ignore[no-untyped-def]
    people = stay_strength_at(world, state.model.is_decided, unit, state.model.now_h)
    set_strength(state, world, settings, unit, people)
    set_level(state, unit, stay_level(state, world, unit))


@handler
def arrive(state, world, settings, unit, version):  # type: ignore[no-untyped-def]
    """Join the mission, unless the camp has closed."""
    if state.camp.is_closed[world.unit.camp[unit]]:
        return
    _join(state, world, settings, unit)
    _put(state, world, KIND_UNIT_ARRIVED, unit)


@handler
def leave(state, world, settings, unit, version):  # type: ignore[no-untyped-def]
    """Leave the mission; an escort that is out comes home and then is gone."""
    if state.camp.is_closed[world.unit.camp[unit]]:
        return  # it left when the camp closed
    courses.give_up(state, unit)
    for team in range(world.team.n_teams):
        if world.team.unit[team] == unit:
            clearance_team.stop_all(state, world, settings, team)
    set_strength(state, world, settings, unit, 0.0)
    _put(state, world, KIND_UNIT_LEFT, unit)


@handler
def rotate(state, world, settings, unit, version):  # type: ignore[no-untyped-def]
    """New people with the training that they bring."""
    _change_at(state, world, unit, _next_rotation_h(state, world, settings, unit), UNIT_ROTATE)
    if state.unit.strength[unit] > 0.0:
        courses.give_up(state, unit)  # those who were on it go home
        set_level(state, unit, stay_level(state, world, unit))
        _put(state, world, KIND_ROTATED, unit)


@kernel
def decide(state, world, settings, unit):  # type: ignore[no-untyped-def]
    """Be what the scenario makes of it from now on: there or not, and how strong."""
    adjust(state, world, settings, unit, 0)


@handler
def adjust(state, world, settings, unit, version):  # type: ignore[no-untyped-def]
    """Have the people that its stay gives it now; who fills up a company learns from it."""
    strength = state.unit.strength[unit]
    people = stay_strength_at(world, state.model.is_decided, unit, state.model.now_h)
    if people > 0.0 and strength == 0.0:
        arrive(state, world, settings, unit, 0)
    elif people == 0.0 and strength > 0.0:
        leave(state, world, settings, unit, 0)
    elif people != strength:
        set_strength(state, world, settings, unit, people)


@kernel
def _put(state, world, kind, unit):  # type: ignore[no-untyped-def]
    put(
        state, kind, -1, plain_key(world.unit.key[unit]), NOBODY, CAUSE_NONE,
        world.unit.camp[unit], 0, 0, 0, 0, 0.0, state.unit.strength[unit],
    )  # fmt: skip
