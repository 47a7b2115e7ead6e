"""The C program of the slice: build it in several ways, run it, read what it writes."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.problem import read_tables, write_problem
from sim.world.record import EVENT_COLUMNS, TRAFFIC_KINDS
from sim.world.scenario import Scenario

SOURCE = Path(__file__).with_name("bench_core.c")
COMPILERS = ("gcc", "clang", "cc")
FLAG_SETS = (
    ("-O2",),
    ("-O3",),
    ("-O3", "-march=native"),
    ("-O3", "-march=native", "-mprefer-vector-width=128"),
)
"""Ways to build; which is the best is measured, since more flags have been slower before."""
ALWAYS = ("-std=c11", "-ffp-contract=off")
"""Without fused multiply-add, which would round once where the engines round twice."""

ROW = np.dtype(
    [
        ("time_h", np.float64),
        ("hours", np.float64),
        ("strength", np.float64),
        ("entity", np.uint64),
        ("other", np.uint64),
        ("segment", np.int32),
        ("camp", np.int16),
        ("killed", np.int16),
        ("wounded", np.int16),
        ("civilians", np.int16),
        ("contractors", np.int16),
        ("kind", np.int8),
        ("cause", np.int8),
    ]
)
"""`Row` of the C program: the columns of the event table, the widest first."""
MEMORY = np.dtype(
    [
        (f"{what}{column}", np.float64)
        for what in ("traffic", "patrols", "success", "pressure")
        for column in ("", "_time_h")
    ]
)
TOLD = np.dtype(
    [
        (name, np.float64)
        for name in (
            "events_per_km",
            "events_time_h",
            "passages",
            "passages_time_h",
            "last_swept_h",
        )
    ]
)
SUMS_BY_PERIOD = ("n_patrols", "live_device_h", "journey_h", "undisturbed_h", "traffic_seen")
SUMS_BY_PIECE = ("vehicle_km", "person_km")


class Timing(NamedTuple):
    """One timed run of the C program."""

    ns_by_clock: float
    ns: float
    """Of processor time, so that other work on the machine does not count."""
    n_events: int
    n_rows: int
    checksum: str


@dataclass(frozen=True)
class Build:
    """A way to build the C program."""

    compiler: str
    flags: tuple[str, ...]

    @property
    def command(self) -> str:
        """The command, without paths."""
        return " ".join([self.compiler, *ALWAYS, *self.flags, SOURCE.name, "-lm"])

    def make(self, folder: Path) -> Path:
        """Build it into a folder; the path of the program."""
        program = folder / "-".join([self.compiler, *self.flags]).replace("=", "-")
        command = [self.compiler, *ALWAYS, *self.flags, str(SOURCE), "-o", str(program), "-lm"]
        subprocess.run(command, check=True)
        return program


def found_compilers() -> list[str]:
    """The C compilers of this machine; `cc` where it is the only one."""
    found = [name for name in COMPILERS if shutil.which(name)]
    return [name for name in found if name != "cc"] or found


def possible_builds() -> list[Build]:
    """Every compiler with every set of flags that it takes; none where there is no compiler."""
    builds = []
    for compiler in found_compilers():
        for flags in FLAG_SETS:
            if _takes(compiler, flags):
                builds.append(Build(compiler, flags))
    return builds


def _takes(compiler: str, flags: tuple[str, ...]) -> bool:
    """Whether a compiler knows the flags; some machines have no vectors to prefer."""
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.c"
        empty.write_text("int main(void) { return 0; }\n")
        command = [compiler, *ALWAYS, *flags, str(empty), "-o", str(empty.with_suffix(""))]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0


def compiler_version(compiler: str) -> str:
    """The first line that a compiler says of itself."""
    asked = subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True)
    return asked.stdout.splitlines()[0]


def time_runs(program: Path, problem: Path, seed: int, first_run: int, n_runs: int) -> list[Timing]:
    """Time some runs, one after the other in one process, without reading the problem."""
    command = [str(program), str(problem), "time", str(seed), str(first_run), str(n_runs)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        Timing(float(by_clock), float(ns), int(n_events), int(n_rows), checksum)
        for by_clock, ns, n_events, n_rows, checksum in map(str.split, printed.splitlines())
    ]


def simulate(program: Path, problem: Path, seed: int, run: int) -> dict[str, NDArray]:
    """One run as tables: the columns of events in their order, sums, and memories at the end."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        command = [str(program), str(problem), "rows", str(seed), str(run), str(out)]
        subprocess.run(command, check=True)
        sums = dict.fromkeys((*SUMS_BY_PERIOD, *SUMS_BY_PIECE), np.float64)
        tables = read_tables(
            out, {"rows": ROW, "n_events": np.int64, "memory": MEMORY, "told": TOLD, **sums}
        )
    rows, memory, told = (tables.pop(name) for name in ("rows", "memory", "told"))
    n_periods = len(tables["n_patrols"])
    for name in SUMS_BY_PIECE:
        tables[name] = tables[name].reshape(len(TRAFFIC_KINDS), n_periods, -1)
    tables |= {name: rows[name] for name in EVENT_COLUMNS}
    tables |= {name: memory[name] for name in MEMORY.names or ()}
    tables |= {name: told[name] for name in TOLD.names or ()}
    return tables


def problem_of(scenario: Scenario, folder: Path) -> Path:
    """Write the problem of a scenario into a folder; its path."""
    path = folder / f"{scenario.name}.problem"
    write_problem(scenario, path)
    return path
