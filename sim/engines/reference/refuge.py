"""Refuge: a cell that lost people may slip away, grow again out of reach, and come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, waiting_time
from sim.rules.refuge import flight_probability
from sim.world.events import Kind, Turn
from sim.world.reach import km_to_refuge

if TYPE_CHECKING:
    from sim.engines.reference.militant_cell import MilitantCell


class Refuge:
    """Whether one cell is in refuge, and what takes it there and back."""

    def __init__(self, cell: MilitantCell) -> None:
        self.owner = cell
        self.is_taken = False
        self.n_losses = 0
        """Numbers the draws: one for each loss."""
        self.distance_km = km_to_refuge(cell.model.world.network, cell.home)

    def consider(self) -> None:
        """The cell has lost people: it may slip away."""
        cell = self.owner
        model, attrition = cell.model, cell.model.settings.attrition
        number = self.n_losses
        self.n_losses += 1
        chance = flight_probability(
            attrition.refuge_probability,
            attrition.border_control,
            self.distance_km,
            attrition.refuge_scale_km,
        )
        if model.draw(Stream.REFUGE_TAKEN, cell.key, 0, number) >= chance:
            return
        cell.settle()
        self.is_taken = True
        self._put(Kind.CELL_FLED)
        days = waiting_time(
            model.draw(Stream.REFUGE_TIME, cell.key, 0, number), 1.0 / attrition.refuge_mean_days
        )
        model.agenda.add(
            model.now_h + days * HOURS_PER_DAY, Turn.CELL_CHANGE, cell.key, number, self.come_back
        )

    def come_back(self, version: int) -> None:
        """Take up at home again."""
        self.owner.settle()
        self.is_taken = False
        self._put(Kind.CELL_RETURNED)

    def _put(self, kind: Kind) -> None:
        cell = self.owner
        cell.model.ledger.put(cell.model.now_h, kind, entity=cell.key, strength=cell.strength_now())
