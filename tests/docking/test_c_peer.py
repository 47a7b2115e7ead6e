"""The C program of the slice `bench_core` is the reference engine, event for event."""

import numpy as np
import pytest

from benchmarks.peers.c_peer import Build, found_compilers, problem_of, simulate
from benchmarks.peers.dock_peers import NO_COMPILER, first_difference, run_of_reference
from benchmarks.peers.problem import NotTheSliceError, write_problem
from sim.compose import load_scenario

SEED, RUN = 5, 3


@pytest.fixture(scope="module")
def three_months():
    return load_scenario("bench_core", ["runs.end=2016-09-01", "runs.warm_up_days=31"])


@pytest.fixture(scope="module")
def expected(three_months):
    return run_of_reference(three_months, SEED, RUN)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    compilers = found_compilers()
    if not compilers:
        pytest.skip(NO_COMPILER)
    return Build(compilers[0], ("-O2",)).make(tmp_path_factory.mktemp("peer"))


def test_c_gives_the_rows_sums_and_memories_of_the_reference(
    three_months, expected, program, tmp_path
):
    found = simulate(program, problem_of(three_months, tmp_path), SEED, RUN)
    assert first_difference(expected, found) is None


def test_what_is_compared_holds_finds_strikes_and_learned_memories(expected):
    assert {0, 1, 2, 5, 7, 8} <= set(expected["kind"].tolist())
    assert all(np.any(expected[name] > 0.0) for name in ("traffic", "success", "pressure"))


def test_another_run_is_told_apart_and_the_row_is_named(three_months, expected, program, tmp_path):
    other = simulate(program, problem_of(three_months, tmp_path), SEED, RUN + 1)
    difference = first_difference(expected, other)
    assert difference is not None
    assert difference.startswith("row 0 ")


def test_a_memory_that_differs_in_its_last_bit_is_seen(expected):
    traffic = expected["traffic"].copy()
    traffic[7] = np.nextafter(traffic[7], np.inf)
    assert first_difference(expected, {**expected, "traffic": traffic}) == "traffic[7] differs"


def test_a_scenario_beyond_the_slice_is_refused(tmp_path):
    beyond = load_scenario("bench_core", ["attacks.gunfire_per_month=1"])
    with pytest.raises(NotTheSliceError, match="attacks"):
        write_problem(beyond, tmp_path / "problem")
