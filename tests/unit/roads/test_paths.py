import numpy as np
import pytest

from sim.errors import RoadError
from sim.roads import load_network
from sim.roads.loops import loops_from
from sim.roads.paths import path_tree, shortest_path


@pytest.fixture
def two_parallel_roads():
    return load_network("toy_two_parallel_roads")


def way(network, edge_cost, source, target):
    path = shortest_path(
        network, edge_cost, network.junction_index[source], network.junction_index[target]
    )
    return [network.edge_road[edge] for edge in path.edges]


def test_a_dearer_road_is_left_for_the_other(two_parallel_roads):
    network = two_parallel_roads
    cost = network.edge_length_km.copy()
    assert way(network, cost, "source", "target") == ["Upper road"] * 2
    cost[network.graph.edges["source", "upper"]["index"]] += 11.0
    assert way(network, cost, "source", "target") == ["Lower road"] * 2


def test_a_tie_goes_to_the_lower_junction_whatever_the_direction(two_parallel_roads):
    network = two_parallel_roads
    same = np.ones(network.n_edges)
    assert network.junction_index["lower"] < network.junction_index["upper"]
    assert way(network, same, "source", "target") == ["Lower road"] * 2
    assert way(network, same, "target", "source") == ["Lower road"] * 2


def test_a_way_to_where_one_is_has_no_edges(two_parallel_roads):
    path = shortest_path(two_parallel_roads, two_parallel_roads.edge_length_km, 1, 1)
    assert path.cost == 0.0
    assert len(path.edges) == len(path.forwards) == 0


def test_directions_say_how_each_edge_is_driven():
    network = load_network("toy_chain")
    first, fifth = network.junction_index["first"], network.junction_index["fifth"]
    path = shortest_path(network, network.edge_length_km, first, fifth)
    at = first
    for edge, forwards in zip(path.edges, path.forwards, strict=True):
        start, stop = network.edge_from[edge], network.edge_to[edge]
        assert at == (start if forwards else stop)
        at = stop if forwards else start
    assert at == fifth


def test_a_closed_road_is_not_driven_and_a_place_beyond_it_is_out_of_reach():
    network = load_network("toy_chain")
    cost = network.edge_length_km.copy()
    cost[network.graph.edges["third", "fourth"]["index"]] = np.inf
    tree = path_tree(network, cost, network.junction_index["first"])
    assert np.isinf(tree.cost[network.junction_index["fifth"]])
    assert tree.edge[network.junction_index["fifth"]] == -1
    with pytest.raises(RoadError, match=r"No open road leads from first to fifth"):
        way(network, cost, "first", "fifth")


@pytest.mark.parametrize("bad", [-1.0, float("nan")])
def test_a_cost_below_zero_or_unknown_is_refused(two_parallel_roads, bad):
    cost = two_parallel_roads.edge_length_km.copy()
    cost[2] = bad
    with pytest.raises(RoadError, match=r"cost of edge 2"):
        path_tree(two_parallel_roads, cost, 0)


def test_costs_for_another_network_are_refused(two_parallel_roads):
    with pytest.raises(RoadError, match=r"shape \(5,\)"):
        path_tree(two_parallel_roads, np.ones(5), 0)


def test_a_loop_leaves_by_one_road_and_comes_back_by_another():
    network = load_network("northern_mali")
    for camp in network.camps:
        home = network.junction_index[camp.node_id]
        for loop in loops_from(network, home, longest_km=1000.0):
            assert len(set(loop.edges.tolist())) == len(loop.edges) >= 3
            assert loop.cost == pytest.approx(network.edge_length_km[loop.edges].sum())
            at = home
            for edge, forwards in zip(loop.edges, loop.forwards, strict=True):
                ends = network.edge_from[edge], network.edge_to[edge]
                assert at == ends[0 if forwards else 1]
                at = ends[1 if forwards else 0]
            assert at == home


def test_a_dead_end_has_no_loop():
    network = load_network("toy_chain")
    assert loops_from(network, network.junction_index["third"], longest_km=1e6) == []


def test_the_shortest_loop_of_a_grid_is_a_square():
    network = load_network("toy_grid")
    loops = loops_from(network, network.junction_index["r2c2"], longest_km=100.0)
    assert [loop.cost for loop in loops] == [88.0] * 4
