"""What a key means, and the register of all parameters."""

import dataclasses
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from experiments.frame import COMMAND_LINE, WIDTH, Command, Line, run_command
from sim.compose import choices, did_you_mean, keys, load_scenario
from sim.config_folder import config_folder
from sim.errors import ScenarioError
from sim.world.difference import differences
from sim.world.parameter import Grade, Parameter, declared
from sim.world.scenario import GROUPS, Scenario

COMMAND = Command(
    name="explain",
    words="[KEY | GROUP | SCENARIO | CHOICE]",
    details="Tells what a key means, its unit, range, default, source and grade (how well the "
    "default is known). A group lists its keys and choices; nothing lists the groups. A scenario "
    "tells its title and what it changes against its baseline; a choice of a group, what it "
    "changes against the defaults. Where a word is several of these, the first in this order "
    "counts.",
    examples=(
        "convoy-risk explain force.strength",
        "convoy-risk explain strength",
        "convoy-risk explain clearance",
        "convoy-risk explain res2295",
        "convoy-risk explain --register > docs/parameters.md",
    ),
    flags={"--register": "print the register of all parameters in Markdown"},
    takes_overrides=False,
)

REGISTER_HEAD = """\
# Parameters

Every number that a run depends on, as `sim/world/scenario.py` declares it. This page is made by
`convoy-risk explain --register`; a test says that it is current. Change the declaration, not this.

A *grade* says how well a default is known. **Published**: a figure that can be cited. **Derived**:
computed from one. **Calibrated**: set so that the model meets published summaries. **Assumed**: a
judgement; vary it over its range. **Choice**: what a study decides, not a fact about the world.

A *lever* is what a decision can change: until the decision date the baseline's value holds.
Everything else is the world, the same before and after, and the same in all scenarios compared.
"""


def explain(word: str) -> str:
    """What a key, an entry of a mapping, a bare name, a group, a scenario or a choice means.

    Raises
    ------
    ScenarioError
        Where there is no such word, or a bare name is in several groups.

    Examples
    --------
    >>> print(explain("strength").splitlines()[0])
    force.strength
    """
    if word in GROUPS:
        return _group_text(word)
    if not _is_key(word):
        if word in choices("scenario") or word.endswith((".yaml", ".yml")):
            return _scenario_text(word)
        holders = [group for group in GROUPS if word in choices(group)]
        if holders:
            return "\n\n".join(_choice_text(group, word) for group in holders)
    key = _full_key(word)
    group, name = key.split(".")
    parameter, default = _declared(group)[name]
    part = (
        "a lever: holds from the decision date on"
        if parameter.is_lever
        else "the world: holds before and after the decision"
    )
    rows = [
        ("meaning", parameter.meaning),
        ("unit", "none" if parameter.unit == "-" else parameter.unit),
        ("default", _shown(default)),
        ("allowed", parameter.allowed),
        ("grade", f"{parameter.grade.value} ({_grade_meaning(parameter.grade)})"),
        ("source", parameter.source),
        ("part of", part),
        ("set it", f"{key}={_example(key, parameter, default)}"),
    ]
    lines = [key]
    for label, text in rows:
        lines += textwrap.wrap(
            text, WIDTH, initial_indent=f"  {label:<8} ", subsequent_indent=" " * 11
        )
    return "\n".join(lines)


def register() -> str:
    """The register of parameters, `docs/parameters.md`."""
    lines = [REGISTER_HEAD]
    grades = Counter(parameter.grade for _, _, parameter, _ in _all())
    counts = [f"{grades[grade]} {grade.value}" for grade in Grade]
    lines += [f"{sum(grades.values())} parameters: {', '.join(counts)}.", ""]
    numbered: dict[int, list[str]] = defaultdict(list)
    for group, kind in GROUPS.items():
        lines += [f"## {group}", "", " ".join((kind.__doc__ or "").split()), ""]
        lines += ["| key | meaning | unit | default | allowed | lever | grade | source |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        for name, (parameter, default) in _declared(group).items():
            cells = [
                f"`{group}.{name}`",
                parameter.meaning,
                parameter.unit,
                f"`{_shown(default)}`",
                parameter.allowed,
                "yes" if parameter.is_lever else "",
                parameter.grade.value,
                parameter.source,
            ]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
            for number in re.findall(r"assumption (\d+)", parameter.source):
                numbered[int(number)].append(f"`{group}.{name}`")
        lines.append("")
    lines += ["## Assumptions by number", "", "| assumption | parameters |", "|---|---|"]
    lines += [f"| {number} | {', '.join(numbered[number])} |" for number in sorted(numbered)]
    return "\n".join(lines) + "\n"


def _is_key(word: str) -> bool:
    known = keys()
    return ".".join(word.split(".")[:2]) in known or any(
        key.rpartition(".")[2] == word for key in known
    )


def _scenario_text(word: str) -> str:
    """What a scenario is called, and what it changes against its baseline."""
    scenario = load_scenario(word, origin=COMMAND_LINE)
    if scenario.baseline == scenario.name:
        other, against = Scenario(), "its own; changes are against the defaults"
    else:
        other, against = _baseline_of(word, scenario), scenario.baseline
    return _with_changes(
        f"{scenario.name} (scenario)",
        [("title", scenario.title or "none"), ("baseline", against)],
        differences(scenario, other),
    )


def _baseline_of(word: str, scenario: Scenario) -> Scenario:
    """The baseline as it is by itself: its file may lie beside that of the scenario."""
    beside = Path(word).with_name(f"{scenario.baseline}.yaml")
    is_own = word.endswith((".yaml", ".yml")) and beside.is_file()
    return load_scenario(beside if is_own else scenario.baseline, origin=COMMAND_LINE)


def _choice_text(group: str, choice: str) -> str:
    """What a file of a group changes against the defaults."""
    path = config_folder() / group / f"{choice}.yaml"
    comments = [
        line.removeprefix("# ")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("# ") and not line.startswith("# @")
    ]
    chosen = load_scenario(overrides=[f"{group}={choice}"], origin=COMMAND_LINE)
    kept = dataclasses.replace(Scenario(), **{group: getattr(chosen, group)})
    rows = [("meaning", " ".join(comments)), ("set it", f"{group}={choice}")]
    return _with_changes(f"{choice} (choice of {group})", rows, differences(kept, Scenario()))


def _with_changes(title: str, rows: Sequence[tuple[str, str]], changes: Sequence[str]) -> str:
    lines = [title]
    for label, text in rows:
        lines += textwrap.wrap(
            text, WIDTH, initial_indent=f"  {label:<8} ", subsequent_indent=" " * 11
        )
    lines.append("  changes:" if changes else "  changes nothing")
    for change in changes:
        lines += textwrap.wrap(
            change,
            WIDTH,
            initial_indent="    ",
            subsequent_indent=" " * 6,
            break_on_hyphens=False,
        )
    return "\n".join(lines)


def _full_key(word: str) -> str:
    known = keys()
    head = ".".join(word.split(".")[:2])
    if head in known:
        group, name = head.split(".")
        is_mapping = isinstance(_declared(group)[name][1], dict)
        if word == head or is_mapping:
            return head
    found = [key for key in known if key.rpartition(".")[2] == word]
    if len(found) == 1:
        return found[0]
    if found:
        raise ScenarioError(
            f"{word!r} is in several groups. "
            f"It was set {COMMAND_LINE}. Allowed: {', '.join(found)}."
        )
    raise ScenarioError(
        f"{word!r}: there is no such key, scenario or choice."
        f"{did_you_mean(word, [*GROUPS, *known, *choices('scenario')])} "
        f"It was set {COMMAND_LINE}. "
        f"Allowed: GROUP or GROUP.KEY with a group of {', '.join(GROUPS)}; "
        "`convoy-risk explain GROUP` lists its keys, `convoy-risk scenarios` the scenarios."
    )


def _group_text(group: str) -> str:
    parameters = _declared(group)
    width = max(len(name) for name in parameters)
    lines = [f"{group}: {' '.join((GROUPS[group].__doc__ or '').split())}", ""]
    known = f"choices: {', '.join(f'{group}={choice}' for choice in choices(group))}"
    lines += [*textwrap.wrap(known, WIDTH, subsequent_indent=" " * 9), "", "keys:"]
    for name, (parameter, default) in parameters.items():
        unit = "" if parameter.unit == "-" else f" {parameter.unit}"
        text = f"{parameter.meaning} [{_shown(default)}{unit}]"
        lines += textwrap.wrap(
            text,
            WIDTH,
            initial_indent=f"  {name:<{width}}  ",
            subsequent_indent=" " * (width + 4),
        )
    return "\n".join(lines)


def _groups_text() -> str:
    width = max(len(group) for group in GROUPS)
    lines = [
        f"  {group:<{width}}  {' '.join((kind.__doc__ or '').split())}"
        for group, kind in GROUPS.items()
    ]
    return "\n".join(["groups (convoy-risk explain GROUP lists the keys):", *lines])


def _declared(group: str) -> dict[str, tuple[Parameter, Any]]:
    return {name: (parameter, value) for name, parameter, value in declared(GROUPS[group])}


def _all() -> Iterator[tuple[str, str, Parameter, Any]]:
    for group in GROUPS:
        for name, (parameter, default) in _declared(group).items():
            yield group, name, parameter, default


def _shown(value: Any) -> str:
    """A value as one would type it."""
    if isinstance(value, dict):
        inner = ", ".join(f"{key}: {_shown(item)}" for key, item in value.items())
        return "{" + inner + "}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    return "null" if value is None else str(value)


def _example(key: str, parameter: Parameter, default: Any) -> str:
    if key == "force.reinforcements":
        return "'{name: {camp: gao, unit_type: eod, strength: 140, arrival: 2017-03-01}}'"
    if isinstance(default, dict):
        return f"'{_shown(dict(list(default.items())[:1]))}'"
    if default is None:
        return "0.5"
    if parameter.choices:
        return "|".join(parameter.choices)
    return _shown(default)


def _grade_meaning(grade: Grade) -> str:
    return {
        Grade.PUBLISHED: "a figure that can be cited",
        Grade.DERIVED: "computed from a published figure",
        Grade.CALIBRATED: "set so that the model meets published summaries",
        Grade.ASSUMED: "a judgement: vary it over its range",
        Grade.CHOICE: "what a study decides, not a fact about the world",
    }[grade]


def _act(line: Line) -> int:
    if "--register" in line.flags:
        print(register(), end="")
    elif not line.words:
        print(_groups_text())
    else:
        print("\n\n".join(explain(word) for word in line.words))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command; see `COMMAND`."""
    return run_command(COMMAND, _act, argv)


if __name__ == "__main__":
    sys.exit(main())
