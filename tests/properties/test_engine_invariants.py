"""What holds in every run of every small world, however odd its settings.

Random worlds run by the reference engine: one as odd as these may need more room than compiled code
has as a standard, and each room is compiled apart, for a minute. That the batch engine gives the
same in random worlds is a matter of docking (`tests/docking/test_engines_agree.py`).
"""

import dataclasses
import functools
import math
import os
import random
from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_worlds import iso, lucks, scenarios
from small_worlds import (
    DAY_H,
    NO_HALTS,
    PLAIN,
    ROUND_THE_CLOCK,
    a_month_on_the_triangle,
    all_bytes,
    changed,
    copy_of_theatre,
    count_arrays,
    rows_of,
    shuffle_rows,
)

from sim.engines import reference, run_scenario
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.model import ConvoyModel
from sim.studies.execute import Job, execute
from sim.studies.replicate import replicate
from sim.world.events import Cause, Kind
from sim.world.record import RunRecord
from sim.world.scenario import Reinforcement, Scenario
from sim.world.world import build_world

ENDS = (Kind.FOUND, Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.EXPIRED)

# Explaining which lines a failure depends on would take minutes, since it traces every line.
PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
many = settings(
    max_examples=200 if os.environ.get("CI") else 30,
    phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)
"""Two hundred worlds in CI; elsewhere as many as one waits for."""


@dataclasses.dataclass
class Run:
    """One run of a random world, with the model that made it."""

    scenario: Scenario
    model: ConvoyModel
    record: RunRecord

    @functools.cached_property
    def rows(self):
        return list(rows_of(self.record))

    def happened(self, *kinds):
        return [row for row in self.rows if row.kind in kinds]


def run_step_by_step(scenario, luck):
    """Let the run pass in steps of hours that fit no rhythm, looking at the world at each."""
    model = ConvoyModel(scenario, *luck)
    while model.running:
        model.advance_to(model.now_h + 17.0)
        stocks_trucks_and_people_are_conserved(model)
        cells_stay_within_their_bounds(model)
        teams_ahead_are_away_and_each_with_one_convoy(model)
    return Run(scenario, model, model.ledger.close(*luck))


def stocks_trucks_and_people_are_conserved(model):
    scenario = model.world.scenario
    decision_h = scenario.clock().decision_h
    last_h = math.nextafter(model.now_h, 0.0)  # what is due at this very hour is still to come
    for camp in model.camps:
        camp.settle()
        assert camp.stock_t >= 0.0
        assert camp.on_order_t >= -1e-9
        assert camp.n_trucks_out >= 0
        # A decision may take trucks away while they are out, and a closure their camp.
        is_as_before = scenario.before is None or last_h < decision_h
        has_closures = bool(model.settings.force.closures)
        assert camp.n_trucks_out <= camp.trucks or not is_as_before or has_closures
        here = sum(unit.strength for unit in model.units if unit.camp is camp)
        assert camp.garrison == pytest.approx(here, abs=1e-6)
    for unit in model.units:
        stay = unit.company.stay_at(last_h, decision_h)
        present = stay.strength_at(last_h)
        is_closed = closing_h(model, unit) <= last_h
        assert unit.strength == (0.0 if is_closed else present)


def closing_h(model, unit):
    """When the camp of a unit closes by the settings in force; infinite where it does not."""
    day = model.settings.force.closures.get(unit.company.camp)
    if day is None or not model.is_decided:
        return math.inf
    return max(model.world.clock.hour_of(date.fromisoformat(day)), model.world.clock.decision_h)


def cells_stay_within_their_bounds(model):
    for cell in model.militants:
        assert 0.0 <= cell.strength_now() <= 2.0
        assert cell.practice >= 0.0


def teams_ahead_are_away_and_each_with_one_convoy(model):
    ahead = [convoy.team for convoy in model.moving.values() if convoy.team is not None]
    assert len({team.key for team in ahead}) == len(ahead)
    for team in ahead:
        assert team.is_away
        assert team.pieces == []
    assert all(convoy.team is None or convoy.is_escorted for convoy in model.moving.values())
    before = model.world.scenario.before
    was_on = before is not None and before.clearance.with_convoys
    for team in model.teams:
        assert not team.is_away or (was_on or model.settings.clearance.with_convoys)


def fates_of_devices_add_up_and_each_ends_at_most_once(run):
    for placing, ends, is_decoy in (
        (Kind.PLACED, ENDS, False),
        (Kind.DECOY_PLACED, (Kind.DECOY_FOUND, Kind.DECOY_EXPIRED), True),
    ):
        placed = {row.entity: row for row in run.happened(placing)}
        ended = Counter(row.entity for row in run.happened(*ends))
        live = {key for key, device in run.model.live.items() if device.is_decoy is is_decoy}
        assert len(placed) == len(run.happened(placing))
        assert max(ended.values(), default=0) <= 1
        assert len(placed) == sum(ended.values()) + len(live)
        assert set(placed) == set(ended) | live
        for row in run.happened(*ends):
            assert row.time_h >= placed[row.entity].time_h
            assert row.segment == placed[row.entity].segment


def events_come_in_order_and_within_the_run(run):
    # As they were put down; passages are written down later and sorted in.
    times_h = [row[0] for row in run.model.ledger.rows if row[1] != Kind.PASSED]
    assert times_h == sorted(times_h)
    in_table = run.record.events["time_h"]
    assert (np.diff(in_table) >= 0.0).all()
    if len(in_table):
        assert in_table[0] >= 0.0
        assert in_table[-1] < run.scenario.clock().end_h


def journeys_take_at_least_what_was_planned(run):
    """But for what convoys saved that found a way faster than the rest of the planned one."""
    record, routing = run.record, run.scenario.routing
    short = (record.undisturbed_h - record.journey_h).sum()
    saved_h = 0.0
    for row in run.happened(Kind.REROUTED):
        if row.hours < 0.0:  # hours of driving; each day has so many, and a night may be saved
            daylight_h = routing.daylight_end_h - routing.daylight_start_h
            saved_h += DAY_H * (1.0 - row.hours / daylight_h)
    if saved_h == 0.0:
        assert (record.journey_h >= record.undisturbed_h - 1e-6).all()
    assert short <= saved_h + 1e-6


def rates_and_counts_stay_in_range(run):
    record, scenario, model = run.record, run.scenario, run.model
    for name, counted in count_arrays(record).items():
        assert np.isfinite(counted).all(), name
        assert (counted >= 0.0).all(), name
    assert (record.training_level <= 1.0).all()
    assert (record.progress <= 1.0).all()
    assert (record.cells_active + record.cells_in_refuge <= len(model.militants)).all()
    journeys_take_at_least_what_was_planned(run)
    assert (record.stockout_person_days <= record.troop_days + 1e-6).all()
    for device in model.live.values():
        assert 0.0 <= device.at_km <= float(model.length_km[device.segment])
        assert device.end_h >= model.now_h
        assert (
            0.0
            <= device.concealment
            <= (scenario.threat.concealment_high * scenario.threat.skill_most)
        )
    hazard = model.hazard_told_per_km()
    assert np.isfinite(hazard).all()
    assert (hazard >= 0.0).all()


HARMS_THE_MISSION = (
    Kind.STRUCK,
    Kind.CAMP_ATTACKED,
    Kind.GUNFIRE,
    Kind.FOLLOW_ON_FIRE,
    Kind.ACCIDENT,
)


def harm_falls_on_those_who_are_there(run):
    scenario = run.scenario
    occupants = max(scenario.force.vehicle_occupants, scenario.supply.truck_occupants)
    for row in run.rows:
        assert math.isfinite(row.hours)
        # Another way may be shorter than the rest of the old one.
        assert row.hours >= 0.0 or row.kind is Kind.REROUTED
        assert row.strength >= 0.0
        assert min(row.killed, row.wounded, row.civilians, row.contractors) >= 0
        if row.kind not in HARMS_THE_MISSION:
            assert row.killed + row.wounded + row.contractors == 0
        if row.kind not in (Kind.STRUCK_OTHERS, Kind.CELL_STRUCK):
            assert row.civilians == 0
        if row.kind is Kind.STRUCK:
            assert row.cause in (Cause.PATROL, Cause.CONVOY)
            assert row.killed + row.wounded + row.contractors <= occupants
        elif row.kind is Kind.ACCIDENT:
            assert row.killed + row.wounded <= scenario.clearance.accident_exposed


def nobody_acts_before_arriving_or_after_leaving(run):
    model = run.model
    decision_h = run.scenario.clock().decision_h
    companies = {
        key: unit.company
        for unit in model.units
        for key in (unit.key, *(team.key for team in model.teams if team.unit is unit))
    }
    acts = (Kind.SWEPT, Kind.ROTATED, Kind.DEPARTED, Kind.TRAINED, Kind.FALSE_ALARM)
    for row in run.happened(*acts):
        actor = row.other if row.kind is Kind.DEPARTED else row.entity
        if actor in companies and row.cause is not Cause.WITHDRAWAL:
            assert companies[actor].stay_at(row.time_h, decision_h).is_present(row.time_h)


def cells_in_refuge_do_nothing_and_come_back_once(run):
    away = {}
    for row in run.rows:
        if row.kind is Kind.CELL_FLED:
            assert not away.get(row.entity, False)
            away[row.entity] = True
        elif row.kind is Kind.CELL_RETURNED:
            assert away.get(row.entity, False)
            away[row.entity] = False
        elif row.kind in (Kind.CAMP_ATTACKED, Kind.GUNFIRE, Kind.CELL_STRUCK):
            assert not away.get(row.entity, False)
        elif row.kind in (Kind.PLACED, Kind.DECOY_PLACED):
            assert not away.get(row.other, False)


def what_is_switched_off_does_not_happen(run):
    scenario = run.scenario
    causes = {row.cause for row in run.happened(Kind.CELL_STRUCK)}
    kinds = {row.kind for row in run.rows}
    threat, attrition, attacks = scenario.threat, scenario.attrition, scenario.attacks
    off = {
        Kind.PLACED: threat.attempts_per_month == 0.0 or threat.decoy_share == 1.0,
        Kind.DECOY_PLACED: threat.decoy_share == 0.0,
        Kind.FALSE_ALARM: scenario.clearance.false_alarms_per_100_km == 0.0,
        Kind.ACCIDENT: scenario.clearance.accident_probability == 0.0,
        Kind.GUNFIRE: attacks.gunfire_per_month == 0.0,
        Kind.FOLLOW_ON_FIRE: attacks.follow_on_probability == 0.0,
        Kind.CELL_FLED: attrition.refuge_probability == 0.0,
        Cause.PATROL: attrition.contact_probability == 0.0,
        Cause.COUNTER_TERROR: attrition.counter_terror_per_month == 0.0,
        Cause.RAID: attrition.raids_per_month_per_100 == 0.0
        and (attrition.tips_per_month == 0.0 or attrition.raids_per_tip == 0.0),
    }
    for what, is_off in off.items():
        assert not is_off or what not in (kinds if isinstance(what, Kind) else causes), what
    how = {row.cause for row in run.happened(Kind.CAMP_ATTACKED)}
    assert attacks.indirect_fire_per_month > 0.0 or Cause.INDIRECT_FIRE not in how
    assert attacks.suicide_per_month > 0.0 or Cause.SUICIDE_VEHICLE not in how
    assert attacks.complex_per_month > 0.0 or Cause.COMPLEX_ATTACK not in how


INVARIANTS = (
    fates_of_devices_add_up_and_each_ends_at_most_once,
    events_come_in_order_and_within_the_run,
    rates_and_counts_stay_in_range,
    harm_falls_on_those_who_are_there,
    nobody_acts_before_arriving_or_after_leaving,
    cells_in_refuge_do_nothing_and_come_back_once,
    what_is_switched_off_does_not_happen,
)


@given(scenarios(), lucks)
@many
def test_every_invariant_holds_in_a_random_world(scenario, luck):
    run = run_step_by_step(scenario, luck)
    for invariant in INVARIANTS:
        invariant(run)


@given(scenarios(is_decided=True), lucks)
@many
def test_nothing_differs_before_the_decision(scenario, luck):
    decided, undecided = (reference.simulate_run(s, *luck) for s in (scenario, scenario.before))
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
@many
def test_a_package_that_never_comes_changes_nothing(scenario, luck):
    camp = build_world(scenario).camp_ids[0]
    ghost = Reinforcement(camp=camp, unit_type="infantry", strength=500.0, arrival="never")
    promised = changed(
        scenario, force={"reinforcements": {**scenario.force.reinforcements, "ghost": ghost}}
    )
    records = [reference.simulate_run(s, *luck) for s in (promised, scenario)]
    assert all_bytes(records[0]) == all_bytes(records[1])


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
@many
def test_the_order_of_rows_changes_nothing(shuffled_copy, scenario, luck, seed):
    roads = {"name": shuffled_copy(scenario.roads.name, seed)}
    before = scenario.before and changed(scenario.before, roads=roads)
    roads = dataclasses.replace(scenario.roads, **roads)
    shuffled = dataclasses.replace(scenario, roads=roads, before=before)
    records = [reference.simulate_run(s, *luck) for s in (shuffled, scenario)]
    assert all_bytes(records[0]) == all_bytes(records[1])


# One more convoy that shares no cause with anybody: nobody sees it and it uses nothing.


class Ghost(Convoy):
    """A convoy without vehicles: it meets devices and draws its luck, and that is all."""

    def _find_chance(self, device):
        return 0.0

    def settle(self):
        """Leave no trace in memories, books or totals."""


@given(luck=lucks, start_days=st.lists(st.floats(0.0, 29.0), min_size=1, max_size=4, unique=True))
@many
def test_one_more_convoy_that_nobody_sees_leaves_every_other_event_identical(luck, start_days):
    scenario = a_month_on_the_triangle()
    alone = run_scenario(scenario, *luck)
    haunted = ConvoyModel(scenario, *luck)
    for number, day in enumerate(sorted(start_days)):
        haunted.advance_to(day * DAY_H)
        ghost = Ghost(haunted, 4_000_000_000, number, LOGISTICS, None, 0, 0, Convoy.remove)
        west, north = haunted.camp_by_name["west"], haunted.camp_by_name["north"]
        ghost.start(haunted.routes.way_of_convoy(west, north, True))
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
    ghost.start(model.routes.way_of_convoy(west, north, True))
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
        changed(Scenario(name="chain", baseline="chain"), **PLAIN),
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
