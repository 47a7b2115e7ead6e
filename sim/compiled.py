"""The compiler, named once: `rule` makes numba compile a plain function on its first call.

Compiled code is kept in the user's cache folder, in a folder named by a hash of every source file
that holds a rule and of the versions of Python, numba and numpy. numba itself notices a change only
in the file of the function that it looks up, so a rule that calls a changed rule in another file
would keep the old one; a new folder for every change of any rule cannot.

`CONVOY_RISK_CACHE` names another folder. Where no folder can be written, rules are compiled anew in
every process and a warning says so.
"""

import hashlib
import os
import sys
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


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
    """Hash of all sources under `package_folder` that hold a rule, and of the versions in use."""
    digest = hashlib.blake2s(digest_size=8)
    digest.update(f"{sys.version}|{numba.__version__}|{np.__version__}".encode())
    for file in sorted(package_folder.rglob("*.py")):
        source = file.read_bytes()
        if b"@rule" in source:
            digest.update(file.relative_to(package_folder).as_posix().encode())
            digest.update(source)
    return digest.hexdigest()


@cache
def _is_cache_ready() -> bool:
    """Point numba at the folder for exactly these sources; False where it cannot be written."""
    folder = cache_root() / source_digest(Path(__file__).parent)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        warnings.warn(
            f"compiled code cannot be kept in {folder} ({error.strerror}): rules are compiled "
            "anew in every process. Set CONVOY_RISK_CACHE to a folder that can be written.",
            RuntimeWarning,
            stacklevel=3,
        )
        return False
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    return True


def rule(function: F) -> F:
    """Compile `function` on its first call; no fast mathematics, ever, so that results repeat."""
    return numba.njit(cache=_is_cache_ready(), nogil=True)(function)  # type: ignore[return-value]
