"""Courses in the mission: each month's seats go to the companies that know least.

A course is for those who patrol or escort. Whole companies go; while they are on a course they do
neither. A rotation or a departure ends it: those who learned have gone.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.engines.batch import acts
from sim.engines.batch.agenda import add
from sim.engines.batch.chance import day
from sim.engines.batch.codes import CAUSE_NONE, KIND_TRAINED, TURN_UNIT_CHANGE
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.shape import Shape
from sim.engines.batch.unit_state import (
    is_on_course,
    is_patrolling_type,
    set_level,
    training_level,
)
from sim.rules.training import level_after_course

COURSE_END = acts.COURSE_END


def state_fields(shape: Shape) -> list[Any]:
    """Seats left over from earlier months, who is away, and how long a course takes.

    `course_h` is by whose settings a course began under: the baseline's [0] or the scenario's [1].
    """
    return [
        ("seats", np.float64),
        ("n_on_course", np.int64),
        ("counted_h", np.float64),
        ("course_h", np.float64, (2,)),
        ("could_go", np.int8, (shape.n_units,)),
        ("level", np.float64, (shape.n_units,)),
    ]


@kernel
def begin(state, world, settings):  # type: ignore[no-untyped-def]
    """On the first dawn of a month, send the companies of lowest level that can be spared.

    The lowest level first, ties by name, until the next one does not fit into the seats that are
    left; those are kept for the next month.
    """
    courses, training = state.courses, settings.training
    if training.course_seats_per_month <= 0.0:
        courses.seats = 0.0
        return
    if world.calendar.day_of_month[day(state)] != 1:
        return
    courses.seats += training.course_seats_per_month
    for unit in range(world.unit.n_units):
        courses.could_go[unit] = _can_be_spared(state, world, unit)
        if courses.could_go[unit]:
            courses.level[unit] = training_level(state, settings, unit)
    while True:
        unit = -1
        for other in range(world.unit.n_units):
            if courses.could_go[other] and (unit < 0 or courses.level[other] < courses.level[unit]):
                unit = other
        if unit < 0 or state.unit.strength[unit] > courses.seats:
            return
        courses.could_go[unit] = 0
        courses.seats -= state.unit.strength[unit]
        _send(state, world, settings, unit)


@kernel
def _can_be_spared(state, world, unit):  # type: ignore[no-untyped-def]
    return (
        state.unit.strength[unit] > 0.0
        and is_patrolling_type(world, unit)
        and state.unit.escort_free_h[unit] <= state.model.now_h
        and not is_on_course(state, unit)
    )


@kernel
def _send(state, world, settings, unit):  # type: ignore[no-untyped-def]
    courses = state.courses
    course_h = settings.training.course_days * HOURS_PER_DAY
    state.sums.course_places += state.unit.strength[unit]
    if course_h <= 0.0:
        _train(state, world, settings, unit, course_h)
        return
    settle(state)
    courses.n_on_course += 1
    which = state.model.is_decided
    courses.course_h[which] = course_h
    until_h = state.model.now_h + course_h
    state.unit.course_until_h[unit] = until_h
    state.unit.n_changes[unit] += 1
    key = plain_key(world.unit.key[unit])
    add(
        state, until_h, TURN_UNIT_CHANGE, key, state.unit.n_changes[unit], which, COURSE_END, unit
    )  # fmt: skip


@handler
def end(state, world, settings, unit, version):  # type: ignore[no-untyped-def]
    """A course ends, unless it was broken off; `version` is under whose settings it began."""
    if state.unit.course_until_h[unit] == state.model.now_h:
        give_up(state, unit)
        _train(state, world, settings, unit, state.courses.course_h[version])


@kernel
def give_up(state, unit):  # type: ignore[no-untyped-def]
    """A company that may be on a course is on none from now on."""
    if state.unit.course_until_h[unit] > 0.0:
        settle(state)
        state.courses.n_on_course -= 1
        state.unit.course_until_h[unit] = 0.0


@kernel
def _train(state, world, settings, unit, course_h):  # type: ignore[no-untyped-def]
    """Come from a course at a new level."""
    level = level_after_course(training_level(state, settings, unit), settings.training.course_gain)
    set_level(state, unit, level)
    put(
        state, KIND_TRAINED, -1, plain_key(world.unit.key[unit]), NOBODY, CAUSE_NONE,
        world.unit.camp[unit], 0, 0, 0, 0, course_h, state.unit.strength[unit],
    )  # fmt: skip


@kernel
def settle(state):  # type: ignore[no-untyped-def]
    """Write down company-days on courses up to now."""
    courses, now_h = state.courses, state.model.now_h
    days = (now_h - courses.counted_h) / HOURS_PER_DAY
    state.sums.course_company_days += courses.n_on_course * days
    courses.counted_h = now_h
