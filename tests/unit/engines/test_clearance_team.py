"""Teams: when they go out, what a day holds, what they find, what a find costs."""

import pytest
from small_worlds import (
    DAY_H,
    a_month_on_the_triangle,
    an_empty_road,
    changed,
    happened,
    lay_device,
    logged,
)

from sim.engines import run_scenario
from sim.engines.reference.clearance_team import chance_on_device
from sim.engines.reference.model import ConvoyModel
from sim.rules.clearing import find_probability
from sim.world.events import Cause, Kind


def a_team_every_day(**clearance):
    """One team at `omega`, at the end of a road of 10 km; out and back are 10 km at 20 km/h."""
    return an_empty_road(
        clearance={
            "policy": "fixed_round",
            "available_share": 1.0,
            "in_use_passages_per_day": 0.0,
            "people_per_team": 35.0,
            "team_h_per_day": 8.0,
            "team_reach_km": 50.0,
            "transit_kph": 20.0,
            "sweep_kph": 4.0,
            "search_rate_km_per_h": 4.0,
            "render_safe_h": 3.0,
            **clearance,
        },
        routing={"daylight_start_h": 6.0},
        training={"trained_miss_ratio": 1.0},  # training matters to nobody
    )


def swept(record):
    return [row.time_h for row in happened(record, Kind.SWEPT)]


def test_a_day_is_a_drive_to_the_piece_and_a_sweep_at_walking_pace():
    record = run_scenario(a_team_every_day(), 1, 0)
    # The middle of the piece is 5 km away: a quarter of an hour; 10 km at 4 km/h take 2.5 h.
    expected = [day * DAY_H + 6.0 + 0.25 + 2.5 for day in range(30)]
    assert swept(record) == pytest.approx(expected)
    assert record.team_h.sum() == pytest.approx(30 * (0.5 + 2.5))


def test_the_books_show_when_a_piece_was_last_swept():
    model = ConvoyModel(a_team_every_day())
    model.advance_to(DAY_H)
    assert model.picture.last_swept_h[0] == pytest.approx(8.75)


def test_a_team_finds_what_is_there_once_it_has_swept_the_piece():
    model = ConvoyModel(a_team_every_day(fixed_find_probability=1.0))
    lay_device(model, at_km=3.0)
    model.advance_to(DAY_H)
    found = logged(model, Kind.FOUND)
    assert [(row.time_h, row.entity, row.cause, row.hours) for row in found] == [
        (pytest.approx(8.75), 1000, Cause.SWEEP, 3.0)
    ]
    assert logged(model, Kind.SWEPT)[0].hours == pytest.approx(2.5 + 3.0)
    assert model.live == {}


def test_a_team_finds_nothing_on_a_piece_that_it_has_not_finished():
    model = ConvoyModel(a_team_every_day(fixed_find_probability=1.0))
    lay_device(model, at_km=3.0)
    model.advance_to(8.7)
    assert logged(model, Kind.FOUND) == []


def test_a_sweep_is_a_trial_for_each_device():
    model = ConvoyModel(a_team_every_day())
    n_devices = 300
    for number in range(n_devices):
        lay_device(model, at_km=3.0, key=1000 + number)
    model.advance_to(9.0)
    q = find_probability(4.0, 2.5, 10.0)
    assert len(logged(model, Kind.FOUND)) == pytest.approx(n_devices * q, abs=33)  # 4 deviations


def test_the_next_sweep_has_luck_of_its_own():
    model = ConvoyModel(a_team_every_day(render_safe_h=0.0))
    n_devices = 300
    for number in range(n_devices):
        lay_device(model, at_km=3.0, key=1000 + number)
    model.advance_to(3 * DAY_H)
    q = find_probability(4.0, 2.5, 10.0)
    assert len(model.live) == pytest.approx(n_devices * (1 - q) ** 3, abs=15)


def test_making_devices_safe_can_use_up_the_day():
    # Two pieces of 5 km: half an hour of ways, 2.5 h of sweeping, 5 h left for what is found.
    pieces = {}
    for n_devices in (0, 1, 2):
        scenario = changed(
            a_team_every_day(fixed_find_probability=1.0),
            roads={"max_segment_km": 5.0, "near_camp_segment_km": 5.0},
        )
        model = ConvoyModel(scenario)
        for number in range(n_devices):
            lay_device(model, at_km=3.0, key=1000 + number, segment=1)  # the nearer piece
        model.advance_to(DAY_H)
        pieces[n_devices] = [row.segment for row in logged(model, Kind.SWEPT)]
    assert pieces == {0: [1, 0], 1: [1, 0], 2: [1]}


def test_a_share_of_days_is_a_share_of_days():
    n_days = 365
    scenario = changed(a_team_every_day(available_share=0.6), runs={"end": "2017-07-01"})
    assert len(swept(run_scenario(scenario, 1, 0))) == pytest.approx(0.6 * n_days, abs=38)


def test_a_fraction_of_a_team_goes_out_on_a_fraction_of_days():
    scenario = changed(a_team_every_day(people_per_team=70.0), runs={"end": "2017-07-01"})
    assert len(swept(run_scenario(scenario, 1, 0))) == pytest.approx(0.5 * 365, abs=39)


def test_people_beyond_one_team_make_another():
    model = ConvoyModel(a_team_every_day(people_per_team=10.0))
    assert [team.number for team in model.teams] == [1, 2, 3, 4]


def test_without_a_policy_nobody_sweeps():
    assert swept(run_scenario(a_team_every_day(policy="none"), 1, 0)) == []


def test_a_road_out_of_reach_is_not_swept():
    assert swept(run_scenario(a_team_every_day(team_reach_km=4.0), 1, 0)) == []


def test_a_trained_team_finds_more():
    finds = {}
    for level in (0.0, 1.0):
        scenario = changed(
            a_team_every_day(),
            training={
                "trained_miss_ratio": 0.3,
                "predeployment_by_contingent": {},
                "predeployment_level": level,
                "reference_level": 0.5,
            },
        )
        model = ConvoyModel(scenario)
        for number in range(300):
            lay_device(model, at_km=3.0, key=1000 + number)
        model.advance_to(9.0)
        finds[level] = len(logged(model, Kind.FOUND))
    assert finds[1.0] > finds[0.0] + 50


@pytest.mark.parametrize(
    ("chance", "concealment", "fixed", "expected"),
    [(0.4, 1.5, None, 0.6), (0.4, 0.5, None, 0.2), (0.9, 1.5, None, 1.0), (0.4, 1.5, 0.1, 0.1)],
)
def test_a_sweep_finds_by_concealment_unless_the_chance_is_fixed(
    chance, concealment, fixed, expected
):
    assert chance_on_device(chance, concealment, fixed) == pytest.approx(expected)


def test_two_teams_of_a_company_never_sweep_the_same_piece_on_one_day():
    scenario = a_month_on_the_triangle(
        clearance={"people_per_team": 9.0, "available_share": 1.0, "policy": "highest_risk"}
    )
    record = run_scenario(scenario, 1, 0)
    rows = happened(record, Kind.SWEPT)
    assert len({row.entity for row in rows}) == 4
    by_day = [(int(row.time_h // DAY_H), row.segment) for row in rows]
    assert len(by_day) == len(set(by_day)) > 100
