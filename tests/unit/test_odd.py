"""The description of the model is held to the program: its tables of turns and of switches."""

import ast
import inspect
import re
from pathlib import Path

import pytest
import yaml

import sim.world.events
from sim.compose import keys, load_scenario
from sim.world.events import Turn
from sim.world.parameter import declared
from sim.world.scenario import GROUPS

ODD = Path(__file__).resolve().parents[2] / "docs" / "odd.md"
TEXT = ODD.read_text(encoding="utf-8")


def rows_after(title: str, text: str = TEXT) -> list[list[str]]:
    """Cells of the first table under the heading with this title, without its head."""
    lines = re.split(rf"\n#+ [\d.]+ {title}\n", text, maxsplit=1)[1].splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("|"))
    table = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return table[2:]


def turns_in_code() -> list[list[str]]:
    """Number, name and meaning of every turn, read from the file that declares them."""
    tree = ast.parse(inspect.getsource(sim.world.events))
    turns = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Turn")
    told = []
    for name, meaning in zip(turns.body, turns.body[1:], strict=False):
        if isinstance(name, ast.Assign) and isinstance(meaning, ast.Expr):
            assert isinstance(name.targets[0], ast.Name)
            assert isinstance(meaning.value, ast.Constant)
            word = name.targets[0].id
            told.append([f"{Turn[word].value} `{word}`", " ".join(meaning.value.value.split())])
    return told


SWITCHES = [
    (key, yaml.safe_load(off))
    for row in rows_after("Switches")
    for key, off in re.findall(r"`([\w.]+)` = (\w+)", row[1])
]


# --- the order of events --------------------------------------------------------------------------


def test_every_turn_has_a_meaning():
    assert len(turns_in_code()) == len(Turn)


def test_the_table_of_turns_is_the_order_in_the_code():
    assert rows_after("Process overview and scheduling") == turns_in_code()


def test_a_turn_that_changed_places_would_be_noticed():
    swapped = TEXT.replace("6 `EMPLACEMENT`", "7 `EMPLACEMENT`")
    assert rows_after("Process overview and scheduling", swapped) != turns_in_code()


# --- the table of switches ------------------------------------------------------------------------


def declared_switches() -> set[tuple[str, float]]:
    """What parameters say of themselves: "0 switches them off"."""
    found = set()
    for group, kind in GROUPS.items():
        for name, declaration, _ in declared(kind):
            for off in re.findall(r"(\d) switches", declaration.meaning):
                found.add((f"{group}.{name}", float(off)))
    return found


def test_every_parameter_that_switches_something_off_stands_in_the_table():
    assert declared_switches() - set(SWITCHES) == set()


def test_every_switch_in_the_table_is_a_parameter_and_stands_there_once():
    assert [key for key, _ in SWITCHES if key not in keys()] == []
    assert len(SWITCHES) == len({key for key, _ in SWITCHES})


@pytest.mark.parametrize(("key", "off"), SWITCHES)
def test_every_switch_is_allowed_to_be_set_in_the_shipped_world(key, off):
    scenario = load_scenario("baseline_2016", {key: off})
    group, name = key.split(".")
    assert getattr(getattr(scenario, group), name) == off


# --- the parameters -------------------------------------------------------------------------------

NOT_THE_MODEL = ("runs", "engine", "results")
"""Groups that say how long to look, with what, and what to keep."""


def named_parameters(text: str) -> set[str]:
    """Dotted names whose first word is a group; names of files are none."""
    dotted = set(re.findall(r"(?<![\w/])([a-z]+\.[a-z_0-9]+)(?![\w.])", text))
    return {name for name in dotted if name.split(".")[0] in GROUPS and not name.endswith(".py")}


def test_every_parameter_that_the_description_names_exists():
    assert named_parameters(TEXT) - set(keys()) == set()


def test_every_parameter_of_the_model_is_in_the_description():
    of_the_model = {key for key in keys() if key.split(".")[0] not in NOT_THE_MODEL}
    assert of_the_model - named_parameters(TEXT) == set()


def test_a_parameter_that_does_not_exist_would_be_noticed():
    assert named_parameters("`threat.reach_m` and sim/rules/supply.py") == {"threat.reach_m"}
