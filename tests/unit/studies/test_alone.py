"""What is said of a failed run makes that run again, whatever its scenario was made of."""

import dataclasses
import shlex

import pytest
from fake_runs import FakeScenario

from experiments import run as run_command
from sim.compose import load_scenario
from sim.errors import ScenarioError
from sim.policies import clearance, patrols
from sim.studies.alone import how_to_repeat
from sim.world.scenario import Reinforcement


def asked_of_the_command(advice, monkeypatch):
    """The scenario, seed and run that `convoy-risk run` makes of the words of an advice."""
    words = shlex.split(advice.partition(": ")[2])
    assert words[:2] == ["convoy-risk", "run"]
    asked = []

    def note(scenario, seed, run):
        asked.append((scenario, seed, run))
        raise ScenarioError("noted")

    monkeypatch.setattr("sim.engines.run_scenario", note)
    assert run_command.main(words[2:]) == 2
    (one,) = asked
    return one


@pytest.mark.parametrize("name", ["baseline_2016", "res2295"])
@pytest.mark.parametrize(
    "overrides",
    [
        {},
        {"force.strength": 900.5},
        {"engine": "reference", "runs.n_runs": 20, "runs.seed": 3},
        {"supply": "scarce"},
        {"threat.adaptive": False, "threat.attempts_per_month": 1e-05},
        {"runs.end": "2019-01-01", "supply.trucks_by_hub": {"gao": 7}},
    ],
)
def test_a_shipped_scenario_with_settings_is_made_again_by_the_words_given(
    name, overrides, monkeypatch
):
    scenario = load_scenario(name, overrides)
    found, seed, run = asked_of_the_command(how_to_repeat(scenario, 7, 3), monkeypatch)
    assert found.content_hash() == scenario.content_hash()
    assert (found.engine, found.runs.n_runs, seed, run) == (scenario.engine, 1, 7, 3)


def test_a_scenario_of_ones_own_is_made_again_from_its_file_with_the_settings_of_the_study(
    tmp_path, monkeypatch
):
    file = tmp_path / "my_plan.yaml"
    file.write_text(
        "# @package _global_\ndefaults:\n  - triangle_toy\nruns:\n  n_runs: 4\n"
        "force:\n  strength: 700\n"
    )
    settings = ["threat.attempts_per_month=2"]
    scenario = load_scenario(file, settings)
    advice = how_to_repeat(scenario, 7, 3)
    assert "convoy-risk run FILE run=3 runs.seed=7 runs.n_runs=1, where FILE is" in advice
    assert "'my_plan' was loaded from" in advice
    words = advice.partition(",")[0].replace("FILE", shlex.join([str(file), *settings]))
    found, seed, run = asked_of_the_command(words, monkeypatch)
    assert found.content_hash() == scenario.content_hash()
    assert (found.runs.n_runs, seed, run) == (1, 7, 3)


MINE = {"mine": Reinforcement(camp="alpha", unit_type="eod", strength=50.0, arrival="never")}


@pytest.mark.parametrize(
    "change",
    [
        {"reinforcements": MINE},  # which no word on a command line writes
        {"strength": 700.0},  # from the first day, where an override holds from the decision on
    ],
)
def test_a_scenario_changed_in_python_is_not_taken_for_the_shipped_one(change):
    shipped = load_scenario("triangle_toy")
    changed = dataclasses.replace(shipped, force=dataclasses.replace(shipped.force, **change))
    advice = how_to_repeat(changed, 7, 3)
    assert "run triangle_toy" not in advice
    assert "sim.engines.run_scenario(scenario, seed=7, run=3) with the scenario of the" in advice


def test_with_a_policy_from_outside_no_command_is_named(monkeypatch):
    monkeypatch.setitem(clearance.POLICIES, "mine", print)
    monkeypatch.setitem(patrols.POLICIES, "ours", print)
    scenario = load_scenario(
        "triangle_toy", {"clearance.policy": "mine", "force.patrol_policy": "ours"}
    )
    advice = how_to_repeat(scenario, 7, 3)
    assert "from Python, where clearance.policy=mine and force.patrol_policy=ours" in advice
    assert "sim.engines.run_scenario(scenario, seed=7, run=3)" in advice
    assert "convoy-risk run" not in advice


def test_a_policy_that_is_gone_hides_nothing(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(clearance.POLICIES, "mine", print)
        scenario = load_scenario("triangle_toy", {"clearance.policy": "mine"})
    assert "sim.engines.run_scenario(scenario, seed=7, run=3)" in how_to_repeat(scenario, 7, 3)


def test_what_is_no_scenario_is_made_again_from_python():
    advice = how_to_repeat(FakeScenario("as_is"), 7, 3)
    assert advice.startswith("To see it alone: sim.engines.run_scenario(scenario, seed=7, run=3)")
