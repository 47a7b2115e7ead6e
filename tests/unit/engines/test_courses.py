"""Courses in the mission: who goes, what it costs, what it brings."""

import numpy as np
import pytest
from small_worlds import (
    DAY_H,
    a_month_on_the_triangle,
    all_bytes,
    changed,
    decided_from,
    happened,
    logged,
    reinforced,
)

from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.rules.training import faded_level
from sim.world.events import Kind

WEST_1, WEST_2 = "west/First/infantry/01", "west/First/infantry/02"
NORTH, EOD = "north/Second/infantry/01", "west/First/eod/01"
DAWN_H = 6.0


def a_quarter(*, contingents=None, force=None, **training):
    """Three months from 1 July, no rotation within them; West knows less than North."""
    return a_month_on_the_triangle(
        runs={"end": "2016-10-01"},
        training={
            "predeployment_by_contingent": contingents or {"First": 0.2, "Second": 0.6},
            "decay_half_life_days": 100.0,
            "course_seats_per_month": 135.0,
            "course_days": 10.0,
            "course_gain": 0.5,
            **training,
        },
        force={"rotation_days": 3650.0, **(force or {})},
    )


def unit_named(model, name):
    return next(unit for unit in model.units if unit.company.name == name)


def trained(record):
    """Day and company of each course that ended."""
    return [
        (row.time_h / DAY_H, record.names[row.entity]) for row in happened(record, Kind.TRAINED)
    ]


def at_rest(scenario):
    """Nobody escorts and nothing is placed, so that every company can be spared."""
    return changed(scenario, supply={"process": "periodic", "process_rate_per_day": 0.0})


def test_the_company_that_knows_least_goes_first_and_ties_go_by_name():
    record = run_scenario(at_rest(a_quarter()), 1, 0)
    # One company fits a month: West 1 and 2 fade alike, and after them North knows least.
    assert trained(record) == [
        (pytest.approx(10.25), WEST_1),
        (pytest.approx(31 + 10.25), WEST_2),
        (pytest.approx(62 + 10.25), NORTH),
    ]


def test_a_course_closes_half_of_the_gap_that_is_left_as_it_ends():
    model = ConvoyModel(at_rest(a_quarter()))
    unit = unit_named(model, WEST_1)
    end_h = DAWN_H + 10 * DAY_H
    model.advance_to(end_h)
    faded = 0.2 * 2.0 ** -((10.25) / 100.0)
    assert unit.training_level() == pytest.approx(faded)
    model.advance_to(end_h + 1e-6)
    assert unit.training_level() == pytest.approx(faded + 0.5 * (1.0 - faded))
    (row,) = logged(model, Kind.TRAINED)
    assert (row.hours, row.strength) == (240.0, 135.0)
    model.advance_to(end_h + 100 * DAY_H)
    left = faded_level(0.5 + faded / 2.0, (model.now_h - end_h) / DAY_H, 100.0)
    assert unit.training_level() == pytest.approx(left)


def test_seats_that_are_left_over_are_kept_for_the_next_month():
    # 100, 200 and 300 seats in hand: nobody, then one company of 135, then one more.
    record = run_scenario(at_rest(a_quarter(course_seats_per_month=100.0)), 1, 0)
    assert [day for day, _ in trained(record)] == pytest.approx([31 + 10.25, 62 + 10.25])
    assert record.course_places.tolist() == [0.0, 135.0, 135.0]


def test_places_and_company_days_are_counted_in_their_month():
    # From 1 July, 1 August and 1 September at dawn, 40 days each, so they run into the next month.
    record = run_scenario(at_rest(a_quarter(course_days=40.0)), 1, 0)
    assert record.course_places.tolist() == [135.0] * 3
    in_july, in_august, in_september = 30.75, 9.25 + 30.75, 9.25 + 29.75
    assert record.course_company_days == pytest.approx([in_july, in_august, in_september])


def test_a_course_without_days_trains_at_once():
    record = run_scenario(at_rest(a_quarter(course_days=0.0)), 1, 0)
    assert [day for day, _ in trained(record)] == pytest.approx([0.25, 31.25, 62.25])
    assert not record.course_company_days.any()


def test_only_those_who_patrol_or_escort_go():
    scenario = at_rest(
        a_quarter(
            contingents={"First": 0.2, "Second": 0.6, "reinforcement": 0.0},
            course_seats_per_month=10_000.0,
            force={
                "reinforcements": {
                    **reinforced(arrival="2016-07-01", unit_type="support"),
                    "trucks": reinforced(arrival="2016-07-01", unit_type="combat_convoy")[
                        "package"
                    ],
                }
            },
        )
    )
    names = {name for _, name in trained(run_scenario(scenario, 1, 0))}
    assert names == {WEST_1, WEST_2, NORTH, "north/trucks/combat_convoy/01"}


def test_a_company_on_a_course_neither_patrols_nor_escorts():
    scenario = a_quarter(
        course_seats_per_month=405.0, course_days=31.0, force={"patrols_per_year": 3000.0}
    )
    model = ConvoyModel(scenario)
    model.advance_to(DAWN_H + 0.001)
    on_course = [unit for unit in model.units if unit.is_on_course]
    assert [unit.company.name for unit in on_course] == [NORTH, WEST_1, WEST_2]
    n_before = [unit.n_patrols for unit in on_course]
    assert not any(unit.can_escort(1.0) for unit in on_course)
    model.advance_to(DAWN_H + 31 * DAY_H)
    assert [unit.n_patrols for unit in on_course] == n_before
    assert not logged(model, Kind.DEPARTED)
    # A month later the same three would go again; with no seats the road is theirs.
    free = ConvoyModel(changed(scenario, training={"course_seats_per_month": 0.0}))
    free.advance_to(DAWN_H + 31 * DAY_H)
    assert logged(free, Kind.DEPARTED)
    assert sum(unit.n_patrols for unit in free.units) > 100


def test_a_company_on_escort_is_passed_over():
    model = ConvoyModel(at_rest(a_quarter()))
    unit_named(model, WEST_1).escort_free_h = 20 * DAY_H
    model.advance_to(30 * DAY_H)
    assert [model.ledger.names[row.entity] for row in logged(model, Kind.TRAINED)] == [WEST_2]


def test_a_rotation_or_a_departure_breaks_a_course_off():
    scenario = at_rest(a_quarter(course_days=30.0))
    for leave in (lambda unit: unit.rotate(0), lambda unit: unit.leave(0)):
        model = ConvoyModel(scenario)
        unit = unit_named(model, WEST_1)
        model.advance_to(10 * DAY_H)
        assert unit.is_on_course
        leave(unit)
        assert not unit.is_on_course
        model.advance_to(31 * DAY_H)
        assert not logged(model, Kind.TRAINED)
        assert model.ledger.course_company_days[0] == pytest.approx(10.0 - 0.25)


def test_courses_begin_with_the_decision_that_sets_them():
    before = at_rest(a_quarter(course_seats_per_month=0.0))
    before = changed(before, runs={"decision_date": "2016-08-15"})
    after = decided_from(before, training={"course_seats_per_month": 1000.0})
    record = run_scenario(after, 1, 0)
    assert {round(day, 2) for day, _ in trained(record)} == {62 + 10.25}
    assert record.course_places.tolist() == [0.0, 0.0, 0.0, 405.0]


def test_without_seats_the_other_numbers_of_courses_change_nothing():
    quiet = a_quarter(course_seats_per_month=0.0)
    other = changed(quiet, training={"course_days": 300.0, "course_gain": 1.0})
    assert all_bytes(run_scenario(quiet, 1, 0)) == all_bytes(run_scenario(other, 1, 0))


def test_courses_raise_the_mean_level():
    with_courses = run_scenario(at_rest(a_quarter(course_seats_per_month=405.0)), 1, 0)
    without = run_scenario(at_rest(a_quarter(course_seats_per_month=0.0)), 1, 0)
    assert np.all(with_courses.training_level > without.training_level)
