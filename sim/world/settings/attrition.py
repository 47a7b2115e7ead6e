"""What wears cells down, what lets them grow again, and where they find refuge."""

from dataclasses import dataclass

from sim.world.parameter import parameter
from sim.world.settings.words import ASSUMED, CHOICE


@dataclass(frozen=True)
class Attrition:
    """What wears cells down, what lets them grow again, and where they find refuge."""

    contact_probability: float = parameter(
        0.3,
        low=0.0,
        high=1.0,
        meaning="Probability that a patrol which comes by while a cell is at work meets it; 0 "
        "switches patrol contact off",
        source="assumption 27: no source counts such meetings; vary it over its range",
        grade=ASSUMED,
    )
    work_h: float = parameter(
        3.0,
        unit="h",
        low=0.0,
        high=72.0,
        meaning="Time that a cell is exposed on the road when it places a device",
        source="assumption 27",
        grade=ASSUMED,
    )
    contact_loss: float = parameter(
        0.10,
        low=0.0,
        high=1.0,
        meaning="Share of its people that a cell loses when a patrol meets it; nothing is placed "
        "then",
        source="assumption 28",
        grade=ASSUMED,
    )
    beta_deterrence: float = parameter(
        0.2,
        low=0.0,
        high=5.0,
        meaning="Weight of ln(1 + patrols a day seen) against a place; 0 switches deterrence off",
        source="assumption 29: vary it, since it decides what more patrols buy",
        grade=ASSUMED,
    )
    raids_per_month_per_100: float = parameter(
        0.25,
        unit="1/month",
        low=0.0,
        high=10.0,
        meaning="Strikes on cells that 100 people of intelligence units would prepare if all cells "
        "were in their reach; 0 switches them off",
        source="assumption 30: about one a month by the intelligence units of 2016, who reach a "
        "bit over half of the cells",
        grade=ASSUMED,
    )
    raid_reach_km: float = parameter(
        400.0,
        unit="km",
        low=0.0,
        high=3000.0,
        meaning="Straight distance from a camp within which its intelligence leads to cells",
        source="assumption 30: from Gao over most of the Kidal region, where its helicopters and "
        "drones flew",
        grade=ASSUMED,
    )
    raid_loss: float = parameter(
        0.25,
        low=0.0,
        high=1.0,
        meaning="Share of its people that a cell loses in a strike by the mission",
        source="assumption 28",
        grade=ASSUMED,
    )
    raid_civilians: float = parameter(
        0.1,
        unit="persons",
        low=0.0,
        high=20.0,
        meaning="Mean civilians harmed in a strike by the mission",
        source="assumption 33",
        grade=ASSUMED,
    )
    tips_per_month: float = parameter(
        4.0,
        unit="1/month",
        low=0.0,
        high=1000.0,
        meaning="Tips from the population at full political progress and no grievance; 0 "
        "switches tips off",
        source="assumption 31: tips rise in proportion to progress",
        grade=ASSUMED,
    )
    raids_per_tip: float = parameter(
        0.3,
        low=0.0,
        high=1.0,
        meaning="Strikes on cells that one tip leads to",
        source="assumption 31",
        grade=ASSUMED,
    )
    tips_lost_to_grievance: float = parameter(
        1.0,
        low=0.0,
        high=20.0,
        meaning="Tips fall by the factor exp(-this times grievance)",
        source="assumption 31",
        grade=ASSUMED,
    )
    counter_terror_per_month: float = parameter(
        1.0,
        unit="1/month",
        low=0.0,
        high=100.0,
        meaning="Strikes on cells by the parallel counter-terrorist operation; 0 switches it off",
        source="assumption 32: outside the mission, so the same in every scenario",
        grade=ASSUMED,
    )
    counter_terror_loss: float = parameter(
        0.3,
        low=0.0,
        high=1.0,
        meaning="Share of its people that a cell loses in such a strike",
        source="assumption 32",
        grade=ASSUMED,
    )
    counter_terror_civilians: float = parameter(
        0.3,
        unit="persons",
        low=0.0,
        high=20.0,
        meaning="Mean civilians harmed in such a strike",
        source="assumption 33",
        grade=ASSUMED,
    )
    strikes_ceiling_factor: float = parameter(
        10.0,
        low=1.0,
        high=1000.0,
        meaning="Declared ceiling of the strikes on a cell that intelligence prepares, over those "
        "of 1,000 people of intelligence units in its reach",
        source="numerical bound; exceeding it is an error",
        grade=CHOICE,
    )
    grievance_per_civilian: float = parameter(
        0.05,
        low=0.0,
        high=10.0,
        meaning="Grievance that each civilian harmed in a strike on cells adds; 0 switches it off",
        source="assumption 33: indiscriminate pressure feeds recruitment; the size is a judgement",
        grade=ASSUMED,
    )
    grievance_half_life_days: float = parameter(
        180.0,
        unit="d",
        low=1.0,
        high=10000.0,
        meaning="Half-life of grievance",
        source="assumption 33",
        grade=ASSUMED,
    )
    recruitment_per_year: float = parameter(
        1.5,
        unit="1/year",
        low=0.0,
        high=100.0,
        meaning="Rate at which a cell closes the gap between its strength and its capacity; 0 "
        "switches recruitment off, and strength moves by losses alone",
        source="assumption 34: two thirds of a loss are made good in about nine months",
        grade=ASSUMED,
    )
    capacity_at_full_progress: float = parameter(
        0.3,
        low=0.0,
        high=1.0,
        meaning="Capacity of a cell when every commitment is carried out, over that at the "
        "reference level; straight in between",
        source="assumption 35",
        grade=ASSUMED,
    )
    dispersed_below: float = parameter(
        0.15,
        low=0.0,
        high=1.0,
        meaning="A cell weaker than this is dispersed and does nothing until it has grown again",
        source="assumption 36",
        grade=ASSUMED,
    )
    refuge_probability: float = parameter(
        0.5,
        low=0.0,
        high=1.0,
        meaning="Probability that a cell which lost people slips to a refuge at its door; 0 "
        "switches refuge off",
        source="assumption 37",
        grade=ASSUMED,
    )
    refuge_scale_km: float = parameter(
        200.0,
        unit="km",
        low=1.0,
        high=10000.0,
        meaning="Straight distance to the nearest refuge at which 37% of that is left",
        source="assumption 37",
        grade=ASSUMED,
    )
    border_control: float = parameter(
        0.2,
        low=0.0,
        high=1.0,
        meaning="Share of ways to a refuge that are closed",
        source="assumption 37: 1 closes the border",
        grade=ASSUMED,
    )
    refuge_mean_days: float = parameter(
        60.0,
        unit="d",
        low=0.1,
        high=3650.0,
        meaning="Mean time in refuge",
        source="assumption 37",
        grade=ASSUMED,
    )
    refuge_recruitment_factor: float = parameter(
        2.0,
        low=0.0,
        high=100.0,
        meaning="Recruitment in refuge over that at home",
        source="assumption 37: comes back recovered",
        grade=ASSUMED,
    )
