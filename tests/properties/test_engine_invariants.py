"""What holds in every run of every small world, however odd its settings."""

import dataclasses
import functools
import math
import random
from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from small_worlds import (
    DAY_H,
    NO_HALTS,
    ROUND_THE_CLOCK,
    a_month_on_the_triangle,
    all_bytes,
    changed,
    copy_of_theatre,
    count_arrays,
    happened,
    rows_of,
    shuffle_rows,
)

from sim.engines import run_scenario
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.model import ConvoyModel
from sim.errors import DrawError
from sim.roads import theatre_names
from sim.roads.tables import UNIT_TYPES, read_theatre
from sim.studies.execute import Job, execute
from sim.studies.replicate import replicate
from sim.world.events import Cause, Kind
from sim.world.scenario import Reinforcement, Scenario
from sim.world.world import build_world

TOYS = [name for name in theatre_names() if name.startswith("toy_")]
START = date(2016, 7, 1)
LONGEST_DAYS = 30
ENDS = (Kind.FOUND, Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.EXPIRED)

# Explaining which lines a failure depends on would take minutes, since it traces every line.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
few = settings(
    max_examples=25, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow]
)
fewer = settings(few, max_examples=12)

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
def levers(draw, theatre):
    """Settings that a decision may change."""
    camps = sorted(camp.node_id for camp in read_theatre(theatre).camps)
    return {
        "force": {
            "strength": draw(st.sampled_from([440.0, 1500.0, 440.0, 50.0, 0.0])),
            "protected_share": draw(probabilities),
            "rotation_days": draw(st.sampled_from([30.0, 3650.0])),
            "patrol_process": draw(st.sampled_from(["policy", "policy", "none"])),
            "patrols_per_year": draw(st.sampled_from([2000.0, 2000.0, 0.0])),
            "patrol_vehicles": draw(st.sampled_from([1, 4, 50])),
            "reinforcements": draw(
                st.dictionaries(st.sampled_from("ab"), packages(camps), max_size=2)
            ),
        },
        "training": {
            "predeployment_level": draw(probabilities),
            "predeployment_by_contingent": {},
            "predeployment_floor": draw(probabilities),
        },
        "politics": {
            "path": {iso(0): draw(probabilities), iso(20): draw(probabilities)},
        },
        "clearance": {
            "policy": draw(
                st.sampled_from(["none", "fixed_round", "highest_risk", "ahead_of_convoy"])
            ),
            "available_share": draw(st.sampled_from([1.0, 1.0, 0.3, 0.0])),
            "team_h_per_day": draw(st.sampled_from([8.0, 24.0, 0.0])),
            "team_reach_km": draw(st.sampled_from([45.0, 1000.0, 0.0])),
        },
        "routing": {
            "policy": draw(st.sampled_from(["shortest", "least_risk"])),
            "detour_limit": draw(st.sampled_from([1.0, 10.0])),
        },
        "supply": {
            "preparation_days": draw(st.sampled_from([0.0, 2.0])),
            "load_vehicles": draw(st.sampled_from([1, 5, 35])),
            "escort_vehicles": draw(st.sampled_from([0, 15])),
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
def worlds(draw):
    """Settings that hold throughout a run: the theatre and everything but the levers."""
    daylight = draw(st.sampled_from([(6.0, 17.0), (0.0, 24.0), (11.9, 12.1)]))
    return {
        "roads": {
            "name": draw(st.sampled_from(TOYS)),
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
            "vehicle_occupants": draw(st.sampled_from([1, 6, 30])),
        },
        "training": {
            "reference_level": draw(probabilities),
            "trained_miss_ratio": draw(st.sampled_from([0.05, 0.58, 1.0])),
            "decay_half_life_days": draw(st.sampled_from([30.0, 1e5])),
        },
        "threat": {
            "attempts_per_month": draw(st.sampled_from([400.0, 150.0, 0.0])),
            "attempts_ceiling_factor": 10.0,
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
        "politics": {"reference_level": draw(st.sampled_from([0.0, 0.1]))},
        "clearance": {
            "process": draw(st.sampled_from(["policy", "policy", "poisson", "periodic"])),
            "process_rate_per_day": draw(st.sampled_from([0.0, 0.3, 3.0])),
            "fixed_find_probability": draw(switches),
            "people_per_team": draw(st.sampled_from([9.0, 35.0])),
            "search_rate_km_per_h": draw(st.sampled_from([0.0, 3.0, 60.0])),
            "render_safe_h": draw(st.sampled_from([0.0, 3.0, 48.0])),
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
def scenarios(draw, is_decided=None):
    """A toy world of at most thirty days, with or without a decision in it."""
    world = draw(worlds())
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
    for group in (world, draw(levers(theatre))):
        before = changed(before, **group)
    if not (draw(st.booleans()) if is_decided is None else is_decided):
        return with_names_apart(before)
    after = changed(before, **draw(levers(theatre)))
    return with_names_apart(dataclasses.replace(after, name="decided", before=before))


def with_names_apart(scenario):
    """The scenario, unless two of its many companies have names that would share their luck."""
    try:
        build_world(scenario)
    except DrawError:
        reject()
    return scenario


@given(scenarios(), lucks)
@few
def test_the_fates_of_devices_add_up_and_every_device_ends_at_most_once(scenario, luck):
    model = ConvoyModel(scenario, *luck)
    record = model.run()
    placed = {row.entity: row for row in happened(record, Kind.PLACED)}
    ends = happened(record, *ENDS)
    assert len(placed) == len(happened(record, Kind.PLACED))
    ended = Counter(row.entity for row in ends)
    assert max(ended.values(), default=0) <= 1
    assert len(placed) == len(ends) + len(model.live)
    assert set(placed) == set(ended) | set(model.live)
    for row in ends:
        assert row.time_h >= placed[row.entity].time_h
        assert row.segment == placed[row.entity].segment
    if scenario.threat.attempts_per_month == 0.0:
        assert not placed


@given(scenarios(), lucks)
@few
def test_events_come_in_order_and_within_the_run(scenario, luck):
    model = ConvoyModel(scenario, *luck)
    record = model.run()
    # As they were put down; passages are written down later and sorted in.
    times_h = [row[0] for row in model.ledger.rows if row[1] != Kind.PASSED]
    assert times_h == sorted(times_h)
    in_table = record.events["time_h"]
    assert (np.diff(in_table) >= 0.0).all()
    if len(in_table):
        assert in_table[0] >= 0.0
        assert in_table[-1] < scenario.clock().end_h


@given(scenarios(), lucks)
@few
def test_no_stock_no_truck_and_no_person_is_made_or_lost(scenario, luck):
    model = ConvoyModel(scenario, *luck)
    decision_h = scenario.clock().decision_h
    while model.running:
        model.advance_to(model.now_h + 17.0)
        last_h = math.nextafter(model.now_h, 0.0)  # what is due at this very hour is still to come
        for camp in model.camps:
            camp.settle()
            assert camp.stock_t >= 0.0
            assert camp.on_order_t >= -1e-9
            assert camp.n_trucks_out >= 0
            # A decision may take trucks away while they are out.
            is_as_before = scenario.before is None or last_h < decision_h
            assert camp.n_trucks_out <= camp.trucks or not is_as_before
            here = sum(unit.strength for unit in model.units if unit.camp is camp)
            assert camp.garrison == pytest.approx(here, abs=1e-6)
        for unit in model.units:
            stay = unit.company.stay_at(last_h, decision_h)
            assert unit.strength == (stay.strength if stay.is_present(last_h) else 0.0)
    record = model.ledger.close(*luck)
    assert (record.stockout_person_days <= record.troop_days + 1e-6).all()


@given(scenarios(), lucks)
@few
def test_rates_and_counts_stay_in_range(scenario, luck):
    model = ConvoyModel(scenario, *luck)
    record = model.run()
    for name, counted in count_arrays(record).items():
        assert np.isfinite(counted).all(), name
        assert (counted >= 0.0).all(), name
    assert (record.training_level <= 1.0).all()
    assert (record.journey_h >= record.undisturbed_h - 1e-6).all()
    occupants = max(scenario.force.vehicle_occupants, scenario.supply.truck_occupants)
    for row in rows_of(record):
        assert math.isfinite(row.hours)
        assert row.hours >= 0.0
        assert min(row.killed, row.wounded, row.civilians, row.contractors) >= 0
        if row.kind is Kind.STRUCK:
            assert row.cause in (Cause.PATROL, Cause.CONVOY)
            assert row.killed + row.wounded + row.contractors <= occupants
            assert row.civilians == 0
        elif row.kind is Kind.STRUCK_OTHERS:
            assert row.killed + row.wounded + row.contractors == 0
        else:
            assert row.killed + row.wounded + row.civilians + row.contractors == 0
    for device in model.live.values():
        assert 0.0 <= device.at_km <= float(model.length_km[device.segment])
        assert device.end_h >= model.now_h
        assert scenario.threat.concealment_low <= device.concealment
        assert device.concealment <= scenario.threat.concealment_high
    if len(model.length_km):
        hazard = model.headquarters._hazard_per_km()
        assert np.isfinite(hazard).all()
        assert (hazard >= 0.0).all()


@given(scenarios(), lucks)
@few
def test_nobody_acts_before_arriving_or_after_leaving(scenario, luck):
    model = ConvoyModel(scenario, *luck)
    record = model.run()
    decision_h = scenario.clock().decision_h
    companies = {
        key: unit.company
        for unit in model.units
        for key in (unit.key, *(team.key for team in model.teams if team.unit is unit))
    }
    for row in happened(record, Kind.SWEPT, Kind.ROTATED, Kind.DEPARTED):
        actor = row.other if row.kind is Kind.DEPARTED else row.entity
        if actor in companies:
            stay = companies[actor].stay_at(row.time_h, decision_h)
            assert stay.is_present(row.time_h)


@given(scenarios(), lucks)
@fewer
def test_the_same_run_gives_the_same_bytes(scenario, luck):
    assert all_bytes(run_scenario(scenario, *luck)) == all_bytes(run_scenario(scenario, *luck))


@given(scenarios(is_decided=True), lucks)
@few
def test_nothing_differs_before_the_decision(scenario, luck):
    decided, undecided = (run_scenario(s, *luck) for s in (scenario, scenario.before))
    decision_h = scenario.clock().decision_h
    for name in decided.events:
        pasts = [
            record.events[name][record.events["time_h"] < decision_h]
            for record in (decided, undecided)
        ]
        assert pasts[0].tobytes() == pasts[1].tobytes(), name
    n_past = scenario.clock().period_start_h().index(decision_h)
    for name, counted in count_arrays(decided).items():
        assert counted[:n_past].tobytes() == count_arrays(undecided)[name][:n_past].tobytes(), name


@given(scenarios(), lucks)
@fewer
def test_a_package_that_never_comes_changes_nothing(scenario, luck):
    camp = build_world(scenario).camp_ids[0]
    ghost = Reinforcement(camp=camp, unit_type="infantry", strength=500.0, arrival="never")
    promised = changed(
        scenario, force={"reinforcements": {**scenario.force.reinforcements, "ghost": ghost}}
    )
    assert all_bytes(run_scenario(promised, *luck)) == all_bytes(run_scenario(scenario, *luck))


@pytest.fixture(scope="module")
def shuffled_copy(tmp_path_factory):
    """The path of a toy theatre whose tables have their rows in another order."""
    folder = tmp_path_factory.mktemp("theatres")

    @functools.cache
    def copy(name, seed):
        (folder / str(seed)).mkdir(exist_ok=True)
        path = copy_of_theatre(name, folder / str(seed))
        shuffle_rows(path, random.Random(seed))
        return str(path)

    return copy


@given(scenario=scenarios(), luck=lucks, seed=st.integers(0, 3))
@few
def test_the_order_of_rows_changes_nothing(shuffled_copy, scenario, luck, seed):
    roads = {"name": shuffled_copy(scenario.roads.name, seed)}
    before = scenario.before and changed(scenario.before, roads=roads)
    roads = dataclasses.replace(scenario.roads, **roads)
    shuffled = dataclasses.replace(scenario, roads=roads, before=before)
    assert all_bytes(run_scenario(shuffled, *luck)) == all_bytes(run_scenario(scenario, *luck))


# One more convoy that shares no cause with anybody: nobody sees it and it uses nothing.


class Ghost(Convoy):
    """A convoy without vehicles: it meets devices and draws its luck, and that is all."""

    def _find_chance(self, device):
        return 0.0

    def settle(self):
        """Leave no trace in memories, books or totals."""


@given(luck=lucks, start_days=st.lists(st.floats(0.0, 29.0), min_size=1, max_size=4, unique=True))
@fewer
def test_one_more_convoy_that_nobody_sees_leaves_every_other_event_identical(luck, start_days):
    scenario = a_month_on_the_triangle()
    alone = run_scenario(scenario, *luck)
    haunted = ConvoyModel(scenario, *luck)
    for number, day in enumerate(sorted(start_days)):
        haunted.advance_to(day * DAY_H)
        ghost = Ghost(haunted, 4_000_000_000, number, LOGISTICS, None, 0, 0, Convoy.remove)
        west, north = haunted.camp_by_name["west"], haunted.camp_by_name["north"]
        ghost.start(haunted.way_of_convoy(west, north, True))
    haunted.advance_to(scenario.clock().end_h)
    assert all_bytes(haunted.ledger.close(*luck)) == all_bytes(alone)


def test_the_ghost_of_the_test_above_does_meet_devices():
    scenario = a_month_on_the_triangle(
        threat={
            "attempts_per_month": 200.0,
            "expiry_mean_days": 1e9,
            "others_hazard_per_day": 0.0,
        }
    )
    model = ConvoyModel(scenario)
    model.advance_to(6 * DAY_H)
    west, north = model.camp_by_name["west"], model.camp_by_name["north"]
    ghost = Ghost(model, 4_000_000_000, 0, LOGISTICS, None, 0, 0, Convoy.remove)
    ghost.start(model.way_of_convoy(west, north, True))
    met = set()
    for _ in range(48):
        model.step()
        met |= {key for key, device in model.live.items() if ghost.key in device.n_meetings}
    assert met


def test_one_more_company_out_of_sight_leaves_every_other_event_identical():
    """A company at the near end of the chain, whose patrols never reach a road that a cell sees.

    Its patrols share no cause with anybody: patrols grow in proportion, so that others keep their
    number; convoys and sweeps go by the clock; what it drives is out of reach of the cells.
    """
    chain = changed(
        Scenario(name="chain", baseline="chain"),
        roads={"name": "toy_chain"},
        force={
            "strength": 440.0,
            "patrols_per_year": 4000.0,
            "patrol_reference_strength": 405.0,
            "patrol_elasticity": 1.0,
            "patrol_ceiling_per_day": 20.0,
            "patrol_reach_km": 2.0,
        },
        threat={"attempts_per_month": 150.0, "reach_km": 40.0, "nothing_km": 0.0},
        clearance={
            "process": "poisson",
            "process_rate_per_day": 0.1,
            "fixed_find_probability": 0.5,
        },
        routing={**ROUND_THE_CLOCK, **NO_HALTS},
        supply={"process": "poisson", "process_rate_per_day": 0.5},
        runs={"start": iso(0), "end": iso(30), "warm_up_days": 0},
        results={"detail": "full"},
    )
    extra = Reinforcement(camp="first", unit_type="infantry", strength=135.0, arrival=iso(0))
    reinforced = changed(chain, force={"reinforcements": {"extra": extra}})
    for run in range(5):
        alone, together = run_scenario(chain, 1, run), run_scenario(reinforced, 1, run)
        own = [
            unit for unit in ConvoyModel(reinforced, 1, run).units if "extra" in unit.company.name
        ]
        (unit,) = own
        theirs = [
            row
            for row in rows_of(together)
            if row.entity != unit.key and row.entity >> 32 != unit.patrol_key
        ]
        assert theirs == list(rows_of(alone))
        assert len(list(rows_of(together))) > len(theirs) + 50
        met = {row.cause for row in theirs if row.kind in (Kind.FOUND, Kind.STRUCK)}
        assert {Cause.CONVOY, Cause.SWEEP} <= met


@pytest.mark.smoke
def test_a_run_gives_the_same_bytes_here_and_in_one_or_two_workers():
    scenario = a_month_on_the_triangle()
    here = {run: all_bytes(run_scenario(scenario, 1, run)) for run in range(4)}
    for n_workers in (1, 2):
        found = {}

        def keep(job, replication, seconds, found=found):
            found[job.run] = all_bytes(replication.record)
            return False

        jobs = (Job("triangle", scenario, 1, run, "incidents") for run in range(4))
        assert execute(jobs, replicate, on_done=keep, n_workers=n_workers) == "done"
        assert found == here
