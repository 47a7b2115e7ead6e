import shutil
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from sim.data import data_path
from sim.roads import load_network
from sim.roads.corridors import corridor_table, edge_hours, supply_tree


@pytest.fixture(scope="module")
def northern_mali():
    return load_network("northern_mali")


def test_every_camp_but_the_source_has_a_corridor_after_that_of_its_hub(northern_mali):
    pairs = supply_tree(northern_mali)
    assert len(pairs) == 14
    reached = {"bamako"}
    for hub, camp in pairs:
        assert hub in reached
        reached.add(camp)


def test_the_wet_season_is_slower_on_seasonal_roads_only(northern_mali):
    dry = edge_hours(northern_mali, False, wet_speed_factor=0.4, ferry_wait_h=2.0)
    wet = edge_hours(northern_mali, True, wet_speed_factor=0.4, ferry_wait_h=2.0)
    seasonal = np.zeros(northern_mali.n_edges, dtype=bool)
    for _, _, data in northern_mali.graph.edges(data=True):
        seasonal[data["index"]] = data["is_seasonal"]
    assert (wet[seasonal] > dry[seasonal]).all()
    assert (wet[~seasonal] == dry[~seasonal]).all()


def test_a_ferry_adds_its_wait_once(northern_mali):
    without = edge_hours(northern_mali, False, wet_speed_factor=0.4, ferry_wait_h=0.0)
    waiting = edge_hours(northern_mali, False, wet_speed_factor=0.4, ferry_wait_h=3.0)
    n_ferries = sum(nx.get_edge_attributes(northern_mali.graph, "is_ferry").values())
    assert (waiting - without).sum() == pytest.approx(3.0 * n_ferries)


def test_a_way_that_floods_is_left_for_a_longer_one(tmp_path):
    """The 50 km hill track at 50 km/h takes 1.0 h dry and 2.5 h wet; round by west is 40 km at
    40 km/h and 31 km at 60 km/h: 1.517 h, and 21 km more."""
    folder = Path(shutil.copytree(data_path("roads", "toy_triangle"), tmp_path / "triangle"))
    roads = (folder / "roads.csv").read_text().replace("track,25,0,1", "track,50,0,1")
    (folder / "roads.csv").write_text(roads)
    camps = (folder / "camps.csv").read_text().replace("west,HQ", "east,HQ").replace("west", "east")
    (folder / "camps.csv").write_text(camps)
    units = (folder / "units.csv").read_text().replace("west", "east")
    (folder / "units.csv").write_text(units)
    table = corridor_table(load_network(str(folder)), wet_speed_factor=0.4, ferry_wait_h=2.0)
    corridor = table.iloc[0]
    assert (corridor.hub, corridor.camp) == ("east", "north")
    assert corridor.length_km == 50.0
    assert corridor.hours_dry == pytest.approx(1.0)
    assert corridor.hours_wet == pytest.approx(1.0 + 31 / 60)
    assert corridor.wet_detour_km == pytest.approx(21.0)
    assert corridor.roads == "Hill track"


def test_the_road_to_gao_is_rn16_and_as_long_as_published(northern_mali):
    table = corridor_table(northern_mali, wet_speed_factor=0.4, ferry_wait_h=2.0)
    gao = table.set_index("camp").loc["gao"]
    assert gao.length_km == pytest.approx(573.0)
    assert gao.roads == "RN16"
