"""A family of policies takes in others by name, and guards its own."""

import pytest

from sim.errors import PolicyError, ScenarioError
from sim.policies import clearance, patrols, routing
from sim.policies.family import Family
from sim.world.parameter import declared
from sim.world.scenario import GROUPS, Clearance, Scenario

SETTINGS = [
    ("clearance", "policy", clearance.POLICIES),
    ("routing", "policy", routing.POLICIES),
    ("force", "patrol_policy", patrols.POLICIES),
]


def doubled_or_refused(policy, view, answer):
    if answer < 0:
        raise PolicyError(f"{policy} answers {answer}")
    return 2 * answer


@pytest.fixture
def family():
    return Family(
        "tea.sort",
        {"green": lambda view: view, "black": lambda view: -view},
        asks={"green": frozenset({"water"})},
        as_answer=doubled_or_refused,
    )


def test_answers_from_outside_are_checked_and_those_of_the_package_are_trusted(family):
    family["red"] = lambda view: view
    assert family.answer("green", 3) == 3
    assert family.answer("black", 3) == -3
    assert family.answer("red", 3) == 6
    with pytest.raises(PolicyError, match=r"tea\.sort=red answers -3"):
        family.answer("red", -3)
    del family["red"]


def test_a_policy_from_outside_may_ask_for_everything(family):
    family["red"] = lambda view: view
    assert family.asks("green", "water")
    assert not family.asks("green", "milk")
    assert not family.asks("black", "water")
    assert family.asks("red", "water")
    assert [name for name in family if family.is_outside(name)] == ["red"]
    del family["red"]


def test_a_policy_from_outside_may_be_put_in_the_place_of_another(family):
    for number in (1, 2):
        family["red"] = lambda view, number=number: number
    assert family.answer("red", 0) == 4
    del family["red"]
    with pytest.raises(ScenarioError, match=r"nobody has added .* Allowed: green, black"):
        family.answer("red", 0)


@pytest.mark.parametrize("policy", [5, None, "highest_risk", [print]])
def test_what_is_no_function_is_refused_at_once_and_its_name_stays_unknown(policy):
    policies = clearance.POLICIES
    before = list(policies)
    with pytest.raises(PolicyError, match=r"^clearance\.policy=bad is .* Allowed: a function"):
        policies["bad"] = policy
    assert list(policies) == before
    with pytest.raises(ScenarioError, match="there is no such choice"):
        Scenario(clearance=Clearance(policy="bad"))


@pytest.mark.parametrize(
    "replace",
    [
        lambda family: family.__setitem__("green", print),
        lambda family: family.update(green=print),
        lambda family: family.pop("green"),
        lambda family: family.clear(),
    ],
)
def test_no_way_leads_to_another_policy_under_a_name_of_the_package(family, replace):
    with pytest.raises(ScenarioError, match="of its own"):
        replace(family)
    assert family.answer("green", 3) == 3


@pytest.mark.parametrize(("group", "setting", "policies"), SETTINGS)
def test_a_scenario_may_say_what_stands_in_policies(group, setting, policies, monkeypatch):
    def words():
        return list({name: d.choices for name, d, _ in declared(GROUPS[group])}[setting])

    before = words()
    assert before == list(policies)
    monkeypatch.setitem(policies, "mine", print)
    assert words() == [*before, "mine"]
    monkeypatch.undo()
    assert words() == before
