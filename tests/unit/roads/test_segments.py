import math

import numpy as np
import pytest

from sim.roads import load_network, theatre_names
from sim.roads.segments import near_camp_stretches_km, piece_lengths_km


def test_a_stretch_is_cut_into_as_few_equal_pieces_as_the_longest_allows():
    assert piece_lengths_km(100.0, 0.0, 0.0, 25.0, 5.0) == [25.0] * 4
    assert piece_lengths_km(100.1, 0.0, 0.0, 25.0, 5.0) == [pytest.approx(20.02)] * 5
    assert piece_lengths_km(10.0, 0.0, 0.0, 25.0, 5.0) == [10.0]


def test_a_third_of_a_kilometre_three_times_is_not_four_pieces():
    assert len(piece_lengths_km(0.1 * 3, 0.0, 0.0, 0.1, 0.1)) == 3


def test_a_camp_at_either_end_shortens_the_pieces_at_that_end():
    assert near_camp_stretches_km(100.0, 0.0, 5.0, 30.0) == (30.0, 25.0)
    assert piece_lengths_km(100.0, 30.0, 25.0, 25.0, 5.0) == [5.0] * 6 + [22.5] * 2 + [5.0] * 5


def test_a_road_between_two_near_camps_is_near_throughout():
    assert near_camp_stretches_km(55.0, 0.0, 0.0, 30.0) == (55.0, 0.0)


def test_no_sliver_is_cut_off_where_the_near_stretch_all_but_ends():
    assert near_camp_stretches_km(100.0, 29.9, math.inf, 30.0) == (2.0, 0.0)
    assert near_camp_stretches_km(31.0, 0.0, math.inf, 30.0) == (31.0, 0.0)


def test_without_a_camp_in_reach_no_stretch_is_near():
    assert near_camp_stretches_km(100.0, math.inf, math.inf, 30.0) == (0.0, 0.0)
    assert near_camp_stretches_km(100.0, 0.0, 0.0, 0.0) == (0.0, 0.0)


def test_near_counts_along_the_road_through_junctions():
    """Mopti lies 12 km beyond the camp of Sévaré, so 18 km more are near."""
    network = load_network("northern_mali", near_camp_km=30.0)
    edge = network.graph.edges["mopti", "tenenkou"]["index"]
    first, end = network.edge_first_segment[edge : edge + 2]
    lengths = network.segments.length_km[first:end]
    assert network.junction_ids[network.edge_from[edge]] == "mopti"
    assert lengths[:4].tolist() == pytest.approx([4.5] * 4)
    assert (lengths[4:] > 5.0).all()


@pytest.mark.parametrize("name", theatre_names())
def test_one_piece_of_each_ferry_edge_has_the_ferry(name):
    network = load_network(name)
    for _, _, data in network.graph.edges(data=True):
        first, end = network.edge_first_segment[data["index"] : data["index"] + 2]
        assert network.segments.is_ferry[first:end].sum() == int(data["is_ferry"])
        assert (network.segments.is_seasonal[first:end] == data["is_seasonal"]).all()


def test_a_ferry_lies_at_the_river_end_of_its_road():
    segments = load_network("northern_mali").segments
    ferries = [name for name, has in zip(segments.name, segments.is_ferry, strict=True) if has]
    assert "ansongo-tessit/01" in ferries  # Ansongo lies on the Niger, Tessit does not
    korioume = [name for name in segments.name if name.startswith("bambara_maounde-korioume/")]
    assert korioume[-1] in ferries


def test_a_piece_lies_on_the_line_between_its_junctions_in_the_region_of_the_nearer():
    network = load_network("toy_chain", near_camp_km=0.0, max_segment_km=5.0)
    segments = network.segments
    middle = segments.name.index("second-third/03")
    start = network.junction_longitude_deg[network.junction_index["second"]]
    stop = network.junction_longitude_deg[network.junction_index["third"]]
    assert segments.longitude_deg[middle] == pytest.approx((start + stop) / 2)
    numbered = {f"second-third/0{k}": "Near" if k <= 3 else "Far" for k in range(1, 6)}
    regions = dict(zip(segments.name, segments.region, strict=True))
    assert {name: regions[name] for name in numbered} == numbered


def test_names_of_pieces_are_unique():
    names = load_network("northern_mali").segments.name
    assert len(set(names)) == len(names) == 1205


def test_columns_have_the_promised_types():
    segments = load_network("toy_grid").segments
    assert segments.edge.dtype == np.int32
    assert segments.surface.dtype == np.int8
    assert set(segments.surface.tolist()) == {0, 1, 2}
    assert segments.is_ferry.dtype == segments.is_seasonal.dtype == np.bool_
