"""What one scenario sets differently from another, parameter by parameter, in words."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.world.parameter import declared
from sim.world.scenario import GROUPS, Reinforcement, Scenario

NOTHING = "none"
"""What stands for an entry that is not there."""
ONLY_AS_A_WHOLE = ("politics.path",)
"""Mappings whose entries mean nothing alone; all others are told entry by entry."""


def differences(scenario: Scenario, other: Scenario) -> list[str]:
    """Every parameter in which `scenario` differs from `other`, as `key: old -> new`.

    Names, titles and what is kept of a run (`results`) do not count. The path of a user's own road
    folder is cut to its last name, so that the words are the same on every machine.

    Examples
    --------
    >>> from sim.world.scenario import Force
    >>> more = {"eod_gao": Reinforcement("gao", "eod", 140.0, "2017-03-01")}
    >>> for line in differences(Scenario(force=Force(14500.0, reinforcements=more)), Scenario()):
    ...     print(line)
    force.strength: 12000 -> 14500
    force.reinforcements.eod_gao: none -> 140 people, eod, at gao from 2017-03-01
    >>> differences(Scenario(name="twin"), Scenario())
    []
    """
    lines = []
    for group in GROUPS:
        if group == "results":
            continue
        old_values = {name: value for name, _, value in declared(getattr(other, group))}
        for name, _, new in declared(getattr(scenario, group)):
            for key, before, after in _changes(f"{group}.{name}", old_values[name], new):
                lines.append(f"{key}: {_shown(key, before)} -> {_shown(key, after)}")
    return lines


def _changes(key: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if old == new:
        return
    if not isinstance(new, Mapping) or key in ONLY_AS_A_WHOLE:
        yield key, old, new
        return
    for entry in dict.fromkeys([*old, *new]):
        before, after = old.get(entry, NOTHING), new.get(entry, NOTHING)
        if before != after:
            yield f"{key}.{entry}", before, after


def _shown(key: str, value: Any) -> str:
    if isinstance(value, Reinforcement):
        return _unit(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_shown(key, item)}" for name, item in value.items()) + "}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.10g}"
    if key == "roads.name":
        return Path(value).name
    return "null" if value is None else str(value)


def _unit(unit: Reinforcement) -> str:
    """A reinforcement in a line; what is at its default goes unsaid."""
    arrival = "that never arrives" if unit.arrival == "never" else f"from {unit.arrival}"
    parts = [f"{unit.strength:.10g} people, {unit.unit_type}, at {unit.camp} {arrival}"]
    if unit.departure != "never":
        parts.append(f"until {unit.departure}")
    if unit.ramp_days:
        parts.append(f"over {unit.ramp_days:.10g} days")
    if unit.contingent != Reinforcement.contingent:
        parts.append(f"contingent {unit.contingent}")
    if unit.predeployment_level is not None:
        parts.append(f"trained to {unit.predeployment_level:.10g}")
    if unit.protected_share is not None:
        parts.append(f"protected share {unit.protected_share:.10g}")
    return ", ".join(parts)
