"""Attacks on camps: which camp in reach, how many are killed and wounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.draws import Stream
from sim.engines.reference.attack_process import AttackProcess
from sim.rules.attack import camp_weight, n_killed_in_attack
from sim.rules.emplacement import chosen_place
from sim.rules.others import n_victims
from sim.world.events import Kind, Turn
from sim.world.reach import camps_to_attack
from sim.world.severities import Severity

if TYPE_CHECKING:
    from sim.engines.reference.camp import Camp
    from sim.engines.reference.militant_cell import MilitantCell


class CampAttacks(AttackProcess):
    """Attacks of one kind by one cell on the camps within its reach."""

    turn = Turn.CAMP_ATTACK
    time_stream = Stream.CAMP_ATTACK_TIME
    accepted_stream = Stream.CAMP_ATTACK_ACCEPTED

    def __init__(self, cell: MilitantCell, severity: Severity, place: int) -> None:
        self.severity = severity
        self.in_reach = camps_in_reach(cell)
        super().__init__(cell, severity.per_month, int(severity.cause), place)

    def attack(self, number: int) -> None:
        """Attack one of the camps in reach; nothing happens where none has a garrison."""
        model, attacks, severity = self.model, self.model.settings.attacks, self.severity
        key = (self.militant.key, self.kind, number)
        camp = self._chosen_camp(model.draw(Stream.CAMP_ATTACK_TARGET, *key))
        if camp is None:
            return
        n_people = int(camp.garrison)
        killed = n_killed_in_attack(
            model.draw(Stream.CAMP_ATTACK_KILLED, *key),
            severity.fatal,
            severity.exponent,
            min(attacks.camp_most_killed, n_people),
        )
        wounded = min(
            n_people - killed,
            n_victims(model.draw(Stream.CAMP_ATTACK_WOUNDED, *key), severity.wounded),
        )
        died = model.evacuation.n_died(
            wounded,
            model.evacuation.delay_from_camp_h(camp),
            model.evacuation.training_level_at(camp),
            key,
        )
        model.ledger.put(
            model.now_h,
            Kind.CAMP_ATTACKED,
            entity=self.militant.key,
            cause=severity.cause,
            camp=camp.index,
            killed=killed + died,
            wounded=wounded - died,
        )

    def _chosen_camp(self, draw: float) -> Camp | None:
        beta = self.model.settings.attacks.camp_beta_distance_per_km
        weights = np.array(
            [
                # Less than one person is nobody to attack.
                camp_weight(camp.garrison, distance_km, beta) if camp.garrison >= 1.0 else 0.0
                for camp, distance_km in self.in_reach
            ]
        )
        place = chosen_place(draw, weights, len(self.in_reach), 0.0)
        return None if place < 0 else self.in_reach[place][0]


def camps_in_reach(cell: MilitantCell) -> list[tuple[Camp, float]]:
    """Camps that a cell attacks, hubs first, with their distance in km: near, and in its area."""
    world, attacks = cell.model.world, cell.model.settings.attacks
    return [
        (cell.model.camps[index], distance_km)
        for index, distance_km in camps_to_attack(
            world.network, world.camps, cell.home, cell.site.area, attacks.camp_reach_km
        )
    ]
