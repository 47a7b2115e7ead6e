"""Known answers: the segment balance of one piece of road, through the real engine.

Devices arrive at rate lambda a day, convoys pass at rate tau and each device acts on a convoy with
probability p, sweeps come at rate sigma and find each device with probability q, devices expire at
rate delta. All numbers on paper follow from mu = tau p + sigma q + delta (docs/odd.md).

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
from sim.world.events import Cause, Kind

FALSE_ALARM = 1e-4
N_RUNS = 24
BURN_IN_DAYS = 100.0
OVERRIDES = ("runs.start=2016-07-01", "runs.decision_date=2016-07-01", "runs.end=2024-07-01")

ENDS = (Kind.FOUND, Kind.STRUCK, Kind.STRUCK_OTHERS, Kind.EXPIRED)


@dataclass(frozen=True)
class OnPaper:
    """Rates of one case, and what follows from them."""

    emplacement: float = 0.2
    convoys: float = 0.5
    find: float = 0.0
    strike: float = 0.3
    sweeps: float = 0.0
    sweep_find: float = 0.0
    expiry: float = 0.02

    @property
    def ending(self) -> float:
        """mu: rate at which one device ends."""
        met = self.find + (1.0 - self.find) * self.strike
        return self.convoys * met + self.sweeps * self.sweep_find + self.expiry

    @property
    def mean_live(self) -> float:
        return self.emplacement / self.ending

    @property
    def variance_live(self) -> float:
        met = self.find + (1.0 - self.find) * self.strike
        pairs = (
            2.0 * self.expiry
            + self.convoys * (1.0 - (1.0 - met) ** 2)
            + self.sweeps * (1.0 - (1.0 - self.sweep_find) ** 2)
        )
        mean = self.mean_live
        return mean + 2.0 * self.emplacement**2 / (pairs * self.ending) - mean**2

    @property
    def strikes_per_day(self) -> float:
        return self.mean_live * self.convoys * (1.0 - self.find) * self.strike

    @property
    def finds_per_day(self) -> float:
        return self.mean_live * (self.convoys * self.find + self.sweeps * self.sweep_find)

    @property
    def expiries_per_day(self) -> float:
        return self.mean_live * self.expiry


CASES = {
    "known_answer_a": OnPaper(),
    "known_answer_b": OnPaper(sweeps=1 / 7, sweep_find=0.5),
    "known_answer_c": OnPaper(sweeps=1 / 7, sweep_find=0.8),
    "known_answer_d": OnPaper(sweeps=1.0, sweep_find=0.5),
    "known_answer_e": OnPaper(sweeps=1.0, sweep_find=0.8),
    "known_answer_looks": OnPaper(find=0.41, strike=0.5, sweeps=1 / 7, sweep_find=0.6),
}

PUBLISHED = {
    # case: E[N], Var N, hits a day, finds a day, as VERIFICATION gives them to four digits or more
    "known_answer_a": (1.176471, 1.3876, 0.176471, 0.0),
    "known_answer_b": (0.828402, 0.9661, 0.124260, 0.059172),
    "known_answer_c": (0.703518, 0.8598, 0.105528, 0.080402),
    "known_answer_d": (0.298507, 0.3237, 0.044776, 0.149254),
    "known_answer_e": (0.206186, 0.2294, 0.030928, 0.164948),
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


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_formulas_give_the_published_table(name):
    case = CASES[name]
    ours = (case.mean_live, case.variance_live, case.strikes_per_day, case.finds_per_day)
    assert ours == pytest.approx(PUBLISHED[name], abs=5e-5)


def test_the_formulas_give_the_published_case_of_convoys_that_look():
    case = CASES["known_answer_looks"]
    assert case.ending == pytest.approx(0.458214, abs=5e-7)
    assert case.strikes_per_day == pytest.approx(0.064380, abs=5e-7)
    assert case.finds_per_day == pytest.approx(0.126890, abs=5e-7)
    assert case.expiries_per_day == pytest.approx(0.008730, abs=5e-7)


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
    ("name", "before", "average"),
    [("known_answer_b_periodic", 0.96541, 0.77083), ("known_answer_c_periodic", 0.87159, 0.59052)],
)
def test_the_engine_meets_periodic_sweeps(name, before, average):
    scenario = load_scenario(name, list(OVERRIDES))
    means, befores = [], []
    for run in range(N_RUNS):
        events = run_scenario(scenario, seed=2016, run=run).events
        means.append(_averages(events, scenario.clock().end_h)[0])
        befores.append(_mean_before_sweeps(events))
    assert agrees(np.array(means), average)
    assert agrees(np.array(befores), before)


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
