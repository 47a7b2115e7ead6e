"""How the benchmarks measure: contestants side by side, in rounds, with the machine named.

Times on a shared machine wander by more than what is to be told apart, so contestants take turns: a
round lets each of them run once, every other round in the opposite order, and a ratio is taken
within a round. What is reported is the median over rounds, with the least and the greatest. What
runs on one thread is measured in processor time, which other work on the machine does not add to;
what runs on several is measured by the clock.
"""

import importlib.metadata
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Contestant = Callable[[], float]
"""Runs its share once and gives what it measured, seconds a run as a rule."""


def side_by_side(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, list[float]]:
    """What each contestant measured, round by round; one round before that warms them up."""
    measured: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds + 1):
        order = list(contestants) if number % 2 == 0 else list(contestants)[::-1]
        for name in order:
            value = contestants[name]()
            if number > 0:
                measured[name].append(value)
    return measured


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """One ratio a round."""
    return [one / other for one, other in zip(above, below, strict=True)]


def seconds_of(act: Callable[[], Any], n: int = 1) -> float:
    """Seconds of processor time of this thread that one of `n` calls takes."""
    begin = time.thread_time()
    for _ in range(n):
        act()
    return (time.thread_time() - begin) / n


def seconds_by_clock(act: Callable[[], Any]) -> float:
    """Seconds by the clock that a call takes, whatever threads it uses."""
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin


@dataclass(frozen=True)
class Taken:
    """What a command took from its start to its end."""

    clock_s: float
    processor_s: float
    memory_mb: float
    """Most memory that it held at one time."""


def seconds_of_command(words: Sequence[str]) -> Taken:
    """Run `convoy-risk` with these words in a process of its own, with this Python.

    Raises
    ------
    RuntimeError
        Where it fails, with what it said.
    """
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "experiments", *words], stdout=said, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        clock_s = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise RuntimeError(said.read().decode(errors="replace"))
    # Kilobytes of 1,024 on Linux, bytes on macOS.
    per_mb = 1e6 if sys.platform == "darwin" else 1e6 / 1024.0
    return Taken(clock_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / per_mb)


def figure(
    what: str,
    values: Sequence[float],
    unit: str,
    at_least: float | None = None,
    at_most: float | None = None,
) -> dict[str, Any]:
    """One figure of a claim: the median over rounds, the extremes, and its target where it has one.

    >>> figure("batch over plain Mesa", [40.0, 50.0, 45.0], "times", at_least=40.0)["is_met"]
    True
    """
    made: dict[str, Any] = {
        "what": what,
        "median": statistics.median(values),
        "least": min(values),
        "greatest": max(values),
        "n": len(values),
        "unit": unit,
    }
    if at_least is not None:
        made |= {"target": f"at least {at_least:g}", "is_met": made["median"] >= at_least}
    if at_most is not None:
        made |= {"target": f"at most {at_most:g}", "is_met": made["median"] <= at_most}
    return made


def machine() -> dict[str, Any]:
    """The class of machine, and the versions that the figures depend on."""
    versions = {
        name: importlib.metadata.version(name) for name in ("numba", "numpy", "mesa", "networkx")
    }
    return {
        "processor": _processor(),
        "architecture": platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _cores(),
        "system": platform.system(),
        "python": platform.python_version(),
        **versions,
    }


def _cores() -> int:
    return os.cpu_count() or 1


def _processor() -> str:
    """What the processor calls itself, where the system tells."""
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
