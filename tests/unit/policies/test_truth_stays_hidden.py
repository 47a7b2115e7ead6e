"""A policy reads the picture: two mornings with the same picture have the same plan."""

import ast
from pathlib import Path

import numpy as np
import pytest
from small_worlds import a_month_on_the_triangle, changed, lay_device

import sim.policies
from sim.engines.reference.model import ConvoyModel
from sim.policies.clearance import POLICIES as CLEARANCE
from sim.policies.routing import POLICIES as ROUTING
from sim.world.world import surroundings

DAWN_H = 6.0


def a_model(clearance, routing):
    """A quiet triangle whose team goes out every day and whose roads are all in use."""
    scenario = changed(
        a_month_on_the_triangle(),
        threat={"attempts_per_month": 0.0},
        force={"patrol_process": "none"},
        clearance={"policy": clearance, "available_share": 1.0, "team_reach_km": 100.0},
        routing={"policy": routing, "detour_limit": 10.0},
        supply={"initial_stock_days": 0.0},  # convoys are ordered, and so expected, on day one
    )
    model = ConvoyModel(scenario, seed=3)
    model.picture.passages[:] = 50.0
    return model


def plans_of(model, until_h):
    """What headquarters decided: pieces for every team, and a convoy's ways."""
    model.advance_to(until_h)
    west, north = model.camp_by_name["west"], model.camp_by_name["north"]
    return (
        [list(team.pieces) for team in model.teams],
        model.way_of_convoy(west, north, True).segments.tolist(),
        model.way_of_convoy(north, west, False).segments.tolist(),
    )


def tell(model, segment):
    segments, _, per_km = surroundings(model.world.network, segment, 5.0)
    model.picture.hear_of_device(model.now_h, segments, 20.0 * per_km)


@pytest.mark.parametrize("road", ["West road", "South road", "Hill track"])
@pytest.mark.parametrize("routing", ROUTING)
@pytest.mark.parametrize("clearance", CLEARANCE)
def test_devices_that_nobody_has_met_change_no_plan(clearance, routing, road):
    quiet, mined = a_model(clearance, routing), a_model(clearance, routing)
    roads = mined.world.network.segments.road
    for segment in np.flatnonzero([name == road for name in roads]):
        for number in range(5):
            lay_device(mined, 0.5, key=1000 + 10 * int(segment) + number, segment=int(segment))
        # What cells remember is no picture either.
        mined.success[segment] = 9.0
        mined.pressure[segment] = 9.0
        mined.traffic[segment] = 999.0
    assert len(mined.live) >= 10
    until_h = DAWN_H + 1e-6
    assert plans_of(mined, until_h) == plans_of(quiet, until_h)


@pytest.mark.parametrize("clearance", ["highest_risk", "ahead_of_convoy"])
def test_a_device_that_was_told_of_changes_the_plan_of_clearance(clearance):
    plans = []
    for road in ("Hill track", "South road"):
        model = a_model(clearance, "shortest")
        roads = model.world.network.segments.road
        for segment in np.flatnonzero([name == road for name in roads]):
            tell(model, int(segment))
        plans.append(plans_of(model, DAWN_H + 1e-6)[0])
    assert plans[0] != plans[1]
    assert all(pieces for plan in plans for pieces in plan)


def test_a_sweep_that_was_told_of_moves_the_round_on():
    untold = a_model("fixed_round", "shortest")
    first = plans_of(untold, DAWN_H + 1e-6)[0][0]
    told = a_model("fixed_round", "shortest")
    for segment in first:
        told.picture.hear_of_sweep(told.now_h, segment)
    assert not set(plans_of(told, DAWN_H + 1e-6)[0][0]) & set(first)


def test_a_device_that_was_told_of_changes_the_safest_way():
    model = a_model("none", "least_risk")
    fresh = plans_of(model, 1.0)[1]
    for segment in fresh:
        tell(model, segment)
    assert plans_of(model, 2.0)[1] != fresh


def test_no_policy_imports_the_world_or_an_engine():
    folder = Path(sim.policies.__file__).parent
    files = list(folder.rglob("*.py"))
    assert len(files) > 8
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [n for n in names if n.startswith(("sim.world", "sim.engines"))], path
