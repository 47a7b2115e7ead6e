"""Runs on all cores: long-lived workers take jobs as they come and hand back each finished run.

`execute` pulls jobs from an iterator, so whoever plans a study may decide late what to run next,
and hands every finished run to `on_done` at once, so that nothing finished is held back. What a run
gives depends on its scenario, seed and number alone; workers change only the order of arrival.

Workers are threads of this process where the engine lets go of the interpreter while it computes,
as compiled code does: nothing is started, sent or loaded twice. Elsewhere they are processes,
started with `spawn`, named outright: importing Mesa 3.3.1 sets the global start method, and a
forked copy of a process that has threads (numba, matplotlib) may hang.
"""

import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
import traceback
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from numbers import Integral
from typing import Any, Protocol

from sim.compiled import working_s
from sim.errors import ConvoyRiskError, ScenarioError
from sim.results.sink import Replication

CHUNK_S = 0.25
"""How much work a worker is sent at once where runs are short, s; keeps the bar moving."""

MAX_CHUNK = 64
"""Most jobs sent to a worker at once."""

MAX_AHEAD = 192
"""Most runs that threads may have before them or have finished and nobody has kept; runs.

A record takes some megabytes, and many threads make runs faster than one keeps them.
"""

STEP_S = 0.2
"""How long to wait for a worker before looking at the clock and the keyboard, s."""

SPARE_CHUNKS = 2
"""Chunks that wait for each thread, so that none is idle while a finished run is kept."""

TURN_S = 0.0005
"""How long a thread keeps the interpreter while another waits for it, s.

A run comes back from compiled code every millisecond or two, for a moment; with the 0.005 s that
are usual it would wait there while the calling thread keeps a finished run, and a core would idle.
"""

PATIENCE_S = 0.5
"""How long threads that are told to stop may take to finish the runs they are at, s."""


@dataclass(frozen=True)
class Job:
    """One run to make."""

    scenario_name: str
    scenario: Any
    seed: int
    run: int
    detail: str = "measures"


RunOne = Callable[[Any, int, int, str], Replication]
"""Makes one run: `run_one(scenario, seed, run, detail)`; a function at the top of a module."""

OnDone = Callable[[Job, Replication, float], bool]
"""Takes a finished run and the seconds it took; True stops the study."""


class RunFailed(ConvoyRiskError):
    """A run that ended in an error, or whose worker died."""


class _WorkerTraceback(Exception):
    """Carries the text of a worker's traceback, as the cause of `RunFailed`."""


class _Team(Protocol):
    """What `execute` needs of those who do the work."""

    max_chunk: int
    """Most jobs that they take at once."""

    def is_free(self) -> bool:
        """True where someone can take a chunk now."""

    def send(self, chunk: list[Job]) -> None:
        """Give a chunk to someone who is free."""

    def collect(self, timeout_s: float) -> Iterator[tuple[Job, Replication, float]]:
        """Runs finished meanwhile; waits at most `timeout_s` for the first."""

    def is_busy(self) -> bool:
        """True where work is under way."""

    def close(self) -> None:
        """Stop at once, whatever is under way."""


def is_whole(value: Any, least: int) -> bool:
    """True for a whole number that is not below another.

    >>> is_whole(2, 1), is_whole(0, 1), is_whole(1.5, 1), is_whole(True, 1)
    (True, False, False, False)
    """
    is_number = isinstance(value, Integral) and not isinstance(value, bool)
    return is_number and int(value) >= least


def usable_cores() -> int:
    """Cores that this process may use.

    >>> usable_cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def works_in_threads(scenarios: Sequence[Any]) -> bool:
    """True where runs of all these scenarios are best made by threads of one process."""
    return all(scenario.engine.name == "batch" for scenario in scenarios)


def execute(
    jobs: Iterable[Job],
    run_one: RunOne,
    *,
    on_done: OnDone,
    n_workers: int | None = None,
    in_threads: bool = False,
    is_over: Callable[[], bool] | None = None,
) -> str:
    """Make runs until the jobs are used up, `on_done` says stop, or the time is over.

    Parameters
    ----------
    jobs : iterable of Job
        Pulled when somebody is free to do one, so it may be endless and may end by the clock.
    run_one : callable, (scenario, seed, run, detail) -> Replication
        With several processes it must be importable: defined at the top of a module.
    on_done : callable, (job, replication, seconds) -> bool
        Called in this process, once for each finished run, in order of arrival. It is not torn by
        Ctrl-C: the interrupt waits until it returns.
    n_workers : int, >= 1, optional
        Threads or processes; 1 runs in the calling thread; default all cores this process may use.
    in_threads : bool
        Whether the workers are threads, which helps where `run_one` lets go of the interpreter;
        `works_in_threads` tells. They cannot be ended in the midst of a run.
    is_over : callable, () -> bool, optional
        Asked several times a second; True drops the runs that are still under way.

    Returns
    -------
    str
        `"done"`, `"stopped"` (by `on_done`) or `"time"`.

    Raises
    ------
    ScenarioError
        Where `n_workers` is no number of workers.
    RunFailed
        Names the scenario, seed and run; finished runs were handed to `on_done` before.
    KeyboardInterrupt
        After Ctrl-C, with all workers ended or, threads in the midst of a long run, left behind;
        finished runs were handed to `on_done` before.

    Examples
    --------
    >>> def doubled(scenario, seed, run, detail):
    ...     return Replication({"n_strikes": 2.0 * run})
    >>> found = []
    >>> def keep(job, replication, seconds):
    ...     found.append(replication.measures["n_strikes"])
    ...     return False
    >>> jobs = (Job("toy", None, 1, run) for run in range(3))
    >>> execute(jobs, doubled, on_done=keep, n_workers=1)
    'done'
    >>> found
    [0.0, 2.0, 4.0]
    """
    if n_workers is None:
        n_workers = usable_cores()
    if not is_whole(n_workers, 1):
        raise ScenarioError(
            f"n_workers is {n_workers!r}: nobody would work. It was set by the caller. "
            "Allowed: a whole number from 1 on, or None for all cores."
        )
    source = iter(jobs)
    is_exhausted = False
    run_s: dict[str, deque[float]] = {}
    with _Keyboard() as keyboard:
        team: _Team
        if n_workers == 1:
            team = _Alone(run_one, keyboard)
        elif in_threads:
            team = _Threads(run_one, n_workers)
        else:
            team = _Workers(run_one, n_workers)
        try:
            while True:
                while team.is_free() and not is_exhausted:
                    chunk = _next_chunk(source, min(_chunk_size(run_s), team.max_chunk))
                    is_exhausted = not chunk
                    if chunk:
                        for job in chunk:
                            run_s.setdefault(job.scenario_name, deque(maxlen=20))
                        team.send(chunk)
                if is_exhausted and not team.is_busy():
                    return "done"
                # The interrupt of a run made here passes through; elsewhere it waits for this line.
                for job, replication, seconds in team.collect(STEP_S):
                    run_s[job.scenario_name].append(seconds)
                    if on_done(job, replication, seconds):
                        return "stopped"
                if keyboard.was_pressed:
                    # What workers finished meanwhile, and nobody had read yet, is finished too.
                    for job, replication, seconds in team.collect(0.0):
                        on_done(job, replication, seconds)
                    raise KeyboardInterrupt
                if is_over is not None and is_over():
                    return "time"
        finally:
            team.close()


def _chunk_size(run_s: Mapping[str, Iterable[float]]) -> int:
    """Jobs to send at once: as many as fill `CHUNK_S`, by the slowest of the latest runs.

    They are taken by scenario, and one of which none is finished yet may be slow: among many quick
    runs its own would go unseen, and a worker would be given hours of them.
    """
    slowest_s = max((max(latest, default=CHUNK_S) for latest in run_s.values()), default=CHUNK_S)
    return max(1, min(MAX_CHUNK, int(CHUNK_S / max(slowest_s, 1e-6))))


def _next_chunk(source: Iterator[Job], size: int) -> list[Job]:
    chunk = []
    for job in source:
        chunk.append(job)
        if len(chunk) == size:
            break
    return chunk


class _Keyboard:
    """Ctrl-C, noted when it is pressed, and acted upon where nothing finished would be lost."""

    def __init__(self) -> None:
        self.was_pressed = False
        self._may_interrupt = False
        self._before: Any = None

    def __enter__(self) -> "_Keyboard":
        is_main_thread = threading.current_thread() is threading.main_thread()
        if is_main_thread and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: Any) -> None:
        self.was_pressed = True
        if self._may_interrupt:
            raise KeyboardInterrupt

    @contextmanager
    def interrupts_at_once(self) -> Iterator[None]:
        """Ctrl-C ends the block at once."""
        self._may_interrupt = True
        try:
            yield
        finally:
            self._may_interrupt = False


def _failure(job: Job, what: str) -> RunFailed:
    # Imported here, so that workers which start need not load what reads scenarios.
    from sim.studies.alone import how_to_repeat

    return RunFailed(
        f"run {job.run} of scenario {job.scenario_name!r} with seed {job.seed} failed: {what}\n"
        f"{how_to_repeat(job.scenario, job.seed, job.run)}"
    )


class _Alone:
    """No workers: jobs are done in this process, one at each `collect`."""

    max_chunk = MAX_CHUNK

    def __init__(self, run_one: RunOne, keyboard: _Keyboard) -> None:
        self._run_one = run_one
        self._keyboard = keyboard
        self._waiting: deque[Job] = deque()

    def is_free(self) -> bool:
        return not self._waiting

    def is_busy(self) -> bool:
        return bool(self._waiting)

    def send(self, chunk: list[Job]) -> None:
        self._waiting.extend(chunk)

    def collect(self, timeout_s: float) -> Iterator[tuple[Job, Replication, float]]:
        if not self._waiting or timeout_s == 0.0:
            return
        job = self._waiting.popleft()
        start_s = working_s()
        try:
            with self._keyboard.interrupts_at_once():
                replication = self._run_one(job.scenario, job.seed, job.run, job.detail)
        except Exception as error:
            raise _failure(job, f"{type(error).__name__}: {error}") from error
        yield job, replication, working_s() - start_s

    def close(self) -> None:
        self._waiting.clear()


class _Threads:
    """Long-lived threads of this process, which take chunks from one queue.

    Some chunks are always waiting, so that nobody is idle while the calling thread keeps a finished
    run; the calling thread alone pulls jobs and hands on what is finished.
    """

    def __init__(self, run_one: RunOne, n_workers: int) -> None:
        self._run_one = run_one
        # Each thread may be at a chunk while others wait for it.
        n_chunks = (1 + SPARE_CHUNKS) * n_workers
        self.max_chunk = max(1, min(MAX_CHUNK, MAX_AHEAD // n_chunks))
        self._max_out = max(MAX_AHEAD, n_chunks)
        self._waiting: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._finished: queue.SimpleQueue[_Finished] = queue.SimpleQueue()
        self._n_out = 0
        """Jobs that were sent and have not been collected."""
        self._turn_s_before = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)
        self._is_closed = False
        self._threads = [
            threading.Thread(target=self._work, name="convoy-risk", daemon=True)
            for _ in range(n_workers)
        ]
        for thread in self._threads:
            thread.start()

    def is_free(self) -> bool:
        is_idle_soon = self._waiting.qsize() < SPARE_CHUNKS * len(self._threads)
        return is_idle_soon and self._n_out + self.max_chunk <= self._max_out

    def is_busy(self) -> bool:
        return self._n_out > 0

    def send(self, chunk: list[Job]) -> None:
        self._n_out += len(chunk)
        self._waiting.put(chunk)

    def collect(self, timeout_s: float) -> Iterator[tuple[Job, Replication, float]]:
        failures = []
        # What is finished while this goes on waits for the next call, after new work was sent.
        for finished in self._there(timeout_s):
            self._n_out -= 1
            if finished.replication is not None:
                yield finished.job, finished.replication, finished.seconds
            else:
                error = finished.error
                failure = _failure(finished.job, f"{type(error).__name__}: {error}")
                failure.__cause__ = error
                failures.append(failure)
        # Raised last, so that what others had finished meanwhile was handed on.
        if failures:
            raise failures[0]

    def _there(self, timeout_s: float) -> "list[_Finished]":
        try:
            first = self._finished.get(block=timeout_s > 0.0, timeout=timeout_s or None)
        except queue.Empty:
            return []
        return [first, *(self._finished.get() for _ in range(self._finished.qsize()))]

    def _work(self) -> None:
        while (chunk := self._waiting.get()) is not None:
            for job in chunk:
                if self._is_closed:
                    return
                start_s = working_s()
                replication, trouble = None, None
                try:
                    replication = self._run_one(job.scenario, job.seed, job.run, job.detail)
                except BaseException as error:  # whatever ends a run must not end its thread unsaid
                    trouble = error
                seconds = working_s() - start_s
                self._finished.put(_Finished(job, replication, seconds, trouble))

    def close(self) -> None:
        sys.setswitchinterval(self._turn_s_before)
        self._is_closed = True
        for _ in self._threads:
            self._waiting.put(None)
        end_s = time.monotonic() + PATIENCE_S
        for thread in self._threads:
            thread.join(max(0.0, end_s - time.monotonic()))


@dataclass(frozen=True)
class _Finished:
    """What a thread hands back: a run, or why there is none."""

    job: Job
    replication: Replication | None
    seconds: float
    error: BaseException | None


@dataclass
class _Worker:
    """A process, the line to it, and what it was sent and has not handed back."""

    process: Any
    line: "Connection[Any, Any]"
    jobs: deque[Job]


class _Workers:
    """Long-lived processes, each at the end of a pipe of its own."""

    max_chunk = MAX_CHUNK

    def __init__(self, run_one: RunOne, n_workers: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._workers: list[_Worker] = []
        with _started_apart(run_one):
            for _ in range(n_workers):
                ours, theirs = context.Pipe()
                process = context.Process(
                    target=_work, args=(theirs, run_one), name="convoy-risk", daemon=True
                )
                process.start()
                theirs.close()
                self._workers.append(_Worker(process, ours, deque()))

    def is_free(self) -> bool:
        return any(not worker.jobs for worker in self._workers)

    def is_busy(self) -> bool:
        return any(worker.jobs for worker in self._workers)

    def send(self, chunk: list[Job]) -> None:
        worker = next(worker for worker in self._workers if not worker.jobs)
        worker.jobs.extend(chunk)
        try:
            worker.line.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            raise self._death(worker) from None

    def collect(self, timeout_s: float) -> Iterator[tuple[Job, Replication, float]]:
        by_line = {worker.line: worker for worker in self._workers if worker.jobs}
        failures = []
        for line in wait(list(by_line), timeout_s) if by_line else []:
            worker = by_line[line]  # type: ignore[index]
            try:
                while worker.jobs and worker.line.poll():
                    replication, seconds, trouble = worker.line.recv()
                    job = worker.jobs.popleft()
                    if trouble is None:
                        yield job, replication, seconds
                    else:
                        what, text = trouble
                        failure = _failure(job, what)
                        failure.__cause__ = _WorkerTraceback("\n" + text)
                        failures.append(failure)
            except (EOFError, ConnectionResetError):
                failures.append(self._death(worker))
        # Raised last, so that what others had finished meanwhile was handed on.
        if failures:
            raise failures[0]

    def _death(self, worker: _Worker) -> RunFailed:
        worker.process.join(1.0)
        code = worker.process.exitcode
        job = worker.jobs[0]
        worker.jobs.clear()
        is_killed = hasattr(signal, "SIGKILL") and code == -signal.SIGKILL
        reason = " (killed, as systems do when memory runs out: try fewer workers)"
        return _failure(job, f"its worker process ended with exit code {code}{reason * is_killed}")

    def close(self) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(0.5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join(0.5)
            worker.line.close()


@contextmanager
def _started_apart(run_one: RunOne) -> Iterator[None]:
    """Start processes that ignore Ctrl-C and do not run the main program again.

    Ctrl-C goes to every process of a terminal; this process alone acts on it. A spawned process
    imports the main program, so that a plain script without `if __name__ == "__main__"` would start
    itself over and over; the workers need nothing of it, unless `run_one` lives there.
    """
    is_main_thread = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if is_main_thread else None
    main = sys.modules["__main__"]
    if getattr(run_one, "__module__", None) != "__main__":
        sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        if is_main_thread:
            signal.signal(signal.SIGINT, before)


def _work(line: "Connection[Any, Any]", run_one: RunOne) -> None:
    """Take chunks and hand back each run as it is finished, until hung up on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            for job in line.recv():
                start_s = working_s()
                replication, trouble = None, None
                try:
                    replication = run_one(job.scenario, job.seed, job.run, job.detail)
                except Exception as error:
                    trouble = f"{type(error).__name__}: {error}", traceback.format_exc()
                line.send((replication, working_s() - start_s, trouble))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
