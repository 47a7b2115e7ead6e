"""Small worlds put together by choices: every setting that the model knows, at and between ends.

Who chooses is left open: `choose` takes a sequence and gives one of its members. Hypothesis chooses
in `tests/random_worlds.py`, numbers choose in `tests/dock.py`.
"""

import dataclasses
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from small_worlds import changed

from sim.roads import theatre_names
from sim.roads.tables import UNIT_TYPES, read_theatre
from sim.world.scenario import Reinforcement, Scenario

TOYS = [name for name in theatre_names() if name.startswith("toy_")]
START = date(2016, 7, 1)
LONGEST_DAYS = 30

PROBABILITIES = [0.0, 1.0, 0.3]
SWITCHES = [None, 0.0, 1.0, 0.5]
YES_OR_NO = [False, True]

Choose = Callable[[Sequence[Any]], Any]


def iso(day):
    return (START + timedelta(days=day)).isoformat()


def package(choose: Choose, camps):
    arrival = choose(["never", iso(-400), iso(-3), iso(0), iso(5), iso(14), iso(40)])
    later = [iso(day) for day in (0, 8, 20) if arrival != "never" and iso(day) > arrival]
    return Reinforcement(
        camp=choose(camps),
        unit_type=choose(UNIT_TYPES),
        strength=choose([0.0, 1.0, 135.0, 500.0]),
        arrival=arrival,
        departure=choose(["never", *later]),
        ramp_days=choose([0.0, 6.0]),
        predeployment_level=choose(SWITCHES),
        protected_share=choose(SWITCHES),
    )


def closures(choose: Choose, theatre):
    """Days on which camps close; a source of supply cannot."""
    supplied = sorted(camp.node_id for camp in read_theatre(theatre).camps if camp.supply_hub)
    if not supplied or choose([True, True, False]):
        return {}
    return {choose(supplied): choose([iso(3), iso(12), iso(40)])}


def levers(choose: Choose, theatre, most_escort_vehicles):
    """Settings that a decision may change; a company can man so many escort vehicles."""
    camps = sorted(camp.node_id for camp in read_theatre(theatre).camps)
    return {
        "force": {
            "strength": choose([440.0, 1500.0, 440.0, 50.0, 0.0]),
            "protected_share": choose(PROBABILITIES),
            "rotation_days": choose([30.0, 3650.0]),
            "patrol_process": choose(["policy", "policy", "none"]),
            "patrols_per_year": choose([2000.0, 2000.0, 0.0]),
            "patrol_policy": choose(["even", "highest_risk", "before_convoys"]),
            "patrol_vehicles": choose([1, 4, 50]),
            "closures": closures(choose, theatre),
            "reinforcements": {name: package(choose, camps) for name in choose(["", "a", "ab"])},
        },
        "training": {
            "predeployment_level": choose(PROBABILITIES),
            "predeployment_by_contingent": {},
            "predeployment_floor": choose(PROBABILITIES),
            "course_seats_per_month": choose([0.0, 135.0, 1000.0]),
            "course_days": choose([0.0, 5.0, 365.0]),
        },
        "medical": {
            "helicopter_camps": dict.fromkeys(camps, choose(YES_OR_NO)),
            "helicopter_alert_h": choose([0.0, 1.5, 48.0]),
        },
        "politics": {
            "process": choose(["path", "random_walk"]),
            "walk_step": choose([0.0, 0.02, 1.0]),
            "path": {iso(0): choose(PROBABILITIES), iso(20): choose(PROBABILITIES)},
        },
        "clearance": {
            "policy": choose(
                [
                    "none",
                    "fixed_round",
                    "random_sweep",
                    "highest_risk",
                    "ahead_of_convoy",
                    "allocation",
                ]
            ),
            "with_convoys": choose(YES_OR_NO),
            "available_share": choose([1.0, 1.0, 0.3, 0.0]),
            "team_h_per_day": choose([8.0, 24.0, 0.0]),
            "team_reach_km": choose([45.0, 1000.0, 0.0]),
        },
        "routing": {
            "policy": choose(["shortest", "least_risk", "mixed"]),
            "reroute_after_find": choose(YES_OR_NO),
            "detour_limit": choose([1.0, 10.0]),
            "threatened_km_per_day": choose([65.0, 20.0, 1000.0]),
        },
        "supply": {
            "departure": choose(["as_ready", "after_sweep", "bundled"]),
            "departure_patience_days": choose([0.0, 3.0]),
            "swept_share": choose(PROBABILITIES),
            "preparation_days": choose([0.0, 2.0]),
            "load_vehicles": choose([1, 5, 35]),
            "escort_vehicles": min(choose([0, 15]), most_escort_vehicles),
            "min_escort_vehicles": choose([0, 4]),
            "reorder_days": choose([0.0, 5.0]),
            "target_days": choose([5.0, 12.0]),
            "trucks_by_hub": {},
            "trucks_elsewhere": choose([1000.0, 20.0, 3.0, 0.0]),
            "unescorted_hubs": dict.fromkeys(camps, choose(YES_OR_NO)),
            "escort_rest_days": choose([0.0, 3.0]),
        },
    }


def world(choose: Choose, theatres=TOYS):
    """Settings that hold throughout a run: the theatre and everything but the levers."""
    daylight = choose([(6.0, 17.0), (0.0, 24.0), (11.9, 12.1)])
    return {
        "roads": {
            "name": choose(theatres),
            "max_segment_km": choose([3.0, 25.0, 200.0]),
            "near_camp_segment_km": choose([2.0, 10.0]),
            "wet_speed_factor": choose([0.05, 1.0]),
        },
        "force": {
            "patrol_reference_strength": 405.0,
            "patrol_elasticity": choose([0.0, 0.5, 1.0]),
            "patrol_ceiling_per_day": 100.0,
            "patrol_reach_km": choose([0.1, 12.0, 200.0]),
            "company_size": choose([135.0, 60.0, 300.0]),
            "strength_by_date": choose(
                [{}, {}, {iso(0): 440.0, iso(6): 0.0, iso(9): 700.0, iso(20): 60.0}]
            ),
            "camp_shares": choose(["units_table", "by_year"]),
            "vehicle_occupants": choose([1, 6, 30]),
        },
        "training": {
            "reference_level": choose(PROBABILITIES),
            "trained_miss_ratio": choose([0.05, 0.58, 1.0]),
            "decay_half_life_days": choose([30.0, 1e5]),
            "discipline_ratio": choose([0.05, 0.9, 1.0]),
            "care_ratio": choose([0.05, 0.8, 1.0]),
            "course_gain": choose(PROBABILITIES),
        },
        "threat": {
            "attempts_per_month": choose([400.0, 150.0, 0.0]),
            "attempts_ceiling_factor": 30.0,
            "adaptive": choose(YES_OR_NO),
            "success_extra_decisions": choose([0.0, 1.25, 20.0]),
            "success_half_life_days": choose([0.1, 14.0]),
            "success_ceiling": choose([0.0, 6.0]),
            "skill_exponent": choose([0.0, 0.1, 2.0]),
            "skill_reference_devices": choose([0.0, 10.0]),
            "decoy_share": choose(PROBABILITIES),
            "reach_km": choose([150.0, 150.0, 5.0]),
            "beta_traffic": choose([0.0, 1.0, 5.0]),
            "beta_success": choose([0.0, 5.0]),
            "beta_pressure": choose([0.0, 5.0]),
            "beta_distance_per_km": choose([0.0, 1.0]),
            "nothing_km": choose([0.0, 100.0]),
            "memory_half_life_days": choose([0.1, 30.0]),
            "strike_probability_per_vehicle": choose(PROBABILITIES),
            "find_probability_patrol": choose(PROBABILITIES),
            "find_probability_convoy": choose(PROBABILITIES),
            "find_reference_km_per_day": choose([65.0, 1.0, 1000.0]),
            "concealment_low": choose([0.0, 1.0]),
            "concealment_high": choose([1.0, 2.0]),
            "fixed_find_probability": choose(SWITCHES),
            "fixed_strike_probability": choose(SWITCHES),
            "harm_probability": choose(PROBABILITIES),
            "reference_protected_share": choose(PROBABILITIES),
            "severity_alpha": choose([0.001, 0.1, 100.0]),
            "severity_beta": choose([0.001, 1.0, 100.0]),
            "wounded_share": choose(PROBABILITIES),
            "others_hazard_per_day": choose([0.0, 0.02, 0.02, 10.0]),
            "others_victims": choose([0.0, 1.6, 20.0]),
            "expiry_mean_days": choose([30.0, 60.0, 1e9, 0.01]),
        },
        "attrition": {
            "contact_probability": choose(PROBABILITIES),
            "work_h": choose([0.0, 3.0, 72.0]),
            "contact_loss": choose(PROBABILITIES),
            "beta_deterrence": choose([0.0, 0.2, 5.0]),
            "raids_per_month_per_100": choose([0.0, 0.5, 10.0]),
            "raid_reach_km": choose([0.0, 3000.0]),
            "raid_loss": choose(PROBABILITIES),
            "raid_civilians": choose([0.0, 0.5, 20.0]),
            "tips_per_month": choose([0.0, 30.0]),
            "raids_per_tip": choose(PROBABILITIES),
            "tips_lost_to_grievance": choose([0.0, 1.0, 20.0]),
            "counter_terror_per_month": choose([0.0, 2.0, 100.0]),
            "counter_terror_loss": choose(PROBABILITIES),
            "counter_terror_civilians": choose([0.0, 1.0]),
            "strikes_ceiling_factor": 1000.0,
            "grievance_per_civilian": choose([0.0, 0.05, 10.0]),
            "grievance_half_life_days": choose([1.0, 180.0]),
            "recruitment_per_year": choose([0.0, 1.5, 100.0]),
            "capacity_at_full_progress": choose(PROBABILITIES),
            "dispersed_below": choose(PROBABILITIES),
            "refuge_probability": choose(PROBABILITIES),
            "refuge_scale_km": choose([1.0, 10000.0]),
            "border_control": choose(PROBABILITIES),
            "refuge_mean_days": choose([0.1, 5.0]),
            "refuge_recruitment_factor": choose([0.0, 2.0, 100.0]),
        },
        "attacks": {
            "indirect_fire_per_month": choose([0.0, 30.0]),
            "indirect_fire_fatal": choose(PROBABILITIES),
            "suicide_per_month": choose([0.0, 10.0]),
            "complex_per_month": choose([0.0, 10.0]),
            "complex_wounded": choose([0.0, 5.0, 200.0]),
            "camp_most_killed": choose([1, 30, 500]),
            "camp_reach_km": choose([1.0, 150.0]),
            "gunfire_per_month": choose([0.0, 60.0]),
            "follow_on_probability": choose(PROBABILITIES),
            "gunfire_fatal": choose(PROBABILITIES),
            "gunfire_wounded": choose([0.0, 0.8, 100.0]),
        },
        "medical": {
            "untreated_death_probability": choose(PROBABILITIES),
            "death_half_life_h": choose([0.1, 3.0]),
            "helicopter_radius_km": choose([0.0, 250.0]),
        },
        "politics": {"reference_level": choose([0.0, 0.1])},
        "clearance": {
            "process": choose(["policy", "policy", "poisson", "periodic"]),
            "process_rate_per_day": choose([0.0, 0.3, 3.0]),
            "fixed_find_probability": choose(SWITCHES),
            "people_per_team": choose([9.0, 35.0]),
            "ahead_find_probability": choose(PROBABILITIES),
            "search_rate_km_per_h": choose([0.0, 3.0, 60.0]),
            "render_safe_h": choose([0.0, 3.0, 48.0]),
            "false_alarms_per_100_km": choose([0.0, 2.0, 1000.0]),
            "false_alarm_h": choose([0.0, 0.5, 48.0]),
            "accident_probability": choose(PROBABILITIES),
            "accident_exposed": choose([0, 2]),
            "picture_half_life_days": choose([0.1, 60.0]),
        },
        "routing": {
            "instant_passage": choose([False, False, True]),
            "daylight_start_h": daylight[0],
            "daylight_end_h": daylight[1],
            "find_halt_h": choose([0.0, 4.0, 240.0]),
            "strike_halt_h": choose([0.0, 8.0, 240.0]),
        },
        "supply": {
            "process": choose(["policy", "policy", "poisson", "periodic"]),
            "process_rate_per_day": choose([0.0, 0.5, 5.0]),
            "kg_per_person_day": choose([8.0, 100.0, 0.0]),
            "contractor_share": choose(PROBABILITIES),
            "initial_stock_days": choose([0.0, 4.0, 8.0]),
            "initial_stock_spread": choose([0.0, 1.0]),
            "loading_h": choose([0.0, 24.0]),
        },
        "results": {"detail": choose(["incidents", "full"])},
    }


def scenario(choose: Choose, is_decided=None, theatres=TOYS):
    """A toy world of at most thirty days, with or without a decision in it."""
    settings = world(choose, theatres)
    theatre = settings["roads"]["name"]
    warm_up_days = choose([0, 0, 7])
    longest = LONGEST_DAYS - warm_up_days
    n_days = choose([longest, longest, choose(range(1, longest + 1))])
    decision_day = choose(range(n_days))
    runs = {
        "start": iso(0),
        "decision_date": iso(decision_day),
        "end": iso(n_days),
        "warm_up_days": warm_up_days,
    }
    before = changed(Scenario(name="past", baseline="past"), runs=runs)
    most = int(settings["force"]["company_size"] // settings["force"]["vehicle_occupants"])
    # No escort until the levers say how many fit a company of this world.
    before = changed(before, supply={"escort_vehicles": 0})
    for group in (settings, levers(choose, theatre, most)):
        before = changed(before, **group)
    if not (choose(YES_OR_NO) if is_decided is None else is_decided):
        return before
    after = changed(before, **levers(choose, theatre, most))
    return dataclasses.replace(after, name="decided", before=before)
