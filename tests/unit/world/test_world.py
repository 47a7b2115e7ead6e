import dataclasses

import networkx as nx
import numpy as np
import pytest
from small_worlds import a_month_on_the_triangle, add_row, copy_of_theatre, reinforced

from sim.draws import entity_key
from sim.earth import great_circle_km
from sim.engines.reference.model import ConvoyModel
from sim.errors import DrawError, RoadError, ScenarioError
from sim.roads import load_network
from sim.rules.memory import nearby
from sim.world.scenario import Roads, Scenario
from sim.world.world import (
    build_world,
    is_wet_season,
    pieces_in_reach,
    road_distance_km,
    segments_within,
    surroundings,
)


@pytest.fixture(scope="module")
def grid():
    return load_network("toy_grid", "doubtful", 7.0, 3.0, 20.0)


@pytest.fixture(scope="module")
def mali():
    return load_network("northern_mali", "doubtful", 25.0, 5.0, 30.0)


def straight_km(network, junction, segment):
    pieces = network.segments
    return great_circle_km(
        float(network.junction_latitude_deg[junction]),
        float(network.junction_longitude_deg[junction]),
        float(pieces.latitude_deg[segment]),
        float(pieces.longitude_deg[segment]),
    )


@pytest.mark.parametrize("reach_km", [0.5, 5.0, 25.0, 60.0, 500.0])
def test_pieces_within_reach_are_those_that_brute_force_finds(grid, reach_km):
    for junction in range(len(grid.junction_ids)):
        segments, distance_km = segments_within(grid, junction, reach_km)
        every = [(straight_km(grid, junction, s), s) for s in range(grid.n_segments)]
        expected = sorted((km, s) for km, s in every if km <= reach_km)
        assert segments.tolist() == [s for _, s in expected]
        assert distance_km.tolist() == [km for km, _ in expected]


def test_pieces_within_reach_on_the_real_roads_are_those_that_brute_force_finds(mali):
    for name in ("kidal", "gao", "menaka"):
        junction = mali.junction_index[name]
        segments, _ = segments_within(mali, junction, 150.0)
        every = range(mali.n_segments)
        assert set(segments.tolist()) == {
            s for s in every if straight_km(mali, junction, s) <= 150.0
        }


@pytest.mark.parametrize("smoothing_km", [2.0, 20.0])
def test_one_event_sums_to_one_over_the_roads_that_it_colours(grid, smoothing_km):
    for segment in range(grid.n_segments):
        segments, weight, per_km = surroundings(grid, segment, smoothing_km)
        assert float(np.dot(per_km, grid.segments.length_km[segments])) == pytest.approx(1.0)
        assert segments[0] == segment
        assert weight[0] == 1.0


def test_an_event_colours_by_distance_alone(grid):
    segments, weight, per_km = surroundings(grid, 4, 20.0)
    one = grid.segments
    for other, share in zip(segments, weight, strict=True):
        km = great_circle_km(
            float(one.latitude_deg[4]),
            float(one.longitude_deg[4]),
            float(one.latitude_deg[other]),
            float(one.longitude_deg[other]),
        )
        assert share == pytest.approx(nearby(km, 20.0))
    assert per_km / per_km[0] == pytest.approx(weight)


def test_an_event_reaches_five_smoothings_far(grid):
    segments, weight, _ = surroundings(grid, 4, 3.0)
    assert 1 < len(segments) < grid.n_segments
    assert weight.min() >= np.exp(-5.0)


@pytest.mark.parametrize("name", ["toy_grid", "northern_mali"])
def test_road_distances_are_those_of_networkx(name, grid, mali):
    network = {"toy_grid": grid, "northern_mali": mali}[name]
    for junction in range(0, len(network.junction_ids), 7):
        tree_km = nx.single_source_dijkstra_path_length(
            network.graph, network.junction_ids[junction], weight="length_km"
        )
        found_km = road_distance_km(network, junction)
        pieces = network.segments
        for segment in range(0, network.n_segments, 11):
            edge = int(pieces.edge[segment])
            ends = network.edge_from[edge], network.edge_to[edge]
            middle_km = float(pieces.start_km[segment] + pieces.length_km[segment] / 2)
            ways_km = (middle_km, float(network.edge_length_km[edge]) - middle_km)
            expected_km = min(
                tree_km.get(network.junction_ids[end], np.inf) + way_km
                for end, way_km in zip(ends, ways_km, strict=True)
            )
            assert found_km[segment] == pytest.approx(expected_km)


def test_ways_between_pieces_run_by_road():
    network = load_network("toy_triangle", max_segment_km=10.0, near_camp_segment_km=10.0)
    west = network.junction_index["west"]
    segments, base_km, between_km = pieces_in_reach(network, west, 100.0)
    middle_km = road_distance_km(network, west)[segments]
    assert len(segments) == network.n_segments
    assert (np.diff(middle_km) >= 0.0).all()
    place = {network.segments.name[segment]: i for i, segment in enumerate(segments)}
    # East to west 31 km in four pieces of 7.75, north to west 40 km in four of 10, the hills
    # between east and north 50 km in five of 10. First ends are those in the east and north.
    on_east, on_north = place["east-west/02"], place["north-west/03"]
    assert base_km[on_east] == pytest.approx([23.25, 15.5])
    assert base_km[on_north] == pytest.approx([20.0, 10.0])
    assert between_km[on_east, :, on_north] == pytest.approx(
        np.array([[43.25, 33.25], [35.5, 25.5]])
    )
    assert between_km[on_east, 0, place["east-west/04"]] == pytest.approx([15.5, 23.25])
    hills = place["east-north/01"], place["east-north/05"]
    assert between_km[hills[0], :, hills[1]] == pytest.approx(
        np.array([[40.0, 50.0], [30.0, 40.0]])
    )
    # From 7.75 km before the east through it, not past the base.
    assert between_km[on_east, 0, hills[0]] == pytest.approx([7.75, 17.75])


@pytest.mark.parametrize("name", ["toy_grid", "northern_mali"])
def test_ways_between_pieces_are_symmetric_and_never_longer_than_a_detour(name, grid, mali):
    network = {"toy_grid": grid, "northern_mali": mali}[name]
    for junction in range(0, len(network.junction_ids), 13):
        segments, base_km, between_km = pieces_in_reach(network, junction, 45.0)
        ways = between_km.reshape(2 * len(segments), 2 * len(segments))
        out = base_km.ravel()
        assert (ways >= 0.0).all()
        np.testing.assert_allclose(ways, ways.T, atol=1e-9)
        assert (np.diag(ways) == 0.0).all()
        assert (ways <= out[:, None] + out + 1e-9).all()
        assert (np.abs(out[:, None] - out) <= ways + 1e-9).all()
        assert (ways[:, None, :] <= ways[:, :, None] + ways[None, :, :] + 1e-9).all()


def test_hubs_come_before_the_camps_that_they_supply():
    world = build_world(Scenario())
    for index, camp in enumerate(world.camps):
        if camp.hub is None:
            assert camp.depth == 0
        else:
            assert camp.hub < index
            assert camp.depth == world.camps[camp.hub].depth + 1
    assert sum(camp.hub is None for camp in world.camps) == 1


def test_a_cell_without_a_home_may_live_anywhere_in_its_region():
    world = build_world(Scenario(roads=Roads(name="toy_chain")))
    homes = {
        cell.name: {world.network.junction_ids[home] for home in cell.homes} for cell in world.cells
    }
    assert homes == {"far_01": {"third"}, "far_02": {"third", "fourth", "fifth"}}


def test_a_package_for_a_camp_that_is_not_there_is_refused_with_the_camps_that_are():
    scenario = a_month_on_the_triangle(force={"reinforcements": reinforced(camp="east")})
    with pytest.raises(
        ScenarioError,
        match=r"force\.reinforcements\.package\.camp is 'east'.*toy_triangle.*Allowed: north, west",
    ):
        build_world(scenario)


def test_the_camps_of_the_past_are_checked_too():
    past = a_month_on_the_triangle(force={"reinforcements": reinforced(camp="east")})
    present = dataclasses.replace(past, force=a_month_on_the_triangle().force, before=past)
    with pytest.raises(ScenarioError, match="there is no such camp"):
        build_world(present)


def test_two_cells_with_one_name_are_refused(tmp_path):
    folder = copy_of_theatre("toy_triangle", tmp_path)
    add_row(folder / "cells.csv", name="cell_01", group="toy", region="Plain", home="west")
    with pytest.raises(RoadError, match="cell_01"):
        build_world(Scenario(roads=Roads(name=str(folder))))


def test_names_whose_keys_would_collide_are_refused(monkeypatch):
    monkeypatch.setattr("sim.draws.entity_key", lambda name: len(name))
    with pytest.raises(DrawError, match="lead to the same draws"):
        build_world(a_month_on_the_triangle())


@pytest.mark.parametrize("name", ["team/west/", "contingent/west/"])
def test_names_of_teams_and_contingents_are_among_those_that_must_differ(name, monkeypatch):
    asked = []
    monkeypatch.setattr("sim.world.world.check_keys_differ", asked.extend)
    model = ConvoyModel(a_month_on_the_triangle())
    here = [full for full in asked if full.startswith(name)]
    assert here
    keys = {entity_key(full) for full in asked}
    assert all(team.key in keys for team in model.teams)


@pytest.mark.parametrize(
    ("first", "last", "wet"),
    [(7, 12, {7, 8, 9, 10, 11, 12}), (11, 2, {11, 12, 1, 2}), (5, 5, {5})],
)
def test_the_wet_season_runs_from_its_first_to_its_last_month(first, last, wet):
    assert {month for month in range(1, 13) if is_wet_season(month, first, last)} == wet
