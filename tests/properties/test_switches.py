"""Every mechanism has a switch: off, it does nothing, and everything else goes on."""

from collections import Counter

import pytest
from small_worlds import a_busy_month_on_the_grid, all_bytes, changed, rows_of

from sim.engines import run_scenario
from sim.world.events import Cause, Kind
from sim.world.scenario import Reinforcement

SWITCHES = {
    "decoys": (
        {"threat": {"decoy_share": 0.0}},
        {Kind.DECOY_PLACED, Kind.DECOY_FOUND, Kind.DECOY_EXPIRED},
    ),
    "patrol contact": ({"attrition": {"contact_probability": 0.0}}, {Cause.PATROL}),
    "raids": (
        {"attrition": {"raids_per_month_per_100": 0.0, "tips_per_month": 0.0}},
        {Cause.RAID},
    ),
    "counter-terrorist operation": (
        {"attrition": {"counter_terror_per_month": 0.0}},
        {Cause.COUNTER_TERROR},
    ),
    "refuge": (
        {"attrition": {"refuge_probability": 0.0}},
        {Kind.CELL_FLED, Kind.CELL_RETURNED},
    ),
    "indirect fire": ({"attacks": {"indirect_fire_per_month": 0.0}}, {Cause.INDIRECT_FIRE}),
    "suicide vehicles": ({"attacks": {"suicide_per_month": 0.0}}, {Cause.SUICIDE_VEHICLE}),
    "complex attacks": ({"attacks": {"complex_per_month": 0.0}}, {Cause.COMPLEX_ATTACK}),
    "gunfire": ({"attacks": {"gunfire_per_month": 0.0}}, {Kind.GUNFIRE}),
    "follow-on fire": ({"attacks": {"follow_on_probability": 0.0}}, {Kind.FOLLOW_ON_FIRE}),
    "false alarms": ({"clearance": {"false_alarms_per_100_km": 0.0}}, {Kind.FALSE_ALARM}),
    "accidents": ({"clearance": {"accident_probability": 0.0}}, {Kind.ACCIDENT}),
    "courses": ({"training": {"course_seats_per_month": 0.0}}, {Kind.TRAINED}),
    "rerouting": ({"routing": {"reroute_after_find": False}}, {Kind.REROUTED}),
    "sweeps": (
        {"clearance": {"policy": "none"}},
        {Kind.SWEPT, Kind.FALSE_ALARM, Kind.ACCIDENT, Cause.SWEEP},
    ),
    "waiting for a sweep": ({"supply": {"departure": "as_ready"}}, {Cause.NOT_SWEPT}),
    "patrols": ({"force": {"patrol_process": "none"}}, {Cause.PATROL}),
    "closures": ({"force": {"closures": {}}}, {Kind.CAMP_CLOSED}),
    "reinforcements": ({"force": {"reinforcements": {}}}, {Kind.UNIT_ARRIVED}),
}
"""What switches a mechanism off, and the kinds and causes that are then gone for certain."""

LEAVES_NO_ROW = {
    "success kernel": {"threat": {"success_extra_decisions": 0.0}},
    "skill": {"threat": {"skill_exponent": 0.0}},
    "adaptation": {"threat": {"adaptive": False}},
    "deterrence": {"attrition": {"beta_deterrence": 0.0}},
    "tips": {"attrition": {"tips_per_month": 0.0}},
    "grievance": {"attrition": {"grievance_per_civilian": 0.0}},
    "recruitment": {"attrition": {"recruitment_per_year": 0.0}},
    "evacuation delay": {"medical": {"untreated_death_probability": 0.0}},
    "discipline": {"training": {"discipline_ratio": 1.0}},
    "casualty care": {"training": {"care_ratio": 1.0}},
    "random walk": {"politics": {"process": "path"}},
    "patrols by risk": {"force": {"patrol_policy": "even"}},
}
"""Mechanisms without a kind of event of their own."""

OFF_BY_DEFAULT = {
    "teams ahead of convoys": {"clearance": {"with_convoys": False}},
    "posture": {"threat": {"find_reference_km_per_day": 44.0}},
}
"""The same, of mechanisms that the busy month does without."""

N_RUNS = 8


def words_of(scenario):
    """Kinds and causes, and how many of the runs have them."""
    found = Counter()
    for run in range(N_RUNS):
        rows = rows_of(run_scenario(scenario, seed=7, run=run))
        found.update(set().union(*(as_words((row.kind, row.cause)) for row in rows)))
    return found


def as_words(members):
    """Names, since a kind and a cause of the same number are equal."""
    return {f"{type(member).__name__}.{member.name}" for member in members}


@pytest.fixture(scope="module")
def everything():
    """What happens in at least half of the runs, so that its absence from all would tell."""
    return {word for word, n_runs in words_of(busy()).items() if 2 * n_runs >= N_RUNS}


def busy(**groups):
    extra = Reinforcement(
        camp="r1c1", unit_type="isr", strength=300.0, arrival="2016-07-05", departure="2016-07-20"
    )
    return changed(
        a_busy_month_on_the_grid(force={"reinforcements": {"extra": extra}}),
        **groups,
    )


def searching(**groups):
    """The busy month with teams at the hub that go ahead of convoys, which go slowly."""
    month = busy(clearance={"with_convoys": True}, routing={"threatened_km_per_day": 44.0})
    searchers = Reinforcement(camp="r1c1", unit_type="eod", strength=70.0, arrival="2016-06-01")
    packages = {**month.force.reinforcements, "searchers": searchers}
    return changed(changed(month, force={"reinforcements": packages}), **groups)


def test_in_the_busy_month_everything_happens(everything):
    for _, gone in SWITCHES.values():
        assert as_words(gone) <= everything


@pytest.mark.parametrize("mechanism", SWITCHES)
def test_a_mechanism_can_be_switched_off_alone(mechanism, everything):
    fields, gone = SWITCHES[mechanism][0], as_words(SWITCHES[mechanism][1])
    left = set(words_of(busy(**fields)))
    assert not gone & left - shared_with_others(mechanism)
    assert everything - gone - follows_from(mechanism) <= left


def shared_with_others(mechanism):
    """A word that the mechanism shares with others, which keep it."""
    # A patrol finds devices too, and is shot at.
    return as_words({Cause.PATROL}) if mechanism == "patrol contact" else set()


def follows_from(mechanism):
    """What may come to an end with the mechanism, because it feeds on it."""
    followers = {
        "closures": {Cause.WITHDRAWAL},
        "reinforcements": {Kind.UNIT_LEFT},
        "patrols": {Kind.REROUTED},
        "sweeps": {Cause.NOT_SWEPT},
        "waiting for a sweep": {Kind.WAITED},
    }
    return as_words(followers.get(mechanism, ()))


def test_without_patrol_contact_no_cell_loses_people_to_a_patrol():
    scenario = busy(attrition={"contact_probability": 0.0})
    for run in range(N_RUNS):
        for row in rows_of(run_scenario(scenario, seed=7, run=run)):
            assert (row.kind, row.cause) != (Kind.CELL_STRUCK, Cause.PATROL)


@pytest.mark.parametrize("mechanism", LEAVES_NO_ROW)
def test_a_mechanism_without_rows_of_its_own_matters_and_breaks_nothing(mechanism, everything):
    scenario = busy(**LEAVES_NO_ROW[mechanism])
    assert everything <= set(words_of(scenario))
    assert any(
        all_bytes(run_scenario(scenario, 7, run)) != all_bytes(run_scenario(busy(), 7, run))
        for run in range(N_RUNS)
    )


@pytest.mark.parametrize("mechanism", OFF_BY_DEFAULT)
def test_a_mechanism_that_is_off_by_default_matters_and_breaks_nothing(mechanism, everything):
    scenario = searching(**OFF_BY_DEFAULT[mechanism])
    assert everything <= set(words_of(scenario))
    assert any(
        all_bytes(run_scenario(scenario, 7, run)) != all_bytes(run_scenario(searching(), 7, run))
        for run in range(N_RUNS)
    )
