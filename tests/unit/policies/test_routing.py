import numpy as np
import pytest
from small_worlds import changed

from sim.engines.reference.model import ConvoyModel
from sim.policies.routing import POLICIES, RoutingView
from sim.world.scenario import Scenario
from sim.world.world import surroundings

VIEW = RoutingView(travel_h=np.array([1.0, 2.0, 3.0]), risk_cost=np.array([0.3, 0.2, 0.2]))


def test_the_shortest_way_costs_its_hours():
    assert POLICIES["shortest"](VIEW).tolist() == [1.0, 2.0, 3.0]


def test_the_safest_way_costs_its_risk_and_time_settles_ties_alone():
    cost = POLICIES["least_risk"](VIEW)
    assert cost == pytest.approx([0.3, 0.2, 0.2], abs=1e-6)
    assert cost[1] < cost[2] < cost[0]


@pytest.fixture
def two_parallel_roads():
    """Upper road 60 km, paved; lower road 70 km, gravel: 2.0 h and 2.8 h for a lone convoy."""
    return changed(
        Scenario(name="parallel", baseline="parallel"),
        roads={"name": "toy_two_parallel_roads"},
        threat={"attempts_per_month": 0.0, "smoothing_km": 1.0},
        force={"patrol_process": "none"},
        clearance={"policy": "none"},
        routing={"policy": "least_risk", "convoy_speed_factor": 0.5, "detour_limit": 1.5},
        runs={"end": "2016-07-31", "warm_up_days": 0},
    )


def road_taken(model, is_escorted=False):
    source, target = model.camp_by_name["source"], model.camp_by_name["target"]
    journey = model.way_of_convoy(source, target, is_escorted)
    roads = {model.world.network.segments.road[segment] for segment in journey.segments}
    assert len(roads) == 1
    return roads.pop()


def tell_of_devices(model, road, n_devices):
    """The command hears of devices on every piece of a road; nobody lays one."""
    network = model.world.network
    for segment, name in enumerate(network.segments.road):
        if name == road:
            around = surroundings(network, segment, model.settings.threat.smoothing_km)
            for _ in range(n_devices):
                model.picture.hear_of_device(model.now_h, around[0], around[2])


def test_while_nothing_is_known_the_safest_way_is_the_shorter_one(two_parallel_roads):
    assert road_taken(ConvoyModel(two_parallel_roads)) == "Upper road"


def test_the_safest_way_is_the_longer_road_once_devices_were_met_on_the_shorter(
    two_parallel_roads,
):
    model = ConvoyModel(two_parallel_roads)
    tell_of_devices(model, "Upper road", n_devices=1)
    assert road_taken(model) == "Lower road"


def test_the_shortest_way_is_the_shortest_whatever_was_met(two_parallel_roads):
    model = ConvoyModel(changed(two_parallel_roads, routing={"policy": "shortest"}))
    tell_of_devices(model, "Upper road", n_devices=5)
    assert road_taken(model) == "Upper road"


@pytest.mark.parametrize(
    ("detour_limit", "road"), [(1.39, "Upper road"), (1.41, "Lower road"), (10.0, "Lower road")]
)
def test_a_safer_road_is_taken_within_the_detour_limit_alone(
    two_parallel_roads, detour_limit, road
):
    # 70 km at 25 km/h are 2.8 h, 60 km at 30 km/h are 2.0 h: 1.4 times as long.
    model = ConvoyModel(changed(two_parallel_roads, routing={"detour_limit": detour_limit}))
    tell_of_devices(model, "Upper road", n_devices=1)
    assert road_taken(model) == road


def test_what_was_met_is_forgotten_in_time(two_parallel_roads):
    model = ConvoyModel(changed(two_parallel_roads, clearance={"picture_half_life_days": 0.1}))
    tell_of_devices(model, "Upper road", n_devices=1)
    assert road_taken(model) == "Lower road"
    model.advance_to(10 * 24.0)
    assert road_taken(model) == "Upper road"


def test_the_way_back_is_the_way_there_reversed(two_parallel_roads):
    model = ConvoyModel(two_parallel_roads)
    source, target = model.camp_by_name["source"], model.camp_by_name["target"]
    there = model.way_of_convoy(source, target, False)
    back = model.way_of_convoy(target, source, False)
    assert back.segments.tolist() == there.segments.tolist()[::-1]
    assert back.total_h == pytest.approx(there.total_h)
