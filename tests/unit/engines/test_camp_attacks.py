"""One cell at the door of a camp of 135 people; another camp, of 35, lies 9 km away."""

import dataclasses
import math

import numpy as np
import pytest
from small_worlds import DAY_H, an_empty_road, happened

from sim.engines import run_scenario
from sim.engines.reference.camp_attacks import camps_in_reach
from sim.engines.reference.model import ConvoyModel
from sim.errors import DrawError
from sim.world.events import Cause, Kind, Turn
from sim.world.severities import severities

CALM = {"reference_level": 0.5, "path": {"2016-07-01": 0.5}}
"""Motivation is 1 throughout."""
ALL_KINDS = {"indirect_fire_per_month": 20.0, "suicide_per_month": 20.0, "complex_per_month": 20.0}
MONTHS = 30.0 / 30.4375


def a_besieged_road(politics=CALM, force=None, attrition=None, medical=None, **attacks):
    return an_empty_road(
        politics=politics,
        force=force or {},
        attrition=attrition or {},
        medical=medical or {},
        attacks={"camp_reach_km": 50.0, "camp_beta_distance_per_km": 0.01, **attacks},
    )


def attacks_in(scenario, run=0):
    return happened(run_scenario(scenario, seed=1, run=run), Kind.CAMP_ATTACKED)


def test_attacks_that_are_switched_off_put_nothing_on_the_agenda():
    model = ConvoyModel(a_besieged_road())
    assert Turn.CAMP_ATTACK not in {entry[1] for entry in model.agenda._entries}
    assert attacks_in(a_besieged_road()) == []


def test_each_kind_comes_at_its_own_rate():
    """200, 100 and 50 in a month of 30.4375 days, of which 30 are simulated: within 4 sigma."""
    rows = attacks_in(
        a_besieged_road(indirect_fire_per_month=200, suicide_per_month=100, complex_per_month=50)
    )
    for cause, rate in (
        (Cause.INDIRECT_FIRE, 200.0),
        (Cause.SUICIDE_VEHICLE, 100.0),
        (Cause.COMPLEX_ATTACK, 50.0),
    ):
        found = sum(row.cause is cause for row in rows)
        assert found == pytest.approx(rate * MONTHS, abs=4.0 * math.sqrt(rate))


@pytest.mark.parametrize("off", ["indirect_fire_per_month", "suicide_per_month"])
def test_one_kind_leaves_the_luck_of_the_others_alone(off):
    everything = attacks_in(a_besieged_road(**ALL_KINDS))
    without = attacks_in(a_besieged_road(**{**ALL_KINDS, off: 0.0}))
    cause = Cause.INDIRECT_FIRE if off.startswith("indirect") else Cause.SUICIDE_VEHICLE
    assert without == [row for row in everything if row.cause is not cause]
    assert len(without) < len(everything)


def test_camps_are_chosen_by_their_people_and_the_distance():
    """135 at the door against 35 x exp(-0.01 x 9 km): 0.808 of the attacks; within 4 sigma."""
    rows = attacks_in(a_besieged_road(indirect_fire_per_month=1000.0))
    share = np.mean([row.camp == 0 for row in rows])
    expected = 135.0 / (135.0 + 35.0 * math.exp(-0.09))
    assert expected == pytest.approx(0.808, abs=0.001)
    assert share == pytest.approx(expected, abs=4.0 * math.sqrt(0.155 / len(rows)))


def test_a_camp_out_of_reach_is_never_attacked():
    rows = attacks_in(a_besieged_road(indirect_fire_per_month=200.0, camp_reach_km=5.0))
    assert {row.camp for row in rows} == {0}


def test_a_group_attacks_no_camp_outside_its_area():
    cell = ConvoyModel(a_besieged_road()).militants[0]
    assert [camp.name for camp, _ in camps_in_reach(cell)] == ["alpha", "omega"]
    cell.site = dataclasses.replace(cell.site, area=("Plain",))
    assert len(camps_in_reach(cell)) == 2
    cell.site = dataclasses.replace(cell.site, area=("Elsewhere",))
    assert camps_in_reach(cell) == []


def test_a_cell_without_a_manned_camp_in_reach_does_nothing():
    empty = a_besieged_road(force={"strength": 0.0, "patrol_process": "none"}, **ALL_KINDS)
    assert attacks_in(empty) == []


def test_less_than_one_person_is_nobody_to_attack():
    """0.8 and 0.2 people."""
    nearly_empty = {"strength": 1.0, "patrol_process": "none"}
    assert ConvoyModel(a_besieged_road(force=nearly_empty)).camps[0].garrison == pytest.approx(
        0.794, abs=1e-3
    )
    assert attacks_in(a_besieged_road(force=nearly_empty, **ALL_KINDS)) == []


def test_nobody_is_hurt_who_is_not_there():
    """6.75 people in one camp and 1.75 in the other: 6 and 1 that an attack can hurt."""
    rows = attacks_in(
        a_besieged_road(
            force={"strength": 8.5, "patrol_process": "none"},
            complex_per_month=100.0,
            complex_fatal=1.0,
            complex_severity_exponent=1.01,
            complex_wounded=4.0,
        )
    )
    for camp, people in ((0, 6), (1, 1)):
        here = [row for row in rows if row.camp == camp]
        assert max(row.killed for row in here) == people
        assert max(row.killed + row.wounded for row in here) == people
        assert min(row.wounded for row in here) == 0


def test_attacks_kill_and_wound_by_their_own_law():
    """Half of them fatal with at most 2 dead, exponent 2: 0.5 x (1 + 2/4) / (1 + 1/4) = 0.6."""
    rows = attacks_in(
        a_besieged_road(
            indirect_fire_per_month=1000.0,
            indirect_fire_fatal=0.5,
            indirect_fire_severity_exponent=2.0,
            indirect_fire_wounded=3.0,
            camp_most_killed=2,
        )
    )
    n = len(rows)
    assert np.mean([row.killed > 0 for row in rows]) == pytest.approx(0.5, abs=4 * 0.5 / n**0.5)
    assert np.mean([row.killed for row in rows]) == pytest.approx(0.6, abs=4 * 0.67 / n**0.5)
    assert np.mean([row.wounded for row in rows]) == pytest.approx(3.0, abs=4 * 1.73 / n**0.5)


def test_a_cell_at_half_its_strength_attacks_half_as_often_and_at_no_new_time():
    scenario = a_besieged_road(indirect_fire_per_month=400.0)
    full = ConvoyModel(scenario)
    weak = ConvoyModel(scenario)
    weak.militants[0].lose(0.5, Cause.RAID)
    times = []
    for model in (full, weak):
        times.append([row.time_h for row in happened(model.run(), Kind.CAMP_ATTACKED)])
    assert set(times[1]) < set(times[0])
    assert len(times[1]) == pytest.approx(200.0 * MONTHS, abs=4.0 * math.sqrt(200.0))


def test_a_dispersed_cell_attacks_nobody():
    scenario = a_besieged_road(attrition={"dispersed_below": 0.6}, **ALL_KINDS)
    model = ConvoyModel(scenario)
    model.advance_to(10 * DAY_H)
    model.militants[0].lose(0.5, Cause.RAID)
    rows = happened(model.run(), Kind.CAMP_ATTACKED)
    assert rows
    assert all(row.time_h < 10 * DAY_H for row in rows)


@pytest.mark.parametrize(("strength", "times"), [(2.0, "2"), (1.00004, "1.00004")])
def test_a_rate_above_the_declared_ceiling_is_an_error_that_says_by_how_much(strength, times):
    model = ConvoyModel(a_besieged_road(indirect_fire_per_month=20.0, ceiling_factor=1.0))
    model.militants[0]._strength = strength  # nothing in a scenario can bring this about
    with pytest.raises(DrawError, match=rf" {times} times .* Raise attacks\.ceiling_factor"):
        model.run()


def test_the_kinds_stand_in_the_order_of_their_turn():
    causes = [severity.cause for severity in severities(a_besieged_road().attacks)]
    assert causes == [Cause.INDIRECT_FIRE, Cause.SUICIDE_VEHICLE, Cause.COMPLEX_ATTACK]


def test_the_row_names_the_cell_the_camp_and_no_place_on_the_road():
    row = attacks_in(a_besieged_road(complex_per_month=20.0))[0]
    model = ConvoyModel(a_besieged_road())
    assert row.entity == model.militants[0].key
    assert (row.segment, row.other, row.cause) == (-1, 0, Cause.COMPLEX_ATTACK)


def test_kinds_of_the_same_rate_come_at_times_of_their_own():
    rows = attacks_in(a_besieged_road(**ALL_KINDS))
    times = [row.time_h for row in rows]
    assert len(set(times)) == len(times) > 20
