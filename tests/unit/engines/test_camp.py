"""Stock, orders, trucks and escorts, with numbers worked out on paper (`a_supplied_chain`)."""

import math

import pytest
from small_worlds import (
    DAY_H,
    a_chain_with_a_hub,
    a_month_on_the_triangle,
    a_supplied_chain,
    add_row,
    changed,
    decided_from,
    happened,
    lay_device,
    logged,
    reinforced,
    three_camps_along_a_road,
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
    scenario = a_supplied_chain(supply={"trucks_by_hub": {"first": 0.0}})
    record = run_scenario(scenario, 1, 0)
    wait = only_wait(record)
    assert (wait.cause, wait.time_h) == (Cause.NO_TRUCKS, 7 * DAY_H + 6.0)
    assert happened(record, Kind.DEPARTED) == []


def test_a_convoy_is_no_larger_than_its_hub_has_trucks():
    # The orders of day 5 fill 9 trucks; the hub has 8.
    few = a_supplied_chain(supply={"trucks_by_hub": {"first": 8.0}})
    record = run_scenario(few, 1, 0)
    left = happened(record, Kind.DEPARTED)
    assert left[0].time_h == 7 * DAY_H + 6.0
    assert len(left) > 3
    # There and back, so many kilometres of so many trucks; the last is still on the road.
    first = run_scenario(changed(few, runs={"end": "2016-07-11"}), 1, 0)
    assert first.vehicle_km[LOGISTICS].sum() == pytest.approx(8 * 200.0)


@pytest.mark.parametrize("levers", [{"trucks_by_hub": {"first": 4.0}}, {"load_vehicles": 4}])
def test_loads_that_are_too_large_from_the_decision_on_are_cut(levers):
    scenario = a_supplied_chain(runs={"decision_date": "2016-07-07"})  # ordered and not ready
    record = run_scenario(decided_from(scenario, supply=levers), 1, 0)
    cut = [row for row in happened(record, Kind.ORDERED) if row.time_h == 6 * DAY_H]
    assert [row.hours for row in cut] == [DAY_H + 6.0] * 2  # 9 trucks are 4, 4 and 1
    left = [row.time_h for row in happened(record, Kind.DEPARTED)]
    assert left[0] == 7 * DAY_H + 6.0
    assert len(left) >= 3
    weights = ConvoyModel(decided_from(scenario, supply=levers))
    weights.advance_to(6 * DAY_H + 1.0)
    waiting = weights.camp_by_name["first"].waiting
    assert [load.n_trucks for load in waiting] == [4, 4, 1]
    assert sum(load.weight_t for load in waiting) == pytest.approx(far_camp(weights).on_order_t)


def test_loads_that_never_leave_are_seen_to_wait():
    # Ready on day 7 at 6:00, in July to the end of August.
    scenario = a_supplied_chain(
        supply={"trucks_by_hub": {"first": 0.0}}, runs={"end": "2016-09-01"}
    )
    record = run_scenario(scenario, 1, 0)
    assert record.wait_h.tolist() == pytest.approx([24 * DAY_H - 6.0, 31 * DAY_H])


def test_a_wait_counts_in_the_periods_in_which_it_was_waited():
    """Trucks come with the decision: 2 days and 18 hours before it, 6 hours after."""
    before = a_supplied_chain(
        supply={"trucks_by_hub": {"first": 0.0}}, runs={"decision_date": "2016-07-11"}
    )
    record = run_scenario(decided_from(before, supply={"trucks_by_hub": {"first": 40.0}}), 1, 0)
    (left,) = happened(record, Kind.DEPARTED)[:1]
    assert left.hours == 3 * DAY_H
    assert record.wait_h[0] == pytest.approx(2 * DAY_H + 18.0)
    assert record.wait_h[1] >= 6.0
    every = sum(row.hours for row in happened(record, Kind.DEPARTED))
    assert record.wait_h.sum() == pytest.approx(every)


ESCORTED = {"unescorted_hubs": {}, "min_escort_vehicles": 4, "escort_vehicles": 15}


def test_a_load_without_an_escort_waits_and_says_so_once():
    # 13 vehicles of 20 are 260 people, 14 are 280: more than the 270 of the largest company.
    scenario = a_supplied_chain(
        supply={**ESCORTED, "min_escort_vehicles": 14},
        force={"vehicle_occupants": 20, "company_size": 300.0},
    )
    record = run_scenario(scenario, 1, 0)
    assert only_wait(record).cause is Cause.NO_ESCORT
    assert happened(record, Kind.DEPARTED) == []
    enough = run_scenario(changed(scenario, supply={"min_escort_vehicles": 13}), 1, 0)
    assert happened(enough, Kind.WAITED, Kind.DEPARTED)[0].kind is Kind.DEPARTED


@pytest.fixture
def a_hub_on_the_way(tmp_path):
    """The chain with a hub and no people at `third`, which supplies `fifth`."""
    return a_chain_with_a_hub(tmp_path)


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


def test_so_many_companies_of_infantry_stay_in_camp():
    # Of two companies at the hub one may be away, so the second escort comes from the destination.
    busy = a_supplied_chain(
        supply={
            **ESCORTED,
            "load_vehicles": 2,
            "min_escort_vehicles": 2,
            "initial_stock_days": 6.0,
            "escort_share": 0.5,
        }
    )
    assert escorts_of(busy)[:2] == ["first/First/infantry/01", "fifth/Second/infantry/01"]
    without_limit = escorts_of(changed(busy, supply={"escort_share": 1.0}))
    assert without_limit[:2] == ["first/First/infantry/01", "first/First/infantry/02"]


def test_companies_made_for_escorts_are_not_held_back_in_camp():
    scenario = a_supplied_chain(
        supply={**ESCORTED, "load_vehicles": 2, "escort_share": 0.0, "initial_stock_days": 6.0},
        force={"reinforcements": a_convoy_company(strength=270.0)},
    )
    assert [name.split("/")[1] for name in escorts_of(scenario)[:2]] == ["package", "package"]


def a_convoy_company(**unit):
    return reinforced(camp="first", unit_type="combat_convoy", arrival="2015-01-01", **unit)


def escorts_of(scenario):
    """Names of the companies that escorted, in order of departure."""
    model = ConvoyModel(scenario)
    model.run()
    return [model.ledger.names[row.other] for row in logged(model, Kind.DEPARTED)]


@pytest.mark.parametrize(("per_month", "gap_days"), [(2.0, 15.21875), (1.0, 30.4375)])
def test_a_convoy_company_makes_so_many_operations_a_month(per_month, gap_days):
    model = ConvoyModel(
        a_supplied_chain(
            supply={**ESCORTED, "combat_convoy_operations_per_month": per_month},
            force={"reinforcements": a_convoy_company()},
        )
    )
    while not logged(model, Kind.RETURNED):
        model.step()
    left = logged(model, Kind.DEPARTED)[0]
    escort = next(unit for unit in model.units if unit.key == left.other)
    assert escort.company.unit_type == "combat_convoy"
    assert escort.escort_free_h == pytest.approx(left.time_h + gap_days * DAY_H)


# When to leave, by choice.

SWEEPING = {
    "process": "periodic",
    "process_rate_per_day": 0.1,
    "team_reach_km": 1000.0,
    "convoy_lead_h": 48.0,
}
"""Every piece is swept at midnight of day 10, 20 and so on."""


def departures(scenario):
    record = run_scenario(scenario, 1, 0)
    return [(row.time_h, row.hours) for row in happened(record, Kind.DEPARTED)], [
        (row.time_h, row.cause) for row in happened(record, Kind.WAITED)
    ]


def test_a_load_waits_until_its_way_was_swept():
    chain = a_supplied_chain(
        clearance=SWEEPING,
        supply={"departure": "after_sweep", "departure_patience_days": 20.0, "swept_share": 1.0},
    )
    left, waited = departures(chain)
    assert waited[0] == (7 * DAY_H + 6.0, Cause.NOT_SWEPT)
    assert left[0] == (10 * DAY_H + 6.0, 3 * DAY_H)


def test_a_load_is_patient_for_so_many_days():
    chain = a_supplied_chain(
        clearance=SWEEPING,
        supply={"departure": "after_sweep", "departure_patience_days": 2.0, "swept_share": 1.0},
    )
    assert departures(chain)[0][0] == (9 * DAY_H + 6.0, 2 * DAY_H)
    assert departures(changed(chain, supply={"departure_patience_days": 0.0}))[1] == []


def test_where_no_team_works_nobody_waits_for_a_sweep():
    chain = a_supplied_chain(
        clearance={**SWEEPING, "team_reach_km": 0.0},
        supply={"departure": "after_sweep", "departure_patience_days": 20.0, "swept_share": 1.0},
    )
    assert departures(chain) == departures(changed(chain, supply={"departure": "as_ready"}))


def test_a_load_that_waits_by_choice_lets_those_to_other_camps_go(tmp_path):
    # Teams work on the last 20 km before `fifth`; the way to `third` asks for no sweep.
    scenario = a_chain_with_a_hub(
        tmp_path,
        clearance={**SWEEPING, "process_rate_per_day": 0.0, "team_reach_km": 20.0},
        supply={"departure": "after_sweep", "departure_patience_days": 20.0},
    )
    model = ConvoyModel(scenario)
    hub = model.camp_by_name["first"]
    for name in ("fifth", "third", "fifth"):
        hub.take_order(model.camp_by_name[name], 10.0)
    for load in hub.waiting:
        load.ready_h = 0.0
    model.advance_to(6.5)
    assert [(load.destination.name, load.lacks) for load in hub.waiting] == [
        ("fifth", Cause.NOT_SWEPT),
        ("fifth", Cause.NOT_SWEPT),
    ]
    assert [load.destination.name for load in hub.on_road] == ["third"]


def test_a_load_that_lacks_something_holds_up_those_behind_it(a_hub_on_the_way):
    model = ConvoyModel(a_hub_on_the_way)
    hub = model.camp_by_name["first"]
    for name, weight_t in (("fifth", 410.0), ("third", 10.0)):
        hub.take_order(model.camp_by_name[name], weight_t)
    for load in hub.waiting:
        load.ready_h = 0.0
    model.advance_to(6.5)
    assert [load.lacks for load in hub.waiting] == [Cause.NO_TRUCKS, Cause.NONE]
    assert hub.on_road == []


BUNDLED = {"departure": "bundled", "departure_patience_days": 3.0, "load_vehicles": 9}


def test_a_load_that_is_not_full_waits_for_more():
    # The order of day 5 fills 9 trucks; of 10 that a convoy could have, one is free.
    left, waited = departures(a_supplied_chain(supply={**BUNDLED, "load_vehicles": 10}))
    assert waited[0] == (7 * DAY_H + 6.0, Cause.NOT_FULL)
    assert left[0] == (10 * DAY_H + 6.0, 3 * DAY_H)
    full, nobody = departures(a_supplied_chain(supply={**BUNDLED, "target_days": 10.2}))
    assert nobody == []
    assert full[0][1] == 0.0


def test_loads_to_one_camp_leave_as_one_convoy():
    model = ConvoyModel(a_supplied_chain(supply={**BUNDLED, "load_vehicles": 35}))
    hub = model.camp_by_name["first"]
    model.advance_to(1.0)
    for weight_t in (101.0, 102.0, 7.0):
        hub.take_order(far_camp(model), weight_t)
        far_camp(model).on_order_t += weight_t
    for load in hub.waiting:
        load.ready_h = 0.0
    model.advance_to(3 * DAY_H + 6.5)
    # 11 + 11 + 1 trucks are patient for three days and then leave as 21, full to the brim.
    (left,) = logged(model, Kind.DEPARTED)
    assert left.time_h == 3 * DAY_H + 6.0
    assert hub.n_trucks_out == 21
    assert model.ledger.wait_h.sum() == pytest.approx(3 * (3 * DAY_H + 6.0))
    before_t = stock_at(model, 4 * DAY_H)
    assert before_t == pytest.approx(170.0 + 210.0 - 4 * 17.0)
    assert far_camp(model).on_order_t == pytest.approx(0.0, abs=1e-9)


def test_what_does_not_fit_waits_for_the_next_convoy():
    model = ConvoyModel(a_supplied_chain(supply={**BUNDLED, "load_vehicles": 20}))
    hub = model.camp_by_name["first"]
    for weight_t in (110.0, 100.0):
        hub.take_order(far_camp(model), weight_t)
    for load in hub.waiting:
        load.ready_h = 0.0
    model.advance_to(6.5)
    # 11 and 10 trucks are more than 20: the first is as good as full, the second waits for more.
    assert hub.n_trucks_out == 11
    assert [load.n_trucks for load in hub.waiting] == [10]
    assert hub.waiting[0].lacks is Cause.NOT_FULL


# Loads to camps along one road.

TO_THIRD_H = 25 / 60 + 25 / 40
TO_FOURTH_H = TO_THIRD_H + 25 / 10
NO_ORDERS = {"initial_stock_days": 100.0}
FIRST_DAWN_H = 6.0


def with_loads(model, *loads, hub="first"):
    """The model with loads of so many tonnes that are ready at its first dawn."""
    sender = model.camp_by_name[hub]
    for name, weight_t in loads:
        sender.take_order(model.camp_by_name[name], weight_t)
        model.camp_by_name[name].on_order_t += weight_t
    for load in sender.waiting:
        load.ready_h = 0.0
    return model


def on_the_road(tmp_path, *loads, **supply):
    scenario = three_camps_along_a_road(tmp_path, supply={**NO_ORDERS, **supply})
    return with_loads(ConvoyModel(scenario), *loads)


@pytest.mark.parametrize("in_this_order", [("fifth", "third"), ("third", "fifth")])
def test_loads_to_camps_along_one_road_travel_together_and_are_dropped_on_the_way(
    tmp_path, in_this_order
):
    tonnes = {"third": 50.0, "fifth": 101.0}
    model = on_the_road(tmp_path, *((name, tonnes[name]) for name in in_this_order))
    first, third, fifth = (model.camp_by_name[name] for name in ("first", "third", "fifth"))
    model.advance_to(FIRST_DAWN_H + 0.5)
    assert first.n_trucks_out == 5 + 11
    model.advance_to(80.5)
    (left,) = logged(model, Kind.DEPARTED)
    (joined,) = logged(model, Kind.JOINED)
    at_third, at_fifth = logged(model, Kind.ARRIVED)
    (home,) = logged(model, Kind.RETURNED)
    # The farthest load names the convoy.
    assert model.ledger.names[left.entity] == "convoy first-fifth 1"
    assert model.ledger.names[joined.entity] == "convoy first-third 1"
    assert (left.camp, joined.camp) == (fifth.index, third.index)
    assert left.entity == joined.other == at_third.entity == at_fifth.entity == home.entity
    # 6:00 to 7:02; a day of unloading; 5.5 h of road; a day; back until 17:00 and from 6:00 on.
    assert (at_third.camp, at_fifth.camp) == (third.index, fifth.index)
    assert at_third.time_h == pytest.approx(FIRST_DAWN_H + TO_THIRD_H)
    assert at_fifth.time_h == pytest.approx(FIRST_DAWN_H + WAY_H + 24.0)
    assert [at_third.hours, at_fifth.hours] == pytest.approx([TO_THIRD_H, WAY_H + 24.0])
    back_h = WAY_H + 13.0
    assert (home.time_h, home.hours) == (
        pytest.approx(36.5417 + 24.0 + back_h, abs=1e-3),
        (pytest.approx(back_h)),
    )
    # Stops are no journey, and nobody was held up.
    assert model.ledger.journey_h.sum() == pytest.approx(WAY_H + back_h)
    assert model.ledger.undisturbed_h.sum() == pytest.approx(WAY_H + back_h)
    for camp, eaten_t in ((third, 8.5), (fifth, 17.0)):
        camp.settle()
        assert camp.on_order_t == 0.0
        days = model.now_h / DAY_H
        assert camp.stock_t == pytest.approx(100 * eaten_t + tonnes[camp.name] - days * eaten_t)
    assert (first.n_trucks_out, first.on_road) == (0, [])


def test_a_convoy_stops_three_times_and_drives_all_its_trucks_all_the_way(tmp_path):
    model = on_the_road(tmp_path, ("fourth", 30.0), ("fifth", 40.0), ("third", 20.0))
    model.run()
    names = [model.camps[row.camp].name for row in logged(model, Kind.ARRIVED)]
    assert names == ["third", "fourth", "fifth"]
    assert len(logged(model, Kind.JOINED)) == 2
    # Nine trucks, 200 km.
    assert model.ledger.vehicle_km[LOGISTICS].sum() == pytest.approx(9 * 200.0)


def test_loads_of_one_camp_are_one_load_of_the_convoy(tmp_path):
    model = on_the_road(tmp_path, ("third", 15.0), ("fifth", 40.0), ("third", 15.0))
    model.advance_to(FIRST_DAWN_H + 0.5)
    hub = model.camp_by_name["first"]
    # Two half-filled trucks are one full truck, but loads of two camps share none.
    assert [(load.destination.name, load.n_trucks) for load in hub.on_road] == [
        ("third", 3),
        ("fifth", 4),
    ]
    assert len(logged(model, Kind.JOINED)) == 2
    assert model.ledger.wait_h.sum() == pytest.approx(3 * FIRST_DAWN_H)


def test_loads_wait_for_others_along_their_road_and_no_longer_than_their_patience(tmp_path):
    model = on_the_road(tmp_path, ("fifth", 100.0), departure_patience_days=7.0, load_vehicles=20)
    model.advance_to(2 * DAY_H)
    with_loads(model, ("third", 50.0))
    model.advance_to(3 * DAY_H)
    assert logged(model, Kind.DEPARTED) == []
    with_loads(model, ("fourth", 50.0))
    model.advance_to(4 * DAY_H)
    # 10 + 5 + 5 trucks fill the convoy at the next dawn.
    (left,) = logged(model, Kind.DEPARTED)
    assert left.time_h == 3 * DAY_H + 6.0
    assert {row.cause for row in logged(model, Kind.WAITED)} == {Cause.NOT_FULL}
    assert len(logged(model, Kind.JOINED)) == 2


def test_camps_on_two_roads_have_convoys_of_their_own(tmp_path):
    # `third` is the hub of `fifth` to its east and of `second` to its west.
    scenario = a_chain_with_a_hub(
        tmp_path, supply={**NO_ORDERS, "departure": "bundled", "departure_patience_days": 0.0}
    )
    add_row(
        tmp_path / "toy_chain" / "camps.csv",
        node_id="second",
        sector="Field",
        share_2014="0",
        share_2015="0",
        share_2016="0",
        supply_hub="third",
        hub_basis="toy",
    )
    model = with_loads(ConvoyModel(scenario), ("fifth", 10.0), ("second", 10.0), hub="third")
    model.advance_to(FIRST_DAWN_H + 0.5)
    assert len(logged(model, Kind.DEPARTED)) == 2
    assert logged(model, Kind.JOINED) == []


def test_a_load_along_the_road_that_does_not_fit_sends_the_first_off_at_once(tmp_path):
    model = on_the_road(
        tmp_path, ("third", 110.0), ("fifth", 100.0), load_vehicles=20, departure_patience_days=3.0
    )
    model.advance_to(FIRST_DAWN_H + 0.5)
    hub = model.camp_by_name["first"]
    assert [load.destination.name for load in hub.on_road] == ["third"]
    assert [load.lacks for load in hub.waiting] == [Cause.NOT_FULL]


def test_a_load_that_fills_a_convoy_goes_alone_and_others_wait_on(tmp_path):
    model = on_the_road(
        tmp_path, ("third", 110.0), ("fifth", 200.0), load_vehicles=20, departure_patience_days=3.0
    )
    model.advance_to(FIRST_DAWN_H + 0.5)
    hub = model.camp_by_name["first"]
    assert [load.destination.name for load in hub.on_road] == ["fifth"]
    assert [load.lacks for load in hub.waiting] == [Cause.NOT_FULL]


def test_what_the_hub_has_no_trucks_for_does_not_hold_up_the_first(tmp_path):
    model = on_the_road(tmp_path, ("third", 100.0), ("fifth", 100.0), trucks_by_hub={"first": 15.0})
    model.advance_to(FIRST_DAWN_H + 0.5)
    hub = model.camp_by_name["first"]
    assert [load.destination.name for load in hub.on_road] == ["third"]
    assert [load.lacks for load in hub.waiting] == [Cause.NO_TRUCKS]
    model.run()
    assert len(logged(model, Kind.ARRIVED)) == 2


def test_one_escort_in_proportion_to_all_trucks_goes_the_whole_way(tmp_path):
    model = on_the_road(tmp_path, ("third", 100.0), ("fifth", 40.0), **ESCORTED)
    model.advance_to(FIRST_DAWN_H + 0.5)
    (convoy,) = model.moving.values()
    assert (convoy.n_load, convoy.n_escort) == (14, 6)
    (left,) = logged(model, Kind.DEPARTED)
    escort = next(unit for unit in model.units if unit.key == left.other)
    while not logged(model, Kind.RETURNED):
        assert escort.escort_free_h == math.inf
        model.step()
    assert {row.other for row in logged(model, Kind.ARRIVED, Kind.RETURNED)} == {escort.key}
    home_h = logged(model, Kind.RETURNED)[0].time_h
    assert escort.escort_free_h == pytest.approx(home_h + 3 * DAY_H)


def last_piece(model):
    """The last piece of road before `fifth`, and the driving hours from `first` up to it."""
    way = model.routes.way_of_convoy(model.camp_by_name["first"], far_camp(model), False)
    return int(way.segments[-1]), float(way.drive_h[-2])


def test_trucks_and_devices_meet_on_every_stretch(tmp_path):
    scenario = three_camps_along_a_road(
        tmp_path,
        supply=NO_ORDERS,
        threat={"fixed_find_probability": 1.0},
        routing={"find_halt_h": 2.0},
    )
    model = with_loads(ConvoyModel(scenario), ("third", 10.0), ("fifth", 10.0))
    lay_device(model, 1.0, segment=last_piece(model)[0])
    model.advance_to(FIRST_DAWN_H + WAY_H + 24.0 + 2.5)
    (found,) = logged(model, Kind.FOUND)
    assert found.other == logged(model, Kind.DEPARTED)[0].entity
    arrivals = [row.hours for row in logged(model, Kind.ARRIVED)]
    assert arrivals == pytest.approx([TO_THIRD_H, WAY_H + 24.0 + 2.0])
    assert (model.ledger.journey_h - model.ledger.undisturbed_h).sum() == pytest.approx(2.0)


def closing_on(day, camp, tmp_path, **supply):
    scenario = three_camps_along_a_road(tmp_path, supply={**NO_ORDERS, **supply})
    return changed(scenario, force={"closures": {camp: f"2016-07-{day + 1:02d}"}})


def test_a_camp_that_closes_while_the_convoy_unloads_elsewhere_is_left_out(tmp_path):
    model = ConvoyModel(closing_on(1, "fifth", tmp_path, withdrawal_road_share=0.0))
    with_loads(model, ("third", 10.0), ("fourth", 10.0), ("fifth", 10.0))
    model.run()
    names = [model.camps[row.camp].name for row in logged(model, Kind.ARRIVED)]
    assert names == ["third", "fourth"]
    (home,) = logged(model, Kind.RETURNED)
    assert home.hours == pytest.approx(TO_FOURTH_H)
    assert model.camp_by_name["first"].n_trucks_out == 0
    assert model.ledger.vehicle_km[LOGISTICS].sum() == pytest.approx(3 * 150.0)


def test_a_camp_on_the_way_that_has_closed_is_passed_and_its_load_comes_home(tmp_path):
    # `fourth` closes at midnight, while the convoy stands at `third`.
    model = ConvoyModel(closing_on(1, "fourth", tmp_path, withdrawal_road_share=0.0))
    with_loads(model, ("third", 10.0), ("fourth", 10.0), ("fifth", 10.0))
    model.run()
    arrivals = logged(model, Kind.ARRIVED)
    assert [model.camps[row.camp].name for row in arrivals] == ["third", "fifth"]
    assert arrivals[1].hours == pytest.approx(WAY_H + 24.0)
    assert model.camp_by_name["first"].n_trucks_out == 0


def test_a_convoy_that_finds_a_camp_on_its_way_closed_goes_on_from_there(tmp_path):
    # At 20 km a day it drives from `first` to `third` on days 0 to 2; `third` closes on day 1.
    scenario = changed(
        closing_on(1, "third", tmp_path, withdrawal_road_share=0.0, **ESCORTED),
        routing={"threatened_km_per_day": 20.0},
    )
    model = with_loads(ConvoyModel(scenario), ("third", 10.0), ("fifth", 20.0))
    fifth = model.camp_by_name["fifth"]
    model.advance_to(29 * DAY_H)
    at_third, at_fifth = logged(model, Kind.ARRIVED)
    assert at_third.time_h > 2 * DAY_H
    assert model.camps[at_fifth.camp].name == "fifth"
    assert model.camp_by_name["third"].stock_t == 0.0
    fifth.settle()
    assert fifth.stock_t == pytest.approx(1700.0 + 20.0 - 17.0 * 29)
    assert logged(model, Kind.RETURNED)


def test_a_convoy_is_expected_on_the_ways_to_all_its_camps(tmp_path):
    model = on_the_road(tmp_path, ("third", 10.0), ("fifth", 10.0))
    beyond, drive_h = last_piece(model)
    due_h = FIRST_DAWN_H + 24.0 + drive_h
    for time_h in (FIRST_DAWN_H + 0.5, FIRST_DAWN_H + TO_THIRD_H + 5.0, 33.0):
        model.advance_to(time_h)
        assert model.routes.convoy_due_h()[beyond] == pytest.approx(due_h)
    model.advance_to(40.0)
    assert model.routes.convoy_due_h()[beyond] == math.inf


def test_the_way_to_each_camp_is_the_one_that_its_own_load_would_take(tmp_path):
    model = on_the_road(tmp_path, ("third", 10.0), ("fifth", 10.0))
    asked = []
    way_of_convoy = model.routes.way_of_convoy

    def heard(origin, destination, is_escorted, luck=None):
        asked.append((origin.name, destination.name, luck))
        return way_of_convoy(origin, destination, is_escorted, luck)

    model.routes.way_of_convoy = heard
    model.advance_to(80.5)
    third, fifth = (model.camp_by_name[name].convoy_key for name in ("third", "fifth"))
    assert asked == [
        ("first", "third", (third, 0, 0)),
        ("third", "fifth", (fifth, 0, 0)),
        ("fifth", "first", (fifth, 0, 1)),
    ]


@pytest.mark.parametrize("departure", ["after_sweep", "bundled"])
def test_a_policy_that_costs_time_brings_everything_all_the_same(departure):
    record = run_scenario(
        a_month_on_the_triangle(supply={"departure": departure, "departure_patience_days": 2.0}),
        1,
        0,
    )
    assert {row.cause for row in happened(record, Kind.WAITED)} >= {
        Cause.NOT_SWEPT if departure == "after_sweep" else Cause.NOT_FULL
    }
    assert record.wait_h.sum() > 0.0
    assert happened(record, Kind.ARRIVED)
    assert record.stockout_person_days.sum() < 0.1 * record.troop_days.sum()
