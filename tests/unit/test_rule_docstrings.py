"""Every rule says its units, its source and a worked number, and the number is right.

The usual search for doctests passes compiled functions over without a word, so theirs run here.
"""

import doctest
import importlib
import re
from pathlib import Path
from types import FunctionType, ModuleType

import pytest
from plain_modules import rules_under_sim

import sim

OPTIONS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
SECTIONS = ("Parameters", "Returns", "Source", "Examples")
TYPE = re.compile(r"(float|int|bool|int32|int64|float64|int8|bool_)(\[[^\]]+\])?$")
RANGE = re.compile(r"(in [\[({]|[<>]=? |as in )")


def modules_and_rules() -> dict[str, tuple[ModuleType, FunctionType]]:
    """Module and plain function of every function that the sources decorate with `rule`."""
    found = {}
    for name, rule in rules_under_sim():
        module = importlib.import_module(name)
        value = getattr(module, rule)
        found[f"{name}.{rule}"] = module, getattr(value, "py_func", value)
    return found


ALL_RULES = modules_and_rules()
SCIENCE = [name for name in ALL_RULES if name.startswith(("sim.rules.", "sim.draws."))]


def sections(docstring: str) -> dict[str, str]:
    """Text under each underlined heading."""
    parts = re.split(r"^ *(\w+)\n *-{3,}\n", docstring, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def section_faults(docstring: str | None) -> list[str]:
    """What the docstring of any compiled function lacks."""
    found = sections(docstring or "")
    faults = [f"no section {name}" for name in SECTIONS if not found.get(name, "").strip()]
    if ">>> " not in found.get("Examples", ""):
        faults.append("no worked number")
    return faults


def docstring_faults(docstring: str | None) -> list[str]:
    """What the docstring of a rule of the science lacks: there, each parameter has its unit."""
    found = sections(docstring or "")
    faults = section_faults(docstring)
    lines = found.get("Parameters", "").splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    for line in lines:
        if not line.strip() or line[indent : indent + 1] == " ":
            continue
        name, _, description = line.strip().partition(" : ")
        kind, *rest = re.split(r",\s+(?![^\[(]*[\])])", description)
        if not TYPE.match(kind):
            faults.append(f"{name}: no type")
        elif kind.startswith("float") and not any(not RANGE.match(part) for part in rest):
            faults.append(f"{name}: no unit")
    return faults


def documented_parameters(docstring: str) -> list[str]:
    """Names in the section Parameters, in order."""
    text = sections(docstring)["Parameters"]
    named = re.findall(r"^ *((?:\w+, )*\w+) : ", text, re.MULTILINE)
    return [name for names in named for name in names.split(", ")]


@pytest.mark.parametrize("name", ALL_RULES)
def test_a_compiled_function_says_what_it_takes_gives_and_rests_on(name):
    _, function = ALL_RULES[name]
    assert section_faults(function.__doc__) == []


@pytest.mark.parametrize("name", SCIENCE)
def test_a_rule_says_its_units_its_source_and_a_worked_number(name):
    _, function = ALL_RULES[name]
    assert docstring_faults(function.__doc__) == []
    arguments = function.__code__.co_varnames[: function.__code__.co_argcount]
    assert documented_parameters(function.__doc__ or "") == list(arguments)


@pytest.mark.parametrize("name", SCIENCE)
def test_the_result_of_a_rule_has_a_unit(name):
    _, function = ALL_RULES[name]
    result = sections(function.__doc__ or "")["Returns"].strip().splitlines()[0].rstrip(";")
    assert re.match(r"(bool$|None; |int, |tuple of |float, (?!>|in \[))", result), result


def run_examples(name: str) -> doctest.TestResults:
    module, function = ALL_RULES[name]
    examples = doctest.DocTestParser().get_doctest(
        function.__doc__ or "", dict(vars(module)), name, module.__file__, 0
    )
    return doctest.DocTestRunner(optionflags=OPTIONS).run(examples)


def test_the_examples_of_every_rule_run_and_are_right():
    sources = [path.read_text() for path in Path(sim.__file__).parent.rglob("*.py")]
    n_written = sum(
        len(re.findall(r"^\s*@rule(?:_in_place)?$", text, re.MULTILINE)) for text in sources
    )
    n_run = 0
    for name in ALL_RULES:
        outcome = run_examples(name)
        assert outcome.failed == 0, name
        n_run += outcome.attempted > 0
    assert n_run == n_written > len(SCIENCE) > 0


SOUND = """A length.

Parameters
----------
first_km, second_km : float, km, >= 0
place : int, in [0, 9]

Returns
-------
float, km

Source
------
Definition.

Examples
--------
>>> 1.0 + 1.0
2.0
"""


def test_a_sound_docstring_passes():
    assert docstring_faults(SOUND) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("float, km, >= 0", "float, >= 0", "first_km, second_km: no unit"),
        ("place : int", "place : number", "place: no type"),
        ("Source\n------\nDefinition.", "", "no section Source"),
        ("Returns\n-------\nfloat, km", "", "no section Returns"),
        (">>> 1.0 + 1.0\n2.0", "As one would think.", "no worked number"),
    ],
)
def test_a_docstring_with_a_planted_gap_is_noticed(old, new, fault):
    assert fault in docstring_faults(SOUND.replace(old, new))
