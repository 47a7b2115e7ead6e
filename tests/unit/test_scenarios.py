"""What the shipped scenarios say of themselves, and that their packages are what they say."""

import csv
from collections import Counter, defaultdict
from datetime import date

import pytest

from sim.clock import HOURS_PER_DAY
from sim.compose import choices, load_scenario
from sim.config_folder import config_folder
from sim.data import data_path
from sim.roads.tables import read_theatre
from sim.world.companies import companies_of
from sim.world.scenario import Reinforcement

OF_THE_SPECIFICATION = (
    "baseline_2016",
    "res2295",
    "plus_5000",
    "plus_10000",
    "plus_5000_infantry",
    "plus_10000_infantry",
    "proposal_2021",
    "training_first",
    "clearance_first",
    "peace_progress",
    "all_of_it",
    "drawdown",
    "calibration_2013_2016",
)
EQUAL = {
    "plus_2500_infantry": "infantry",
    "plus_2500_clearance": "eod",
    "plus_2500_intelligence": "isr",
    "plus_2500_escort": "combat_convoy",
}

WITHOUT_TROOPS = (
    "training_first",
    "training_in_mission",
    "training_kept_up",
    "clearance_first",
    "teams_with_convoys",
    "peace_progress",
)


def package(name: str) -> dict[str, Reinforcement]:
    return load_scenario(name).force.reinforcements


def people_by_type(name: str) -> Counter:
    people: Counter = Counter()
    for unit in package(name).values():
        people[unit.unit_type] += unit.strength
    return people


def opening(name: str) -> list[str]:
    """The comment with which a scenario file opens, line by line."""
    text = (config_folder() / "scenario" / f"{name}.yaml").read_text(encoding="utf-8")
    lines = text.splitlines()[1:]
    n_comment = next(n for n, line in enumerate(lines) if not line.startswith("# "))
    return [line.removeprefix("# ") for line in lines[:n_comment]]


# --- every scenario -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OF_THE_SPECIFICATION)
def test_every_scenario_of_the_specification_is_shipped(name):
    assert name in choices("scenario")


@pytest.mark.parametrize("name", choices("scenario"))
def test_every_scenario_opens_with_its_situation_and_then_its_source(name):
    lines = opening(name)
    assert not lines[0].startswith("Source")
    assert [line for line in lines if line.startswith("Source: ")]


@pytest.mark.parametrize("name", choices("scenario"))
def test_every_file_that_a_scenario_names_as_its_source_exists(name):
    source = " ".join(opening(name)).partition("Source: ")[2]
    paths = [word.strip(",;:()").rstrip(".") for word in source.split() if "/" in word]
    roots = (config_folder(), config_folder().parent)
    named = [path for path in paths if not path.startswith(("S/", "SC/"))]
    assert [path for path in named if not any((root / path).exists() for root in roots)] == []


# --- packages of equal size -----------------------------------------------------------------------


@pytest.mark.parametrize(("name", "kind"), EQUAL.items())
def test_a_package_of_2500_is_of_one_kind(name, kind):
    assert people_by_type(name) == {kind: 2500.0}


def test_packages_of_2500_differ_in_kind_and_camp_and_in_nothing_else():
    rest = {
        (
            u.arrival,
            u.departure,
            u.ramp_days,
            u.contingent,
            u.predeployment_level,
            u.protected_share,
        )
        for name in EQUAL
        for u in package(name).values()
    }
    assert rest == {("2017-05-01", "never", 0.0, "reinforcement", None, None)}


@pytest.mark.parametrize("name", EQUAL)
def test_packages_of_2500_bring_the_same_troop_days(name):
    """From 1 May 2017 to 1 July 2019 are 791 days: 1,977,500 troop-days."""
    scenario = load_scenario(name)
    clock = scenario.clock()
    days = 0.0
    for company in companies_of(scenario, read_theatre(scenario.roads.name).units, clock):
        if company.before.strength == 0.0:
            stay = company.after
            days += stay.strength * (clock.end_h - stay.arrival_h) / HOURS_PER_DAY
    assert (date(2019, 7, 1) - date(2017, 5, 1)).days == 791
    assert days == pytest.approx(2500 * 791, abs=1e-6)


def in_proportion(n_people: int, weights: dict[str, float]) -> dict[str, float]:
    """Whole people in proportion to `weights`, the largest remainders rounded up."""
    total = sum(weights.values())
    exact = {camp: n_people * weight / total for camp, weight in weights.items()}
    shares = {camp: float(int(value)) for camp, value in exact.items()}
    order = sorted(exact, key=lambda camp: (int(exact[camp]) - exact[camp], camp))
    for camp in order[: n_people - int(sum(shares.values()))]:
        shares[camp] += 1.0
    return shares


@pytest.mark.parametrize("name", [name for name in EQUAL if name != "plus_2500_escort"])
def test_a_package_of_2500_goes_where_units_of_its_kind_are(name):
    people: dict[str, float] = defaultdict(float)
    with data_path("roads", "northern_mali", "units.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["unit_type"] == EQUAL[name]:
                people[row["camp"]] += float(row["strength"])
    total = sum(people.values())
    people = {camp: number for camp, number in people.items() if number >= 0.05 * total}
    placed = {unit.camp: unit.strength for unit in package(name).values()}
    assert placed == in_proportion(2500, people)


def test_the_escorts_of_2500_go_where_those_of_the_resolution_go_as_nobody_escorts_alone_in_2016():
    rows = read_theatre("northern_mali").units
    assert [row for row in rows if row.unit_type == "combat_convoy"] == []
    resolved = [u for u in package("res2295").values() if u.unit_type == "combat_convoy"]
    total = sum(unit.strength for unit in resolved)
    shares = {unit.camp: unit.strength / total for unit in resolved}
    assert shares == {"gao": 0.6, "sevare": 0.4}
    placed = {unit.camp: unit.strength for unit in package("plus_2500_escort").values()}
    assert placed == {camp: 2500 * share for camp, share in shares.items()}


# --- packages as their sources say ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["res2295", "res2295_same_vehicles"])
def test_resolution_2295_brings_2049_soldiers_and_480_police(name):
    people = people_by_type(name)
    assert people.pop("support") == 480.0
    assert sum(people.values()) == 2049.0
    assert set(people) == {"eod", "combat_convoy", "infantry", "aviation"}


def test_resolution_2295_with_the_vehicles_of_today_differs_in_protection_alone():
    new, today = package("res2295"), package("res2295_same_vehicles")
    assert {unit.protected_share for unit in today.values()} == {None}
    assert {name: (u.camp, u.unit_type, u.strength, u.arrival) for name, u in new.items()} == (
        {name: (u.camp, u.unit_type, u.strength, u.arrival) for name, u in today.items()}
    )


@pytest.mark.parametrize(("name", "size"), [("plus_5000", 5000), ("plus_10000", 10000)])
def test_larger_mixed_packages_are_the_resolution_scaled_to_a_person(name, size):
    small, large = package("res2295"), package(name)
    assert small.keys() == large.keys()
    for unit_name, unit in large.items():
        assert abs(unit.strength - small[unit_name].strength * size / 2529) <= 1.0
        assert (unit.camp, unit.arrival) == (small[unit_name].camp, small[unit_name].arrival)


def test_10000_infantry_are_5000_infantry_twice():
    small, large = package("plus_5000_infantry"), package("plus_10000_infantry")
    assert {name: 2 * unit.strength for name, unit in small.items()} == (
        {name: unit.strength for name, unit in large.items()}
    )
    assert set(people_by_type("plus_10000_infantry")) == {"infantry"}


def test_the_proposal_of_2021_has_the_units_of_the_report():
    units = package("proposal_2021")
    quick = [unit for name, unit in units.items() if name.startswith("quick_reaction")]
    assert [(unit.strength, unit.protected_share) for unit in quick] == [(250.0, 1)] * 3
    people = people_by_type("proposal_2021")
    assert (people["engineer"], people["aviation"]) == (117.0, 260.0)
    assert units["police"].strength == 339.0
    assert sum(people.values()) - 339.0 == 1730.0


@pytest.mark.parametrize("name", WITHOUT_TROOPS)
def test_options_without_troops_leave_the_force_as_it_is(name):
    assert load_scenario(name).force == load_scenario("baseline_2016").force
