"""The page of a comparison: what was asked and changed, what was found, and its limits.

Whoever must defend the numbers finds here what made them. The page holds no time of day and nothing
of the machine: the same command gives the same bytes, as long as it makes the same number of runs.
"""

from collections import Counter
from collections.abc import Sequence

from sim.results.measures import measure
from sim.studies.comparison import Comparison
from sim.world.difference import differences
from sim.world.parameter import Grade, declared
from sim.world.scenario import GROUPS, Scenario


def comparison_page(
    comparison: Comparison,
    scenarios: Sequence[Scenario],
    *,
    command: str | None = None,
    version: str | None = None,
    commit: str | None = None,
    earlier_commits: Sequence[str | None] = (),
) -> str:
    """A comparison in Markdown, with its head and its limits.

    Parameters
    ----------
    comparison : Comparison
    scenarios : sequence of Scenario
        Those compared.
    command : str, optional
        The command line that makes it again.
    version, commit : str, optional
        Of the program that made the runs.
    earlier_commits : sequence of str or None
        Of other programs that had made some of them before, one each.
    """
    program = f"convoy-risk {version}" if version else "convoy-risk, not installed as a package"
    program = f"{program}, {_commit_in_words(commit)}"
    if earlier_commits:
        others = ", ".join(_commit_in_words(earlier) for earlier in earlier_commits)
        program += f"; runs that were there before are by others: {others} (study.json says more)"
    parts = [
        *_head(comparison, scenarios[0], command, program),
        "## Scenarios",
        *_scenarios(comparison, scenarios),
        "## Results",
        comparison.to_markdown().rstrip(),
        "## Limits",
        _bullets(limits()),
    ]
    return "\n\n".join(parts) + "\n"


def limits() -> list[str]:
    """What the numbers do not say, in whole sentences."""
    grades = Counter(
        declaration.grade for kind in GROUPS.values() for _, declaration, _ in declared(kind)
    )
    n_chosen = grades.pop(Grade.CHOICE)
    counts = ", ".join(f"{grades[grade]} {grade}" for grade in Grade if grade in grades)
    return [
        "The effect of training is an assumption: no source measures it in Mali.",
        "How armed cells react, what weakens them and how they grow again are assumptions too, and "
        "they decide what more troops buy: compare again over the ranges of the attrition group, "
        "and with threat.adaptive=false.",
        "Intervals hold the luck of runs, not the uncertainty of parameters.",
        "It compares options; it predicts no places, dates or numbers.",
        f"{grades[Grade.ASSUMED]} of {grades.total()} parameters that describe the world are "
        f"assumed ({counts}; {n_chosen} more are choices of a study): docs/parameters.md has each "
        "with its range and source. Values that a scenario sets itself are not counted.",
    ]


def _head(
    comparison: Comparison, scenario: Scenario, command: str | None, program: str
) -> list[str]:
    declared_measure = measure(comparison.measure)
    name = declared_measure.title
    meaning = declared_measure.meaning
    clock = scenario.clock()
    facts = [] if command is None else [f"Command: `{command}`"]
    facts += [
        f"Seed: {comparison.seed}, the same luck for all scenarios",
        f"Period: simulated from {clock.first_day} until {clock.last_day}; measures count, and "
        f"levers differ, from {clock.decision_day} on",
        f"Runs: {comparison.n_runs} of each scenario; a run is the same on every computer, and how "
        "many fit into budget_min= is not",
        f"Program: {program}",
    ]
    return [
        f"# {name}: {len(comparison.names)} scenarios compared",
        f"Which of {len(comparison.names)} scenarios has the lowest measure {name.lower()} "
        f"({meaning[0].lower()}{meaning[1:]}; mean of a run), and at what cost in supply and "
        "delay?",
        _bullets(facts),
    ]


def _commit_in_words(commit: str | None) -> str:
    return f"commit {commit}" if commit else "no commit known"


def _scenarios(comparison: Comparison, scenarios: Sequence[Scenario]) -> list[str]:
    baseline = next(s for s in scenarios if s.name == comparison.baseline)
    set_for_all = differences(baseline, Scenario())
    told = (
        "Overridden for all, by its file or by the command, against the defaults of "
        f"docs/parameters.md (levers from {baseline.runs.decision_date} on, the world throughout):"
        if set_for_all
        else "It has the defaults of docs/parameters.md: nothing is overridden for all."
    )
    parts = [
        f"**{baseline.name}**, the baseline: {baseline.title or 'without a title'}. {told}",
        *_listed(set_for_all),
    ]
    for scenario in scenarios:
        if scenario.name == baseline.name:
            continue
        changes = differences(scenario, baseline)
        added = comparison.troops_added[scenario.name]
        people = f" {added:+,.0f} people in all." if added else ""
        told = "It changes:" if changes else "It changes nothing."
        parts += [
            f"**{scenario.name}**: {scenario.title or 'without a title'}.{people} {told}",
            *_listed(changes),
        ]
    return parts


def _listed(changes: Sequence[str]) -> list[str]:
    return [_bullets([f"`{change}`" for change in changes])] if changes else []


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
