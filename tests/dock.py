"""Two engines side by side: the same scenarios on the same luck, compared to the last bit.

As a program: `python tests/dock.py`, or `make dock`. In tests: `from dock import ...`.

What is compared: every row of the event table in its order and every column of it, every sum of
the record, the names, and after the run all state that leaves no event
(`sim/engines/reference/state.py`). Two floats are equal where their 64 bits are. Where a run ends
in an error, the other has to end in the same error with the same words.
"""

import argparse
import dataclasses
import itertools
import random
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]

import chosen_worlds
from small_worlds import changed

from sim.compose import choices, load_scenario
from sim.engines.reference.model import ConvoyModel
from sim.engines.reference.state import state_of
from sim.errors import ConvoyRiskError, DrawError, RoadError, ScenarioError, ScenarioWarning
from sim.results.ground import network_of
from sim.world.events import Cause, Kind
from sim.world.parameter import declared
from sim.world.record import EVENT_COLUMNS, TRAFFIC_KINDS, RunRecord
from sim.world.scenario import GROUPS, Scenario
from sim.world.world import build_world

SEED = 1

# --- what an engine gives ------------------------------------------------------------------------


class Outcome(NamedTuple):
    """What one run leaves behind: a record and a state, or an error."""

    record: RunRecord | None
    state: Mapping[str, NDArray[Any]]
    error: str = ""


Engine = Callable[[Scenario, int, int], Outcome]


def reference(scenario: Scenario, seed: int, run: int) -> Outcome:
    """The run by the Mesa engine."""
    model = None
    try:
        model = ConvoyModel(scenario, seed, run)
        return Outcome(model.run(), state_of(model))
    except ConvoyRiskError as error:
        return Outcome(None, {}, _in_words(error))
    finally:
        # Mesa 3.3 keeps a counter for every model for ever, and with it the model.
        getattr(mesa.Agent, "_ids", {}).pop(model, None)


def batch(scenario: Scenario, seed: int, run: int) -> Outcome:
    """The run by the compiled engine."""
    from sim.engines.batch import simulate_with_state

    try:
        return Outcome(*simulate_with_state(scenario, seed, run))
    except ConvoyRiskError as error:
        return Outcome(None, {}, _in_words(error))


ENGINES: dict[str, Engine] = {"reference": reference, "batch": batch}


def _in_words(error: ConvoyRiskError) -> str:
    return f"{type(error).__name__}: {error}"


# --- the first difference ------------------------------------------------------------------------


def first_difference(one: Outcome, other: Outcome, segments: Sequence[str] = ()) -> str | None:
    """Where two outcomes part: run, time, kind, entity, column and both values; None if nowhere.

    `segments` are the names of pieces of road, for whoever reads the answer.
    """
    if one.record is None or other.record is None:
        if one.error == other.error:
            return None
        ends = [outcome.error or "a record" for outcome in (one, other)]
        return f"one ends in {ends[0]}, the other in {ends[1]}"
    return difference_of_records(one.record, other.record, segments) or difference_of_states(
        one.state, other.state, f"run {one.record.run}"
    )


def difference_of_records(
    one: RunRecord, other: RunRecord, segments: Sequence[str] = ()
) -> str | None:
    """The first difference of two records: heads, then rows, then sums, then names."""
    run = f"run {one.run}"
    for name in ("run", "seed", "clock", "camp_ids"):
        if getattr(one, name) != getattr(other, name):
            return f"{run}, {name}: {getattr(one, name)!r} is {getattr(other, name)!r}"
    return (
        _difference_of_rows(one, other, segments)
        or _difference_of_sums(one, other, segments)
        or _difference_of_names(one, other)
    )


def difference_of_states(
    one: Mapping[str, NDArray[Any]], other: Mapping[str, NDArray[Any]], run: str = "a run"
) -> str | None:
    """The first array, by the order of `state_of`, that differs, and where."""
    head = f"{run}, state at the end"
    for name in dict.fromkeys([*one, *other]):
        if name not in one or name not in other:
            return f"{head}, {name}: only {'the other' if name not in one else 'one'} has it"
        place = _first_place(one[name], other[name])
        if place is not None:
            return f"{head}, {name}{_both(one[name], other[name], place)}"
    return None


def _difference_of_rows(one: RunRecord, other: RunRecord, segments: Sequence[str]) -> str | None:
    lengths = len(one.events["time_h"]), len(other.events["time_h"])
    first, column = min(lengths), ""
    for name in EVENT_COLUMNS:
        here, there = one.events[name], other.events[name]
        if here.dtype != there.dtype:
            return f"run {one.run}, column {name}: {here.dtype} is {there.dtype}"
        differs = np.flatnonzero(_differs(here[:first], there[:first]))
        if len(differs):
            first, column = int(differs[0]), name
    if column:
        values = one.events[column][first], other.events[column][first]
        shown = " is ".join(_shown(column, value) for value in values)
        rows = " | ".join(_row(record, first, segments) for record in (one, other))
        return f"run {one.run}, row {first}, {column}: {shown} ({rows})"
    if lengths[0] != lengths[1]:
        longer = one if lengths[0] > lengths[1] else other
        return (
            f"run {one.run}, row {first}: {lengths[0]} rows are {lengths[1]}; only "
            f"{'one' if longer is one else 'the other'} has {_row(longer, first, segments)}"
        )
    return None


def _difference_of_sums(one: RunRecord, other: RunRecord, segments: Sequence[str]) -> str | None:
    for item in dataclasses.fields(RunRecord):
        here, there = getattr(one, item.name), getattr(other, item.name)
        if not isinstance(here, np.ndarray):
            continue
        place = _first_place(here, there)
        if place is None:
            continue
        where = ""
        if len(place) == here.ndim:
            axes = dict(zip(_axes(here.ndim, item.name), place, strict=True))
            day = one.clock.period_days()[axes["period"]]
            where = f", period from {day}"
            if "traffic" in axes:
                where += f", {TRAFFIC_KINDS[axes['traffic']]} on "
                where += _named(segments, axes["segment"])
            if "camp" in axes:
                where += f", {one.camp_ids[axes['camp']]}"
        return f"run {one.run}, sum {item.name}{where}{_both(here, there, place)}"
    if one.live_at_decision != other.live_at_decision:
        return (
            f"run {one.run}, live_at_decision: {one.live_at_decision} is {other.live_at_decision}"
        )
    return None


def _difference_of_names(one: RunRecord, other: RunRecord) -> str | None:
    for key in [*one.names, *other.names]:
        here, there = one.names.get(key), other.names.get(key)
        if here != there:
            return f"run {one.run}, name of {key:x}: {here!r} is {there!r}"
    return None


def _axes(n_axes: int, name: str) -> tuple[str, ...]:
    if n_axes == 3:
        return "traffic", "period", "segment"
    return ("period", "camp") if n_axes == 2 else ("period",)


def _differs(here: NDArray[Any], there: NDArray[Any]) -> NDArray[np.bool_]:
    """Where two arrays of one type and shape differ in any bit."""
    if here.dtype.kind == "f":
        here, there = (np.ascontiguousarray(a).view(np.uint64) for a in (here, there))
    return np.asarray(here != there)


def _first_place(here: NDArray[Any], there: NDArray[Any]) -> tuple[int, ...] | None:
    """Index of the first bit of difference; empty where type or shape differ already."""
    if here.dtype != there.dtype or here.shape != there.shape:
        return ()
    differs = np.flatnonzero(_differs(here, there))
    if len(differs) == 0:
        return None
    return tuple(int(index) for index in np.unravel_index(differs[0], here.shape))


def _both(here: NDArray[Any], there: NDArray[Any], place: tuple[int, ...]) -> str:
    if len(place) != here.ndim:
        return f": {here.dtype}{list(here.shape)} is {there.dtype}{list(there.shape)}"
    n_more = int(np.count_nonzero(_differs(here, there))) - 1
    more = f" (and {n_more:,} of {here.size:,} more)" if n_more else ""
    return f" at {list(place)}: {here[place].item()!r} is {there[place].item()!r}{more}"


def _shown(column: str, value: Any) -> str:
    if column == "kind":
        return Kind(int(value)).name
    if column == "cause":
        return Cause(int(value)).name
    return f"{int(value):x}" if column in ("entity", "other") else repr(value.item())


def _row(record: RunRecord, place: int, segments: Sequence[str]) -> str:
    """A row in words: when, what, who, where."""
    row = {name: column[place].item() for name, column in record.events.items()}
    words = [
        record.clock.stamp(row["time_h"]),
        f"({row['time_h']!r} h)",
        Kind(row["kind"]).name,
        _entity(record, row["entity"]),
    ]
    if row["other"]:
        words.append(f"and {_entity(record, row['other'])}")
    if row["segment"] >= 0:
        words.append(f"on {_named(segments, row['segment'])}")
    if row["camp"] >= 0:
        words.append(f"at {record.camp_ids[row['camp']]}")
    return " ".join(words)


def _entity(record: RunRecord, key: int) -> str:
    """A name where the record has one; a patrol goes by its company's key and its number."""
    return record.names.get(key) or (
        f"{key >> 32:x}/{key & 0xFFFFFFFF}" if key >> 32 else f"{key:x}"
    )


def _named(segments: Sequence[str], segment: int) -> str:
    return segments[segment] if segment < len(segments) else f"piece {segment}"


# --- cases ---------------------------------------------------------------------------------------


class Case(NamedTuple):
    """A scenario to be compared, by a name that says how it came about."""

    name: str
    load: Callable[[], Scenario]


BASELINE = "baseline_2016"
WARM_UP_DAYS = 30
N_DAYS = 60
MOST_DAYS = 150
"""Days simulated after the warm-up; more where the scenario changes something late."""

N_TOYS = 20
"""Random worlds on the toys, by `tests/chosen_worlds.py`."""
N_THEATRES = 4
"""The same on the roads of the mission."""
N_OPTIONS = 16
"""Random combinations of shipped options on the roads of the mission."""

FIXED_GROUPS = ("roads", "runs", "engine", "scenario")
"""Groups without options of their own here: other theatres have other camps, horizons are set."""

NEEDED = {
    "supply.process": {"supply.process_rate_per_day": 0.2},
    "clearance.process": {"clearance.process_rate_per_day": 0.05},
    "politics.process": {"politics.walk_step": 0.1},
    "routing.reroute_after_find": {"routing.policy": "least_risk"},
    "clearance.with_convoys": {"routing.policy": "least_risk"},
    "threat.adaptive": {"threat.attempts_per_month": 200.0, "threat.attempts_ceiling_factor": 20.0},
}
"""What else has to be set for an option to show."""


def every_case(*, is_full: bool = False) -> list[Case]:
    """All cases; at their own horizons, and with every product of policies, where `is_full`."""
    cases = [*option_cases(is_full), *shipped_cases(is_full), *random_cases(is_full)]
    return [*cases, *product_cases(is_full)] if is_full else cases


def option_cases(is_full: bool = False) -> Iterator[Case]:
    """The baseline, and once around it every option file and every choice of every setting."""
    yield Case(BASELINE, partial(_loaded, BASELINE, {}, is_full))
    for name, overrides in itertools.chain(_group_options(), _setting_options()):
        yield Case(name, partial(_loaded, BASELINE, overrides, is_full))


def _group_options() -> Iterator[tuple[str, dict[str, Any]]]:
    for group in GROUPS:
        if group not in FIXED_GROUPS:
            for option in choices(group):
                yield f"{group}={option}", {group: option}


def _setting_options() -> Iterator[tuple[str, dict[str, Any]]]:
    """Choices and switches other than the default, with what they need to show."""
    for key, others in _other_choices().items():
        for value in others:
            yield f"{key}={value}", {key: value, **NEEDED.get(key, {})}
    frozen_and_full = {"threat.adaptive": False, "results.detail": "full"}
    yield "threat.adaptive=False, results.detail=full", frozen_and_full


def _other_choices() -> dict[str, list[Any]]:
    """Every setting that is a choice or a switch, with the values that are not its default."""
    found: dict[str, list[Any]] = {}
    for group, kind in GROUPS.items():
        if group in ("engine", "runs"):
            continue
        for name, declaration, default in declared(kind):
            is_switch = isinstance(default, bool)
            values = (False, True) if is_switch else declaration.choices or ()
            if values:
                found[f"{group}.{name}"] = [value for value in values if value != default]
    return found


def shipped_cases(is_full: bool = False) -> Iterator[Case]:
    """Every scenario that ships."""
    for name in choices("scenario"):
        if name != BASELINE:
            yield Case(f"scenario {name}", partial(_loaded, name, {}, is_full))


def random_cases(is_full: bool = False) -> Iterator[Case]:
    """Worlds by number: the same number is the same world, today and tomorrow."""
    for number in range(N_TOYS):
        yield Case(f"random toy {number}", partial(_random_world, number, chosen_worlds.TOYS))
    for number in range(N_THEATRES):
        yield Case(f"random theatre {number}", partial(_random_theatre, 100 + number))
    for number in range(N_OPTIONS):
        yield Case(f"random options {number}", partial(_random_options, number, is_full))


def product_cases(is_full: bool = True) -> Iterator[Case]:
    """Every policy of clearance with every one of routing, supply and patrols."""
    options = _other_choices()
    defaults = load_scenario(BASELINE)
    keys = (
        "clearance.policy",
        "clearance.with_convoys",
        "routing.policy",
        "supply.departure",
        "force.patrol_policy",
    )
    values = []
    for key in keys:
        group, name = key.split(".")
        values.append([getattr(getattr(defaults, group), name), *options[key]])
    for chosen in itertools.product(*map(dict.fromkeys, values)):
        overrides = dict(zip(keys, chosen, strict=True))
        name = ", ".join(f"{key}={value}" for key, value in overrides.items())
        yield Case(name, partial(_loaded, BASELINE, overrides, is_full))


def _loaded(name: str, overrides: Mapping[str, Any], is_full: bool) -> Scenario:
    """A scenario at its own horizon, or at a short one that holds what it changes."""
    with warnings.catch_warnings():
        # Of packages that come after the end, and of files that change nothing.
        warnings.simplefilter("ignore", ScenarioWarning)
        scenario = load_scenario(name, overrides)
        return scenario if is_full else load_scenario(name, {**overrides, **_short(scenario)})


def _short(scenario: Scenario) -> dict[str, Any]:
    """Dates of a short horizon."""
    runs = scenario.runs
    start, end = date.fromisoformat(runs.decision_date), date.fromisoformat(runs.end)
    force = scenario.force
    changes = [
        date.fromisoformat(day)
        for package in force.reinforcements.values()
        for day in (package.arrival, package.departure)
        if day != "never"
    ]
    changes += [date.fromisoformat(day) for day in force.closures.values()]
    changes = [day for day in changes if start <= day < end]
    if changes and min(changes) > start + timedelta(days=N_DAYS // 2):
        start = min(changes) - timedelta(days=N_DAYS // 4)
    last = max(changes, default=start) + timedelta(days=N_DAYS // 4)
    n_days = min(max(N_DAYS, (last - start).days), MOST_DAYS)
    return {
        "runs.start": start.isoformat(),
        "runs.decision_date": start.isoformat(),
        "runs.end": min(end, start + timedelta(days=n_days)).isoformat(),
        "runs.warm_up_days": min(runs.warm_up_days, WARM_UP_DAYS),
    }


def _random_world(number: int, theatres: Sequence[str]) -> Scenario:
    """The `number`-th world of `tests/chosen_worlds.py` that can be built."""
    for attempt in itertools.count():
        luck = random.Random(f"world {number}, attempt {attempt}")
        scenario = chosen_worlds.scenario(luck.choice, None, list(theatres))
        try:
            build_world(scenario)
        except DrawError:
            continue  # two of its many companies would share their luck
        return scenario
    raise AssertionError


def _random_theatre(number: int) -> Scenario:
    """The same on the roads of the mission, in few pieces: tables of ways among them are large."""
    scenario = _random_world(number, ["northern_mali"])
    after = _coarse(dataclasses.replace(scenario, before=None))
    before = scenario.before
    return after if before is None else dataclasses.replace(after, before=_coarse(before))


def _coarse(scenario: Scenario) -> Scenario:
    return changed(
        scenario,
        roads={"max_segment_km": 25.0, "near_camp_segment_km": 5.0},
        clearance={
            "team_reach_km": min(scenario.clearance.team_reach_km, 45.0),
            "process_rate_per_day": min(scenario.clearance.process_rate_per_day, 0.05),
        },
    )


def _random_options(number: int, is_full: bool) -> Scenario:
    """The `number`-th combination of options around the baseline that can be loaded."""
    for attempt in itertools.count():
        luck = random.Random(f"options {number}, attempt {attempt}")
        overrides: dict[str, Any] = {
            group: luck.choice(choices(group)) for group in GROUPS if group not in FIXED_GROUPS
        }
        for key, others in _other_choices().items():
            if luck.random() < 0.3:
                overrides |= NEEDED.get(key, {}) | {key: luck.choice(others)}
        name = luck.choice([BASELINE, "res2295", "drawdown"])
        if name != BASELINE:
            overrides.pop("force")
        try:
            scenario = _loaded(name, overrides, is_full)
            build_world(scenario)
        except (ScenarioError, RoadError, DrawError):
            continue  # some choices exclude each other
        return scenario
    raise AssertionError


# --- the program ---------------------------------------------------------------------------------


def compare(case: Case, run: int, one: Engine, other: Engine) -> tuple[str | None, str]:
    """The first difference of two engines on a case, and a line that says what was compared."""
    scenario = case.load()
    outcomes, seconds = [], []
    for engine in (one, other):
        start = time.perf_counter()
        outcomes.append(engine(scenario, SEED, run))
        seconds.append(f"{time.perf_counter() - start:.2f}")
    has_records = all(outcome.record for outcome in outcomes)
    segments = network_of(scenario).segments.name if has_records else ()
    found = first_difference(outcomes[0], outcomes[1], segments)
    counts = " and ".join(map(_count, outcomes))
    return found, f"{case.name}, run {run}: {counts} in {' and '.join(seconds)} s"


def _count(outcome: Outcome) -> str:
    if outcome.record is None:
        return outcome.error.partition(":")[0]
    return f"{len(outcome.record.events['time_h']):,} rows"


def main(arguments: Iterable[str] | None = None) -> int:
    """Compare case by case; 1 where something differs."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument(
        "--full", action="store_true", help="own horizons, all products of policies"
    )
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--runs", type=int, default=1, help="runs of each case")
    parser.add_argument("--all", action="store_true", help="go on after a difference")
    parser.add_argument("--list", action="store_true", help="name the cases and stop")
    parser.add_argument("--one", choices=ENGINES, default="reference")
    parser.add_argument("--other", choices=ENGINES, default="batch")
    given = parser.parse_args(None if arguments is None else list(arguments))
    cases = [case for case in every_case(is_full=given.full) if given.only in case.name]
    if given.list:
        print("\n".join(case.name for case in cases))
        return 0
    start, n_compared, n_different = time.perf_counter(), 0, 0
    for number, case in enumerate(cases, 1):
        for run in range(given.runs):
            found, line = compare(case, run, ENGINES[given.one], ENGINES[given.other])
            n_compared += 1
            print(f"[{number}/{len(cases)}] {line}{'' if found is None else ': DIFFERENT'}")
            if found is not None:
                n_different += 1
                print(f"    {found}", flush=True)
                if not given.all:
                    return 1
            sys.stdout.flush()
    took_s = time.perf_counter() - start
    print(f"{n_compared} compared, {n_different} different, {took_s:.0f} s")
    return 1 if n_different or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
