"""The public door for Python: load a scenario, simulate it, compare several.

from sim import compare, load_scenario, simulate

many = simulate("baseline_2016", n_runs=20, seed=1, overrides={"force.strength": 14500})
many.measures["killed_and_wounded"].mean()
many.plot()
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from pandas.api.types import union_categoricals

from sim.compose import Overrides, load_scenario, load_scenarios
from sim.errors import ScenarioError
from sim.results.events import event_frame
from sim.results.ground import network_of
from sim.results.groups import month_table
from sim.results.sink import Replication
from sim.results.tables import arrivals_of, monthly_table
from sim.studies.compare import StudyPlan, compare_scenarios
from sim.studies.comparison import Comparison
from sim.studies.execute import Job, execute, works_in_threads
from sim.studies.replicate import replicate
from sim.world.scenario import Scenario
from sim.world.world import build_world

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Simulation", "compare", "load_scenario", "simulate"]


@dataclass(frozen=True)
class Simulation:
    """Runs of one scenario."""

    scenario: Scenario
    measures: pd.DataFrame
    """One row for each run: scenario, run, then every measure."""
    events: pd.DataFrame
    """One row for each event of every run: what happened, when, where, to whom."""
    months: pd.DataFrame
    """One row for each run and month; columns of `sim.results.groups.month_table`."""

    def __repr__(self) -> str:
        n_runs, seed = len(self.measures), self.scenario.runs.seed
        return (
            f"<Simulation {self.scenario.name}: {n_runs:,} run{'' if n_runs == 1 else 's'} of seed "
            f"{seed}; see .measures, .events, .months, .plot()>"
        )

    def plot(self) -> "Figure":
        """Draw casualties, strikes and finds by month, and how runs spread."""
        from sim.views.series import run_figure

        columns = ("killed_and_wounded", "strikes", "finds")
        months = pd.concat([monthly_table(self.months, name) for name in columns])
        return run_figure(
            months,
            self.measures,
            f"{self.scenario.name}: {self.scenario.title}",
            self.scenario.clock().decision_day,
            arrivals_of(self.scenario),
        )


def simulate(
    scenario: str | Path | Scenario = "baseline_2016",
    n_runs: int | None = None,
    seed: int | None = None,
    engine: str | None = None,
    overrides: Overrides = (),
    *,
    n_workers: int | None = None,
) -> Simulation:
    """Make runs of one scenario, on all cores.

    Parameters
    ----------
    scenario : str, Path or Scenario
        A shipped name, the path of a YAML file, or a loaded scenario.
    n_runs : int, >= 1, optional
        Default `runs.n_runs` of the scenario.
    seed : int, in [0, 2**32), optional
        The luck; default `runs.seed` of the scenario.
    engine : str, optional
        Default `engine.name` of the scenario.
    overrides : sequence of "KEY=VALUE", or mapping
        As in `load_scenario`; not together with a loaded scenario.
    n_workers : int, optional
        Threads or processes, as the engine has it; default all cores. What runs give does not
        depend on it.

    Returns
    -------
    Simulation

    Examples
    --------
    >>> many = simulate("quiet_toy", n_runs=2, seed=1, n_workers=1)
    >>> many.measures["strikes"].tolist()
    [0.0, 0.0]
    """
    loaded = _with_run_options(scenario, overrides, n_runs, seed, engine)
    build_world(loaded)
    found: dict[int, Replication] = {}

    def keep(job: Job, replication: Replication, seconds: float) -> bool:
        found[job.run] = replication
        return False

    jobs = (
        Job(loaded.name, loaded, loaded.runs.seed, run, "incidents")
        for run in range(loaded.runs.n_runs)
    )
    n_workers = 1 if loaded.runs.n_runs == 1 else n_workers
    execute(
        jobs,
        replicate,
        on_done=keep,
        n_workers=n_workers,
        in_threads=works_in_threads([loaded]),
    )
    network = network_of(loaded)
    runs = sorted(found)
    records = [found[run].record for run in runs]
    rows = [{"run": run, **found[run].measures} for run in runs]
    return Simulation(
        scenario=loaded,
        measures=_named(loaded.name, pd.DataFrame(rows)),
        events=_named(loaded.name, _stacked([event_frame(r, network) for r in records if r])),
        months=_named(loaded.name, _stacked([month_table(r) for r in records if r])),
    )


def compare(
    scenarios: Sequence[str | Path | Scenario],
    overrides: Overrides = (),
    *,
    show_progress: bool = False,
    **study: Any,
) -> Comparison:
    """Compare scenarios on the same luck; the first is the baseline unless `baseline` names one.

    Parameters
    ----------
    scenarios : sequence of str, Path or Scenario
        Two or more.
    overrides : sequence of "KEY=VALUE", or mapping
        The same for all; not together with loaded scenarios.
    show_progress : bool
    **study
        Fields of `sim.studies.compare.StudyPlan`, as `measure`, `budget_min`, `max_runs` or `out`,
        and `baseline`.

    Returns
    -------
    Comparison
        With `.table`, `.to_markdown()` and the runs in `.measures`.
    """
    words = [word for word in scenarios if not isinstance(word, Scenario)]
    if words and len(words) < len(scenarios) and overrides:
        raise _overrides_of_loaded(overrides)
    if words:
        by_word = dict(zip(map(str, words), load_scenarios(words, overrides), strict=True))
        loaded = [s if isinstance(s, Scenario) else by_word[str(s)] for s in scenarios]
    elif overrides:
        raise _overrides_of_loaded(overrides)
    else:
        loaded = [scenario for scenario in scenarios if isinstance(scenario, Scenario)]
    require_one_world(loaded)
    baseline = study.pop("baseline", None)
    known = set(StudyPlan.__dataclass_fields__)
    for name in study:
        if name not in known:
            raise ScenarioError(
                f"compare has no option {name!r}. Allowed: baseline, {', '.join(sorted(known))}."
            )
    plan = StudyPlan(**{"seed": loaded[0].runs.seed, **study} if loaded else study)
    return compare_scenarios(loaded, plan, baseline=baseline, show_progress=show_progress)


def require_one_world(scenarios: Sequence[Scenario]) -> None:
    """Check what no single scenario can: that each can be built, and that all share a world.

    Raises
    ------
    ScenarioError
        Where two differ in what no decision changes, so that they would not share their past.
    """
    for scenario in scenarios:
        build_world(scenario)
        first = scenarios[0]
        for group in ("roads", "threat", "runs"):
            if getattr(scenario, group) != getattr(first, group):
                raise ScenarioError(
                    f"scenarios {first.name!r} and {scenario.name!r} differ in {group!r}: they do "
                    "not share their past, so their differences would not be those of a decision. "
                    f"Allowed: the same {group} for all; {group}=CHOICE or {group}.KEY=VALUE in "
                    "the overrides sets it for all of them."
                )


def _with_run_options(
    scenario: str | Path | Scenario,
    overrides: Overrides,
    n_runs: int | None,
    seed: int | None,
    engine: str | None,
) -> Scenario:
    if isinstance(scenario, Scenario):
        if overrides:
            raise _overrides_of_loaded(overrides)
        loaded = scenario
    else:
        loaded = load_scenario(scenario, overrides)
    runs = dataclasses.replace(
        loaded.runs,
        n_runs=loaded.runs.n_runs if n_runs is None else n_runs,
        seed=loaded.runs.seed if seed is None else seed,
    )
    chosen = loaded.engine if engine is None else dataclasses.replace(loaded.engine, name=engine)
    before = loaded.before
    if before is not None:
        before = dataclasses.replace(before, runs=runs, engine=chosen)
    return dataclasses.replace(loaded, runs=runs, engine=chosen, before=before)


def _overrides_of_loaded(overrides: Overrides) -> ScenarioError:
    shown = dict(overrides) if isinstance(overrides, Mapping) else list(overrides)
    return ScenarioError(
        f"overrides is {shown}: a loaded scenario takes none, since it is final. "
        "Allowed: load_scenario(name, overrides), or the scenario's name."
    )


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    words = [name for name in frames[0].columns if frames[0][name].dtype == "category"]
    for name in words:
        kinds = union_categoricals([frame[name] for frame in frames]).categories
        frames = [frame.assign(**{name: frame[name].cat.set_categories(kinds)}) for frame in frames]
    return pd.concat(frames, ignore_index=True)


def _named(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    frame.insert(0, "scenario", name)
    return frame
