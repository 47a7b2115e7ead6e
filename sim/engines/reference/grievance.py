"""Grievance: what civilians harmed in strikes on cells leave behind, fading with time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.rules.memory import remembered

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel


class Grievance:
    """One number for the whole mission area; it feeds recruitment and dries up tips."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self._value = 0.0
        self._time_h = 0.0

    def now(self) -> float:
        """Grievance now, >= 0."""
        half_life_h = self.model.settings.attrition.grievance_half_life_days * HOURS_PER_DAY
        return float(remembered(self._value, self.model.now_h - self._time_h, half_life_h))

    def add(self, n_civilians: int) -> None:
        """Civilians were harmed in a strike on a cell."""
        if n_civilians:
            per_civilian = self.model.settings.attrition.grievance_per_civilian
            self._value = self.now() + per_civilian * n_civilians
            self._time_h = self.model.now_h
