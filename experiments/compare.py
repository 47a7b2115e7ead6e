"""Which option protects most people: scenarios compared on the same luck, with intervals."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.frame import (
    COMMAND_LINE,
    Command,
    Line,
    Option,
    cores_to_use,
    counting_number,
    new_folder,
    number,
    path,
    require_unused,
    require_writable,
    run_command,
    whole_number,
    yes_or_no,
)
from experiments.past_runs import (
    folder_bytes,
    never_measured,
    note_runs,
    past_runs,
    readable_bytes,
    readable_s,
    simulated_days,
)
from sim.compose import choices, load_scenario, load_scenarios
from sim.errors import ResultsError, ScenarioError
from sim.studies.compare import ROUNDS_ALWAYS_MADE, StudyPlan, compare_scenarios
from sim.studies.comparison import Comparison
from sim.studies.execute import usable_cores
from sim.world.scenario import Scenario

DEFAULT_SCENARIOS = ("baseline_2016", "res2295", "plus_5000", "training_first", "clearance_first")

COMMAND = Command(
    name="compare",
    words="[SCENARIO ...]",
    details="Runs every scenario on the same luck until the differences from the baseline are "
    "known well enough, or the budget is spent, and says which. Prints the table; writes it, "
    f"figures, and every run. Without words it compares {' '.join(DEFAULT_SCENARIOS)}; a single "
    "scenario is compared with its baseline.",
    examples=(
        "convoy-risk compare",
        "convoy-risk compare baseline_2016 res2295 my_plan.yaml budget_min=10",
        "convoy-risk compare force.patrol_elasticity=1 out=results/elastic",
        "convoy-risk compare out=results/elastic force.patrol_elasticity=1 resume=true",
        "convoy-risk compare baseline_2016 all_of_it runs=two_years --dry-run",
    ),
    options=(
        Option(
            "measure",
            str,
            "a measure's name; docs/measures.md lists them",
            "primary measure, killed_and_wounded",
        ),
        Option("baseline", str, "one of the scenarios", "differences are taken from it; the first"),
        Option("half_width", number, "more than 0", "wanted half-width, in units of the measure"),
        Option(
            "relative_half_width",
            number,
            "more than 0",
            f"the same as a share of the baseline's mean, {StudyPlan.relative_half_width:g}",
        ),
        Option("budget_min", number, "minutes", f"time to stop at, {StudyPlan.budget_min:g}"),
        Option("max_runs", whole_number, "2 or more", "most runs of each scenario; none"),
        Option("cores", counting_number, "1 or more", "cores to use; all of them"),
        Option(
            "supply_tolerance",
            number,
            "percentage points",
            "how much more may go without stock before a scenario cannot be called best, "
            f"{StudyPlan.supply_tolerance:g}",
        ),
        Option("out", path, "a folder", "where results go; results/compare/TIME"),
        Option("resume", yes_or_no, "true or false", "go on from the finished runs in out"),
    ),
    flags={"--dry-run": "say how many runs, how long and how much disk; start nothing"},
)


def plan_of(line: Line, scenarios: Sequence[Scenario], out: Path) -> StudyPlan:
    """The study that a command line asks for."""
    names = (
        "measure",
        "half_width",
        "relative_half_width",
        "budget_min",
        "max_runs",
        "supply_tolerance",
        "resume",
    )
    given = {name: line.options[name] for name in names if name in line.options}
    return StudyPlan(
        n_workers=cores_to_use(line),
        seed=scenarios[0].runs.seed,
        out=out,
        detail=scenarios[0].results.detail,
        **given,
    )


def dry_run(scenarios: Sequence[Scenario], study: StudyPlan, out: Path) -> str:
    """What a study would do: runs, time, disk."""
    n_cores = study.n_workers or usable_cores()
    clock = scenarios[0].clock()
    rows = [
        ("scenarios", f"{len(scenarios)}: {', '.join(scenario.name for scenario in scenarios)}"),
        ("luck", f"seed {study.seed}, the same for all scenarios"),
        (
            "a run",
            f"{simulated_days(scenarios[0]):.0f} days from {clock.first_day} to {clock.last_day}, "
            f"counted from {clock.decision_day}",
        ),
        ("stops at", _stops_at(study)),
    ]
    known = [past_runs(scenario, study.detail) for scenario in scenarios]
    measured = [past for past in known if past is not None]
    if len(measured) < len(scenarios):
        rows += [
            ("runs, time", f"unknown: {never_measured(study.detail)};"),
            ("", f"the first {ROUNDS_ALWAYS_MADE} runs of each scenario are always finished"),
            ("disk", f"unknown, in {out}"),
        ]
    else:
        round_s = sum(past.run_s for past in measured)
        rounds = max(ROUNDS_ALWAYS_MADE, int(60.0 * study.budget_min * n_cores / round_s))
        if study.max_runs is not None:
            rounds = min(rounds, study.max_runs)
        n_runs = rounds * len(scenarios)
        total_s = rounds * round_s / n_cores
        rows += [
            ("runs", f"at most about {n_runs:,}: {rounds:,} of each scenario"),
            (
                "time",
                f"at most about {readable_s(total_s)} on {n_cores} cores; a run takes "
                f"{readable_s(round_s / len(scenarios))}, as measured here before",
            ),
        ]
        sizes = [past.run_bytes for past in measured if past.run_bytes is not None]
        size = (
            f"at most about {readable_bytes(sum(sizes) * rounds)}"
            if len(sizes) == len(scenarios)
            else "unknown"
        )
        rows.append(("disk", f"{size}, in {out}"))
    lines = [f"  {label:<11} {text}" for label, text in rows]
    return "\n".join(["Dry run: nothing is started.", *lines])


def _stops_at(study: StudyPlan) -> str:
    wanted = (
        f"{study.relative_half_width:.0%} of the baseline's mean"
        if study.half_width is None
        else f"{study.half_width:g}"
    )
    most = "" if study.max_runs is None else f", or {study.max_runs:,} runs of each scenario"
    return (
        f"half-widths of {wanted} in {study.measure}, or {study.budget_min:g} minutes{most}; "
        f"looks after {study.min_runs}, {2 * study.min_runs}, {4 * study.min_runs}, ... runs"
    )


def command_of(line: Line) -> str:
    """The command line that makes the same comparison again, quoted for a shell.

    Left out is what changes no result: where it goes, what it goes on from, and how many cores.

    Examples
    --------
    >>> options = {"max_runs": 8, "cores": 2}
    >>> command_of(Line(("res2295",), ("force.strength=1e4",), options, frozenset()))
    'convoy-risk compare baseline_2016 res2295 force.strength=1e4 max_runs=8'
    """
    options = [
        f"{option.name}={_typed(line.options[option.name])}"
        for option in COMMAND.options
        if option.name in line.options and option.name not in ("out", "resume", "cores")
    ]
    return shlex.join(["convoy-risk", "compare", *_words(line), *line.overrides, *options])


def _typed(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _words(line: Line) -> list[str]:
    """The scenarios that a line means, the baseline of a single one included."""
    words = list(line.words) or list(DEFAULT_SCENARIOS)
    if len(words) == 1:
        alone = load_scenario(words[0], line.overrides, origin=COMMAND_LINE)
        if alone.baseline == alone.name or alone.baseline not in choices("scenario"):
            raise ScenarioError(
                f"only {alone.name!r} is named: there is nothing to compare it with. "
                f"It was set {COMMAND_LINE}. Allowed: two scenarios or more, the baseline first."
            )
        words.insert(0, alone.baseline)
    return words


def _scenarios(line: Line) -> list[Scenario]:
    return load_scenarios(_words(line), line.overrides, origin=COMMAND_LINE)


def _check_baseline(line: Line, scenarios: Sequence[Scenario]) -> None:
    names = [scenario.name for scenario in scenarios]
    if line.option("baseline", names[0]) not in names:
        raise ScenarioError(
            f"baseline is {line.option('baseline')!r}: it is not compared. "
            f"It was set {COMMAND_LINE}. "
            f"Allowed: {', '.join(names)}."
        )


def _refuse_n_runs(line: Line) -> None:
    for text in line.overrides:
        name, _, value = text.lstrip("+").partition("=")
        if name == "runs.n_runs":
            raise ScenarioError(
                f"{text}: a comparison makes as many runs as it needs, or as the budget allows. "
                f"Did you mean 'max_runs={value}'? It was set {COMMAND_LINE}. Allowed: max_runs=, "
                "half_width=, relative_half_width= and budget_min=."
            )


def _require_begun(out: Path) -> None:
    """A folder that has a study to go on from."""
    if (out / "study.json").is_file():
        require_writable(out)
        return
    begun = sorted(file.parent for file in Path("results", "compare").glob("*/study.json"))
    known = f", as {', '.join(str(folder) for folder in begun[-3:])}" if begun else ""
    raise ResultsError(
        f"resume is true and out is {str(out)!r}: no comparison was begun there. "
        f"They were set {COMMAND_LINE}. Allowed: the folder of a comparison that was begun{known}; "
        "or no resume=true, to begin one."
    )


def _act(line: Line) -> int:
    # Imported here, so that a misspelt word need not wait for them.
    from experiments.comparison_files import write_comparison
    from sim.api import require_one_world
    from sim.results.measures import measure

    _refuse_n_runs(line)
    scenarios = _scenarios(line)
    _check_baseline(line, scenarios)
    if line.option("resume", False) and "out" not in line.options:
        raise ScenarioError(
            f"resume is true and out is not given: it is not known where to go on. "
            f"That was set {COMMAND_LINE}. Allowed: resume=true out=FOLDER."
        )
    out = line.option("out") or new_folder("compare")
    study = plan_of(line, scenarios, out)
    measure(study.measure)
    require_one_world(scenarios)
    if study.resume:
        _require_begun(out)
    else:
        require_unused(out)
    if "--dry-run" in line.flags:
        print(dry_run(scenarios, study, out))
        return 0
    baseline = line.option("baseline")
    comparison = compare_scenarios(scenarios, study, baseline=baseline, show_progress=True)
    _remember(comparison, scenarios, study, out)
    files = write_comparison(comparison, scenarios, out, command_of(line))
    print()
    print(comparison.to_text())
    print("Written:", *(f"  {file}" for file in files), sep="\n")
    return 0


def _remember(
    comparison: Comparison, scenarios: Sequence[Scenario], study: StudyPlan, out: Path
) -> None:
    """Note what a run took; a study that was resumed says nothing about it."""
    n_runs = comparison.n_runs * len(scenarios)
    if study.resume or not n_runs:
        return
    n_cores = study.n_workers or usable_cores()
    elapsed_s = float(comparison.looks["elapsed_s"].iloc[-1])
    if elapsed_s <= 0.0:
        return
    run_s = elapsed_s * n_cores / n_runs
    note_runs(scenarios[0], study.detail, run_s, folder_bytes(out) / n_runs)


def main(argv: Sequence[str] | None = None) -> int:
    """The command; see `COMMAND`."""
    return run_command(COMMAND, _act, argv)


if __name__ == "__main__":
    sys.exit(main())
