"""What cells remember of the roads: traffic, patrols, strikes and pressure, by piece of road.

Memories belong to the road: two cells with the same piece in reach remember the same of it. With
`threat.adaptive=false` cells go on reading them as they stood at the decision date.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Memories:
    """Amounts by piece of road, each as of its own time, to be read as of one hour."""

    as_of_h: float
    traffic: Array
    traffic_time_h: Array
    patrols: Array
    patrols_time_h: Array
    success: Array
    success_time_h: Array
    pressure: Array
    pressure_time_h: Array


class CellMemory:
    """Where cells read from: the living memories of the model, or a copy of the decision date."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self._kept: Memories | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether nothing is learned any more."""
        return self._kept is not None

    def freeze(self, version: int) -> None:
        """From now on cells read what they remember at this moment."""
        self._kept = self._now(np.copy)

    def read(self) -> Memories:
        """What cells remember."""
        return self._now(np.asarray) if self._kept is None else self._kept

    def _now(self, taken: Callable[[Array], Array]) -> Memories:
        model = self.model
        model.settle_traffic()
        return Memories(
            model.now_h,
            taken(model.traffic),
            taken(model.traffic_time_h),
            taken(model.patrols_seen),
            taken(model.patrols_seen_time_h),
            taken(model.success),
            taken(model.success_time_h),
            taken(model.pressure),
            taken(model.pressure_time_h),
        )
