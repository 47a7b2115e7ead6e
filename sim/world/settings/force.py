"""The mission: how many people, in which units, how they patrol, and who joins them."""

from dataclasses import dataclass

from sim.open_words import OpenWords
from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CALIBRATED, CHOICE, DERIVED, PUBLISHED, TRIAL


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
        source="June 2016: about 12,000; UN contributions data give 10,914 uniformed people as the "
        "mean of 2016",
        grade=PUBLISHED,
    )
    company_size: float = parameter(
        135.0,
        unit="persons",
        low=20.0,
        high=300.0,
        meaning="People in a full company; the rest of a contingent is a fraction of one",
        source="assumption 90: companies of 120 to 150",
        grade=ASSUMED,
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
    patrol_policy: str = parameter(
        "even",
        choices=OpenWords("force.patrol_policy", "even", "highest_risk", "before_convoys"),
        meaning="How patrols choose the road out of their camp: all alike, in proportion to the "
        "estimated hazard, or where a convoy is due within `clearance.convoy_lead_h`",
        is_lever=True,
        source="sim/policies/patrols/",
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
        meaning="Most patrols a day that one company can send, on the mean; they are thinned from "
        "it",
        source="assumption 89: vehicles, crews and hours of daylight for three patrols in two days",
        grade=ASSUMED,
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
    closures: dict[str, str] = parameter(
        {},
        meaning="Day on which a camp closes and its people leave, by camp, ISO date; none closes "
        "before the decision",
        is_lever=True,
        source="configs/force/drawdown.yaml",
        grade=CHOICE,
    )
    strength_by_date: dict[str, float] = parameter(
        {},
        unit="persons",
        low=0.0,
        high=100_000.0,
        meaning="Strength of the units table from each ISO date on, in steps, the first from ever; "
        "in place of `force.strength`, which an empty table keeps",
        source="replay of the build-up of 2013-2016",
        grade=CHOICE,
    )
    camp_shares: str = parameter(
        "units_table",
        choices=("units_table", "by_year"),
        meaning="How strong units are at each camp: as the units table says, or so that camps have "
        "the yearly shares of camps.csv",
        source="replay of the build-up of 2013-2016",
        grade=CHOICE,
    )
