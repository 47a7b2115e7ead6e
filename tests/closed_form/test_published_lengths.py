"""Distances that were published, and the shortest ways on our table: the same numbers."""

from itertools import pairwise

import pytest

from sim.earth import great_circle_km
from sim.roads import load_network
from sim.roads.paths import shortest_path

PUBLISHED_KM = [
    (["bamako", "segou"], 235.0, "Logistics Cluster, Mali 2.3"),
    (["bamako", "segou", "san", "sevare", "mopti"], 635.0, "Logistics Cluster, Mali 2.3"),
    (["sevare", "gao"], 573.0, "Journal du Mali"),
    (["gao", "ansongo"], 100.0, "Afribone"),
    (["ansongo", "labbezanga"], 102.0, "Afribone"),
    (["bourem", "anefis", "kidal"], 285.8, "African Development Bank, 285.83"),
    (["gao", "bourem"], 95.0, "commonly quoted"),
    (["ansongo", "menaka"], 220.0, "commonly quoted"),
    (["lere", "soumpi", "niafunke"], 121.0, "Maliweb"),
    (["niafunke", "dire"], 73.4 + 35.0, "Maliweb: 198 less 89.6 km Goundam-Timbuktu"),
    (["dire", "goundam"], 35.0, "Bamada"),
    (["douentza", "timbuktu"], 216.0, "overland travel diary with odometer"),
    (["korioume", "timbuktu"], 18.0, "Bamada"),
    (["timbuktu", "ber"], 57.0, "MINUSMA, 17 Aug 2023"),
    (["ouo", "bankass", "koro"], 91.0, "Maliweb"),
    (["kongoussi", "djibo"], 96.0, "Commodafrica"),
    (["ke_macina", "diafarabe"], 60.0, "Maliactu"),
]


@pytest.mark.parametrize(("via", "published_km", "source"), PUBLISHED_KM)
def test_a_corridor_is_as_long_as_published(via, published_km, source):
    network = load_network("northern_mali")
    length_km = sum(
        shortest_path(
            network,
            network.edge_length_km,
            network.junction_index[one],
            network.junction_index[other],
        ).cost
        for one, other in pairwise(via)
    )
    assert length_km == pytest.approx(published_km, abs=0.05), source


def test_a_quarter_of_a_meridian_is_a_quarter_of_the_circumference():
    assert great_circle_km(0.0, 20.0, 90.0, 20.0) == pytest.approx(6371.0088 * 3.14159265359 / 2)


def test_the_other_side_of_the_earth_is_half_the_circumference_away():
    assert great_circle_km(10.0, 20.0, -10.0, -160.0) == pytest.approx(6371.0088 * 3.14159265359)
