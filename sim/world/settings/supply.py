"""Supply by road: what camps need, what carries it, who escorts it."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CALIBRATED, CHOICE, PROCESSES


@dataclass(frozen=True)
class Supply:
    """Supply by road: what camps need, what carries it, who escorts it."""

    process: str = parameter(
        "policy",
        choices=PROCESSES,
        meaning="`poisson` and `periodic` send convoys at a fixed rate, whatever the stock",
        source="verification switch",
        grade=CHOICE,
    )
    process_rate_per_day: float = parameter(
        0.0,
        unit="1/d",
        low=0.0,
        high=1000.0,
        meaning="Convoys a day on each leg when the process is not `policy`",
        source="verification switch",
        grade=CHOICE,
    )
    kg_per_person_day: float = parameter(
        8.0,
        unit="kg",
        low=0.0,
        high=100.0,
        meaning="Supplies that come by road, a person and day; fuel, water and air loads outside",
        source="8 kg with trucks of 15 t, or 12 kg with 20 t, give two convoys a month from Gao",
        grade=CALIBRATED,
    )
    truck_tonnes: float = parameter(
        15.0,
        unit="t",
        low=0.1,
        high=60.0,
        meaning="Load of a truck",
        source="8 kg with trucks of 15 t, or 12 kg with 20 t, give two convoys a month from Gao",
        grade=CALIBRATED,
    )
    preparation_days: float = parameter(
        2.0,
        unit="d",
        low=0.0,
        high=60.0,
        meaning="Time between an order and the dawn from which its convoy may leave",
        is_lever=True,
        source="assumption 23: loading, inspection, notice to escort and clearance",
        grade=ASSUMED,
    )
    departure: str = parameter(
        "as_ready",
        choices=("as_ready", "after_sweep", "bundled"),
        meaning="When a ready load leaves: at once, when its route has been swept, or when a "
        "full convoy has come together for camps along one road",
        is_lever=True,
        source="what a policy decides",
        grade=CHOICE,
    )
    departure_patience_days: float = parameter(
        7.0,
        unit="d",
        low=0.0,
        high=365.0,
        meaning="Longest that a ready load waits for a sweep or for more loads",
        is_lever=True,
        source="assumption 51",
        grade=ASSUMED,
    )
    swept_share: float = parameter(
        0.8,
        low=0.0,
        high=1.0,
        meaning="Share of the route within reach of the teams that must have been swept lately",
        is_lever=True,
        source="assumption 51",
        grade=ASSUMED,
    )
    load_vehicles: int = parameter(
        35,
        unit="vehicles",
        low=1,
        high=300,
        meaning="Most trucks with loads in a convoy",
        is_lever=True,
        source="assumption 92: about 35 carry loads in a convoy of about 50 "
        "(logistic_convoys_per_month_from_gao in calibration_targets.csv)",
        grade=ASSUMED,
    )
    escort_vehicles: int = parameter(
        15,
        unit="vehicles",
        low=0,
        high=100,
        meaning="Escort vehicles of a convoy",
        is_lever=True,
        source="assumption 92: the other 15 of about 50 vehicles "
        "(logistic_convoys_per_month_from_gao in calibration_targets.csv)",
        grade=ASSUMED,
    )
    min_escort_vehicles: int = parameter(
        4,
        unit="vehicles",
        low=0,
        high=100,
        meaning="Escort vehicles of the smallest convoy; larger ones in proportion to trucks",
        is_lever=True,
        source="assumption 20: no fewer than a patrol",
        grade=ASSUMED,
    )
    truck_occupants: int = parameter(
        2,
        unit="persons",
        low=1,
        high=10,
        meaning="People in a truck",
        source="assumption 20: driver and mate",
        grade=ASSUMED,
    )
    contractor_share: float = parameter(
        0.7,
        low=0.0,
        high=1.0,
        meaning="Share of trucks that contractors drive; they are counted apart",
        source="assumption 21",
        grade=ASSUMED,
    )
    initial_stock_days: float = parameter(
        60.0,
        unit="d",
        low=0.0,
        high=365.0,
        meaning="Mean stock of a camp at the beginning, in days of need",
        source="assumption 22: midway between reorder level and target",
        grade=ASSUMED,
    )
    initial_stock_spread: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        meaning="Stocks at the beginning lie evenly within this share of the mean, camp by camp",
        source="assumption 22: so that camps do not order in step",
        grade=ASSUMED,
    )
    reorder_days: float = parameter(
        30.0,
        unit="d",
        low=0.0,
        high=365.0,
        meaning="A camp orders when stock and orders fall below this many days of need, or "
        "earlier by what fills a whole convoy",
        is_lever=True,
        source="assumption 22",
        grade=ASSUMED,
    )
    target_days: float = parameter(
        90.0,
        unit="d",
        low=0.0,
        high=730.0,
        meaning="An order fills stock and orders up to this many days of need",
        is_lever=True,
        source="assumption 22",
        grade=ASSUMED,
    )
    loading_h: float = parameter(
        24.0,
        unit="h",
        low=0.0,
        high=240.0,
        meaning="Time at each destination before the way on or back",
        source="assumption 23",
        grade=ASSUMED,
    )
    trucks_by_hub: dict[str, float] = parameter(
        {"bamako": 105.0, "sevare": 175.0, "gao": 105.0, "timbuktu": 35.0, "kidal": 35.0},
        unit="vehicles",
        low=0.0,
        high=100_000.0,
        meaning="Trucks based at each hub; a hub that is not named has `trucks_elsewhere`",
        is_lever=True,
        source="assumption 24: no source counts them; trucks of three convoys at Bamako and Gao, "
        "five at Sevare and one elsewhere are about twice what is on the road on a common day",
        grade=ASSUMED,
    )
    trucks_elsewhere: float = parameter(
        35.0,
        unit="vehicles",
        low=0.0,
        high=100_000.0,
        meaning="Trucks at a hub that is not named in `trucks_by_hub`",
        is_lever=True,
        source="assumption 24",
        grade=ASSUMED,
    )
    unescorted_hubs: dict[str, bool] = parameter(
        {"bamako": True},
        meaning="Hubs whose convoys drive without escort at unhindered speed",
        is_lever=True,
        source="assumption 93: Bamako-Sevare is taken as safe enough",
        grade=ASSUMED,
    )
    escort_rest_days: float = parameter(
        3.0,
        unit="d",
        low=0.0,
        high=60.0,
        meaning="Rest of an escort after its return",
        is_lever=True,
        source="assumption 25",
        grade=ASSUMED,
    )
    withdrawal_road_share: float = parameter(
        0.33,
        low=0.0,
        high=1.0,
        meaning="Share of the people of a camp that closes who leave by road; the others are "
        "flown out",
        is_lever=True,
        source="assumption 61: the last convoy from Kidal carried 848 people (note to "
        "correspondents, 8 November 2023), a third of those who were there in 2016",
        grade=ASSUMED,
    )
    escort_share: float = parameter(
        0.25,
        low=0.0,
        high=1.0,
        meaning="Share of the infantry companies of a camp, one at least, that may be on escort "
        "or resting from it at one time; the others hold the camp; 1 sets no limit",
        is_lever=True,
        source="assumption 62: most of a garrison guards its camp and patrols about it",
        grade=ASSUMED,
    )
    combat_convoy_operations_per_month: float = parameter(
        2.0,
        unit="1/month",
        low=0.1,
        high=100.0,
        meaning="Most escorts a month by one combat convoy company",
        source="assumption 94: about two operations a month each, on shorter legs",
        grade=ASSUMED,
    )
