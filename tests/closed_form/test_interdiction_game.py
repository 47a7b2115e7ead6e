"""The interdiction game of Washburn and Wood: value and traveller's mix on paper."""

import pytest
from small_graphs import THREE_PARALLEL, WASHBURN_WOOD, game, graph

from sim.policies.routing.mixed import mixed

S_A, S_B, A_B, A_T, B_T = range(5)
S, T = 0, 3


def mix_of(small, capacities, source, target):
    amount, flow = small.flow(*capacities, source, target)
    ways, amounts, left = small.ways(flow, [1.0] * small.n_edges, source, target)
    assert left == pytest.approx([0.0] * small.n_edges, abs=1e-9)
    shares = {tuple(way): part / amount for way, part in zip(ways, amounts, strict=True)}
    return 1.0 / amount, shares


def test_arcs_one_way_have_the_value_one_quarter_and_two_ways_by_half():
    small, along, against = game(WASHBURN_WOOD, two_way=False)
    value, shares = mix_of(small, (along, against), S, T)
    assert value == pytest.approx(1 / 4)
    assert shares == {(S_A, A_T): pytest.approx(1 / 2), (S_B, B_T): pytest.approx(1 / 2)}


def test_the_same_arcs_two_way_have_the_value_one_sixth():
    small, along, against = game(WASHBURN_WOOD, two_way=True)
    value, shares = mix_of(small, (along, against), S, T)
    assert value == pytest.approx(1 / 6)
    third = pytest.approx(1 / 3)
    assert shares == {(S_A, A_T): third, (S_B, B_T): third, (S_B, A_B, A_T): third}


def test_three_parallel_arcs_have_the_value_one_eleventh():
    small, along, against = game(THREE_PARALLEL, two_way=True)
    value, shares = mix_of(small, (along, against), 0, 4)
    assert value == pytest.approx(1 / 11)
    assert sorted(shares.values()) == pytest.approx([2 / 11, 4 / 11, 5 / 11])


def test_one_edge_between_two_junctions_has_its_own_risk_as_value():
    small = graph(2, [(0, 1)])
    assert mix_of(small, ([1 / 0.3], [1 / 0.3]), 0, 1) == (pytest.approx(0.3), {(0,): 1.0})


def test_the_policy_drives_the_mix_of_the_game_on_two_way_roads():
    small, _, _ = game(WASHBURN_WOOD, two_way=True)
    plan = mixed(small.view([1.0] * 5, [risk for _, _, risk in WASHBURN_WOOD], S, T))
    ways = [tuple(plan.way(number).tolist()) for number in range(len(plan.probability))]
    assert set(ways) == {(S_A, A_T), (S_B, B_T), (S_B, A_B, A_T)}
    assert plan.probability == pytest.approx([1 / 3] * 3)
    # Nobody who waits on one road meets the convoy more often than one time in six.
    meets = [0.0] * 5
    for way, share in zip(ways, plan.probability, strict=True):
        for edge in way:
            meets[edge] += share * WASHBURN_WOOD[edge][2]
    assert max(meets) == pytest.approx(1 / 6)


def test_what_was_pushed_along_the_way_of_fewest_edges_is_taken_back():
    """One-way arcs of 1: the short way 0-1-2-3 stands in the way of two longer ones."""
    ends = [(0, 1), (1, 2), (2, 3), (0, 4), (4, 5), (5, 2), (1, 6), (6, 7), (7, 3)]
    small = graph(8, ends)
    amount, flow = small.flow([1.0] * 9, [0.0] * 9, 0, 3)
    assert amount == 2.0
    assert flow.tolist() == [1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
