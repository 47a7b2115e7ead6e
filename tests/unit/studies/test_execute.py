import multiprocessing
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import fake_runs
import pytest
from fake_runs import (
    run_counted,
    run_endlessly,
    run_fake,
    run_fewer_slowly,
    run_slowly,
    run_until_exit,
    run_until_killed,
    run_until_third,
    three_scenarios,
)

from sim.errors import ScenarioError
from sim.studies import execute as execute_module
from sim.studies.execute import Job, RunFailed, execute, usable_cores, works_in_threads

HERE = Path(__file__).parent

TEAMS = pytest.mark.parametrize(
    ("n_workers", "in_threads"), [(1, False), (2, False), (1, True), (2, True), (3, True)]
)


def jobs(n_runs):
    for run in range(n_runs):
        for scenario in three_scenarios():
            yield Job(scenario.name, scenario, 1, run)


class Kept(dict):
    def __call__(self, job, replication, seconds):
        self[job.scenario_name, job.run] = dict(replication.measures)
        return False


@pytest.mark.parametrize("in_threads", [False, True])
def test_one_worker_and_several_give_the_same_runs(in_threads):
    alone = Kept()
    execute(jobs(50), run_fake, on_done=alone, n_workers=1)
    assert len(alone) == 150
    for n_workers in (2, 3, 5) if in_threads else (2,):
        several = Kept()
        execute(jobs(50), run_fake, on_done=several, n_workers=n_workers, in_threads=in_threads)
        assert several == alone


def test_threads_work_at_the_same_time_and_in_this_process():
    fake_runs.most_at_work = 0
    kept = Kept()
    execute(jobs(10), run_counted, on_done=kept, n_workers=3, in_threads=True)
    assert len(kept) == 30
    assert fake_runs.most_at_work == 3
    assert not multiprocessing.active_children()


def test_a_single_thread_is_the_calling_one():
    callers = set()

    def run_here(*_):
        callers.add(threading.current_thread())
        return run_fake(*_)

    execute(jobs(2), run_here, on_done=Kept(), n_workers=1, in_threads=True)
    assert callers == {threading.current_thread()}


def test_finished_runs_are_handed_on_in_the_calling_thread_while_others_go_on_working():
    under_way = []

    def keep_slowly(job, replication, seconds):
        assert threading.current_thread() is threading.main_thread()
        time.sleep(0.02)
        under_way.append(fake_runs._at_work)
        return False

    execute(jobs(20), run_counted, on_done=keep_slowly, n_workers=2, in_threads=True)
    assert sum(n > 0 for n in under_way) > 5


def test_threads_end_with_the_study():
    execute(jobs(5), run_fake, on_done=Kept(), n_workers=3, in_threads=True)
    assert not [thread for thread in threading.enumerate() if thread.name == "convoy-risk"]


def test_threads_are_for_the_engine_that_lets_go_of_the_interpreter():
    assert works_in_threads(three_scenarios("batch"))
    assert not works_in_threads(three_scenarios("reference"))
    assert not works_in_threads([*three_scenarios("batch"), *three_scenarios("reference")])


@TEAMS
def test_results_arrive_as_they_are_finished(n_workers, in_threads):
    arrivals = []

    def note(job, replication, seconds):
        arrivals.append(time.monotonic())
        return False

    execute(jobs(4), run_slowly, on_done=note, n_workers=n_workers, in_threads=in_threads)
    assert arrivals[-1] - arrivals[0] > 0.3


@pytest.mark.parametrize("n_workers", [0, -1, 1.5, True, "2"])
@pytest.mark.parametrize("in_threads", [False, True])
def test_what_is_no_number_of_workers_is_refused_and_waits_for_nobody(n_workers, in_threads):
    with pytest.raises(ScenarioError, match=f"n_workers is {n_workers!r}.* Allowed: a whole"):
        execute(jobs(2), run_fake, on_done=Kept(), n_workers=n_workers, in_threads=in_threads)


@TEAMS
def test_a_failing_run_names_scenario_seed_and_run(n_workers, in_threads):
    kept = Kept()
    with pytest.raises(RunFailed, match="run 3 of scenario 'fewer' with seed 1") as failure:
        execute(jobs(50), run_until_third, on_done=kept, n_workers=n_workers, in_threads=in_threads)
    assert "ZeroDivisionError: no convoy left" in str(failure.value)
    assert failure.value.__cause__ is not None
    # Several workers have not always finished the jobs that came before the one that failed.
    assert len(kept) == 10 if n_workers == 1 else len(kept) >= 1


def test_a_worker_that_dies_names_the_run_it_had():
    with pytest.raises(RunFailed, match=r"run 3 of scenario 'fewer'(.|\n)*exit code 9"):
        execute(jobs(50), run_until_killed, on_done=Kept(), n_workers=2)


@TEAMS
def test_it_stops_where_it_is_told_to(n_workers, in_threads):
    kept = Kept()

    def stop_after_five(job, replication, seconds):
        kept(job, replication, seconds)
        return len(kept) == 5

    reason = execute(
        jobs(5000),
        run_fake,
        on_done=stop_after_five,
        n_workers=n_workers,
        in_threads=in_threads,
    )
    assert reason == "stopped"
    assert len(kept) == 5


def test_a_run_that_would_end_its_thread_is_a_failed_run():
    with pytest.raises(RunFailed, match=r"run 3 of scenario 'fewer'(.|\n)*SystemExit"):
        execute(jobs(50), run_until_exit, on_done=Kept(), n_workers=2, in_threads=True)


@pytest.mark.parametrize("in_threads", [False, True])
def test_runs_under_way_are_dropped_when_time_is_over(in_threads):
    start = time.monotonic()
    kept = Kept()
    reason = execute(
        jobs(50),
        run_endlessly,
        on_done=kept,
        n_workers=2,
        in_threads=in_threads,
        is_over=lambda: len(kept) == 9 and time.monotonic() > start + 1.0,
    )
    assert reason == "time"
    assert time.monotonic() - start < 10.0
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("in_threads", [False, True])
def test_jobs_are_pulled_no_earlier_than_needed(in_threads):
    pulled = []

    def counted():
        for job in jobs(100):
            pulled.append(job)
            yield job

    execute(
        counted(),
        run_slowly,
        on_done=lambda *_: len(pulled) >= 6,
        n_workers=2,
        in_threads=in_threads,
    )
    assert len(pulled) <= 12


@pytest.mark.parametrize("n_workers", [2, 16])
def test_a_slow_scenario_beside_quick_ones_is_spread_over_all_workers(n_workers):
    pulled, pulled_at_first_slow = [], []

    def counted():
        for job in jobs(500):
            pulled.append(job)
            yield job

    def until_a_slow_one(job, replication, seconds):
        if job.scenario_name == "fewer":
            pulled_at_first_slow.append(len(pulled))
        return bool(pulled_at_first_slow)

    execute(
        counted(),
        run_fewer_slowly,
        on_done=until_a_slow_one,
        n_workers=n_workers,
        in_threads=True,
    )
    # Meanwhile every worker is at a slow run, of which two quick ones came, or waits for one.
    assert pulled_at_first_slow[0] <= 3 * (1 + execute_module.SPARE_CHUNKS) * (n_workers + 1)


@pytest.mark.parametrize("n_workers", [2, 24])
def test_threads_run_no_farther_ahead_than_memory_allows(n_workers):
    lock, made, kept, ahead = threading.Lock(), [], [], []

    def note(*_):
        found = run_fake(*_)
        with lock:
            made.append(1)
        return found

    def keep_slowly(job, replication, seconds):
        time.sleep(0.002)
        kept.append(1)
        ahead.append(len(made) - len(kept))
        return len(kept) == 600

    execute(jobs(5000), note, on_done=keep_slowly, n_workers=n_workers, in_threads=True)
    assert max(ahead) <= execute_module.MAX_AHEAD


def test_workers_are_spawned_whatever_the_global_start_method():
    code = """
        import multiprocessing, os, sys
        sys.path.insert(0, sys.argv[1])
        from fake_runs import run_fake, three_scenarios
        from sim.studies.compare import StudyPlan, compare_scenarios
        multiprocessing.set_start_method("fork")
        os.fork = None  # whoever forks fails
        plan = StudyPlan(max_runs=2, n_workers=2)
        compare_scenarios(three_scenarios(), plan, run_one=run_fake)
        assert multiprocessing.get_start_method() == "fork"
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(HERE)]
    subprocess.run(command, check=True, cwd=HERE.parents[2])


def test_there_is_a_core_to_use():
    assert usable_cores() >= 1
