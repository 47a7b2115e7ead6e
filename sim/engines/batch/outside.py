"""Policies from outside the package: the kernel calls Python back, and acts on what it answers.

Compiled code knows the policies of the package by number. Where a scenario names another one, the
kernel fills in all that a policy may know and, in the middle of the act, calls a Python function by
its address. That builds the view which the reference engine would build, asks the policy, and
writes the answer into the state.
"""

import functools
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY
from sim.compiled import call_handler, callback, kernel
from sim.draws import uniform
from sim.engines.batch import acts
from sim.engines.batch.codes import STREAM_ROUTE_CHOICE
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import Status
from sim.errors import PolicyWarning
from sim.policies import clearance, patrols, routing
from sim.policies.family import Family
from sim.roads.places import Place, cut_edge, cut_value
from sim.rules.choice import chosen_option
from sim.world.patrol_roads import roads_out
from sim.world.scenario import Scenario

ASK_OUTSIDE = acts.ASK_OUTSIDE
FAMILIES: dict[str, Family[Any, Any]] = {
    "clearance.policy": clearance.POLICIES,
    "routing.policy": routing.POLICIES,
    "force.patrol_policy": patrols.POLICIES,
}
"""Settings that may name a policy from outside."""

SCORES = 0
WAY = 1
WAY_FROM_HERE = 2
WEIGHTS = 3
"""What is asked: scores of pieces of road, a way from junction to junction or from a place on the
road, weights of roads out of camps."""


def state_fields(shape: Shape) -> list[Any]:
    """The question about a way: its ends, the kind of traffic, the key of the draw, the place."""
    whole = ("source", "target", "pace", "entity", "other", "count", "edge", "segment")
    return [*((name, np.int64) for name in whole), ("share", np.float64)]


@kernel
def ask(state, world, settings, what):  # type: ignore[no-untyped-def]
    """Ask the policy from outside; where it raises, the run has failed."""
    call_handler(world.handlers.address[ASK_OUTSIDE], state, world, settings, what, 0)


@kernel
def ask_way(state, world, settings, source, target, pace, entity, other, count):  # type: ignore[no-untyped-def]
    """Fill in `way.edges` from junction to junction; none where the policy knows no way."""
    asked = state.outside
    asked.source, asked.target, asked.pace = source, target, pace
    asked.entity, asked.other, asked.count = entity, other, count
    state.way.n_edges = 0
    ask(state, world, settings, WAY)


@kernel
def ask_way_from(  # type: ignore[no-untyped-def]
    state, world, settings, edge, segment, share, target, pace, entity, other, count
):
    """The same from a place on the road, which is a junction of its own."""
    asked = state.outside
    asked.edge, asked.segment, asked.share = edge, segment, share
    asked.target, asked.pace = target, pace
    asked.entity, asked.other, asked.count = entity, other, count
    state.way.n_edges = 0
    ask(state, world, settings, WAY_FROM_HERE)


# What follows is Python, whether anything is compiled or not.


class _Desk(threading.local):
    """Tables and state of the run that this thread makes."""

    tables: Any = None
    state: Any = None


_desk = _Desk()


@contextmanager
def answering_for(tables: Any, state: Any) -> Iterator[None]:
    """Answer the questions of this run; a policy may itself make runs meanwhile."""
    before = _desk.tables, _desk.state
    _desk.tables, _desk.state = tables, state
    try:
        yield
    finally:
        _desk.tables, _desk.state = before


@callback
def answer(state: Any, world: Any, settings: Any, what: int, version: int) -> None:
    """Answer what the kernel asks; compiled code hands over addresses, so they go unread."""
    tables, state = _desk.tables, _desk.state
    if state.model.status >= Status.NO_ROOM:
        return  # nothing that happens until the kernel comes back counts any more
    try:
        scenario = tables.scenario
        if not state.model.is_decided and scenario.before is not None:
            scenario = scenario.before
        _ANSWERS[what](tables, state, scenario)
    except BaseException:
        state.model.status = Status.UNANSWERED  # the loop ends, and what was raised is raised
        raise


def _answer_scores(tables: Any, state: Any, scenario: Scenario) -> None:
    """Scores of pieces of road, by the view of `sim.engines.reference.team_orders`."""
    network, orders, settings = tables.of.network, state.orders, scenario.clearance
    n, n_bases = network.n_segments, int(orders.n_bases)
    view = clearance.ClearanceView(
        now_h=float(state.model.now_h),
        length_km=network.segments.length_km,
        hazard_per_km=orders.hazard_per_km[:n].copy(),
        passages_per_day=orders.passages_per_day[:n].copy(),
        last_swept_h=state.picture.last_swept_h[:n].copy(),
        convoy_due_h=orders.convoy_due_h[:n].copy(),
        convoy_lead_h=settings.convoy_lead_h,
        in_use_passages_per_day=settings.in_use_passages_per_day,
        stale_days=settings.stale_days,
        draws=orders.draws[:n].copy(),
        nearest_base=orders.nearest_base[:n].copy(),
        base_distance_km=orders.base_distance_km[:n].copy(),
        base_team_h_per_day=orders.base_team_h_per_day[:n_bases].copy(),
        team_h_per_day=settings.team_h_per_day,
        sweep_kph=settings.sweep_kph,
        transit_kph=settings.transit_kph,
        allocation_find_probability=settings.allocation_find_probability,
        allocation_contact_probability=settings.allocation_contact_probability,
        allocation_device_life_days=settings.allocation_device_life_days,
    )
    orders.scores[:n] = clearance.POLICIES.answer(settings.policy, view)


def _answer_weights(tables: Any, state: Any, scenario: Scenario) -> None:
    """Weights of roads out of camps, by the view of `sim.engines.reference.patrol_ways`."""
    world, force = tables.of, scenario.force
    n = world.network.n_segments
    out = roads_out(world.network, tuple(camp.junction for camp in world.camps))
    view = patrols.PatrolView(
        now_h=float(state.model.now_h),
        road_start=out.road_start,
        pieces=out.pieces,
        near_km=out.near_km,
        length_km=world.network.segments.length_km,
        reach_km=force.patrol_reach_km,
        hazard_per_km=state.picture.hazard_per_km[:n].copy(),
        convoy_due_h=state.patrols.due_h[:n].copy(),
        convoy_lead_h=scenario.clearance.convoy_lead_h,
    )
    weights = patrols.POLICIES.answer(force.patrol_policy, view)
    state.patrols.weights[: len(weights)] = weights


def _answer_way(tables: Any, state: Any, scenario: Scenario) -> None:
    """A way from junction to junction, by the view of `sim.engines.reference.routes`."""
    network, asked = tables.of.network, state.outside
    roads = Place(
        network.edge_from,
        network.adjacency_start,
        network.adjacency_edge,
        network.adjacency_junction,
    )
    travel_h = _edge_h(tables, state).copy()
    risk = state.routes.edge_risk[: network.n_edges].copy()
    _choose_way(state, scenario, travel_h, risk, roads, int(asked.source))


def _answer_way_from_here(tables: Any, state: Any, scenario: Scenario) -> None:
    """The same from a place, where an edge is cut in two."""
    network, asked, routes = tables.of.network, state.outside, state.routes
    edge, segment, share = int(asked.edge), int(asked.segment), float(asked.share)
    n, firsts = network.n_segments, network.edge_first_segment
    cut = cut_edge(
        network.edge_from,
        network.adjacency_start,
        network.adjacency_edge,
        network.adjacency_junction,
        edge,
    )
    travel_h = cut_value(
        _edge_h(tables, state).copy(), routes.piece_h[:n].copy(), firsts, edge, segment, share
    )
    risk = cut_value(
        routes.edge_risk[: network.n_edges].copy(),
        routes.piece_risk[:n].copy(),
        firsts,
        edge,
        segment,
        share,
    )
    _choose_way(state, scenario, travel_h, risk, Place(*cut), network.n_junctions)


def _edge_h(tables: Any, state: Any) -> NDArray[np.float64]:
    """Driving hours by edge of the traffic that asks, in this season."""
    world, model = tables.world[0], state.model
    is_wet = world.calendar.is_wet[int(model.now_h // HOURS_PER_DAY)]
    hours: NDArray[np.float64] = world.road.edge_h[model.is_decided, state.outside.pace, is_wet]
    return hours[: tables.of.network.n_edges]


def _choose_way(
    state: Any,
    scenario: Scenario,
    travel_h: NDArray[np.float64],
    risk_cost: NDArray[np.float64],
    roads: Place,
    source: int,
) -> None:
    """Ask for a plan, and let the draw of the convoy take one of its ways."""
    asked, model, way = state.outside, state.model, state.way
    limit = scenario.routing.detour_limit
    view = routing.RoutingView(travel_h, risk_cost, *roads, source, int(asked.target), limit)
    plan = routing.POLICIES.answer(scenario.routing.policy, view)
    n_ways = len(plan.probability)
    if len(plan.edges) == 0:
        return
    taken = 0
    if n_ways > 1:
        key = int(asked.entity), int(asked.other), int(asked.count)
        luck = uniform(int(model.seed), int(model.run), STREAM_ROUTE_CHOICE, *key)
        taken = chosen_option(luck, plan.probability, 0, n_ways)
    edges = plan.way(taken)
    way.edges[: len(edges)] = edges
    way.n_edges = len(edges)


_ANSWERS: dict[int, Callable[[Any, Any, Scenario], None]] = {
    SCORES: _answer_scores,
    WAY: _answer_way,
    WAY_FROM_HERE: _answer_way_from_here,
    WEIGHTS: _answer_weights,
}


@functools.cache
def say_slower(setting: str, name: str) -> None:
    """Say once what makes these runs slower."""
    warnings.warn(
        f"{setting}={name} is a policy from outside the package: runs give the same events in both "
        "engines, and are slower in the batch engine than with a policy of the package, since "
        "compiled code waits for Python each time that it asks.",
        PolicyWarning,
        stacklevel=2,
    )
