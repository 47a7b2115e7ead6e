"""Every rule gives the same bits compiled and as plain Python, on 20,000 random inputs.

That is every function in `sim` under `@rule`, those that find ways, fill in estimates or score
pieces of road as well as those of the science. The plain rules are a second load of the same files
with a decorator that does nothing. What a rule returns is compared, and every array that it was
given, filled in or not.
"""

import importlib
import sys
import zlib
from pathlib import Path
from types import FunctionType

import inputs_of_clearance
import inputs_of_roads
import inputs_of_science
import numpy as np
import pytest
from numba import config
from plain_modules import bits, bits_of_all, load_plain, rules_under_sim
from random_columns import Columns, rows_of

import sim.rules

N_INPUTS = 20_000
N_GROUP = 50
"""Inputs that are drawn together, and have arrays of one shape."""

INPUTS = inputs_of_science.INPUTS | inputs_of_roads.INPUTS | inputs_of_clearance.INPUTS
RULES = rules_under_sim()
MODULES = sorted({module for module, _ in RULES})
COMPILED = {name: importlib.import_module(name) for name in MODULES}
PLAIN = load_plain(MODULES)

compiled_only = pytest.mark.skipif(
    config.DISABLE_JIT, reason="rules are not compiled here (NUMBA_DISABLE_JIT)"
)


def outcome(function, columns):
    """What a rule returns for each input, and what it has made of the arrays."""
    taken = [column.copy() for column in columns]
    results = [function(*row) for row in rows_of(taken)]
    return results, [column for column in taken if column.ndim > 1]


def first_difference(rule, plain, compiled):
    """The first of the random inputs on which the two do not agree to the bit."""
    key = zlib.crc32(rule.encode())
    for group in range(N_INPUTS // N_GROUP):
        columns = INPUTS[rule](Columns((key, group), N_GROUP))
        results, filled = outcome(plain, columns)
        others, others_filled = outcome(compiled, columns)
        if bits_of_all(results) == bits_of_all(others) and all(
            one.tobytes() == other.tobytes()
            for one, other in zip(filled, others_filled, strict=True)
        ):
            continue
        for place, given in enumerate(rows_of(columns)):
            one = results[place], tuple(column[place] for column in filled)
            other = others[place], tuple(column[place] for column in others_filled)
            if bits(one) != bits(other):
                return given
    return None


@compiled_only
@pytest.mark.parametrize(("module", "rule"), RULES)
def test_a_rule_compiled_equals_the_same_rule_plain(module, rule):
    plain, compiled = getattr(PLAIN[module], rule), getattr(COMPILED[module], rule)
    assert isinstance(plain, FunctionType)
    assert not isinstance(compiled, FunctionType)
    assert first_difference(rule, plain, compiled) is None


def test_every_rule_has_random_inputs():
    assert sorted(rule for _, rule in RULES) == sorted(INPUTS)


def test_a_rule_is_found_wherever_it_stands():
    compiled = {
        (name, value.__name__)
        for name, module in sys.modules.items()
        if name.startswith("sim.") and not name.startswith("sim.engines.")
        for value in vars(module).values()
        if hasattr(value, "py_func") and value.py_func.__module__ == name
    }
    assert compiled <= set(RULES)
    assert config.DISABLE_JIT or compiled == set(RULES)


def test_plain_rules_call_plain_rules():
    for _, module in PLAIN.items():
        for value in vars(module).values():
            assert not hasattr(value, "py_func")
    assert sys.modules["sim.rules.memory"] is COMPILED["sim.rules.memory"]
    assert sim.rules.memory is COMPILED["sim.rules.memory"]


@compiled_only
@pytest.mark.parametrize(
    ("module", "rule", "written", "planted"),
    [
        # One unit in the last place, on some inputs only.
        ("rules.memory", "remembered", "math.exp", "np.exp"),
        ("rules.supply", "stock_after", "elapsed_days * con", "elapsed_days / 24 * 24 * con"),
        ("rules.strike", "n_killed", "alpha + killed", "alpha + killed + 1e-6"),
        ("rules.others", "victim_class", "draw < civilian_share:", "draw <= civilian_share:"),
        ("earth", "great_circle_km", "cos(latitude_b) * (east * east)",
         "cos(latitude_b) * east * east"),
        ("world.sums", "weighted_sum", "total += values[place] * weights[place]",
         "total = float(np.dot(values, weights))"),
        ("policies.clearance.highest_risk", "risk_scores",
         "hazard_per_km[segment] * passages_per_day[segment] * days_since",
         "hazard_per_km[segment] * (passages_per_day[segment] * days_since)"),
        # A tie that is settled otherwise.
        ("roads.paths", "grow_tree", "heap_junction[parent] <= there",
         "heap_junction[parent] >= there"),
        ("policies.clearance.assignment", "best_addition", "open_score[one] <= best_score",
         "open_score[one] < best_score"),
        ("world.world", "find_in_reach", "km <= reach_km", "km < 0.99 * reach_km"),
        # What is returned is right, and an array that was filled in is not.
        ("world.journey", "settle_passage", "        person_km[segment] += people * km",
         "        person_km[segment] = people * km"),
        ("world.journey", "settle_passage",
         "            or passages_half_life_h != traffic_half_life_h\n", ""),
        ("world.picture", "add_fading", "        times_h[segment] = now_h\n", ""),
        # A fault in a rule that is called by the one compared.
        ("rules.travel", "driving_done_h", "- daylight_start_h\n", "- daylight_start_h + 1e-9\n"),
        ("roads.maximum_flow", "split_flow", "not most < way_cost", "not most <= way_cost"),
    ],
)  # fmt: skip
def test_a_planted_difference_is_noticed(module, rule, written, planted):
    name = f"sim.{module}"
    source = Path(str(PLAIN[name].__file__)).read_text()
    assert written in source
    namespace = dict(vars(PLAIN[name])) | {"np": np}
    source = source.replace("from sim.compiled import rule", "rule = lambda function: function")
    exec(compile(source.replace(written, planted), name, "exec"), namespace)
    assert first_difference(rule, namespace[rule], getattr(COMPILED[name], rule)) is not None
