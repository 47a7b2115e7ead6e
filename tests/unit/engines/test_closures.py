"""Camps that close: who leaves, what becomes of orders, trucks and the camps behind."""

import math

import pytest
from small_worlds import (
    DAY_H,
    a_chain_with_a_hub,
    a_month_on_the_triangle,
    a_supplied_chain,
    an_empty_road,
    changed,
    decided_from,
    happened,
    lay_device,
    logged,
    reinforced,
)

from sim.api import load_scenario
from sim.engines import run_scenario
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.model import ConvoyModel
from sim.errors import ScenarioError
from sim.results.counts import Rows, movement
from sim.world.events import Cause, Kind
from sim.world.world import build_world

WAY_H = 25 / 60 + 25 / 40 + 25 / 10 + 25 / 25 + 2.0
DAY_10 = "2016-07-11"
BY_ROAD = {"withdrawal_road_share": 1.0}


def closing(scenario, day=DAY_10, camp="fifth", **groups):
    return changed(changed(scenario, force={"closures": {camp: day}}, supply=BY_ROAD), **groups)


def of_withdrawals(record):
    return [
        row
        for row in happened(record, Kind.DEPARTED, Kind.ARRIVED)
        if row.cause is Cause.WITHDRAWAL
    ]


# Who leaves.


def test_everybody_leaves_on_the_day_and_drives_to_the_hub_from_dawn():
    record = run_scenario(closing(a_supplied_chain()), 1, 0)
    left = happened(record, Kind.UNIT_LEFT)
    (closed,) = happened(record, Kind.CAMP_CLOSED)
    far, hub = record.camp_ids.index("fifth"), record.camp_ids.index("first")
    assert [row.time_h for row in left] == [10 * DAY_H] * 2
    assert (closed.time_h, closed.camp, closed.strength) == (10 * DAY_H, far, 170.0)
    leaves, arrives = of_withdrawals(record)
    assert (leaves.kind, leaves.camp, leaves.time_h) == (Kind.DEPARTED, hub, 10 * DAY_H + 6.0)
    assert (arrives.kind, arrives.camp, arrives.hours) == (Kind.ARRIVED, hub, pytest.approx(WAY_H))
    assert record.names[leaves.other] == "fifth/Second/infantry/01"
    assert record.names[leaves.entity] == "convoy fifth-first, withdrawal"
    assert record.troop_days.sum(axis=0)[far] == pytest.approx(10 * 170.0)


@pytest.mark.parametrize(("share", "n_vehicles"), [(1.0, 29), (0.33, 10), (0.0, 0)])
def test_those_who_are_not_flown_out_fill_so_many_vehicles(share, n_vehicles):
    # 170 people and 56.1 of them, six to a vehicle, over 100 km.
    quiet = closing(a_supplied_chain(), "2016-07-03", runs={"end": "2016-07-05"})
    record = run_scenario(changed(quiet, supply={"withdrawal_road_share": share}), 1, 0)
    assert record.vehicle_km[LOGISTICS].sum() == pytest.approx(n_vehicles * 100.0)
    assert len(of_withdrawals(record)) == (2 if n_vehicles else 0)
    assert len(happened(record, Kind.CAMP_CLOSED)) == 1


def test_a_withdrawal_is_no_supply_convoy_where_journeys_are_counted():
    quiet = closing(a_supplied_chain(), "2016-07-03", runs={"end": "2016-07-05"})
    record = run_scenario(quiet, 1, 0)
    assert len(of_withdrawals(record)) == 2
    assert record.journey_h.sum() == record.undisturbed_h.sum() == 0.0
    moved = movement(Rows(record), quiet, build_world(quiet).network)
    assert moved["convoy_journeys"] == 0
    assert moved["convoys_arrived"] == 0


def test_an_empty_camp_closes_without_a_convoy(tmp_path):
    record = run_scenario(closing(a_chain_with_a_hub(tmp_path), camp="third"), 1, 0)
    assert [row.strength for row in happened(record, Kind.CAMP_CLOSED)] == [0.0]
    assert of_withdrawals(record) == []


def test_a_withdrawal_is_struck_like_any_convoy():
    scenario = closing(
        a_supplied_chain(threat={"fixed_find_probability": 0.0, "fixed_strike_probability": 1.0})
    )
    model = ConvoyModel(scenario)
    model.advance_to(9 * DAY_H)
    lay_device(model, 1.0, segment=int(model.world.network.n_segments) - 1)
    model.advance_to(12 * DAY_H)
    (struck,) = logged(model, Kind.STRUCK)
    (leaves,) = [row for row in logged(model, Kind.DEPARTED) if row.cause is Cause.WITHDRAWAL]
    assert (struck.other, struck.cause) == (leaves.entity, Cause.CONVOY)


def test_nobody_patrols_sweeps_or_comes_to_a_camp_that_is_closed():
    triangle = changed(
        # Teams work from dawn to dawn, so that the camp closes on them.
        a_month_on_the_triangle(
            clearance={"available_share": 1.0, "team_h_per_day": 24.0, "sweep_kph": 2.0}
        ),
        force={
            "closures": {"north": DAY_10},
            "reinforcements": {
                **reinforced(camp="north", arrival="2016-07-16"),
                "teams": reinforced(camp="north", unit_type="eod", arrival="2015-07-16")["package"],
            },
        },
    )
    model = ConvoyModel(triangle)
    model.run()
    there = [unit for unit in model.units if unit.company.camp == "north"]
    teams = {team.key for team in model.teams if team.unit in there}
    swept_h = [row.time_h for row in logged(model, Kind.SWEPT) if row.entity in teams]
    assert swept_h
    assert max(swept_h) < 10 * DAY_H
    assert [unit.strength for unit in there] == [0.0] * 3
    assert model.camp_by_name["north"].garrison == 0.0
    comings = logged(model, Kind.UNIT_ARRIVED, Kind.UNIT_LEFT)
    assert [row.time_h for row in comings] == [10 * DAY_H] * 2
    n_at_closing = {unit.key: unit.n_patrols for unit in there}
    again = ConvoyModel(triangle)
    again.advance_to(10 * DAY_H)
    assert {
        unit.key: unit.n_patrols for unit in again.units if unit.key in n_at_closing
    } == n_at_closing


def test_convoys_by_the_clock_stop_with_the_camp():
    periodic = an_empty_road(supply={"process": "periodic", "process_rate_per_day": 1.0})
    (far,) = [camp for camp in build_world(periodic).camps if camp.hub is not None]
    record = run_scenario(closing(periodic, camp=far.node_id), 1, 0)
    sent_h = [
        row.time_h for row in happened(record, Kind.DEPARTED) if row.cause is not Cause.WITHDRAWAL
    ]
    assert sent_h == [day * DAY_H for day in range(1, 10)]


# Orders.


def test_a_camp_that_closes_orders_no_more_than_it_will_eat():
    model = ConvoyModel(closing(a_supplied_chain(), "2016-07-13"))
    model.advance_to(5 * DAY_H + 7.0)
    # 6.75 days are left: 114.75 t, against 80.75 t in stock.
    (load,) = model.camp_by_name["first"].waiting
    assert load.weight_t == pytest.approx(6.75 * 17.0 - 80.75)
    model.advance_to(12 * DAY_H - 1e-6)
    model.camp_by_name["fifth"].settle()
    assert model.camp_by_name["fifth"].stock_t == pytest.approx(0.0, abs=1e-4)
    assert model.ledger.stockout_person_days.sum() == pytest.approx(0.0, abs=1e-3)
    model.run()
    assert len(logged(model, Kind.ORDERED)) == 1


def decided_to_close(before, day, camp="fifth"):
    """The camp closes on the day of the decision, to everybody's surprise."""
    before = changed(before, runs={"decision_date": day}, supply=BY_ROAD)
    return decided_from(before, force={"closures": {camp: day}})


def test_an_order_that_has_not_left_is_cancelled():
    record = run_scenario(decided_to_close(a_supplied_chain(), "2016-07-07"), 1, 0)
    assert len(happened(record, Kind.ORDERED)) == 1
    assert len(happened(record, Kind.CAMP_CLOSED)) == 1
    assert [row.cause for row in happened(record, Kind.DEPARTED)] == [Cause.WITHDRAWAL]


def test_a_load_that_finds_the_camp_closed_is_brought_back(tmp_path):
    # It leaves `third` on day 7 at 20 km a day and arrives on day 9; the camp closed on day 8.
    scenario = a_chain_with_a_hub(
        tmp_path,
        routing={"threatened_km_per_day": 20.0},
        supply={"unescorted_hubs": {"first": True}},
    )
    model = ConvoyModel(decided_to_close(scenario, "2016-07-09"))
    hub, far = model.camp_by_name["third"], model.camp_by_name["fifth"]
    model.advance_to(7 * DAY_H + 7.0)
    (load,) = hub.on_road
    weight_t = load.weight_t
    model.advance_to(8 * DAY_H + 1.0)
    assert far.is_closed
    before_t = hub.stock_t
    while load in hub.on_road:
        model.step()
    rows = [row for row in logged(model, Kind.ARRIVED, Kind.RETURNED) if row.entity == load.key]
    assert [row.kind for row in rows] == [Kind.ARRIVED, Kind.RETURNED]
    assert rows[0].time_h > 9 * DAY_H
    assert hub.stock_t == pytest.approx(before_t + weight_t)
    assert far.stock_t == 0.0
    assert hub.n_trucks_out == 0
    assert hub.on_road == []


# What the hub takes over.


def test_the_hub_takes_over_the_camps_behind_with_their_loads_and_trucks(tmp_path):
    model = ConvoyModel(decided_to_close(a_chain_with_a_hub(tmp_path), "2016-07-07", "third"))
    first, third, fifth = (model.camp_by_name[name] for name in ("first", "third", "fifth"))
    model.advance_to(6 * DAY_H - 1.0)
    (load,) = third.waiting
    assert [load.destination.name for load in first.waiting] == ["third"]
    model.advance_to(6 * DAY_H + 1.0)
    assert first.waiting == [load]
    assert load.home is first
    assert fifth.hub is first
    assert first.supplied == [fifth]
    assert first.trucks == 80.0
    assert model.ledger.names[load.key] == "convoy first-fifth 1"
    model.run()
    assert model.ledger.stockout_person_days.sum() == 0.0
    arrivals = [row.camp for row in logged(model, Kind.ARRIVED)]
    assert set(arrivals) == {fifth.index}
    assert len(arrivals) >= 3


def test_a_camp_that_was_taken_over_is_reached_under_escort(tmp_path):
    record = run_scenario(
        decided_to_close(a_chain_with_a_hub(tmp_path), "2016-07-07", "third"), 1, 0
    )
    assert all(row.other for row in happened(record, Kind.DEPARTED))


def test_trucks_on_the_road_come_home_to_who_took_over(tmp_path):
    # The load leaves `third` on day 7; the hub closes on day 8, while it unloads or drives.
    model = ConvoyModel(decided_to_close(a_chain_with_a_hub(tmp_path), "2016-07-09", "third"))
    first, third = model.camp_by_name["first"], model.camp_by_name["third"]
    model.advance_to(8 * DAY_H - 0.5)
    assert third.n_trucks_out == 9
    n_of_first = first.n_trucks_out
    model.advance_to(8 * DAY_H + 0.5)
    assert (third.n_trucks_out, first.n_trucks_out) == (0, n_of_first + 9)
    model.run()
    assert first.n_trucks_out == sum(load.n_trucks for load in first.on_road)
    assert first.n_trucks_out <= first.trucks
    back = {row.entity for row in logged(model, Kind.RETURNED)}
    assert {row.entity for row in logged(model, Kind.ARRIVED)} - back <= {
        load.key for load in first.on_road
    }


def test_trucks_that_reach_a_hub_that_closed_drive_on(tmp_path):
    # Home from `fifth` at 20 km a day they are on the road when `third` closes.
    scenario = a_chain_with_a_hub(
        tmp_path,
        routing={"threatened_km_per_day": 20.0},
        supply={"unescorted_hubs": {"first": True}, "loading_h": 1.0},
    )
    model = ConvoyModel(decided_to_close(scenario, "2016-07-12", "third"))
    first, fifth = model.camp_by_name["first"], model.camp_by_name["fifth"]
    model.advance_to(11 * DAY_H - 0.5)
    (load,) = model.camp_by_name["third"].on_road
    assert load.weight_t == 0.0  # delivered, on the way home
    model.run()
    (back,) = [row for row in logged(model, Kind.RETURNED) if row.entity == load.key]
    assert back.camp == fifth.index
    # 50 km to `third` and 50 more to `first`, at 20 km a day.
    delivered_h = next(row.time_h for row in logged(model, Kind.ARRIVED) if row.entity == load.key)
    assert back.time_h - delivered_h > 3.5 * DAY_H
    assert load not in first.on_road


def test_two_camps_that_close_on_one_day_drive_to_the_next_that_is_open(tmp_path):
    chain = a_chain_with_a_hub(tmp_path)
    chain = changed(chain, force={"closures": {"third": DAY_10, "fifth": DAY_10}}, supply=BY_ROAD)
    record = run_scenario(chain, 1, 0)
    first = record.camp_ids.index("first")
    assert [row.camp for row in of_withdrawals(record)] == [first, first]
    assert [record.camp_ids[row.camp] for row in happened(record, Kind.CAMP_CLOSED)] == [
        "fifth",
        "third",
    ]


# When, and what cannot be.


def test_nothing_closes_before_the_decision():
    before = changed(a_supplied_chain(), runs={"decision_date": "2016-07-21"}, supply=BY_ROAD)
    early = decided_from(before, force={"closures": {"fifth": "2016-07-03"}})
    closed = happened(run_scenario(early, 1, 0), Kind.CAMP_CLOSED)
    assert [row.time_h for row in closed] == [20 * DAY_H]


def test_a_closure_after_the_end_leaves_no_trace():
    late = closing(a_supplied_chain(), "2020-01-01")
    never = changed(late, force={"closures": {}})
    assert list(happened(run_scenario(late, 1, 0), *Kind)) == list(
        happened(run_scenario(never, 1, 0), *Kind)
    )


@pytest.mark.parametrize(
    ("camp", "message"),
    [
        ("first", r"force\.closures names 'first'.*source of supply.*Allowed: fifth"),
        ("fith", r"no such camp in toy_chain.*Did you mean 'fifth'"),
    ],
)
def test_a_camp_that_cannot_close_is_named(camp, message):
    with pytest.raises(ScenarioError, match=message):
        build_world(closing(a_supplied_chain(), camp=camp))


def test_a_day_that_is_none_is_named():
    with pytest.raises(ScenarioError, match=r"force\.closures\.fifth is '31 October'"):
        closing(a_supplied_chain(), "31 October")


# One operation of which much is known.


@pytest.fixture(scope="module")
def the_last_convoy_from_kidal():
    """848 people leave Kidal on 31 October; nobody places anything but what a test lays."""
    scenario = load_scenario(
        "baseline_2016",
        overrides={
            "threat": "none",
            "runs.start": "2016-10-30",
            "runs.decision_date": "2016-10-30",
            "runs.end": "2016-11-30",
            "runs.warm_up_days": 0,
            "force.patrol_process": "none",
            "force.closures": {"kidal": "2016-10-31"},
        },
    )
    at_kidal = sum(
        company.before.strength
        for company in build_world(scenario).companies
        if company.camp == "kidal"
    )
    return changed(scenario, supply={"withdrawal_road_share": 848.0 / at_kidal})


def drive(scenario, n_devices=0):
    """The withdrawal convoy when it sets out, and the rows of its way."""
    model = ConvoyModel(changed(scenario, threat={"fixed_strike_probability": 1.0}))
    while not any(convoy.source_key for convoy in withdrawing(model)):
        model.step()
    (convoy,) = withdrawing(model)
    journey, n_vehicles, n_people = convoy.journey, convoy.n_vehicles, convoy.n_people
    legs = len(journey.segments)
    for number in range(n_devices):
        segment = int(journey.segments[(number + 1) * legs // (n_devices + 1)])
        lay_device(model, 0.1, key=1000 + number, segment=segment, concealment=0.0)
    model.run()
    (arrived,) = [row for row in logged(model, Kind.ARRIVED) if row.cause is Cause.WITHDRAWAL]
    return journey.length_km, n_vehicles, n_people, arrived.hours / DAY_H, model


def withdrawing(model):
    keys = {row.entity for row in logged(model, Kind.DEPARTED) if row.cause is Cause.WITHDRAWAL}
    return [convoy for key, convoy in model.moving.items() if key in keys]


def test_the_last_convoy_from_kidal_is_as_large_and_as_slow_as_reported(the_last_convoy_from_kidal):
    length_km, n_vehicles, n_people, days, _ = drive(the_last_convoy_from_kidal)
    assert n_vehicles == math.ceil(848 / 6)  # 143 in the reports
    assert n_people == pytest.approx(848, abs=6)
    assert length_km == pytest.approx(350.0, rel=0.1)
    assert 350.0 / 86.0 <= days <= 8.0  # unhindered by any device; 86 km is the best day reported


def test_six_strikes_on_the_way_from_kidal_cost_the_days_reported(the_last_convoy_from_kidal):
    _, _, _, days, model = drive(the_last_convoy_from_kidal, n_devices=6)
    assert len(logged(model, Kind.STRUCK)) == 6
    assert 8.0 / 1.5 <= days <= 8.0 * 1.5


def test_under_a_threat_several_times_that_of_2016_the_last_convoy_is_struck_as_reported():
    """Six strikes were reported; 2 to 13 are plausible (a Poisson band), not a fit.

    The model's threat is that of 2016, under which such a convoy is struck less than once on
    average. By how much the threat of 2023 was higher is not in the sources: five times is assumed.
    """
    scenario = load_scenario(
        "baseline_2016",
        overrides={
            "runs.start": "2016-10-01",
            "runs.decision_date": "2016-10-01",
            "runs.end": "2016-11-15",
            "runs.warm_up_days": 150,
            "force.closures": {"kidal": "2016-10-31"},
            "threat.attempts_per_month": 105.0,
            "threat.attempts_ceiling_factor": 50.0,
        },
    )
    n_struck = []
    for run in range(4):
        record = run_scenario(scenario, 3, run)
        (convoy,) = [row for row in of_withdrawals(record) if row.kind is Kind.DEPARTED]
        n_struck.append(sum(row.other == convoy.entity for row in happened(record, Kind.STRUCK)))
    # About seven runs in eight lie in the band, so that fewer than two of four is one in a hundred.
    assert sum(2 <= n <= 13 for n in n_struck) >= 2
