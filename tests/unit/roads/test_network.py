import pickle
import shutil
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from sim.data import data_path
from sim.errors import RoadError
from sim.roads import load_network, theatre_names
from sim.roads.paths import segments_along, shortest_path

ALL_THEATRES = theatre_names()


@pytest.mark.parametrize("name", ALL_THEATRES)
def test_edges_are_numbered_by_their_ends_in_alphabetical_order(name):
    network = load_network(name)
    ends = list(zip(network.edge_from.tolist(), network.edge_to.tolist(), strict=True))
    assert network.junction_ids == tuple(sorted(network.junction_ids))
    assert all(one < other for one, other in ends)
    assert ends == sorted(ends)
    for edge, (one, other) in enumerate(ends):
        data = network.graph.edges[network.junction_ids[one], network.junction_ids[other]]
        assert data["index"] == edge
        assert data["length_km"] == network.edge_length_km[edge]


@pytest.mark.parametrize("name", ALL_THEATRES)
def test_adjacency_arrays_say_what_the_graph_says(name):
    network = load_network(name)
    for junction, node in enumerate(network.junction_ids):
        here = slice(network.adjacency_start[junction], network.adjacency_start[junction + 1])
        neighbours = network.adjacency_junction[here].tolist()
        assert [network.junction_ids[n] for n in neighbours] == sorted(network.graph[node])
        assert network.adjacency_edge[here].tolist() == [
            network.graph.edges[node, network.junction_ids[n]]["index"] for n in neighbours
        ]


@pytest.mark.parametrize("name", ALL_THEATRES)
def test_nothing_in_a_network_can_be_changed_by_accident(name):
    network = load_network(name)
    for holder in (network, network.segments):
        for value in vars(holder).values():
            if isinstance(value, np.ndarray):
                assert not value.flags.writeable
    with pytest.raises(nx.NetworkXError):
        network.graph.add_edge("here", "there")


def test_loading_twice_gives_the_same_object_however_the_arguments_are_spelt():
    once = load_network("toy_grid", "low", 25.0, 5.0, 30.0)
    assert load_network(name="toy_grid", min_confidence="low", max_segment_km=25) is once


def test_a_network_survives_the_way_to_another_process():
    network = load_network("toy_grid")
    copy = pickle.loads(pickle.dumps(network))
    assert copy.segments.name == network.segments.name
    assert nx.utils.graphs_equal(copy.graph, network.graph)


def test_a_folder_of_the_users_own_is_a_theatre(tmp_path: Path):
    folder = shutil.copytree(data_path("roads", "toy_chain"), tmp_path / "my roads")
    assert load_network(str(folder)).segments.name == load_network("toy_chain").segments.name


def test_min_confidence_drops_the_roads_below_it():
    n_edges = {c: load_network("toy_grid", c).n_edges for c in ("doubtful", "low", "medium")}
    assert n_edges == {"doubtful": 12, "low": 12, "medium": 10}
    roads = nx.get_edge_attributes(load_network("northern_mali", "low").graph, "confidence")
    assert set(roads.values()) == {"low", "medium", "high"}
    assert len(load_network("northern_mali", "low").junction_ids) == 120


def test_a_camp_without_a_road_is_named_with_the_way_out():
    with pytest.raises(RoadError) as caught:
        load_network("northern_mali", "medium")
    message = str(caught.value)
    assert "kidal (supplied by gao)" in message
    assert "roads.min_confidence=medium" in message
    assert "set roads.min_confidence=low or lower" in message


def test_a_camp_without_any_road_asks_for_the_missing_road(tmp_path: Path):
    folder = Path(shutil.copytree(data_path("roads", "toy_chain"), tmp_path / "chain"))
    roads = (folder / "roads.csv").read_text().splitlines()
    (folder / "roads.csv").write_text("\n".join(roads[:-1]) + "\n")
    with pytest.raises(RoadError, match=r"camp fifth .supplied by first.*add the missing road"):
        load_network(str(folder))


def test_an_unknown_confidence_is_refused():
    with pytest.raises(RoadError, match=r"roads.min_confidence is 'sure'.*doubtful, low, medium"):
        load_network("toy_grid", "sure")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("max_segment_km", 0.0),
        ("max_segment_km", float("nan")),
        ("near_camp_segment_km", -1.0),
        ("near_camp_km", -0.1),
        ("near_camp_km", float("inf")),
    ],
)
def test_a_length_that_cannot_be_cut_to_is_refused(key, value):
    with pytest.raises(RoadError, match=f"roads.{key} is"):
        load_network("toy_chain", **{key: value})


def test_the_pieces_along_a_way_join_end_to_end_and_reverse_on_the_way_back():
    network = load_network("northern_mali")
    gao, kidal = network.junction_index["gao"], network.junction_index["kidal"]
    out = shortest_path(network, network.edge_length_km, gao, kidal)
    back = shortest_path(network, network.edge_length_km, kidal, gao)
    pieces, forwards = segments_along(network, out.edges, out.forwards)
    pieces_back, forwards_back = segments_along(network, back.edges, back.forwards)
    assert network.segments.length_km[pieces].sum() == pytest.approx(out.cost)
    assert pieces_back.tolist() == pieces.tolist()[::-1]
    assert forwards_back.tolist() == [not is_forwards for is_forwards in forwards[::-1]]
