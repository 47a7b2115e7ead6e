"""The rules behind clearance policies give the same bits compiled and as plain Python.

Both engines share them: the reference calls them through a view, the batch engine by itself.
"""

import importlib
import pkgutil
from types import FunctionType

import numpy as np
import pytest
from plain_modules import bits, load_plain

import sim.policies.clearance
import sim.rules
from sim.policies.clearance import POLICIES, ClearanceView

N_MORNINGS = 1000
PACKAGE = "sim.policies.clearance"
POLICY_MODULES = [
    f"{PACKAGE}.{module.name}"
    for module in pkgutil.iter_modules(sim.policies.clearance.__path__)
    if module.name != "view"
]
MODULES = [
    *(f"sim.rules.{module.name}" for module in pkgutil.iter_modules(sim.rules.__path__)),
    *POLICY_MODULES,
]
COMPILED = {name: importlib.import_module(name) for name in MODULES}
PLAIN = load_plain(MODULES)
RULES = {
    rule: name
    for name in POLICY_MODULES
    for rule, value in vars(COMPILED[name]).items()
    if hasattr(value, "py_func") and value.py_func.__module__ == name
}


def a_morning(rng):
    """Some roads, of which a base or two can reach a part, and a record of some months."""
    n, n_bases = int(rng.integers(1, 9)), int(rng.integers(0, 3))
    now_h = 24.0 * rng.integers(1, 1000) + 6.0
    nearest = rng.integers(-1, n_bases, n).astype(np.int32)
    is_due = rng.random(n) < 0.4
    return {
        "now_h": now_h,
        "length_km": rng.uniform(0.5, 25.0, n),
        "hazard_per_km": np.exp(rng.uniform(-12.0, 0.0, n)),
        "passages_per_day": np.exp(rng.uniform(-6.0, 3.0, n)),
        "last_swept_h": np.where(rng.random(n) < 0.3, -1e6, now_h - rng.uniform(0.0, 400.0, n)),
        "convoy_due_h": np.where(is_due, now_h + rng.uniform(-5.0, 100.0, n), np.inf),
        "convoy_lead_h": 72.0,
        "in_use_passages_per_day": 0.02,
        "stale_days": 7.0,
        "draws": rng.random(n),
        "nearest_base": nearest,
        "base_distance_km": np.where(nearest < 0, np.inf, rng.uniform(0.0, 45.0, n)),
        "base_team_h_per_day": rng.uniform(0.0, 40.0, n_bases),
        "team_h_per_day": 8.0,
        "sweep_kph": rng.uniform(1.0, 6.0),
        "transit_kph": rng.uniform(10.0, 40.0),
        "allocation_find_probability": rng.uniform(0.01, 1.0),
        "allocation_contact_probability": rng.uniform(0.01, 1.0),
        "allocation_device_life_days": rng.uniform(0.1, 100.0),
    }


NAMES_OF_VIEW = {
    "find_probability": "allocation_find_probability",
    "contact_probability": "allocation_contact_probability",
    "device_life_days": "allocation_device_life_days",
}


def arguments_of(rule, rng):
    """Random arguments of one rule, by the names of its parameters."""
    if rule in ("assign_pieces", "best_addition", "round_with", "way_to_piece"):
        return a_day_of_teams(rule, rng)
    morning = a_morning(rng)
    code = getattr(PLAIN[RULES[rule]], rule).__code__
    names = code.co_varnames[1 : code.co_argcount]
    filled_in = np.zeros(len(morning["length_km"]))
    return [filled_in, *(morning[NAMES_OF_VIEW.get(name, name)] for name in names)]


def a_day_of_teams(rule, rng):
    """Pieces of one straight road, a base on it, and what its teams could be told."""
    n, n_teams, n_slots = int(rng.integers(1, 7)), int(rng.integers(1, 4)), 8
    length_km = rng.uniform(0.5, 12.0, n)
    far_km = np.cumsum(length_km)
    ends_km = np.stack([far_km - length_km, far_km], axis=1) - rng.uniform(0.0, far_km[-1])
    nearest_first = np.argsort(np.abs(ends_km.mean(axis=1)), kind="stable")
    at_km = ends_km[nearest_first]
    ways_km = np.abs(at_km.ravel()[:, None] - at_km.ravel()).ravel()
    order = np.zeros(n_slots, dtype=np.int32)
    n_pieces = int(rng.integers(0, n))
    order[:n_pieces] = np.sort(rng.permutation(n)[:n_pieces])
    stands_at = rng.integers(-1, 2 * n, n_slots + 1).astype(np.int32)
    if rule == "way_to_piece":
        return [int(stands_at[0]), int(rng.integers(0, n)), np.abs(at_km), ways_km]
    so_far_km = rng.uniform(0.0, 50.0, n_slots + 1)
    if rule == "best_addition":
        others = np.setdiff1d(np.arange(n), order[:n_pieces]).astype(np.int32)
        return [
            others, rng.integers(0, 4, len(others)) / 4.0, rng.uniform(0.1, 4.0, len(others)),
            len(others), order, n_pieces, so_far_km, stands_at, np.abs(at_km), ways_km,
            rng.uniform(0.0, 4.0), 8.0, 32.0,
        ]  # fmt: skip
    if rule == "round_with":
        place = int(rng.integers(0, n))
        return [order, n_pieces, place, so_far_km, stands_at, np.abs(at_km), ways_km]
    shape = n_teams, n_slots
    return [
        np.where(rng.random(n) < 0.2, -np.inf, rng.integers(0, 4, n) / 4.0),
        np.zeros(n_teams, dtype=np.int32), np.array([0, n], dtype=np.int32),
        nearest_first.astype(np.int32), np.abs(at_km), np.array([0, ways_km.size]), ways_km,
        length_km, np.where(rng.random(n_teams) < 0.2, 0.0, 8.0), rng.uniform(1.0, 6.0), 32.0,
        np.zeros(n_teams, dtype=np.int64), np.zeros(shape, dtype=np.int32), np.zeros(shape),
        np.zeros(shape),
    ]  # fmt: skip


def first_difference(rule, plain, compiled):
    """The first arguments for which results, or what is filled in, differ in a bit."""
    rng = np.random.default_rng(1)
    for _ in range(N_MORNINGS):
        given = arguments_of(rule, rng)
        outcomes = []
        for function in (plain, compiled):
            taken = [part.copy() if isinstance(part, np.ndarray) else part for part in given]
            result = function(*taken)
            outcomes.append((bits(result), bits(tuple(taken))))
        if outcomes[0] != outcomes[1]:
            return given
    return None


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_a_policy_compiled_equals_the_same_rule_plain(rule):
    plain, compiled = getattr(PLAIN[RULES[rule]], rule), getattr(COMPILED[RULES[rule]], rule)
    assert isinstance(plain, FunctionType)
    assert first_difference(rule, plain, compiled) is None


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_gives_the_scores_of_its_plain_rules(policy):
    plain = getattr(PLAIN[f"{PACKAGE}.{policy}"], policy)
    rng = np.random.default_rng(2)
    for _ in range(N_MORNINGS):
        view = ClearanceView(**a_morning(rng))
        assert bits(plain(view)) == bits(POLICIES[policy](view))


def test_every_policy_but_none_is_a_rule_that_both_engines_share():
    if not RULES:
        pytest.skip("rules are not compiled here (NUMBA_DISABLE_JIT)")
    shared = {name.rpartition(".")[2] for name in RULES.values()}
    assert shared == {*POLICIES, "assignment"} - {"none"}


def test_a_planted_difference_is_noticed():
    if not RULES:
        pytest.skip("rules are not compiled here (NUMBA_DISABLE_JIT)")
    compiled = COMPILED[RULES["risk_scores"]].risk_scores

    def in_another_order(scores, now_h, hazard_per_km, passages_per_day, last_swept_h, stale_days):
        days = np.minimum((now_h - last_swept_h) / 24.0, stale_days)
        scores[:] = hazard_per_km * (passages_per_day * days)
        return 0

    assert first_difference("risk_scores", in_another_order, compiled) is not None
