"""Stock, orders, trucks and escorts, with numbers worked out on paper (`a_supplied_chain`)."""

import math

import pytest
from small_worlds import (
    DAY_H,
    a_supplied_chain,
    add_row,
    change_rows,
    changed,
    copy_of_theatre,
    happened,
    logged,
)

from sim.engines import run_scenario
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Cause, Kind

WAY_H = 25 / 60 + 25 / 40 + 25 / 10 + 25 / 25 + 2.0


def far_camp(model):
    return model.camp_by_name["fifth"]


def stock_at(model, time_h):
    model.advance_to(time_h)
    far_camp(model).settle()
    return far_camp(model).stock_t


def test_a_camp_eats_by_its_people_and_the_days():
    model = ConvoyModel(a_supplied_chain())
    assert far_camp(model).garrison == 170.0
    assert far_camp(model).consumption_t == pytest.approx(17.0)
    assert stock_at(model, 0.0) == pytest.approx(170.0)
    assert stock_at(model, 36.0) == pytest.approx(170.0 - 1.5 * 17.0)


def test_looking_at_a_stock_does_not_change_it():
    often, once = ConvoyModel(a_supplied_chain()), ConvoyModel(a_supplied_chain())
    for hour in range(1, 100):
        stock_at(often, float(hour))
    assert stock_at(often, 100.0) == pytest.approx(stock_at(once, 100.0))


def test_a_camp_orders_at_the_first_dawn_at_or_below_its_reorder_level():
    orders = happened(run_scenario(a_supplied_chain(), 1, 0), Kind.ORDERED)
    # Five days of stock are left after five days; the next dawn is that of day 5.
    assert orders[0].time_h == 5 * DAY_H + 6.0
    assert orders[0].hours == 2 * DAY_H


def test_an_order_brings_stock_and_orders_up_to_the_target():
    model = ConvoyModel(a_supplied_chain())
    model.advance_to(5 * DAY_H + 7.0)
    load = model.camp_by_name["first"].waiting[0]
    assert load.weight_t == pytest.approx(5.25 * 17.0)
    assert load.n_trucks == 9
    assert far_camp(model).on_order_t == pytest.approx(load.weight_t)


def test_a_load_leaves_arrives_and_comes_home_by_the_timetable():
    record = run_scenario(a_supplied_chain(), 1, 0)
    first = {row.kind: row for row in reversed(happened(record, *Kind))}
    leaves_h = 7 * DAY_H + 6.0
    arrives_h = leaves_h + WAY_H
    assert first[Kind.DEPARTED].time_h == leaves_h
    assert first[Kind.DEPARTED].hours == 0.0
    assert first[Kind.ARRIVED].time_h == pytest.approx(arrives_h)
    assert first[Kind.ARRIVED].hours == pytest.approx(WAY_H)
    # A day of unloading, a drive until 17:00, the rest on the next morning.
    home_h = 9 * DAY_H + 6.0 + (WAY_H - (17.0 - (arrives_h % DAY_H)))
    assert first[Kind.RETURNED].time_h == pytest.approx(home_h)


def test_a_load_fills_the_stock_on_arrival():
    model = ConvoyModel(a_supplied_chain())
    arrives_h = 7 * DAY_H + 6.0 + WAY_H
    before_t = stock_at(model, arrives_h - 1e-6)
    assert before_t == pytest.approx(170.0 - 17.0 * arrives_h / DAY_H)
    assert stock_at(model, arrives_h + 1e-6) == pytest.approx(before_t + 5.25 * 17.0)
    assert far_camp(model).on_order_t == pytest.approx(0.0)


def test_what_comes_in_is_what_is_eaten():
    model = ConvoyModel(a_supplied_chain(runs={"end": "2017-07-01"}))
    model.run()
    arrivals = logged(model, Kind.ARRIVED)
    eaten_t = 17.0 * 365
    assert far_camp(model).stock_t == pytest.approx(
        170.0 + 5.25 * 17.0 - eaten_t + 85.0 * (len(arrivals) - 1), abs=17.0 * len(arrivals) * 0.25
    )
    assert model.ledger.stockout_person_days.sum() == 0.0


def test_trucks_are_away_from_departure_to_return():
    model = ConvoyModel(a_supplied_chain())
    hub = model.camp_by_name["first"]
    model.advance_to(7 * DAY_H + 5.0)
    assert hub.n_trucks_out == 0
    model.advance_to(7 * DAY_H + 6.1)
    assert hub.n_trucks_out == 9
    model.advance_to(9 * DAY_H + 8.0)
    assert hub.n_trucks_out == 9
    model.advance_to(9 * DAY_H + 8.2)
    assert hub.n_trucks_out == 0


def test_traffic_is_trucks_times_the_way_there_and_back():
    record = run_scenario(a_supplied_chain(runs={"end": "2016-07-11"}), 1, 0)
    assert record.vehicle_km[LOGISTICS].sum() == pytest.approx(9 * 200.0)


def test_an_empty_store_counts_the_days_of_its_people():
    scenario = a_supplied_chain(
        supply={"initial_stock_days": 1.0, "trucks_by_hub": {"first": 0.0}},
        runs={"end": "2016-07-11"},
    )
    record = run_scenario(scenario, 1, 0)
    dry = record.stockout_person_days.sum(axis=0)
    assert dry[record.camp_ids.index("fifth")] == pytest.approx(9 * 170.0)
    assert dry[record.camp_ids.index("first")] == 0.0  # the source never runs dry
    assert record.troop_days.sum(axis=0).tolist() == pytest.approx([10 * 270.0, 10 * 170.0])


def test_stocks_at_the_beginning_lie_within_their_spread():
    stocks = [
        far_camp(
            ConvoyModel(a_supplied_chain(supply={"initial_stock_spread": 0.5}), 1, run)
        ).stock_t
        for run in range(30)
    ]
    assert len(set(stocks)) == 30
    assert min(stocks) >= 85.0
    assert max(stocks) <= 255.0
    assert max(stocks) - min(stocks) > 100.0


def test_a_camp_orders_as_soon_as_a_convoy_is_full_and_leaves_the_rest_for_another_day():
    model = ConvoyModel(a_supplied_chain(supply={"load_vehicles": 5, "reorder_days": 1.0}))
    model.advance_to(3 * DAY_H)
    assert model.camp_by_name["first"].waiting == []
    model.advance_to(4 * DAY_H)
    # At dawn of day 3 the target is missed by 55.25 t, and a full convoy carries 50 t.
    loads = model.camp_by_name["first"].waiting
    assert [(load.weight_t, load.n_trucks) for load in loads] == [(pytest.approx(50.0), 5)]
    assert far_camp(model).on_order_t == pytest.approx(50.0)


def test_a_large_order_is_made_of_full_convoys():
    model = ConvoyModel(
        a_supplied_chain(
            supply={"load_vehicles": 5, "reorder_days": 1.0, "initial_stock_days": 3.0}
        )
    )
    model.advance_to(7.0)
    # 7.25 days of need are missing, 123.25 t: two convoys of 50 t.
    loads = model.camp_by_name["first"].waiting
    assert [load.weight_t for load in loads] == pytest.approx([50.0, 50.0])


# Waiting.


def only_wait(record):
    waits = happened(record, Kind.WAITED)
    assert len(waits) == 1, "a wait is logged when it begins or its cause changes"
    return waits[0]


def test_a_load_without_trucks_waits_and_says_so_once():
    scenario = a_supplied_chain(supply={"trucks_by_hub": {"first": 8.0}})
    record = run_scenario(scenario, 1, 0)
    wait = only_wait(record)
    assert (wait.cause, wait.time_h) == (Cause.NO_TRUCKS, 7 * DAY_H + 6.0)
    assert happened(record, Kind.DEPARTED) == []


ESCORTED = {"unescorted_hubs": {}, "min_escort_vehicles": 4, "escort_vehicles": 15}


def test_a_load_without_an_escort_waits_and_says_so_once():
    # 4 vehicles of 30 are 120 people, 5 are 150: more than a company.
    scenario = a_supplied_chain(
        supply={**ESCORTED, "min_escort_vehicles": 5}, force={"vehicle_occupants": 30}
    )
    record = run_scenario(scenario, 1, 0)
    assert only_wait(record).cause is Cause.NO_ESCORT
    assert happened(record, Kind.DEPARTED) == []
    enough = changed(scenario, supply={"min_escort_vehicles": 4})
    assert happened(run_scenario(enough, 1, 0), Kind.WAITED) == []


@pytest.fixture
def a_hub_on_the_way(tmp_path):
    """The chain with a hub and no people at `third`, which supplies `fifth`."""
    folder = copy_of_theatre("toy_chain", tmp_path)
    add_row(
        folder / "camps.csv",
        node_id="third",
        sector="Field",
        share_2014="0",
        share_2015="0",
        share_2016="0",
        supply_hub="first",
        hub_basis="toy",
    )
    change_rows(folder / "camps.csv", {"node_id": "fifth"}, supply_hub="third")
    return a_supplied_chain(
        roads={"name": str(folder)},
        supply={
            "unescorted_hubs": {"first": True, "third": True},
            "trucks_by_hub": {"first": 40.0, "third": 40.0},
        },
    )


def test_a_hub_orders_for_itself_and_for_all_behind_it(a_hub_on_the_way):
    model = ConvoyModel(a_hub_on_the_way)
    hub = model.camp_by_name["third"]
    assert hub.consumption_t == 0.0
    assert hub.flow_t == pytest.approx(17.0)
    assert hub.stock_t == pytest.approx(170.0)
    model.advance_to(5 * DAY_H + 7.0)
    # What it owes counts at once: the order of `fifth` makes the hub order the same morning.
    assert hub.waiting[0].weight_t == pytest.approx(5.25 * 17.0)
    assert hub.on_order_t == pytest.approx(5.25 * 17.0)


def test_a_hub_counts_what_it_sends_once(a_hub_on_the_way):
    model = ConvoyModel(a_hub_on_the_way)
    model.advance_to(7 * DAY_H + 6.5)
    assert model.camp_by_name["third"].stock_t == pytest.approx(170.0 - 5.25 * 17.0)
    model.run()
    people = model.ledger.stockout_person_days.sum(axis=0)
    assert people.sum() == 0.0


def test_a_load_waits_for_the_stock_of_its_hub(a_hub_on_the_way):
    scenario = changed(
        a_hub_on_the_way,
        supply={
            "initial_stock_days": 6.0,
            "preparation_days": 0.0,
            "target_days": 30.0,
            "load_vehicles": 300,  # all in one convoy
            "trucks_by_hub": {"first": 300.0, "third": 300.0},
        },
    )
    record = run_scenario(scenario, 1, 0)
    waits = [row for row in happened(record, Kind.WAITED) if row.cause is Cause.NO_STOCK]
    hub_index, far_index = record.camp_ids.index("third"), record.camp_ids.index("fifth")
    assert len(waits) == 1
    assert waits[0].camp == far_index
    first_in = next(row for row in happened(record, Kind.ARRIVED) if row.camp == hub_index)
    first_out = next(row for row in happened(record, Kind.DEPARTED) if row.camp == far_index)
    assert waits[0].time_h < first_in.time_h < first_out.time_h
    assert first_out.hours == pytest.approx(first_out.time_h - waits[0].time_h)
    assert record.wait_h.sum() >= first_out.hours


def test_first_come_is_first_served(a_hub_on_the_way):
    record = run_scenario(changed(a_hub_on_the_way, supply={"load_vehicles": 3}), 1, 0)
    for camp in range(len(record.camp_ids)):
        ordered = [row.entity for row in happened(record, Kind.ORDERED) if row.camp == camp]
        departed = [row.entity for row in happened(record, Kind.DEPARTED) if row.camp == camp]
        assert departed == ordered[: len(departed)]


# Escorts.


def test_an_escort_is_in_proportion_with_a_least_number():
    hub = ConvoyModel(a_supplied_chain(supply=ESCORTED)).camp_by_name["first"]
    assert [hub.n_escort_vehicles(n) for n in (1, 9, 14, 35)] == [4, 4, 6, 15]
    none = ConvoyModel(a_supplied_chain(supply={**ESCORTED, "escort_vehicles": 0}))
    assert none.camp_by_name["first"].n_escort_vehicles(35) == 0


def test_an_escort_is_booked_until_it_has_come_home_and_rested():
    model = ConvoyModel(a_supplied_chain(supply={**ESCORTED, "escort_rest_days": 3.0}))
    model.advance_to(7 * DAY_H + 6.5)
    departed = logged(model, Kind.DEPARTED)[0]
    escort = next(unit for unit in model.units if unit.key == departed.other)
    assert escort.escort_free_h == math.inf
    assert not escort.can_escort(1.0)
    while not logged(model, Kind.RETURNED):
        assert escort.escort_free_h == math.inf
        model.step()
    home_h = logged(model, Kind.RETURNED)[0].time_h
    assert escort.escort_free_h == pytest.approx(home_h + 3 * DAY_H)
    model.advance_to(escort.escort_free_h + 0.1)
    assert escort.can_escort(1.0)


def test_an_escorted_convoy_is_slower_than_one_without():
    free = run_scenario(a_supplied_chain(), 1, 0)
    escorted = run_scenario(
        a_supplied_chain(supply=ESCORTED, routing={"threatened_km_per_day": 50.0}), 1, 0
    )
    way_h = [happened(record, Kind.ARRIVED)[0].hours for record in (free, escorted)]
    assert way_h[0] == pytest.approx(WAY_H)
    assert way_h[1] > 2 * DAY_H - 13.0  # 100 km at 50 km a day


def test_the_company_that_was_free_longest_escorts_then_the_first_by_name():
    model = ConvoyModel(a_supplied_chain(supply=ESCORTED))
    model.run()
    escorts = [row.other for row in logged(model, Kind.DEPARTED)]
    assert len(escorts) >= 4
    names = [model.ledger.names[key] for key in escorts]
    assert names[:4] == ["first/First/infantry/01", "first/First/infantry/02"] * 2
