"""Sweeps of every piece of road at a fixed rate, for cases whose answer is known on paper.

They go by the clock alone: no team is asked. `poisson` draws the gaps, `periodic` keeps them equal.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.draws import waiting_time
from sim.engines.batch import acts
from sim.engines.batch.agenda import add
from sim.engines.batch.chance import draw
from sim.engines.batch.clearance_team import sweep_segment
from sim.engines.batch.codes import (
    CAUSE_SWEEP,
    CLEARANCE_PROCESS_PERIODIC,
    CLEARANCE_PROCESS_POLICY,
    KIND_SWEPT,
    STREAM_SWEEP_TIME,
    TURN_SWEEP,
)
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.shape import Shape

SWEEP_FIXED = acts.SWEEP_FIXED


def state_fields(shape: Shape) -> list[Any]:
    """How often each piece was swept."""
    return [("n_swept", np.int64, (shape.n_segments,))]


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """The first sweep of every piece, unless teams sweep."""
    if settings.clearance.process == CLEARANCE_PROCESS_POLICY:
        return
    for segment in range(world.road.n_segments):
        _await_next(state, world, settings, segment, 0.0)


@kernel
def _await_next(state, world, settings, segment, from_h):  # type: ignore[no-untyped-def]
    clearance = settings.clearance
    rate_per_day = clearance.process_rate_per_day
    if rate_per_day == 0.0:
        return
    key, n_swept = world.road.sweep_key[segment], state.fixed_sweeps.n_swept[segment]
    if clearance.process == CLEARANCE_PROCESS_PERIODIC:
        gap_h = HOURS_PER_DAY / rate_per_day
    else:
        luck = draw(state, STREAM_SWEEP_TIME, key, 0, n_swept)
        gap_h = waiting_time(luck, rate_per_day) * HOURS_PER_DAY
    add(state, from_h + gap_h, TURN_SWEEP, plain_key(key), n_swept, 0, SWEEP_FIXED, segment)


@handler
def sweep(state, world, settings, segment, version):  # type: ignore[no-untyped-def]
    """Sweep a piece in a moment."""
    key, number = world.road.sweep_key[segment], state.fixed_sweeps.n_swept[segment]
    state.fixed_sweeps.n_swept[segment] = number + 1
    _await_next(state, world, settings, segment, state.model.now_h)
    sweep_segment(state, world, settings, segment, key, number, 1.0, -1)
    put(
        state, KIND_SWEPT, segment, plain_key(key), NOBODY, CAUSE_SWEEP, -1, 0, 0, 0, 0, 0.0, 0.0
    )  # fmt: skip
