"""Political progress: an index in [0, 1] by date, or wandering about such a path."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CHOICE, DERIVED


@dataclass(frozen=True)
class Politics:
    """Political progress: an index in [0, 1] that moves motivation, recruitment and tips alone."""

    path: dict[str, float] = parameter(
        {"2015-06-20": 0.1, "2016-07-01": 0.1, "2018-12-31": 0.25},
        low=0.0,
        high=1.0,
        meaning="Progress by ISO date, straight between dates, level before and after",
        is_lever=True,
        source="share of commitments of the 2015 agreement carried out: 0.1 in mid-2016 and 0.25 "
        "at the end of 2018 (Carter Center)",
        grade=DERIVED,
    )
    reference_level: float = parameter(
        0.1,
        low=0.0,
        high=1.0,
        meaning="Progress at which motivation is 1",
        source="level of mid-2016",
        grade=DERIVED,
    )
    motivation_at_full_progress: float = parameter(
        0.3,
        low=0.0,
        high=1.0,
        meaning="Motivation when every commitment is carried out; straight in between",
        source="assumption 11: vary it; 1 means that progress does not matter",
        grade=ASSUMED,
    )
    process: str = parameter(
        "path",
        choices=("path", "random_walk"),
        meaning="`path` follows the dated path; `random_walk` wanders about it, a step on "
        "the first of each month, turned back at 0 and 1",
        is_lever=True,
        source="what an option sets",
        grade=CHOICE,
    )
    walk_step: float = parameter(
        0.02,
        low=0.0,
        high=1.0,
        meaning="Standard deviation of a monthly step of the random walk",
        is_lever=True,
        source="assumption 48: after three years progress has strayed by 0.12 (standard "
        "deviation), about as much as the dated path moves in them",
        grade=ASSUMED,
    )
