"""Counter-IED training: what units bring, how it fades, what it changes."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CHOICE, DERIVED


@dataclass(frozen=True)
class Training:
    """Counter-IED training: what units bring, how it fades, what it changes."""

    predeployment_level: float = parameter(
        0.4,
        low=0.0,
        high=1.0,
        meaning="Level on arrival of a contingent that is not named below",
        is_lever=True,
        source="assumption 6: no source measures it",
        grade=ASSUMED,
    )
    predeployment_by_contingent: dict[str, float] = parameter(
        {
            "Netherlands": 0.8,
            "Sweden": 0.8,
            "Germany": 0.8,
            "Nepal": 0.6,
            "Cambodia": 0.6,
            "Senegal": 0.5,
            "China": 0.5,
            "Chad": 0.3,
            "Guinea": 0.2,
            "Niger": 0.3,
            "Togo": 0.3,
        },
        low=0.0,
        high=1.0,
        meaning="Level on arrival by contingent",
        is_lever=True,
        source="assumption 6: uneven training is reported, levels by contingent are not",
        grade=ASSUMED,
    )
    predeployment_floor: float = parameter(
        0.0,
        low=0.0,
        high=1.0,
        meaning="Every contingent that rotates in brings at least this level",
        is_lever=True,
        source="what the option `training_first` sets",
        grade=CHOICE,
    )
    reference_level: float = parameter(
        0.35,
        low=0.0,
        high=1.0,
        meaning="Level at which the find probabilities of the threat group hold",
        source="mean level of the force of 2016 under assumption 6",
        grade=DERIVED,
    )
    trained_miss_ratio: float = parameter(
        0.58,
        low=0.05,
        high=1.0,
        meaning="Devices missed at level 1 over devices missed at level 0",
        source="assumption 96: misses of 31% untrained and 18% trained, on foot and in another "
        "theatre; no page that could be cited was found",
        grade=ASSUMED,
    )
    discipline_ratio: float = parameter(
        0.9,
        low=0.05,
        high=1.0,
        meaning="Probability that a vehicle sets a device off at level 1 over that at level 0: "
        "spacing and track discipline; 1 switches it off",
        source="assumption 46: no source measures it; a small effect, to be varied",
        grade=ASSUMED,
    )
    care_ratio: float = parameter(
        0.8,
        low=0.05,
        high=1.0,
        meaning="Wounded who die at level 1 over that at level 0: casualty care; 1 switches it off",
        source="assumption 46: no source measures it; a small effect, to be varied",
        grade=ASSUMED,
    )
    decay_half_life_days: float = parameter(
        730.0,
        unit="d",
        low=30.0,
        high=100_000.0,
        meaning="Time in which a level that is not kept up falls by half",
        source="assumption 7",
        grade=ASSUMED,
    )
    course_seats_per_month: float = parameter(
        0.0,
        unit="1/month",
        low=0.0,
        high=100_000.0,
        meaning="Seats of courses in the mission, for companies that patrol or escort, those of "
        "lowest level first; 0 switches them off",
        is_lever=True,
        source="what an option sets",
        grade=CHOICE,
    )
    course_days: float = parameter(
        10.0,
        unit="d",
        low=0.0,
        high=365.0,
        meaning="Days that a company on a course does not patrol or escort",
        is_lever=True,
        source="assumption 47: a course of ten days",
        grade=ASSUMED,
    )
    course_gain: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        meaning="Share of the gap to full training that a course closes",
        source="assumption 47: no source measures it; vary it over its range",
        grade=ASSUMED,
    )
