"""Loads, trucks and orders add up in every small world, whatever closes and whoever waits."""

import re
from collections import Counter, defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from random_worlds import TOYS, lucks, scenarios
from small_worlds import (
    a_supplied_chain,
    add_row,
    changed,
    copy_of_theatre,
    happened,
    three_camps_along_a_road,
)

from sim.engines.reference.camp import Camp
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Kind

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
many = settings(phases=PHASES, suppress_health_check=[HealthCheck.too_slow])

COURSE = r"DEPARTED( ARRIVED)*( ARRIVED RETURNED)?"

_folder = TemporaryDirectory()
"""Kept until the tests are over: theatres with several camps along a road."""


def roads_with_camps():
    """A chain with three camps behind its hub, and a grid, with detours, that has two."""
    chain = three_camps_along_a_road(Path(_folder.name)).roads.name
    grid = copy_of_theatre("toy_grid", Path(_folder.name))
    add_row(
        grid / "camps.csv",
        node_id="r1c3",
        sector="Field",
        share_2014="0",
        share_2015="0",
        share_2016="0",
        supply_hub="r1c1",
        hub_basis="toy",
    )
    add_row(
        grid / "units.csv",
        camp="r1c3",
        contingent="Fourth",
        strength="70",
        unit_type="infantry",
        type_basis="toy",
        strength_basis="toy",
    )
    return [chain, str(grid)]


ROADS = roads_with_camps()


@given(scenarios(theatres=TOYS + ROADS), lucks)
@many
def test_loads_trucks_and_orders_add_up(scenario, luck):
    model = ConvoyModel(scenario, *luck)
    while model.running:
        model.advance_to(model.now_h + 31.0)
        for camp in model.camps:
            loads_and_trucks_add_up(camp)
            what_is_on_order_is_waiting_or_on_the_road(model, camp)
    record = model.ledger.close(*luck)
    every_convoy_departs_arrives_and_returns_in_this_order(record)
    every_load_leaves_once(record)


@given(scenarios(theatres=ROADS, is_decided=False), lucks, st.sampled_from([2, 5, 35]))
@many
def test_nothing_is_lost_or_delivered_twice_where_loads_travel_together(scenario, luck, most):
    model, books = bundled_run(scenario, luck, most)
    stocks_follow_from_the_books(model, books)


def bundled_run(scenario, luck, most=35):
    """A run in which loads are bundled and no camp closes, and who ordered what from whom."""
    scenario = changed(
        scenario,
        force={"closures": {}},
        supply={"departure": "bundled", "load_vehicles": most, "process": "policy"},
    )
    books = {"begin": {}, "ordered_by": Counter(), "ordered_from": Counter()}
    take_order = Camp.take_order

    def heard(hub, destination, weight_t):
        books["ordered_by"][destination.name] += weight_t
        books["ordered_from"][hub.name] += weight_t
        take_order(hub, destination, weight_t)

    with mock.patch.object(Camp, "take_order", heard):
        model = ConvoyModel(scenario, *luck)
        books["begin"] = {camp.name: camp.stock_t for camp in model.camps}
        while model.running:
            model.advance_to(model.now_h + 31.0)
            for camp in model.camps:
                loads_and_trucks_add_up(camp)
                what_is_on_order_is_waiting_or_on_the_road(model, camp)
                no_convoy_is_too_long(camp, most)
    return model, books


def no_convoy_is_too_long(camp, most):
    for load in camp.on_road:
        assert len(load.aboard) <= 1 or sum(one.n_trucks for one in load.aboard) <= most


def stocks_follow_from_the_books(model, books):
    """A stock is what it was, with all that has come, less what was sent and eaten."""
    ledger, kg = model.ledger, model.settings.supply.kg_per_person_day
    for camp in model.camps:
        if camp.hub is None:
            continue
        camp.settle()
        people_days = ledger.troop_days - ledger.stockout_person_days
        eaten_t = people_days.sum(axis=0)[camp.index] * kg / 1000.0
        came_t = books["ordered_by"][camp.name] - camp.on_order_t
        sent_t = books["ordered_from"][camp.name] - sum(load.weight_t for load in camp.waiting)
        assert camp.stock_t == pytest.approx(
            books["begin"][camp.name] + came_t - sent_t - eaten_t, abs=1e-6
        )


def loads_and_trucks_add_up(camp):
    assert camp.n_trucks_out == sum(load.n_trucks for load in camp.on_road)
    assert all(load.home is camp for load in (*camp.waiting, *camp.on_road))
    aboard = [one for load in camp.on_road for one in load.aboard]
    assert sorted(one.key for one in aboard) == sorted(load.key for load in camp.on_road)
    assert not any(load.destination.is_closed for load in camp.waiting)
    if camp.is_closed:
        assert not camp.waiting
        assert not camp.on_road
        assert camp.garrison == camp.stock_t == camp.on_order_t == 0.0


def what_is_on_order_is_waiting_or_on_the_road(model, camp):
    if camp.is_closed:
        return
    ordered_t = sum(
        load.weight_t
        for hub in model.camps
        for load in (*hub.waiting, *hub.on_road)
        if load.destination is camp
    )
    assert camp.on_order_t == pytest.approx(ordered_t, abs=1e-6)


def every_convoy_departs_arrives_and_returns_in_this_order(record):
    courses = defaultdict(list)
    for row in happened(record, Kind.DEPARTED, Kind.ARRIVED, Kind.RETURNED):
        courses[row.entity].append(row.kind.name)
    for course in courses.values():
        assert re.fullmatch(COURSE, " ".join(course))


def every_load_leaves_once(record):
    departed = happened(record, Kind.DEPARTED)
    joined = happened(record, Kind.JOINED)
    departed_h = {row.entity: row.time_h for row in departed}
    assert all(departed_h[row.other] == row.time_h for row in joined)
    n_left = Counter(row.entity for row in (*departed, *joined))
    assert set(n_left.values()) <= {1}
    # A convoy stops once for each load in it, at most.
    n_loads = Counter([*departed_h, *(row.other for row in joined)])
    n_stops = Counter(row.entity for row in happened(record, Kind.ARRIVED))
    assert all(n_stops[key] <= n_loads[key] for key in n_stops)


# The checks see what they are there for.


def loads_along_a_road():
    """The chain with three camps: their loads travel together every few days."""
    return a_supplied_chain(
        roads={"name": ROADS[0]}, force={"strength": 559.0}, supply={"departure_patience_days": 0.0}
    )


def loads_with_detours():
    """The grid with two camps; in the dry season one lies on the fastest way to the other."""
    return a_supplied_chain(
        roads={"name": ROADS[1], "wet_speed_factor": 1.0},
        force={"strength": 815.0},
        routing={"policy": "mixed", "detour_limit": 3.0},
        supply={"trucks_by_hub": {"r1c1": 100.0}, "departure_patience_days": 3.0},
    )


@pytest.mark.parametrize("scenario_of", [loads_along_a_road, loads_with_detours])
def test_in_the_worlds_that_are_checked_loads_travel_together(scenario_of):
    model, books = bundled_run(scenario_of(), (1, 0))
    record = model.ledger.close(1, 0)
    assert len(happened(record, Kind.JOINED)) >= 3
    stocks_follow_from_the_books(model, books)
    every_load_leaves_once(record)


def delivers_twice(deliver):
    def faulty(camp, convoy, load):
        brought = load.ahead[0]
        weight_t = brought.weight_t
        deliver(camp, convoy, load)
        brought.destination.stock_t += weight_t

    return faulty


def loses_what_others_brought(deliver):
    def faulty(camp, convoy, load):
        deliver(camp, convoy, load)
        for one in load.ahead:
            one.weight_t = 0.0

    return faulty


def forgets_the_trucks_of_others(come_home):
    def faulty(camp, convoy, load, home):
        load.aboard = [load]
        come_home(camp, convoy, load, home)

    return faulty


def takes_more_than_fit(together):
    def faulty(camp, load):
        return [one for one in camp.waiting if one.ready_h <= camp.model.now_h], True

    return faulty


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("_deliver", delivers_twice),
        ("_deliver", loses_what_others_brought),
        ("_come_home", forgets_the_trucks_of_others),
        ("_loads_together", takes_more_than_fit),
    ],
)
def test_a_planted_fault_is_seen(method, fault):
    faulty = fault(getattr(Camp, method))
    with mock.patch.object(Camp, method, faulty), pytest.raises(AssertionError):
        stocks_follow_from_the_books(*bundled_run(loads_along_a_road(), (1, 0), most=10))


def test_a_load_that_leaves_twice_is_seen():
    model, _ = bundled_run(loads_along_a_road(), (1, 0))
    joined = next(row for row in model.ledger.rows if row[1] is Kind.JOINED)
    model.ledger.rows.append(joined)
    with pytest.raises(AssertionError):
        every_load_leaves_once(model.ledger.close(1, 0))
