"""Loads, trucks and orders add up in every small world, whatever closes and whoever waits."""

from collections import defaultdict

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from random_worlds import lucks, scenarios
from small_worlds import rows_of

from sim.engines.reference.model import ConvoyModel
from sim.world.events import Kind

PHASES = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
many = settings(phases=PHASES, suppress_health_check=[HealthCheck.too_slow])

COURSE = [Kind.DEPARTED, Kind.ARRIVED, Kind.RETURNED]


@given(scenarios(), lucks)
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


def loads_and_trucks_add_up(camp):
    assert camp.n_trucks_out == sum(load.n_trucks for load in camp.on_road)
    assert all(load.home is camp for load in (*camp.waiting, *camp.on_road))
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
    for row in rows_of(record):
        if row.kind in COURSE:
            courses[row.entity].append(row.kind)
    for course in courses.values():
        assert course == COURSE[: len(course)]
