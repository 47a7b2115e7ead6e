"""A study in a folder: every finished run in Parquet files, with what made it beside it.

    study.json               seed, detail, versions, commit, and the hash of every scenario
    scenarios/NAME.json      every setting of a scenario, resolved
    measures/NAME/*.parquet  one row for each run (all levels of detail)
    months/NAME/*.parquet    each run by month (incidents, full)
    places/NAME/*.parquet    each run by piece of road, from the decision date on (incidents, full)
    traffic/NAME/*.parquet   distance driven by month and piece of road (incidents, full)
    events/NAME/*.parquet    every event; passages and sweeps as rows only in `full`
    runs/NAME/*.arrows       runs that are in none of these yet, one file each, with all its tables

A run that is finished is written at once, to one small file of its own, and counts as finished
exactly when that file is there. Runs 0 to `RUNS_A_FILE` - 1 of a scenario become one Parquet file
for each table as soon as all of them are finished, and so do those that follow; when the study
ends, so do the runs that are left. Which runs share a file does not depend on the order in which
they came. Only then are their own files removed; a Parquet file that has none of its name beside it
in every other table is ignored, and cleared away when the study goes on. A file appears under its
name only when it is complete: it is written beside it and renamed. No file holds a path of the
machine that wrote it. docs/decisions/0024-a-finished-run-is-one-small-file.md says why.
"""

import dataclasses
import functools
import json
import os
import platform
import re
import subprocess
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.ipc as ipc
import pyarrow.parquet as pq

from sim.errors import ResultsError, ResultsWarning
from sim.results.columns import arrow_table, constant_word
from sim.results.events import readable_columns
from sim.results.ground import network_of
from sim.results.groups import month_columns, place_columns, traffic_columns
from sim.results.measures import MEASURE_NAMES
from sim.results.sink import Replication, StudyIdentity
from sim.world.events import Kind
from sim.world.record import RunRecord
from sim.world.scenario import Scenario

FORMAT = "convoy-risk study"
FORMAT_VERSION = 2
RUNS_A_FILE = 32
"""Runs that are joined into one file for each table."""

_SINGLE = "runs"
"""The folder of runs that no Parquet file holds yet."""

DETAILS = ("measures", "incidents", "full")
TABLES = ("events", "months", "places", "traffic", "measures")
"""Tables of a run in the order in which they are written."""

ONLY_IN_FULL = (Kind.PASSED, Kind.SWEPT)
"""Kinds of event that are kept as rows in `full` alone: most of them are quiet."""

_ABOUT = "study.json"
_PROGRAM = ("commit", "versions")
"""Keys of it that say which program made runs."""
_ONE_RUN = re.compile(r"run-(\d+)\.arrows")
_ALONE = ipc.IpcReadOptions(use_threads=False)
_FAST = ipc.IpcWriteOptions(use_threads=False)
"""Runs are written as they are in memory, by one thread: the others are at work on the next."""
_TABLE = b"table"
"""The key under which a stream says which table it is."""

_OFTEN_ALIKE = ("run", "entity", "other")
"""Columns of numbers of which many rows have the same."""

_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)


class ParquetSink:
    """A `RunSink` that keeps finished runs in a folder, whatever happens to the program.

    One process writes at a time, which `sim.results.claim` sees to; others may read meanwhile.

    Parameters
    ----------
    folder : path
        Made where it does not exist. A folder that holds anything else is left alone.
    scenarios : iterable of Scenario
        Those of the study; they are written down in full.
    detail : {"measures", "incidents", "full"}
        What is kept of each run.
    """

    def __init__(
        self, folder: str | Path, scenarios: Iterable[Scenario], detail: str = "incidents"
    ) -> None:
        if detail not in DETAILS:
            raise ResultsError(
                f"results.detail is {detail!r}: there is no such level. "
                f"Allowed: {', '.join(DETAILS)}."
            )
        self.folder = Path(folder)
        self.scenarios = {scenario.name: scenario for scenario in scenarios}
        self.detail = detail
        self._finished: dict[str, set[int]] = {}
        self._single: dict[str, set[int]] = {}
        """Runs that no Parquet file holds yet."""

    def begin(self, identity: StudyIdentity, resume: bool) -> None:
        """Open the folder for a study; the rules are those of `RunSink.begin`."""
        about = _about(identity, self.detail)
        if (self.folder / _ABOUT).exists():
            held = read_about(self.folder)
            if not resume:
                raise ResultsError(
                    f"{self.folder} holds a study already: it would be overwritten. "
                    "Allowed: another folder, or resume=true to go on from its finished runs."
                )
            _require_same_study(self.folder, held, about)
            about["scenarios"] = {**held["scenarios"], **about["scenarios"]}
            about["earlier_programs"] = _earlier_programs(self.folder, held, about)
        elif self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise ResultsError(
                f"{self.folder} is not empty and holds no study: nothing in it is touched. "
                "Allowed: a folder that is empty or does not exist yet."
            )
        _write_text(self.folder / _ABOUT, json.dumps(about, indent=2, sort_keys=True) + "\n")
        for scenario in self.scenarios.values():
            _write_text(
                self.folder / "scenarios" / f"{_file_name(scenario.name)}.json",
                scenario_json(scenario),
            )
        self._take_stock(about["scenarios"])

    def has(self, scenario_name: str, run: int) -> bool:
        """True where this run is finished and kept."""
        return run in self._finished.get(scenario_name, ())

    def put(self, scenario_name: str, run: int, payload: Replication) -> None:
        """Keep a finished run; when this returns, it is on the disk."""
        tables = {"measures": measures_arrow(scenario_name, run, payload.measures)}
        if self.detail != "measures":
            if payload.record is None:
                raise ResultsError(
                    f"run {run} of {scenario_name!r} came without its record, and results.detail "
                    f"is {self.detail}. Allowed: runs with records, or results.detail=measures."
                )
            scenario = self._scenario(scenario_name)
            tables |= record_tables(scenario_name, scenario, payload.record, self.detail)
        _write_run(self._file(scenario_name, run), tables)
        self._single.setdefault(scenario_name, set()).add(run)
        finished = self._finished.setdefault(scenario_name, set())
        finished.add(run)
        mates = _file_mates(run)
        if finished.issuperset(mates):
            self._join_files(scenario_name, self._single[scenario_name].intersection(mates))

    def finish(self) -> None:
        """Put the runs that have no Parquet file yet into one for each table."""
        for name, single in self._single.items():
            while single:
                self._join_files(name, single.intersection(_file_mates(min(single))))

    def load(self) -> Iterator[tuple[str, int, Mapping[str, float]]]:
        """Every kept run as (scenario name, run, measures)."""
        for name, runs in self._finished.items():
            if not runs:
                continue
            table = _read(self.folder, "measures", [name], self._tables)
            for batch in table.drop(["scenario"]).to_batches(max_chunksize=1000):
                for row in batch.to_pylist():
                    yield name, int(row.pop("run")), row

    @property
    def _tables(self) -> tuple[str, ...]:
        """Tables that this level of detail keeps, in the order of writing."""
        return _tables_of(self.detail)

    def _scenario(self, name: str) -> Scenario:
        if name not in self.scenarios:
            raise ResultsError(
                f"a run of scenario {name!r} came in, of which nothing is known. "
                f"Allowed: {', '.join(self.scenarios) or 'none'}; give all scenarios of a study "
                "to its ParquetSink."
            )
        return self.scenarios[name]

    def _folder(self, table: str, scenario_name: str) -> Path:
        return self.folder / table / _file_name(scenario_name)

    def _file(self, scenario_name: str, run: int) -> Path:
        return self._folder(_SINGLE, scenario_name) / f"run-{run:06d}.arrows"

    def _take_stock(self, names: Iterable[str]) -> None:
        """See which runs are finished, and clear away what interruptions left behind."""
        self._finished, self._single = {}, {}
        for name in names:
            complete = _complete_files(self.folder, name, self._tables)
            for table in (*self._tables, _SINGLE):
                folder = self._folder(table, name)
                incomplete = [f for f in folder.glob("runs-*.parquet") if f.name not in complete]
                for left_over in (*folder.glob(".*.partial"), *incomplete):
                    left_over.unlink()
            joined = _runs_in(self.folder, name, complete)
            single = {run for run, _ in _single_runs(self._folder(_SINGLE, name))}
            for run in single & joined:  # interrupted between the joining and the clearing away
                self._file(name, run).unlink()
            self._single[name] = single - joined
            self._finished[name] = single | joined

    def _join_files(self, name: str, of_runs: Iterable[int]) -> None:
        runs = sorted(of_runs)
        files = [self._file(name, run) for run in runs]
        contents = [_read_run(self.folder, file, self._tables) for file in files]
        for table in self._tables:
            joined = pa.concat_tables([content[table] for content in contents])
            _write_parquet(
                self._folder(table, name) / f"runs-{runs[0]:06d}-{runs[-1]:06d}.parquet",
                joined.unify_dictionaries(),
            )
        for file in files:
            file.unlink()
        self._single[name].difference_update(runs)


@dataclass(frozen=True)
class Study:
    """A folder that a study wrote, opened for reading."""

    folder: Path
    about: Mapping[str, Any]
    """Seed, detail, versions, commit and scenario hashes."""
    scenarios: Mapping[str, Mapping[str, Any]]
    """Every setting of every scenario, resolved."""

    @property
    def names(self) -> tuple[str, ...]:
        """The scenarios, in alphabetical order."""
        return tuple(self.scenarios)

    def measures(self, scenarios: Sequence[str] | None = None) -> pd.DataFrame:
        """One row for each finished run: scenario, run and every measure."""
        return self._frame("measures", scenarios)

    def events(self, scenarios: Sequence[str] | None = None) -> pd.DataFrame:
        """Every event of finished runs; columns of `sim.results.events.EVENT_SCHEMA`."""
        return self._frame("events", scenarios)

    def months(self, scenarios: Sequence[str] | None = None) -> pd.DataFrame:
        """Finished runs by month; columns of `sim.results.groups.month_table`."""
        return self._frame("months", scenarios)

    def places(self, scenarios: Sequence[str] | None = None) -> pd.DataFrame:
        """Finished runs by piece of road; columns of `sim.results.groups.place_table`."""
        return self._frame("places", scenarios)

    def traffic(self, scenarios: Sequence[str] | None = None) -> pd.DataFrame:
        """Distance driven by month and piece; columns of `sim.results.groups.traffic_table`."""
        return self._frame("traffic", scenarios)

    def _frame(self, table: str, scenarios: Sequence[str] | None) -> pd.DataFrame:
        names = list(self.names) if scenarios is None else list(scenarios)
        for name in names:
            if name not in self.scenarios:
                raise ResultsError(
                    f"{self.folder} holds no scenario {name!r}. Allowed: {', '.join(self.names)}."
                )
        tables = _tables_of(self.about["detail"])
        frame: pd.DataFrame = _read(self.folder, table, names, tables).to_pandas()
        frame["scenario"] = frame["scenario"].astype(object)
        return frame


def open_study(folder: str | Path) -> Study:
    """Open a folder that a study wrote.

    Raises
    ------
    ResultsError
        When the folder is missing, was written by something else, or is damaged.
    """
    folder = Path(folder)
    about = read_about(folder)
    scenarios = {}
    for name in sorted(about["scenarios"]):
        file = folder / "scenarios" / f"{_file_name(name)}.json"
        scenarios[name] = _read_json(folder, file)
    return Study(folder, about, scenarios)


def read_about(folder: Path) -> dict[str, Any]:
    """`study.json` of a folder, checked."""
    file = folder / _ABOUT
    if not file.exists():
        raise ResultsError(
            f"{folder} holds no {_ABOUT}: no study was kept there. "
            "Allowed: a folder that `convoy-risk compare` or ParquetSink wrote."
        )
    about = _read_json(folder, file)
    if about.get("format") != FORMAT:
        raise ResultsError(
            f"{file} was written by something else: format is {about.get('format')!r}. "
            f"Allowed: {FORMAT!r}."
        )
    if about.get("format_version") != FORMAT_VERSION:
        raise ResultsError(
            f"{file} has format_version {about.get('format_version')!r}. Allowed: "
            f"{FORMAT_VERSION}; read it with the release that wrote it: {about.get('versions')}."
        )
    wanted = ("seed", "detail", "scenarios", "version", *_PROGRAM)
    missing = [key for key in wanted if key not in about]
    if missing or not isinstance(about["scenarios"], dict):
        raise ResultsError(
            f"{file} is damaged: it lacks {', '.join(missing) or 'scenarios'}. "
            "Allowed: the file as it was written; restore it, or run the study again."
        )
    return about


def record_tables(
    name: str, scenario: Scenario, record: RunRecord, detail: str
) -> dict[str, pa.Table]:
    """Everything but the measures of a run, as Arrow tables by name."""
    network = network_of(scenario)
    columns = {
        "months": month_columns(record),
        "places": place_columns(record, network),
        "traffic": traffic_columns(record, network),
        "events": readable_columns(record, network, () if detail == "full" else ONLY_IN_FULL),
    }
    return {
        table: arrow_table({"scenario": constant_word(name, len(of_table["run"]))} | of_table)
        for table, of_table in columns.items()
    }


def measures_arrow(name: str, run: int, measures: Mapping[str, float]) -> pa.Table:
    """The measures of a run as an Arrow table of one row; known measures first, in their order."""
    ordered = [known for known in MEASURE_NAMES if known in measures]
    ordered += sorted(set(measures) - set(ordered))
    values = pa.array(np.array([measures[key] for key in ordered], dtype=np.float64))
    columns = [
        pa.array([name], pa.dictionary(pa.int32(), pa.string())),
        pa.array([run], pa.int64()),
        *(values.slice(place, 1) for place in range(len(ordered))),
    ]
    return pa.Table.from_arrays(columns, schema=_measures_schema(tuple(ordered)))


@functools.lru_cache(maxsize=64)
def _measures_schema(measures: tuple[str, ...]) -> pa.Schema:
    words = pa.dictionary(pa.int32(), pa.string())
    return pa.schema(
        [("scenario", words), ("run", pa.int64()), *((name, pa.float64()) for name in measures)]
    )


def scenario_json(scenario: Scenario) -> str:
    """Every setting of a scenario, that of its baseline before the decision included.

    The path of a user's own road folder is cut to its last name.
    """
    settings = dataclasses.asdict(scenario)
    world: dict[str, Any] | None = settings
    while world is not None:
        world["roads"]["name"] = Path(world["roads"]["name"]).name
        world = world["before"]
    settings["content_hash"] = scenario.content_hash()
    return json.dumps(settings, indent=2) + "\n"


def versions() -> dict[str, str | None]:
    """Versions of what a run depends on; None for what is not installed as a package."""
    found: dict[str, str | None] = {"python": platform.python_version()}
    for package in ("convoy-risk", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = None
    return found


def commit() -> str | None:
    """The commit of the checkout that this program runs from, `+changes` where it was edited since.

    None where the program was installed from a wheel, or git is missing.
    """
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / ".git").exists():
        return None
    try:
        found = _git(checkout, "rev-parse", "HEAD")
        is_edited = bool(_git(checkout, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{found}+changes" if is_edited else found


def _git(checkout: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(checkout), *words],
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    return done.stdout.strip()


def _about(identity: StudyIdentity, detail: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "seed": identity.seed,
        "detail": detail,
        "version": identity.version,
        "versions": versions(),
        "commit": commit(),
        "earlier_programs": [],
        "scenarios": dict(identity.scenarios),
    }


def _earlier_programs(
    folder: Path, held: Mapping[str, Any], wanted: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Commit and versions of every other program that added runs before, oldest first.

    Warns
    -----
    ResultsWarning
        Where the last of them was not this one: what is compared may then differ by the program.
    """
    earlier: list[dict[str, Any]] = list(held.get("earlier_programs", []))
    last, now = ({key: about[key] for key in _PROGRAM} for about in (held, wanted))
    if last == now:
        return earlier
    parts = [("commit", last["commit"], now["commit"])]
    parts += [
        (name, last["versions"].get(name), version) for name, version in now["versions"].items()
    ]
    changes = [f"{name} {was or 'unknown'}, now {now}" for name, was, now in parts if was != now]
    warnings.warn(
        f"{folder} holds runs that another program made ({'; '.join(changes)}): runs of both are "
        f"taken together, and {_ABOUT} names both. To have runs of one program alone, take another "
        "folder.",
        ResultsWarning,
        stacklevel=3,
    )
    return [*(program for program in earlier if program != now), last]


def _require_same_study(folder: Path, held: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    for key in ("seed", "detail", "version"):
        if held[key] != wanted[key]:
            raise ResultsError(
                f"{folder} holds runs with {key} {held[key]!r}, this study has {wanted[key]!r}: "
                f"they cannot be mixed. Allowed: the same {key}, or another folder."
            )
    for name, content in wanted["scenarios"].items():
        if held["scenarios"].get(name, content) != content:
            raise ResultsError(
                f"{folder} holds runs of another scenario {name!r}: its settings differ (hash "
                f"{held['scenarios'][name]}, now {content}). Allowed: the same settings, another "
                f"name, or another folder; scenarios/{_file_name(name)}.json has those that ran."
            )


def _file_name(name: str) -> str:
    """A scenario's name as a file name: letters, digits, `-` and `_` stay as they are."""
    return quote(name, safe=" ").replace(".", "%2E")


def _file_mates(run: int) -> range:
    """The runs that are to share a Parquet file with a run, itself among them.

    >>> _file_mates(40)
    range(32, 64)
    """
    first = run - run % RUNS_A_FILE
    return range(first, first + RUNS_A_FILE)


def _single_runs(folder: Path) -> list[tuple[int, Path]]:
    matches = [(_ONE_RUN.fullmatch(file.name), file) for file in sorted(folder.glob("run-*"))]
    return [(int(match[1]), file) for match, file in matches if match]


def _complete_files(study: Path, name: str, tables: Sequence[str]) -> list[str]:
    """Names of the joined files of a scenario that every one of these tables has."""
    held = [
        {file.name for file in (study / table / _file_name(name)).glob("runs-*.parquet")}
        for table in tables
    ]
    return sorted(set.intersection(*held))


def _runs_in(study: Path, name: str, files: Iterable[str]) -> set[int]:
    """The runs of a scenario that these joined files hold."""
    runs: set[int] = set()
    for file in (study / "measures" / _file_name(name) / word for word in files):
        try:
            runs |= set(pq.read_table(file, columns=["run"])["run"].unique().to_pylist())
        except _DAMAGE as error:
            raise _damaged(study, file, error) from error
    return runs


def _tables_of(detail: str) -> tuple[str, ...]:
    """Tables that a level of detail keeps."""
    return ("measures",) if detail == "measures" else TABLES


def _read(study: Path, table: str, names: Sequence[str], tables: Sequence[str]) -> pa.Table:
    """A table of all finished runs of the named scenarios, in order of scenario and run.

    `tables` are those that the study keeps.
    """
    parts = []
    for name in names if table in tables else ():
        parts += _parts(study, table, name, tables)
    if not parts:
        raise ResultsError(
            f"{study} holds no {table} of {', '.join(names)}. Allowed: what its level of detail "
            f"keeps ({read_about(study)['detail']}); run the study with a higher results.detail."
        )
    try:
        whole = pa.concat_tables(parts, promote_options="permissive").unify_dictionaries()
    except _DAMAGE as error:
        raise _damaged(study, study / table, error) from error
    rank = {name: number for number, name in enumerate(names)}
    words = whole["scenario"].combine_chunks()
    ranks = np.array([rank[word] for word in words.dictionary.to_pylist()], dtype=np.int64)
    run, of_scenario = whole["run"].to_numpy(), ranks[words.indices.to_numpy()]
    order = np.lexsort((run, of_scenario))
    if (order[1:] > order[:-1]).all():
        return whole
    return whole.take(pa.array(order))


def _parts(study: Path, table: str, name: str, tables: Sequence[str]) -> list[pa.Table]:
    """A table of the runs of one scenario, file by file, while a study may be at work on them."""
    folder = study / _SINGLE / _file_name(name)
    while True:
        # In this order: a run that is joined meanwhile is then seen twice, and never missed.
        single = _single_runs(folder)
        complete = _complete_files(study, name, tables)
        already = _runs_in(study, name, complete) if single else set()
        alone = [file for run, file in single if run not in already]
        parts = []
        for word in complete:
            file = study / table / _file_name(name) / word
            part = _read_file(study, file)
            if "run" not in part.column_names:
                raise _damaged(study, file, KeyError("run"))
            parts.append(part)
        try:
            return parts + [_read_run(study, file, tables)[table] for file in alone]
        except ResultsError:
            # One that is gone was joined since: its rows are in a Parquet file now.
            if all(file.exists() for file in alone) or _single_runs(folder) == single:
                raise


def _read_file(study: Path, file: Path) -> pa.Table:
    try:
        with pq.ParquetFile(file) as parquet:
            return parquet.read()
    except _DAMAGE as error:
        raise _damaged(study, file, error) from error


def _read_run(study: Path, file: Path, names: Sequence[str]) -> dict[str, pa.Table]:
    """The tables of the file of a single run by name, with at least those in `names`."""
    tables = {}
    try:
        # Read in one piece and by this thread alone: a map of the file, or threads, take longer.
        with pa.BufferReader(file.read_bytes()) as source:
            while source.tell() < source.size():
                with ipc.open_stream(source, options=_ALONE) as stream:
                    name = stream.schema.metadata[_TABLE].decode()
                    tables[name] = stream.read_all().replace_schema_metadata(None)
    except _DAMAGE as error:
        raise _damaged(study, file, error) from error
    missing = [name for name in names if name not in tables]
    if missing:
        raise _damaged(study, file, KeyError(f"no {', '.join(missing)}"))
    return tables


def _read_json(study: Path, file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(study, file, error) from error
    if not isinstance(found, dict):
        raise _damaged(study, file, TypeError("no mapping"))
    return found


def _damaged(study: Path, file: Path, error: Exception) -> ResultsError:
    said = (str(error).splitlines() or [type(error).__name__])[0]
    return ResultsError(
        f"{file} cannot be read: {said}. Allowed: a file as the study wrote it; delete it and go "
        f"on with resume=true, which makes the missing runs of {study} again."
    )


def _write_run(file: Path, tables: Mapping[str, pa.Table]) -> None:
    """All tables of a run in one file, each a stream of Arrow's that says which table it is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    with pa.OSFile(str(partial), "wb") as written:
        for name, table in tables.items():
            schema = table.schema.with_metadata({_TABLE: name})
            with ipc.new_stream(written, schema, options=_FAST) as stream:
                stream.write_table(table)
    _put_in_place(partial, file)


def _write_parquet(file: Path, table: pa.Table) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    pq.write_table(
        table,
        partial,
        compression="lz4",
        # Numbers are seldom alike, and looking for equals takes longer than writing them.
        use_dictionary=[
            field.name
            for field in table.schema
            if pa.types.is_dictionary(field.type) or field.name in _OFTEN_ALIKE
        ],
        write_statistics=["run"],
    )
    _put_in_place(partial, file)


def _write_text(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    partial.write_text(text, encoding="utf-8")
    _put_in_place(partial, file)


def _put_in_place(partial: Path, file: Path) -> None:
    with partial.open("rb+") as written:
        os.fsync(written.fileno())
    partial.replace(file)
