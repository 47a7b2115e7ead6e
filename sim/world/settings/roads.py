"""The road graph, how finely it is cut, and what the wet season does to it."""

from dataclasses import dataclass

from sim.roads.tables import CONFIDENCES
from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CHOICE, DERIVED, PUBLISHED


@dataclass(frozen=True)
class Roads:
    """The road graph, how finely it is cut, and what the wet season does to it."""

    name: str = parameter(
        "northern_mali",
        meaning="Road graph: a shipped name, or the path of a folder with the same five tables",
        source="sim/data/roads/",
        grade=CHOICE,
    )
    min_confidence: str = parameter(
        "doubtful",
        choices=CONFIDENCES,
        meaning="Roads whose length or existence is less certain than this are left out",
        source="column `confidence` of roads.csv",
        grade=CHOICE,
    )
    max_segment_km: float = parameter(
        25.0,
        unit="km",
        low=0.5,
        high=200.0,
        meaning="Longest piece into which roads are cut",
        source="one team-day of road clearance",
        grade=CHOICE,
    )
    near_camp_segment_km: float = parameter(
        5.0,
        unit="km",
        low=0.5,
        high=200.0,
        meaning="Longest piece near a camp, where patrols turn around",
        source="mean reach of a patrol is 12 km",
        grade=CHOICE,
    )
    near_camp_km: float = parameter(
        30.0,
        unit="km",
        low=0.0,
        high=200.0,
        meaning="Road distance from a camp within which the finer cut applies",
        source="2.5 times the mean reach of a patrol",
        grade=CHOICE,
    )
    wet_season_first_month: int = parameter(
        7,
        unit="month",
        low=1,
        high=12,
        meaning="First month of rains and flood",
        source="column `seasonal` of roads.csv: July to December",
        grade=PUBLISHED,
    )
    wet_season_last_month: int = parameter(
        12,
        unit="month",
        low=1,
        high=12,
        meaning="Last month of rains and flood",
        source="column `seasonal` of roads.csv: July to December",
        grade=PUBLISHED,
    )
    wet_speed_factor: float = parameter(
        0.4,
        low=0.05,
        high=1.0,
        meaning="Speed on a seasonal road in the wet season over its dry speed",
        source="assumption 1: 'cut or very slow' in the road table",
        grade=ASSUMED,
    )
    ferry_wait_h: float = parameter(
        2.0,
        unit="h",
        low=0.0,
        high=24.0,
        meaning="Wait and crossing at a river without a bridge",
        source="Bamada travel account of Korioume: half an hour on board and more than an hour of "
        "crossing; the queue is assumed",
        grade=DERIVED,
    )
