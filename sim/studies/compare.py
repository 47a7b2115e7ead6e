"""Comparing scenarios: the same luck for all, for as many runs as it takes or as there is time for.

The order of a comparison:

1. open the sink; runs of an interrupted study count as finished;
2. run number 0 of every scenario, then number 1 of every scenario, and so on, on all cores;
3. each finished run goes to the sink at once;
4. whenever 8, 16, 32, ... runs of *every* scenario are finished, look at the intervals, and stop if
   each is narrow enough;
5. do not begin a round of runs that would not end in time; when time is up, the last look counts
   the rounds that all scenarios finished;
6. close the sink, and count.

A budget never cuts the first two rounds, without which there is nothing to compare.
"""

import math
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import metadata
from pathlib import Path

import numpy as np
import pandas as pd

from sim.compiled import working_s
from sim.errors import ResultsError, ScenarioError
from sim.results.claim import claimed
from sim.results.measures import measure as declared_measure
from sim.results.sink import MemorySink, PackedMeasures, Replication, RunSink, StudyIdentity
from sim.stats.best import MIN_PAIRS
from sim.stats.stopping import RELATIVE_HALF_WIDTH, Look, LookSchedule, look_at
from sim.studies.comparison import Comparison, half_width_in_words
from sim.studies.execute import (
    Job,
    RunFailed,
    RunOne,
    execute,
    is_whole,
    usable_cores,
    works_in_threads,
)
from sim.studies.progress import Progress
from sim.studies.replicate import replicate
from sim.world.scenario import Scenario

ROUNDS_ALWAYS_MADE = 2
"""Runs of every scenario that are made however small the budget; the fewest that have a spread."""


@dataclass(frozen=True)
class StudyPlan:
    """How a comparison is made; nothing in it changes what a run gives."""

    measure: str = "killed_and_wounded"
    """The primary measure; lower is better."""
    half_width: float | None = None
    """Wanted half-width of every paired difference, in the unit of the measure."""
    relative_half_width: float = RELATIVE_HALF_WIDTH
    """The wanted half-width as a share of the baseline's mean, where `half_width` is None."""
    budget_min: float = 4.0
    """Time after which no run is under way any more, minutes."""
    max_runs: int | None = None
    """Most runs of each scenario; None leaves it to the budget."""
    min_runs: int = 8
    """Runs of each scenario at the first look."""
    n_workers: int | None = None
    """Threads or processes, as the engine has it; None for all cores."""
    seed: int = 1
    supply_tolerance: float = 0.5
    """Percentage points of stock-out person-days per troop-day above the baseline."""
    out: Path | None = None
    """Folder for finished runs; None keeps measures in memory."""
    resume: bool = False
    """Go on from the finished runs of `out`."""
    detail: str = "incidents"
    """What is kept of a run in `out`: `measures`, `incidents` or `full`."""

    def __post_init__(self) -> None:
        whole = "a whole number"
        for name, is_right, allowed in (
            ("half_width", self.half_width is None or self.half_width > 0.0, "more than 0"),
            ("relative_half_width", self.relative_half_width > 0.0, "more than 0"),
            ("budget_min", self.budget_min > 0.0, "more than 0 minutes"),
            (
                "max_runs",
                self.max_runs is None or is_whole(self.max_runs, 2),
                f"{whole} from 2 on, or None to leave it to the budget",
            ),
            ("min_runs", is_whole(self.min_runs, 2), f"{whole} from 2 on"),
            (
                "n_workers",
                self.n_workers is None or is_whole(self.n_workers, 1),
                f"{whole} from 1 on, or None for all cores",
            ),
            ("seed", is_whole(self.seed, 0) and self.seed < 2**32, f"{whole}, 0 to 4294967295"),
            ("supply_tolerance", self.supply_tolerance >= 0.0, "0 or more points"),
        ):
            if not is_right:
                raise ScenarioError(
                    f"{name} of the study is {getattr(self, name)}: outside its range. "
                    f"Allowed: {allowed}."
                )


class StudyInterrupted(KeyboardInterrupt):
    """Ctrl-C, with a message that says what is kept and how to go on."""


def compare_scenarios(
    scenarios: Sequence[Scenario],
    study: StudyPlan | None = None,
    *,
    baseline: str | None = None,
    run_one: RunOne = replicate,
    sink: RunSink | None = None,
    show_progress: bool = False,
) -> Comparison:
    """Compare scenarios on the same luck.

    Parameters
    ----------
    scenarios : sequence of Scenario, two or more, with different names
    study : StudyPlan, optional
    baseline : str, optional
        Name of the scenario from which differences are taken; default the first.
    run_one : callable, (scenario, seed, run, detail) -> Replication
        Makes one run; at the top of a module, so that workers can import it.
    sink : RunSink, optional
        Where finished runs go; default a `ParquetSink` in `study.out`, or memory without records.
    show_progress : bool
        Draw a bar and a line for each look on the error stream.

    Returns
    -------
    Comparison

    Raises
    ------
    ScenarioError
        For fewer than two scenarios, two of one name, or an unknown baseline.
    ResultsError
        For a measure that runs do not give, a sink that holds other runs, or a folder to which
        another study is adding runs.
    RunFailed
        Where a run ends in an error.
    StudyInterrupted
        After Ctrl-C; finished runs are kept.
    """
    study = study or StudyPlan()
    names = _checked_names(scenarios, baseline)
    if run_one is replicate:
        declared_measure(study.measure)
    is_lost = sink is None and study.out is None
    with ExitStack() as held:
        if sink is None:
            sink = _default_sink(scenarios, study)
            if study.out is not None:
                held.enter_context(claimed(Path(study.out)))
        sink.begin(_identity(scenarios, study), study.resume)
        progress = Progress(show_progress, 0)
        course = _Course(scenarios, names, baseline or names[0], study, sink, progress)
        try:
            progress.say(
                f"{len(names)} scenarios on {course.n_workers} workers, "
                f"for at most {study.budget_min:g} minutes"
            )
            course.take_up_finished_runs()
            if not course.is_stopped:
                execute(
                    course.jobs(),
                    run_one,
                    on_done=course.finish,
                    n_workers=study.n_workers,
                    in_threads=works_in_threads(scenarios),
                    is_over=course.is_time_over,
                )
            sink.finish()
        except KeyboardInterrupt:
            kept = _what_is_kept(course.n_finished, study, is_lost)
            raise StudyInterrupted(f"interrupted: {kept}") from None
        except RunFailed as failure:
            kept = _what_is_kept(course.n_finished, study, is_lost)
            raise RunFailed(f"{failure}\n{kept}") from failure.__cause__
        finally:
            progress.close()
    return course.comparison()


class _Course:
    """A comparison under way: finished runs, looks taken, and how long runs take."""

    def __init__(
        self,
        scenarios: Sequence[Scenario],
        names: tuple[str, ...],
        baseline: str,
        study: StudyPlan,
        sink: RunSink,
        progress: Progress,
    ) -> None:
        self.scenarios, self.names, self.baseline = scenarios, names, baseline
        self.study, self.sink, self.progress = study, sink, progress
        self.schedule = LookSchedule(study.min_runs, study.max_runs)
        self.n_workers = study.n_workers or usable_cores()
        self.start_s = working_s()
        self.deadline_s = self.start_s + 60.0 * study.budget_min
        self.measures: dict[str, dict[int, PackedMeasures]] = {name: {} for name in names}
        self.n_rounds = 0
        """Rounds 0, 1, ... that every scenario has finished."""
        self.looks: list[dict[str, float]] = []
        self.final: Look | None = None
        self.run_s: dict[str, list[float]] = defaultdict(list)
        self.n_under_way = 0
        self.is_out_of_time = False

    @property
    def is_stopped(self) -> bool:
        return self.final is not None

    @property
    def n_finished(self) -> int:
        return sum(len(runs) for runs in self.measures.values())

    def take_up_finished_runs(self) -> None:
        """Count what the sink holds already, and take the looks that it allows."""
        held = set()
        for name, run, measures in self.sink.load():
            held.add(name)
            if name in self.measures and run < self.schedule.last_look:
                self.measures[name][run] = PackedMeasures(measures)
        if self.n_finished:
            self.progress.found(self.n_finished)
            self.progress.say(f"{self.n_finished} finished runs found: going on from them")
        others = {
            "without a finished run so far": [name for name in self.names if name not in held],
            "kept there and not compared now": sorted(held.difference(self.names)),
        }
        said = [f"{what}: {', '.join(names)}" for what, names in others.items() if names]
        if held and said:
            self.progress.say("; ".join(said))
        self._look_where_due()

    def jobs(self) -> Iterator[Job]:
        """Missing runs, round by round, as long as a round can be finished in time."""
        detail = self.study.detail
        if isinstance(self.sink, MemorySink) and not self.sink.keeps_records:
            detail = "measures"
        for run in range(self.schedule.last_look):
            missing = [
                (name, scenario)
                for name, scenario in zip(self.names, self.scenarios, strict=True)
                if run not in self.measures[name]
            ]
            if missing and run >= ROUNDS_ALWAYS_MADE and not self._fits([n for n, _ in missing]):
                self.is_out_of_time = True
                return
            for name, scenario in missing:
                self.n_under_way += 1
                yield Job(name, scenario, self.study.seed, run, detail)

    def finish(self, job: Job, replication: Replication, seconds: float) -> bool:
        """Keep a finished run, look where a look is due; True where the study may stop."""
        self.sink.put(job.scenario_name, job.run, replication)
        if self.study.measure not in replication.measures:
            raise _unknown_measure(self.study.measure, replication.measures)
        self.measures[job.scenario_name][job.run] = PackedMeasures(replication.measures)
        self.run_s[job.scenario_name].append(seconds)
        self.n_under_way -= 1
        self._look_where_due()
        n_planned, left_s = self._outlook()
        self.progress.finished(job.scenario_name, left_s, n_planned)
        return self.is_stopped

    def is_time_over(self) -> bool:
        """True where runs under way are to be dropped."""
        is_over = self.n_rounds >= ROUNDS_ALWAYS_MADE and working_s() >= self.deadline_s
        self.is_out_of_time |= is_over
        return is_over

    def comparison(self) -> Comparison:
        """The comparison as it stands, after the last look."""
        look = self.final or self._look(self.n_rounds, is_last=True)
        return Comparison(
            names=self.names,
            titles={scenario.name: scenario.title for scenario in self.scenarios},
            baseline=self.baseline,
            measure=self.study.measure,
            measures=self._measures_of_first(look.n_runs),
            looks=pd.DataFrame(self.looks),
            last_look=look,
            stopped_because=self._reason(look),
            seed=self.study.seed,
            supply_tolerance=self.study.supply_tolerance,
            troops_added={
                scenario.name: troops_added(scenario, self._baseline_scenario())
                for scenario in self.scenarios
            },
            wanted_budget_min=self._wanted_budget_min(look),
            sink=self.sink,
        )

    def _measures_of_first(self, n_runs: int) -> pd.DataFrame:
        """One row for each scenario and run: scenario, run and every measure."""
        rows = [self.measures[name][run] for name in self.names for run in range(n_runs)]
        if len({tuple(row) for row in rows}) == 1:
            # As one block: a table made of a mapping for each run takes five times the room.
            numbers = np.stack([row.numbers for row in rows])
            frame = pd.DataFrame(numbers, columns=list(rows[0]))
        else:
            frame = pd.DataFrame([dict(row) for row in rows])
        frame.insert(0, "scenario", [name for name in self.names for _ in range(n_runs)])
        frame.insert(1, "run", np.tile(np.arange(n_runs), len(self.names)))
        return frame

    def _baseline_scenario(self) -> Scenario:
        return self.scenarios[self.names.index(self.baseline)]

    def _look_where_due(self) -> None:
        while all(self.n_rounds in runs for runs in self.measures.values()):
            self.n_rounds += 1
            if self.n_rounds == self.schedule.last_look:
                self.final = self._look(self.n_rounds, is_last=True)
                return
            if self.n_rounds in self.schedule.early_looks:
                look = self._look(self.n_rounds, is_last=False)
                if look.is_narrow_enough:
                    self.final = look
                    return

    def _look(self, n_runs: int, is_last: bool) -> Look:
        measure = self.study.measure
        outcomes = np.array(
            [[self.measures[name][run][measure] for name in self.names] for run in range(n_runs)]
        ).reshape(n_runs, len(self.names))
        look = look_at(
            outcomes,
            self.schedule,
            is_last,
            self.names.index(self.baseline),
            self.study.half_width,
            self.study.relative_half_width,
        )
        elapsed_s = working_s() - self.start_s
        self.looks.append(
            {
                "n_runs": n_runs,
                "error": look.error,
                "widest_half_width": look.widest,
                "wanted_half_width": look.wanted_half_width,
                "elapsed_s": elapsed_s,
            }
        )
        widest = half_width_in_words(look.widest, n_runs)
        self.progress.say(
            f"{n_runs} runs of each scenario: widest interval "
            f"{'' if widest.startswith('±') else 'with '}{widest}, "
            f"wanted ±{look.wanted_half_width:.3g}"
        )
        return look

    def _reason(self, look: Look) -> str:
        widest = half_width_in_words(look.widest, look.n_runs)
        widths = (
            "the widest interval of a difference "
            f"{'is' if widest.startswith('±') else 'has'} {widest}, "
            f"wanted was ±{look.wanted_half_width:.3g}"
        )
        if look.is_narrow_enough:
            return f"Stopped at the wanted interval: {widths}."
        if look.n_runs == self.schedule.last_look:
            return f"Stopped at the largest number of runs, {look.n_runs}: {widths}."
        return f"Stopped at the budget of {self.study.budget_min:g} minutes: {widths}."

    def _wanted_budget_min(self, look: Look) -> float | None:
        """Minutes for `MIN_PAIRS` rounds at the rate of this session, where time was short."""
        n_made = sum(len(seconds) for seconds in self.run_s.values())
        if not self.is_out_of_time or look.n_runs >= MIN_PAIRS or not n_made:
            return None
        elapsed_min = (working_s() - self.start_s) / 60.0
        needed_min = elapsed_min * MIN_PAIRS * len(self.names) / n_made
        return float(max(math.ceil(1.1 * needed_min), math.floor(self.study.budget_min) + 1))

    def _mean_run_s(self, name: str) -> float | None:
        latest = self.run_s[name][-20:] or [s for all_s in self.run_s.values() for s in all_s]
        return sum(latest) / len(latest) if latest else None

    def _fits(self, missing: Sequence[str]) -> bool:
        """True where a round can be finished in time, by how long runs took so far.

        No schedule of jobs on m workers ends later than work / m + (1 - 1 / m) x longest job:
        Graham (1969), SIAM Journal on Applied Mathematics 17, 416-429.
        """
        means = [self._mean_run_s(name) for name in self.names]
        if None in means:
            return working_s() < self.deadline_s
        mean_s = [mean for mean in means if mean is not None]
        per_job_s = sum(mean_s) / len(mean_s)
        work_s = per_job_s * (self.n_under_way + len(missing))
        tail_s = max(mean_s) * (1.0 - 1.0 / self.n_workers)
        reserve_s = min(1.0, 0.02 * 60.0 * self.study.budget_min)
        end_s = working_s() + 1.05 * (work_s / self.n_workers + tail_s) + reserve_s
        return end_s < self.deadline_s

    def _outlook(self) -> tuple[int, float | None]:
        """Runs in all, and seconds left, if spread and speed stay as they are."""
        now_s = working_s()
        budget_left_s = max(0.0, self.deadline_s - now_s)
        speed = sum(len(s) for s in self.run_s.values()) / max(now_s - self.start_s, 1e-3)
        by_time = self.n_finished + int(speed * budget_left_s)
        needed = self.schedule.last_look
        if self.looks:
            last = self.looks[-1]
            excess = last["widest_half_width"] / max(last["wanted_half_width"], 1e-12)
            if np.isfinite(excess):
                runs = last["n_runs"] * min(excess, 1e3) ** 2
                needed = min(
                    [size for size in self.schedule.early_looks if size >= runs] + [needed]
                )
        n_planned = min(by_time, needed * len(self.names))
        left_s = (n_planned - self.n_finished) / speed if speed > 0.0 else None
        return n_planned, left_s if left_s is None else min(max(left_s, 0.0), budget_left_s)


def troops_added(scenario: Scenario, baseline: Scenario) -> float:
    """People that a scenario adds to the baseline, once all have come; negative for a drawdown.

    Counted are reinforcements that arrive within the run, and the difference in strength.

    Returns
    -------
    float, persons
    """
    return _people(scenario) - _people(baseline)


def _people(scenario: Scenario) -> float:
    force = scenario.force
    return float(force.strength) + sum(
        unit.strength
        for unit in force.reinforcements.values()
        if unit.arrival != "never" and unit.arrival < scenario.runs.end
    )


def _checked_names(scenarios: Sequence[Scenario], baseline: str | None) -> tuple[str, ...]:
    names = tuple(scenario.name for scenario in scenarios)
    if len(names) < 2:
        raise ScenarioError(
            f"{len(names)} scenario to compare. Allowed: two or more, "
            "as in `convoy-risk compare baseline_2016 res2295`."
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ScenarioError(
            f"the scenario {twice[0]!r} is named twice. "
            "Allowed: each once; give a variant a name of its own."
        )
    if baseline is not None and baseline not in names:
        near = get_close_matches(baseline, names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ScenarioError(
            f"the baseline is {baseline!r}: it is not among the scenarios. "
            f"Allowed: {', '.join(names)}.{hint}"
        )
    return names


def _what_is_kept(n_finished: int, study: StudyPlan, is_lost: bool) -> str:
    """What the end of a study before its time leaves, and the words that go on from there."""
    if study.out is not None:
        words = f"out={shlex.quote(str(study.out))} resume=true"
        return (
            f"{n_finished} finished runs are kept in {study.out}. "
            f"The same command with these words added goes on from them: {words}"
        )
    if is_lost:
        return (
            f"{n_finished} finished runs were in memory and are lost. "
            "With out=FOLDER they are kept, and resume=true goes on from them."
        )
    return (
        f"{n_finished} finished runs are kept in the sink. "
        "The same study with resume=true goes on from them."
    )


def _unknown_measure(measure: str, known: Mapping[str, float]) -> ResultsError:
    near = get_close_matches(measure, list(known), n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return ResultsError(
        f"measure is {measure!r}: runs do not give it.{hint} Allowed: {', '.join(sorted(known))}."
    )


def _identity(scenarios: Sequence[Scenario], study: StudyPlan) -> StudyIdentity:
    hashes = {scenario.name: scenario.content_hash() for scenario in scenarios}
    try:
        version = metadata.version("convoy-risk")
    except metadata.PackageNotFoundError:  # a checkout that nobody installed
        version = ""
    return StudyIdentity(study.seed, hashes, version)


def _default_sink(scenarios: Sequence[Scenario], study: StudyPlan) -> RunSink:
    if study.out is None:
        return MemorySink()
    from sim.results.store import ParquetSink

    return ParquetSink(study.out, scenarios, study.detail)
