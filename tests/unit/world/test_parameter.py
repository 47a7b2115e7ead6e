import dataclasses
import math

import pytest

from sim.data import data_path
from sim.errors import ScenarioError
from sim.policies.clearance import POLICIES as CLEARANCE
from sim.policies.routing import POLICIES as ROUTING
from sim.world.parameter import Grade, check_ranges, declared, parameter
from sim.world.scenario import GROUPS, Scenario

FIELDS = [
    pytest.param(group, item, id=f"{group}.{item.name}")
    for group, kind in GROUPS.items()
    for item in dataclasses.fields(kind)
]
UNITS_AT_THE_END = {
    "_per_1000_km": "1/1000 km",
    "_per_100_km": "1/100 km",
    "_per_km": "1/km",
    "_km_per_h": "km/h",
    "_km_per_day": "km/d",
    "_kg_per_person_day": "kg",
    "_h_per_day": "h",
    "_per_day": "1/d",
    "_per_month": "1/month",
    "_per_year": "1/year",
    "_kph": "km/h",
    "_km": "km",
    "_days": "d",
    "_h": ("h", "h of the day"),
    "_tonnes": "t",
    "_month": "month",
}
DIMENSIONLESS = ("_share", "_factor", "_ratio", "_probability", "_level", "_elasticity")


@pytest.mark.parametrize(("group", "item"), FIELDS)
def test_the_world_and_the_running_of_a_study_are_no_levers(group, item):
    if group in ("roads", "threat", "runs", "engine", "results"):
        assert not item.metadata["parameter"].is_lever


def test_every_group_of_a_scenario_is_listed_once():
    groups = [
        item.name
        for item in dataclasses.fields(Scenario)
        if item.name not in ("name", "title", "baseline", "before")
    ]
    assert list(GROUPS) == groups


@pytest.mark.parametrize(("group", "item"), FIELDS)
def test_every_field_declares_its_meaning_unit_source_and_grade(group, item):
    declaration = item.metadata["parameter"]
    for text in (declaration.meaning, declaration.unit, declaration.source):
        assert text == text.strip()
        assert text
    assert isinstance(declaration.grade, Grade)
    assert not declaration.meaning.endswith(".")


@pytest.mark.parametrize(("group", "item"), FIELDS)
def test_every_default_lies_in_its_range(group, item):
    declaration = item.metadata["parameter"]
    values = [value for name, _, value in declared(GROUPS[group]) if name == item.name]
    entries = list(values[0].values()) if isinstance(values[0], dict) else values
    for value in entries:
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        assert declaration.low is not None, "a number needs a range"
        assert declaration.high is not None, "a number needs a range"
        assert declaration.low <= value <= declaration.high
    if declaration.choices is not None:
        assert values[0] in declaration.choices


@pytest.mark.parametrize(("group", "item"), FIELDS)
def test_the_unit_ends_the_name(group, item):
    unit = item.metadata["parameter"].unit
    for ending, expected in UNITS_AT_THE_END.items():
        if f"_{item.name}".endswith(ending):
            assert unit in (expected if isinstance(expected, tuple) else (expected,))
            return
    if item.name.endswith(DIMENSIONLESS):
        assert unit == "-"


@pytest.mark.parametrize(("group", "item"), FIELDS)
def test_an_assumption_says_that_it_is_one(group, item):
    declaration = item.metadata["parameter"]
    if declaration.source.startswith("assumption"):
        assert declaration.grade is Grade.ASSUMED


def test_the_policies_that_may_be_chosen_are_those_that_exist():
    for group, policies in (("clearance", CLEARANCE), ("routing", ROUTING)):
        choices = {name: d.choices for name, d, _ in declared(GROUPS[group])}["policy"]
        assert set(choices) == set(policies)


def test_every_training_level_is_that_of_a_contingent_in_the_units_table():
    table = data_path("roads", "northern_mali", "units.csv").read_text()
    named = {name: value for name, _, value in declared(GROUPS["training"])}
    for contingent in named["predeployment_by_contingent"]:
        assert f",{contingent}," in table


@dataclasses.dataclass(frozen=True)
class Kitchen:
    heat_c: float = parameter(
        180.0, unit="C", low=0.0, high=250.0, meaning="Heat", source="a book", grade=Grade.PUBLISHED
    )
    salt: dict = parameter(
        {"soup": 1.0}, low=0.0, high=2.0, meaning="Salt", source="taste", grade=Grade.ASSUMED
    )
    note: str = parameter("", meaning="Anything", source="the cook", grade=Grade.CHOICE)
    undeclared: int = -1


def test_a_declared_field_is_listed_with_its_value_and_others_are_left_out():
    assert [(name, value) for name, _, value in declared(Kitchen(heat_c=90.0))] == [
        ("heat_c", 90.0),
        ("salt", {"soup": 1.0}),
        ("note", ""),
    ]
    assert {name: value for name, _, value in declared(Kitchen)}["heat_c"] == 180.0


def test_a_mapping_as_default_is_copied():
    assert Kitchen().salt is not Kitchen().salt


@pytest.mark.parametrize("heat_c", [-0.1, 250.1, math.inf, math.nan])
def test_a_value_outside_its_range_is_refused(heat_c):
    with pytest.raises(ScenarioError, match=r"kitchen\.heat_c is .* C: outside .* 0 to 250 C"):
        check_ranges("kitchen", Kitchen(heat_c=heat_c))


@pytest.mark.parametrize("heat_c", [0.0, 250.0, None])
def test_the_ends_of_a_range_and_an_absent_value_are_allowed(heat_c):
    check_ranges("kitchen", Kitchen(heat_c=heat_c))


def test_an_entry_outside_the_range_of_its_mapping_is_named():
    with pytest.raises(ScenarioError, match=r"kitchen\.salt\.soup is 3"):
        check_ranges("kitchen", Kitchen(salt={"bread": 1.0, "soup": 3.0}))
