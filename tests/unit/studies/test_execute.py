import multiprocessing
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from fake_runs import (
    run_endlessly,
    run_fake,
    run_slowly,
    run_until_killed,
    run_until_third,
    three_scenarios,
)

from sim.studies.execute import Job, RunFailed, execute, usable_cores

HERE = Path(__file__).parent


def jobs(n_runs):
    for run in range(n_runs):
        for scenario in three_scenarios():
            yield Job(scenario.name, scenario, 1, run)


class Kept(dict):
    def __call__(self, job, replication, seconds):
        self[job.scenario_name, job.run] = dict(replication.measures)
        return False


def test_one_worker_and_two_give_the_same_runs():
    alone, two = Kept(), Kept()
    execute(jobs(50), run_fake, on_done=alone, n_workers=1)
    execute(jobs(50), run_fake, on_done=two, n_workers=2)
    assert len(alone) == 150
    assert alone == two


@pytest.mark.parametrize("n_workers", [1, 2])
def test_results_arrive_as_they_are_finished(n_workers):
    arrivals = []

    def note(job, replication, seconds):
        arrivals.append(time.monotonic())
        return False

    execute(jobs(4), run_slowly, on_done=note, n_workers=n_workers)
    assert arrivals[-1] - arrivals[0] > 0.3


@pytest.mark.parametrize("n_workers", [1, 2])
def test_a_failing_run_names_scenario_seed_and_run(n_workers):
    kept = Kept()
    with pytest.raises(RunFailed, match="run 3 of scenario 'fewer' with seed 1") as failure:
        execute(jobs(50), run_until_third, on_done=kept, n_workers=n_workers)
    assert "ZeroDivisionError: no convoy left" in str(failure.value)
    assert failure.value.__cause__ is not None
    # Several workers have not always finished the jobs that came before the one that failed.
    assert len(kept) == 10 if n_workers == 1 else len(kept) >= 1


def test_a_worker_that_dies_names_the_run_it_had():
    with pytest.raises(RunFailed, match=r"run 3 of scenario 'fewer'(.|\n)*exit code 9"):
        execute(jobs(50), run_until_killed, on_done=Kept(), n_workers=2)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_it_stops_where_it_is_told_to(n_workers):
    kept = Kept()

    def stop_after_five(job, replication, seconds):
        kept(job, replication, seconds)
        return len(kept) == 5

    assert execute(jobs(5000), run_fake, on_done=stop_after_five, n_workers=n_workers) == "stopped"
    assert len(kept) == 5


def test_runs_under_way_are_dropped_when_time_is_over():
    start = time.monotonic()
    kept = Kept()
    reason = execute(
        jobs(50),
        run_endlessly,
        on_done=kept,
        n_workers=2,
        is_over=lambda: len(kept) == 9 and time.monotonic() > start + 1.0,
    )
    assert reason == "time"
    assert time.monotonic() - start < 10.0
    assert not multiprocessing.active_children()


def test_jobs_are_pulled_no_earlier_than_needed():
    pulled = []

    def counted():
        for job in jobs(100):
            pulled.append(job)
            yield job

    execute(counted(), run_slowly, on_done=lambda *_: len(pulled) >= 6, n_workers=2)
    assert len(pulled) <= 12


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
