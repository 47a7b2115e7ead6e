"""Armed cells, devices and what an encounter does: uncertainties, never levers."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CALIBRATED, CHOICE, DERIVED, TRIAL


@dataclass(frozen=True)
class Threat:
    """Armed cells, devices and what an encounter does: uncertainties, never levers."""

    attempts_per_month: float = parameter(
        14.5,
        unit="1/month",
        low=0.0,
        high=1000.0,
        meaning="Decisions to place a device or decoy by all cells together, at full strength and "
        "motivation and without what successes add",
        source=TRIAL + ": with what successes add about 13 a month are placed",
        grade=CALIBRATED,
    )
    attempts_ceiling_factor: float = parameter(
        16.0,
        low=1.0,
        high=1000.0,
        meaning="Declared ceiling of a cell's rate over its base rate, from which it is thinned",
        source="numerical bound: greatest strength 2, times 1 + threat.success_ceiling, times the "
        "greatest motivation; less than a scenario may need is refused before it runs",
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
        meaning="Weight of ln(1 + remembered sweeps and finds nearby) against a place",
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
    adaptive: bool = parameter(
        True,
        meaning="Cells react and learn; False freezes at the decision date what they remember of "
        "traffic, patrols, strikes and pressure, and successes and practice teach them nothing "
        "from then on",
        source="switch: how much of a gain survives once the threat adapts",
        grade=CHOICE,
    )
    success_extra_decisions: float = parameter(
        1.25,
        low=0.0,
        high=20.0,
        meaning="Mean number of further decisions that a strike on the mission brings its cell, "
        "at strength and motivation 1; 0 switches the kernel off",
        source="branching ratio of about 0.3, as one decision in four leads to a strike: without "
        "it monthly counts are Poisson, against the observed 1.2 to 1.9",
        grade=CALIBRATED,
    )
    success_half_life_days: float = parameter(
        14.0,
        unit="d",
        low=0.1,
        high=3650.0,
        meaning="Half-life of what a success adds to a cell's rate",
        source="assumption 43",
        grade=ASSUMED,
    )
    success_ceiling: float = parameter(
        6.0,
        low=0.0,
        high=100.0,
        meaning="Most that successes add to a cell's rate, over its base rate",
        source="assumption 52: a bound for thinning that is met when about three successes fall "
        "into one half-life",
        grade=ASSUMED,
    )
    skill_exponent: float = parameter(
        0.1,
        low=0.0,
        high=2.0,
        meaning="Exponent b of the progress curve n^-b: finds fall as a cell gains practice; 0 "
        "switches skill off",
        source="form: Johnson et al. (2011), Science 333, 81-84; the size is assumption 44",
        grade=ASSUMED,
    )
    skill_reference_devices: float = parameter(
        10.0,
        unit="devices",
        low=0.0,
        high=10000.0,
        meaning="Devices of practice at which concealment is as given, and with which cells begin",
        source="assumption 44",
        grade=ASSUMED,
    )
    skill_most: float = parameter(
        2.0,
        low=1.0,
        high=100.0,
        meaning="Most by which practice divides the probability of finds, and lack of it "
        "multiplies it",
        source="assumption 44",
        grade=ASSUMED,
    )
    decoy_share: float = parameter(
        0.1,
        low=0.0,
        high=1.0,
        meaning="Share of what cells place that is a decoy; 0 switches decoys off",
        source="assumption 45",
        grade=ASSUMED,
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
    find_reference_km_per_day: float = parameter(
        65.0,
        unit="km/d",
        low=1.0,
        high=1000.0,
        meaning="Progress of an escorted convoy at which that probability holds; a slower one "
        "searches longer and misses less",
        source="assumption 85: the pace at which convoys drove when it was calibrated, the middle "
        "of 44 to 86; that a convoy searches at random is the form, not a measurement",
        grade=ASSUMED,
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
        0.29,
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
        source="assumption 97: about 80% against 15% of attacks killed an occupant in another "
        "theatre; no page that could be cited was found",
        grade=ASSUMED,
    )
    reference_protected_share: float = parameter(
        0.6,
        low=0.0,
        high=1.0,
        meaning="Protected share at which the harm probability holds on average",
        source="assumption 2: the default of force.protected_share",
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
        2.5,
        unit="persons",
        low=0.0,
        high=20.0,
        meaning="Mean killed and injured of a strike on others",
        source="UNMAS to January 2016: 433 victims less 179 of the mission, over about 100 "
        "incidents: 233 less those with the mission as victim, 179 at 1.35 each (S/2023/36)",
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
