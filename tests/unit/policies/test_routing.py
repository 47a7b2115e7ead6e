import math

import pytest
from small_graphs import graph
from small_worlds import changed

from sim.engines.reference.model import ConvoyModel
from sim.engines.reference.routes import luck_of_convoy
from sim.policies.routing import POLICIES
from sim.world.scenario import Scenario
from sim.world.world import surroundings

# Four junctions: 0-1-3 takes 2 h and 0-2-3 takes 3 h; 0-3 is the direct track of 6 h.
BY_ONE, BY_TWO, DIRECT = [0, 1], [2, 3], [4]
DIAMOND = graph(4, [(0, 1), (1, 3), (0, 2), (2, 3), (0, 3)])
HOURS = [1.0, 1.0, 1.5, 1.5, 6.0]


def plan_of(policy, risk, detour_limit=10.0, hours=HOURS):
    plan = POLICIES[policy](DIAMOND.view(hours, risk, 0, 3, detour_limit))
    assert plan.probability.sum() == pytest.approx(1.0)
    return {
        tuple(plan.way(number).tolist()): probability
        for number, probability in enumerate(plan.probability.tolist())
    }


def test_the_shortest_way_is_the_fastest_whatever_its_risk():
    assert plan_of("shortest", [0.9, 0.9, 0.0, 0.0, 0.0]) == {tuple(BY_ONE): 1.0}


def test_the_safest_way_has_the_least_risk_and_time_settles_ties_alone():
    # 1 - 0.8 x 0.8 = 0.36 by one, 0.19 by two, 0.2 on the track.
    assert plan_of("least_risk", [0.2, 0.2, 0.1, 0.1, 0.2]) == {tuple(BY_TWO): 1.0}
    assert plan_of("least_risk", [0.1] * 4 + [0.5]) == {tuple(BY_ONE): 1.0}


@pytest.mark.parametrize(("limit", "way"), [(1.49, BY_ONE), (1.5, BY_TWO), (2.99, BY_TWO)])
def test_a_safest_way_beyond_the_detour_limit_gives_way_to_the_fastest(limit, way):
    assert plan_of("least_risk", [0.2, 0.2, 0.1, 0.1, 0.9], limit) == {tuple(way): 1.0}


def test_the_mix_drives_each_way_by_what_its_riskiest_edge_carries():
    # Capacities 1/0.2 = 5, 1/0.1 = 10 and 1/0.5 = 2: 17 in all.
    assert plan_of("mixed", [0.2, 0.1, 0.1, 0.05, 0.5]) == {
        tuple(BY_ONE): pytest.approx(5 / 17),
        tuple(BY_TWO): pytest.approx(10 / 17),
        tuple(DIRECT): pytest.approx(2 / 17),
    }


@pytest.mark.parametrize(
    ("limit", "shares"),
    [(3.0, [5, 10, 2]), (2.99, [5, 10]), (1.5, [5, 10]), (1.49, [5]), (1.0, [5])],
)
def test_the_mix_holds_ways_within_the_detour_limit_alone(limit, shares):
    plan = plan_of("mixed", [0.2, 0.1, 0.1, 0.05, 0.5], limit)
    expected = sorted(share / sum(shares) for share in shares)
    assert sorted(plan.values()) == pytest.approx(expected)


# Two stretches one after the other, each with a fast and a slow road by a junction of its own.
STRETCHES = graph(7, [(0, 1), (1, 3), (0, 2), (2, 3), (3, 4), (4, 6), (3, 5), (5, 6)])
FAST, SLOW = [0, 1, 4, 5], [2, 3, 6, 7]
STRETCH_HOURS = [0.5 if edge in FAST else 1.0 for edge in range(8)]


@pytest.mark.parametrize("limit", [1.5, 2.0])
def test_two_detours_become_two_ways_with_one_detour_each(limit):
    """Both slow roads on one way would take twice as long, and one alone half as long again."""
    view = STRETCHES.view(STRETCH_HOURS, [0.1] * 8, 0, 6, limit)
    plan = POLICIES["mixed"](view)
    assert plan.probability.tolist() == pytest.approx([0.5, 0.5])
    for number in range(2):
        way = plan.way(number)
        assert sum(STRETCH_HOURS[edge] for edge in way) == pytest.approx(3.0)
        assert sum(edge in SLOW for edge in way) == 2


def test_a_way_that_is_too_long_as_a_whole_is_left_out_and_the_others_take_its_share():
    """The slow roads carry three times as much: two thirds of that would need both detours."""
    risk = [0.3 if edge in FAST else 0.1 for edge in range(8)]
    plan = POLICIES["mixed"](STRETCHES.view(STRETCH_HOURS, risk, 0, 6, 1.5))
    assert len(plan.probability) == 2
    assert plan.probability.tolist() == pytest.approx([0.5, 0.5])
    plan = POLICIES["mixed"](STRETCHES.view(STRETCH_HOURS, risk, 0, 6, 2.0))
    assert sorted(plan.probability.tolist()) == pytest.approx([0.25, 0.25, 0.5])


def test_a_road_beyond_the_detour_limit_takes_no_share_from_the_road_that_leads_to_it():
    """From 1 a slow track leads straight to 3, and a fast road by 4; by 2 there is another way."""
    fork = graph(5, [(0, 1), (1, 3), (1, 4), (4, 3), (0, 2), (2, 3)])
    hours, track = [1.0, 9.0, 0.5, 0.5, 1.0, 1.0], 1
    plan = POLICIES["mixed"](fork.view(hours, [0.1] * 6, 0, 3, 1.5))
    ways = {tuple(plan.way(number).tolist()) for number in range(len(plan.probability))}
    assert ways == {(0, 2, 3), (4, 5)}
    assert plan.probability.tolist() == pytest.approx([0.5, 0.5])
    wider = POLICIES["mixed"](fork.view(hours, [0.1] * 6, 0, 3, 9.0))
    assert track in wider.edges


def test_where_nothing_is_known_to_be_risky_ways_without_a_common_road_share_alike():
    assert list(plan_of("mixed", [0.0] * 5).values()) == pytest.approx([1 / 3] * 3)


def test_the_mix_does_not_depend_on_how_long_ago_it_was_asked():
    risk = [0.2, 0.1, 0.1, 0.05, 0.5]
    assert plan_of("mixed", risk) == plan_of("mixed", risk)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_whose_roads_lead_nowhere_plans_no_way(policy):
    apart = graph(3, [(0, 1)])
    assert len(POLICIES[policy](apart.view([1.0], [0.1], 0, 2)).edges) == 0


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
    journey = model.routes.way_of_convoy(source, target, is_escorted)
    roads = {model.world.network.segments.road[segment] for segment in journey.segments}
    assert len(roads) == 1
    return roads.pop()


def roads_of_many(model, n_convoys, is_way_back=False):
    source, target = model.camp_by_name["source"], model.camp_by_name["target"]
    ends = (target, source) if is_way_back else (source, target)
    taken = []
    for number in range(n_convoys):
        luck = luck_of_convoy(target.convoy_key, number, is_way_back=is_way_back)
        journey = model.routes.way_of_convoy(*ends, False, luck)
        taken.append(model.world.network.segments.road[journey.segments[0]])
    return taken


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
    there = model.routes.way_of_convoy(source, target, False)
    back = model.routes.way_of_convoy(target, source, False)
    assert back.segments.tolist() == there.segments.tolist()[::-1]
    assert back.total_h == pytest.approx(there.total_h)


def test_a_mix_divides_convoys_by_the_risk_of_the_roads(two_parallel_roads):
    """While nothing is known a road of 60 km has 60/70 of the risk of one of 70 km, or nearly."""
    model = ConvoyModel(changed(two_parallel_roads, routing={"policy": "mixed"}))
    clearance = model.settings.clearance
    hazard = clearance.picture_prior_per_1000_km / 1000.0
    # Each half of a road is an edge, and the flow on a road is one over the risk of its half.
    upper, lower = (1.0 / -math.expm1(-hazard * km) for km in (30.0, 35.0))
    n_convoys = 2000
    taken = roads_of_many(model, n_convoys)
    share = upper / (upper + lower)
    four_deviations = 4 * math.sqrt(share * (1 - share) / n_convoys)
    assert taken.count("Upper road") / n_convoys == pytest.approx(share, abs=four_deviations)


def test_the_way_back_of_a_mix_has_luck_of_its_own(two_parallel_roads):
    model = ConvoyModel(changed(two_parallel_roads, routing={"policy": "mixed"}))
    there, back = roads_of_many(model, 200), roads_of_many(model, 200, is_way_back=True)
    n_alike = sum(one == other for one, other in zip(there, back, strict=True))
    assert 60 < n_alike < 140


def test_a_convoy_keeps_its_choice_whoever_else_asks(two_parallel_roads):
    model = ConvoyModel(changed(two_parallel_roads, routing={"policy": "mixed"}))
    first = roads_of_many(model, 20)
    roads_of_many(model, 50, is_way_back=True)
    assert roads_of_many(model, 20) == first


def test_a_mix_leaves_a_road_on_which_devices_were_met_to_fewer_convoys(two_parallel_roads):
    model = ConvoyModel(changed(two_parallel_roads, routing={"policy": "mixed"}))
    before = roads_of_many(model, 300).count("Upper road")
    tell_of_devices(model, "Upper road", n_devices=1)
    after = roads_of_many(model, 300).count("Upper road")
    assert 0 < after < before / 2
