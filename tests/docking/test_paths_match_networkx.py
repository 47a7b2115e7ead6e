"""Our compiled ways against networkx's: same costs, and edges that add up to them."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.roads import load_network
from sim.roads import paths as our_paths
from sim.roads.paths import path_tree, shortest_path

THEATRES = ("northern_mali", "toy_grid", "toy_triangle", "toy_chain", "toy_two_parallel_roads")


def theirs_from(network, edge_cost, source):
    def cost(_one, _other, data):
        value = edge_cost[data["index"]]
        return None if np.isinf(value) else float(value)

    return nx.single_source_dijkstra_path_length(
        network.graph, network.junction_ids[source], weight=cost
    )


def assert_trees_agree(network, edge_cost, source):
    tree = path_tree(network, edge_cost, source)
    theirs = theirs_from(network, edge_cost, source)
    for junction, name in enumerate(network.junction_ids):
        if name not in theirs:
            assert np.isinf(tree.cost[junction])
            continue
        assert tree.cost[junction] == pytest.approx(theirs[name], rel=1e-12)
        path = shortest_path(network, edge_cost, source, junction)
        assert np.sum(edge_cost[path.edges]) == pytest.approx(path.cost, rel=1e-12)


def test_all_pairs_of_northern_mali_are_as_far_apart_as_networkx_says():
    network = load_network("northern_mali")
    for source in range(network.n_junctions):
        tree = path_tree(network, network.edge_length_km, source)
        theirs = theirs_from(network, network.edge_length_km, source)
        ours = dict(zip(network.junction_ids, tree.cost.tolist(), strict=True))
        assert ours == pytest.approx(theirs, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), name=st.sampled_from(THEATRES))
def test_any_costs_give_the_costs_of_networkx(data, name):
    network = load_network(name)
    cost = st.one_of(
        st.floats(0.0, 1e6), st.integers(0, 3).map(float), st.just(float("inf")), st.just(1.0)
    )
    edge_cost = np.array(
        data.draw(st.lists(cost, min_size=network.n_edges, max_size=network.n_edges))
    )
    source = data.draw(st.integers(0, network.n_junctions - 1))
    assert_trees_agree(network, edge_cost, source)


def test_a_planted_fault_in_the_heap_is_noticed(monkeypatch):
    """One edge that the compiled function believes a little longer is enough to disagree."""
    network = load_network("northern_mali")
    sound = our_paths.grow_tree

    def faulty(edge_cost, *rest):
        edge_cost = edge_cost.copy()
        edge_cost[network.graph.edges["bamako", "segou"]["index"]] += 0.001
        return sound(edge_cost, *rest)

    monkeypatch.setattr(our_paths, "grow_tree", faulty)
    with pytest.raises(AssertionError):
        assert_trees_agree(network, network.edge_length_km, network.junction_index["bamako"])
