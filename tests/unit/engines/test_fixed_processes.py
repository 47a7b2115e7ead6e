import numpy as np
import pytest
from small_worlds import DAY_H, NO_HALTS, ROUND_THE_CLOCK, an_empty_road, happened

from sim.engines import run_scenario
from sim.world.events import Kind

INSTANT = {**ROUND_THE_CLOCK, **NO_HALTS, "instant_passage": True}


def departures(**supply):
    scenario = an_empty_road(supply=supply, routing=INSTANT, runs={"end": "2017-07-01"})
    return np.array([row.time_h for row in happened(run_scenario(scenario, 1, 0), Kind.DEPARTED)])


def sweeps(**clearance):
    scenario = an_empty_road(clearance=clearance, runs={"end": "2017-07-01"})
    return np.array([row.time_h for row in happened(run_scenario(scenario, 1, 0), Kind.SWEPT)])


@pytest.mark.parametrize("times_of", [departures, sweeps])
def test_a_periodic_process_keeps_its_gaps_equal(times_of):
    times_h = times_of(process="periodic", process_rate_per_day=0.25)
    assert times_h == pytest.approx(4 * DAY_H * np.arange(1, 92))


@pytest.mark.parametrize("times_of", [departures, sweeps])
def test_a_poisson_process_has_its_rate_and_uneven_gaps(times_of):
    times_h = times_of(process="poisson", process_rate_per_day=2.0)
    assert len(times_h) == pytest.approx(730, abs=4 * 730**0.5)
    gaps_h = np.diff(times_h)
    assert gaps_h.std() == pytest.approx(gaps_h.mean(), rel=0.2)


@pytest.mark.parametrize("times_of", [departures, sweeps])
@pytest.mark.parametrize("process", ["poisson", "periodic"])
def test_a_process_of_rate_zero_does_nothing(times_of, process):
    assert len(times_of(process=process, process_rate_per_day=0.0)) == 0


def test_convoys_of_a_process_ask_for_no_truck_no_escort_and_no_stock():
    times_h = departures(
        process="periodic",
        process_rate_per_day=1.0,
        trucks_by_hub={"alpha": 0.0},
        initial_stock_days=0.0,
        min_escort_vehicles=100,
        escort_vehicles=100,
    )
    assert len(times_h) == 364


def test_a_convoy_of_a_process_is_of_full_size_and_drives_one_way():
    scenario = an_empty_road(
        supply={
            "process": "periodic",
            "process_rate_per_day": 1.0,
            "escort_vehicles": 15,
            "load_vehicles": 35,
        },
        routing=INSTANT,
    )
    record = run_scenario(scenario, 1, 0)
    assert record.vehicle_km.sum() == pytest.approx(29 * 50 * 10.0)
    assert record.stockout_person_days.sum() == 0.0
