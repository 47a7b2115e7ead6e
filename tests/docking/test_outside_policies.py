"""Policies from outside the package: both engines ask them alike and act on the answer alike.

The batch engine calls Python back for them. Its kernel knows nothing of what they answer, so a
policy of the package under another name has to give what it gives under its own.
"""

import subprocess
import sys
import threading
import warnings
from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import dock
import numpy as np
import pytest
from small_worlds import a_busy_month_on_the_grid, changed, decided_from

from sim import load_scenario
from sim.engines.batch import outside, simulate_run
from sim.errors import PolicyError, PolicyWarning, ScenarioError, ScenarioWarning
from sim.policies import clearance, patrols, routing
from sim.policies.routing import RoutePlan
from sim.world.scenario import Scenario

FAMILIES = {"clearance": clearance, "routing": routing, "patrols": patrols}
PLACES = {
    "clearance": ("clearance", "policy"),
    "routing": ("routing", "policy"),
    "patrols": ("force", "patrol_policy"),
}
KNOWN = [(family, name) for family in FAMILIES for name in FAMILIES[family].POLICIES]
SEED, RUN = 7, 0

pytestmark = pytest.mark.filterwarnings("ignore::sim.errors.PolicyWarning")


def with_policies(scenario, **names):
    """The scenario under other policies: `with_policies(s, routing="mixed")`."""
    for family, name in names.items():
        group, setting = PLACES[family]
        scenario = changed(scenario, **{group: {setting: name}})
    return scenario


@cache
def month() -> Scenario:
    """A month in which teams have more to do than time, and convoys and patrols a choice."""
    return a_busy_month_on_the_grid(runs={"end": "2016-07-26"})


@cache
def mission() -> Scenario:
    """A month on the roads of the mission."""
    return load_scenario(
        "baseline_2016",
        {
            "runs.start": "2016-07-01",
            "runs.end": "2016-07-16",
            "runs.decision_date": "2016-07-01",
            "runs.warm_up_days": 20,
        },
    )


def twin_of(policy):
    """The same policy as a function that nobody knows."""
    return lambda view: policy(view)


def written_down(policy, seen):
    """The policy, which writes down every bit that it is shown and tries to spoil it."""

    def ask(view):
        shown = [type(view).__name__]
        for item in fields(view):
            value = getattr(view, item.name)
            shown.append(item.name)
            if isinstance(value, np.ndarray):
                flags = value.flags
                shown += [value.shape, value.dtype, flags.writeable, flags.c_contiguous]
                value = value.tobytes()
            shown += [type(value), value]
        seen.append(tuple(map(str, shown)))
        answer = policy(view)
        for name in ("hazard_per_km", "last_swept_h", "travel_h", "risk_cost", "convoy_due_h"):
            if hasattr(view, name):
                getattr(view, name)[:] = 9.0
        return answer

    return ask


# Policies unlike any of the package.


def by_many_things(view):
    """Scores that read all that a view of clearance holds."""
    is_due = np.isfinite(view.convoy_due_h)
    wait_h = np.where(is_due, view.convoy_due_h - view.now_h, 240.0)
    base_h = np.append(view.base_team_h_per_day, 0.0)[view.nearest_base]
    near = 1.0 / (1.0 + np.where(np.isfinite(view.base_distance_km), view.base_distance_km, 1e3))
    return (
        view.draws
        + view.hazard_per_km * view.passages_per_day
        + near * base_h
        + (view.now_h - view.last_swept_h) / (1.0 + wait_h)
    )


def now_and_then_the_fastest(view):
    """The ways of the mix in another order, or the safest way, by the hour."""
    mix = routing.POLICIES["mixed"](view)
    n_ways = len(mix.probability)
    if n_ways == 1:
        return routing.POLICIES["least_risk"](view)
    ways = [mix.way(number) for number in reversed(range(n_ways))]
    starts = np.cumsum([0, *map(len, ways)])
    chances = mix.probability[::-1] ** 0.5
    return RoutePlan(starts, np.concatenate(ways), list(chances / chances.sum()))


def where_nobody_expects_it(view):
    """Weights that read all that a view of patrols holds."""
    weights = []
    for road in range(len(view.road_start) - 1):
        along = slice(view.road_start[road], view.road_start[road + 1])
        pieces = view.pieces[along]
        is_due = (view.convoy_due_h[pieces] - view.now_h <= view.convoy_lead_h).sum()
        far = (view.near_km[along] > view.reach_km).sum()
        weights.append(1.0 + is_due + far + 1e4 * view.hazard_per_km[pieces].max())
    return weights


UNLIKE = {
    "clearance": by_many_things,
    "routing": now_and_then_the_fastest,
    "patrols": where_nobody_expects_it,
}


@pytest.fixture
def added(monkeypatch):
    """Adds a policy `mine` to a family for the time of one test."""
    return lambda family, policy: monkeypatch.setitem(FAMILIES[family].POLICIES, "mine", policy)


def difference(one, other):
    return dock.first_difference(one, other)


@cache
def known_run(family, name):
    return dock.batch(with_policies(month_for(family, name), **{family: name}), SEED, RUN)


def month_for(family, name):
    """The policy `shortest` alone never asks on the way."""
    if (family, name) == ("routing", "shortest"):
        return changed(month(), routing={"reroute_after_find": False})
    return month()


# --- the same events -----------------------------------------------------------------------------


@pytest.mark.parametrize(("family", "name"), KNOWN)
def test_a_twin_from_outside_gives_what_the_policy_gives(family, name, added):
    known = known_run(family, name)
    added(family, twin_of(FAMILIES[family].POLICIES[name]))
    twin = with_policies(month_for(family, name), **{family: "mine"})
    found = dock.batch(twin, SEED, RUN)
    assert found.record is not None
    assert difference(dock.reference(twin, SEED, RUN), found) is None
    if (family, name) == ("clearance", "none"):
        # Teams that are given nothing are told so, and those without a policy are told nothing.
        assert dock.difference_of_records(known.record, found.record) is None
    else:
        assert difference(known, found) is None


@pytest.mark.parametrize("family", FAMILIES)
def test_policies_of_a_family_differ_where_twins_are_compared(family):
    """Else a twin could be taken for another policy and nobody would see it."""
    runs = [known_run(family, name) for known, name in KNOWN if known == family]
    for place, run in enumerate(runs):
        assert all(difference(run, other) for other in runs[:place])


@pytest.mark.parametrize("family", FAMILIES)
def test_a_policy_unlike_all_others_is_asked_and_obeyed_alike_by_both_engines(family, added):
    seen = [], []
    runs = []
    for engine, views in zip((dock.reference, dock.batch), seen, strict=True):
        added(family, written_down(UNLIKE[family], views))
        runs.append(engine(with_policies(month(), **{family: "mine"}), SEED, RUN))
    assert difference(*runs) is None
    assert len(seen[0]) > 20
    assert seen[0] == seen[1]
    for known, name in KNOWN:
        if known == family:
            assert difference(known_run(known, name), runs[1]) is not None


def test_convoys_that_ask_on_their_way_are_shown_the_same_roads(added):
    seen = [], []
    for engine, views in zip((dock.reference, dock.batch), seen, strict=True):
        added("routing", written_down(now_and_then_the_fastest, views))
        engine(with_policies(month(), routing="mine"), SEED, RUN)
    shapes = {view[view.index("edge_from") + 1] for view in seen[1]}
    assert shapes == {"(12,)", "(13,)"}  # a road that is cut in two is one road more
    assert seen[0] == seen[1]


def test_the_picture_is_shown_where_convoys_take_the_fastest_way(added):
    """Convoys that look at the picture leave an estimate behind, which a policy could borrow."""
    seen = [], []
    runs = []
    for engine, views in zip((dock.reference, dock.batch), seen, strict=True):
        added("patrols", written_down(where_nobody_expects_it, views))
        scenario = with_policies(month(), routing="shortest", patrols="mine")
        runs.append(engine(scenario, SEED, RUN))
    assert difference(*runs) is None
    assert seen[0] == seen[1]


def test_all_three_from_outside_dock_on_the_roads_of_the_mission(added):
    seen = [], []
    runs = []
    for engine, views in zip((dock.reference, dock.batch), seen, strict=True):
        for family, policy in UNLIKE.items():
            added(family, written_down(policy, views))
        scenario = with_policies(mission(), clearance="mine", routing="mine", patrols="mine")
        runs.append(engine(scenario, SEED, RUN))
    assert difference(*runs) is None
    assert seen[0] == seen[1]
    assert {view[0] for view in seen[1]} == {"ClearanceView", "RoutingView", "PatrolView"}


@pytest.mark.parametrize("is_late", [False, True])
def test_a_policy_from_outside_may_begin_or_end_at_the_decision(is_late, added):
    for family, policy in UNLIKE.items():
        added(family, policy)
    known = replace(changed(month(), runs={"decision_date": "2016-07-11"}), name="known")
    mine = with_policies(known, clearance="mine", routing="mine", patrols="mine")
    before, after = (known, mine) if is_late else (mine, known)
    levers = {group: vars(getattr(after, group)) for group in ("clearance", "routing", "force")}
    scenario = decided_from(before, **levers)
    found = dock.batch(scenario, SEED, RUN)
    assert difference(dock.reference(scenario, SEED, RUN), found) is None
    assert difference(dock.batch(known, SEED, RUN), found) is not None


def test_threads_that_ask_at_one_time_do_not_disturb_each_other(added):
    for family, policy in UNLIKE.items():
        added(family, policy)
    scenarios = [
        with_policies(month(), **dict.fromkeys(families, "mine"))
        for families in (("clearance",), ("routing", "patrols"))
    ]
    alone = [[dock.batch(s, SEED, run) for run in range(4)] for s in scenarios]
    together: list[list[dock.Outcome]] = [[], []]

    def make(place):
        for run in range(4):
            together[place].append(dock.batch(scenarios[place], SEED, run))

    threads = [threading.Thread(target=make, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for place in range(2):
        assert len(together[place]) == 4
        for one, other in zip(alone[place], together[place], strict=True):
            assert difference(one, other) is None


def test_a_policy_may_itself_make_runs(added):
    alone = dock.batch(with_policies(month(), clearance="highest_risk"), SEED, RUN)
    rehearsals = []

    def after_a_rehearsal(view):
        if len(rehearsals) < 3:
            rehearsals.append(dock.batch(with_policies(month(), clearance="none"), SEED, RUN))
        return clearance.POLICIES["highest_risk"](view)

    added("clearance", after_a_rehearsal)
    found = dock.batch(with_policies(month(), clearance="mine"), SEED, RUN)
    assert difference(alone, found) is None
    assert difference(rehearsals[0], rehearsals[2]) is None


# --- faults that are planted ---------------------------------------------------------------------


def other_luck(monkeypatch):
    drawn = outside.uniform
    monkeypatch.setattr(outside, "uniform", lambda *key: drawn(*key[:-1], key[-1] + 1))


def first_of_the_ways(monkeypatch):
    monkeypatch.setattr(outside, "chosen_option", lambda *_: 0)


def spoil(what, part, array):
    """Show a policy one array in the wrong order."""

    def plant(monkeypatch):
        sound = outside._ANSWERS[what]

        def answer(tables, state, scenario):
            values = getattr(getattr(state, part), array)
            n = np.count_nonzero(values) if array == "edge_risk" else tables.of.network.n_segments
            values[:n] = values[:n][::-1].copy()
            sound(tables, state, scenario)

        monkeypatch.setitem(outside._ANSWERS, what, answer)

    return pytest.param(plant, id=f"{part}.{array}")


def settings_of_the_end(monkeypatch):
    """Ask the policy that comes with the decision before it is made."""
    for what, sound in [*outside._ANSWERS.items()]:

        def answer(tables, state, scenario, sound=sound):
            sound(tables, state, tables.scenario)

        monkeypatch.setitem(outside._ANSWERS, what, answer)


FAULTS = [
    other_luck,
    first_of_the_ways,
    settings_of_the_end,
    spoil(outside.SCORES, "orders", "hazard_per_km"),
    spoil(outside.SCORES, "orders", "passages_per_day"),
    spoil(outside.SCORES, "orders", "convoy_due_h"),
    spoil(outside.SCORES, "orders", "draws"),
    spoil(outside.SCORES, "orders", "base_distance_km"),
    spoil(outside.WEIGHTS, "patrols", "due_h"),
    spoil(outside.WEIGHTS, "picture", "hazard_per_km"),
    spoil(outside.WAY, "routes", "edge_risk"),
    spoil(outside.WAY_FROM_HERE, "routes", "edge_risk"),
]


def two_sorts_of_months():
    """All three families from outside, and other settings from the decision on."""
    first = with_policies(
        changed(month(), runs={"decision_date": "2016-07-11"}),
        clearance="mine",
        routing="mine",
        patrols="mine",
    )
    return decided_from(first, routing={"detour_limit": 9.0}, clearance={"policy": "twin"})


@pytest.mark.parametrize("plant", [None, *FAULTS])
def test_a_fault_in_asking_is_noticed(plant, added, monkeypatch):
    for family, policy in UNLIKE.items():
        added(family, policy)
    monkeypatch.setitem(clearance.POLICIES, "twin", twin_of(clearance.POLICIES["highest_risk"]))
    scenario = two_sorts_of_months()
    sound = dock.reference(scenario, SEED, RUN)
    if plant is not None:
        plant(monkeypatch)
    found = difference(sound, dock.batch(scenario, SEED, RUN))
    assert (found is None) == (plant is None)


# --- what goes wrong -----------------------------------------------------------------------------


class MyError(Exception):
    """Nothing that the package knows."""


@pytest.mark.parametrize("error", [MyError("out of fuel"), KeyboardInterrupt(), SystemExit(3)])
@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_policy_raises_comes_out_and_the_next_run_is_sound(family, error, added):
    n_asked = []
    policy = UNLIKE[family]

    def gives_up(view):
        n_asked.append(view)
        if len(n_asked) == 10:
            raise error
        return policy(view)

    added(family, gives_up)
    scenario = with_policies(month(), **{family: "mine"})
    with pytest.raises(type(error)) as raised:
        simulate_run(scenario, SEED, RUN)
    assert raised.value is error
    assert raised.traceback[-1].name == "gives_up"
    assert len(n_asked) == 10  # nobody asks again in a run that is lost
    after = dock.batch(scenario, SEED, RUN)
    added(family, policy)
    assert difference(dock.reference(scenario, SEED, RUN), after) is None


def spoiled(plan, **arrays):
    return lambda view: replace(routing.POLICIES[plan](view), **arrays)


def nan_at_one(view):
    scores = np.zeros(len(view.length_km))
    scores[1] = np.nan
    return scores


WRONG_ANSWERS = {
    "no scores": ("clearance", lambda view: None, r"array of shape \[\]"),
    "one score": ("clearance", lambda view: 1.0, r"array of shape \[\]"),
    "a score too few": ("clearance", lambda view: view.length_km[1:], r"array of shape \[\d+\]"),
    "scores in words": ("clearance", lambda view: ["high"] * 3, "has as scores"),
    "nan": ("clearance", nan_at_one, "scores piece 1 with nan"),
    "a weight too many": ("patrols", lambda view: np.ones(len(view.road_start)), "array of shape"),
    "weights below zero": ("patrols", lambda view: -np.ones(len(view.road_start) - 1), "-1.0"),
    "weights without end": (
        "patrols",
        lambda view: np.full(len(view.road_start) - 1, np.inf),
        "the weight inf",
    ),
    "no plan": ("routing", lambda view: [1, 2], r"answers with \[1, 2\]"),
    "half an edge": ("routing", spoiled("shortest", edges=np.array([0.5])), "not whole"),
    "no such edge": ("routing", spoiled("shortest", edges=[999], way_start=[0, 1]), "edge 999"),
    "edges below zero": ("routing", spoiled("shortest", edges=[-1], way_start=[0, 1]), "edge -1"),
    "a way that ends early": (
        "routing",
        lambda view: RoutePlan(
            [0, 1], [view.adjacency_edge[view.adjacency_start[view.source]]], [1.0]
        ),
        "instead of",
    ),
    "starts that fall": ("routing", spoiled("shortest", way_start=[0, -1]), "way_start"),
    "starts too few": ("routing", spoiled("shortest", way_start=[0]), "1 starts for 1"),
    "unlikely ways": ("routing", spoiled("shortest", probability=[0.5]), "probability"),
    "ways of chance nan": ("routing", spoiled("shortest", probability=[np.nan]), "probability"),
    "a way there and back": (
        "routing",
        lambda view: RoutePlan(
            [0, 2], [view.adjacency_edge[view.adjacency_start[view.source]]] * 2, [1.0]
        ),
        "twice",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_ANSWERS)
def test_an_answer_that_cannot_be_used_is_refused_by_both_engines_alike(wrong, added):
    family, policy, words = WRONG_ANSWERS[wrong]
    added(family, policy)
    scenario = with_policies(month(), **{family: "mine"})
    found, expected = (engine(scenario, SEED, RUN) for engine in (dock.batch, dock.reference))
    assert found.error == expected.error
    with pytest.raises(PolicyError, match=words):
        simulate_run(scenario, SEED, RUN)


def test_a_policy_that_knows_no_way_ends_as_if_there_were_no_road(added):
    nowhere = RoutePlan(np.zeros(1, np.int32), np.zeros(0, np.int32), np.zeros(0))
    added("routing", lambda view: nowhere)
    scenario = with_policies(month(), routing="mine")
    found, expected = (engine(scenario, SEED, RUN) for engine in (dock.batch, dock.reference))
    assert found.error.startswith("RoadError: No open road leads from")
    assert found.error == expected.error


# --- who may be added, and what is said of it ----------------------------------------------------


def test_a_name_in_policies_is_all_that_it_takes(added):
    with pytest.raises(ScenarioError, match=r"clearance\.policy is 'mine': there is no such"):
        load_scenario("triangle_toy", {"clearance.policy": "mine"})
    added("clearance", by_many_things)
    scenario = load_scenario("triangle_toy", {"clearance.policy": "mine"})
    assert simulate_run(scenario, SEED, RUN).events["time_h"].size > 0


def test_a_policy_of_the_package_cannot_be_replaced():
    for family, name in KNOWN:
        with pytest.raises(ScenarioError, match=f"policy '{name}' of its own"):
            FAMILIES[family].POLICIES[name] = print
        with pytest.raises(ScenarioError, match="of its own"):
            del FAMILIES[family].POLICIES[name]


def test_a_policy_that_was_taken_away_again_is_missed(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setitem(clearance.POLICIES, "mine", by_many_things)
        scenario = with_policies(month(), clearance="mine")
        simulate_run(scenario, SEED, RUN)
    found, expected = (engine(scenario, SEED, RUN) for engine in (dock.batch, dock.reference))
    assert "nobody has added a policy of that name" in found.error
    assert found.error == expected.error


@pytest.mark.filterwarnings("default")
def test_it_is_said_once_that_runs_are_slower(added):
    added("clearance", by_many_things)
    outside.say_slower.cache_clear()
    assert issubclass(PolicyWarning, ScenarioWarning)  # which commands print
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for name in ("mine", "highest_risk", "mine"):
            simulate_run(replace(with_policies(month(), clearance=name)), SEED, RUN)
    (one,) = [str(warning.message) for warning in said if warning.category is PolicyWarning]
    assert "clearance.policy=mine" in one
    assert "slower" in one


def test_the_interrupt_of_a_keyboard_reaches_a_policy_that_thinks(tmp_path):
    """In a process of its own: a real signal, which arrives while Python is being asked."""
    program = tmp_path / "interrupted.py"
    program.write_text(
        "import os, signal, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from small_worlds import a_busy_month_on_the_grid\n"
        "from sim.engines.batch import simulate_run\n"
        "from sim.policies.clearance import POLICIES\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it\n"
        "def thinks(view):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return view.draws\n"
        "POLICIES['mine'] = thinks\n"
        "try:\n"
        "    simulate_run(a_busy_month_on_the_grid(clearance={'policy': 'mine'}), 1, 0)\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped')\n"
    )
    done = subprocess.run(
        [sys.executable, program], capture_output=True, text=True, check=True, timeout=600
    )
    assert done.stdout == "stopped\n"
