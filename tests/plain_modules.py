"""Modules with rules, loaded a second time with the rules left as plain Python.

A `.py_func` would not do: the rules that it calls would still be the compiled ones.
"""

import importlib
import struct
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np

import sim.compiled


def load_plain(names: Sequence[str]) -> dict[str, ModuleType]:
    """These modules again, with rules left as they are written; the compiled ones stay in place."""
    compiled_rule = sim.compiled.rule
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    parents = {name: vars(sys.modules[name.rpartition(".")[0]]).copy() for name in names}
    sim.compiled.rule = lambda function: function
    try:
        return {name: importlib.import_module(name) for name in names}
    finally:
        sim.compiled.rule = compiled_rule
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
        return value.dtype.str, value.tobytes()
    if isinstance(value, float):
        return "float", struct.pack("<d", value)
    return type(value).__name__, value
