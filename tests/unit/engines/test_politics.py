"""The political process in a run: the path, and the walk about it."""

import numpy as np
import pytest
from small_worlds import DAY_H, a_month_on_the_triangle, all_bytes, changed, decided_from, happened

from sim.draws import Stream, uniform
from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.engines.reference.politics import KEY
from sim.world.events import Kind

SQRT_3 = 3.0**0.5


def a_year(start="2016-07-01", end="2017-07-01", **politics):
    return a_month_on_the_triangle(
        runs={"start": start, "decision_date": start, "end": end},
        politics={"path": {"2016-07-01": 0.4}, **politics},
        force={"patrol_process": "none"},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        threat={"attempts_per_month": 0.0},
    )


def step_of(month, deviation, run=0):
    """The step on the first of a month, counted from the year 0, on paper."""
    draw = uniform(1, run, int(Stream.PROGRESS_STEP), KEY, 0, month)
    return (2.0 * draw - 1.0) * SQRT_3 * deviation


def test_a_walk_takes_a_step_on_the_first_of_each_month():
    model = ConvoyModel(a_year(process="random_walk", walk_step=0.01), seed=1)
    expected = 0.4
    model.advance_to(31 * DAY_H - 1.0)
    assert model.politics.progress() == 0.4
    for month, day in ((7, 31), (8, 62), (9, 92)):  # August, September, October of 2016
        model.advance_to(day * DAY_H + 1.0)
        expected += step_of(12 * 2016 + month, 0.01)
        assert model.politics.progress() == pytest.approx(expected, abs=1e-12)
    assert model.politics.progress() != 0.4


def test_the_record_has_the_level_at_the_end_of_each_month():
    record = run_scenario(a_year(process="random_walk", walk_step=0.01), 1, 0)
    first, second = record.progress[:2]
    assert first == 0.4
    assert second == pytest.approx(0.4 + step_of(12 * 2016 + 7, 0.01), abs=1e-12)


def test_steps_belong_to_their_month_and_not_to_the_start_of_the_run():
    early = run_scenario(a_year(process="random_walk", walk_step=0.01), 1, 0)
    late = run_scenario(a_year(start="2016-10-15", process="random_walk", walk_step=0.01), 1, 0)
    early_steps, late_steps = np.diff(early.progress), np.diff(late.progress)
    assert early_steps[-3:] == pytest.approx(late_steps[-3:], abs=1e-12)


def test_a_decision_within_a_month_brings_no_step():
    walk = a_year(process="random_walk", walk_step=0.01)
    cut = changed(walk, runs={"decision_date": "2016-10-15"})
    ends = run_scenario(walk, 1, 0).progress, run_scenario(cut, 1, 0).progress
    assert ends[0][2:6].tolist() == [ends[1][2], *ends[1][4:7]]
    assert ends[1][3] == ends[1][4]  # October, before the 15th and after it


def test_a_walk_stays_within_0_and_1_and_reaches_both():
    record = run_scenario(a_year(end="2026-07-01", process="random_walk", walk_step=0.5), 1, 0)
    assert record.progress.min() >= 0.0
    assert record.progress.max() <= 1.0
    assert record.progress.min() < 0.05
    assert record.progress.max() > 0.95


def test_walks_stray_by_the_root_of_the_number_of_months():
    """36 steps of 0.02: 0.12; over 400 runs the estimate errs by 3.5%, so four errors are 14%."""
    ends = []
    for run in range(400):
        steps = [step_of(12 * 2016 + 7 + month, 0.02, run) for month in range(36)]
        ends.append(sum(steps))
    assert np.std(ends) == pytest.approx(0.12, rel=0.14)
    assert np.mean(ends) == pytest.approx(0.0, abs=4 * 0.12 / 20)


def test_a_walk_of_no_step_is_the_path_to_the_last_bit():
    path = a_month_on_the_triangle(runs={"end": "2016-10-01"})
    walk = changed(path, politics={"process": "random_walk", "walk_step": 0.0})
    assert all_bytes(run_scenario(path, 1, 0)) == all_bytes(run_scenario(walk, 1, 0))


def test_a_walk_that_is_decided_begins_level_at_the_decision():
    before = a_month_on_the_triangle(
        runs={"end": "2016-10-01", "decision_date": "2016-08-01"},
        politics={"path": {"2016-07-01": 0.4}},
    )
    after = decided_from(before, politics={"process": "random_walk", "walk_step": 0.05})
    model = ConvoyModel(after, seed=1)
    model.advance_to(32 * DAY_H)
    assert model.politics.progress() == 0.4
    model.advance_to(63 * DAY_H)
    assert model.politics.progress() == pytest.approx(0.4 + step_of(12 * 2016 + 8, 0.05), abs=1e-12)


def test_before_the_decision_nothing_differs():
    before = a_month_on_the_triangle(runs={"end": "2016-10-01", "decision_date": "2016-08-15"})
    after = decided_from(before, politics={"process": "random_walk", "walk_step": 0.2})
    alone, decided = run_scenario(before, 1, 0), run_scenario(after, 1, 0)
    decision_h = 45 * DAY_H
    for record in (alone, decided):
        assert happened(record, Kind.PLACED)[0].time_h < decision_h
    for name, column in alone.events.items():
        early = alone.events["time_h"] < decision_h
        then = decided.events["time_h"] < decision_h
        assert np.array_equal(column[early], decided.events[name][then]), name
    assert alone.progress[:2].tolist() == decided.progress[:2].tolist()
    assert alone.progress[-1] != decided.progress[-1]


def test_a_baseline_that_walks_goes_on_walking_and_an_option_may_end_it():
    before = a_year(process="random_walk", walk_step=0.01)
    before = changed(before, runs={"decision_date": "2016-10-01"})
    goes_on = run_scenario(decided_from(before), 1, 0)
    alone = run_scenario(before, 1, 0)
    assert goes_on.progress.tolist() == alone.progress.tolist()
    ended = run_scenario(decided_from(before, politics={"process": "path"}), 1, 0)
    assert ended.progress[:3].tolist() == alone.progress[:3].tolist()
    assert set(ended.progress[3:].tolist()) == {0.4}
