"""How long runs took on this computer, and how much they left on the disk: for `--dry-run`.

The measurement lies in the user's cache, by engine, road graph and detail, for one simulated day;
no result depends on it, and it may be deleted.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.world.scenario import Scenario


@dataclass(frozen=True)
class PastRuns:
    """What a run of a scenario takes, by what was measured before."""

    run_s: float
    """Time of a run on one core, s."""
    run_bytes: float | None
    """What it leaves on the disk; None where nothing was kept."""


def past_runs(scenario: Scenario, detail: str) -> PastRuns | None:
    """What a run of this scenario will take, or None where no run of its kind was measured."""
    try:
        entry = _read()[_key(scenario, detail)]
        days = simulated_days(scenario)
        run_s, size = entry["s_per_day"], entry["bytes_per_day"]
        return PastRuns(run_s * days, None if size is None else size * days)
    except (KeyError, TypeError, ValueError):
        return None


def note_runs(
    scenario: Scenario, detail: str, run_s: float, run_bytes: float | None = None
) -> None:
    """Remember what a run took; a cache that cannot be written is left alone.

    What a study measured over many runs is not replaced by a single run, whose time may be that of
    the compiler.
    """
    if run_bytes is None and past_runs(scenario, detail) is not None:
        return
    days = simulated_days(scenario)
    entries = _read()
    entries[_key(scenario, detail)] = {
        "s_per_day": run_s / days,
        "bytes_per_day": None if run_bytes is None else run_bytes / days,
    }
    try:
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().write_text(json.dumps(entries, indent=1, sort_keys=True), encoding="utf-8")
    except OSError:
        pass


def never_measured(detail: str) -> str:
    """Why nothing is known: runs that keep less, or more, take another time and space."""
    return f"no run on these roads with results.detail={detail} has been made on this computer yet"


def simulated_days(scenario: Scenario) -> float:
    """Length of a run, warm-up included, d."""
    clock = scenario.clock()
    return float((clock.last_day - clock.first_day).days)


def folder_bytes(folder: Path) -> int:
    """Size of all files in a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def readable_bytes(size: float) -> str:
    """A size as a person writes it.

    >>> readable_bytes(2_300_000)
    '2.3 MB'
    """
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.2g} {unit}" if size < 10 else f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def readable_s(seconds: float) -> str:
    """A time as a person writes it.

    >>> readable_s(0.234), readable_s(75), readable_s(9000)
    ('0.23 s', '75 s', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _key(scenario: Scenario, detail: str) -> str:
    return f"{scenario.engine.name}, {scenario.roads.name}, {detail}"


def _file() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "convoy-risk" / "past_runs.json"


def _read() -> dict[str, dict[str, Any]]:
    try:
        entries = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return entries if isinstance(entries, dict) else {}
