"""The compiler, named once: `rule` and `kernel` make numba compile a function on its first call.

Compiled code is kept in the user's cache folder, in a folder named by a hash of all sources that go
into it, of the versions of Python, numba and numpy, and of the settings of the compiler. numba
itself notices a change only in the file of the function that it looks up, so a rule that calls a
changed rule in another file would keep the old one; a new folder for every change cannot. Of the
folders of earlier versions the newest few stay.

`CONVOY_RISK_CACHE` names another place. Where none can be written, everything is compiled anew in
every process and a line says so. Processes may share the cache, and may start cold together.

With `NUMBA_DISABLE_JIT=1` nothing is compiled: rules and kernels are plain Python, which a debugger
and a measurement of coverage can follow.
"""

import ctypes
import functools
import hashlib
import os
import re
import shutil
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])

# numba writes the types of all arguments out before each of its steps, and ours are records with
# hundreds of fields; written out once each, compiling takes an eighth less.
numba.types.Record.__repr__ = functools.cache(numba.types.Record.__repr__)  # type: ignore[method-assign]

SOURCES = (
    "compiled.py",
    "clock.py",
    "draws.py",
    "earth.py",
    "engines/batch",
    "policies",
    "roads",
    "rules",
    "world",
)
"""Files and folders of `sim` that hold a rule or a kernel, or a constant that one reads.

A constant (a number of an event kind, the place of a choice among its choices) is frozen into
compiled code, so the file that holds it counts like one that holds a rule.
"""

COMPILER_SETTINGS = ("OPT", "BOUNDSCHECK", "DEBUGINFO_DEFAULT", "LOOP_VECTORIZE", "SLP_VECTORIZE")
"""Settings of numba that change what it makes of a function."""

KEPT_FOLDERS = 4
"""Folders of the cache that stay, however old."""

KEPT_DAYS = 3.0
"""Folders that were used since stay, however many, d."""

USUAL_TIME = "about a minute"
"""How long the engine takes to compile, in words."""

_FOLDER_NAME = re.compile(r"[0-9a-f]{16}")


def cache_root() -> Path:
    """The folder that holds compiled code: `CONVOY_RISK_CACHE`, or the user's cache folder."""
    named = os.environ.get("CONVOY_RISK_CACHE")
    if named:
        return Path(named).expanduser()
    if sys.platform == "darwin":
        base = Path("~/Library/Caches").expanduser()
    elif sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", "~/AppData/Local")).expanduser()
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser()
    return base / "convoy-risk"


def source_digest(package_folder: Path) -> str:
    """Hash of the `SOURCES` under `package_folder`, the versions in use, and how to compile."""
    digest = hashlib.blake2s(digest_size=8)
    settings = [f"{name}={getattr(numba.config, name, None)}" for name in COMPILER_SETTINGS]
    digest.update("|".join([sys.version, numba.__version__, np.__version__, *settings]).encode())
    for name in SOURCES:
        for file in _python_files(os.path.join(package_folder, name)):
            with open(file, "rb") as source:
                digest.update(os.path.relpath(file, package_folder).encode())
                digest.update(hashlib.blake2s(source.read()).digest())
    return digest.hexdigest()


def _python_files(place: str) -> Iterator[str]:
    """The file `place`, or all Python files in that folder and below, in order of their names."""
    if not os.path.isdir(place):
        if os.path.exists(place):
            yield place
        return
    for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _python_files(entry.path)
        elif entry.name.endswith(".py"):
            yield entry.path


@cache
def _cache_folder() -> Path | None:
    """The folder for exactly these sources, with numba pointed at it; None where there is none."""
    folder = cache_root() / source_digest(Path(__file__).parent)
    is_new = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()  # marks the folder as used today, too
        probe.unlink()
    except OSError as error:
        _say_not_kept(folder, str(error.strerror))
        return None
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    if is_new:
        prune(folder.parent, keep=folder)
    return folder


def prune(root: Path, keep: Path | None = None) -> None:
    """Remove folders of compiled code that nobody used for long, and that are not the newest.

    Parameters
    ----------
    root : Path
        What it holds beside folders named by a hash is left alone.
    keep : Path, optional
        A folder that stays in any case.
    """
    with suppress(OSError):
        folders = [file for file in root.iterdir() if _FOLDER_NAME.fullmatch(file.name)]
        used_s = {folder: folder.stat().st_mtime for folder in folders if folder.is_dir()}
        oldest_first = sorted(used_s, key=lambda folder: used_s[folder])
        for folder in oldest_first[:-KEPT_FOLDERS]:
            if folder == keep or time.time() - used_s[folder] < KEPT_DAYS * 86400.0:
                continue
            # Renamed first, so that nobody who comes now finds half a folder.
            removed = root / f".{folder.name}.{os.getpid()}.removed"
            with suppress(OSError):
                folder.rename(removed)
                shutil.rmtree(removed, ignore_errors=True)


def rule(function: F) -> F:
    """Compile `function` on its first call; no fast mathematics, ever, so that results repeat."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    return _compiled(function, no_cfunc_wrapper=True)


def rule_in_place(function: F) -> F:
    """A `rule` that becomes part of each caller, in whose loops the compiler does several at once.

    For what is called more than anything else; elsewhere one copy serves all and compiles sooner.
    """
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    return _compiled(function, no_cfunc_wrapper=True, forceinline=True)


def _compiled(function: F, **options: bool) -> F:
    is_kept = _cache_folder() is not None
    options["_nrt"] = _makes_arrays(function)
    compiled: Any = numba.njit(cache=is_kept, nogil=True, **options)(function)  # type: ignore[call-overload]
    if is_kept:
        _share_cache(compiled)
    _take_numbers_alike(compiled)
    return compiled


_making_arrays = {"empty", "empty_like", "full", "ones", "zeros"}


def _makes_arrays(function: Callable[..., Any]) -> bool:
    """Whether a function makes arrays, or calls one that does, by the names that it uses.

    Only there numba has to count who holds an array. Elsewhere arrays are a caller's, or parts of
    records, and the counting alone would take a tenth of the time.
    """
    if _making_arrays.isdisjoint(function.__code__.co_names):
        return False
    _making_arrays.add(function.__name__)
    return True


def _take_numbers_alike(compiled: Any) -> None:
    """Let compiled callers hand every whole number over as one type.

    numba compiles a function anew for each constant with which compiled code calls it, and for each
    width of whole numbers: a function that puts down a row would be compiled forty times.
    """
    resolve = compiled.get_call_template

    def resolve_alike(args: Any, kws: Any) -> Any:
        return resolve(tuple(map(_plain_type, args)), kws)

    compiled.get_call_template = resolve_alike


def _plain_type(kind: Any) -> Any:
    kind = numba.types.unliteral(kind)
    return (
        numba.types.int64 if isinstance(kind, numba.types.Integer | numba.types.Boolean) else kind
    )


def kernel(function: F) -> F:
    """Compile a part of the batch engine; it moves state and holds no science.

    Only compiled code can call it, and a call from Python ends the process: without a door for
    Python it compiles a tenth faster. With `NUMBA_DISABLE_JIT=1` it is a plain function.
    """
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    return _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def entry(function: F) -> F:
    """Compile a part of the batch engine that Python calls."""
    return rule(function)


def as_argument(records: Any) -> Any:
    """An array of records as an `entry` takes it quickest."""
    return records if numba.config.DISABLE_JIT else records.view(np.ndarray)  # type: ignore[attr-defined]


def handler(function: F) -> F:
    """Compile a part of the batch engine that is called by its address (`call_handler`)."""
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        return function
    return _compiled(function, no_cpython_wrapper=True)


def callback(function: F) -> F:
    """Let compiled code call a Python function by its address, in the place of a `handler`.

    Of the records it gets addresses, and plain records where nothing is compiled. What it raises is
    kept for `raise_from_handlers`: compiled code goes on with what it had.
    """
    record = ctypes.c_void_p
    signature = (None, record, record, record, ctypes.c_int64, ctypes.c_int64)
    _callbacks[function] = ctypes.CFUNCTYPE(*signature)(functools.partial(_call_back, function))
    return function


def _call_back(function: Any, *arguments: int) -> None:
    try:
        function(*arguments)
    except BaseException as error:
        _raised.error = error


_callbacks: dict[Any, Any] = {}
_plain_handlers: list[Any] = []


def address_of(function: Any, arguments: tuple[Any, ...]) -> int:
    """Where a `handler` lies in memory, compiled for arguments like these; for `call_handler`.

    Called by address it is compiled once, by itself; called by name it would be compiled again as a
    part of each caller. By address and without doors for Python (`kernel`) the whole engine
    compiles in 55 s, by name and with them in 85 s.
    """
    if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        _plain_handlers.append(function)
        return len(_plain_handlers) - 1
    if function in _callbacks:
        return int(ctypes.cast(_callbacks[function], ctypes.c_void_p).value or 0)
    types = tuple(map(numba.typeof, arguments))
    function.compile(types)
    code, described = attrgetter("library", "fndesc")(function.overloads[types])
    address: int = code.get_pointer_to_function(described.llvm_cfunc_wrapper_name)
    return address


def _call_plain(address, state, world, settings, who, version):  # type: ignore[no-untyped-def]
    _plain_handlers[address](state, world, settings, who, version)


@intrinsic
def _call_compiled(typing_context, address, state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """Call what lies at an address, with arguments as C has them."""

    def generate(context, builder, signature, values):  # type: ignore[no-untyped-def]
        of_arguments = [context.get_value_type(kind) for kind in signature.args[1:]]
        kind = ir.FunctionType(context.get_value_type(numba.types.none), of_arguments)
        builder.call(builder.inttoptr(values[0], kind.as_pointer()), values[1:])
        return context.get_dummy_value()

    arguments = (address, state, world, settings, who, version)
    return numba.types.none(*arguments), generate


call_handler: Any = _call_plain if numba.config.DISABLE_JIT else _call_compiled  # type: ignore[attr-defined]
"""Calls a `handler` by its address: `(address, state, world, settings, who, version)`.

What it raises cannot pass through compiled code; `raise_from_handlers` raises it afterwards.
"""
_OF_NUMBA = "CPUContext"
_raised = threading.local()


@cache
def keep_what_handlers_raise() -> None:
    """From now on keep what a `handler` raises for `raise_from_handlers`, thread by thread.

    So too what comes from the keyboard as a `callback` begins or ends.
    """
    others = sys.unraisablehook

    def keep(unraisable: Any) -> None:
        of_numba = isinstance(unraisable.object, str) and _OF_NUMBA in unraisable.object
        passed = unraisable.exc_traceback
        if of_numba or (passed is not None and passed.tb_frame.f_code is _call_back.__code__):
            _raised.error = unraisable.exc_value
        else:
            others(unraisable)

    sys.unraisablehook = keep


def raise_from_handlers() -> None:
    """Raise what a handler has raised in this thread since the last call."""
    error = getattr(_raised, "error", None)
    if error is not None:
        _raised.error = None
        raise error


def _share_cache(compiled: Any) -> None:
    """Make the cached files of a function safe against other processes, and against damage.

    numba numbers the files of a function's versions by what it reads in an index, so that two
    processes which compile two versions at the same moment may give both one number, and the index
    then hands out one version for the other. Here every file has a name of its own, and is there
    before the index names it. What cannot be read is compiled again, what cannot be written is used
    without being kept.
    """
    file = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if not all(hasattr(file, name) for name in ("save", "load", "_load_index", "_save_index")):
        return  # a numba that keeps its cache in another way
    file.save = functools.partial(_save_apart, file)  # type: ignore[union-attr]
    file.load = functools.partial(_load_if_sound, file, file.load)  # type: ignore[union-attr]


def _save_apart(file: Any, key: Any, data: Any) -> None:
    name = file._data_name_pattern.format(number=uuid.uuid4().int >> 64)
    try:
        file._save_data(name, data)
        file._save_index(_index_if_sound(file) | {key: name})
    except OSError as error:
        _say_not_kept(numba.config.CACHE_DIR, str(error.strerror))  # type: ignore[attr-defined]


def _load_if_sound(file: Any, load: Callable[[Any], Any], key: Any) -> Any:
    try:
        return load(key)
    except Exception:  # a damaged file may fail in any way when it is unpickled
        return None


def _index_if_sound(file: Any) -> dict[Any, str]:
    try:
        return dict(file._load_index())
    except Exception:
        return {}


@cache
def _say_not_kept(folder: str | Path, why: str) -> None:
    """A line and no `warnings.warn`: where in the sources it is said helps nobody to mend it."""
    named = os.environ.get("CONVOY_RISK_CACHE")
    origin = f"by CONVOY_RISK_CACHE={named}" if named else "by default"
    _say(
        f"warning: compiled code cannot be kept in {folder} ({why}): every process compiles anew "
        f"what it uses, the engine in {USUAL_TIME} each time. It was set {origin}. "
        "Allowed: a folder that can be written; CONVOY_RISK_CACHE=FOLDER names one."
    )


_first_calls = threading.RLock()
_called: set[str] = set()
_being_called: set[str] = set()
_compiling: list[tuple[float, float | None]] = [(0.0, None)]
"""Seconds that are over, and when the compilation that is under way began: one pair, so that no
thread sees one without the other."""


@contextmanager
def first_compilation(what: str, version: str = "", takes: str = USUAL_TIME) -> Iterator[None]:
    """Around the first call of what takes long to compile: says so, and how long it was.

    Nothing is said where the cache has it, or where nothing is compiled. Other threads, and other
    processes that share the cache, wait meanwhile, so that it is compiled once. Once it was called,
    this costs nothing.

    Parameters
    ----------
    what : str
        As a person calls it: `the batch engine`.
    version : str
        Tells apart what is compiled anew for each, such as the shapes of arrays.
    takes : str
        How long it usually takes, in words.
    """
    # numba keeps what it compiles apart for every place in which the sources lie.
    call = f"{what}, {version}, {Path(__file__).parent}"
    if call in _called or numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
        yield
        return
    with _first_calls:
        if call in _called or call in _being_called:  # the latter by a `callback` in this thread
            yield
            return
        _being_called.add(call)
        try:
            with _said_aloud(
                what, hashlib.blake2s(call.encode(), digest_size=8).hexdigest(), takes
            ):
                yield
        finally:
            _being_called.discard(call)
        _called.add(call)


@contextmanager
def _said_aloud(what: str, name: str, takes: str) -> Iterator[None]:
    folder = _cache_folder()
    if folder is None:
        _say(f"compiling {what}, since compiled code is not kept: {takes}")
        with _timed():
            yield
        return
    mark = folder / f"{name}.compiled"
    if mark.exists():
        yield
        return
    with _timed(), _turn_of_this_process(folder / f"{name}.lock", what, mark):
        if mark.exists():
            yield
            return
        start_s = time.perf_counter()
        _say(f"compiling {what}, once for this version: {takes}")
        yield
        _say(f"compiled {what} in {time.perf_counter() - start_s:.0f} s")
        with suppress(OSError):
            mark.touch()


def compiling_s() -> float:
    """Time that this process has spent in first compilations, each with its first call, s.

    What others compile meanwhile, and this process waits for, counts too.

    >>> compiling_s() >= 0.0
    True
    """
    over_s, since_s = _compiling[0]
    return over_s if since_s is None else over_s + time.perf_counter() - since_s


def working_s() -> float:
    """A clock that stands still while this process compiles, s; its start means nothing.

    >>> working_s() <= working_s()
    True
    """
    return time.perf_counter() - compiling_s()


@contextmanager
def _timed() -> Iterator[None]:
    # One at a time, by `_first_calls`.
    over_s, start_s = _compiling[0][0], time.perf_counter()
    _compiling[0] = (over_s, start_s)
    try:
        yield
    finally:
        _compiling[0] = (over_s + time.perf_counter() - start_s, None)


@contextmanager
def _turn_of_this_process(file: Path, what: str, mark: Path) -> Iterator[None]:
    """Wait while another process compiles the same; without waiting where systems cannot tell."""
    if mark.exists():
        yield
        return
    try:
        import fcntl
    except ImportError:  # not a Unix: both compile, and both are right
        yield
        return
    try:
        lock = file.open("w")
    except OSError:
        yield
        return
    with lock:
        with suppress(OSError):  # a file system without locks
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _say(f"another process compiles {what}: waiting for it")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(line: str) -> None:
    print(f"convoy-risk: {line}", file=sys.stderr, flush=True)
