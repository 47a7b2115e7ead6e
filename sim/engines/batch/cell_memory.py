"""What cells remember of the roads, as they read it: the living memories, or a kept copy.

With `threat.adaptive=false` cells go on reading their memories as they stood at the decision date.
"""

from typing import Any

import numpy as np

from sim.compiled import handler
from sim.engines.batch.convoy import settle_traffic
from sim.engines.batch.shape import Shape

NAMES = tuple(
    name + suffix
    for name in ("traffic", "patrols", "success", "pressure")
    for suffix in ("", "_time_h")
)


def state_fields(shape: Shape) -> list[Any]:
    """The copy: amounts by piece of road, each as of its own time, to be read as of one hour."""
    return [("as_of_h", np.float64), *((name, np.float64, (shape.n_segments,)) for name in NAMES)]


@handler
def freeze(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """From now on cells read what they remember at this moment."""
    settle_traffic(state, world, settings)
    kept, memory = state.cell_memory, state.memory
    kept.as_of_h = state.model.now_h
    for segment in range(world.road.n_segments):
        kept.traffic[segment] = memory.traffic[segment]
        kept.traffic_time_h[segment] = memory.traffic_time_h[segment]
        kept.patrols[segment] = memory.patrols[segment]
        kept.patrols_time_h[segment] = memory.patrols_time_h[segment]
        kept.success[segment] = memory.success[segment]
        kept.success_time_h[segment] = memory.success_time_h[segment]
        kept.pressure[segment] = memory.pressure[segment]
        kept.pressure_time_h[segment] = memory.pressure_time_h[segment]
    state.model.is_frozen = 1
