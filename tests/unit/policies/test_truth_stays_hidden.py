"""A policy reads the picture: two mornings with the same picture have the same plan."""

import ast
from pathlib import Path

import numpy as np
import pytest
from small_worlds import a_convoy_at, a_month_on_the_triangle, changed, lay_device, logged

import sim.policies
from sim.engines.reference.model import ConvoyModel
from sim.policies.clearance import POLICIES as CLEARANCE
from sim.policies.patrols import POLICIES as PATROLS
from sim.policies.routing import POLICIES as ROUTING
from sim.world.events import Kind
from sim.world.world import surroundings

DAWN_H = 6.0


def a_model(clearance, routing, patrols="even", search_rate_km_per_h=2.8, **truth):
    """A quiet triangle whose team goes out every day and whose roads are all in use."""
    scenario = changed(
        a_month_on_the_triangle(),
        threat={"attempts_per_month": 0.0},
        force={"patrols_per_year": 0.0, "patrol_policy": patrols},
        clearance={
            "policy": clearance,
            "available_share": 1.0,
            "team_reach_km": 100.0,
            "search_rate_km_per_h": search_rate_km_per_h,
        },
        routing={"policy": routing, "detour_limit": 10.0},
        supply={"initial_stock_days": 0.0},  # convoys are ordered, and so expected, on day one
    )
    model = ConvoyModel(changed(scenario, **truth), seed=3)
    model.picture.passages[:] = 50.0
    return model


def plans_of(model, until_h):
    """What headquarters decided: pieces for every team, a convoy's ways, roads for patrols."""
    model.advance_to(until_h)
    west, north = model.camp_by_name["west"], model.camp_by_name["north"]
    return (
        [[stop.segment for stop in team.pieces] for team in model.teams],
        model.routes.way_of_convoy(west, north, True).segments.tolist(),
        model.routes.way_of_convoy(north, west, False).segments.tolist(),
        model.patrols.weights.tolist(),
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


def paint_a_picture(model):
    """A record of many months, other on every piece of road."""
    n_segments = len(model.length_km)
    model.picture.events_per_km[:] = np.linspace(0.0, 1.0, n_segments)
    model.picture.passages[:] = 50.0 + np.arange(n_segments) * 7 % 5 * 20.0
    model.picture.last_swept_h[:] = -24.0 * (1 + np.arange(n_segments) * 3 % 7)


OTHER_TRUTH = {
    "search_rate_km_per_h": 60.0,
    "threat": {
        "attempts_per_month": 0.0,
        "strike_probability_per_vehicle": 0.99,
        "find_probability_patrol": 0.01,
        "find_probability_convoy": 0.01,
        "concealment_low": 0.0,
        "others_hazard_per_day": 9.0,
        "expiry_mean_days": 0.5,
        "decoy_share": 1.0,
        "harm_probability": 1.0,
        "adaptive": False,
    },
    "politics": {"path": {"2016-07-01": 0.9}},
    "medical": {"untreated_death_probability": 0.9},
}


@pytest.mark.parametrize("routing", ROUTING)
@pytest.mark.parametrize("clearance", CLEARANCE)
def test_what_devices_and_cells_are_truly_like_changes_no_plan(clearance, routing):
    plans = []
    for truth in ({}, OTHER_TRUTH):
        model = a_model(clearance, routing, **truth)
        paint_a_picture(model)
        for cell in model.militants:
            cell.practice = 1000.0 if truth else 0.0
        plans.append(plans_of(model, DAWN_H + 1e-6))
    assert plans[0] == plans[1]
    assert bool(plans[0][0][0]) is (clearance != "none")


@pytest.mark.parametrize("patrols", PATROLS)
def test_neither_what_lies_on_the_roads_nor_what_it_is_like_tells_a_patrol_where_to_go(patrols):
    plans = []
    for truth in ({}, OTHER_TRUTH):
        model = a_model("none", "mixed", patrols, **truth)
        paint_a_picture(model)
        if truth:
            for segment in range(len(model.length_km)):
                lay_device(model, 0.5, key=1000 + segment, segment=segment)
            model.success[:] = model.pressure[:] = model.traffic[:] = 9.0
        plans.append(plans_of(model, DAWN_H + 1e-6))
    assert plans[0] == plans[1]
    assert (len(set(plans[0][3])) == 1) is (patrols == "even")


@pytest.mark.parametrize("routing", ["least_risk", "mixed"])
def test_a_convoy_that_asks_on_its_way_is_told_nothing_that_is_true(routing):
    ways = []
    for is_mined in (False, True):
        model = a_model("none", routing)
        paint_a_picture(model)
        west, north = model.camp_by_name["west"], model.camp_by_name["north"]
        journey = model.routes.way_of_convoy(west, north, True)
        convoy = a_convoy_at(model, journey, leg=2, along_km=0.25)
        if is_mined:
            for segment in set(range(len(model.length_km))) - set(journey.segments.tolist()):
                lay_device(model, 0.5, key=1000 + segment, segment=segment)
            model.success[:] = model.pressure[:] = model.traffic[:] = 9.0
        convoy.n_asked = 1
        changed_way = model.routes.way_from_here(convoy)
        ways.append((changed_way or journey).segments.tolist())
    assert ways[0] == ways[1]


@pytest.mark.parametrize("policy", [*CLEARANCE])
def test_devices_and_decoys_laid_in_the_night_change_nothing_that_is_decided_at_dawn(policy):
    """After ten days of patrols, convoys, sweeps, finds and strikes, the next dawn is the same."""
    dawns = {}
    for is_mined in (False, True):
        scenario = changed(
            a_month_on_the_triangle(),
            clearance={"policy": policy, "available_share": 1.0},
            routing={"policy": "mixed", "detour_limit": 3.0},
            threat={"decoy_share": 0.2},
            force={"patrol_policy": "highest_risk"},
        )
        model = ConvoyModel(scenario, seed=3)
        model.advance_to(10 * 24.0 + DAWN_H - 0.001)
        n_before = len(model.ledger.rows)
        if is_mined:
            for segment in range(len(model.length_km)):
                for number in range(4):
                    key = 1000 + 10 * segment + number
                    lay_device(model, 0.5, key=key, segment=segment, is_decoy=number == 0)
        n_laid = len(model.ledger.rows) - n_before
        model.advance_to(10 * 24.0 + DAWN_H + 1e-6)
        dawns[is_mined] = (
            plans_of(model, model.now_h),
            [row for row in model.ledger.rows[n_before + n_laid :] if row[1] != Kind.PASSED],
            model.hazard_told_per_km().tolist(),
        )
        assert len(logged(model, Kind.FOUND, Kind.STRUCK)) > 3
    assert dawns[False] == dawns[True]


@pytest.mark.parametrize("clearance", ["highest_risk", "ahead_of_convoy", "allocation"])
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
    then = plans_of(told, DAWN_H + 1e-6)[0][0]
    assert len(set(then) - set(first)) == 3
    assert len(set(then) & set(first)) == 1  # fits into the hours that are left


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
