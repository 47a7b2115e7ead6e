"""A claim on a folder: one process at a time adds runs to a study.

Two that went on from the same runs would make the same ones again, and would join them into files
of different runs, in which some stand twice. The claim is a lock of the system on the folder itself
(`flock`), which leaves no file behind and ends with the process, however that ends.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.errors import ResultsError


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Nobody else claims this folder while the block runs; it is made where it does not exist.

    Where the system has no such lock, as on Windows and on some network drives, nothing is held.

    Raises
    ------
    ResultsError
        Where a study is at work there already.
    """
    descriptor = _opened(folder)
    try:
        if descriptor is not None and not _is_free(descriptor):
            raise ResultsError(
                f"{folder} is in use: another study is at work there, and both would make the same "
                "runs. Allowed: another folder, or this one as soon as the other has ended."
            )
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _opened(folder: Path) -> int | None:
    if sys.platform == "win32":
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:  # whoever writes there next says what is wrong
        return None


def _is_free(descriptor: int) -> bool:
    """Take the lock; False where somebody else has it."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EACCES)
    return True
