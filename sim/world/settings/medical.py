"""Evacuation: how long the wounded wait, and how many of them that costs."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED


@dataclass(frozen=True)
class Medical:
    """Evacuation: how long the wounded wait, and how many of them that costs."""

    untreated_death_probability: float = parameter(
        0.05,
        low=0.0,
        high=1.0,
        meaning="Probability that somebody wounded dies who is never treated; 0 switches "
        "evacuation delay off",
        source="assumption 41: slight wounds are counted too; one death days later is reported in "
        "the dated list of attacks, July 2013 - June 2016",
        grade=ASSUMED,
    )
    death_half_life_h: float = parameter(
        3.0,
        unit="h",
        low=0.1,
        high=1000.0,
        meaning="Delay in which half of those deaths have come",
        source="assumption 41",
        grade=ASSUMED,
    )
    helicopter_camps: dict[str, bool] = parameter(
        {"gao": True, "kidal": True, "timbuktu": True, "sevare": True},
        meaning="Camps with a hospital and a helicopter for the wounded; camps with an aviation "
        "unit count as such too",
        is_lever=True,
        source="assumption 42: camps with a level 2 hospital",
        grade=ASSUMED,
    )
    helicopter_radius_km: float = parameter(
        250.0,
        unit="km",
        low=0.0,
        high=2000.0,
        meaning="Straight distance within which it flies",
        source="assumption 42",
        grade=ASSUMED,
    )
    helicopter_kph: float = parameter(
        220.0,
        unit="km/h",
        low=1.0,
        high=500.0,
        meaning="Its speed",
        source="assumption 42: a medium transport helicopter",
        grade=ASSUMED,
    )
    helicopter_alert_h: float = parameter(
        1.5,
        unit="h",
        low=0.0,
        high=48.0,
        meaning="Time from the attack until it takes off",
        is_lever=True,
        source="assumption 42",
        grade=ASSUMED,
    )
    ground_kph: float = parameter(
        30.0,
        unit="km/h",
        low=1.0,
        high=120.0,
        meaning="Speed of evacuation by road to a hospital, where that is sooner than by air",
        source="assumption 42",
        grade=ASSUMED,
    )
