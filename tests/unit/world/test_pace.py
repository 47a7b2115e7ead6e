import numpy as np
import pytest

from sim.roads import load_network
from sim.world.pace import ESCORTED, PATROL, UNESCORTED, pace_of
from sim.world.scenario import Roads, Routing

ROADS = Roads(wet_speed_factor=0.4, ferry_wait_h=2.0)
ROUTING = Routing(
    daylight_start_h=6.0,
    daylight_end_h=16.0,
    convoy_speed_factor=0.5,
    patrol_speed_factor=0.8,
    threatened_km_per_day=100.0,  # in ten hours of daylight: at most 10 km/h
)


@pytest.fixture(scope="module")
def chain():
    """25 km each: paved at 60 km/h, gravel at 40, a track that floods and a track with a ferry."""
    return load_network("toy_chain", "doubtful", 25.0, 25.0, 0.0)


def edge_h(chain, traffic, is_wet, routing=ROUTING):
    hours = pace_of(chain, ROADS, routing, traffic, is_wet).edge_h(chain)
    ids = chain.junction_ids
    return {
        frozenset((ids[one], ids[other])): float(h)
        for one, other, h in zip(chain.edge_from, chain.edge_to, hours, strict=True)
    }


PAVED, GRAVEL = frozenset(("first", "second")), frozenset(("second", "third"))
SEASONAL, FERRY = frozenset(("third", "fourth")), frozenset(("fourth", "fifth"))


def test_an_unescorted_convoy_drives_at_its_share_of_the_free_speed(chain):
    dry = edge_h(chain, UNESCORTED, is_wet=False)
    assert dry[PAVED] == pytest.approx(25 / 30)
    assert dry[GRAVEL] == pytest.approx(25 / 20)
    assert dry[SEASONAL] == pytest.approx(25 / 12.5)


def test_a_patrol_has_a_factor_of_its_own(chain):
    assert edge_h(chain, PATROL, is_wet=False)[PAVED] == pytest.approx(25 / 48)


def test_an_escorted_convoy_makes_no_more_than_its_progress_a_day(chain):
    dry = edge_h(chain, ESCORTED, is_wet=False)
    assert dry[PAVED] == dry[GRAVEL] == dry[SEASONAL] == pytest.approx(2.5)


def test_rains_slow_seasonal_roads_alone(chain):
    dry, wet = edge_h(chain, UNESCORTED, is_wet=False), edge_h(chain, UNESCORTED, is_wet=True)
    assert wet[SEASONAL] == pytest.approx(dry[SEASONAL] / 0.4)
    assert wet[SEASONAL] == pytest.approx(5.0)
    assert {e: wet[e] for e in (PAVED, GRAVEL, FERRY)} == {
        e: dry[e] for e in (PAVED, GRAVEL, FERRY)
    }


def test_a_ferry_costs_its_wait_once(chain):
    assert edge_h(chain, UNESCORTED, is_wet=False)[FERRY] == pytest.approx(25 / 12.5 + 2.0)


def test_a_ferry_road_is_one_piece_however_finely_roads_are_cut():
    fine = load_network("toy_chain", "doubtful", 2.0, 2.0, 0.0)
    assert pace_of(fine, ROADS, ROUTING, PATROL, False).wait_h.sum() == 2.0


def test_instant_passage_takes_no_time_even_on_a_ferry(chain):
    instant = Routing(instant_passage=True)
    for traffic in (PATROL, ESCORTED, UNESCORTED):
        assert not np.any(list(edge_h(chain, traffic, True, instant).values()))
