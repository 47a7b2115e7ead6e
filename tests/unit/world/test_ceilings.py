"""A ceiling that cells could pass is refused where the scenario is made."""

import pytest
from small_worlds import PLAIN, changed

from sim.compose import load_scenario, scenario_titles
from sim.errors import ScenarioError
from sim.world.ceilings import check_ceiling
from sim.world.scenario import Scenario

CALM = changed(
    changed(Scenario(), **PLAIN), politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1}
)


def needs(scenario: Scenario, factor: float) -> bool:
    """Whether this factor is allowed and anything less is not."""
    changed(scenario, threat={"attempts_ceiling_factor": factor})
    with pytest.raises(ScenarioError, match=r"threat.attempts_ceiling_factor is .* or more"):
        changed(scenario, threat={"attempts_ceiling_factor": factor * (1.0 - 1e-6)})
    return True


def test_with_nothing_that_moves_a_rate_its_base_is_enough():
    changed(CALM, threat={"attempts_ceiling_factor": 1.0})


def test_what_is_needed_on_paper():
    setback = {"politics": {"path": {"2016-07-01": 0.0}, "motivation_at_full_progress": 0.1}}
    success = {"threat": {"success_extra_decisions": 1.0, "success_ceiling": 4.0}}
    recruits = {"attrition": {"recruitment_per_year": 1.0, "capacity_at_full_progress": 0.55}}
    aggrieved = {"attrition": {"recruitment_per_year": 1.0, "grievance_per_civilian": 0.1}}
    # A step of 0.1 back from 0.1 is a ninth of the way to 1: motivation 1.1, capacity 1.05.
    assert needs(changed(CALM, **setback), 1.1)
    assert needs(changed(CALM, **success), 5.0)
    assert needs(changed(changed(CALM, **setback), **recruits), 1.1 * 1.05)
    assert needs(changed(changed(changed(CALM, **setback), **success), **aggrieved), 11.0)


def test_attacks_have_a_ceiling_of_their_own_that_is_checked():
    """Motivation 1.1 and capacity 1.05, as above."""
    setback = changed(
        CALM,
        politics={"path": {"2016-07-01": 0.0}, "motivation_at_full_progress": 0.1},
        attrition={"recruitment_per_year": 1.0, "capacity_at_full_progress": 0.55},
    )
    low = {"ceiling_factor": 1.1549}
    for rate in ("indirect_fire", "suicide", "complex", "gunfire"):
        attacks = {f"{rate}_per_month": 1.0}
        changed(setback, attacks={**attacks, "ceiling_factor": 1.155})
        with pytest.raises(
            ScenarioError, match=r"attacks.ceiling_factor is 1.1549.* 1.155 or more"
        ):
            changed(setback, attacks={**attacks, **low})
    changed(setback, attacks=low)  # nobody attacks


def test_what_the_error_asks_for_is_enough():
    """A ceiling of decisions of 1 + 4.00001 prints as more than 5."""
    success = {"success_extra_decisions": 1.0, "success_ceiling": 4.00001}
    with pytest.raises(ScenarioError, match=r"5\.0001 or more"):
        changed(CALM, threat={**success, "attempts_ceiling_factor": 5.0})
    changed(CALM, threat={**success, "attempts_ceiling_factor": 5.0001})


def test_a_random_walk_may_come_to_no_progress_at_all():
    walk = {"process": "random_walk", "motivation_at_full_progress": 0.1}
    assert needs(changed(CALM, politics=walk), 1.1)


def test_progress_above_the_reference_needs_no_more_than_the_base():
    changed(CALM, threat={"attempts_ceiling_factor": 1.0}, politics={"path": {"2016-07-01": 0.9}})


@pytest.mark.parametrize("name", scenario_titles())
def test_every_shipped_scenario_stays_below_its_ceiling(name):
    check_ceiling(load_scenario(name))
