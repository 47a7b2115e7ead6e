"""Roads that nobody drives on change nothing: the larger network of the benchmarks is as said."""

import numpy as np
import pytest

from benchmarks.larger_network import DEGREES_APART, write_larger_network
from sim.compose import load_scenario
from sim.engines.reference.model import simulate_run
from sim.world.record import EVENT_COLUMNS
from sim.world.world import build_world

SHORT = ("runs.warm_up_days=31", "runs.end=2016-08-01")
COARSE = ("roads.max_segment_km=22", "roads.near_camp_segment_km=22")


@pytest.fixture(scope="module")
def shipped():
    return load_scenario("baseline_2016", (*SHORT, *COARSE))


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    folder = write_larger_network(tmp_path_factory.mktemp("larger"), n_copies=2)
    return load_scenario("baseline_2016", (*SHORT, *COARSE, f"roads.name={folder}"))


def test_a_copy_has_every_road_of_the_shipped_ones_at_its_length(shipped, larger):
    of_one, of_three = (build_world(scenario).network for scenario in (shipped, larger))
    assert of_three.n_junctions == 3 * of_one.n_junctions
    assert of_three.n_edges == 3 * of_one.n_edges + 2
    assert np.ptp(of_three.junction_longitude_deg) == pytest.approx(
        np.ptp(of_one.junction_longitude_deg) + 2 * DEGREES_APART
    )
    km, all_km = of_one.edge_length_km, of_three.edge_length_km
    between_km = np.sum(all_km) - 3 * np.sum(km)
    assert 500.0 < between_km / 2 < 1000.0
    assert all(np.sum(all_km == length_km) % 3 == 0 for length_km in km)


def test_more_roads_far_away_leave_every_event_as_it_was(shipped, larger):
    one, other = (simulate_run(scenario, 5, 3) for scenario in (shipped, larger))
    assert len(one.events["kind"]) > 500
    for name in EVENT_COLUMNS:
        if name != "segment":
            assert np.array_equal(one.events[name], other.events[name]), name
    names = [
        [world.network.segments.name[piece] for piece in record.events["segment"] if piece >= 0]
        for record, world in ((one, build_world(shipped)), (other, build_world(larger)))
    ]
    assert names[0] == names[1]
