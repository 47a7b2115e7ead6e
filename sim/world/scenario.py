"""The scenario: every number that a run depends on, declared once with unit, range and source.

A scenario has one dataclass for each group of settings; a folder of the same name under `configs/`
holds the files that change them. Defaults stand here alone. Until the decision date a run lives in
the world of `Scenario.before`, so that scenarios share their past.
"""

import dataclasses
import difflib
import hashlib
import json
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sim.clock import Clock
from sim.errors import ScenarioError
from sim.roads.tables import CONFIDENCES, UNIT_TYPES
from sim.world.parameter import Grade, check_ranges, levers_of, parameter

PUBLISHED, DERIVED, CALIBRATED = Grade.PUBLISHED, Grade.DERIVED, Grade.CALIBRATED
ASSUMED, CHOICE = Grade.ASSUMED, Grade.CHOICE

TRIAL = "calibrated on this road graph against data/facts/calibration_targets.csv"
PROCESSES = ("policy", "poisson", "periodic")


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


@dataclass(frozen=True)
class Reinforcement:
    """A named unit that comes (and may leave) at a date; strength joins evenly over the ramp."""

    camp: str
    unit_type: str
    strength: float
    arrival: str
    """First day in the mission, ISO date; `never` for a unit that was promised and did not come."""
    departure: str = "never"
    """First day away again."""
    ramp_days: float = 0.0
    """Companies arrive evenly over this many days."""
    contingent: str = "reinforcement"
    predeployment_level: float | None = None
    """Training on arrival; None takes the level of the contingent."""
    protected_share: float | None = None
    """Share of its vehicles that are mine-protected; None takes `force.protected_share`."""


@dataclass(frozen=True)
class Force:
    """The mission: how many people, in which units, and how they patrol."""

    strength: float = parameter(
        12000.0,
        unit="persons",
        low=0.0,
        high=100_000.0,
        meaning="Uniformed people of the units table, to which its strengths are scaled; "
        "reinforcements come on top",
        is_lever=True,
        source="June 2016: about 12,000 (sim/data/roads/northern_mali/units.csv)",
        grade=PUBLISHED,
    )
    company_size: float = parameter(
        135.0,
        unit="persons",
        low=20.0,
        high=300.0,
        meaning="People in a full company; the rest of a contingent is a fraction of one",
        source="companies of 120-150",
        grade=PUBLISHED,
    )
    protected_share: float = parameter(
        0.6,
        low=0.0,
        high=1.0,
        meaning="Share of patrol and escort vehicles that are mine-protected",
        is_lever=True,
        source="assumption 2",
        grade=ASSUMED,
    )
    rotation_days: float = parameter(
        365.0,
        unit="d",
        low=30.0,
        high=3650.0,
        meaning="Time between rotations of a contingent; a rotation resets training",
        is_lever=True,
        source="assumption 3: tours of 6 to 12 months",
        grade=ASSUMED,
    )
    patrol_process: str = parameter(
        "policy",
        choices=("policy", "none"),
        meaning="`policy` sends patrols from companies that are free; `none` keeps them in camp",
        is_lever=True,
        source="verification switch",
        grade=CHOICE,
    )
    patrols_per_year: float = parameter(
        14500.0,
        unit="1/year",
        low=0.0,
        high=100_000.0,
        meaning="Patrols of the mission at the reference strength with no company on escort",
        is_lever=True,
        source="14,700 in July 2013 - May 2014; 13,000 in 2021 (calibration_targets.csv), which is "
        "what remains of this number when companies on escort do not patrol",
        grade=CALIBRATED,
    )
    patrol_reference_strength: float = parameter(
        9867.0,
        unit="persons",
        low=1.0,
        high=100_000.0,
        meaning="Strength of infantry at which that many patrols go out",
        source="infantry in units.csv scaled to a force of 12,000",
        grade=DERIVED,
    )
    patrol_elasticity: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        meaning="Patrols grow with the strength of infantry to this power",
        source="assumption 4: less than in proportion, as 16,400 a year by 6,500 people in 2013-14 "
        "and 13,000 by 13,000 in 2021",
        grade=ASSUMED,
    )
    patrol_ceiling_per_day: float = parameter(
        1.5,
        unit="1/d",
        low=0.01,
        high=100.0,
        meaning="Declared ceiling of one company's patrols a day, from which they are thinned",
        source="numerical bound; exceeding it is an error",
        grade=CHOICE,
    )
    patrol_reach_km: float = parameter(
        12.0,
        unit="km",
        low=0.1,
        high=200.0,
        meaning="Mean distance that a patrol goes out, one way (exponential)",
        source="assumption 5: no target pins it",
        grade=ASSUMED,
    )
    patrol_vehicles: int = parameter(
        4,
        unit="vehicles",
        low=1,
        high=50,
        meaning="Vehicles of a patrol",
        is_lever=True,
        source=TRIAL,
        grade=CALIBRATED,
    )
    vehicle_occupants: int = parameter(
        6,
        unit="persons",
        low=1,
        high=30,
        meaning="People in a patrol or escort vehicle",
        source=TRIAL,
        grade=CALIBRATED,
    )
    reinforcements: dict[str, Reinforcement] = parameter(
        {},
        meaning="Units that join the mission after the decision, by name",
        is_lever=True,
        source="configs/force/",
        grade=CHOICE,
    )


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
        source="misses fall from 31% to 18% with training (on foot, another theatre)",
        grade=DERIVED,
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


@dataclass(frozen=True)
class Threat:
    """Armed cells, devices and what an encounter does: uncertainties, never levers."""

    attempts_per_month: float = parameter(
        21.0,
        unit="1/month",
        low=0.0,
        high=1000.0,
        meaning="Decisions to place a live device by all cells together, at full motivation",
        source=TRIAL + ": about 15 a month are placed, the rest of the decisions come to nothing",
        grade=CALIBRATED,
    )
    attempts_ceiling_factor: float = parameter(
        2.0,
        low=1.0,
        high=100.0,
        meaning="Declared ceiling of a cell's rate over its base rate, from which it is thinned",
        source="numerical bound; exceeding it is an error",
        grade=CHOICE,
    )
    reach_km: float = parameter(
        150.0,
        unit="km",
        low=1.0,
        high=2000.0,
        meaning="Operating radius of a cell about its home, straight line",
        source=TRIAL,
        grade=CALIBRATED,
    )
    beta_traffic: float = parameter(
        1.2,
        low=0.0,
        high=5.0,
        meaning="Weight of ln(1 + vehicles a day seen) in the choice of place",
        source=TRIAL,
        grade=CALIBRATED,
    )
    beta_success: float = parameter(
        0.3,
        low=0.0,
        high=5.0,
        meaning="Weight of remembered strikes nearby in the choice of place",
        source=TRIAL,
        grade=CALIBRATED,
    )
    beta_pressure: float = parameter(
        0.3,
        low=0.0,
        high=5.0,
        meaning="Weight of remembered sweeps and finds nearby against a place",
        source=TRIAL,
        grade=CALIBRATED,
    )
    beta_distance_per_km: float = parameter(
        0.01,
        unit="1/km",
        low=0.0,
        high=1.0,
        meaning="Weight of distance from home against a place",
        source=TRIAL,
        grade=CALIBRATED,
    )
    nothing_km: float = parameter(
        250.0,
        unit="km",
        low=0.0,
        high=100_000.0,
        meaning="Weight of placing nothing, as road without traffic at the cell's home",
        source="assumption 8: both extremes are to be reported",
        grade=ASSUMED,
    )
    memory_half_life_days: float = parameter(
        30.0,
        unit="d",
        low=0.1,
        high=3650.0,
        meaning="Half-life of what cells remember of traffic, strikes and pressure",
        source=TRIAL,
        grade=CALIBRATED,
    )
    smoothing_km: float = parameter(
        20.0,
        unit="km",
        low=0.1,
        high=500.0,
        meaning="Distance over which one event colours its surroundings, for cells and command",
        source="assumption 9: makes the answer independent of how finely roads are cut",
        grade=ASSUMED,
    )
    strike_probability_per_vehicle: float = parameter(
        0.15,
        low=0.0,
        high=1.0,
        meaning="Probability that one vehicle passing a device that nobody found sets it off",
        source=TRIAL,
        grade=CALIBRATED,
    )
    find_probability_patrol: float = parameter(
        0.28,
        low=0.0,
        high=1.0,
        meaning="Probability that a patrol finds a device first, at the reference training level",
        source=TRIAL,
        grade=CALIBRATED,
    )
    find_probability_convoy: float = parameter(
        0.40,
        low=0.0,
        high=1.0,
        meaning="The same for a supply convoy",
        source=TRIAL,
        grade=CALIBRATED,
    )
    concealment_low: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        meaning="Least scale of the find probability, drawn once for each device",
        source=TRIAL,
        grade=CALIBRATED,
    )
    concealment_high: float = parameter(
        1.5,
        low=1.0,
        high=2.0,
        meaning="Greatest scale of the find probability, drawn once for each device",
        source=TRIAL,
        grade=CALIBRATED,
    )
    fixed_find_probability: float | None = parameter(
        None,
        low=0.0,
        high=1.0,
        meaning="Every convoy and patrol finds with this probability, whatever its training",
        source="verification switch",
        grade=CHOICE,
    )
    fixed_strike_probability: float | None = parameter(
        None,
        low=0.0,
        high=1.0,
        meaning="A device that was not found acts with this probability, whatever the vehicles",
        source="verification switch",
        grade=CHOICE,
    )
    harm_probability: float = parameter(
        0.40,
        low=0.0,
        high=1.0,
        meaning="Probability that a strike reaches people in an occupied vehicle at all",
        source="most detonations harm nobody; 0.188 killed per attack (S/2023/36), trucks with few "
        "people and contractors among those struck",
        grade=CALIBRATED,
    )
    unprotected_harm_ratio: float = parameter(
        5.3,
        low=1.0,
        high=50.0,
        meaning="Probability of harm in an unprotected vehicle over that in a protected one",
        source="about 80% against 15% of attacks killed an occupant in another theatre",
        grade=DERIVED,
    )
    reference_protected_share: float = parameter(
        0.6,
        low=0.0,
        high=1.0,
        meaning="Protected share at which the harm probability holds on average",
        source="the default of force.protected_share",
        grade=ASSUMED,
    )
    severity_alpha: float = parameter(
        0.10,
        low=0.001,
        high=100.0,
        meaning="First shape of the Beta severity that occupants of a vehicle share",
        source=TRIAL,
        grade=CALIBRATED,
    )
    severity_beta: float = parameter(
        1.01,
        low=0.001,
        high=100.0,
        meaning="Second shape of the Beta severity",
        source=TRIAL,
        grade=CALIBRATED,
    )
    wounded_share: float = parameter(
        0.66,
        low=0.0,
        high=1.0,
        meaning="Probability that a survivor in a vehicle reached by a strike is wounded",
        source="1.16 injured per attack (S/2023/36)",
        grade=CALIBRATED,
    )
    others_hazard_per_day: float = parameter(
        0.018,
        unit="1/d",
        low=0.0,
        high=10.0,
        meaning="Rate at which a live device ends by hitting somebody outside the mission, on a "
        "gravel road",
        source=TRIAL + ": a third of devices end so, which with strikes on the mission makes "
        "7.7 incidents a month",
        grade=CALIBRATED,
    )
    others_paved_ratio: float = parameter(
        1.5,
        low=0.0,
        high=10.0,
        meaning="That rate on a paved road over the rate on gravel",
        source="assumption 10: more traffic by others",
        grade=ASSUMED,
    )
    others_track_ratio: float = parameter(
        0.8,
        low=0.0,
        high=10.0,
        meaning="That rate on a track over the rate on gravel",
        source="assumption 10: less traffic by others",
        grade=ASSUMED,
    )
    others_civilian_share: float = parameter(
        0.551,
        low=0.0,
        high=1.0,
        meaning="Share of those strikes whose victims are civilians",
        source="UNMAS 2015: 31.5% civilians of the 57.2% who are not peacekeepers",
        grade=DERIVED,
    )
    others_army_share: float = parameter(
        0.311,
        low=0.0,
        high=1.0,
        meaning="Share of those strikes whose victims are national forces; the rest are others",
        source="UNMAS 2015: 17.8% Malian forces of the 57.2% who are not peacekeepers",
        grade=DERIVED,
    )
    others_victims: float = parameter(
        1.6,
        unit="persons",
        low=0.0,
        high=20.0,
        meaning="Mean killed and injured of a strike on others",
        source="UNMAS to January 2016: 433 victims less 179 of the mission, over about 155 "
        "incidents",
        grade=DERIVED,
    )
    expiry_mean_days: float = parameter(
        60.0,
        unit="d",
        low=0.01,
        high=1e9,
        meaning="Mean time until a device that nobody meets fails or is taken away",
        source=TRIAL,
        grade=CALIBRATED,
    )


@dataclass(frozen=True)
class Politics:
    """Political progress: an index in [0, 1] that moves the motivation to attack, nothing else."""

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


@dataclass(frozen=True)
class Clearance:
    """Clearance teams, what they find, and the picture that tells them where to look."""

    policy: str = parameter(
        "fixed_round",
        choices=("none", "fixed_round", "highest_risk", "ahead_of_convoy"),
        meaning="How teams choose the road to sweep each day",
        is_lever=True,
        source="sim/policies/clearance/",
        grade=CHOICE,
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
        source="four teams and a road-clearance platoon in a company of 140",
        grade=PUBLISHED,
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
        meaning="Speed of a team on its way to the first piece and back",
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
    render_safe_h: float = parameter(
        3.0,
        unit="h",
        low=0.0,
        high=48.0,
        meaning="Team-hours to make a found device safe",
        source="assumption 14",
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


@dataclass(frozen=True)
class Routing:
    """How convoys choose roads and how fast they move."""

    policy: str = parameter(
        "shortest",
        choices=("shortest", "least_risk"),
        meaning="Least time, or least estimated risk within the detour limit",
        is_lever=True,
        source="sim/policies/routing/",
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
        source="daylight driving; 0 and 24 drive round the clock",
        grade=ASSUMED,
    )
    daylight_end_h: float = parameter(
        17.0,
        unit="h of the day",
        low=0.0,
        high=24.0,
        meaning="Hour at which they halt for the night",
        source="daylight driving",
        grade=ASSUMED,
    )
    convoy_speed_factor: float = parameter(
        0.6,
        low=0.01,
        high=1.0,
        meaning="Speed of a supply convoy over that of an unhindered light vehicle",
        source="about 350 km a day unhindered",
        grade=DERIVED,
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
        meaning="Progress of an escorted convoy, which searches as it goes",
        source="352 km in 8 days, 400 in 6, 600 in 7: 44 to 86",
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
    load_vehicles: int = parameter(
        35,
        unit="vehicles",
        low=1,
        high=300,
        meaning="Most trucks with loads in a convoy",
        is_lever=True,
        source="convoys of about 50 vehicles, of which about 35 carry loads",
        grade=PUBLISHED,
    )
    escort_vehicles: int = parameter(
        15,
        unit="vehicles",
        low=0,
        high=100,
        meaning="Escort vehicles of a convoy",
        is_lever=True,
        source="convoys of about 50 vehicles, of which about 35 carry loads",
        grade=PUBLISHED,
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
        meaning="Time at the destination before the way back",
        source="assumption 23",
        grade=ASSUMED,
    )
    trucks_by_hub: dict[str, float] = parameter(
        {"bamako": 450.0, "sevare": 350.0, "gao": 180.0, "timbuktu": 60.0, "kidal": 60.0},
        unit="vehicles",
        low=0.0,
        high=100_000.0,
        meaning="Trucks based at each hub; a hub that is not named has `trucks_elsewhere`",
        is_lever=True,
        source="assumption 24: no source counts them",
        grade=ASSUMED,
    )
    trucks_elsewhere: float = parameter(
        40.0,
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
        source="Bamako-Sevare runs without escort",
        grade=PUBLISHED,
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


@dataclass(frozen=True)
class Engine:
    """Which engine lets time pass."""

    name: str = parameter(
        "reference",
        choices=("reference",),
        meaning="The engine: Mesa agents, written to be read",
        source="sim/engines/",
        grade=CHOICE,
    )


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


GROUPS: dict[str, type] = {
    "roads": Roads,
    "force": Force,
    "training": Training,
    "threat": Threat,
    "politics": Politics,
    "clearance": Clearance,
    "routing": Routing,
    "supply": Supply,
    "runs": Runs,
    "engine": Engine,
    "results": Results,
}
LEVERS = tuple(group for group, kind in GROUPS.items() if levers_of(kind))
"""Groups with parameters that a decision can change; until then the baseline's values hold."""


@dataclass(frozen=True)
class Scenario:
    """One answer to "what if": all settings, and the world as it was before the decision."""

    name: str = "unnamed"
    title: str = ""
    baseline: str = "baseline_2016"
    """Scenario whose levers hold before the decision date; its own name for a baseline."""
    roads: Roads = field(default_factory=Roads)
    force: Force = field(default_factory=Force)
    training: Training = field(default_factory=Training)
    threat: Threat = field(default_factory=Threat)
    politics: Politics = field(default_factory=Politics)
    clearance: Clearance = field(default_factory=Clearance)
    routing: Routing = field(default_factory=Routing)
    supply: Supply = field(default_factory=Supply)
    runs: Runs = field(default_factory=Runs)
    engine: Engine = field(default_factory=Engine)
    results: Results = field(default_factory=Results)
    before: "Scenario | None" = None
    """The same world with the baseline's levers; None where nothing changes at the decision."""

    def __post_init__(self) -> None:
        check(self)

    def clock(self) -> Clock:
        """The calendar of a run of this scenario."""
        start = date.fromisoformat(self.runs.start)
        return Clock(
            first_day=start - timedelta(days=self.runs.warm_up_days),
            decision_day=date.fromisoformat(self.runs.decision_date),
            last_day=date.fromisoformat(self.runs.end),
        )

    def content_hash(self) -> str:
        """Hash of everything that decides what happens: not the name, the title or the detail."""
        return hashlib.blake2s(
            json.dumps(self._content(), sort_keys=True).encode(), digest_size=8
        ).hexdigest()

    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {
            group: dataclasses.asdict(getattr(self, group)) for group in GROUPS
        }
        del content["results"], content["engine"]
        content["runs"] = {
            key: content["runs"][key] for key in ("start", "decision_date", "end", "warm_up_days")
        }
        content["before"] = None if self.before is None else self.before._content()
        return content


def check(scenario: Scenario) -> None:
    """Raise `ScenarioError` for the first thing that is wrong, once, where a scenario is made."""
    for group in GROUPS:
        check_ranges(group, getattr(scenario, group))
    _check_dates(scenario)
    _check_politics(scenario.politics)
    _check_reinforcements(scenario.force)
    _check_consistency(scenario)
    if scenario.before is not None:
        _check_same_world(scenario, scenario.before)


def parse_date(key: str, text: str) -> date:
    """An ISO date, or a `ScenarioError` that names `key`."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise ScenarioError(
            f"{key} is {text!r}: not a date. Allowed: year-month-day, as in 2016-07-01."
        ) from error


def _check_dates(scenario: Scenario) -> None:
    runs = scenario.runs
    start = parse_date("runs.start", runs.start)
    decision = parse_date("runs.decision_date", runs.decision_date)
    end = parse_date("runs.end", runs.end)
    if not start <= decision < end:
        raise ScenarioError(
            f"runs.start {start}, runs.decision_date {decision} and runs.end {end} are out of "
            "order. Allowed: start no later than the decision, the decision before the end."
        )


def _check_politics(politics: Politics) -> None:
    if not politics.path:
        raise ScenarioError(
            "politics.path is empty: there is no level of progress. "
            "Allowed: at least one date with a level, as in {2016-07-01: 0.1}."
        )
    for day in politics.path:
        parse_date("politics.path", day)


def check_camps(scenario: Scenario, camps: Collection[str]) -> None:
    """Raise `ScenarioError` for the first reinforcement that comes to none of these camps."""
    for name, unit in scenario.force.reinforcements.items():
        if unit.camp not in camps:
            close = difflib.get_close_matches(_plain(unit.camp), camps, n=1)
            hint = f" Did you mean {close[0]!r}?" if close else ""
            raise ScenarioError(
                f"force.reinforcements.{name}.camp is {unit.camp!r}: there is no such camp in "
                f"{scenario.roads.name}.{hint} Allowed: {', '.join(sorted(camps))}."
            )


def _plain(name: str) -> str:
    """A name in the letters of an id.

    >>> _plain("Sévaré")
    'sevare'
    """
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _check_reinforcements(force: Force) -> None:
    for name, unit in force.reinforcements.items():
        key = f"force.reinforcements.{name}"
        if unit.unit_type not in UNIT_TYPES:
            raise ScenarioError(
                f"{key}.unit_type is {unit.unit_type!r}: there is no such unit. "
                f"Allowed: {', '.join(UNIT_TYPES)}."
            )
        if not 0.0 <= unit.strength <= 100_000.0:
            raise ScenarioError(
                f"{key}.strength is {unit.strength:g} persons: outside its range. "
                "Allowed: 0 to 100000 persons."
            )
        if not 0.0 <= unit.ramp_days <= 3650.0:
            raise ScenarioError(
                f"{key}.ramp_days is {unit.ramp_days:g} d: outside its range. Allowed: 0 to 3650 d."
            )
        for field_name in ("predeployment_level", "protected_share"):
            value = getattr(unit, field_name)
            if value is not None and not 0.0 <= value <= 1.0:
                raise ScenarioError(
                    f"{key}.{field_name} is {value:g}: outside its range. Allowed: 0 to 1."
                )
        for field_name in ("arrival", "departure"):
            text = getattr(unit, field_name)
            if text != "never":
                parse_date(f"{key}.{field_name}", text)
        if "never" not in (unit.arrival, unit.departure) and unit.departure <= unit.arrival:
            raise ScenarioError(
                f"{key} leaves on {unit.departure}, before it has arrived on {unit.arrival}. "
                "Allowed: a departure after the arrival, or never."
            )


def _check_consistency(scenario: Scenario) -> None:
    threat, routing, supply = scenario.threat, scenario.routing, scenario.supply
    if threat.others_civilian_share + threat.others_army_share > 1.0:
        raise ScenarioError(
            "threat.others_civilian_share and threat.others_army_share add up to "
            f"{threat.others_civilian_share + threat.others_army_share:g}: more than all strikes "
            "on others. Allowed: 1 or less together."
        )
    if not routing.daylight_start_h < routing.daylight_end_h:
        raise ScenarioError(
            f"routing.daylight_end_h is {routing.daylight_end_h:g}: no later than "
            f"routing.daylight_start_h, {routing.daylight_start_h:g}, so that nobody could ever "
            "drive. Allowed: an end after the start; 0 and 24 drive round the clock."
        )
    if supply.target_days < supply.reorder_days:
        raise ScenarioError(
            f"supply.target_days is {supply.target_days:g} d: below supply.reorder_days, "
            f"{supply.reorder_days:g} d, so that an order would be overdue as it is placed. "
            "Allowed: a target no lower than the reorder level."
        )


def _check_same_world(scenario: Scenario, before: Scenario) -> None:
    for group, kind in GROUPS.items():
        if group in ("engine", "results"):
            continue
        for name in {item.name for item in dataclasses.fields(kind)} - set(levers_of(kind)):
            here = getattr(getattr(scenario, group), name)
            there = getattr(getattr(before, group), name)
            if here != there:
                raise ScenarioError(
                    f"{group}.{name} is {here!r} in scenario {scenario.name!r} and {there!r} in "
                    f"its baseline {before.name!r}: no decision changes it. Allowed: differences "
                    "in levers alone (`convoy-risk explain KEY` tells which are); set `baseline` "
                    "to the scenario itself for another world."
                )
