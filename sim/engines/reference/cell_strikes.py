"""Strikes on a cell: by the mission, on intelligence or a tip, and by the parallel operation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, waiting_time
from sim.engines.reference.thinning import acceptance
from sim.rules.attrition import REFERENCE_PEOPLE, raids_per_month, tip_raids_per_month
from sim.rules.emplacement import DAYS_PER_MONTH
from sim.rules.others import n_victims
from sim.world.events import Cause, Turn
from sim.world.reach import camps_that_raid

if TYPE_CHECKING:
    from sim.engines.reference.militant_cell import MilitantCell


@dataclass(frozen=True)
class StrikeProcess:
    """One way in which a cell is struck; `number` is its part of the key of every draw."""

    number: int
    cause: Cause
    ceiling_per_month: float
    rate_per_month: Callable[[], float]
    loss: float
    civilians: float


class CellStrikes:
    """What strikes one cell: candidates at a ceiling, thinned to the rate of the moment."""

    def __init__(self, cell: MilitantCell) -> None:
        self.owner = cell
        self.processes = self._processes()
        self.n_candidates = [0] * len(self.processes)
        world, attrition = cell.model.world, cell.model.settings.attrition
        self._reached_by = camps_that_raid(
            world.network, world.camps, cell.home, attrition.raid_reach_km
        )
        """Camps from which the mission reaches this cell, by index."""
        for process in self.processes:
            self._await(process, 0.0)

    def _processes(self) -> tuple[StrikeProcess, ...]:
        attrition = self.owner.model.settings.attrition
        n_cells = len(self.owner.model.world.cells)
        counter_terror = attrition.counter_terror_per_month / n_cells
        return (
            StrikeProcess(
                0,
                Cause.RAID,
                attrition.strikes_ceiling_factor
                * raids_per_month(attrition.raids_per_month_per_100, REFERENCE_PEOPLE, n_cells),
                self._raids_per_month,
                attrition.raid_loss,
                attrition.raid_civilians,
            ),
            StrikeProcess(
                1,
                Cause.RAID,
                # No more than at full progress and without grievance.
                attrition.tips_per_month * attrition.raids_per_tip / n_cells,
                self._tip_raids_per_month,
                attrition.raid_loss,
                attrition.raid_civilians,
            ),
            StrikeProcess(
                2,
                Cause.COUNTER_TERROR,
                counter_terror,
                lambda: counter_terror,
                attrition.counter_terror_loss,
                attrition.counter_terror_civilians,
            ),
        )

    def _raids_per_month(self) -> float:
        model, people = self.owner.model, 0.0
        for unit in model.units:
            if unit.company.unit_type == "isr" and unit.camp.index in self._reached_by:
                people += unit.strength
        return float(
            raids_per_month(
                model.settings.attrition.raids_per_month_per_100, people, len(model.world.cells)
            )
        )

    def _tip_raids_per_month(self) -> float:
        model, attrition = self.owner.model, self.owner.model.settings.attrition
        if not any(model.camps[index].garrison > 0.0 for index in self._reached_by):
            return 0.0  # nobody who could follow a tip
        return float(
            tip_raids_per_month(
                attrition.tips_per_month,
                model.politics.progress(),
                model.grievance.now(),
                attrition.tips_lost_to_grievance,
                attrition.raids_per_tip,
                len(model.world.cells),
            )
        )

    def _await(self, process: StrikeProcess, from_h: float) -> None:
        if process.ceiling_per_month == 0.0:
            return
        model, key = self.owner.model, self.owner.key
        count = self.n_candidates[process.number]
        days = waiting_time(
            model.draw(Stream.CELL_STRIKE_TIME, key, process.number, count),
            process.ceiling_per_month / DAYS_PER_MONTH,
        )
        # Kinds of strike on one cell share its key, so the kind is a part of the count.
        model.agenda.add(
            from_h + days * HOURS_PER_DAY,
            Turn.CELL_STRIKE,
            key,
            count * len(self.processes) + process.number,
            lambda _: self._happen(process),
        )

    def _happen(self, process: StrikeProcess) -> None:
        """A candidate: the cell is struck, if it is there and the rate of the moment has it so."""
        cell = self.owner
        model = cell.model
        key = (cell.key, process.number, self.n_candidates[process.number])
        self.n_candidates[process.number] += 1
        self._await(process, model.now_h)
        chance = acceptance(
            process.rate_per_month(),
            process.ceiling_per_month,
            f"strikes on {cell.site.name}",
            "attrition.strikes_ceiling_factor",
        )
        if not cell.is_active or model.draw(Stream.CELL_STRIKE_ACCEPTED, *key) >= chance:
            return
        civilians = n_victims(model.draw(Stream.CELL_STRIKE_CIVILIANS, *key), process.civilians)
        cell.lose(process.loss, process.cause, civilians=civilians)
