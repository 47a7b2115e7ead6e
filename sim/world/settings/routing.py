"""How convoys choose roads and how fast they move."""

from dataclasses import dataclass

from sim.open_words import OpenWords
from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CHOICE, PUBLISHED


@dataclass(frozen=True)
class Routing:
    """How convoys choose roads and how fast they move."""

    policy: str = parameter(
        "shortest",
        choices=OpenWords("routing.policy", "shortest", "least_risk", "mixed"),
        meaning="Least time, least estimated risk, or an unpredictable mix of safe ways; the "
        "latter two within the detour limit",
        is_lever=True,
        source="sim/policies/routing/; the mix: Washburn & Wood (1995)",
        grade=CHOICE,
    )
    detour_limit: float = parameter(
        1.5,
        low=1.0,
        high=10.0,
        meaning="Longest travel time of a safer route over that of the fastest",
        is_lever=True,
        source="assumption 17",
        grade=ASSUMED,
    )
    reroute_after_find: bool = parameter(
        True,
        meaning="A convoy that found a device or was struck asks for a new way from where it is, "
        "on or back along its road; the policy `shortest` never does",
        is_lever=True,
        source="what a policy decides",
        grade=CHOICE,
    )
    instant_passage: bool = parameter(
        False,
        meaning="Convoys and patrols pass everything in the moment that they leave",
        source="verification switch",
        grade=CHOICE,
    )
    daylight_start_h: float = parameter(
        6.0,
        unit="h of the day",
        low=0.0,
        high=24.0,
        meaning="Hour at which vehicles may move",
        source="assumption 98: daylight driving; 0 and 24 drive round the clock",
        grade=ASSUMED,
    )
    daylight_end_h: float = parameter(
        17.0,
        unit="h of the day",
        low=0.0,
        high=24.0,
        meaning="Hour at which they halt for the night",
        source="assumption 98: daylight driving",
        grade=ASSUMED,
    )
    convoy_speed_factor: float = parameter(
        0.6,
        low=0.01,
        high=1.0,
        meaning="Speed of a supply convoy over that of an unhindered light vehicle",
        source="assumption 95: gives about 350 km a day unhindered on the main roads",
        grade=ASSUMED,
    )
    patrol_speed_factor: float = parameter(
        0.6,
        low=0.01,
        high=1.0,
        meaning="Speed of a patrol over that of an unhindered light vehicle",
        source="assumption 18",
        grade=ASSUMED,
    )
    threatened_km_per_day: float = parameter(
        65.0,
        unit="km/d",
        low=1.0,
        high=1000.0,
        meaning="Progress of an escorted convoy, which searches as it goes: the slower, the longer",
        is_lever=True,
        source="352 km in 8 days, 400 in 6, 600 in 7: 44 to 86 (convoy_progress_threatened in "
        "calibration_targets.csv)",
        grade=PUBLISHED,
    )
    find_halt_h: float = parameter(
        4.0,
        unit="h",
        low=0.0,
        high=240.0,
        meaning="Halt of a convoy that found a device",
        source="assumption 19",
        grade=ASSUMED,
    )
    strike_halt_h: float = parameter(
        8.0,
        unit="h",
        low=0.0,
        high=240.0,
        meaning="Halt of a convoy that was struck",
        source="assumption 19",
        grade=ASSUMED,
    )
