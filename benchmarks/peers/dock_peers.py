"""The C program docked event for event: every row, sum and memory equal to an engine's.

    python -m benchmarks.peers.dock_peers [--engine reference|batch] [--runs 3] [OVERRIDE ...]

Builds the program with every set of flags, docks each build, times them side by side and says which
is the best. Where no compiler is found it says so and stops there.
"""

import argparse
import importlib
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.c_peer import (
    SUMS_BY_PERIOD,
    SUMS_BY_PIECE,
    Build,
    possible_builds,
    problem_of,
    simulate,
    time_runs,
)
from sim.compose import load_scenario
from sim.world.record import EVENT_COLUMNS
from sim.world.scenario import Scenario

NO_COMPILER = "No C compiler was found (gcc, clang or cc): the C program is left out."
SUMS = (*SUMS_BY_PERIOD, *SUMS_BY_PIECE)


def run_of_reference(scenario: Scenario, seed: int, run: int) -> dict[str, NDArray]:
    """Rows, sums and memories of a run of the reference engine, under the same names."""
    from sim.engines.reference.model import ConvoyModel

    model = ConvoyModel(scenario, seed, run)
    n_taken, take = 0, model.agenda.take

    def counted() -> Any:
        nonlocal n_taken
        n_taken += 1
        return take()

    model.agenda.take = counted  # type: ignore[method-assign]
    record = model.run()
    tables = {name: record.events[name] for name in EVENT_COLUMNS}
    tables |= {name: getattr(record, name) for name in SUMS}
    for name, attribute in {
        "traffic": "traffic",
        "patrols": "patrols_seen",
        "success": "success",
        "pressure": "pressure",
    }.items():
        tables[name] = getattr(model, attribute)
        tables[f"{name}_time_h"] = getattr(model, f"{attribute}_time_h")
    picture = model.picture
    for name in ("events_per_km", "events_time_h", "passages", "passages_time_h", "last_swept_h"):
        tables[name] = getattr(picture, name)
    tables["n_events"] = np.array([n_taken])
    return tables


def run_of_batch(scenario: Scenario, seed: int, run: int) -> dict[str, NDArray]:
    """Rows and sums of a run of the batch engine, under the same names."""
    record = importlib.import_module("sim.engines.batch").simulate_run(scenario, seed, run)
    tables = {name: record.events[name] for name in EVENT_COLUMNS}
    return tables | {name: getattr(record, name) for name in SUMS}


ENGINES: dict[str, Callable[[Scenario, int, int], dict[str, NDArray]]] = {
    "reference": run_of_reference,
    "batch": run_of_batch,
}


def first_difference(engine: Mapping[str, NDArray], peer: Mapping[str, NDArray]) -> str | None:
    """Where two runs part first, in words; None where all that both have is equal to the bit."""
    n_rows = min(len(engine["kind"]), len(peer["kind"]))
    parted = [
        (int(differs[0]), name)
        for name in EVENT_COLUMNS
        if len(differs := np.flatnonzero(engine[name][:n_rows] != peer[name][:n_rows]))
    ]
    if parted:
        row, name = min(parted)
        return (
            f"row {row} at {engine['time_h'][row]:.4f} h, kind {engine['kind'][row]}, entity "
            f"{engine['entity'][row]}: {name} is {engine[name][row]!r} in the engine and "
            f"{peer[name][row]!r} in C"
        )
    if len(engine["kind"]) != len(peer["kind"]):
        return f"the engine has {len(engine['kind'])} rows, C has {len(peer['kind'])}"
    for name in sorted(engine.keys() & peer.keys() - EVENT_COLUMNS.keys()):
        one, other = np.asarray(engine[name]), np.asarray(peer[name])
        if one.shape != other.shape or (one != other).any():
            where = np.argwhere(one != other)[0] if one.shape == other.shape else ()
            return f"{name}{[int(i) for i in where]} differs"
    return None


def dock(
    builds: Sequence[Build], scenario: Scenario, engine: str, seed: int, runs: int, folder: Path
) -> dict[Build, str | None]:
    """Dock several builds against some runs of an engine: the first difference of each, if any."""
    problem = problem_of(scenario, folder)
    programs = {build: build.make(folder) for build in builds}
    found: dict[Build, str | None] = dict.fromkeys(builds)
    for run in range(runs):
        expected = ENGINES[engine](scenario, seed, run)
        for build, program in programs.items():
            if found[build] is None:
                difference = first_difference(expected, simulate(program, problem, seed, run))
                found[build] = difference and f"run {run}: {difference}"
    return found


def times_of_builds(
    builds: Sequence[Build], scenario: Scenario, seed: int, runs: int, rounds: int, folder: Path
) -> dict[Build, list[float]]:
    """Mean ns a run of every build, one figure a round; rounds go from build to build."""
    problem = problem_of(scenario, folder)
    programs = {build: build.make(folder) for build in builds}
    times: dict[Build, list[float]] = {build: [] for build in builds}
    for _ in range(rounds):
        for build, program in programs.items():
            timings = time_runs(program, problem, seed, 0, runs + 1)[1:]  # the first warms up
            times[build].append(statistics.fmean(timing.ns for timing in timings))
    return times


def best_build(times: Mapping[Build, Sequence[float]]) -> Build:
    """The build whose median round is the shortest."""
    return min(times, key=lambda build: statistics.median(times[build]))


def main(words: Sequence[str] | None = None) -> int:
    """Dock, time, and say which flags are best; 1 where a build differs from the engine."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--engine", choices=tuple(ENGINES), default="reference")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=3, help="runs to dock")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of ten runs to time")
    parser.add_argument("overrides", nargs="*", help="as in: runs.end=2016-09-01")
    asked = parser.parse_args(words)
    builds = possible_builds()
    if not builds:
        print(NO_COMPILER)
        return 0
    scenario = load_scenario("bench_core", asked.overrides)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        differences = dock(builds, scenario, asked.engine, asked.seed, asked.runs, folder)
        for build, difference in differences.items():
            equal = f"equal to {asked.engine} over {asked.runs} runs"
            print(f"{build.command}\n    {difference or equal}")
        times = times_of_builds(builds, scenario, asked.seed, 10, asked.rounds, folder)
    for build, rounds_ns in times.items():
        middle, low, high = (f(rounds_ns) / 1e6 for f in (statistics.median, min, max))
        print(f"{build.command}\n    {middle:.2f} ms a run ({low:.2f} to {high:.2f})")
    print(f"best: {best_build(times).command}")
    return 1 if any(differences.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
