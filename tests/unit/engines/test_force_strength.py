"""`force.strength` moves convoys, patrols and exposure: each link by itself."""

import numpy as np
import pytest
from small_worlds import (
    a_month_on_the_triangle,
    a_supplied_chain,
    all_bytes,
    changed,
    event_bytes,
    happened,
    reinforced,
)

from sim.engines import run_scenario
from sim.engines.reference.ledger import LOGISTICS, PATROL
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Kind

NO_THREAT = {"attempts_per_month": 0.0}


def single_trucks(strength):
    """The chain with a convoy for every truck, for a year: every 8.5 t become a convoy."""
    return a_supplied_chain(
        force={"strength": strength},
        supply={
            "truck_tonnes": 8.5,  # half of what the far end eats in a day
            "load_vehicles": 1,
            "preparation_days": 0.0,
            "trucks_by_hub": {"first": 1e5},
        },
        runs={"end": "2017-07-01"},
    )


def test_twice_the_people_eat_twice_as_much_and_need_twice_the_convoys():
    convoys = {}
    for strength in (440.0, 880.0):
        record = run_scenario(single_trucks(strength), 1, 0)
        convoys[strength] = len(happened(record, Kind.DEPARTED))
        # 170 of 440 people live at the far end and eat 100 kg a day each.
        eaten_t = strength * 170 / 440 * 0.1 * 365
        assert convoys[strength] == pytest.approx(eaten_t / 8.5, rel=0.03)
    assert convoys[880.0] / convoys[440.0] == pytest.approx(2.0, rel=0.02)


def test_twice_the_people_make_twice_the_traffic_of_trucks():
    km = [
        run_scenario(single_trucks(strength), 1, 0).vehicle_km[LOGISTICS].sum()
        for strength in (440.0, 880.0)
    ]
    assert km[1] / km[0] == pytest.approx(2.0, rel=0.02)


def test_people_do_not_change_traffic_where_convoys_go_by_the_clock():
    km = []
    for strength in (440.0, 880.0):
        scenario = changed(
            single_trucks(strength), supply={"process": "periodic", "process_rate_per_day": 1.0}
        )
        km.append(run_scenario(scenario, 1, 0).vehicle_km[LOGISTICS].sum())
    assert km[0] == km[1] > 0.0


def patrolling(strength, elasticity):
    """The triangle with patrols alone: convoys by the clock, so that nobody is on escort."""
    return a_month_on_the_triangle(
        force={
            "strength": strength,
            "patrol_elasticity": elasticity,
            "patrols_per_year": 20000.0,
        },
        threat=NO_THREAT,
        clearance={"policy": "none"},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        runs={"end": "2016-08-30"},
    )


@pytest.mark.parametrize(("elasticity", "growth"), [(0.0, 1.0), (0.5, 2.0), (1.0, 4.0)])
def test_patrols_grow_with_the_people_to_the_power_of_the_elasticity(elasticity, growth):
    rates, counts = [], []
    for strength in (440.0, 1760.0):
        scenario = patrolling(strength, elasticity)
        model = ConvoyModel(scenario)
        infantry = sum(unit.strength for unit in model.units if unit.is_patroller)
        rates.append(model.patrols_per_day_and_person * infantry)
        counts.append(model.run().n_patrols.sum())
    assert rates[1] / rates[0] == pytest.approx(growth)
    assert counts[0] == pytest.approx(20000 / 365.25 * 60, rel=0.06)
    assert counts[1] / counts[0] == pytest.approx(growth, rel=0.06)


def test_exposure_grows_with_the_patrols():
    km, person_km = [], []
    for strength in (440.0, 1760.0):
        record = run_scenario(patrolling(strength, 0.5), 1, 0)
        km.append(record.vehicle_km[PATROL].sum())
        person_km.append(record.person_km[PATROL].sum())
    assert km[1] / km[0] == pytest.approx(2.0, rel=0.1)
    occupants = a_month_on_the_triangle().force.vehicle_occupants
    assert np.array(person_km) == pytest.approx(occupants * np.array(km))


def test_people_in_camp_are_counted_by_day():
    for strength in (440.0, 880.0):
        record = run_scenario(patrolling(strength, 0.5), 1, 0)
        assert record.troop_days.sum() == pytest.approx(strength * 60)


def test_more_people_without_patrols_or_convoys_meet_no_more_devices():
    events = []
    for strength in (440.0, 1760.0):
        scenario = changed(
            patrolling(strength, 0.5),
            force={"patrol_process": "none", "rotation_days": 3650.0},
            threat={"attempts_per_month": 60.0},
        )
        record = run_scenario(scenario, 1, 0)
        events.append(happened(record, *set(Kind) - {Kind.ROTATED}))
    assert events[0] == events[1]
    assert len(events[0]) > 100


def test_a_reinforcement_that_never_arrives_changes_nothing():
    without = a_month_on_the_triangle()
    promised = changed(without, force={"reinforcements": reinforced(arrival="never")})
    late = changed(without, force={"reinforcements": reinforced(arrival="2016-07-31")})
    bytes_without = all_bytes(run_scenario(without, 1, 0))
    assert all_bytes(run_scenario(promised, 1, 0)) == bytes_without
    assert all_bytes(run_scenario(late, 1, 0)) == bytes_without  # the day after the last
    came = changed(without, force={"reinforcements": reinforced(arrival="2016-07-02")})
    assert event_bytes(run_scenario(came, 1, 0)) != event_bytes(run_scenario(without, 1, 0))
