"""Known answers: the segment balance of one piece of road, through the real engine.

What it must give is worked out in `sim/verification/balance.py`.

False-alarm rate: every check is a t-test over independent runs at 1e-4, and there are 35 of them,
so one right engine in 285 would be blamed; seeds are fixed, so a pass stays a pass.
"""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats

from sim.clock import HOURS_PER_DAY
from sim.compose import load_scenario
from sim.engines import run_scenario
from sim.verification.balance import PeriodicSweeps, SegmentBalance
from sim.world.events import Cause, Kind

FALSE_ALARM = 1e-4
N_RUNS = 24
BURN_IN_DAYS = 100.0
OVERRIDES = ("runs.start=2016-07-01", "runs.decision_date=2016-07-01", "runs.end=2024-07-01")

ENDS = (Kind.FOUND, Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.EXPIRED)


CASES = {
    "known_answer_a": SegmentBalance(),
    "known_answer_b": SegmentBalance(sweeps_per_day=1 / 7, sweep_find_probability=0.5),
    "known_answer_c": SegmentBalance(sweeps_per_day=1 / 7, sweep_find_probability=0.8),
    "known_answer_d": SegmentBalance(sweeps_per_day=1.0, sweep_find_probability=0.5),
    "known_answer_e": SegmentBalance(sweeps_per_day=1.0, sweep_find_probability=0.8),
    "known_answer_looks": SegmentBalance(
        find_probability=0.41,
        strike_probability=0.5,
        sweeps_per_day=1 / 7,
        sweep_find_probability=0.6,
    ),
}


@dataclass(frozen=True)
class Simulated:
    """The same quantities, one number a run: float[n_runs] each."""

    mean_live: np.ndarray
    variance_live: np.ndarray
    strikes_per_day: np.ndarray
    finds_per_day: np.ndarray
    expiries_per_day: np.ndarray


def simulate(name: str, *overrides: str, n_runs: int = N_RUNS) -> Simulated:
    """Run a case and average over time, the first days left out."""
    scenario = load_scenario(name, [*OVERRIDES, *overrides])
    rows = []
    for run in range(n_runs):
        events = run_scenario(scenario, seed=2016, run=run).events
        rows.append(_averages(events, scenario.clock().end_h))
    return Simulated(*np.array(rows).T)


def _averages(events: dict, end_h: float) -> tuple[float, float, float, float, float]:
    kind, time_h = events["kind"], events["time_h"]
    begin_h = BURN_IN_DAYS * HOURS_PER_DAY
    change = np.where(kind == Kind.PLACED, 1, 0) - np.isin(kind, ENDS)
    n_live = np.concatenate([[0], np.cumsum(change)])
    edges = np.clip(np.concatenate([[0.0], time_h, [end_h]]), begin_h, end_h)
    spans = np.diff(edges)
    mean = float((n_live * spans).sum() / spans.sum())
    square = float((n_live**2 * spans).sum() / spans.sum())
    days = (end_h - begin_h) / HOURS_PER_DAY
    counted = time_h >= begin_h
    rates = [
        float(((kind == wanted) & counted).sum()) / days
        for wanted in (Kind.STRUCK, Kind.FOUND, Kind.EXPIRED)
    ]
    return mean, square - mean**2, *rates


def agrees(sample: np.ndarray, expected: float) -> bool:
    """Whether the mean of independent runs is where paper puts it, at the false-alarm rate."""
    if np.ptp(sample) == 0.0:
        return bool(sample[0] == pytest.approx(expected, abs=1e-12))
    spread = sample.std(ddof=1) / math.sqrt(sample.size)
    return abs(sample.mean() - expected) <= stats.t.isf(FALSE_ALARM / 2, sample.size - 1) * spread


@pytest.mark.parametrize("name", CASES)
def test_the_engine_meets_the_segment_balance(name):
    on_paper, simulated = CASES[name], simulate(name)
    for quantity in (
        "mean_live",
        "variance_live",
        "strikes_per_day",
        "finds_per_day",
        "expiries_per_day",
    ):
        sample, expected = getattr(simulated, quantity), getattr(on_paper, quantity)
        assert agrees(sample, expected), (quantity, sample.mean(), expected)


@pytest.mark.parametrize(
    ("name", "on_paper"),
    [
        ("known_answer_b_periodic", PeriodicSweeps(find_probability=0.5)),
        ("known_answer_c_periodic", PeriodicSweeps(find_probability=0.8)),
    ],
)
def test_the_engine_meets_periodic_sweeps(name, on_paper):
    scenario = load_scenario(name, list(OVERRIDES))
    means, befores = [], []
    for run in range(N_RUNS):
        events = run_scenario(scenario, seed=2016, run=run).events
        means.append(_averages(events, scenario.clock().end_h)[0])
        befores.append(_mean_before_sweeps(events))
    assert agrees(np.array(means), on_paper.mean_live)
    assert agrees(np.array(befores), on_paper.mean_before)


def _mean_before_sweeps(events: dict) -> float:
    """Mean number of live devices just before a sweep: what it found was there too."""
    kind, time_h = events["kind"], events["time_h"]
    change = np.where(kind == Kind.PLACED, 1, 0) - np.isin(kind, ENDS)
    n_live = np.cumsum(change)
    swept = (kind == Kind.SWEPT) & (time_h >= BURN_IN_DAYS * HOURS_PER_DAY)
    found_then = {
        float(hour): int(((time_h == hour) & (kind == Kind.FOUND)).sum()) for hour in time_h[swept]
    }
    counts = [n_live[row] + found_then[float(time_h[row])] for row in np.flatnonzero(swept)]
    return float(np.mean(counts))


def test_finds_by_sweeps_and_by_convoys_are_told_apart():
    scenario = load_scenario("known_answer_looks", list(OVERRIDES))
    events = run_scenario(scenario, seed=2016, run=0).events
    causes = set(events["cause"][events["kind"] == Kind.FOUND].tolist())
    assert causes == {Cause.SWEEP, Cause.CONVOY}


@pytest.mark.parametrize(
    "fault",
    [
        "threat.fixed_strike_probability=0.27",
        "supply.process_rate_per_day=0.45",
        "threat.expiry_mean_days=40",
        "threat.attempts_per_month=5.5",
    ],
)
def test_a_planted_fault_of_a_tenth_is_caught(fault):
    """Any of the quantities may catch it; an engine that drifts by a tenth does not pass."""
    on_paper, simulated = CASES["known_answer_a"], simulate("known_answer_a", fault)
    quantities = ("mean_live", "strikes_per_day", "expiries_per_day")
    assert not all(
        agrees(getattr(simulated, quantity), getattr(on_paper, quantity)) for quantity in quantities
    )


def test_vehicles_treated_as_independent_would_be_caught():
    """A convoy acts on all devices at once, so their number is not Poisson: 1.39, not 1.18."""
    simulated = simulate("known_answer_a")
    assert not agrees(simulated.variance_live, CASES["known_answer_a"].mean_live)
