"""Settings as compiled code reads them: every number and choice of a scenario, group by group."""

import dataclasses
import functools
import types
import typing
from typing import Any

import numpy as np

from sim.engines.batch import codes, outside
from sim.errors import ScenarioError
from sim.world.scenario import GROUPS, Scenario

UNREAD = ("engine", "results", "runs")
"""Groups that say nothing of what happens in a run."""
UNCODED = ("roads",)
"""Groups whose words decide how the world is built, and nothing later."""


@functools.cache
def settings_type() -> np.dtype:
    """A record for each group; a word is its place among the choices, a missing number is nan."""
    return np.dtype(
        [
            (group, np.dtype(fields, align=True))
            for group in GROUPS
            if group not in UNREAD and (fields := _fields(group))
        ],
        align=True,
    )


def settings_records(*scenarios: Scenario) -> Any:
    """The settings of some scenarios: recarray of `settings_type`."""
    array = np.zeros(len(scenarios), settings_type()).view(np.recarray)
    for record, scenario in zip(array, scenarios, strict=True):
        for group in array.dtype.names:
            values = getattr(scenario, group)
            for name in array.dtype[group].names:
                value = getattr(values, name)
                if isinstance(value, str):
                    value = _code(group, name, value)
                record[group][name] = np.nan if value is None else value
    return array


def _code(group: str, name: str, value: str) -> int:
    """The number of a word; raises `ScenarioError` for one that nobody here knows."""
    setting = f"{group}.{name}"
    if setting in outside.FAMILIES and outside.FAMILIES[setting].is_outside(value):
        outside.say_slower(setting, value)
        return codes.POLICY_FROM_OUTSIDE
    if group not in UNCODED and not hasattr(codes, f"{group}_{name}_{value}".upper()):
        raise ScenarioError(
            f"{setting} is {value!r}: the batch engine does not know it. "
            "Allowed: the same scenario with engine=reference."
        )
    declared = {item.name: item.metadata["parameter"] for item in _declared(GROUPS[group])}
    return int(declared[name].choices.index(value))


def _fields(group: str) -> list[tuple[str, type]]:
    kind = GROUPS[group]
    hints = typing.get_type_hints(kind)
    found: list[tuple[str, type]] = []
    for item in _declared(kind):
        hint = hints[item.name]
        if isinstance(hint, types.UnionType) and set(typing.get_args(hint)) == {float, type(None)}:
            found.append((item.name, np.float64))
        elif hint is str and item.metadata["parameter"].choices:
            found.append((item.name, np.int64))
        elif hint in (bool, int, float):
            found.append((item.name, {bool: np.bool_, int: np.int64, float: np.float64}[hint]))
    return found


def _declared(kind: type) -> list[dataclasses.Field[Any]]:
    return [item for item in dataclasses.fields(kind) if "parameter" in item.metadata]
