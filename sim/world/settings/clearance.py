"""Clearance teams, what they find, and the picture that tells them where to look."""

from dataclasses import dataclass

from sim.open_words import OpenWords
from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CALIBRATED, CHOICE, PROCESSES, TRIAL


@dataclass(frozen=True)
class Clearance:
    """Clearance teams, what they find, and the picture that tells them where to look."""

    policy: str = parameter(
        "fixed_round",
        choices=OpenWords(
            "clearance.policy",
            "none",
            "fixed_round",
            "random_sweep",
            "highest_risk",
            "ahead_of_convoy",
            "allocation",
        ),
        meaning="How teams choose the road to sweep each day",
        is_lever=True,
        source="sim/policies/clearance/",
        grade=CHOICE,
    )
    with_convoys: bool = parameter(
        False,
        meaning="A free team of the hub goes ahead of each escorted supply convoy until it is home "
        "again, and sweeps nothing meanwhile",
        is_lever=True,
        source="what a policy decides",
        grade=CHOICE,
    )
    ahead_find_probability: float = parameter(
        0.3,
        low=0.0,
        high=1.0,
        meaning="Probability that a team ahead of a convoy finds a device of mean concealment, at "
        "the reference training level",
        source="assumption 86: below the 1 - exp(-2.8 / 5.9) = 0.38 that the search rate of a "
        "sweep gives at a convoy's 65 km in 11 hours; to be varied",
        grade=ASSUMED,
    )
    process: str = parameter(
        "policy",
        choices=PROCESSES,
        meaning="`poisson` and `periodic` sweep every piece at a fixed rate, whatever the teams",
        source="verification switch",
        grade=CHOICE,
    )
    process_rate_per_day: float = parameter(
        0.0,
        unit="1/d",
        low=0.0,
        high=1000.0,
        meaning="Sweeps of each piece a day when the process is not `policy`",
        source="verification switch",
        grade=CHOICE,
    )
    fixed_find_probability: float | None = parameter(
        None,
        low=0.0,
        high=1.0,
        meaning="A sweep finds each device with this probability, whatever team and effort",
        source="verification switch",
        grade=CHOICE,
    )
    people_per_team: float = parameter(
        35.0,
        unit="persons",
        low=1.0,
        high=500.0,
        meaning="People of an EOD unit behind one clearance team",
        source="assumption 91: four teams and a road-clearance platoon in a company of 140",
        grade=ASSUMED,
    )
    team_h_per_day: float = parameter(
        8.0,
        unit="h",
        low=0.0,
        high=24.0,
        meaning="Working hours of a team on a day that it goes out",
        is_lever=True,
        source="assumption 12: daylight less preparation",
        grade=ASSUMED,
    )
    available_share: float = parameter(
        0.6,
        low=0.0,
        high=1.0,
        meaning="Share of days on which a team goes out",
        is_lever=True,
        source=TRIAL,
        grade=CALIBRATED,
    )
    team_reach_km: float = parameter(
        45.0,
        unit="km",
        low=0.0,
        high=1000.0,
        meaning="Road distance from its base within which a team works",
        is_lever=True,
        source="assumption 13: the longest piece there and back fits into a day",
        grade=ASSUMED,
    )
    transit_kph: float = parameter(
        30.0,
        unit="km/h",
        low=1.0,
        high=120.0,
        meaning="Speed of a team on its way to, between and from its pieces",
        source="assumption 13",
        grade=ASSUMED,
    )
    sweep_kph: float = parameter(
        5.0,
        unit="km/h",
        low=0.1,
        high=60.0,
        meaning="Speed of a team while it searches",
        source="a piece of 25 km a day",
        grade=CALIBRATED,
    )
    search_rate_km_per_h: float = parameter(
        2.8,
        unit="km/h",
        low=0.0,
        high=60.0,
        meaning="Length of road effectively searched in one team-hour",
        source="q = 0.43 a piece with the sweep speed above; " + TRIAL,
        grade=CALIBRATED,
    )
    convoy_lead_h: float = parameter(
        72.0,
        unit="h",
        low=0.0,
        high=720.0,
        meaning="How long before a convoy a sweep ahead of it counts; what comes later goes unseen",
        is_lever=True,
        source="assumption 26",
        grade=ASSUMED,
    )
    in_use_passages_per_day: float = parameter(
        0.02,
        unit="1/d",
        low=0.0,
        high=100.0,
        meaning="A fixed round leaves out roads with fewer passages a day by the command's books",
        is_lever=True,
        source="assumption 26: less than one in seven weeks",
        grade=ASSUMED,
    )
    stale_days: float = parameter(
        7.0,
        unit="d",
        low=0.1,
        high=365.0,
        meaning="Days after a sweep until a piece counts in full again for `highest_risk`",
        is_lever=True,
        source="assumption 26",
        grade=ASSUMED,
    )
    allocation_contact_probability: float = parameter(
        0.6,
        low=0.01,
        high=1.0,
        meaning="Chance that `allocation` reckons with of a device being found or acting when a "
        "convoy or patrol passes",
        is_lever=True,
        source="assumption 69: a patrol of four vehicles that finds 0.28 of devices first",
        grade=ASSUMED,
    )
    allocation_find_probability: float = parameter(
        0.43,
        low=0.01,
        high=1.0,
        meaning="Chance that `allocation` reckons with of a sweep finding a device",
        is_lever=True,
        source="assumption 69: what a sweep of a piece finds by the defaults, as exercises tell "
        "the command",
        grade=ASSUMED,
    )
    allocation_device_life_days: float = parameter(
        30.0,
        unit="d",
        low=0.1,
        high=3650.0,
        meaning="Mean life that `allocation` reckons with of a device that the mission leaves "
        "alone",
        is_lever=True,
        source="assumption 69",
        grade=ASSUMED,
    )
    render_safe_h: float = parameter(
        3.0,
        unit="h",
        low=0.0,
        high=48.0,
        meaning="Team-hours to make a found device or decoy safe",
        source="assumption 14",
        grade=ASSUMED,
    )
    false_alarms_per_100_km: float = parameter(
        2.0,
        unit="1/100 km",
        low=0.0,
        high=1000.0,
        meaning="Mean false alarms of a team on 100 km swept; 0 switches them off",
        source="assumption 49",
        grade=ASSUMED,
    )
    false_alarm_h: float = parameter(
        0.5,
        unit="h",
        low=0.0,
        high=48.0,
        meaning="Team-hours that a false alarm costs",
        source="assumption 49",
        grade=ASSUMED,
    )
    accident_probability: float = parameter(
        0.004,
        low=0.0,
        high=1.0,
        meaning="Probability of an accident when a team makes a device safe; 0 switches "
        "accidents off",
        source="assumption 50",
        grade=ASSUMED,
    )
    accident_exposed: int = parameter(
        2,
        unit="persons",
        low=0,
        high=35,
        meaning="People of a team exposed to an accident",
        source="assumption 50",
        grade=ASSUMED,
    )
    accident_death_probability: float = parameter(
        0.4,
        low=0.0,
        high=1.0,
        meaning="Probability that one of them is killed; else wounded",
        source="assumption 50",
        grade=ASSUMED,
    )
    picture_half_life_days: float = parameter(
        60.0,
        unit="d",
        low=0.1,
        high=3650.0,
        meaning="Half-life of finds, strikes and passages in the command's picture",
        source="assumption 15",
        grade=ASSUMED,
    )
    picture_prior_per_1000_km: float = parameter(
        0.05,
        unit="1/1000 km",
        low=0.0,
        high=1000.0,
        meaning="Devices met per 1,000 km driven that the command expects where it knows nothing",
        source="assumption 16: about the mean over the mission",
        grade=ASSUMED,
    )
    picture_prior_passages: float = parameter(
        200.0,
        unit="passages",
        low=0.001,
        high=1e6,
        meaning="Passages that this expectation is worth",
        source="assumption 16",
        grade=ASSUMED,
    )
