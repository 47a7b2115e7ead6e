"""Refuge: cells that lost people slip across the border, are out of reach, and come back."""

import math

import pytest
from scipy import stats
from small_worlds import DAY_H, a_month_on_the_triangle, changed, happened, logged

from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Cause, Kind
from sim.world.reach import km_to_refuge
from sim.world.world import build_world


def a_chain_with_a_refuge(**groups):
    """Two cells near the third junction of the chain, a sanctuary; the first has its home there."""
    chain = a_month_on_the_triangle(
        roads={"name": "toy_chain"},
        supply={"trucks_by_hub": {}},
        runs={"end": "2017-07-01"},
        threat={"attempts_per_month": 100.0},
        attrition={
            "refuge_probability": 1.0,
            "border_control": 0.0,
            "refuge_mean_days": 10.0,
            "counter_terror_per_month": 6.0,
            "counter_terror_loss": 0.1,
            "recruitment_per_year": 4.0,
        },
    )
    return changed(chain, **groups)


def test_distance_to_a_refuge_is_straight_to_the_nearest_one():
    network = build_world(a_chain_with_a_refuge()).network
    assert km_to_refuge(network, network.junction_index["third"]) == 0.0
    # 0.2257 and 0.4514 degrees of longitude at 17 degrees north: 24 and 48 km.
    assert km_to_refuge(network, network.junction_index["second"]) == pytest.approx(24.0, abs=0.05)
    assert km_to_refuge(network, network.junction_index["fifth"]) == pytest.approx(48.0, abs=0.05)


def test_where_no_refuge_is_nobody_flees():
    scenario = a_month_on_the_triangle(attrition={"refuge_probability": 1.0, "border_control": 0.0})
    model = ConvoyModel(scenario)
    cell = model.militants[0]
    assert cell.refuge.distance_km == math.inf
    cell.lose(0.5, Cause.RAID)
    assert cell.is_active


def test_a_cell_in_refuge_does_nothing_and_cannot_be_struck():
    record = run_scenario(a_chain_with_a_refuge(), 1, 0)
    away = {}
    n_stays = 0
    for row in happened(record, Kind.CELL_FLED, Kind.CELL_RETURNED, Kind.CELL_STRUCK, Kind.PLACED):
        cell = row.other if row.kind is Kind.PLACED else row.entity
        if row.kind is Kind.CELL_RETURNED:
            assert away.pop(cell)
            n_stays += 1
            continue
        assert cell not in away, row
        if row.kind is Kind.CELL_FLED:
            away[cell] = True
    assert n_stays > 20
    assert record.cells_in_refuge[-1] == len(away)
    assert len(happened(record, Kind.PLACED)) > 500


def test_refuge_follows_every_loss_at_home_and_lasts_its_mean():
    record = run_scenario(a_chain_with_a_refuge(), 1, 0)
    first = ConvoyModel(a_chain_with_a_refuge()).militants[0].key
    own = [row for row in happened(record, Kind.CELL_STRUCK, Kind.CELL_FLED) if row.entity == first]
    assert [row.kind for row in own] == [Kind.CELL_STRUCK, Kind.CELL_FLED] * (len(own) // 2)
    assert len(own) > 20
    stays_h = []
    left_h = {}
    for run in range(10):
        for row in happened(
            run_scenario(a_chain_with_a_refuge(), 1, run), Kind.CELL_FLED, Kind.CELL_RETURNED
        ):
            if row.kind is Kind.CELL_FLED:
                left_h[run, row.entity] = row.time_h
            else:
                stays_h.append(row.time_h - left_h.pop((run, row.entity)))
    # Exponential stays with a mean of ten days: a test of Kolmogorov and Smirnov at 1e-4.
    assert len(stays_h) > 200
    assert stats.kstest(stays_h, stats.expon(scale=10.0 * DAY_H).cdf).pvalue > 1e-4
    assert stats.kstest(stays_h, stats.expon(scale=14.0 * DAY_H).cdf).pvalue < 1e-4


def test_border_control_keeps_cells_at_home():
    """Of losses at the door of a refuge 0.5 × (1 - 0.6) end in it: a binomial test at 1e-4."""
    scenario = a_chain_with_a_refuge(
        attrition={"refuge_probability": 0.5, "border_control": 0.6, "counter_terror_loss": 0.0}
    )
    first = ConvoyModel(scenario).militants[0].key
    n_struck = n_fled = 0
    for run in range(10):
        for row in happened(run_scenario(scenario, 1, run), Kind.CELL_STRUCK, Kind.CELL_FLED):
            n_struck += row.kind is Kind.CELL_STRUCK and row.entity == first
            n_fled += row.kind is Kind.CELL_FLED and row.entity == first
    assert stats.binomtest(n_fled, n_struck, 0.2).pvalue > 1e-4
    assert stats.binomtest(n_fled, n_struck, 0.5).pvalue < 1e-4
    closed = changed(scenario, attrition={"border_control": 1.0})
    assert happened(run_scenario(closed, 1, 0), Kind.CELL_FLED) == []


def test_a_cell_recruits_faster_in_refuge():
    """From 0.4 at 4 a year times 3 while away, times 1 at home."""
    model = ConvoyModel(
        a_chain_with_a_refuge(
            attrition={"refuge_recruitment_factor": 3.0, "counter_terror_per_month": 0.0},
            politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1},
        )
    )
    cell = model.militants[0]
    cell.lose(0.6, Cause.RAID)
    assert cell.refuge.is_taken
    while cell.refuge.is_taken:
        model.step()
    (back,) = logged(model, Kind.CELL_RETURNED)
    gap = 0.6 * math.exp(-4.0 * 3.0 * back.time_h / DAY_H / 365.25)
    assert back.strength == pytest.approx(1.0 - gap, rel=1e-9)
    model.advance_to(back.time_h + 50.0 * DAY_H)
    gap *= math.exp(-4.0 * 50.0 / 365.25)
    assert cell.strength_now() == pytest.approx(1.0 - gap, rel=1e-9)
