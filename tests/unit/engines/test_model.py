"""The model as a whole: time, the same bytes twice, and memory that does not grow."""

import gc
import weakref

import mesa
import pytest
from small_worlds import (
    a_month_on_the_triangle,
    all_bytes,
    an_empty_road,
    event_bytes,
    happened,
    two_fortnights_on_the_triangle,
)

from sim.engines import run_scenario
from sim.engines.reference import model as model_module
from sim.engines.reference.model import ConvoyModel, simulate_run
from sim.errors import ScenarioError
from sim.world.events import Kind
from sim.world.record import EVENT_COLUMNS
from sim.world.scenario import Engine


def test_a_step_lets_an_hour_pass():
    model = ConvoyModel(a_month_on_the_triangle())
    for hour in range(1, 50):
        model.step()
        assert model.now_h == float(hour)


def test_time_stops_at_the_end_of_the_run():
    model = ConvoyModel(a_month_on_the_triangle(runs={"end": "2016-07-02"}))
    for _ in range(30):
        model.step()
    assert model.now_h == 24.0
    assert model.running is False


@pytest.mark.smoke
def test_stepping_by_the_hour_and_running_to_the_end_are_the_same():
    stepped = ConvoyModel(two_fortnights_on_the_triangle(), 5, 2)
    while stepped.running:
        stepped.step()
    whole = ConvoyModel(two_fortnights_on_the_triangle(), 5, 2).run()
    assert event_bytes(stepped.ledger.close(5, 2)) == event_bytes(whole)
    assert stepped.ledger.vehicle_km == pytest.approx(whole.vehicle_km)


@pytest.mark.smoke
def test_the_same_run_gives_the_same_bytes():
    once, again = (run_scenario(a_month_on_the_triangle(), 1, 0) for _ in range(2))
    assert all_bytes(once) == all_bytes(again)
    assert once.names == again.names


def test_another_seed_or_run_gives_another_run():
    runs = [(1, 0), (1, 1), (2, 0), (2, 1)]
    assert len({event_bytes(run_scenario(a_month_on_the_triangle(), *luck)) for luck in runs}) == 4


def test_two_models_at_once_do_not_disturb_each_other():
    alone = event_bytes(run_scenario(a_month_on_the_triangle(), 1, 0))
    one = ConvoyModel(a_month_on_the_triangle(), 1, 0)
    other = ConvoyModel(a_month_on_the_triangle(), 1, 1)
    while one.running:
        one.advance_to(one.now_h + 13.0)
        other.advance_to(other.now_h + 29.0)
    assert event_bytes(one.ledger.close(1, 0)) == alone


def test_the_generators_of_mesa_decide_nothing():
    model = ConvoyModel(a_month_on_the_triangle(), 1, 0)
    model.random.seed(12345)
    model.rng.random(1000)
    before = model.random.getstate()
    record = model.run()
    assert event_bytes(record) == event_bytes(run_scenario(a_month_on_the_triangle(), 1, 0))
    assert model.random.getstate() == before


def test_events_have_their_columns_and_types():
    record = run_scenario(a_month_on_the_triangle(), 1, 0)
    assert {name: column.dtype.type for name, column in record.events.items()} == EVENT_COLUMNS
    empty = run_scenario(an_empty_road(runs={"end": "2016-07-02"}), 1, 0)
    assert {name: len(column) for name, column in empty.events.items()} == dict.fromkeys(
        EVENT_COLUMNS, 0
    )


def test_everything_in_the_event_table_has_a_readable_name():
    record = run_scenario(a_month_on_the_triangle(), 1, 0)
    for row in happened(record, *set(Kind) - {Kind.DECIDED}):
        assert record.names[row.entity]


def test_a_long_series_of_runs_does_not_grow(monkeypatch):
    models = []

    class Watched(ConvoyModel):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            models.append(weakref.ref(self))

    monkeypatch.setattr(model_module, "ConvoyModel", Watched)
    kept = getattr(mesa.Agent, "_ids", {})
    n_kept = len(kept)
    for run in range(60):
        simulate_run(a_month_on_the_triangle(runs={"end": "2016-07-08"}), 1, run)
    gc.collect()
    assert len(models) == 60
    assert [model for model in models if model() is not None] == []
    assert len(kept) == n_kept


def test_convoys_that_came_home_are_agents_no_more():
    model = ConvoyModel(a_month_on_the_triangle())
    n_agents = len(model.agents)
    model.run()
    assert len(model.agents) == n_agents + len(model.moving) + n_loading(model)


def n_loading(model):
    """Convoys at their destination, between arrival and the way back."""
    arrived = {row.entity for row in happened_in(model, Kind.ARRIVED)}
    returned = {row.entity for row in happened_in(model, Kind.RETURNED)}
    return len(arrived - returned - set(model.moving))


def happened_in(model, kind):
    return happened(model.ledger.close(1, 0), kind)


def test_an_engine_that_is_not_there_is_refused_with_those_that_are():
    scenario = a_month_on_the_triangle()
    object.__setattr__(scenario, "engine", object.__new__(Engine))
    object.__setattr__(scenario.engine, "name", "warp")
    with pytest.raises(ScenarioError, match=r"engine.name is 'warp'.* Allowed: batch, reference"):
        run_scenario(scenario, 1, 0)


def test_live_devices_are_counted_where_counting_begins():
    scenario = two_fortnights_on_the_triangle()
    record = run_scenario(scenario, 1, 0)
    n_live = 0
    for row in happened(record, *Kind):
        if row.time_h < scenario.clock().decision_h:
            n_live += row.kind is Kind.PLACED
            n_live -= row.kind in (Kind.FOUND, Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.EXPIRED)
    assert record.live_at_decision == n_live > 0


def test_every_agent_says_in_one_line_what_it_is():
    model = ConvoyModel(a_month_on_the_triangle())
    while not model.moving:
        model.step()
    shown = {}
    for agent in model.agents:
        shown.setdefault(type(agent).__name__, repr(agent))
    assert {"Camp", "Unit", "Convoy", "MilitantCell", "ClearanceTeam"} <= shown.keys()
    for kind in ("Camp", "Unit", "Convoy", "MilitantCell", "ClearanceTeam"):
        assert shown[kind].startswith(f"<{kind} ")
        assert len(shown[kind]) < 100
    assert "people, stock" in repr(model.camp_by_name["north"])
    assert "`running` is True until the end" in (ConvoyModel.__doc__ or "")
