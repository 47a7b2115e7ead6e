"""Random small worlds: every setting that the model knows, at its ends and in between.

Strategies for Hypothesis, in a plain module so that several test files can draw from them.
"""

import dataclasses
from datetime import date, timedelta

from hypothesis import reject
from hypothesis import strategies as st
from small_worlds import changed

from sim.errors import DrawError
from sim.roads import theatre_names
from sim.roads.tables import UNIT_TYPES, read_theatre
from sim.world.scenario import Reinforcement, Scenario
from sim.world.world import build_world

TOYS = [name for name in theatre_names() if name.startswith("toy_")]
START = date(2016, 7, 1)
LONGEST_DAYS = 30

probabilities = st.sampled_from([0.0, 1.0, 0.3])
switches = st.sampled_from([None, 0.0, 1.0, 0.5])
lucks = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 1000))


def iso(day):
    return (START + timedelta(days=day)).isoformat()


@st.composite
def packages(draw, camps):
    arrival = draw(st.sampled_from(["never", iso(-400), iso(-3), iso(0), iso(5), iso(14), iso(40)]))
    later = [iso(day) for day in (0, 8, 20) if arrival != "never" and iso(day) > arrival]
    return Reinforcement(
        camp=draw(st.sampled_from(camps)),
        unit_type=draw(st.sampled_from(UNIT_TYPES)),
        strength=draw(st.sampled_from([0.0, 1.0, 135.0, 500.0])),
        arrival=arrival,
        departure=draw(st.sampled_from(["never", *later])),
        ramp_days=draw(st.sampled_from([0.0, 6.0])),
        predeployment_level=draw(switches),
        protected_share=draw(switches),
    )


@st.composite
def closures(draw, theatre):
    """Days on which camps close; a source of supply cannot."""
    supplied = sorted(camp.node_id for camp in read_theatre(theatre).camps if camp.supply_hub)
    days = st.sampled_from([iso(3), iso(12), iso(40)])
    if not supplied or draw(st.sampled_from([True, True, False])):
        return {}
    return draw(st.dictionaries(st.sampled_from(supplied), days, max_size=1))


@st.composite
def levers(draw, theatre, most_escort_vehicles):
    """Settings that a decision may change; a company can man so many escort vehicles."""
    camps = sorted(camp.node_id for camp in read_theatre(theatre).camps)
    return {
        "force": {
            "strength": draw(st.sampled_from([440.0, 1500.0, 440.0, 50.0, 0.0])),
            "protected_share": draw(probabilities),
            "rotation_days": draw(st.sampled_from([30.0, 3650.0])),
            "patrol_process": draw(st.sampled_from(["policy", "policy", "none"])),
            "patrols_per_year": draw(st.sampled_from([2000.0, 2000.0, 0.0])),
            "patrol_policy": draw(st.sampled_from(["even", "highest_risk", "before_convoys"])),
            "patrol_vehicles": draw(st.sampled_from([1, 4, 50])),
            "closures": draw(closures(theatre)),
            "reinforcements": draw(
                st.dictionaries(st.sampled_from("ab"), packages(camps), max_size=2)
            ),
        },
        "training": {
            "predeployment_level": draw(probabilities),
            "predeployment_by_contingent": {},
            "predeployment_floor": draw(probabilities),
            "course_seats_per_month": draw(st.sampled_from([0.0, 135.0, 1000.0])),
            "course_days": draw(st.sampled_from([0.0, 5.0, 365.0])),
        },
        "medical": {
            "helicopter_camps": dict.fromkeys(camps, draw(st.booleans())),
            "helicopter_alert_h": draw(st.sampled_from([0.0, 1.5, 48.0])),
        },
        "politics": {
            "process": draw(st.sampled_from(["path", "random_walk"])),
            "walk_step": draw(st.sampled_from([0.0, 0.02, 1.0])),
            "path": {iso(0): draw(probabilities), iso(20): draw(probabilities)},
        },
        "clearance": {
            "policy": draw(
                st.sampled_from(
                    [
                        "none",
                        "fixed_round",
                        "random_sweep",
                        "highest_risk",
                        "ahead_of_convoy",
                        "allocation",
                    ]
                )
            ),
            "with_convoys": draw(st.booleans()),
            "available_share": draw(st.sampled_from([1.0, 1.0, 0.3, 0.0])),
            "team_h_per_day": draw(st.sampled_from([8.0, 24.0, 0.0])),
            "team_reach_km": draw(st.sampled_from([45.0, 1000.0, 0.0])),
        },
        "routing": {
            "policy": draw(st.sampled_from(["shortest", "least_risk", "mixed"])),
            "reroute_after_find": draw(st.booleans()),
            "detour_limit": draw(st.sampled_from([1.0, 10.0])),
            "threatened_km_per_day": draw(st.sampled_from([65.0, 20.0, 1000.0])),
        },
        "supply": {
            "departure": draw(st.sampled_from(["as_ready", "after_sweep", "bundled"])),
            "departure_patience_days": draw(st.sampled_from([0.0, 3.0])),
            "swept_share": draw(probabilities),
            "preparation_days": draw(st.sampled_from([0.0, 2.0])),
            "load_vehicles": draw(st.sampled_from([1, 5, 35])),
            "escort_vehicles": min(draw(st.sampled_from([0, 15])), most_escort_vehicles),
            "min_escort_vehicles": draw(st.sampled_from([0, 4])),
            "reorder_days": draw(st.sampled_from([0.0, 5.0])),
            "target_days": draw(st.sampled_from([5.0, 12.0])),
            "trucks_by_hub": {},
            "trucks_elsewhere": draw(st.sampled_from([1000.0, 20.0, 3.0, 0.0])),
            "unescorted_hubs": dict.fromkeys(camps, draw(st.booleans())),
            "escort_rest_days": draw(st.sampled_from([0.0, 3.0])),
        },
    }


@st.composite
def worlds(draw, theatres=TOYS):
    """Settings that hold throughout a run: the theatre and everything but the levers."""
    daylight = draw(st.sampled_from([(6.0, 17.0), (0.0, 24.0), (11.9, 12.1)]))
    return {
        "roads": {
            "name": draw(st.sampled_from(theatres)),
            "max_segment_km": draw(st.sampled_from([3.0, 25.0, 200.0])),
            "near_camp_segment_km": draw(st.sampled_from([2.0, 10.0])),
            "wet_speed_factor": draw(st.sampled_from([0.05, 1.0])),
        },
        "force": {
            "patrol_reference_strength": 405.0,
            "patrol_elasticity": draw(st.sampled_from([0.0, 0.5, 1.0])),
            "patrol_ceiling_per_day": 100.0,
            "patrol_reach_km": draw(st.sampled_from([0.1, 12.0, 200.0])),
            "company_size": draw(st.sampled_from([135.0, 60.0, 300.0])),
            "strength_by_date": draw(
                st.sampled_from(
                    [{}, {}, {iso(0): 440.0, iso(6): 0.0, iso(9): 700.0, iso(20): 60.0}]
                )
            ),
            "camp_shares": draw(st.sampled_from(["units_table", "by_year"])),
            "vehicle_occupants": draw(st.sampled_from([1, 6, 30])),
        },
        "training": {
            "reference_level": draw(probabilities),
            "trained_miss_ratio": draw(st.sampled_from([0.05, 0.58, 1.0])),
            "decay_half_life_days": draw(st.sampled_from([30.0, 1e5])),
            "discipline_ratio": draw(st.sampled_from([0.05, 0.9, 1.0])),
            "care_ratio": draw(st.sampled_from([0.05, 0.8, 1.0])),
            "course_gain": draw(probabilities),
        },
        "threat": {
            "attempts_per_month": draw(st.sampled_from([400.0, 150.0, 0.0])),
            "attempts_ceiling_factor": 30.0,
            "adaptive": draw(st.booleans()),
            "success_extra_decisions": draw(st.sampled_from([0.0, 1.25, 20.0])),
            "success_half_life_days": draw(st.sampled_from([0.1, 14.0])),
            "success_ceiling": draw(st.sampled_from([0.0, 6.0])),
            "skill_exponent": draw(st.sampled_from([0.0, 0.1, 2.0])),
            "skill_reference_devices": draw(st.sampled_from([0.0, 10.0])),
            "decoy_share": draw(probabilities),
            "reach_km": draw(st.sampled_from([150.0, 150.0, 5.0])),
            "beta_traffic": draw(st.sampled_from([0.0, 1.0, 5.0])),
            "beta_success": draw(st.sampled_from([0.0, 5.0])),
            "beta_pressure": draw(st.sampled_from([0.0, 5.0])),
            "beta_distance_per_km": draw(st.sampled_from([0.0, 1.0])),
            "nothing_km": draw(st.sampled_from([0.0, 100.0])),
            "memory_half_life_days": draw(st.sampled_from([0.1, 30.0])),
            "strike_probability_per_vehicle": draw(probabilities),
            "find_probability_patrol": draw(probabilities),
            "find_probability_convoy": draw(probabilities),
            "find_reference_km_per_day": draw(st.sampled_from([65.0, 1.0, 1000.0])),
            "concealment_low": draw(st.sampled_from([0.0, 1.0])),
            "concealment_high": draw(st.sampled_from([1.0, 2.0])),
            "fixed_find_probability": draw(switches),
            "fixed_strike_probability": draw(switches),
            "harm_probability": draw(probabilities),
            "reference_protected_share": draw(probabilities),
            "severity_alpha": draw(st.sampled_from([0.001, 0.1, 100.0])),
            "severity_beta": draw(st.sampled_from([0.001, 1.0, 100.0])),
            "wounded_share": draw(probabilities),
            "others_hazard_per_day": draw(st.sampled_from([0.0, 0.02, 0.02, 10.0])),
            "others_victims": draw(st.sampled_from([0.0, 1.6, 20.0])),
            "expiry_mean_days": draw(st.sampled_from([30.0, 60.0, 1e9, 0.01])),
        },
        "attrition": {
            "contact_probability": draw(probabilities),
            "work_h": draw(st.sampled_from([0.0, 3.0, 72.0])),
            "contact_loss": draw(probabilities),
            "beta_deterrence": draw(st.sampled_from([0.0, 0.2, 5.0])),
            "raids_per_month_per_100": draw(st.sampled_from([0.0, 0.5, 10.0])),
            "raid_reach_km": draw(st.sampled_from([0.0, 3000.0])),
            "raid_loss": draw(probabilities),
            "raid_civilians": draw(st.sampled_from([0.0, 0.5, 20.0])),
            "tips_per_month": draw(st.sampled_from([0.0, 30.0])),
            "raids_per_tip": draw(probabilities),
            "tips_lost_to_grievance": draw(st.sampled_from([0.0, 1.0, 20.0])),
            "counter_terror_per_month": draw(st.sampled_from([0.0, 2.0, 100.0])),
            "counter_terror_loss": draw(probabilities),
            "counter_terror_civilians": draw(st.sampled_from([0.0, 1.0])),
            "strikes_ceiling_factor": 1000.0,
            "grievance_per_civilian": draw(st.sampled_from([0.0, 0.05, 10.0])),
            "grievance_half_life_days": draw(st.sampled_from([1.0, 180.0])),
            "recruitment_per_year": draw(st.sampled_from([0.0, 1.5, 100.0])),
            "capacity_at_full_progress": draw(probabilities),
            "dispersed_below": draw(probabilities),
            "refuge_probability": draw(probabilities),
            "refuge_scale_km": draw(st.sampled_from([1.0, 10000.0])),
            "border_control": draw(probabilities),
            "refuge_mean_days": draw(st.sampled_from([0.1, 5.0])),
            "refuge_recruitment_factor": draw(st.sampled_from([0.0, 2.0, 100.0])),
        },
        "attacks": {
            "indirect_fire_per_month": draw(st.sampled_from([0.0, 30.0])),
            "indirect_fire_fatal": draw(probabilities),
            "suicide_per_month": draw(st.sampled_from([0.0, 10.0])),
            "complex_per_month": draw(st.sampled_from([0.0, 10.0])),
            "complex_wounded": draw(st.sampled_from([0.0, 5.0, 200.0])),
            "camp_most_killed": draw(st.sampled_from([1, 30, 500])),
            "camp_reach_km": draw(st.sampled_from([1.0, 150.0])),
            "gunfire_per_month": draw(st.sampled_from([0.0, 60.0])),
            "follow_on_probability": draw(probabilities),
            "gunfire_fatal": draw(probabilities),
            "gunfire_wounded": draw(st.sampled_from([0.0, 0.8, 100.0])),
        },
        "medical": {
            "untreated_death_probability": draw(probabilities),
            "death_half_life_h": draw(st.sampled_from([0.1, 3.0])),
            "helicopter_radius_km": draw(st.sampled_from([0.0, 250.0])),
        },
        "politics": {"reference_level": draw(st.sampled_from([0.0, 0.1]))},
        "clearance": {
            "process": draw(st.sampled_from(["policy", "policy", "poisson", "periodic"])),
            "process_rate_per_day": draw(st.sampled_from([0.0, 0.3, 3.0])),
            "fixed_find_probability": draw(switches),
            "people_per_team": draw(st.sampled_from([9.0, 35.0])),
            "ahead_find_probability": draw(probabilities),
            "search_rate_km_per_h": draw(st.sampled_from([0.0, 3.0, 60.0])),
            "render_safe_h": draw(st.sampled_from([0.0, 3.0, 48.0])),
            "false_alarms_per_100_km": draw(st.sampled_from([0.0, 2.0, 1000.0])),
            "false_alarm_h": draw(st.sampled_from([0.0, 0.5, 48.0])),
            "accident_probability": draw(probabilities),
            "accident_exposed": draw(st.sampled_from([0, 2])),
            "picture_half_life_days": draw(st.sampled_from([0.1, 60.0])),
        },
        "routing": {
            "instant_passage": draw(st.sampled_from([False, False, True])),
            "daylight_start_h": daylight[0],
            "daylight_end_h": daylight[1],
            "find_halt_h": draw(st.sampled_from([0.0, 4.0, 240.0])),
            "strike_halt_h": draw(st.sampled_from([0.0, 8.0, 240.0])),
        },
        "supply": {
            "process": draw(st.sampled_from(["policy", "policy", "poisson", "periodic"])),
            "process_rate_per_day": draw(st.sampled_from([0.0, 0.5, 5.0])),
            "kg_per_person_day": draw(st.sampled_from([8.0, 100.0, 0.0])),
            "contractor_share": draw(probabilities),
            "initial_stock_days": draw(st.sampled_from([0.0, 4.0, 8.0])),
            "initial_stock_spread": draw(st.sampled_from([0.0, 1.0])),
            "loading_h": draw(st.sampled_from([0.0, 24.0])),
        },
        "results": {"detail": draw(st.sampled_from(["incidents", "full"]))},
    }


@st.composite
def scenarios(draw, is_decided=None, theatres=TOYS):
    """A toy world of at most thirty days, with or without a decision in it."""
    world = draw(worlds(theatres))
    theatre = world["roads"]["name"]
    warm_up_days = draw(st.sampled_from([0, 0, 7]))
    longest = LONGEST_DAYS - warm_up_days
    n_days = draw(st.one_of(st.just(longest), st.just(longest), st.integers(1, longest)))
    decision_day = draw(st.integers(0, n_days - 1))
    runs = {
        "start": iso(0),
        "decision_date": iso(decision_day),
        "end": iso(n_days),
        "warm_up_days": warm_up_days,
    }
    before = changed(Scenario(name="past", baseline="past"), runs=runs)
    most = int(world["force"]["company_size"] // world["force"]["vehicle_occupants"])
    # No escort until the levers say how many fit a company of this world.
    before = changed(before, supply={"escort_vehicles": 0})
    for group in (world, draw(levers(theatre, most))):
        before = changed(before, **group)
    if not (draw(st.booleans()) if is_decided is None else is_decided):
        return with_names_apart(before)
    after = changed(before, **draw(levers(theatre, most)))
    return with_names_apart(dataclasses.replace(after, name="decided", before=before))


def with_names_apart(scenario):
    """The scenario, unless two of its many companies have names that would share their luck."""
    try:
        build_world(scenario)
    except DrawError:
        reject()
    return scenario
