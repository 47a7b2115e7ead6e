"""What cells remember of the roads: traffic, patrols, strikes and pressure, by piece."""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.engines.batch.shape import Shape
from sim.world.picture import add_fading


def state_fields(shape: Shape) -> list[Any]:
    """Amounts by piece of road, each as of its own time."""
    n = (shape.n_segments,)
    return [
        (name + suffix, np.float64, n)
        for name in ("traffic", "patrols", "success", "pressure")
        for suffix in ("", "_time_h")
    ]


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Nothing is remembered; the half-life is that of the start."""
    state.model.memory_half_life_h = settings.threat.memory_half_life_days * HOURS_PER_DAY


@kernel
def add_to_memory(state, values, times_h, segments, added):  # type: ignore[no-untyped-def]
    """Add to memories of cells, each brought to the present first."""
    add_fading(values, times_h, state.model.now_h, state.model.memory_half_life_h, segments, added)
