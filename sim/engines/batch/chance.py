"""Chance and the calendar: the draws of a run by key, and what day it is."""

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.draws import uniform


@kernel
def draw(state, stream, entity, other, count):  # type: ignore[no-untyped-def]
    """The draw of this run that belongs to a key; words are 32-bit."""
    model = state.model
    # Plain whole numbers, which do not overflow where this runs without a compiler.
    return uniform(
        int(model.seed), int(model.run), int(stream), int(entity), int(other), int(count)
    )


@kernel
def day(state):  # type: ignore[no-untyped-def]
    """Days since the run began."""
    return int(state.model.now_h // HOURS_PER_DAY)


@kernel
def is_wet(state, world):  # type: ignore[no-untyped-def]
    """1 in the wet season, else 0."""
    return int(world.calendar.is_wet[day(state)])
