"""What happens in a run: its measures, or a diary of all that convoys met; and in several runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.frame import (
    COMMAND_LINE,
    Command,
    Line,
    Option,
    path,
    require_unused,
    run_command,
    whole_number,
)
from experiments.past_runs import (
    never_measured,
    note_runs,
    past_runs,
    readable_bytes,
    readable_s,
    simulated_days,
)
from sim.compose import DEFAULT_SCENARIO, load_scenario
from sim.errors import ScenarioError
from sim.results.sink import Replication
from sim.studies.execute import Job, RunFailed, execute, usable_cores, works_in_threads
from sim.studies.replicate import replicate
from sim.world.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

    from sim.results.store import ParquetSink

COMMAND = Command(
    name="run",
    words="[SCENARIO]",
    details="Makes one run and prints its measures, counted from the decision date; with "
    "runs.n_runs=20 it makes twenty, on all cores, and prints mean and spread. The same seed and "
    "run number always give the same run, the one that a comparison makes too. Nothing is written "
    "unless out= names a folder.",
    examples=(
        "convoy-risk run",
        "convoy-risk run triangle_toy --trace",
        "convoy-risk run res2295 run=3 runs.seed=7 --trace > diary.txt",
        "convoy-risk run res2295 runs.n_runs=20",
        "convoy-risk run baseline_2016 out=results/one results.detail=full",
    ),
    options=(
        Option("run", whole_number, "0 or more", "number of the run, or of the first; 0"),
        Option(
            "out", path, "a folder", "keep the runs there; results.detail says how much of them"
        ),
    ),
    flags={
        "--trace": "print one run as a diary: why a convoy left late, what it met",
        "--dry-run": "say how long and how much disk; start nothing",
    },
)


def measures_text(measures: dict[str, float]) -> str:
    """Measures with their units, one line each, under headings."""
    from sim.results.measures import MEASURES, SECTIONS

    width = max(len(measure.label) for measure in MEASURES)
    lines = []
    for section, declared in SECTIONS.items():
        lines += ["", section]
        for measure in declared:
            value = measures[measure.name]
            shown = "-" if value != value else f"{value:,.{measure.decimals}f}"
            lines.append(f"  {measure.label:<{width}}  {shown:>14}")
    return "\n".join(lines[1:])


def spread_text(measures: pd.DataFrame) -> str:
    """Mean and spread of measures over runs, one line each; a rate counts where it is defined."""
    from sim.results.measures import MEASURES, SECTIONS

    width = max(len(measure.label) for measure in MEASURES)
    headers = ("mean", "std. deviation", "lowest", "highest")
    lines = [f"  {'':<{width}}" + "".join(f"  {header:>14}" for header in headers)]
    for section, declared in SECTIONS.items():
        lines += ["", section]
        for measure in declared:
            values = measures[measure.name]
            numbers = (values.mean(), values.std(), values.min(), values.max())
            cells = ("-" if x != x else f"{x:,.{measure.decimals}f}" for x in map(float, numbers))
            lines.append(f"  {measure.label:<{width}}" + "".join(f"  {cell:>14}" for cell in cells))
    return "\n".join(lines)


def dry_run(scenario: Scenario, out: Path | None) -> str:
    """What making the runs would take."""
    n_runs = scenario.runs.n_runs
    past = past_runs(scenario, scenario.results.detail)
    time_text, size = f"unknown: {never_measured(scenario.results.detail)}", "unknown"
    if past is not None:
        n_cores = min(usable_cores(), n_runs)
        on_cores = f" on {n_cores} cores" if n_cores > 1 else ""
        time_text = f"about {readable_s(past.run_s * n_runs / n_cores)}{on_cores}, as measured here"
        if past.run_bytes is not None:
            size = readable_bytes(past.run_bytes * n_runs)
    rows = [
        ("runs", f"{n_runs} of {scenario.name}, {simulated_days(scenario):.0f} days"),
        ("time", time_text),
        ("disk", "nothing is written" if out is None else f"{size}, in {out}"),
    ]
    lines = [f"  {label:<5} {text}" for label, text in rows]
    return "\n".join(["Dry run: nothing is started.", *lines])


def _kept_in(scenario: Scenario, out: Path) -> ParquetSink:
    from sim.results.sink import StudyIdentity
    from sim.results.store import ParquetSink

    sink = ParquetSink(out, [scenario], scenario.results.detail)
    identity = StudyIdentity(scenario.runs.seed, {scenario.name: scenario.content_hash()})
    sink.begin(identity, False)
    return sink


def _many_runs(
    scenario: Scenario, first: int, sink: ParquetSink | None
) -> tuple[pd.DataFrame, float]:
    """Measures of several runs, in their order, and the mean time that one took, s."""
    import pandas as pd

    from sim.studies.progress import Progress

    n_runs, found, took_s = scenario.runs.n_runs, {}, []
    progress = Progress(True, n_runs)

    def keep(job: Job, replication: Replication, seconds: float) -> bool:
        found[job.run] = dict(replication.measures)
        took_s.append(seconds)
        if sink is not None:
            sink.put(job.scenario_name, job.run, replication)
        left_s = (n_runs - len(found)) * sum(took_s) / len(took_s) / usable_cores()
        progress.finished(job.scenario_name, left_s, n_runs)
        return False

    detail = "measures" if sink is None else scenario.results.detail
    runs = range(first, first + n_runs)
    jobs = (Job(scenario.name, scenario, scenario.runs.seed, run, detail) for run in runs)
    try:
        execute(jobs, replicate, on_done=keep, in_threads=works_in_threads([scenario]))
    except (KeyboardInterrupt, RunFailed) as end:
        where = "none is kept" if sink is None else f"they are kept in {sink.folder}"
        kept = f"{len(found)} runs were finished; {where}."
        if isinstance(end, RunFailed):
            raise RunFailed(f"{end}\n{kept}") from end.__cause__
        raise KeyboardInterrupt(f"interrupted: {kept}") from None
    finally:
        progress.close()
    if sink is not None:
        sink.finish()
    return pd.DataFrame([found[run] for run in runs]), sum(took_s) / n_runs


def _act(line: Line) -> int:
    if len(line.words) > 1:
        raise ScenarioError(
            f"{len(line.words)} scenarios are named: one is run. "
            f"They were set {COMMAND_LINE}. Allowed: one; "
            "`convoy-risk compare` takes several."
        )
    word = line.words[0] if line.words else DEFAULT_SCENARIO
    scenario = load_scenario(word, line.overrides, origin=COMMAND_LINE)
    number, n_runs = line.option("run", 0), scenario.runs.n_runs
    if not 0 <= number <= 2**32 - n_runs:
        raise ScenarioError(
            f"run is {number}: there is no such run. It was set {COMMAND_LINE}. "
            f"Allowed: 0 to {2**32 - n_runs}."
        )
    if n_runs > 1 and "--trace" in line.flags:
        raise ScenarioError(
            f"runs.n_runs is {n_runs} and --trace is given: a diary tells one run. "
            f"They were set {COMMAND_LINE} or in the scenario. "
            f"Allowed: runs.n_runs=1, and run=NUMBER for "
            "another run."
        )

    from sim.compiled import compiling_s
    from sim.engines import run_scenario
    from sim.results.measures import measures_of
    from sim.world.world import build_world

    world = build_world(scenario)
    out = line.option("out")
    if out is not None:
        require_unused(out)
    if "--dry-run" in line.flags:
        print(dry_run(scenario, out))
        return 0
    if n_runs > 1:
        sink = None if out is None else _kept_in(scenario, out)
        table, run_s = _many_runs(scenario, number, sink)
        if compiling_s() == 0.0:
            note_runs(scenario, scenario.results.detail, run_s)
        print(
            f"{scenario.name}: {scenario.title}\n"
            f"runs {number} to {number + n_runs - 1} of seed {scenario.runs.seed}, counted from "
            f"{scenario.runs.decision_date} to {scenario.runs.end}\n"
        )
        print(spread_text(table))
        if out is not None:
            print(f"\nKept in {out}")
        return 0
    start_s = time.perf_counter()
    record = run_scenario(scenario, scenario.runs.seed, number)
    run_s = time.perf_counter() - start_s
    measures = measures_of(record, scenario)
    if out is not None:
        sink = _kept_in(scenario, out)
        sink.put(scenario.name, number, Replication(measures, record))
        sink.finish()
    if compiling_s() == 0.0:  # else it is the compiler's time more than the run's
        note_runs(scenario, scenario.results.detail, run_s)
    if "--trace" in line.flags:
        from sim.views.diary import diary

        print(diary(record, world.network, scenario), end="")
    else:
        print(
            f"{scenario.name}: {scenario.title}\n"
            f"run {number} of seed {scenario.runs.seed}, counted from "
            f"{scenario.runs.decision_date} to {scenario.runs.end}; made in {readable_s(run_s)}\n"
        )
        print(measures_text(measures))
    if out is not None:
        print(f"\nKept in {out}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command; see `COMMAND`."""
    return run_command(COMMAND, _act, argv)


if __name__ == "__main__":
    sys.exit(main())
