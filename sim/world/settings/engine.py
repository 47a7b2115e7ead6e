"""Which engine lets time pass."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import CHOICE


@dataclass(frozen=True)
class Engine:
    """Which engine lets time pass."""

    name: str = parameter(
        "reference",
        choices=("reference",),
        meaning="The engine: Mesa agents, written to be read",
        source="sim/engines/",
        grade=CHOICE,
    )
