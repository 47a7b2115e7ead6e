"""What holds for every theatre and every way to cut it."""

import csv
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.data import data_path
from sim.roads import load_network, read_theatre, theatre_names
from sim.roads.network import build_network
from sim.roads.segments import SHORTEST_STRETCH_KM, near_camp_stretches_km, piece_lengths_km

lengths_km = st.floats(0.5, 600.0)
distances_km = st.one_of(st.floats(0.0, 100.0), st.just(float("inf")))
piece_km = st.floats(0.5, 100.0)


@given(lengths_km, distances_km, distances_km, st.floats(0.0, 80.0), piece_km, piece_km)
def test_pieces_add_up_to_the_road_and_none_is_too_long(
    length_km, from_km, to_km, near_camp_km, max_segment_km, near_camp_segment_km
):
    near = near_camp_stretches_km(length_km, from_km, to_km, near_camp_km)
    pieces = piece_lengths_km(length_km, *near, max_segment_km, near_camp_segment_km)
    assert sum(pieces) == pytest.approx(length_km, rel=1e-9)
    assert max(pieces) <= max(max_segment_km, near_camp_segment_km) * (1 + 1e-8)
    # No piece is a sliver: at least half of what was asked for, or a whole stretch.
    shortest_km = min(max_segment_km, near_camp_segment_km, SHORTEST_STRETCH_KM, length_km)
    assert min(pieces) >= shortest_km / 2 * (1 - 1e-8)


@given(lengths_km, distances_km, distances_km, st.floats(0.0, 80.0), piece_km, piece_km)
def test_road_near_a_camp_is_never_in_a_long_piece(
    length_km, from_km, to_km, near_camp_km, max_segment_km, near_camp_segment_km
):
    near = near_camp_stretches_km(length_km, from_km, to_km, near_camp_km)
    pieces = piece_lengths_km(length_km, *near, max_segment_km, near_camp_segment_km)
    start_km = 0.0
    for piece in pieces:
        ends = (start_km, start_km + piece)
        camp_km = min(min(from_km + at, to_km + length_km - at) for at in ends)
        if camp_km < near_camp_km - 1e-6:
            assert piece <= near_camp_segment_km * (1 + 1e-8)
        start_km += piece


@given(
    lengths_km,
    distances_km,
    distances_km,
    st.floats(0.0, 80.0),
    st.tuples(piece_km, piece_km, piece_km, piece_km),
)
def test_a_finer_cut_keeps_the_border_between_near_and_far(
    length_km, from_km, to_km, near_camp_km, lengths
):
    """The stretches do not depend on how finely they are cut, so both cuts share their borders."""
    near = near_camp_stretches_km(length_km, from_km, to_km, near_camp_km)
    borders = {near[0], length_km - near[1]}
    for max_segment_km, near_camp_segment_km in (lengths[:2], lengths[2:]):
        pieces = piece_lengths_km(length_km, *near, max_segment_km, near_camp_segment_km)
        ends = np.concatenate([[0.0], np.cumsum(pieces)])
        for border in borders:
            assert np.abs(ends - border).min() == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(theatre_names()),
    st.floats(1.0, 60.0),
    st.floats(1.0, 60.0),
    st.floats(0.0, 60.0),
)
def test_the_pieces_of_a_network_cover_each_edge_exactly_once(name, longest, near, radius):
    network = build_network(read_theatre(name), "doubtful", longest, near, radius)
    segments, first = network.segments, network.edge_first_segment
    assert first[0] == 0
    assert first[-1] == len(segments)
    assert (segments.length_km <= max(longest, near) * (1 + 1e-8)).all()
    for edge in range(network.n_edges):
        pieces = slice(first[edge], first[edge + 1])
        assert (segments.edge[pieces] == edge).all()
        assert segments.length_km[pieces].sum() == pytest.approx(network.edge_length_km[edge])
        ends_km = segments.start_km[pieces] + segments.length_km[pieces]
        assert segments.start_km[first[edge]] == 0.0
        assert segments.start_km[pieces][1:] == pytest.approx(ends_km[:-1])


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(theatre_names()), st.integers(0, 2**32 - 1))
def test_the_order_of_rows_and_the_direction_of_roads_change_nothing(name, shuffle):
    order = random.Random(shuffle)
    with tempfile.TemporaryDirectory() as temporary:
        for file in data_path("roads", name).glob("*.csv"):
            with file.open(newline="", encoding="utf-8") as lines:
                header, *rows = list(csv.reader(lines))
            order.shuffle(rows)
            if file.name == "roads.csv":
                rows = [row if order.random() < 0.5 else [row[1], row[0], *row[2:]] for row in rows]
            with (Path(temporary) / file.name).open("w", newline="", encoding="utf-8") as out:
                csv.writer(out).writerows([header, *rows])
        shuffled = load_network(temporary)
        theatre, shuffled_theatre = read_theatre(name), read_theatre(temporary)
    network = load_network(name)
    for table in ("junctions", "roads", "camps", "units", "cells", "rivers"):
        assert getattr(theatre, table) == getattr(shuffled_theatre, table)
    assert list(network.graph.edges(data=True)) == list(shuffled.graph.edges(data=True))
    for ours, theirs in ((network, shuffled), (network.segments, shuffled.segments)):
        for column, value in vars(ours).items():
            if isinstance(value, np.ndarray | tuple):
                assert np.array_equal(value, getattr(theirs, column)), column
