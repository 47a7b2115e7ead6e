"""One run from outside the kernel: room is made, rows are taken out, a record is made."""

import functools
import threading
import time
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.compiled import (
    as_argument,
    first_compilation,
    keep_what_handlers_raise,
    raise_from_handlers,
)
from sim.draws import WORD, meeting_count
from sim.engines.batch import militant_cell, outside, routes, thinning
from sim.engines.batch.codes import (
    CAUSE_WITHDRAWAL,
    KIND_CAMP_CLOSED,
    KIND_DECOY_PLACED,
    KIND_NAMED,
    KIND_PLACED,
)
from sim.engines.batch.keys import as_in_events
from sim.engines.batch.layout import Tables, new_state, tables_of
from sim.engines.batch.ledger import ROW, SCALAR_SUMS
from sim.engines.batch.loop import addresses, advance, set_up
from sim.engines.batch.shape import Shape
from sim.engines.batch.state import state_of
from sim.engines.batch.status import Status
from sim.errors import ConvoyRiskError, DrawError
from sim.world.record import EVENT_COLUMNS, TRAFFIC_KINDS, RunRecord
from sim.world.scenario import Scenario

_lock = threading.Lock()
_addresses: dict[Shape, list[int]] = {}
_of_thread = threading.local()
KEYS = ("entity", "other")


def simulate_run(scenario: Scenario, seed: int, run: int) -> RunRecord:
    """Simulate one run to its end; where a list runs out of room, again with twice the room.

    Parameters
    ----------
    scenario : Scenario
    seed, run : int, in [0, 2**32)
    """
    return _simulated(tables_of(scenario), seed, run)[0]


def simulate_with_state(
    scenario: Scenario, seed: int, run: int
) -> tuple[RunRecord, dict[str, NDArray]]:
    """The same, with all state that leaves no event, under the names of `state_of`."""
    tables = tables_of(scenario)
    record, state = _simulated(tables, seed, run)
    return record, state_of(tables_of(scenario), state[0])


def time_runs(scenario: Scenario, seed: int, runs: Iterable[int]) -> float:
    """Processor time of this thread for some runs of which nothing is kept, s; for benchmarks.

    What a run takes until it is known how much room it needs counts too, the first time.
    """
    start_s = time.thread_time()
    for run in runs:
        _finished(tables_of(scenario), seed, run)
    return time.thread_time() - start_s


def n_events(scenario: Scenario, seed: int, run: int) -> int:
    """Entries of the agenda that come up in a run, with candidates of patrols that are refused."""
    state = _simulated(tables_of(scenario), seed, run)[1][0]
    return int(state.agenda.n_taken + state.model.n_passed_over)


def _simulated(tables: Tables, seed: int, run: int) -> tuple[RunRecord, Any]:
    room, taken = _finished(tables, seed, run)
    return taken.record(seed, run), room.state


def _finished(tables: Tables, seed: int, run: int) -> tuple["_Room", "_Taken"]:
    """Make a run to its end; where a list runs out of room, again with twice the room."""
    while True:
        room, taken = _make(tables, seed, run)
        model = room.state[0].model
        status = Status(int(model.status))
        if status is Status.OVER:
            return room, taken
        if status is not Status.NO_ROOM:
            raise _error_of(tables, model)
        tables = tables.with_more_room(int(model.fault_of))


def _make(tables: Tables, seed: int, run: int) -> tuple["_Room", "_Taken"]:
    """Make a run as far as it goes."""
    room = _room_for(tables)
    taken = _Taken(tables, room)
    with outside.answering_for(tables, room.state[0]):
        _let_time_pass(tables, room, taken, seed, run)
    _of_thread.room = room
    return room, taken


class _Room:
    """A state, and its fields as arrays, which are quicker to read than a record."""

    def __init__(self, tables: Tables) -> None:
        self.type = tables.state_type
        self.state = new_state(tables)
        self.bytes = self.state.view(np.uint8)
        rows, sums, model = (self.state[part] for part in ("rows", "sums", "model"))
        self.waiting, self.n_rows, self.n_before = rows["waiting"][0], rows["n"], rows["n_before"]
        self.kept = np.empty(0, ROW)
        """Rows that were handed over, one run after the other in the same memory."""
        # All sums are numbers of one type, and those that are one number stand last.
        start = sums.ctypes.data - self.bytes.ctypes.data
        every_sum = self.bytes[start : start + sums.dtype.itemsize].view(np.float64)
        self.scalar_sums = every_sum[-len(SCALAR_SUMS) :]
        self.status = model["status"]

    def take_rows(self) -> None:
        """Keep the rows that wait, with room for as many more as are kept then."""
        first, n = int(self.n_before[0]), int(self.n_rows[0])
        if first + n > len(self.kept):
            self.kept = np.resize(self.kept, 2 * (first + n))
        self.kept[first : first + n] = self.waiting[:n]
        self.n_before[0], self.n_rows[0] = first + n, 0


def _room_for(tables: Tables) -> _Room:
    """Room of the right shape, all zero: that of the last run of this thread, unless it is in use.

    Of a run that raises something the room is let go, too.
    """
    room: _Room | None = _of_thread.__dict__.pop("room", None)
    if room is None or room.type is not tables.state_type:
        return _Room(tables)
    room.bytes[:] = 0
    return room


def _let_time_pass(tables: Tables, room: _Room, taken: "_Taken", seed: int, run: int) -> None:
    model = room.state[0].model
    model.seed, model.run = seed, run
    model.is_decided = tables.is_decided
    model.keeps_passages = tables.scenario.results.detail == "full"
    records = [as_argument(array) for array in (room.state, tables.world, tables.laws)]
    sums = room.scalar_sums, taken.by_segment, taken.by_camp, taken.by_period
    with first_compilation("the batch engine", str(tables.shape)):
        _compile_for(tables, room.state[0], tables.world[0], tables.laws[0])
        set_up(*records)
        advance(*records, room.kept, *sums)  # type: ignore[call-arg]
    raise_from_handlers()
    while room.status[0] == Status.ROWS_FULL:
        room.take_rows()
        room.status[0] = Status.RUNNING
        advance(*records, room.kept, *sums)  # type: ignore[call-arg]
        raise_from_handlers()
    room.take_rows()


def _error_of(tables: Tables, model: Any) -> ConvoyRiskError:
    """What went wrong, in the words of the reference engine."""
    status, who, value = Status(int(model.status)), int(model.fault_of), float(model.fault_value)
    if status is Status.NO_WAY:
        return routes.error_of(tables.of, who)
    if status is Status.TOO_OFTEN:
        return thinning.error_of(tables.of, who, value)
    if status is Status.KEYS_OUT:
        return militant_cell.error_of(value)
    try:
        meeting_count(0, who)
    except DrawError as error:
        return error
    raise AssertionError(status)


def _compile_for(tables: Tables, *arguments: Any) -> None:
    """Compile the handlers for a shape, where no run has done so, and note where they lie."""
    with _lock:
        keep_what_handlers_raise()
        if tables.shape not in _addresses:
            _addresses[tables.shape] = addresses(*arguments)
        tables.world[0].handlers.address[:] = _addresses[tables.shape]


class _Taken:
    """What was taken out of a state so far."""

    def __init__(self, tables: Tables, room: _Room) -> None:
        world = tables.of
        n_periods, n_camps = _n_periods(world.clock), len(world.camps)
        self.tables = tables
        self.room = room
        n_kinds, n_segments = len(TRAFFIC_KINDS), world.network.n_segments
        self.by_segment = np.zeros((2, n_kinds, n_periods, n_segments))
        self.by_camp = np.zeros((2, n_periods, n_camps))
        self.by_period = np.zeros((n_periods, len(SCALAR_SUMS)))
        """Sums of the periods that are over, as `ledger.hand_over` fills them in."""

    def record(self, seed: int, run: int) -> RunRecord:
        """The record of the run."""
        world = self.tables.of
        kept = self.room.kept[: self.room.n_before[0]]
        rows = {name: kept[name] for name in EVENT_COLUMNS}
        is_name = rows["kind"] == KIND_NAMED
        order = np.flatnonzero(~is_name)
        time_h = rows["time_h"][order]
        if (time_h[1:] < time_h[:-1]).any():  # a row of an earlier time was put down
            order = order[np.argsort(time_h, kind="stable")]
        events: dict[str, NDArray[Any]] = {
            name: rows[name][order].astype(kind, copy=False)
            for name, kind in EVENT_COLUMNS.items()
            if name not in KEYS
        }
        events |= {name: as_in_events(rows[name][order]) for name in KEYS}
        scalar_sums = zip(SCALAR_SUMS, self.by_period.T, strict=True)
        return RunRecord(
            run=run,
            seed=seed,
            clock=world.clock,
            camp_ids=world.camp_ids,
            events={name: events[name] for name in EVENT_COLUMNS},
            live_at_decision=int(self.room.state[0].model.live_at_decision),
            names=self._names(rows, np.flatnonzero(is_name)),
            vehicle_km=self.by_segment[0],
            person_km=self.by_segment[1],
            troop_days=self.by_camp[0],
            stockout_person_days=self.by_camp[1],
            **{name: column.copy() for name, column in scalar_sums},
        )

    def _names(self, rows: dict[str, NDArray], of_names: NDArray[np.int64]) -> dict[int, str]:
        """Names by key; `of_names` are the rows that name a convoy."""
        # Lists, since there are a thousand names in a run, and numbers of numpy's are slow.
        world = self.tables.of
        names = dict(self.tables.names)
        cells = self.tables.cell_by_key
        for kind, what in ((KIND_PLACED, "device"), (KIND_DECOY_PLACED, "decoy")):
            keys, by = _keys(rows, np.flatnonzero(rows["kind"] == kind))
            for key, (first_key, cell) in zip(keys, map(cells.__getitem__, by), strict=True):
                names[key] = f"{what} {((key - first_key) & WORD) + 1} of {cell}"
        camp_ids = [camp.node_id for camp in world.camps]
        closed = np.flatnonzero(rows["kind"] == KIND_CAMP_CLOSED)
        for key, camp in zip(_keys(rows, closed)[0], rows["camp"][closed].tolist(), strict=True):
            names[key] = camp_ids[camp]
        columns = (rows[name][of_names].tolist() for name in ("camp", "strength", "cause", "hours"))
        for key, to, home, cause, number in zip(_keys(rows, of_names)[0], *columns, strict=True):
            there, here = camp_ids[to], camp_ids[int(home)]
            if cause == CAUSE_WITHDRAWAL:
                names[key] = f"convoy {there}-{here}, withdrawal"
            else:
                names[key] = f"convoy {here}-{there} {int(number) + 1}"
        return names


def _keys(rows: dict[str, NDArray], of: NDArray[np.int64]) -> list[list[int]]:
    """The keys of both columns in some rows."""
    return [as_in_events(rows[name][of]).tolist() for name in KEYS]


@functools.lru_cache(maxsize=64)
def _n_periods(clock: Clock) -> int:
    return len(clock.period_start_h()) - 1
