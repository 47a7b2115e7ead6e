"""Teams ahead of convoys: who goes, what it finds, what it costs (`a_supplied_chain`).

The convoy leaves `first` at dawn of day 7, is at `fifth` after 6.54 h, unloads for a day and is
home on day 9: what the supplied chain says without an escort, at a pace that binds nobody.
"""

import pytest
from small_worlds import (
    DAY_H,
    a_chain_with_a_hub,
    a_supplied_chain,
    changed,
    decided_from,
    happened,
    lay_device,
    logged,
    reinforced,
)

from sim.engines import run_scenario
from sim.engines.reference.camp import reach_of_teams
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Cause, Kind

LEAVES_H = 7 * DAY_H + 6.0
WAY_H = 25 / 60 + 25 / 40 + 25 / 10 + 25 / 25 + 2.0
HOME_H = 9 * DAY_H + 6.0 + (WAY_H - (17.0 - (LEAVES_H + WAY_H) % DAY_H))
DAYLIGHT_AWAY_H = 2 * 11.0 + HOME_H - (9 * DAY_H + 6.0)
F, Q = 0.4, 0.3
GATE, ON_THE_WAY = 5, (13, 11)
"""The piece at the gate of `first`, and two beyond the first hour of driving."""


def a_chain(*, n_people=35.0, camp="first", start=a_supplied_chain, **groups):
    """The supplied chain under escort, with EOD people at a camp and the lever on."""
    scenario = changed(
        start(),
        force={
            "reinforcements": reinforced(
                camp=camp, unit_type="eod", strength=n_people, arrival="2016-07-01"
            )
        },
        clearance={
            "with_convoys": True,
            "ahead_find_probability": Q,
            "people_per_team": 35.0,
            "available_share": 1.0,
            "team_h_per_day": 8.0,
        },
        threat={"find_probability_convoy": F, "fixed_strike_probability": 0.0},
        training={"trained_miss_ratio": 1.0},
        routing={"threatened_km_per_day": 1000.0, "find_halt_h": 0.0},
        supply={"unescorted_hubs": {}, "escort_vehicles": 1, "escort_rest_days": 0.0},
    )
    scenario = changed(scenario, threat={"find_reference_km_per_day": 1000.0})
    return changed(scenario, **groups)


def own_teams(model):
    """The teams of the package; `fifth` has one of its own."""
    return [team for team in model.teams if "package" in team.unit.company.name]


def on_the_road(model):
    (convoy,) = model.moving.values()
    return convoy


def left(model_or_scenario):
    """A model in the hour after the first convoy has left."""
    model = ConvoyModel(model_or_scenario)
    model.advance_to(LEAVES_H + 0.25)
    return model


# Who goes.


def test_a_team_of_the_hub_goes_ahead_and_is_away_until_the_convoy_is_home():
    model = left(a_chain())
    (team,) = own_teams(model)
    assert on_the_road(model).team is team
    assert team.is_away
    assert repr(team).endswith("ahead of a convoy>")
    model.advance_to(HOME_H - 0.01)
    assert team.is_away
    model.advance_to(HOME_H + 0.01)
    assert logged(model, Kind.RETURNED)
    assert not team.is_away


def test_nobody_goes_without_the_lever_or_without_an_escort():
    for groups in (
        {"clearance": {"with_convoys": False}},
        {"supply": {"unescorted_hubs": {"first": True}}},
    ):
        model = left(a_chain(**groups))
        assert on_the_road(model).team is None
        assert not any(team.is_away for team in model.teams)


def test_a_team_of_the_destination_does_not_go():
    model = left(a_chain(n_people=0.0))
    assert len(model.teams) == 1
    assert on_the_road(model).team is None


def test_convoys_by_the_clock_ask_for_no_team():
    model = ConvoyModel(a_chain(supply={"process": "periodic", "process_rate_per_day": 1.0}))
    model.advance_to(DAY_H + 1.0)
    assert on_the_road(model).is_escorted
    assert on_the_road(model).team is None


def test_each_convoy_takes_the_next_team_in_order_and_the_last_has_none():
    # One truck carries 10 t of the 17 t of a day, and drives for five days: three are soon out.
    model = ConvoyModel(
        a_chain(
            n_people=70.0,
            supply={"load_vehicles": 1, "escort_vehicles": 0},
            routing={"threatened_km_per_day": 20.0},
        )
    )
    while len(model.moving) < 3:
        model.step()
    first, second, third = sorted(model.moving.values(), key=lambda convoy: convoy.number)
    assert [first.team, second.team] == own_teams(model)
    assert third.is_escorted
    assert third.team is None


def test_a_team_that_does_not_go_out_today_does_not_go_ahead():
    assert on_the_road(left(a_chain(clearance={"available_share": 0.0}))).team is None
    n_with, n_runs = 0, 200
    scenario = a_chain(n_people=17.5)  # half a team goes out on half of the days
    for run in range(n_runs):
        model = ConvoyModel(scenario, 1, run)
        model.advance_to(LEAVES_H + 0.25)
        n_with += on_the_road(model).team is not None
    assert n_with == pytest.approx(n_runs / 2, abs=29)  # 4 deviations


# What it finds.


@pytest.mark.parametrize(
    ("concealment", "expected"),
    [
        (1.0, 1.0 - 0.6 * 0.7),
        (0.5, 1.0 - 0.8 * 0.85),
        (2.0, 1.0 - 0.2 * 0.4),
    ],
)
def test_a_device_is_missed_where_convoy_and_team_both_miss_it(concealment, expected):
    model = left(a_chain())
    device = lay_device(model, at_km=5.0, segment=ON_THE_WAY[0], concealment=concealment)
    assert on_the_road(model)._find_chance(device) == pytest.approx(expected)


def test_a_team_finds_by_its_own_training():
    model = left(a_chain(training={"trained_miss_ratio": 0.25, "reference_level": 0.5}))
    convoy = on_the_road(model)
    convoy.training_level = lambda: 0.5
    convoy.team.unit.training_level = lambda: 1.0
    device = lay_device(model, at_km=5.0, segment=ON_THE_WAY[0])
    assert convoy._find_chance(device) == pytest.approx(1.0 - 0.6 * (0.7 * 0.5))


def test_switches_fix_what_convoy_and_team_find_each_for_itself():
    for convoy, team, expected in ((0.5, 0.5, 0.75), (0.0, 1.0, 1.0), (0.2, 0.0, 0.2)):
        model = left(
            a_chain(
                threat={"fixed_find_probability": convoy},
                clearance={"fixed_find_probability": team},
            )
        )
        device = lay_device(model, at_km=5.0, segment=ON_THE_WAY[0], concealment=0.1)
        assert on_the_road(model)._find_chance(device) == pytest.approx(expected)


def test_a_find_with_a_team_ahead_is_a_find_of_the_convoy():
    model = left(
        a_chain(threat={"fixed_find_probability": 0.0}, clearance={"ahead_find_probability": 1.0})
    )
    lay_device(model, at_km=5.0, segment=ON_THE_WAY[0])
    key = on_the_road(model).key
    model.advance_to(HOME_H + 1.0)
    (row,) = logged(model, Kind.FOUND)
    assert (row.entity, row.other, row.cause) == (1000, key, Cause.CONVOY)


def test_a_team_is_ahead_on_the_way_back_too():
    model = left(
        a_chain(threat={"fixed_find_probability": 0.0}, clearance={"ahead_find_probability": 1.0})
    )
    model.advance_to(LEAVES_H + WAY_H + 1.0)
    lay_device(model, at_km=5.0, segment=ON_THE_WAY[0])
    model.advance_to(HOME_H + 1.0)
    assert len(logged(model, Kind.FOUND)) == 1


def test_what_the_convoy_finds_alone_it_finds_with_a_team_and_more_on_the_same_luck():
    found = {}
    for with_convoys in (False, True):
        model = left(a_chain(clearance={"with_convoys": with_convoys}))
        for number in range(200):
            lay_device(
                model, at_km=5.0, key=1000 + number, segment=ON_THE_WAY[0], end_h=HOME_H - DAY_H
            )
        model.advance_to(LEAVES_H + WAY_H + 1.0)
        found[with_convoys] = {row.entity for row in logged(model, Kind.FOUND)}
    assert found[False] < found[True]
    assert len(found[False]) == pytest.approx(200 * 0.4, abs=28)  # 4 deviations
    assert len(found[True]) == pytest.approx(200 * 0.58, abs=28)


# What it costs.


def test_hours_of_daylight_until_it_is_home_are_work():
    model = left(a_chain())
    model.advance_to(HOME_H + 1.0)
    assert model.ledger.team_h.sum() == pytest.approx(DAYLIGHT_AWAY_H)


def test_a_period_that_closes_on_the_way_has_its_part_of_the_hours():
    scenario = a_chain(runs={"start": "2016-07-24", "decision_date": "2016-07-24"})
    model = ConvoyModel(changed(scenario, runs={"end": "2016-08-20"}))
    model.advance_to(HOME_H + 1.0)  # days 7 and 8 are the last of July and the first of August
    assert model.ledger.team_h[:2] == pytest.approx([11.0, DAYLIGHT_AWAY_H - 11.0])


def test_a_run_that_ends_on_the_way_counts_what_was_worked():
    record = run_scenario(a_chain(runs={"end": "2016-07-09"}), 1, 0)
    assert record.team_h.sum() == pytest.approx(11.0)


def test_a_team_that_is_away_sweeps_nothing_and_the_others_go_on():
    scenario = a_chain(
        n_people=70.0,
        clearance={
            "policy": "fixed_round",
            "in_use_passages_per_day": 0.0,
            "team_reach_km": 25.0,
            "team_h_per_day": 4.0,  # not all pieces within reach
            "sweep_kph": 5.0,
            "transit_kph": 30.0,
        },
        roads={"max_segment_km": 5.0, "near_camp_segment_km": 5.0},
    )
    record = run_scenario(scenario, 1, 0)
    model = ConvoyModel(scenario)
    away, other = own_teams(model)
    back_h = 10 * DAY_H
    swept = {
        team.key: [
            row.time_h
            for row in happened(record, Kind.SWEPT)
            if row.entity == team.key and LEAVES_H < row.time_h < back_h
        ]
        for team in (away, other)
    }
    # It is home by day, and the next plan is made at the next dawn.
    assert swept[away.key] == []
    assert {int(time_h // DAY_H) for time_h in swept[other.key]} == {7, 8, 9}
    before = [row for row in happened(record, Kind.SWEPT) if row.entity == away.key]
    assert {int(row.time_h // DAY_H) for row in before} >= {5, 6, 10, 11}


def test_the_way_to_pieces_that_it_leaves_unswept_is_not_counted():
    sweeping = {
        "policy": "fixed_round",
        "in_use_passages_per_day": 0.0,
        "team_reach_km": 25.0,
        "sweep_kph": 5.0,
        "transit_kph": 30.0,
    }
    model = ConvoyModel(a_chain(clearance=sweeping))
    model.advance_to(LEAVES_H)
    before_h = model.ledger.team_h.sum()
    model.advance_to(LEAVES_H + 0.25)
    own_h = model.ledger.team_h.sum() - before_h
    theirs = [team for team in model.teams if not team.is_away]
    assert len(theirs) == 1
    assert own_h == pytest.approx(theirs[0].way_h)


def test_planners_reckon_without_a_team_that_is_away():
    model = left(a_chain(clearance={"policy": "allocation", "team_reach_km": 50.0}))
    _, _, team_h = model.headquarters.team_orders._bases()
    assert team_h.tolist() == [8.0]  # of `fifth`
    assert not reach_of_teams(model)[GATE]
    model.advance_to(HOME_H + 1.0)
    _, _, team_h = model.headquarters.team_orders._bases()
    assert team_h.tolist() == [8.0, 8.0]
    assert reach_of_teams(model)[GATE]


# Accidents.


def test_an_accident_ends_the_day_of_the_team_and_not_that_of_the_convoy():
    model = left(
        a_chain(
            threat={"fixed_find_probability": 0.0},
            clearance={
                "ahead_find_probability": 1.0,
                "accident_probability": 1.0,
                "accident_exposed": 3,
                "accident_death_probability": 1.0,
            },
        )
    )
    convoy = on_the_road(model)
    for number, segment in enumerate(ON_THE_WAY):
        lay_device(model, at_km=5.0, key=1000 + number, segment=segment)
    model.advance_to(8 * DAY_H)
    (accident,) = logged(model, Kind.ACCIDENT)
    assert (accident.entity, accident.other) == (convoy.team.key, 1000)
    assert (accident.cause, accident.segment) == (Cause.CONVOY, ON_THE_WAY[0])
    assert (accident.killed, accident.wounded) == (3, 0)
    assert [row.entity for row in logged(model, Kind.FOUND)] == [1000]
    # The convoy is there on the same day; on the way back, days later, the team finds the other.
    model.advance_to(HOME_H + 1.0)
    assert [row.entity for row in logged(model, Kind.FOUND)] == [1000, 1001]
    assert len(logged(model, Kind.ACCIDENT)) == 2


def test_what_the_convoy_finds_is_made_safe_by_the_team_and_on_its_bad_day_by_nobody():
    model = left(
        a_chain(
            threat={"fixed_find_probability": 1.0},
            clearance={"ahead_find_probability": 0.0, "accident_probability": 1.0},
        )
    )
    for number, segment in enumerate(ON_THE_WAY):
        lay_device(model, at_km=5.0, key=1000 + number, segment=segment)
    model.advance_to(8 * DAY_H)
    assert len(logged(model, Kind.FOUND)) == 2
    assert [row.other for row in logged(model, Kind.ACCIDENT)] == [1000]


def test_neither_a_decoy_nor_a_convoy_without_a_team_has_accidents():
    for with_convoys, is_decoy in ((True, True), (False, False)):
        model = left(
            a_chain(
                threat={"fixed_find_probability": 1.0},
                clearance={"accident_probability": 1.0, "with_convoys": with_convoys},
            )
        )
        lay_device(model, at_km=5.0, segment=ON_THE_WAY[1], is_decoy=is_decoy)
        model.advance_to(8 * DAY_H)
        assert len(logged(model, Kind.FOUND, Kind.DECOY_FOUND)) == 1
        assert logged(model, Kind.ACCIDENT) == []


# Who leaves meanwhile.


def test_a_team_whose_company_leaves_comes_home_with_the_convoy_and_is_gone():
    package = reinforced(
        camp="first",
        unit_type="eod",
        strength=35.0,
        arrival="2016-07-01",
        departure="2016-07-09",  # day 8
    )
    model = left(a_chain(force={"reinforcements": package}))
    (team,) = own_teams(model)
    model.advance_to(9 * DAY_H + 1.0)
    assert team.unit.strength == 0.0
    assert on_the_road_or_unloading(model, team)
    model.advance_to(HOME_H + 1.0)
    assert not team.is_away
    assert model.ledger.team_h.sum() == pytest.approx(DAYLIGHT_AWAY_H)
    while len(logged(model, Kind.DEPARTED)) < 2:
        model.step()
    assert on_the_road(model).team is None


def on_the_road_or_unloading(model, team):
    return team.is_away and not logged(model, Kind.RETURNED)


def test_a_team_whose_hub_closes_comes_home_to_the_hub_that_took_over(tmp_path):
    packages = {
        **reinforced(camp="third", unit_type="eod", strength=35.0, arrival="2016-07-01"),
        "guards": reinforced(camp="third", arrival="2016-07-01")["package"],
    }
    scenario = a_chain(
        start=lambda: a_chain_with_a_hub(tmp_path),
        force={"reinforcements": packages, "closures": {"third": "2016-07-09"}},
        # So slow that it is on its way to the camp on the day of closing.
        routing={"threatened_km_per_day": 20.0},
        supply={"unescorted_hubs": {"first": True}, "withdrawal_road_share": 0.0},
    )
    model = ConvoyModel(scenario)
    team = next(team for team in own_teams(model) if team.unit.camp.name == "third")
    while not team.is_away:
        model.step()
    convoy = next(convoy for convoy in model.moving.values() if convoy.team is team)
    assert model.now_h < 8 * DAY_H
    model.advance_to(8 * DAY_H + 1.0)
    assert team.unit.camp.is_closed
    assert (team.is_away, convoy.team, team.unit.strength) == (True, team, 0.0)
    while not [row for row in logged(model, Kind.RETURNED) if row.entity == convoy.key]:
        model.step()
    assert not team.is_away


# The lever.


def test_teams_go_ahead_from_the_decision_on():
    before = a_chain(clearance={"with_convoys": False}, runs={"decision_date": "2016-07-08"})
    model = ConvoyModel(decided_from(before, clearance={"with_convoys": True}))
    model.advance_to(LEAVES_H + 0.25)
    assert on_the_road(model).team is not None
    late = changed(before, runs={"decision_date": "2016-07-09"})
    model = ConvoyModel(decided_from(late, clearance={"with_convoys": True}))
    model.advance_to(HOME_H + 1.0)
    assert logged(model, Kind.RETURNED)
    assert model.ledger.team_h.sum() == 0.0
    while len(logged(model, Kind.DEPARTED)) < 2:
        model.step()
    assert on_the_road(model).team is not None


def test_a_way_of_an_earlier_day_is_never_given_back():
    """The decision keeps teams from sweeping; what they drove the day before stays counted."""
    sweeping = {
        "policy": "fixed_round",
        "in_use_passages_per_day": 0.0,
        "team_reach_km": 25.0,
        "sweep_kph": 5.0,
        "with_convoys": False,
    }
    before = a_chain(clearance=sweeping, runs={"decision_date": "2016-07-08"})
    after = decided_from(before, clearance={"policy": "none", "with_convoys": True})
    model = ConvoyModel(after)
    model.advance_to(LEAVES_H)
    worked_h = model.ledger.team_h.sum()
    assert own_teams(model)[0].way_h > 0.0
    model.advance_to(LEAVES_H + 0.25)
    assert own_teams(model)[0].is_away
    assert model.ledger.team_h.sum() == worked_h
