import dataclasses
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fake_runs import (
    FakeScenario,
    FolderSink,
    run_endlessly,
    run_fake,
    run_named,
    run_slowly,
    three_scenarios,
)

from sim.compiled import first_compilation
from sim.compose import load_scenario
from sim.errors import ResultsError, ScenarioError
from sim.results.sink import MemorySink, Replication, RunSink
from sim.results.store import RUNS_A_FILE, open_study
from sim.studies.compare import StudyInterrupted, StudyPlan, compare_scenarios
from sim.studies.execute import RunFailed
from sim.studies.progress import Progress
from sim.world.scenario import Scenario

HERE = Path(__file__).parent

A_PLAIN_SCRIPT = """
import sys
from fake_runs import FolderSink, run_slowly, three_scenarios
from sim.studies.compare import StudyInterrupted, StudyPlan, compare_scenarios

folder, n_workers, engine = sys.argv[1], int(sys.argv[2]), sys.argv[3]
plan = StudyPlan(max_runs=200, half_width=0.001, n_workers=n_workers, resume=True)
try:
    scenarios = three_scenarios(engine)
    compare_scenarios(scenarios, plan, run_one=run_slowly, sink=FolderSink(folder))
except StudyInterrupted as interrupted:
    print(interrupted)
    sys.exit(130)
"""
"""It has no guard for the main program, as scripts of planners have none."""


def compared(run_one=run_fake, scenarios=None, sink=None, **plan):
    plan = {"n_workers": 1, "max_runs": 40, "half_width": 0.001} | plan
    return compare_scenarios(
        scenarios or three_scenarios(), StudyPlan(**plan), run_one=run_one, sink=sink
    )


@pytest.fixture(scope="module")
def comparison():
    return compared()


def row(comparison, name):
    return comparison.table.set_index("scenario").loc[name]


def test_every_scenario_has_the_same_runs(comparison):
    assert (comparison.table.n_runs == 40).all()
    assert comparison.measures.groupby("scenario").run.apply(list).map(len).eq(40).all()


def test_the_difference_and_its_percentage_add_up(comparison):
    fewer, as_is = row(comparison, "fewer"), row(comparison, "as_is")
    assert fewer.difference == pytest.approx(fewer["mean"] - as_is["mean"])
    assert fewer.percent_change == pytest.approx(100 * fewer.difference / as_is["mean"])
    assert fewer.low < fewer.difference < fewer.high < 0.0
    assert fewer.verdict == "fewer casualties"


def test_the_baseline_has_no_difference_from_itself(comparison):
    as_is = row(comparison, "as_is")
    assert as_is.verdict == "baseline"
    assert np.isnan([as_is.difference, as_is.low, as_is.high, as_is.percent_change]).all()


def test_what_1000_more_troops_buy_is_given_only_where_troops_are_added(comparison):
    assert row(comparison, "fewer").troops_added == 500.0
    assert row(comparison, "fewer").per_1000_more_troops == pytest.approx(
        2.0 * row(comparison, "fewer").difference
    )
    assert np.isnan(row(comparison, "stays_in_camp").per_1000_more_troops)
    costs = comparison.to_markdown().split("\n\n")[1].split("\n")
    last_cells = [line.split("|")[-2].strip() for line in costs[2:5]]
    assert last_cells[0] == last_cells[2] == "-"
    assert last_cells[1] != "-"


def test_a_scenario_outside_the_supply_tolerance_cannot_be_best(comparison):
    stays = row(comparison, "stays_in_camp")
    assert stays.stockout_excess_points == pytest.approx(1.0)
    assert not stays.is_within_supply_tolerance
    assert np.isnan(stays.chance_best)
    assert stays.verdict == "fewer casualties; outside the supply tolerance"
    assert comparison.best == "fewer"
    assert any("stays_in_camp leaves 1.0" in line for line in comparison.sentences)


def test_a_wider_supply_tolerance_lets_it_win():
    assert compared(supply_tolerance=2.0).best == "stays_in_camp"


def test_rates_are_totals_over_totals(comparison):
    fewer = row(comparison, "fewer")
    assert fewer.per_1000_vehicle_km == pytest.approx((fewer["mean"] - 20.0) / 1000.0)
    assert fewer.per_1000_troop_days == pytest.approx(fewer["mean"] / 1000.0)


def test_a_small_difference_is_not_distinguishable():
    found = compared(scenarios=[FakeScenario("as_is"), FakeScenario("other")], max_runs=12)
    assert row(found, "other").verdict == "the same in every run"
    found = compared(scenarios=[FakeScenario("as_is"), FakeScenario("other", 1.0)], max_runs=12)
    assert row(found, "other").verdict == "not distinguishable"


def test_no_chance_of_being_best_is_given_below_thirty_pairs():
    found = compared(max_runs=29)
    assert found.table.chance_best.isna().all()
    assert found.best is None
    assert "30 runs" in found.to_markdown()


def test_fewer_than_eight_runs_give_no_verdict():
    assert row(compared(max_runs=5), "fewer").verdict == "too few runs to say"


def test_fewer_than_eight_runs_give_no_bounds_and_words_say_so(capsys):
    found = compare_scenarios(
        three_scenarios(),
        StudyPlan(n_workers=1, max_runs=2, half_width=0.001),
        run_one=run_fake,
        show_progress=True,
    )
    assert found.table[["half_width", "low", "high"]].isna().all(axis=None)
    for said in (found.to_text(), found.to_markdown(), capsys.readouterr().err):
        assert "no bound yet" in said
        assert "inf" not in said
        assert "±inf" not in said


def test_a_difference_without_bounds_is_put_in_words_after_many_runs_too():
    found = compared(rarely_different, scenarios=three_scenarios()[:2])
    assert "no bound yet" in found.stopped_because
    assert "±inf" not in found.to_text()


def test_few_runs_come_with_advice_and_many_do_not(comparison):
    assert "max_runs=" in compared(max_runs=29).sentences[-1]
    assert "budget_min=" not in comparison.to_text()


def test_where_time_was_short_the_terminal_tells_the_time_for_thirty_runs():
    found = compared(run_slowly, max_runs=None, budget_min=1 / 60)
    # 30 rounds of three runs of 0.1 s take 9 s and more; the page must not depend on the computer
    assert found.wanted_budget_min == 1.0
    assert "budget_min=1 gives 30 runs" in found.to_text()
    assert "budget_min=1 " not in found.to_markdown()


def rarely_different(scenario, seed, run, detail):
    """One run in ten differs, in which `fewer` does better: harm is mostly 0."""
    made = run_fake(scenario, seed, run, detail)
    is_struck = run % 10 == 0 and scenario.name == "as_is"
    return Replication(dict(made.measures) | {"killed_and_wounded": 5.0 * is_struck})


def test_a_study_keeps_a_few_bytes_for_each_number_of_a_run():
    n_measures, n_runs = 100, 400

    def many(scenario, seed, run, detail):
        made = dict(run_fake(scenario, seed, run, "measures").measures)
        return Replication(made | {f"number_{k}": run + 0.5 + k for k in range(n_measures)})

    compared(many, max_runs=2)  # what is loaded once, and kept for all studies, is not counted
    tracemalloc.start()
    found = compared(many, max_runs=n_runs)
    n_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # The study, the sink in memory and the table, twice while it is made, take 8 bytes each and a
    # little around them: 42 in all. A mapping for each run took 204.
    assert n_bytes < 80 * len(found.measures) * n_measures


def test_the_measures_are_those_that_runs_gave():
    scenarios = three_scenarios()[:2]
    found = compared(scenarios=scenarios, max_runs=3).measures
    rows = [
        {"scenario": scenario.name, "run": run} | run_fake(scenario, 1, run, "measures").measures
        for scenario in scenarios
        for run in range(3)
    ]
    pd.testing.assert_frame_equal(found, pd.DataFrame(rows))


def test_what_only_some_runs_measure_is_missing_in_the_others():
    def sometimes(scenario, seed, run, detail):
        made = dict(run_fake(scenario, seed, run, detail).measures)
        return Replication(made | ({"finds": 7.0} if run == 1 else {}))

    found = compared(sometimes, scenarios=three_scenarios()[:2], max_runs=3).measures
    assert found[found["run"] == 1]["finds"].tolist() == [7.0, 7.0]
    assert found[found["run"] != 1]["finds"].isna().all()


def test_what_compiles_at_first_takes_nothing_of_the_budget(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.compiled._cache_folder", lambda: tmp_path)

    def run_compiled(scenario, seed, run, detail):
        with first_compilation("a test", str(tmp_path)):
            if not list(tmp_path.glob("*.compiled")):
                time.sleep(2.0)
        return run_fake(scenario, seed, run, detail)

    # As runs of 2 s these would be over after two rounds.
    found = compared(run_compiled, three_scenarios("batch"), n_workers=2, budget_min=0.04)
    assert found.n_runs == 40


def more_found(scenario, seed, run, detail):
    """`fewer` does all that `as_is` does, and finds more."""
    made = run_fake(scenario, seed, run, detail)
    found = 20.0 + run % 3 + (5.0 + run % 2) * (scenario.name == "fewer")
    return Replication(dict(made.measures) | {"finds": found, "found_share": found})


def test_where_more_is_better_the_best_has_most():
    found = compared(more_found, scenarios=three_scenarios()[:2], measure="found_share")
    assert found.best == "fewer"
    assert row(found, "fewer").chance_best == 1.0
    assert row(found, "as_is").chance_best == 0.0


def test_nothing_is_best_where_neither_more_nor_less_is_better():
    found = compared(more_found, scenarios=three_scenarios()[:2], measure="finds")
    assert found.best is None
    assert found.table.chance_best.isna().all()
    assert "of finds neither more nor less is better" in " ".join(found.sentences)


def test_no_chance_of_being_best_stands_beside_too_few_runs_to_say():
    found = compared(rarely_different, scenarios=three_scenarios()[:2])
    assert row(found, "fewer").verdict == "too few runs to say"
    assert found.table.chance_best.isna().all()
    assert found.best is None
    assert "too few runs of fewer differ from as_is to say" in " ".join(found.sentences)


@pytest.mark.parametrize("without", ["as_is", "fewer"])
def test_nothing_is_said_of_a_measure_that_is_no_number_in_some_run(without):
    def nothing_found_once(scenario, seed, run, detail):
        made = more_found(scenario, seed, run, detail)
        has_number = run != 3 or scenario.name != without
        return Replication(
            dict(made.measures) | {"found_share": 0.5 + 0.01 * (run % 7) if has_number else np.nan}
        )

    found = compared(
        nothing_found_once, scenarios=three_scenarios()[:2], measure="found_share", half_width=None
    )
    assert row(found, "fewer").verdict == "no number in some runs"
    assert found.best is None
    assert found.table.chance_best.isna().all()
    told = " ".join(found.sentences)
    assert f"in some runs of {without} nothing stands below the line of found_share" in told
    assert "too few runs" not in told


@pytest.mark.parametrize(("shift", "best"), [(-0.5, None), (-8.0, "fewer"), (8.0, "as_is")])
def test_best_must_be_told_apart_from_the_baseline(monkeypatch, shift, best):
    monkeypatch.setattr("sim.studies.comparison.BEST_FROM", 0.5)

    def noisy(scenario, seed, run, detail):
        made = run_fake(scenario, seed, run, detail)
        harm = 100.0 + (scenario.name == "fewer") * (shift + 4.0 * (run % 5 - 2))
        return Replication(dict(made.measures) | {"killed_and_wounded": harm})

    found = compared(noisy, scenarios=three_scenarios()[:2])
    assert found.best == best
    assert any("still contains 0" in line for line in found.sentences) == (best is None)


def a_small_lead(scenario, seed, run, detail):
    """`fewer` leads by a little, in more than half of the runs."""
    made = run_fake(scenario, seed, run, detail)
    lead = (scenario.name == "fewer") * (1.0 + 3.0 * (run % 5 - 2))
    return Replication(dict(made.measures) | {"killed_and_wounded": 100.0 - lead})


def test_a_sure_lead_beside_an_interval_around_0_is_told_as_one_story():
    found = compared(a_small_lead, scenarios=three_scenarios()[:2], max_runs=70)
    fewer = row(found, "fewer")
    assert fewer.verdict == "not distinguishable"
    assert fewer.chance_best > 0.95
    (told,) = [line for line in found.sentences if "called best" in line]
    assert f"fewer has the lowest mean in {fewer.chance_best:.0%} of resamples" in told
    assert "still contains 0 (not distinguishable), which asks for more" in told


def test_where_the_wanted_interval_tells_nothing_apart_the_words_for_a_narrower_one_are_said():
    scenarios = three_scenarios()[:2]
    found = compared(a_small_lead, scenarios=scenarios, half_width=4.0, max_runs=None)
    assert found.stopped_because.startswith("Stopped at the wanted interval")
    (told,) = [line for line in found.sentences if "At this width" in line]
    assert "fewer cannot be told apart from as_is: for narrower intervals add half_width=" in told
    narrower = float(told.split("half_width=")[1].split(",")[0])
    assert 0.0 < narrower <= found.last_look.widest / 2.0
    assert f"about {(found.last_look.widest / narrower) ** 2:.0f} times as many runs" in told
    again = compared(a_small_lead, scenarios=scenarios, half_width=narrower, max_runs=None)
    assert again.last_look.widest <= narrower
    assert row(again, "fewer").verdict == "fewer casualties"
    assert not any("At this width" in line for line in again.sentences)


def test_where_runs_or_time_were_short_no_narrower_interval_is_asked_for():
    found = compared(a_small_lead, scenarios=three_scenarios()[:2], max_runs=32)
    assert row(found, "fewer").verdict == "not distinguishable"
    assert not any("At this width" in line for line in found.sentences)


def test_stockouts_of_0_everywhere_are_said_to_decide_nothing(comparison):
    def supplied(scenario, seed, run, detail):
        made = run_fake(scenario, seed, run, detail)
        return Replication(dict(made.measures) | {"stockout_person_days": 0.0})

    assert any("supply does not bind" in line for line in compared(supplied).sentences)
    assert not any("supply does not bind" in line for line in comparison.sentences)


def test_another_baseline_turns_the_difference(comparison):
    turned = compare_scenarios(
        three_scenarios(),
        StudyPlan(n_workers=1, max_runs=40, half_width=0.001),
        baseline="fewer",
        run_one=run_fake,
    )
    assert row(turned, "as_is").difference == pytest.approx(-row(comparison, "fewer").difference)


def test_it_stops_at_the_wanted_interval_and_says_so():
    found = compared(half_width=9.0, max_runs=None)
    assert found.stopped_because.startswith("Stopped at the wanted interval")
    assert found.n_runs in (8, 16, 32)
    assert list(found.looks.n_runs) == [8 * 2**k for k in range(len(found.looks))]


def test_it_stops_at_the_largest_number_of_runs_and_says_so(comparison):
    assert comparison.stopped_because.startswith("Stopped at the largest number of runs, 40")
    assert list(comparison.looks.n_runs) == [8, 16, 32, 40]
    assert comparison.looks.error.sum() == pytest.approx(0.05)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_it_stops_within_the_budget_and_says_so(n_workers):
    budget_s = 2.0 + 2.0 * n_workers  # workers take a while to start on a busy machine
    start = time.monotonic()
    found = compared(run_slowly, max_runs=None, budget_min=budget_s / 60, n_workers=n_workers)
    assert time.monotonic() - start < budget_s + 1.0
    assert found.stopped_because.startswith("Stopped at the budget")
    assert found.n_runs >= 4
    assert len(found.measures) == 3 * found.n_runs


def test_runs_that_take_much_longer_than_before_are_dropped_at_the_budget():
    start = time.monotonic()
    found = compared(run_endlessly, max_runs=None, budget_min=4 / 60, n_workers=2)
    assert time.monotonic() - start < 30.0  # a run that was waited for would take 60 s
    assert found.n_runs == 3


def test_two_rounds_are_made_however_small_the_budget():
    assert compared(run_slowly, max_runs=None, budget_min=0.001).n_runs == 2


@pytest.mark.parametrize("stop", [{"max_runs": 40}, {"max_runs": None, "half_width": 3.0}])
def test_one_worker_and_two_give_the_same_table(stop):
    alone, two = compared(**stop), compared(**stop, n_workers=2)
    assert alone.to_csv() == two.to_csv()
    pd.testing.assert_frame_equal(alone.measures, two.measures)


def test_one_thread_and_two_of_the_batch_engine_leave_the_same_bytes(tmp_path):
    toy = load_scenario("triangle_toy", {"engine": "batch"})
    more = load_scenario("triangle_toy", {"engine": "batch", "force.strength": 600})
    contents, tables = [], []
    for n_workers in (1, 2):
        out = tmp_path / str(n_workers)
        plan = StudyPlan(max_runs=RUNS_A_FILE + 3, half_width=1e-9, out=out, n_workers=n_workers)
        compared = compare_scenarios([toy, dataclasses.replace(more, name="more")], plan)
        files = {file.relative_to(out): file for file in sorted(out.rglob("*")) if file.is_file()}
        contents.append({name: file.read_bytes() for name, file in files.items()})
        tables.append(compared.to_markdown())
    assert contents[0] == contents[1]
    assert tables[0] == tables[1]
    names = {file.name for file in contents[0]}
    assert {"runs-000000-000031.parquet", "runs-000032-000034.parquet"} <= names


def test_a_scenario_gets_the_same_runs_whatever_it_is_compared_with(comparison):
    two = compared(scenarios=three_scenarios()[:2])
    np.testing.assert_array_equal(two.outcomes()[:, 1], comparison.outcomes()[:, 1])


def test_finished_runs_are_not_made_again(monkeypatch):
    sink, found = MemorySink(), []
    compared(max_runs=8, sink=sink)
    monkeypatch.setattr(Progress, "found", lambda self, n_runs: found.append(n_runs))
    again = compared(max_runs=16, sink=sink, resume=True, run_one=no_early_run)
    assert again.to_csv() == compared(max_runs=16).to_csv()
    assert found == [24]


def is_group_gone_within(seconds, group):
    """Nobody of a process group works on; the dead whom nobody buried (state Z) do not count."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        states = []
        for file in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, its_group = file.read_text().rpartition(")")[2].split()[:3]
            except OSError:
                continue
            if int(its_group) == group and state != "Z":
                states.append(state)
        if not states:
            return True
        time.sleep(0.05)
    return False


def no_early_run(scenario, seed, run, detail):
    assert run >= 8
    return run_fake(scenario, seed, run, detail)


def test_runs_of_another_seed_are_not_mixed_in():
    sink = MemorySink()
    compared(max_runs=8, sink=sink)
    with pytest.raises(ResultsError, match="seed"):
        compared(max_runs=8, sink=sink, resume=True, seed=2)
    with pytest.raises(ResultsError, match="resume"):
        compared(max_runs=8, sink=sink)


def test_records_reach_a_sink_that_keeps_them():
    sink = MemorySink(keeps_records=True)
    compared(max_runs=2, sink=sink)
    assert sink.records["fewer", 1] == {"run": 1}
    assert isinstance(sink, RunSink)


def test_a_folder_keeps_the_runs_of_true_scenarios_for_a_study_that_goes_on(tmp_path):
    plan = {"scenarios": [Scenario(name="as_is"), Scenario(name="other_one")], "run_one": run_named}
    plan |= {"out": tmp_path / "study", "detail": "measures"}
    compared(max_runs=8, **plan)
    with pytest.raises(ResultsError, match="resume"):
        compared(max_runs=8, **plan)
    assert repr(compared(max_runs=9, resume=True, **plan)).startswith(
        "<Comparison of killed_and_wounded: as_is, other_one (baseline as_is), 9 runs each;"
    )
    resumed = compared(max_runs=12, resume=True, **plan)
    assert resumed.to_csv() == compared(max_runs=12, **plan | {"out": None}).to_csv()


def test_whoever_goes_on_with_other_scenarios_is_told_which_are_new_and_which_are_left_out(
    tmp_path, capsys
):
    def made(*names, **plan):
        scenarios = [Scenario(name=name) for name in names]
        study = StudyPlan(n_workers=1, max_runs=4, out=tmp_path, detail="measures", **plan)
        compare_scenarios(scenarios, study, run_one=run_named, show_progress=True)
        return capsys.readouterr().err

    line = "without a finished run so far: d; kept there and not compared now: b, c\n"
    assert "so far" not in made("a", "b", "c")
    assert "so far" not in made("a", "b", "c", resume=True)
    said = made("a", "d", resume=True)
    assert "4 finished runs found" in said
    assert line in said
    assert "  without a finished run so far: e, f; kept there" in made("e", "f", resume=True)


def test_two_studies_never_add_runs_to_one_folder_at_the_same_time(tmp_path):
    plan = {"scenarios": [Scenario(name="as_is"), Scenario(name="other_one")], "run_one": run_named}
    plan |= {"out": tmp_path / "study", "detail": "measures"}
    compared(max_runs=8, **plan)
    refused = []

    def meanwhile(scenario, seed, run, detail):
        if not refused:
            with pytest.raises(ResultsError, match="another study is at work there") as error:
                compared(max_runs=10, resume=True, **plan)
            refused.append(error)
        return run_named(scenario, seed, run, detail)

    compared(max_runs=9, resume=True, **plan | {"run_one": meanwhile})
    assert refused
    assert compared(max_runs=10, resume=True, **plan).n_runs == 10
    assert list(open_study(tmp_path / "study").measures(["as_is"])["run"]) == list(range(10))


def test_a_study_that_was_interrupted_or_failed_leaves_its_folder_to_the_next(tmp_path):
    plan = {"scenarios": [Scenario(name="as_is"), Scenario(name="other_one")], "max_runs": 2}
    plan |= {"out": tmp_path / "study", "detail": "measures", "resume": True}
    with pytest.raises(StudyInterrupted) as kept_by_a_notebook:
        compared(run_one=interrupted_run, **plan)
    assert compared(run_one=run_named, **plan).n_runs == 2
    assert kept_by_a_notebook


def interrupted_run(scenario, seed, run, detail):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("results/compare/monday", "out=results/compare/monday resume=true"),
        ("my results", "out='my results' resume=true"),
        (None, "out=FOLDER"),
    ],
)
def test_an_interrupt_gives_the_words_that_go_on(tmp_path, monkeypatch, out, words):
    monkeypatch.chdir(tmp_path)
    scenarios = [Scenario(name="as_is"), Scenario(name="other_one")]
    with pytest.raises(StudyInterrupted) as caught:
        compared(scenarios=scenarios, run_one=interrupted_run, out=out and Path(out), max_runs=2)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("is_kept", "words"),
    [
        (True, ["10 finished runs are kept in mine", "out=mine resume=true"]),
        (False, ["10 finished runs were in memory and are lost"]),
    ],
)
def test_a_failed_run_says_what_is_left_of_the_others(tmp_path, monkeypatch, is_kept, words):
    def run_until_fifth(scenario, seed, run, detail):
        if run == 5:
            raise ZeroDivisionError("no convoy left")
        return run_named(scenario, seed, run, "measures")

    monkeypatch.chdir(tmp_path)
    scenarios = [Scenario(name="as_is"), Scenario(name="other_one")]
    out = Path("mine") if is_kept else None
    with pytest.raises(RunFailed) as caught:
        compared(scenarios=scenarios, run_one=run_until_fifth, out=out, detail="measures")
    first, alone, *rest = str(caught.value).splitlines()
    assert first.endswith("'as_is' with seed 1 failed: ZeroDivisionError: no convoy left")
    assert alone.startswith("To see it alone: ")
    assert all(word in "\n".join(rest) for word in words)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize(
    ("n_workers", "engine"), [(1, "reference"), (2, "reference"), (1, "batch"), (2, "batch")]
)
def test_an_interrupt_loses_no_finished_run_and_the_study_goes_on_from_them(
    tmp_path, n_workers, engine
):
    script = tmp_path / "my_study.py"
    script.write_text(A_PLAIN_SCRIPT)
    process = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path), str(n_workers), engine],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{HERE.parents[2]}{os.pathsep}{HERE}"},
        start_new_session=True,
    )
    while len(list(tmp_path.glob("*.json"))) < 10:
        assert process.poll() is None
        time.sleep(0.02)
    pressed = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # a terminal sends Ctrl-C to the whole group
    said, _ = process.communicate(timeout=10)
    assert time.monotonic() - pressed < 2.0
    assert process.returncode == 130
    kept = sorted(file.name for file in tmp_path.glob("*.json"))
    assert f"{len(kept)} finished runs are kept" in said
    assert "resume=true" in said
    assert is_group_gone_within(2.0, process.pid)

    whole = compared(max_runs=20)
    resumed = compared(max_runs=20, resume=True, sink=FolderSink(tmp_path))
    assert resumed.to_csv() == whole.to_csv()


@pytest.mark.parametrize(
    ("scenarios", "plan", "what"),
    [
        ([FakeScenario("alone")], {}, "1 scenario to compare"),
        ([FakeScenario("twin"), FakeScenario("twin")], {}, "named twice"),
        (None, {"budget_min": 0.0}, "budget_min of the study is 0.0"),
        (None, {"max_runs": 1}, "Allowed: a whole number from 2 on"),
        (None, {"max_runs": 2.5}, r"max_runs of the study is 2\.5"),
        (None, {"n_workers": 0}, "n_workers of the study is 0"),
        (None, {"n_workers": 1.5}, "Allowed: a whole number from 1 on, or None for all cores"),
        (None, {"n_workers": True}, "n_workers of the study is True"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_anything_runs(scenarios, plan, what):
    with pytest.raises(ScenarioError, match=what):
        compared(scenarios=scenarios, **plan)


def test_a_misspelt_measure_or_baseline_is_answered_with_a_guess():
    with pytest.raises(ResultsError, match="Did you mean 'killed_and_wounded'"):
        compared(measure="killed_or_wounded")
    with pytest.raises(ScenarioError, match="Did you mean 'as_is'"):
        compare_scenarios(three_scenarios(), baseline="asis", run_one=run_fake)


def test_the_table_can_be_written(comparison, tmp_path):
    comparison.to_csv(tmp_path / "table.csv")
    comparison.to_markdown(tmp_path / "table.md")
    assert len(pd.read_csv(tmp_path / "table.csv")) == 3
    assert "Best: fewer" in (tmp_path / "table.md").read_text()
