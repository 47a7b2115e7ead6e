"""The political process: how far it has come today, and what that leaves of motivation."""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.draws import entity_key
from sim.engines.batch.chance import day, draw
from sim.engines.batch.codes import (
    POLITICS_PROCESS_PATH,
    POLITICS_PROCESS_RANDOM_WALK,
    STREAM_PROGRESS_STEP,
)
from sim.engines.batch.shape import Shape, require
from sim.rules.politics import motivation as motivation_at
from sim.rules.politics import progress as progress_on_path
from sim.rules.politics import reflected, walk_step
from sim.world.political_path import political_path
from sim.world.world import World

KEY = entity_key("political process")


def state_fields(shape: Shape) -> list[Any]:
    """How far progress has wandered from its path: the sum of its monthly steps so far."""
    return [("offset", np.float64)]


def world_fields(shape: Shape) -> list[Any]:
    """The dated path, by whose settings: days since the run began, and progress on them."""
    return [
        ("n_levels", np.int64, (2,)),
        ("days", np.float64, (2, shape.n_levels)),
        ("levels", np.float64, (2, shape.n_levels)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """The baseline's path and the scenario's own."""
    for which, scenario in enumerate((world.scenario.before or world.scenario, world.scenario)):
        days, levels = political_path(scenario.politics, world.clock)
        n = len(days)
        require(shape, "n_levels", n)
        table["n_levels"][which] = n
        table["days"][which][:n] = days
        table["levels"][which][:n] = levels


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Nothing has happened yet."""
    read(state, world, settings)


@kernel
def read(state, world, settings):  # type: ignore[no-untyped-def]
    """The settings in force are new: where progress does not wander, it steps back to its path."""
    if settings.politics.process == POLITICS_PROCESS_PATH:
        state.politics.offset = 0.0


@kernel
def take_step(state, world, settings):  # type: ignore[no-untyped-def]
    """Wander on the first day of a month, by a draw that belongs to that month.

    Called as a period begins, after the last has closed and before a decision of that moment: a
    walk that is decided on the first of a month takes its first step a month later.
    """
    today = day(state)
    if (
        settings.politics.process != POLITICS_PROCESS_RANDOM_WALK
        or world.calendar.day_of_month[today] != 1
    ):
        return
    month = int(world.calendar.month_number[today])
    state.politics.offset += walk_step(
        draw(state, STREAM_PROGRESS_STEP, KEY, 0, month), settings.politics.walk_step
    )


@kernel
def progress(state, world, settings):  # type: ignore[no-untyped-def]
    """Political progress now, in [0, 1]."""
    which = state.model.is_decided
    on_path = progress_on_path(
        state.model.now_h / HOURS_PER_DAY,
        world.politics.days[which],
        world.politics.levels[which],
        world.politics.n_levels[which],
    )
    return reflected(on_path + state.politics.offset)


@kernel
def motivation(state, world, settings):  # type: ignore[no-untyped-def]
    """Motivation of the cells to attack, 1 at the reference level of progress."""
    return motivation_at(
        progress(state, world, settings),
        settings.politics.reference_level,
        settings.politics.motivation_at_full_progress,
    )
