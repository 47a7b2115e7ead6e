"""All that cells do besides placing devices: attacks on camps, and gunfire on the road."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.reference.attack_process import AttackProcess
from sim.engines.reference.camp_attacks import CampAttacks
from sim.engines.reference.road_fire import RoadFire
from sim.world.severities import severities

if TYPE_CHECKING:
    from sim.engines.reference.militant_cell import MilitantCell


def attacks_of(cells: list[MilitantCell]) -> list[AttackProcess]:
    """The attacks of every cell: each kind on camps, then gunfire."""
    processes: list[AttackProcess] = []
    for cell in cells:
        for place, severity in enumerate(severities(cell.model.settings.attacks)):
            processes.append(CampAttacks(cell, severity, place))
        processes.append(RoadFire(cell))
    return processes
