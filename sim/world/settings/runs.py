"""When a run begins, when scenarios part, when it ends, and on which luck."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import CHOICE


@dataclass(frozen=True)
class Runs:
    """When a run begins, when scenarios part, when it ends, and on which luck."""

    start: str = parameter(
        "2016-07-01",
        meaning="First day after the warm-up, ISO date",
        source="situation of June 2016",
        grade=CHOICE,
    )
    decision_date: str = parameter(
        "2016-07-01",
        meaning="Day from which scenarios differ and measures count, ISO date",
        source="situation of June 2016",
        grade=CHOICE,
    )
    end: str = parameter(
        "2019-07-01",
        meaning="First day that is no longer simulated, ISO date",
        source="packages arrive after 8 to 12 months, so three years show what they do",
        grade=CHOICE,
    )
    warm_up_days: int = parameter(
        365,
        unit="d",
        low=0,
        high=3650,
        meaning="Days before the start that fill roads and memories, the same for all scenarios",
        source="twelve half-lives of what cells remember",
        grade=CHOICE,
    )
    seed: int = parameter(
        1,
        low=0,
        high=2**32 - 1,
        meaning="The luck of a study: the same seed gives the same runs",
        source="sim/draws.py",
        grade=CHOICE,
    )
    n_runs: int = parameter(
        1,
        unit="runs",
        low=1,
        high=10_000_000,
        meaning="Runs that `convoy-risk run` and `simulate` make; `compare` decides by itself",
        source="one run is a first look",
        grade=CHOICE,
    )
