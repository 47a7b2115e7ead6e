"""Our maximum flow against networkx and scipy, and the mix against the programme of the game."""

import itertools

import networkx as nx
import numpy as np
import pytest
import small_graphs
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow as scipy_maximum_flow
from small_graphs import graph

from sim.policies.routing.mixed import mixed
from sim.roads import load_network
from sim.roads import maximum_flow as our_flow

REAL = st.floats(1e-3, 1e3)
WHOLE = st.integers(0, 20).map(float)


@st.composite
def graphs(draw, capacity, closed=True):
    """A few junctions, some of all pairs joined, with a capacity each way."""
    n_junctions = draw(st.integers(2, 8))
    pairs = list(itertools.combinations(range(n_junctions), 2))
    ends = draw(st.lists(st.sampled_from(pairs), min_size=1, unique=True))
    ends = [pair if draw(st.booleans()) else pair[::-1] for pair in ends]
    some = st.one_of(capacity, st.just(0.0)) if closed else capacity
    n = len(ends)
    along, against = (draw(st.lists(some, min_size=n, max_size=n)) for _ in range(2))
    return graph(n_junctions, ends), along, against


def directed(small, along, against):
    theirs = nx.DiGraph()
    theirs.add_nodes_from(range(small.n_junctions))
    for (one, other), there, back in zip(small.ends, along, against, strict=True):
        theirs.add_edge(one, other, capacity=there)
        theirs.add_edge(other, one, capacity=back)
    return theirs


def assert_is_a_flow(small, flow, amount, along, against, source, target):
    """Within the capacities, and what comes in goes out, save at the two ends."""
    gain = np.zeros(small.n_junctions)
    for (one, other), net, there, back in zip(small.ends, flow, along, against, strict=True):
        assert -back - 1e-9 <= net <= there + 1e-9
        gain[one] -= net
        gain[other] += net
    expected = np.zeros(small.n_junctions)
    expected[source], expected[target] = -amount, amount
    assert gain == pytest.approx(expected, rel=1e-9, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(given_graph=graphs(REAL))
def test_any_capacities_carry_what_networkx_says(given_graph):
    small, along, against = given_graph
    source, target = 0, small.n_junctions - 1
    amount, flow = small.flow(along, against, source, target)
    theirs = nx.maximum_flow_value(directed(small, along, against), source, target)
    assert amount == pytest.approx(theirs, rel=1e-9, abs=1e-9)
    assert_is_a_flow(small, flow, amount, along, against, source, target)


@settings(max_examples=100, deadline=None)
@given(given_graph=graphs(WHOLE))
def test_whole_capacities_carry_exactly_what_scipy_says(given_graph):
    small, along, against = given_graph
    matrix = np.zeros((small.n_junctions, small.n_junctions), dtype=np.int32)
    for (one, other), there, back in zip(small.ends, along, against, strict=True):
        matrix[one, other], matrix[other, one] = there, back
    amount, _ = small.flow(along, against, 0, small.n_junctions - 1)
    theirs = scipy_maximum_flow(csr_matrix(matrix), 0, small.n_junctions - 1)
    assert amount == theirs.flow_value


@settings(max_examples=100, deadline=None)
@given(given_graph=graphs(REAL), data=st.data())
def test_the_ways_of_a_flow_add_up_to_it(given_graph, data):
    small, along, against = given_graph
    source, target = 0, small.n_junctions - 1
    amount, flow = small.flow(along, against, source, target)
    cost = data.draw(st.lists(REAL, min_size=small.n_edges, max_size=small.n_edges))
    ways, amounts, left = small.ways(flow, cost, source, target)
    assert len(ways) <= small.n_edges
    assert sum(amounts) == pytest.approx(amount, rel=1e-9, abs=1e-9)
    driven = np.zeros(small.n_edges)
    for way, carried in zip(ways, amounts, strict=True):
        visited = small.junctions_along(way, source)
        assert visited[-1] == target
        assert len(set(visited)) == len(visited), "a way goes round in no circle"
        for edge, here in zip(way, visited, strict=False):
            driven[edge] += carried if small.ends[edge][0] == here else -carried
    assert driven + left == pytest.approx(flow, rel=1e-9, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(given_graph=graphs(st.floats(0.01, 0.9), closed=False))
def test_the_mix_is_a_best_answer_of_the_traveller(given_graph):
    """The linear programme of the game over all simple ways: no mix does better than ours."""
    small, risk, _ = given_graph
    source, target = 0, small.n_junctions - 1
    number = {frozenset(pair): edge for edge, pair in enumerate(small.ends)}
    theirs = nx.Graph(list(small.ends))
    theirs.add_nodes_from(range(small.n_junctions))
    paths = [
        [number[frozenset(pair)] for pair in itertools.pairwise(path)]
        for path in nx.all_simple_paths(theirs, source, target)
    ]
    if not paths:
        assert len(mixed(small.view([1.0] * small.n_edges, risk, source, target)).edges) == 0
        return
    # Least v with sum over ways by each edge, either way, of share x risk <= v.
    uses = np.zeros((small.n_edges, len(paths) + 1))
    uses[:, -1] = -1.0
    for way, path in enumerate(paths):
        uses[path, way] = np.array(risk)[path]
    best = linprog(
        [0.0] * len(paths) + [1.0],
        A_ub=uses,
        b_ub=np.zeros(small.n_edges),
        A_eq=[[1.0] * len(paths) + [0.0]],
        b_eq=[1.0],
    )
    plan = mixed(small.view([1.0] * small.n_edges, risk, source, target))
    meets = np.zeros(small.n_edges)
    for way, share in enumerate(plan.probability):
        meets[plan.way(way)] += share * np.array(risk)[plan.way(way)]
    assert plan.probability.sum() == pytest.approx(1.0)
    assert meets.max() == pytest.approx(best.fun, rel=1e-6)


def test_northern_mali_carries_what_networkx_says_between_all_camps():
    network = load_network("northern_mali")
    capacity = 1.0 + np.arange(network.n_edges) * 0.37 % 7.0
    ends = list(zip(network.edge_from.tolist(), network.edge_to.tolist(), strict=True))
    small = graph(network.n_junctions, ends)
    for ours, read in (
        (small.start, network.adjacency_start),
        (small.edge, network.adjacency_edge),
        (small.junction, network.adjacency_junction),
    ):
        assert ours.tolist() == read.tolist()
    theirs = directed(small, capacity, capacity)
    junctions = [network.junction_index[camp.node_id] for camp in network.camps]
    for source, target in itertools.permutations(junctions, 2):
        amount, _ = small.flow(capacity, capacity, source, target)
        assert amount == pytest.approx(nx.maximum_flow_value(theirs, source, target), rel=1e-9)


def test_a_planted_fault_in_the_flow_is_noticed(monkeypatch):
    """Roads that carry from their first end to their second alone."""

    def one_way(along, against, *rest):
        return our_flow.maximum_flow(along, np.zeros(len(against)), *rest)

    monkeypatch.setattr(small_graphs, "maximum_flow", one_way)
    with pytest.raises(AssertionError):
        test_northern_mali_carries_what_networkx_says_between_all_camps()
