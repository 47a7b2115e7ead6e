"""The political process: how far it has come today, and what that leaves of motivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, entity_key
from sim.rules.politics import motivation, progress, reflected, walk_step
from sim.world.political_path import political_path

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel

KEY = entity_key("political process")


class PoliticalProcess:
    """Progress by date, read from the settings in force, and how far it has wandered from it."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self.offset = 0.0
        """Sum of the monthly steps so far; 0 where progress follows its path."""
        self.read()

    def read(self) -> None:
        """Take the dated path from the settings in force; where it does not wander, step back."""
        politics = self.model.settings.politics
        self._days, self._levels = political_path(politics, self.model.world.clock)
        if politics.process == "path":
            self.offset = 0.0

    def take_step(self) -> None:
        """Wander on the first day of a month, by a draw that belongs to that month.

        Called as a period begins, after the last has closed and before a decision of that moment:
        a walk that is decided on the first of a month takes its first step a month later.
        """
        model, politics = self.model, self.model.settings.politics
        day = model.world.clock.date_at(model.now_h)
        if politics.process != "random_walk" or day.day != 1:
            return
        month = 12 * day.year + day.month - 1
        self.offset += walk_step(
            model.draw(Stream.PROGRESS_STEP, KEY, 0, month), politics.walk_step
        )

    def progress(self) -> float:
        """Political progress now, in [0, 1]."""
        on_path = progress(
            self.model.now_h / HOURS_PER_DAY, self._days, self._levels, len(self._days)
        )
        return float(reflected(on_path + self.offset))

    def motivation(self) -> float:
        """Motivation of the cells to attack, 1 at the reference level of progress."""
        politics = self.model.settings.politics
        return float(
            motivation(
                self.progress(), politics.reference_level, politics.motivation_at_full_progress
            )
        )
