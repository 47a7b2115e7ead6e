"""How near runs come to what was published about 2013-2016, target by target."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from experiments.frame import (
    COMMAND_LINE,
    Command,
    Line,
    Option,
    cores_to_use,
    counting_number,
    path,
    require_unused,
    run_command,
)
from sim.compose import load_scenario
from sim.errors import ScenarioError
from sim.studies.execute import Job, execute, usable_cores, works_in_threads
from sim.world.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_SCENARIO = "calibration_2013_2016"
DEFAULT_RUNS = 10

COMMAND = Command(
    name="targets",
    words="[SCENARIO]",
    details="Makes runs of a scenario and sets what happens in them beside the published counts of "
    "sim/data/facts/calibration_targets.csv: in the band, near (off by no more than a factor of "
    f"1.5), or off. Without a word it takes {DEFAULT_SCENARIO}, with runs.n_runs={DEFAULT_RUNS}. "
    "Intervals hold the luck of runs, not what is uncertain in the counts.",
    examples=(
        "convoy-risk targets",
        f"convoy-risk targets {DEFAULT_SCENARIO} runs.n_runs=20 out=results/targets/one",
        "convoy-risk targets baseline_2016 threat.harm_probability=0.3",
    ),
    options=(
        Option("cores", counting_number, "1 or more", "cores to use; all of them"),
        Option("out", path, "a folder", "keep the table and the counts of each run there, as CSV"),
    ),
)


def _count_runs(scenario: Scenario, n_cores: int | None) -> pd.DataFrame:
    """What each run has above and below the line of every target: a row for each, in order."""
    import pandas as pd

    from sim.results.sink import Replication
    from sim.studies.progress import Progress
    from sim.studies.score import replicate_targets

    n_runs, found, took_s = scenario.runs.n_runs, {}, []
    progress = Progress(True, n_runs)

    def keep(job: Job, replication: Replication, seconds: float) -> bool:
        found[job.run] = dict(replication.measures)
        took_s.append(seconds)
        n_used = n_cores or usable_cores()
        left_s = (n_runs - len(found)) * sum(took_s) / len(took_s) / n_used
        progress.finished(job.scenario_name, left_s, n_runs)
        return False

    jobs = (Job(scenario.name, scenario, scenario.runs.seed, run) for run in range(n_runs))
    try:
        execute(
            jobs,
            replicate_targets,
            on_done=keep,
            n_workers=1 if n_runs == 1 else n_cores,
            in_threads=works_in_threads([scenario]),
        )
    finally:
        progress.close()
    return pd.DataFrame([{"run": run, **found[run]} for run in sorted(found)])


def _act(line: Line) -> int:
    if len(line.words) > 1:
        raise ScenarioError(
            f"{len(line.words)} scenarios are named: one is scored. They were set {COMMAND_LINE}. "
            "Allowed: one."
        )
    word = line.words[0] if line.words else DEFAULT_SCENARIO
    overrides = list(line.overrides)
    if not any(text.lstrip("+").startswith("runs.n_runs=") for text in overrides):
        overrides.append(f"runs.n_runs={DEFAULT_RUNS}")
    scenario = load_scenario(word, overrides, origin=COMMAND_LINE)
    out = line.option("out")
    if out is not None:
        require_unused(out)

    from sim.results.targets import score_targets, targets_text
    from sim.world.world import build_world

    build_world(scenario)
    sums = _count_runs(scenario, cores_to_use(line))
    table = score_targets(sums, scenario.clock())
    n_runs, runs = len(sums), scenario.runs
    print(
        f"{scenario.name}: {scenario.title}\n"
        f"{n_runs} run{'' if n_runs == 1 else 's'} of seed {runs.seed}, counted from "
        f"{runs.decision_date} to {runs.end}\n"
    )
    print(targets_text(table), end="")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        table.to_csv(out / "targets.csv", index=False, lineterminator="\n")
        sums.to_csv(out / "runs.csv", index=False, lineterminator="\n")
        print(f"\nKept in {out}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command; see `COMMAND`."""
    return run_command(COMMAND, _act, argv)


if __name__ == "__main__":
    sys.exit(main())
