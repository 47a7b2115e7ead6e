"""A run sink: where a study puts each run on the moment it is finished, and finds it again.

`compare_scenarios` and every other study write through this protocol alone. `MemorySink` forgets
when the program ends; `sim.results.store.ParquetSink` keeps runs in a folder, so that an
interrupted study loses none of them.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from sim.errors import ResultsError


@dataclass(frozen=True)
class Replication:
    """What one run leaves behind."""

    measures: Mapping[str, float]
    """Totals of the run by name, in the units that the names end with."""
    record: Any | None = None
    """The `RunRecord`, or None where only measures were asked for. It must survive pickling."""


class PackedMeasures(Mapping[str, float]):
    """The measures of a run as numbers side by side, which take a sixth of the room of a dict.

    A study of 100,000 runs has its measures in memory while it goes on.

    >>> packed = PackedMeasures({"killed": 3.0, "wounded": 5})
    >>> packed["wounded"], packed == {"killed": 3.0, "wounded": 5.0}, packed
    (5.0, True, {'killed': 3.0, 'wounded': 5.0})
    """

    __slots__ = ("_place", "numbers")

    def __init__(self, measures: Mapping[str, float]) -> None:
        self._place = _places(tuple(measures))
        self.numbers = np.fromiter(measures.values(), dtype=np.float64, count=len(measures))
        """float[n_measures], in the order of the names."""

    def __getitem__(self, name: str) -> float:
        return float(self.numbers[self._place[name]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)

    def __repr__(self) -> str:
        return repr(dict(self))


@functools.lru_cache(maxsize=64)
def _places(names: tuple[str, ...]) -> dict[str, int]:
    """Where the number of each name stands; the same for all runs that give the same measures."""
    return {name: place for place, name in enumerate(names)}


@dataclass(frozen=True)
class StudyIdentity:
    """What makes two runs of the same name and number the same run.

    A sink that holds runs of another identity refuses to add to them.
    """

    seed: int
    scenarios: Mapping[str, str]
    """Scenario name to the hash of its content."""
    version: str = ""
    """The program that made the runs."""


@runtime_checkable
class RunSink(Protocol):
    """Where finished runs go. One process writes at a time: see `sim.results.claim` for folders."""

    def begin(self, identity: StudyIdentity, resume: bool) -> None:
        """Open the sink for a study.

        With `resume`, runs that are already there count as finished.

        Raises
        ------
        ResultsError
            Where runs are there already and `resume` is False, or where they belong to another
            seed, another content of a scenario of the same name, or another version.
        """

    def has(self, scenario_name: str, run: int) -> bool:
        """True where this run is finished and kept."""

    def put(self, scenario_name: str, run: int, payload: Replication) -> None:
        """Keep a finished run: wholly or, where the program dies meanwhile, not at all."""

    def finish(self) -> None:
        """Tidy up when a study ends: what was put stays where a reader expects it."""

    def load(self) -> Iterator[tuple[str, int, Mapping[str, float]]]:
        """Every kept run as (scenario name, run, measures), in no particular order."""


class MemorySink:
    """Keeps measures in memory, and records only where asked, since they are large.

    >>> sink = MemorySink()
    >>> sink.put("baseline_2016", 0, Replication({"killed": 3.0}))
    >>> sink.has("baseline_2016", 0), sink.has("baseline_2016", 1)
    (True, False)
    >>> list(sink.load())
    [('baseline_2016', 0, {'killed': 3.0})]
    """

    def __init__(self, keeps_records: bool = False) -> None:
        self.keeps_records = keeps_records
        self.identity: StudyIdentity | None = None
        self.records: dict[tuple[str, int], Any] = {}
        self._measures: dict[tuple[str, int], PackedMeasures] = {}

    def begin(self, identity: StudyIdentity, resume: bool) -> None:
        """Open for a study; the rules are those of `RunSink.begin`."""
        if self._measures and not resume:
            raise ResultsError(
                f"the sink holds {len(self._measures)} finished runs and resume is False. "
                "Allowed: an empty sink, or resume=True to go on from these runs."
            )
        if self._measures and self.identity is not None and self.identity != identity:
            raise ResultsError(
                f"the sink holds runs of {self.identity}, the study is {identity}. "
                "Allowed: runs of the same seed, scenarios and version; use a new sink."
            )
        self.identity = identity

    def has(self, scenario_name: str, run: int) -> bool:
        """True where this run is finished and kept."""
        return (scenario_name, run) in self._measures

    def put(self, scenario_name: str, run: int, payload: Replication) -> None:
        """Keep a finished run."""
        self._measures[scenario_name, run] = PackedMeasures(payload.measures)
        if self.keeps_records:
            self.records[scenario_name, run] = payload.record

    def finish(self) -> None:
        """Nothing: what is in memory is where it belongs."""

    def load(self) -> Iterator[tuple[str, int, Mapping[str, float]]]:
        """Every kept run as (scenario name, run, measures)."""
        for (scenario_name, run), measures in self._measures.items():
            yield scenario_name, run, measures
