"""Clearance policies hand their rules what these ask for, and both engines share the rules."""

import importlib

import numpy as np
import pytest
from inputs_of_clearance import mornings
from numba import config
from plain_modules import bits, load_plain, rules_under_sim
from random_columns import Columns, rows_of

from sim.policies.clearance import POLICIES, ClearanceView

PACKAGE = "sim.policies.clearance"
MODULES = sorted({module for module, _ in rules_under_sim()})
PLAIN = load_plain(MODULES)
N_MORNINGS = 200


def views():
    """Mornings of different numbers of roads and bases."""
    for seed in range(N_MORNINGS):
        columns = mornings(Columns(seed, 1))
        (row,) = rows_of(list(columns.values()))
        yield ClearanceView(**dict(zip(columns, row, strict=True)))


@pytest.mark.parametrize("policy", sorted(POLICIES.keys() - {"none"}))
def test_a_policy_gives_the_scores_of_its_plain_rules(policy):
    plain = getattr(PLAIN[f"{PACKAGE}.{policy}"], policy)
    scores = [bits(plain(view)) for view in views()]
    assert scores == [bits(POLICIES[policy](view)) for view in views()]
    assert len(set(scores)) > N_MORNINGS / 2


def test_no_policy_sends_anybody_by_the_policy_none():
    for view in views():
        assert (POLICIES["none"](view) == -np.inf).all()


def test_every_policy_but_none_is_a_rule_that_both_engines_share():
    shared = {name.rpartition(".")[2] for name in MODULES if name.startswith(f"{PACKAGE}.")}
    assert shared == {*POLICIES, "assignment"} - {"none"}
    if not config.DISABLE_JIT:
        for name in shared:
            module = importlib.import_module(f"{PACKAGE}.{name}")
            assert any(hasattr(value, "py_func") for value in vars(module).values())
