"""What is kept of a run."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import CHOICE


@dataclass(frozen=True)
class Results:
    """What is kept of a run."""

    detail: str = parameter(
        "incidents",
        choices=("measures", "incidents", "full"),
        meaning="Measures alone, incidents too, or every passage as well",
        source="sim/results/",
        grade=CHOICE,
    )
