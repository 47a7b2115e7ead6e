"""A place between two junctions as a junction of its own."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.roads import load_network
from sim.roads.paths import grow_tree, path_tree
from sim.roads.places import Place, cut_edge, cut_value

NETWORK = load_network("toy_grid")


def cut(segment, share):
    """The grid cut at a place, and the km of its edges."""
    network = NETWORK
    edge = int(network.segments.edge[segment])
    place = Place(
        *cut_edge(
            network.edge_from,
            network.adjacency_start,
            network.adjacency_edge,
            network.adjacency_junction,
            edge,
        )
    )
    km = network.segments.length_km
    firsts = network.edge_first_segment
    edge_km = cut_value(network.edge_length_km, km, firsts, edge, segment, share)
    return place, edge_km, edge


@given(segment=st.integers(0, NETWORK.n_segments - 1), share=st.floats(0.0, 1.0))
def test_every_junction_is_as_far_from_the_place_as_by_either_end_of_its_road(segment, share):
    place, edge_km, edge = cut(segment, share)
    km, _, _ = grow_tree(edge_km, NETWORK.n_junctions, *place[1:])
    pieces = NETWORK.segments
    at_km = pieces.start_km[segment] + share * pieces.length_km[segment]
    ends = int(NETWORK.edge_from[edge]), int(NETWORK.edge_to[edge])
    to_ends = at_km, NETWORK.edge_length_km[edge] - at_km
    for junction in range(NETWORK.n_junctions):
        by_end = [
            there + path_tree(NETWORK, NETWORK.edge_length_km, end).cost[junction]
            for end, there in zip(ends, to_ends, strict=True)
        ]
        assert km[junction] == pytest.approx(min(by_end), abs=1e-9)


@given(segment=st.integers(0, NETWORK.n_segments - 1), share=st.floats(0.0, 1.0))
def test_a_place_on_a_road_changes_no_distance_between_junctions(segment, share):
    place, edge_km, _ = cut(segment, share)
    for source in range(NETWORK.n_junctions):
        km, _, _ = grow_tree(edge_km, source, *place[1:])
        whole_km = path_tree(NETWORK, NETWORK.edge_length_km, source).cost
        assert km[:-1] == pytest.approx(whole_km, abs=1e-9)


def test_a_place_has_the_two_ends_of_its_road_as_neighbours():
    for edge in range(NETWORK.n_edges):
        place, _, _ = cut(int(NETWORK.edge_first_segment[edge]), 0.5)
        here = NETWORK.n_junctions
        neighbours = range(place.adjacency_start[here], place.adjacency_start[here + 1])
        found = {int(place.adjacency_junction[k]): int(place.adjacency_edge[k]) for k in neighbours}
        ends = int(NETWORK.edge_from[edge]), int(NETWORK.edge_to[edge])
        assert found == dict(zip(ends, (edge, NETWORK.n_edges), strict=True))
        assert [int(place.edge_from[number]) for number in found.values()] == [ends[0], here]


def test_every_edge_of_the_roads_that_were_cut_is_seen_from_both_of_its_ends():
    place, _, _ = cut(3, 0.25)
    seen = [
        (here, int(place.adjacency_junction[k]), int(place.adjacency_edge[k]))
        for here, (begin, end) in enumerate(itertools.pairwise(place.adjacency_start.tolist()))
        for k in range(begin, end)
    ]
    assert len(seen) == len(set(seen)) == 2 * (NETWORK.n_edges + 1)
    assert {(there, here, edge) for here, there, edge in seen} == set(seen)
    assert np.bincount([edge for _, _, edge in seen]).tolist() == [2] * (NETWORK.n_edges + 1)
