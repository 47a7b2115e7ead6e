"""All speed figures, measured side by side: `python -m benchmarks.bench [NAME ...]`.

Names are those of `CLAIMS`; without one all are measured. `--keep` writes them to
`benchmarks/claims/`, with the command and the machine, and makes the page there anew. What needs a
compiler of C is left out where there is none, and that is said.
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
from typing import Any

from benchmarks import larger_network
from benchmarks.claims_files import FOLDER, PAGE, number, page_of, read_claims, write_claim
from benchmarks.measuring import (
    Contestant,
    figure,
    machine,
    ratios,
    seconds_by_clock,
    seconds_of,
    seconds_of_command,
    side_by_side,
)
from benchmarks.peers import c_peer, dock_peers, plain_mesa
from experiments.compare import DEFAULT_SCENARIOS
from sim.compiled import rule
from sim.compose import load_scenario
from sim.draws import uniform
from sim.engines import batch
from sim.engines.reference.model import simulate_run
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
PIECES_OF_22_KM = ("roads.max_segment_km=22", "roads.near_camp_segment_km=22")
PIECES_OF_2_KM = ("roads.max_segment_km=2", "roads.near_camp_segment_km=2")
COARSE, LARGER, FINER = "1,000 pieces", "10,000 on a larger network", "10,000 by a finer cut"
GRAPHS = {
    COARSE: PIECES_OF_22_KM,
    LARGER: (*PIECES_OF_22_KM, f"roads.name={larger_network.FOLDER.as_posix()}"),
    FINER: PIECES_OF_2_KM,
}
"""Ten times as many pieces, as long on ten times the roads, and a tenth as long on the same."""


class Effort:
    """How often things are repeated."""

    def __init__(self, rounds: int, is_quick: bool) -> None:
        self.rounds = 1 if is_quick else rounds
        self.runs_compared = 2 if is_quick else 200
        """Runs of each scenario in a comparison."""
        self.runs = range(1, 4 if is_quick else 11)
        """Runs of a compiled contestant in one round; run 0 warms the C program up."""


# What takes part.


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


def time_reference(case: Case, run: int) -> float:
    """Seconds of one run of the reference engine, with its record."""
    return seconds_of(lambda: simulate_run(case.scenario, SEED, run))


def time_plain_mesa(case: Case) -> float:
    """Seconds of one run of the plain Mesa model."""
    return seconds_of(lambda: plain_mesa.simulate_run(case.scenario, SEED, case.world))


def time_batch_records(case: Case, runs: Sequence[int]) -> float:
    """Seconds a run of the batch engine, each with its record."""
    simulate, scenario = batch.simulate_run, case.scenario
    return seconds_of(lambda: [simulate(scenario, SEED, run) for run in runs]) / len(runs)


def time_batch(case: Case, runs: Sequence[int]) -> float:
    """Seconds a run of the batch engine alone, without records."""
    return batch.time_runs(case.scenario, SEED, runs) / len(runs)


def n_events(case: Case, runs: Sequence[int]) -> float:
    """Mean events taken from the agenda in a run; both engines take the same ones."""
    return statistics.fmean(_n_events(case, run) for run in runs)


@functools.cache
def _n_events(case: Case, run: int) -> int:
    return batch.n_events(case.scenario, SEED, run)


def n_refused(case: Case, runs: Sequence[int]) -> float:
    """Mean patrols of a run that are thought of and not sent, which count among its events.

    Each costs its draws in every program, but batch and C keep them off their agendas.
    """
    inside = importlib.import_module("sim.engines.batch.run")
    tables = inside.tables_of(case.scenario)
    return statistics.fmean(
        int(inside._simulated(tables, SEED, run)[1][0].model.n_passed_over) for run in runs
    )


# What is asked. Each claim gives its figures and notes.

Found = tuple[list[dict[str, Any]], list[str]]


def slice_side_by_side(effort: Effort) -> Found:
    """The slice `bench_core` in every program that there is, and how they stand to each other."""
    case, runs = Case("bench_core"), effort.runs
    contestants: dict[str, Contestant] = {
        "plain Mesa": lambda: time_plain_mesa(case),
        "reference": lambda: time_reference(case, runs[0]),
        "batch with records": lambda: time_batch_records(case, runs),
        "batch": lambda: time_batch(case, runs),
    }
    notes = [
        f"Plain Mesa and the reference run once a round, compiled programs {len(runs)} times, the "
        "same runs; the events of runs differ by less than 1%. Records are made by the reference "
        "and by what is called so."
    ]
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
    n_runs = len(effort.runs)
    times = dock_peers.times_of_builds(builds, scenario, SEED, n_runs, effort.rounds, folder)
    best = dock_peers.best_build(times)
    program, problem = best.make(folder), c_peer.problem_of(scenario, folder)
    for build in builds:
        found = statistics.median(times[build]) / 1e6
        notes.append(f"`{build.command}`: {found:.1f} ms a run{' (best)' * (build == best)}.")
    notes.append(f"C compiler: {c_peer.compiler_version(best.compiler)}.")

    def time_c() -> float:
        return statistics.fmean(t.ns for t in _timings(program, problem, effort.runs)) / 1e9

    return time_c


def _timings(program: Path, problem: Path, runs: Sequence[int]) -> list[c_peer.Timing]:
    """What the C program takes for some runs in a row, after the one before them."""
    return c_peer.time_runs(program, problem, SEED, runs[0] - 1, len(runs) + 1)[1:]


def mission_year(effort: Effort) -> Found:
    """Two-year `baseline_2016`: what an event and a mission-year cost, against the reference."""
    case, runs = Case("baseline_2016", TWO_YEARS), effort.runs
    seconds = side_by_side(
        {
            "reference": lambda: time_reference(case, runs[0]),
            "batch with records": lambda: time_batch_records(case, runs),
            "batch": lambda: time_batch(case, runs),
        },
        effort.rounds,
    )
    events, refused, years = n_events(case, runs), n_refused(case, runs), case.mission_years
    sent = events - refused
    figures = [figure(f"{who}, a run", _ms(s), "ms") for who, s in seconds.items()]
    figures += [
        figure("batch, an event", [1e9 * s / events for s in seconds["batch"]], "ns", at_most=200),
        figure(
            "batch, an event without patrols refused",
            [1e9 * s / sent for s in seconds["batch"]],
            "ns",
        ),
        figure(
            "batch, a mission-year", [1e3 * s / years for s in seconds["batch"]], "ms", at_most=10
        ),
        figure("events of a mission-year", [events / years], "events"),
        figure("of these, patrols refused", [refused / years], "events"),
        figure(
            "reference over batch with records",
            ratios(seconds["reference"], seconds["batch with records"]),
            "times",
        ),
        figure("reference over batch", ratios(seconds["reference"], seconds["batch"]), "times"),
    ]
    return figures, [
        f"A run is {years:.2f} mission-years: the year of warm-up and two years.",
        "An event is what comes up on the agenda of the reference engine. A good part are patrols "
        "that are drawn at a ceiling of the rate and refused by a second draw: the batch engine "
        "draws for them too, but keeps them off its agenda, so the cost without them is shown.",
    ]


def threads(effort: Effort) -> Found:
    """The same runs on one thread and on two, and what the machine gives two threads at all."""
    case, runs = Case("baseline_2016", TWO_YEARS), range(1, 2 * len(effort.runs) + 1)
    draws = range(DRAWS_OF_CONTROL)

    def on_threads(n: int, act: Callable[[range], Any], work: range) -> float:
        with ThreadPoolExecutor(n) as pool:
            return seconds_by_clock(lambda: list(pool.map(act, [work[k::n] for k in range(n)])))

    contestants: dict[str, Contestant] = {}
    for what, act, work in (
        ("runs", functools.partial(time_batch, case), runs),
        ("runs with records", functools.partial(time_batch_records, case), runs),
        ("control", lambda share: busy(len(share)), draws),
    ):
        for n, on in ((1, "one thread"), (2, "two threads")):
            contestants[f"{what} on {on}"] = functools.partial(on_threads, n, act, work)
    seconds = side_by_side(contestants, effort.rounds)
    figures = [figure(f"{len(runs)} {who}", _ms(s), "ms") for who, s in seconds.items()][:4]
    for what, target in (("runs", {"at_least": 1.85}), ("runs with records", {}), ("control", {})):
        gain = ratios(seconds[f"{what} on one thread"], seconds[f"{what} on two threads"])
        figures.append(figure(f"one thread over two, {what}", gain, "times", **target))
    return figures, [
        "The control is compiled arithmetic that shares nothing. Where its ratio is well below 2, "
        "other work had the second core, and the figure says nothing of the engine.",
        "Records are put together in Python, which lets one thread work at a time.",
    ]


@rule
def busy(n_draws):  # type: ignore[no-untyped-def]
    """Arithmetic that keeps a core busy and touches no memory: the sum of some draws by key."""
    total = 0.0
    for count in range(n_draws):
        total += uniform(1, 2, 3, 4, 5, count)
    return total


def horizon(effort: Effort) -> Found:
    """What an event costs as the horizon grows ten times."""
    short, long = (Case("baseline_2016", years) for years in (TWO_YEARS, TWENTY_YEARS))
    figures, per_event = _cost_of_events({"2 years": short, "20 years": long}, effort)
    grown = ratios(per_event["20 years"], per_event["2 years"])
    figures.append(figure("20 years over 2 years, an event", grown, "times", at_most=1.2))
    return figures, ["Years after the year of warm-up; politics move on until 2018 and then stay."]


def graph(effort: Effort) -> Found:
    """What an event costs on 10,000 pieces of road instead of 1,000: more roads, or shorter pieces.

    Only where the roads become more is the work of an event the same: cut ten times finer, every
    journey has ten times as many pieces to pass and to write down.
    """
    larger_network.write_larger_network()
    cases = {
        name: Case("baseline_2016", (*TWO_YEARS, *overrides)) for name, overrides in GRAPHS.items()
    }
    figures, per_event = _cost_of_events(cases, effort)
    figures += [
        figure(f"{name}, events of a run", [n_events(case, effort.runs)], "events")
        for name, case in cases.items()
    ]
    figures += _growth(per_event, "an event", at_most=1.5)
    notes = [
        f"{name}: {case.world.network.n_segments:,} by `{' '.join(GRAPHS[name])}`."
        for name, case in cases.items()
    ]
    notes += [
        "The larger network is what `python -m benchmarks.larger_network` writes: the shipped "
        "roads with nine copies beside them, and the camps, cells and traffic of the shipped roads "
        "alone. Everything that happens is the same, at the same times and places.",
        "The finer cut has no target: a journey over the same roads has ten times as many pieces "
        "to pass and to write down, which is more work an event and no cost of a larger graph.",
    ]
    builds = c_peer.possible_builds()
    if not builds:
        return figures, [*notes, dock_peers.NO_COMPILER]
    with tempfile.TemporaryDirectory() as name:
        in_c = _cost_of_events_in_c(builds[0], effort, Path(name))
    figures += [figure(f"{name}, an event of the slice in C", in_c[name], "ns") for name in cases]
    figures += _growth(in_c, "an event of the slice in C")
    notes.append("The slice in C has as many sweeps in all cases; it shows what pieces cost there.")
    return figures, notes


def _growth(
    per_event: dict[str, list[float]], what: str, at_most: float | None = None
) -> list[dict[str, Any]]:
    """How much more something costs on both larger graphs; the target is of the one with roads."""
    return [
        figure(
            f"{name} over {COARSE}, {what}",
            ratios(per_event[name], per_event[COARSE]),
            "times",
            at_most=at_most if name == LARGER else None,
        )
        for name in (LARGER, FINER)
    ]


def _cost_of_events_in_c(
    build: c_peer.Build, effort: Effort, folder: Path
) -> dict[str, list[float]]:
    """Nanoseconds an event of the slice in C on each graph, with as many sweeps on all of them."""
    program = build.make(folder)
    contestants: dict[str, Contestant] = {}
    uncut = Case("bench_core")
    sweeps_per_day = uncut.scenario.clearance.process_rate_per_day * uncut.world.network.n_segments
    for name, overrides in GRAPHS.items():
        n_pieces = Case("bench_core", overrides).world.network.n_segments
        rate = f"clearance.process_rate_per_day={sweeps_per_day / n_pieces}"
        case = Case("bench_core", (*overrides, rate))
        place = folder / name.replace(" ", "-")
        place.mkdir()
        problem = c_peer.problem_of(case.scenario, place)
        contestants[name] = functools.partial(_ns_an_event, program, problem, effort.runs)
    return side_by_side(contestants, effort.rounds)


def _ns_an_event(program: Path, problem: Path, runs: Sequence[int]) -> float:
    timings = _timings(program, problem, runs)
    return statistics.fmean(t.ns for t in timings) / statistics.fmean(t.n_events for t in timings)


def _cost_of_events(
    cases: dict[str, Case], effort: Effort
) -> tuple[list[dict[str, Any]], dict[str, list[float]]]:
    """Nanoseconds an event of several cases, side by side, over about as many years of each."""
    runs = {
        name: range(1, 1 + max(1, round(3.0 * len(effort.runs) / case.mission_years)))
        for name, case in cases.items()
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


def route_trees(effort: Effort) -> Found:
    """What one tree of shortest ways costs: it grows over junctions, not over pieces."""
    larger_network.write_larger_network()
    contestants: dict[str, Contestant] = {}
    notes = [
        "Called from Python, so each figure holds the cost of a call.",
        "Where convoys take the fastest way, as here, a run grows one tree for each hub, kind of "
        "convoy and season, and keeps it until the decision.",
    ]
    for name, overrides in GRAPHS.items():
        case = Case("baseline_2016", overrides)
        world, network = case.world, case.world.network
        pace = pace_of(network, case.scenario.roads, case.scenario.routing, ESCORTED, False)
        hubs = sorted({world.camps[c.hub].junction for c in world.camps if c.hub is not None})
        contestants[f"a tree, {name}"] = functools.partial(
            _time_trees, network, pace.edge_h(network), hubs
        )
        contestants[f"hours of all edges, {name}"] = functools.partial(
            seconds_of, functools.partial(pace.edge_h, network), 200
        )
        notes.append(
            f"{name}: {network.n_segments:,} on {network.n_edges:,} edges between "
            f"{network.n_junctions:,} junctions, trees from {len(hubs)} hubs."
        )
    seconds = side_by_side(contestants, max(3, effort.rounds))
    return [figure(name, [1e6 * t for t in s], "us") for name, s in seconds.items()], notes


def _time_trees(network: RoadNetwork, edge_h: Any, hubs: list[int]) -> float:
    def grow() -> None:
        for hub in hubs:
            path_tree(network, edge_h, hub)

    return seconds_of(grow, 200) / len(hubs)


def memory(effort: Effort) -> Found:
    """What one more worker needs beside the tables that all share."""
    scenario = Case("baseline_2016", TWO_YEARS).scenario
    inside = importlib.import_module("sim.engines.batch.run")
    tables = inside.tables_of(scenario)
    _, state = inside._simulated(tables, SEED, 0)  # with room for what a run needs
    tables = inside.tables_of(scenario)
    shared = tables.world.nbytes + tables.laws.nbytes
    tracemalloc.start()
    record = batch.simulate_run(scenario, SEED, 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    figures = [
        figure("state of a worker", [state.nbytes / 1e6], "MB", at_most=2.0),
        figure("tables that workers share", [shared / 1e6], "MB"),
        figure("most that making its record takes besides", [peak / 1e6], "MB"),
        figure("rows of a run", [float(len(record.events["kind"]))], "rows"),
    ]
    return figures, ["The state is kept from run to run; a record is handed on."]


def comparison(effort: Effort) -> Found:
    """The main job from the command line, warm: 200 runs of five scenarios, with its folder.

    It counts from the start of the command to its end: reading scenarios, all runs, keeping them,
    intervals, the table and the figures.
    """
    n_runs = effort.runs_compared
    words = [
        "compare",
        *DEFAULT_SCENARIOS,
        f"max_runs={n_runs}",
        "half_width=0.01",
        "budget_min=30",
    ]
    cases = [Case(name) for name in DEFAULT_SCENARIOS]
    in_engine = [1e3 * time_batch(case, effort.runs) for case in cases]  # and all is compiled
    clock_s, processor_s, memory_mb = [], [], []
    for _ in range(effort.rounds):
        with tempfile.TemporaryDirectory() as name:
            took = seconds_of_command([*words, f"out={Path(name) / 'out'}"])
        clock_s.append(took.clock_s)
        processor_s.append(took.processor_s)
        memory_mb.append(took.memory_mb)
    n_all = n_runs * len(cases)
    figures = [
        figure("by the clock", clock_s, "s", at_most=60.0 if n_runs == 200 else None),
        figure("processor time of all threads", processor_s, "s"),
        figure("processor time, a run", [1e3 * s / n_all for s in processor_s], "ms"),
        figure("in the engine, a run", [statistics.fmean(in_engine)], "ms"),
        figure("most memory", memory_mb, "MB"),
    ]
    return figures, [
        f"`convoy-risk {' '.join(words)}`: {n_runs} runs of each of {len(cases)} scenarios.",
        "Measured by the clock, so other work on the machine adds to it. In the engine: the mean "
        "over the scenarios, one thread alone.",
    ]


def _ms(seconds: Sequence[float]) -> list[float]:
    return [1e3 * s for s in seconds]


CLAIMS: dict[str, Callable[[Effort], Found]] = {
    "slice": slice_side_by_side,
    "mission_year": mission_year,
    "threads": threads,
    "horizon": horizon,
    "graph": graph,
    "route_trees": route_trees,
    "memory": memory,
    "comparison": comparison,
}
TITLES = {
    "slice": "The slice, side by side",
    "mission_year": "A mission-year",
    "threads": "Two threads",
    "horizon": "A longer horizon",
    "graph": "A larger graph",
    "route_trees": "Route trees",
    "memory": "Memory",
    "comparison": "The main job",
}


def measure(name: str, effort: Effort) -> dict[str, Any]:
    """One claim with all that belongs to it."""
    figures, notes = CLAIMS[name](effort)
    question = (CLAIMS[name].__doc__ or "").strip().splitlines()[0]
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
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count; 5 by default")
    parser.add_argument("--quick", action="store_true", help="one round of few runs: does it work")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/claims/")
    asked = parser.parse_args(words)
    if asked.rounds < 1:
        parser.error(f"--rounds is {asked.rounds}: nothing would be measured; allowed is 1 or more")
    if asked.keep and asked.quick:
        parser.error("--quick says whether a claim can be measured; what it finds is not kept")
    unknown = set(asked.names) - set(CLAIMS)
    if unknown:
        parser.error(f"{', '.join(sorted(unknown))}: allowed are {', '.join(CLAIMS)}")
    at = machine()
    print(f"{at['processor']}, {at['cores']} cores, Python {at['python']}, numba {at['numba']}")
    for name in asked.names or CLAIMS:
        claim = measure(name, Effort(asked.rounds, asked.quick))
        show(claim)
        if asked.keep:
            write_claim(claim)
    if asked.keep:
        (FOLDER / PAGE).write_text(page_of(read_claims()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
