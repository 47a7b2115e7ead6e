"""All speed figures, measured side by side: `python -m benchmarks.bench [NAME ...]`.

Names are those of `CLAIMS`; without one all are measured. `--keep` writes them to
`benchmarks/claims/`, with the command and the machine, and makes the page there anew. What needs an
engine or a compiler that is not there is left out, and that is said.
"""

import argparse
import datetime
import functools
import importlib
import statistics
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.claims_files import FOLDER, PAGE, number, page_of, read_claims, write_claim
from benchmarks.measuring import (
    Contestant,
    figure,
    machine,
    ratios,
    seconds_by_clock,
    seconds_of,
    side_by_side,
)
from benchmarks.peers import c_peer, dock_peers, plain_mesa
from sim.compiled import rule
from sim.compose import load_scenario
from sim.draws import uniform
from sim.engines.reference.model import ConvoyModel, simulate_run
from sim.roads import RoadNetwork
from sim.roads.paths import path_tree
from sim.world.pace import ESCORTED, pace_of
from sim.world.scenario import Scenario
from sim.world.world import World, build_world

SEED = 1
HOURS_PER_YEAR = 365.25 * 24.0
DRAWS_OF_CONTROL = 100_000_000
"""About a second of work for one core."""
TWO_YEARS = ("runs=two_years",)
TWENTY_YEARS = ("runs.end=2036-07-01",)
CUTS = {
    "1,000": ("roads.max_segment_km=25", "roads.near_camp_segment_km=10"),
    "10,000": ("roads.max_segment_km=2", "roads.near_camp_segment_km=2"),
}
NO_BATCH = "sim.engines.batch cannot be imported: what needs it is left out."


class Effort:
    """How often things are repeated."""

    def __init__(self, rounds: int, is_quick: bool) -> None:
        self.rounds = 1 if is_quick else rounds
        self.runs = 3 if is_quick else 10
        """Runs of a compiled contestant in one round."""


# What takes part.


@functools.cache
def batch_engine() -> ModuleType | None:
    """The batch engine, where there is one."""
    try:
        return importlib.import_module("sim.engines.batch")
    except ImportError:
        return None


def batch() -> ModuleType:
    """The batch engine; whoever asks has made sure that there is one."""
    engine = batch_engine()
    assert engine is not None
    return engine


@dataclass(frozen=True)
class Case:
    """A scenario by name and overrides, loaded and built once: nobody is timed building it."""

    name: str
    overrides: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario."""
        return self.world.scenario

    @property
    def world(self) -> World:
        """Its world."""
        return _world_of(self)

    @property
    def mission_years(self) -> float:
        """Simulated years of a run, the warm-up among them."""
        return self.world.clock.end_h / HOURS_PER_YEAR


@functools.cache
def _world_of(case: Case) -> World:
    return build_world(load_scenario(case.name, case.overrides))


def time_reference(case: Case, run: int = 0) -> float:
    """Seconds of one run of the reference engine, with its record."""
    return seconds_of(lambda: simulate_run(case.scenario, SEED, run))


def time_plain_mesa(case: Case) -> float:
    """Seconds of one run of the plain Mesa model."""
    return seconds_of(lambda: plain_mesa.simulate_run(case.scenario, SEED, case.world))


def time_batch_records(case: Case, runs: int) -> float:
    """Seconds a run of the batch engine, each with its record."""
    simulate, scenario = batch().simulate_run, case.scenario
    return seconds_of(lambda: [simulate(scenario, SEED, run) for run in range(runs)]) / runs


def time_batch(case: Case, runs: int) -> float:
    """Seconds a run of the batch engine alone, without records."""
    seconds: float = batch().time_runs(case.scenario, SEED, range(runs))
    return seconds / runs


def n_events(case: Case, runs: int) -> float:
    """Mean events taken from the agenda in a run; both engines take the same ones."""
    return statistics.fmean(_n_events(case, run) for run in range(runs))


@functools.cache
def _n_events(case: Case, run: int) -> int:
    if batch_engine() is not None:
        return int(batch().n_events(case.scenario, SEED, run))
    return int(dock_peers.run_of_reference(case.scenario, SEED, run)["n_events"][0])


# What is asked. Each claim gives its figures and notes, or None where it cannot be measured.

Found = tuple[list[dict[str, Any]], list[str]]


def slice_side_by_side(effort: Effort) -> Found | None:
    """The slice `bench_core` in every program that there is, and how they stand to each other."""
    case, runs = Case("bench_core"), effort.runs
    contestants: dict[str, Contestant] = {
        "plain Mesa": lambda: time_plain_mesa(case),
        "reference": lambda: time_reference(case),
    }
    notes = ["Plain Mesa and the reference run once a round, compiled programs several times."]
    if batch_engine() is None:
        notes.append(NO_BATCH)
    else:
        contestants["batch with records"] = lambda: time_batch_records(case, runs)
        contestants["batch"] = lambda: time_batch(case, runs)
    with tempfile.TemporaryDirectory() as name:
        best = _best_c(case.scenario, effort, Path(name), notes)
        if best is not None:
            contestants["C"] = best
        seconds = side_by_side(contestants, effort.rounds)
    events = n_events(case, runs)
    figures = [figure(f"{who}, a run", _ms(s), "ms") for who, s in seconds.items()]
    figures += [
        figure(f"{who}, an event", [1e9 * t / events for t in s], "ns")
        for who, s in seconds.items()
        if who in ("reference", "batch", "C")
    ]
    targets: dict[tuple[str, str], dict[str, float]] = {
        ("plain Mesa", "batch"): {"at_least": 40.0},
        ("plain Mesa", "batch with records"): {},
        ("reference", "batch"): {},
        ("plain Mesa", "reference"): {},
        ("batch", "C"): {"at_most": 1.15},
    }
    figures += [
        figure(f"{one} over {other}", ratios(seconds[one], seconds[other]), "times", **target)
        for (one, other), target in targets.items()
        if one in seconds and other in seconds
    ]
    notes.append(f"{events:,.0f} events a run over {case.mission_years:.2f} mission-years.")
    return figures, notes


def _best_c(scenario: Scenario, effort: Effort, folder: Path, notes: list[str]) -> Any:
    """The C program built in the way that turns out best, as a contestant."""
    builds = c_peer.possible_builds()
    if not builds:
        notes.append(dock_peers.NO_COMPILER)
        return None
    times = dock_peers.times_of_builds(builds, scenario, SEED, effort.runs, effort.rounds, folder)
    best = dock_peers.best_build(times)
    program, problem = best.make(folder), c_peer.problem_of(scenario, folder)
    for build in builds:
        found = statistics.median(times[build]) / 1e6
        notes.append(f"`{build.command}`: {found:.1f} ms a run{' (best)' * (build == best)}.")
    notes.append(f"C compiler: {c_peer.compiler_version(best.compiler)}.")

    def time_c() -> float:
        timings = c_peer.time_runs(program, problem, SEED, 0, effort.runs + 1)[1:]
        return statistics.fmean(timing.ns for timing in timings) / 1e9

    return time_c


def mission_year(effort: Effort) -> Found | None:
    """Two-year `baseline_2016`: what an event and a mission-year cost, against the reference."""
    if batch_engine() is None:
        return None
    case, runs = Case("baseline_2016", TWO_YEARS), effort.runs
    seconds = side_by_side(
        {
            "reference": lambda: time_reference(case),
            "batch with records": lambda: time_batch_records(case, runs),
            "batch": lambda: time_batch(case, runs),
        },
        effort.rounds,
    )
    events, years = n_events(case, runs), case.mission_years
    figures = [figure(f"{who}, a run", _ms(s), "ms") for who, s in seconds.items()]
    figures += [
        figure("batch, an event", [1e9 * s / events for s in seconds["batch"]], "ns", at_most=200),
        figure(
            "batch, a mission-year", [1e3 * s / years for s in seconds["batch"]], "ms", at_most=10
        ),
        figure("events of a mission-year", [events / years], "events"),
        figure(
            "reference over batch with records",
            ratios(seconds["reference"], seconds["batch with records"]),
            "times",
        ),
        figure("reference over batch", ratios(seconds["reference"], seconds["batch"]), "times"),
    ]
    return figures, [f"A run is {years:.2f} mission-years: the year of warm-up and two years."]


def threads(effort: Effort) -> Found | None:
    """The same runs on one thread and on two, and what the machine gives two threads at all."""
    if batch_engine() is None:
        return None
    case, runs = Case("baseline_2016", TWO_YEARS), 2 * effort.runs

    def on_threads(n: int, act: Callable[[int], Any], amount: int) -> float:
        with ThreadPoolExecutor(n) as pool:
            return seconds_by_clock(lambda: list(pool.map(act, [amount // n] * n)))

    def simulate(n_runs: int) -> float:
        return time_batch(case, n_runs)

    seconds = side_by_side(
        {
            "one thread": lambda: on_threads(1, simulate, runs),
            "two threads": lambda: on_threads(2, simulate, runs),
            "control on one thread": lambda: on_threads(1, busy, DRAWS_OF_CONTROL),
            "control on two threads": lambda: on_threads(2, busy, DRAWS_OF_CONTROL),
        },
        effort.rounds,
    )
    figures = [figure(f"{who}, {runs} runs", _ms(seconds[who]), "ms") for who in list(seconds)[:2]]
    gain = ratios(seconds["one thread"], seconds["two threads"])
    figures.append(figure("one thread over two", gain, "times", at_least=1.85))
    given = ratios(seconds["control on one thread"], seconds["control on two threads"])
    figures.append(figure("the same of the control", given, "times"))
    return figures, [
        "The control is compiled arithmetic that shares nothing. Where its ratio is well below 2, "
        "other work had the second core, and the figure says nothing of the engine."
    ]


@rule
def busy(n_draws):  # type: ignore[no-untyped-def]
    """Arithmetic that keeps a core busy and touches no memory: the sum of some draws by key."""
    total = 0.0
    for count in range(n_draws):
        total += uniform(1, 2, 3, 4, 5, count)
    return total


def horizon(effort: Effort) -> Found | None:
    """What an event costs as the horizon grows ten times."""
    if batch_engine() is None:
        return None
    short, long = (Case("baseline_2016", years) for years in (TWO_YEARS, TWENTY_YEARS))
    figures, per_event = _cost_of_events({"2 years": short, "20 years": long}, effort)
    grown = ratios(per_event["20 years"], per_event["2 years"])
    figures.append(figure("20 years over 2 years, an event", grown, "times", at_most=1.2))
    return figures, ["Years after the year of warm-up; politics move on until 2018 and then stay."]


def graph(effort: Effort) -> Found | None:
    """What an event costs as roads are cut from 1,000 into 10,000 pieces."""
    if batch_engine() is None:
        return None
    cases = {
        f"{cut} pieces": Case("baseline_2016", (*TWO_YEARS, *overrides))
        for cut, overrides in CUTS.items()
    }
    figures, per_event = _cost_of_events(cases, effort)
    coarse, fine = per_event
    grown = ratios(per_event[fine], per_event[coarse])
    figures.append(figure(f"{fine} over {coarse}, an event", grown, "times", at_most=1.5))
    notes = [
        f"{name}: {case.world.network.n_segments:,} by `{' '.join(case.overrides)}`."
        for name, case in cases.items()
    ]
    builds = c_peer.possible_builds()
    if builds:
        with tempfile.TemporaryDirectory() as name:
            per_event = _cost_of_events_in_c(builds[0], effort, Path(name))
        grown = ratios(per_event[fine], per_event[coarse])
        figures += [
            figure(f"{cut}, an event of the slice in C", per_event[cut], "ns") for cut in cases
        ]
        figures.append(figure(f"{fine} over {coarse}, an event of the slice in C", grown, "times"))
        notes.append(
            "A finer cut gives every journey more pieces to write down, also where nothing else "
            "grows: the slice in C, with as many sweeps in both cases, shows how much that is."
        )
    return figures, notes


def _cost_of_events_in_c(
    build: c_peer.Build, effort: Effort, folder: Path
) -> dict[str, list[float]]:
    """Nanoseconds an event of the slice in C at both cuts, with as many sweeps of all roads."""
    program = build.make(folder)
    contestants: dict[str, Contestant] = {}
    uncut = Case("bench_core")
    sweeps_per_day = uncut.scenario.clearance.process_rate_per_day * uncut.world.network.n_segments
    for cut, overrides in CUTS.items():
        n_pieces = Case("bench_core", overrides).world.network.n_segments
        rate = f"clearance.process_rate_per_day={sweeps_per_day / n_pieces}"
        case = Case("bench_core", (*overrides, rate))
        (folder / cut).mkdir()
        problem = c_peer.problem_of(case.scenario, folder / cut)
        contestants[f"{cut} pieces"] = functools.partial(
            _ns_an_event, program, problem, effort.runs
        )
    return side_by_side(contestants, effort.rounds)


def _ns_an_event(program: Path, problem: Path, runs: int) -> float:
    timings = c_peer.time_runs(program, problem, SEED, 0, runs + 1)[1:]
    return statistics.fmean(timing.ns / timing.n_events for timing in timings)


def _cost_of_events(
    cases: dict[str, Case], effort: Effort
) -> tuple[list[dict[str, Any]], dict[str, list[float]]]:
    """Nanoseconds an event of several cases, side by side, over about as many years of each."""
    runs = {
        name: max(1, round(3.0 * effort.runs / case.mission_years)) for name, case in cases.items()
    }
    contestants: dict[str, Contestant] = {
        name: functools.partial(time_batch, case, runs[name]) for name, case in cases.items()
    }
    seconds = side_by_side(contestants, effort.rounds)
    per_event = {
        name: [1e9 * s / n_events(cases[name], runs[name]) for s in seconds[name]] for name in cases
    }
    figures = [figure(f"{name}, an event", per_event[name], "ns") for name in cases]
    figures += [figure(f"{name}, a run", _ms(seconds[name]), "ms") for name in cases]
    return figures, per_event


def route_trees(effort: Effort) -> Found | None:
    """What one tree of shortest ways costs: it grows over junctions, not over pieces."""
    contestants: dict[str, Contestant] = {}
    notes = ["Called from Python, so each figure holds the cost of a call."]
    for cut, overrides in CUTS.items():
        case = Case("baseline_2016", overrides)
        world, network = case.world, case.world.network
        pace = pace_of(network, case.scenario.roads, case.scenario.routing, ESCORTED, False)
        hubs = sorted({world.camps[c.hub].junction for c in world.camps if c.hub is not None})
        contestants[f"a tree over {cut} pieces"] = functools.partial(
            _time_trees, network, pace.edge_h(network), hubs
        )
        contestants[f"hours of all edges over {cut} pieces"] = functools.partial(
            seconds_of, functools.partial(pace.edge_h, network), 200
        )
        notes.append(
            f"{cut} pieces: {network.n_segments:,} on {network.n_edges} edges between "
            f"{network.n_junctions} junctions, trees from {len(hubs)} hubs."
        )
    seconds = side_by_side(contestants, max(3, effort.rounds))
    return [figure(name, [1e6 * t for t in s], "us") for name, s in seconds.items()], notes


def _time_trees(network: RoadNetwork, edge_h: Any, hubs: list[int]) -> float:
    def grow() -> None:
        for hub in hubs:
            path_tree(network, edge_h, hub)

    return seconds_of(grow, 200) / len(hubs)


def memory(effort: Effort) -> Found | None:
    """What one more worker needs beside the tables that all share."""
    if batch_engine() is None:
        return None
    scenario = Case("baseline_2016", TWO_YEARS).scenario
    inside = importlib.import_module("sim.engines.batch.run")
    tables = inside.tables_of(scenario)
    _, state = inside._simulated(tables, SEED, 0)  # with room for what a run needs
    tables = inside.tables_of(scenario)
    shared = tables.world.nbytes + tables.laws.nbytes
    tracemalloc.start()
    batch().simulate_run(scenario, SEED, 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    model = ConvoyModel(scenario, SEED, 0)
    figures = [
        figure("state of a worker", [state.nbytes / 1e6], "MB", at_most=2.0),
        figure("tables that workers share", [shared / 1e6], "MB"),
        figure("most that one run with its record takes beside them", [peak / 1e6], "MB"),
        figure("rows of a run", [float(len(model.run().events["kind"]))], "rows"),
    ]
    return figures, []


def _ms(seconds: Sequence[float]) -> list[float]:
    return [1e3 * s for s in seconds]


CLAIMS: dict[str, Callable[[Effort], Found | None]] = {
    "slice": slice_side_by_side,
    "mission_year": mission_year,
    "threads": threads,
    "horizon": horizon,
    "graph": graph,
    "route_trees": route_trees,
    "memory": memory,
}
TITLES = {
    "slice": "The slice, side by side",
    "mission_year": "A mission-year",
    "threads": "Two threads",
    "horizon": "A longer horizon",
    "graph": "A finer graph",
    "route_trees": "Route trees",
    "memory": "Memory",
}


def measure(name: str, effort: Effort) -> dict[str, Any] | None:
    """One claim with all that belongs to it; None where it cannot be measured here."""
    found = CLAIMS[name](effort)
    if found is None:
        return None
    figures, notes = found
    question = (CLAIMS[name].__doc__ or "").strip()
    return {
        "name": name,
        "title": TITLES[name],
        "question": question,
        "command": f"python -m benchmarks.bench {name} --rounds {effort.rounds}",
        "made": datetime.date.today().isoformat(),
        "rounds": effort.rounds,
        "machine": machine(),
        "figures": figures,
        "notes": notes,
    }


def show(claim: dict[str, Any]) -> None:
    """Print a claim as a table."""
    print(f"\n{claim['title']}: {claim['question']}")
    for one in claim["figures"]:
        middle, low, high = (number(one[name]) for name in ("median", "least", "greatest"))
        spread = "" if one["n"] == 1 else f" ({low} to {high})"
        met = {True: "met", False: "NOT MET"}.get(one.get("is_met"), "")
        target = f"  target {one['target']}: {met}" if "target" in one else ""
        print(f"  {one['what']:56}{middle:>10} {one['unit']}{spread}{target}")
    for note in claim["notes"]:
        print(f"  - {note}")


def main(words: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print it, and keep it where that is asked for too."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CLAIMS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round of few runs: does it work")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/claims/")
    asked = parser.parse_args(words)
    unknown = set(asked.names) - set(CLAIMS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: allowed are {', '.join(CLAIMS)}")
    at = machine()
    print(f"{at['processor']}, {at['cores']} cores, Python {at['python']}, numba {at['numba']}")
    for name in asked.names or CLAIMS:
        claim = measure(name, Effort(asked.rounds, asked.quick))
        if claim is None:
            print(f"\n{TITLES[name]}: {NO_BATCH}")
            continue
        show(claim)
        if asked.keep and not asked.quick:
            write_claim(claim)
    if asked.keep and not asked.quick:
        (FOLDER / PAGE).write_text(page_of(read_claims()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
