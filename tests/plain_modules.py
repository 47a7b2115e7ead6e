"""Modules with rules, loaded a second time with the rules left as plain Python.

A `.py_func` would not do: the rules that it calls would still be the compiled ones.
"""

import ast
import importlib
import struct
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

import sim.compiled


def rules_under_sim() -> list[tuple[str, str]]:
    """Module and name of every function in `sim` that stands under `@rule`, whatever it is in."""
    folder = Path(sim.__file__).parent
    found = []
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "rule" not in source:
            continue
        module = ".".join(path.relative_to(folder.parent).with_suffix("").parts)
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef) and any(map(_is_rule, node.decorator_list)):
                found.append((module, node.name))
    return found


def _is_rule(decorator: ast.expr) -> bool:
    match decorator:
        case ast.Name(id="rule" | "rule_in_place") | ast.Attribute(attr="rule"):
            return True
    return False


def load_plain(names: Sequence[str]) -> dict[str, ModuleType]:
    """These modules again, with rules left as they are written; the compiled ones stay in place."""
    decorators = sim.compiled.rule, sim.compiled.rule_in_place
    for name in names:
        importlib.import_module(name)
    kept = {name: sys.modules.pop(name) for name in names}
    parents = {name: vars(sys.modules[name.rpartition(".")[0]]).copy() for name in names}
    sim.compiled.rule = sim.compiled.rule_in_place = lambda function: function
    try:
        return {name: importlib.import_module(name) for name in names}
    finally:
        sim.compiled.rule, sim.compiled.rule_in_place = decorators
        for name in names:
            sys.modules.pop(name, None)
            parent, _, child = name.rpartition(".")
            if child in parents[name]:
                setattr(sys.modules[parent], child, parents[name][child])
        sys.modules.update(kept)


def bits(value: Any) -> Any:
    """A value that is equal only where type and every bit are."""
    if isinstance(value, tuple):
        return tuple(bits(part) for part in value)
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, float):
        return "float", struct.pack("<d", value)
    return type(value).__name__, value


def bits_of_all(values: Iterable[Any]) -> Any:
    """The same of many values, quicker where all are numbers of one type."""
    values = list(values)
    if set(map(type, values)) <= {float, np.float64}:
        return np.array(values).tobytes()
    return [bits(value) for value in values]
