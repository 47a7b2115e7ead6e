"""Grievance: what civilians harmed in strikes on cells leave behind, fading with time."""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.engines.batch.shape import Shape
from sim.rules.memory import remembered


def state_fields(shape: Shape) -> list[Any]:
    """One number for the whole mission area, as of its own time."""
    return [("value", np.float64), ("time_h", np.float64)]


@kernel
def now(state, settings):  # type: ignore[no-untyped-def]
    """Grievance now, >= 0."""
    return remembered(
        state.grievance.value,
        state.model.now_h - state.grievance.time_h,
        settings.attrition.grievance_half_life_days * HOURS_PER_DAY,
    )


@kernel
def add(state, settings, n_civilians):  # type: ignore[no-untyped-def]
    """Civilians were harmed in a strike on a cell."""
    if n_civilians != 0:
        per_civilian = settings.attrition.grievance_per_civilian
        state.grievance.value = now(state, settings) + per_civilian * n_civilians
        state.grievance.time_h = state.model.now_h
