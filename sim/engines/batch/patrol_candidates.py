"""Candidates of patrols: times at which a company may send one, and the luck that decides.

They are drawn in blocks of one company's, and the compiler draws several of a block at once: most
candidates are refused, so there are more of them than of anything else that is drawn.
"""

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.draws import fraction, philox, waiting_time
from sim.engines.batch.codes import STREAM_PATROL_ACCEPTED, STREAM_PATROL_TIME
from sim.engines.batch.shape import Shape
from sim.rules.travel import later_in_daylight

BLOCK = 16
"""Candidates of a block."""


def state_fields(shape: Shape) -> list[Any]:
    """By company the block that is there: where it ends, waits in daylight, and luck."""
    return [
        ("end", np.int64, (shape.n_units,)),
        ("wait_h", np.float64, (shape.n_units, BLOCK)),
        ("luck", np.float64, (shape.n_units, BLOCK)),
    ]


@kernel
def candidate_after(state, world, settings, unit, number, day, today_h):  # type: ignore[no-untyped-def]
    """Day and hours of its daylight at a candidate, from those at the one before."""
    _require_block(state, world, settings, unit, number)
    wait_h = state.candidates.wait_h[unit, number % BLOCK]
    return later_in_daylight(day, today_h, wait_h, _daylight_h(settings))


@kernel
def luck_of(state, world, settings, unit, number):  # type: ignore[no-untyped-def]
    """The draw that accepts a candidate or refuses it."""
    _require_block(state, world, settings, unit, number)
    return state.candidates.luck[unit, number % BLOCK]


@kernel
def _require_block(state, world, settings, unit, number):  # type: ignore[no-untyped-def]
    """Draw the block that a candidate is in, unless it is there."""
    candidates, end = state.candidates, (number // BLOCK + 1) * BLOCK
    if candidates.end[unit] != end:
        candidates.end[unit] = end
        seed, run, key = state.model.seed, state.model.run, world.unit.key[unit]
        wait_h, luck, first = candidates.wait_h[unit], candidates.luck[unit], end - BLOCK
        _draw(wait_h, BLOCK, seed, run, STREAM_PATROL_TIME, key, first)
        _draw(luck, BLOCK, seed, run, STREAM_PATROL_ACCEPTED, key, first)
        # The ceiling and the daylight are of the world: they hold before and after the decision.
        rate = settings.force.patrol_ceiling_per_day / _daylight_h(settings)
        for place in range(BLOCK):
            wait_h[place] = waiting_time(wait_h[place], rate)


@kernel
def _daylight_h(settings):  # type: ignore[no-untyped-def]
    return settings.routing.daylight_end_h - settings.routing.daylight_start_h


@kernel
def _draw(draws, n, seed, run, stream, key, first):  # type: ignore[no-untyped-def]
    """Fill in a block; the key is at hand as numbers, or the compiler would draw one by one."""
    for place in range(n):
        word_0, word_1, _, _ = philox(
            int(seed), int(run), int(stream), int(key), 0, int(first + place)
        )
        draws[place] = fraction(word_0, word_1)
