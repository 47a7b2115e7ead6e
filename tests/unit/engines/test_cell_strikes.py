"""Strikes on cells: how often, by whom, on whom, and what civilians harmed in them leave."""

import math

import pytest
from scipy import stats
from small_worlds import (
    DAY_H,
    a_month_on_the_triangle,
    change_rows,
    changed,
    copy_of_theatre,
    decided_from,
    happened,
    logged,
    reinforced,
    two_fortnights_on_the_triangle,
)

from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.errors import DrawError
from sim.world.events import Cause, Kind

YEAR = {"end": "2017-07-01"}
HARMLESS = {"raid_loss": 0.0, "counter_terror_loss": 0.0}
"""So that cells stay as they are, and strikes are Poisson."""


def struck(scenario, *runs):
    return [
        row
        for run in runs or (0,)
        for row in happened(run_scenario(scenario, 1, run), Kind.CELL_STRUCK)
    ]


def a_year(**groups):
    quiet = a_month_on_the_triangle(threat={"attempts_per_month": 0.0}, runs=YEAR)
    return changed(changed(quiet, attrition=HARMLESS), **groups)


def is_poisson(n, mean):
    """Two-sided at 1e-4."""
    tail = min(stats.poisson.cdf(n, mean), stats.poisson.sf(n - 1, mean))
    return 2.0 * tail > 1e-4


def test_the_parallel_operation_strikes_at_its_rate_and_every_cell_alike():
    """20 a month for three years: 720 in all, half of them on each of two cells."""
    rows = struck(a_year(attrition={"counter_terror_per_month": 20.0}), 0, 1, 2)
    assert is_poisson(len(rows), 3 * 365 / 30.4375 * 20.0)
    assert not is_poisson(len(rows), 3 * 365 / 30.4375 * 16.0)
    first = rows[0].entity
    assert stats.binomtest(sum(row.entity == first for row in rows), len(rows)).pvalue > 1e-4
    assert {row.cause for row in rows} == {Cause.COUNTER_TERROR}


def isr(strength, camp="north"):
    return {
        "reinforcements": reinforced(
            unit_type="isr", strength=strength, camp=camp, arrival="2016-07-01"
        )
    }


def test_intelligence_strikes_in_proportion_to_its_people():
    """2 a month per 100 people on all cells: 72 a year with 300 people, none without."""
    raids = {"raids_per_month_per_100": 2.0, "raid_reach_km": 500.0}
    rows = struck(a_year(attrition=raids, force=isr(300.0)), 0, 1, 2)
    assert is_poisson(len(rows), 3 * 365 / 30.4375 * 6.0)
    assert {row.cause for row in rows} == {Cause.RAID}
    assert struck(a_year(attrition=raids)) == []


def test_intelligence_helps_against_the_cells_in_its_reach_alone():
    """The first cell is at east, 30 km from west and 48 from north; the other where luck has it."""
    raids = {"raids_per_month_per_100": 10.0, "raid_reach_km": 35.0}
    from_north = a_year(attrition=raids, force=isr(300.0, "north"))
    from_west = a_year(attrition=raids, force=isr(300.0, "west"))
    key = ConvoyModel(from_north).militants[0].key
    assert key not in {row.entity for row in struck(from_north)}
    n_there = sum(row.entity == key for row in struck(from_west))
    assert is_poisson(n_there, 365 / 30.4375 * 15.0)


def test_more_intelligence_keeps_the_strikes_there_were_and_adds_others():
    raids = {"raids_per_month_per_100": 2.0, "raid_reach_km": 500.0}
    few, many = (struck(a_year(attrition=raids, force=isr(people))) for people in (100.0, 300.0))
    assert {row.time_h for row in few} < {row.time_h for row in many}


def test_too_much_intelligence_for_the_declared_ceiling_is_an_error():
    scenario = a_year(
        attrition={"raids_per_month_per_100": 2.0, "strikes_ceiling_factor": 1.0},
        force=isr(1500.0),
    )
    with pytest.raises(DrawError, match=r"1.5 times .* Raise attrition.strikes_ceiling_factor"):
        run_scenario(scenario, 1, 0)


def test_tips_follow_progress():
    """40 tips a month at full progress, one in two leads to a strike: 10 a month at one half."""
    tips = {"tips_per_month": 40.0, "raids_per_tip": 0.5}
    for level, per_month in ((0.0, 0.0), (0.5, 10.0), (1.0, 20.0)):
        rows = struck(a_year(attrition=tips, politics={"path": {"2016-07-01": level}}), 0, 1)
        assert is_poisson(len(rows), 2 * 365 / 30.4375 * per_month)
        assert {row.cause for row in rows} <= {Cause.RAID}


@pytest.mark.parametrize(("strength", "reach_km"), [(0.0, 500.0), (440.0, 0.0)])
def test_nobody_follows_a_tip_where_the_mission_has_nobody_in_reach(strength, reach_km, tmp_path):
    folder = copy_of_theatre("toy_triangle", tmp_path)
    change_rows(folder / "cells.csv", {}, home="east")  # the town without a camp
    nobody = a_year(
        roads={"name": str(folder)},
        force={"strength": strength},
        attrition={"tips_per_month": 40.0, "raids_per_tip": 1.0, "raid_reach_km": reach_km},
        politics={"path": {"2016-07-01": 1.0}},
    )
    assert struck(nobody) == []
    # Anybody can follow one, of whatever type.
    somebody = changed(nobody, force=support(1.0), attrition={"raid_reach_km": 500.0})
    assert len(struck(somebody)) > 300


def support(strength):
    return {
        "reinforcements": reinforced(unit_type="support", strength=strength, arrival="2016-07-01")
    }


def test_grievance_dries_up_tips():
    """Grievance of ln 2 that hardly fades halves 20 a month."""
    scenario = a_year(
        attrition={
            "tips_per_month": 40.0,
            "raids_per_tip": 0.5,
            "tips_lost_to_grievance": 1.0,
            "grievance_per_civilian": math.log(2.0),
            "grievance_half_life_days": 1e4,
        },
        politics={"path": {"2016-07-01": 1.0}},
    )
    assert scenario.attrition.raid_civilians > 0.0
    calm = changed(scenario, attrition={"raid_civilians": 0.0})
    model = ConvoyModel(calm)
    model.grievance.add(1)
    model.run()
    mean = sum(10.0 / 30.4375 * 2.0 ** (1.0 - 0.5 ** (day / 1e4)) for day in range(365))
    assert is_poisson(len(logged(model, Kind.CELL_STRUCK)), mean)
    assert not is_poisson(len(logged(model, Kind.CELL_STRUCK)), 2.0 * mean)


def test_civilians_are_harmed_at_their_mean_and_leave_grievance_that_fades():
    scenario = a_year(
        attrition={
            "counter_terror_per_month": 20.0,
            "counter_terror_civilians": 0.5,
            "grievance_per_civilian": 0.01,
            "grievance_half_life_days": 90.0,
        }
    )
    record = run_scenario(scenario, 1, 0)
    rows = happened(record, Kind.CELL_STRUCK)
    assert is_poisson(sum(row.civilians for row in rows), 0.5 * len(rows))
    end_h = scenario.clock().end_h
    left = sum(
        0.01 * row.civilians * 0.5 ** ((end_h - row.time_h) / (90.0 * DAY_H)) for row in rows
    )
    assert record.grievance[-1] == pytest.approx(left, rel=1e-9)


def test_only_active_cells_are_struck():
    scenario = a_year(
        attrition={
            "counter_terror_per_month": 40.0,
            "counter_terror_loss": 0.5,
            "dispersed_below": 0.2,
            "recruitment_per_year": 0.0,
        }
    )
    by_cell = {}
    for row in struck(scenario):
        by_cell.setdefault(row.entity, []).append(row.strength)
    assert list(by_cell.values()) == [[0.5, 0.25, 0.125]] * 2


def test_the_parallel_operation_is_outside_the_mission_and_strikes_all_scenarios_alike():
    before = two_fortnights_on_the_triangle(
        attrition={"counter_terror_per_month": 60.0, **HARMLESS},
        threat={"attempts_per_month": 0.0},
    )
    after = decided_from(before, force={"strength": 880.0, **isr(500.0)})
    assert [row.time_h for row in struck(after)] == [row.time_h for row in struck(before)]
