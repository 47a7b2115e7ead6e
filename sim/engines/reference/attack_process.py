"""When one cell may attack: candidates at a ceiling, thinned by its strength and motivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, waiting_time
from sim.engines.reference.thinning import acceptance
from sim.rules.attack import attack_rate_per_day
from sim.world.events import Turn
from sim.world.severities import KINDS_PER_CELL

if TYPE_CHECKING:
    from sim.engines.reference.militant_cell import MilitantCell


class AttackProcess:
    """One kind of attack by one cell; who attacks what is left to `attack`.

    Candidate times lie at the ceiling and depend on the key alone: the cell, the kind of attack
    and a number. With a rate of 0 there are none.
    """

    turn: Turn
    time_stream: Stream
    accepted_stream: Stream

    def __init__(self, cell: MilitantCell, per_month: float, kind: int, place: int) -> None:
        self.model = cell.model
        self.militant = cell
        self.kind = kind
        """What `other` is in its draws."""
        self.place = place
        """Its turn among the kinds of one cell."""
        self.ceiling_per_day = self.model.settings.attacks.ceiling_factor * attack_rate_per_day(
            per_month, len(self.model.world.cells)
        )
        self.n_candidates = 0
        if per_month > 0.0:
            self._await_candidate(0.0)

    def _await_candidate(self, from_h: float) -> None:
        number = self.n_candidates
        wait_days = waiting_time(
            self.model.draw(self.time_stream, self.militant.key, self.kind, number),
            self.ceiling_per_day,
        )
        self.model.agenda.add(
            from_h + wait_days * HOURS_PER_DAY,
            self.turn,
            self.militant.key,
            number * KINDS_PER_CELL + self.place,
            self.decide,
        )

    def decide(self, version: int) -> None:
        """Attack at a candidate time, or not: thinned from the ceiling to the present rate."""
        model, cell = self.model, self.militant
        number = self.n_candidates
        self.n_candidates += 1
        self._await_candidate(model.now_h)
        if not cell.is_active:
            return
        chance = acceptance(
            cell.strength_now() * model.politics.motivation(),
            model.settings.attacks.ceiling_factor,
            f"attacks of {cell.site.name}",
            "attacks.ceiling_factor",
        )
        if model.draw(self.accepted_stream, cell.key, self.kind, number) < chance:
            self.attack(number)

    def attack(self, number: int) -> None:
        """Attack, where there is somebody to attack."""
        raise NotImplementedError
