"""How to make one run of a study again, alone: the words that do it, whatever the scenario is from.

A scenario does not remember where it came from. Whether a command line gives it is therefore tried:
the shipped scenario of its name is loaded with the settings in which the two differ.
"""

import shlex
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from sim.compose import choices, load_scenario
from sim.policies import clearance, patrols, routing
from sim.world.parameter import declared
from sim.world.scenario import GROUPS, Scenario

FAMILIES = (clearance.POLICIES, routing.POLICIES, patrols.POLICIES)
"""Policies that code from outside the package may have added to."""

MOST_SETTINGS = 8
"""Settings from which a command line is too long to be read."""


def how_to_repeat(scenario: Any, seed: int, run: int) -> str:
    """How to make one run alone, in a sentence.

    Examples
    --------
    >>> from dataclasses import replace
    >>> more = load_scenario("triangle_toy", {"force.strength": 900})
    >>> how_to_repeat(more, seed=7, run=3)
    'To see it alone: convoy-risk run triangle_toy force.strength=900.0 run=3 runs.seed=7'
    >>> how_to_repeat(replace(more, name="mine"), seed=7, run=3).partition(",")[0]
    'To see it alone: convoy-risk run FILE run=3 runs.seed=7'
    """
    luck = [f"run={run}", f"runs.seed={seed}"]
    in_python = (
        f"sim.engines.run_scenario(scenario, seed={seed}, run={run}) with the scenario of the study"
    )
    if not isinstance(scenario, Scenario):
        return f"To see it alone: {in_python}."
    outside = " and ".join(_policies_from_outside(scenario))
    if outside:
        return (
            f"To see it alone, from Python, where {outside} has been added: {in_python}; a command "
            "knows no policy from outside."
        )
    settings = _settings_beside_shipped(scenario)
    if settings is not None:
        words = ["convoy-risk", "run", scenario.name, *settings, *luck]
        return f"To see it alone: {shlex.join(words)}"
    if scenario.runs.n_runs != 1:
        luck.append("runs.n_runs=1")
    return (
        f"To see it alone: convoy-risk run FILE {' '.join(luck)}, where FILE is the file or name "
        f"that scenario {scenario.name!r} was loaded from, with the settings KEY=VALUE of the "
        f"study before these words; from Python: {in_python}."
    )


def _policies_from_outside(scenario: Scenario) -> Iterator[str]:
    for family in FAMILIES:
        group, name = family.setting.split(".")
        for one in (scenario, scenario.before):
            if one is not None and family.is_outside(word := getattr(getattr(one, group), name)):
                yield f"{family.setting}={word}"
                break


def _settings_beside_shipped(scenario: Scenario) -> list[str] | None:
    """What makes the shipped scenario of this name the same as this one; None where nothing does.

    It is loaded to see.
    """
    if scenario.name not in choices("scenario"):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shipped = load_scenario(scenario.name)
            settings = list(_settings(scenario, shipped))
            again = load_scenario(scenario.name, settings)
    except Exception:  # whatever is wrong here must not hide what was wrong with the run
        return None
    is_same = again.content_hash() == scenario.content_hash() and again.engine == scenario.engine
    return settings if is_same and len(settings) <= MOST_SETTINGS else None


def _settings(scenario: Scenario, shipped: Scenario) -> Iterator[str]:
    for group in GROUPS:
        shipped_values = {name: value for name, _, value in declared(getattr(shipped, group))}
        for name, _, value in declared(getattr(scenario, group)):
            key, before = f"{group}.{name}", shipped_values[name]
            if group == "results" or key == "runs.seed":
                continue
            if key == "runs.n_runs":
                value = 1
            if isinstance(value, Mapping):
                for entry in value:
                    if before.get(entry) != value[entry]:
                        yield f"{key}.{entry}={_word(value[entry])}"
            elif value != before:
                yield f"{key}={_word(value)}"


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)
