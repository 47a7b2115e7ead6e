"""What happens in one run: its measures, or a diary of everything that a convoy met."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

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
    note_runs,
    past_runs,
    readable_bytes,
    readable_s,
    simulated_days,
)
from sim.compose import DEFAULT_SCENARIO, load_scenario
from sim.errors import ScenarioError
from sim.results.sink import Replication
from sim.world.record import RunRecord
from sim.world.scenario import Scenario

COMMAND = Command(
    name="run",
    words="[SCENARIO]",
    details="Makes one run and prints its measures, counted from the decision date. The same seed "
    "and run number always give the same run, the one that a comparison makes too. Nothing is "
    "written unless out= names a folder.",
    examples=(
        "convoy-risk run",
        "convoy-risk run triangle_toy --trace",
        "convoy-risk run res2295 run=3 runs.seed=7 --trace > diary.txt",
        "convoy-risk run baseline_2016 out=results/one results.detail=full",
    ),
    options=(
        Option("run", whole_number, "0 or more", "number of the run within the study; 0"),
        Option("out", path, "a folder", "keep the run there; results.detail says how much of it"),
    ),
    flags={
        "--trace": "print the run as a diary: why a convoy left late, what it met",
        "--dry-run": "say how long and how much disk; start nothing",
    },
)


def measures_text(measures: dict[str, float]) -> str:
    """Measures with their units, one line each."""
    from sim.results.measures import MEASURES

    width = max(len(measure.label) for measure in MEASURES)
    lines = []
    for measure in MEASURES:
        value = measures[measure.name]
        shown = "-" if value != value else f"{value:,.{measure.decimals}f}"
        lines.append(f"  {measure.label:<{width}}  {shown:>14}")
    return "\n".join(lines)


def dry_run(scenario: Scenario, out: Path | None) -> str:
    """What making the run would take."""
    past = past_runs(scenario, scenario.results.detail)
    size = None if past is None or past.run_bytes is None else readable_bytes(past.run_bytes)
    unknown = "unknown: no run on these roads has been made on this computer yet"
    rows = [
        ("runs", f"1 of {scenario.name}, {simulated_days(scenario):.0f} days"),
        ("time", unknown if past is None else f"about {readable_s(past.run_s)}, as measured here"),
        ("disk", "nothing is written" if out is None else f"{size or 'unknown'}, in {out}"),
    ]
    lines = [f"  {label:<5} {text}" for label, text in rows]
    return "\n".join(["Dry run: nothing is started.", *lines])


def _keep(scenario: Scenario, record: RunRecord, measures: dict[str, float], out: Path) -> None:
    from sim.results.sink import StudyIdentity
    from sim.results.store import ParquetSink

    sink = ParquetSink(out, [scenario], scenario.results.detail)
    sink.begin(StudyIdentity(record.seed, {scenario.name: scenario.content_hash()}), False)
    sink.put(scenario.name, record.run, Replication(measures, record))


def _act(line: Line) -> int:
    if len(line.words) > 1:
        raise ScenarioError(
            f"{len(line.words)} scenarios are named: one is run. Set {COMMAND_LINE}. Allowed: one; "
            "`convoy-risk compare` takes several."
        )
    number = line.option("run", 0)
    if not 0 <= number < 2**32:
        raise ScenarioError(
            f"run is {number}: there is no such run. Set {COMMAND_LINE}. Allowed: 0 to {2**32 - 1}."
        )
    word = line.words[0] if line.words else DEFAULT_SCENARIO
    scenario = load_scenario(word, line.overrides, origin=COMMAND_LINE)

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
    start_s = time.perf_counter()
    record = run_scenario(scenario, scenario.runs.seed, number)
    run_s = time.perf_counter() - start_s
    measures = measures_of(record, scenario)
    if out is not None:
        _keep(scenario, record, measures, out)
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
