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
import time
from collections.abc import Callable, Mapping, Sequence
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
