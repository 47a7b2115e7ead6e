"""Which engine lets time pass."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import CHOICE


@dataclass(frozen=True)
class Engine:
    """Which engine lets time pass."""

    name: str = parameter(
        "batch",
        choices=("batch", "reference"),
        meaning="The engine; `batch` is compiled, `reference` is written to be read, with Mesa "
        "agents: the same events from both",
        source="sim/engines/",
        grade=CHOICE,
    )
