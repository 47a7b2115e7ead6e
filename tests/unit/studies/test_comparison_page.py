"""The page of a comparison says what made it, what differs, and what it does not say."""

import dataclasses
from collections import Counter

import pytest
from fake_runs import run_named

from sim.studies.compare import StudyPlan, compare_scenarios
from sim.studies.comparison_page import comparison_page, limits
from sim.world.parameter import Grade, declared
from sim.world.scenario import GROUPS, Force, Reinforcement, Scenario, Threat

WORLD = dataclasses.replace(Scenario(), threat=Threat(reach_km=99.0))
SCENARIOS = [
    dataclasses.replace(WORLD, name="as_is", title="As it is", baseline="as_is"),
    dataclasses.replace(
        WORLD,
        name="more_people",
        title="140 more",
        force=Force(reinforcements={"eod": Reinforcement("gao", "eod", 140.0, "2017-03-01")}),
    ),
]


def page(n_workers=1, **options):
    plan = StudyPlan(n_workers=n_workers, max_runs=8, half_width=0.001)
    comparison = compare_scenarios(SCENARIOS, plan, run_one=run_named)
    options = {"command": "convoy-risk compare a b", "version": "1.2", "commit": "c0ffee"} | options
    return comparison_page(comparison, SCENARIOS, **options)


@pytest.fixture(scope="module")
def written():
    return page()


@pytest.mark.parametrize(
    "part",
    [
        "# Killed and wounded: 2 scenarios compared\n",
        "Which of 2 scenarios has the lowest measure killed and wounded",
        "- Command: `convoy-risk compare a b`\n",
        "- Seed: 1,",
        "simulated from 2015-07-02 until 2019-07-01; measures count, and levers differ, from 2016",
        "- Runs: 8 of each scenario;",
        "- Program: convoy-risk 1.2, commit c0ffee\n",
        "**as_is**, the baseline: As it is. Overridden for all",
        "- `threat.reach_km: 150 -> 99`\n",
        "**more_people**: 140 more. +140 people in all. It changes:\n\n"
        "- `force.reinforcements.eod: none -> 140 people, eod, at gao from 2017-03-01`\n",
        "| more_people |",
        "- 8 runs of each of 2 scenarios",
        "## Limits\n",
    ],
)
def test_the_page_says_what_made_it_and_what_differs(written, part):
    assert part in written


def test_the_order_is_head_changes_results_limits(written):
    heads = ["# Killed", "## Scenarios", "## Results", "## Limits"]
    assert [
        line[: len(head)]
        for line, head in zip(
            [line for line in written.splitlines() if line.startswith("#")], heads, strict=True
        )
    ] == heads


def test_the_same_study_gives_the_same_bytes_on_one_core_and_two(written):
    assert page(n_workers=2) == written


def test_other_programs_that_made_some_of_the_runs_are_named():
    told = page(earlier_commits=["decaf", None])
    assert "commit c0ffee; runs that were there before are by others: commit decaf, no co" in told


def test_a_commit_that_is_not_known_is_said_to_be_so():
    assert "not installed as a package, no commit known" in page(version="", commit=None)


def test_the_limits_count_assumptions_from_the_declarations():
    grades = Counter(d.grade for kind in GROUPS.values() for _, d, _ in declared(kind))
    n_facts = grades.total() - grades[Grade.CHOICE]
    said = " ".join(limits())
    assert f"{grades[Grade.ASSUMED]} of {n_facts} parameters" in said
    for word in ("training", "react", "weakens", "threat.adaptive", "luck of runs", "no places"):
        assert word in said
