"""Settings as compiled code reads them: every number and choice of a scenario, group by group."""

import dataclasses
import functools
import types
import typing
from typing import Any

import numpy as np

from sim.engines.batch import codes
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


def settings_record(scenario: Scenario) -> Any:
    """The settings of one scenario: recarray of `settings_type` with one element."""
    array = np.zeros(1, settings_type()).view(np.recarray)
    for group in array.dtype.names:
        values, kind = getattr(scenario, group), GROUPS[group]
        choices = {item.name: item.metadata["parameter"].choices for item in _declared(kind)}
        for name in array.dtype[group].names:
            value = getattr(values, name)
            if isinstance(value, str):
                _require_code(group, name, value)
                value = choices[name].index(value)
            array[0][group][name] = np.nan if value is None else value
    return array


def _require_code(group: str, name: str, value: str) -> None:
    """Raise `ScenarioError` for a word without a code, as of a policy from outside."""
    word = f"{group}_{name}_{value}".upper()
    if group not in UNCODED and not hasattr(codes, word):
        raise ScenarioError(
            f"{group}.{name} is {value!r}: the batch engine does not know it. "
            "Allowed: the same scenario with engine=reference."
        )


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
