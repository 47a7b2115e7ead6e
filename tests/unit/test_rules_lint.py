"""Rules hold only what Python and the compiler compute to the same bit, and nothing hidden.

The forbidden expressions were measured: each differs between the two on some inputs.
"""

import ast
import re
from pathlib import Path

import pytest

import sim

RULES_FOLDER = Path(sim.__file__).parent / "rules"
RULE_FILES = sorted(path for path in RULES_FOLDER.glob("*.py") if path.name != "__init__.py")
FORBIDDEN_MATHS = {"hypot", "gamma", "lgamma", "pow", "fsum", "prod", "sumprod", "dist", "cbrt"}
ADDING_UP = {"sum", "dot", "mean", "std", "var", "cumsum", "prod", "cumprod", "reduce", "reduceat"}
MEASURED_MATHS = {
    *("exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "asin", "tanh", "erf"),
    *("radians", "floor", "ceil", "isnan", "isinf", "isfinite", "nextafter", "inf", "nan", "pi"),
}
"""What gives the same bits compiled and plain; whatever else is used has to be measured first."""
NUMPY_OF_COMPILED = {
    *("empty", "zeros", "ones", "full", "inf", "nan", "nextafter"),
    *("int8", "int16", "int32", "int64", "uint64", "float64", "bool_"),
}
"""What compiled functions that hold no science may take of numpy: room, and names of types."""
BUILTINS = {"range", "len", "min", "max", "abs", "int", "float", "bool", "round"}


def faults(source: str) -> list[str]:
    """What is forbidden in the source of a file of rules, in order of lines."""
    tree = ast.parse(source)
    found: list[tuple[int, str]] = []
    allowed = _allowed_globals(tree, found)
    for node in ast.walk(tree):
        for fault in _expression_faults(node):
            found.append((getattr(node, "lineno", 0), fault))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            found += _function_faults(node, allowed)
    return [f"{line}: {fault}" for line, fault in sorted(found)]


def _allowed_globals(tree: ast.Module, found: list[tuple[int, str]]) -> set[str]:
    allowed = set(BUILTINS)
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name):
                allowed.add(name)
            case ast.Expr(value=ast.Constant(value=str())):
                pass
            case ast.Import(names=[ast.alias(name="math", asname=None)]):
                allowed.add("math")
            case ast.ImportFrom(module=module, names=names, level=0) if (
                module == "sim.compiled" or str(module).startswith("sim.rules.")
            ):
                allowed |= {alias.asname or alias.name for alias in names}
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()) if name.isupper():
                allowed.add(name)
            case _:
                found.append((node.lineno, f"not a rule or a constant: {ast.unparse(node)[:40]}"))
    return allowed


def _expression_faults(node: ast.AST) -> list[str]:
    match node:
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            if _is_literal(left) or _is_literal(right):
                return ["power with a literal"]
        case ast.AugAssign(op=ast.Pow(), value=value) if _is_literal(value):
            return ["power with a literal"]
        case ast.Call(func=ast.Name(id="sum" | "pow" as name)):
            return [f"{name}()"]
        case ast.Attribute(value=ast.Name(id="np" | "numpy")):
            return ["numpy"]
        case ast.Attribute(attr=attr) if attr in FORBIDDEN_MATHS:
            return [f"math.{attr}"]
        case ast.keyword(arg="fastmath"):
            return ["fastmath"]
        case ast.Global() | ast.Nonlocal():
            return ["global state"]
    return []


def _is_literal(node: ast.expr) -> bool:
    return all(
        isinstance(part, ast.Constant | ast.UnaryOp | ast.unaryop) for part in ast.walk(node)
    )


def _function_faults(function: ast.FunctionDef, allowed: set[str]) -> list[tuple[int, str]]:
    found = []
    if [ast.unparse(decorator) for decorator in function.decorator_list] != ["rule"]:
        found.append((function.lineno, f"{function.name} is not decorated with rule alone"))
    arguments = function.args
    if arguments.defaults or arguments.kwonlyargs or arguments.vararg or arguments.kwarg:
        found.append((function.lineno, f"{function.name} has arguments other than plain ones"))
    local = {argument.arg for argument in arguments.args} | {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id not in local | allowed:
                found.append((node.lineno, f"global {node.id}"))
    return found


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_a_file_of_rules_holds_nothing_forbidden(path):
    assert faults(path.read_text()) == []


def test_there_are_files_to_look_at():
    assert len(RULE_FILES) >= 13


HEAD = "import math\nfrom sim.compiled import rule\nHALF = 0.5\n@rule\ndef planted(x, n):\n    "


def test_a_sound_rule_passes():
    assert faults(HEAD + "return min(HALF, math.exp(x) ** n)") == []


@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("return x**2", "power with a literal"),
        ("return x**-1", "power with a literal"),
        ("return x**0.5", "power with a literal"),
        ("return 2.0**x", "power with a literal"),
        ("x **= 3\n    return x", "power with a literal"),
        ("return sum(x)", "sum()"),
        ("return pow(x, 3)", "pow()"),
        ("return math.hypot(x, n)", "math.hypot"),
        ("return math.gamma(x)", "math.gamma"),
        ("return math.lgamma(x)", "math.lgamma"),
        ("return math.pow(x, 3.0)", "math.pow"),
        ("return np.exp(x)", "numpy"),
        ("return x * FACTOR", "global FACTOR"),
        ("return open(x)", "global open"),
        ("global x\n    x = 1", "global state"),
    ],
)
def test_a_planted_expression_is_noticed(planted, fault):
    assert any(fault in found for found in faults(HEAD + planted))


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("import numpy as np", "not a rule or a constant"),
        ("from math import exp", "not a rule or a constant"),
        ("import os", "not a rule or a constant"),
        ("from sim.world.scenario import Threat", "not a rule or a constant"),
        ("SETTINGS = {}", "not a rule or a constant"),
        ("rate = 0.5", "not a rule or a constant"),
        ("def plain(x):\n    return x", "plain is not decorated with rule alone"),
        ("@rule(fastmath=True)\ndef fast(x):\n    return x", "fastmath"),
        ("@rule\ndef lenient(x, y=1.0):\n    return x", "arguments other than plain ones"),
    ],
)
def test_a_planted_statement_is_noticed(source, fault):
    assert any(fault in found for found in faults(source))


def compiled_functions(source: str) -> list[ast.FunctionDef]:
    """Functions that are decorated as a rule or a kernel, whatever else the file holds."""
    return [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        and any(
            re.search(r"\b(rule|rule_in_place|kernel)\b", ast.unparse(d))
            for d in node.decorator_list
        )
    ]


def compiled_faults(function: ast.FunctionDef) -> list[str]:
    """What is forbidden in any compiled function: expressions that differ between the two."""
    return [
        f"{function.name}: {fault}"
        for node in ast.walk(function)
        for fault in _compiled_expression_faults(node)
    ]


def _compiled_expression_faults(node: ast.AST) -> list[str]:
    match node:
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name):
            return [] if name in NUMPY_OF_COMPILED else [f"np.{name}"]
        case ast.Attribute(value=ast.Name(id="math"), attr=name):
            return [] if name in MEASURED_MATHS else [f"math.{name}"]
        case ast.Call(func=ast.Attribute(attr=name)) if name in ADDING_UP:
            return [f".{name}()"]
        case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_MATHS:
            return [f"{name}()"]
        case ast.BinOp(op=ast.MatMult()):
            return ["matrix product"]
        case ast.Constant(value=complex()):
            return ["complex number"]
    return _expression_faults(node)


COMPILED_FILES = [
    path
    for path in sorted(Path(sim.__file__).parent.rglob("*.py"))
    if compiled_functions(path.read_text())
]


@pytest.mark.parametrize("path", COMPILED_FILES, ids=lambda path: "/".join(path.parts[-3:]))
def test_compiled_functions_hold_nothing_that_differs_from_plain_python(path):
    functions = compiled_functions(path.read_text())
    assert [fault for function in functions for fault in compiled_faults(function)] == []


def test_compiled_functions_of_every_floor_are_looked_at():
    folders = {path.relative_to(Path(sim.__file__).parent).parts[0] for path in COMPILED_FILES}
    assert {"draws.py", "rules", "roads", "world", "policies"} <= folders


COMPILED_HEAD = "@kernel\ndef planted(state, x, n):\n    "


def test_a_sound_kernel_passes():
    text = "room = np.empty(n)\n    room[0] = state.x ** n + math.exp(x)\n    return max(x, n)"
    (function,) = compiled_functions(COMPILED_HEAD + text)
    assert compiled_faults(function) == []


@pytest.mark.parametrize("head", [COMPILED_HEAD, COMPILED_HEAD.replace("kernel", "rule")])
@pytest.mark.parametrize(
    ("planted", "fault"),
    [
        ("return x**0.5", "power with a literal"),
        ("return x**2", "power with a literal"),
        ("x **= -1\n    return x", "power with a literal"),
        ("return 2**n", "power with a literal"),
        ("return pow(x, n)", "pow()"),
        ("return sum(x)", "sum()"),
        ("return np.sum(x)", "np.sum"),
        ("return x.sum()", ".sum()"),
        ("return x.dot(n)", ".dot()"),
        ("return x @ n", "matrix product"),
        ("return np.add.reduceat(x, n)", "np.add"),
        ("return np.exp(x)", "np.exp"),
        ("return np.log1p(x)", "np.log1p"),
        ("return np.power(x, n)", "np.power"),
        ("return np.hypot(x, n)", "np.hypot"),
        ("return np.random.random()", "np.random"),
        ("return math.hypot(x, n)", "math.hypot"),
        ("return hypot(x, n)", "hypot()"),
        ("return math.lgamma(x)", "math.lgamma"),
        ("return math.gamma(x)", "math.gamma"),
        ("return math.atan2(x, n)", "math.atan2"),
        ("return math.fsum(x)", "math.fsum"),
        ("return prange(n, fastmath=True)", "fastmath"),
    ],
)
def test_a_planted_expression_is_noticed_in_any_compiled_function(head, planted, fault):
    (function,) = compiled_functions(head + planted)
    assert f"planted: {fault}" in compiled_faults(function)


def test_fast_mathematics_is_noticed_in_the_decorator_too():
    (function,) = compiled_functions("@rule(fastmath=True)\ndef planted(x):\n    return x")
    assert compiled_faults(function) == ["planted: fastmath"]
