"""Self-excitation on paper: a success brings its decisions, and successes bring successes.

A cell decides at nu a day; each strike adds n beta e^(-beta t) to that, so that it brings n further
decisions on average, each of which strikes again here. The rate settles at m = nu / (1 - n), and
counts in windows of T days have the variance m T A - m (A - 1)(1 - e^(-g T)) / g with
A = 1 / (1 - n)^2 and g = beta (1 - n) (Hawkes 1971).

The estimator for users, `sim.stats.self_excitation`, must find the same in the event tables of
these runs, from the times alone.

False-alarm rate: three t-tests over independent runs and an interval, at 1e-4 each, so one right
engine in 2,500 would be blamed; seeds are fixed, so a pass stays a pass.
"""

import functools
import math

import numpy as np
import pytest
from scipy import stats
from small_worlds import an_empty_road, changed, happened, logged

from sim.engines import run_scenario
from sim.engines.reference.model import ConvoyModel
from sim.stats.self_excitation import SelfExcitation, self_excitation
from sim.world.events import Kind

FALSE_ALARM = 1e-4
NU, N, BETA = 0.1, 0.37, 1.0 / 14.0
RATE = NU / (1.0 - N)
BURN_IN_DAYS, WINDOW_DAYS, N_WINDOWS, N_RUNS = 200.0, 28.0, 80, 12
EXTRA, N_PAIRS = 1.25, 400
TEN_HALF_LIVES_DAYS = 140.0


def p_value(values: list[float], on_paper: float) -> float:
    return float(stats.ttest_1samp(values, on_paper).pvalue)


def variance_on_paper(days: float) -> float:
    spread, gap = 1.0 / ((1.0 - N) * (1.0 - N)), BETA * (1.0 - N)
    return RATE * days * spread - RATE * (spread - 1.0) * -math.expm1(-gap * days) / gap


def a_road_on_which_every_device_strikes(extra: float):
    """Convoys come by every few hours, so that a device strikes soon after it is placed."""
    return an_empty_road(
        threat={
            "attempts_per_month": 30.4375 * NU,
            "attempts_ceiling_factor": 13.0,
            "nothing_km": 0.0,
            "success_extra_decisions": extra,
            "success_half_life_days": math.log(2.0) / BETA,
            "success_ceiling": 12.0,  # never met: some forty strikes within two weeks
            "others_hazard_per_day": 0.0,
            "expiry_mean_days": 1e9,
        },
        politics={"path": {"2016-07-01": 0.1}, "reference_level": 0.1},
        routing={"instant_passage": True},
        supply={"process": "poisson", "process_rate_per_day": 4.0},
        runs={"start": "2016-07-01", "decision_date": "2016-07-01", "end": "2023-07-01"},
    )


@functools.cache
def decisions_h(extra: float) -> list[list[float]]:
    """Times of decisions, h, by run."""
    scenario = a_road_on_which_every_device_strikes(extra)
    return [
        [row.time_h for row in happened(run_scenario(scenario, 1, run), Kind.PLACED)]
        for run in range(N_RUNS)
    ]


def windows(extra: float) -> list[np.ndarray]:
    """Decisions in windows of 28 days, by run."""
    edges_h = 24.0 * (BURN_IN_DAYS + WINDOW_DAYS * np.arange(N_WINDOWS + 1))
    return [np.histogram(times_h, edges_h)[0] for times_h in decisions_h(extra)]


def rate_p_value(extra: float) -> float:
    return p_value([counts.mean() / WINDOW_DAYS for counts in windows(extra)], RATE)


def variance_p_value(extra: float) -> float:
    mean = RATE * WINDOW_DAYS
    squares = [float(np.square(counts - mean).mean()) for counts in windows(extra)]
    return p_value(squares, variance_on_paper(WINDOW_DAYS))


def test_the_numbers_on_paper_are_those_of_the_published_example():
    assert pytest.approx(0.158730, abs=5e-7) == RATE
    for days, fano in ((7.0, 1.2161), (28.0, 1.6556), (365.0, 2.4270)):
        assert variance_on_paper(days) / (RATE * days) == pytest.approx(fano, abs=5e-5)


def test_successes_that_bring_successes_settle_at_the_rate_of_hawkes():
    assert rate_p_value(N) > FALSE_ALARM


def test_decisions_come_in_clusters_of_the_size_of_hawkes():
    assert variance_p_value(N) > FALSE_ALARM


def test_both_checks_notice_a_cell_that_learns_nothing_or_twice_as_much():
    assert rate_p_value(0.0) < FALSE_ALARM
    assert variance_p_value(0.0) < FALSE_ALARM
    assert rate_p_value(0.6) < FALSE_ALARM


def fitted(extra: float) -> SelfExcitation:
    """What a user finds who has the event table and knows nothing of the cells."""
    times_h = decisions_h(extra)
    events = {
        "run": np.repeat(np.arange(N_RUNS), [len(times) for times in times_h]),
        "time_h": np.concatenate(times_h),
    }
    until_day = BURN_IN_DAYS + WINDOW_DAYS * N_WINDOWS
    return self_excitation(events, range(N_RUNS), BURN_IN_DAYS, until_day, error=FALSE_ALARM)


def test_the_estimator_finds_in_the_events_what_the_cells_were_told():
    found = fitted(N)
    assert found.low < N < found.high
    assert found.decay_per_day == pytest.approx(BETA, rel=0.5)


def test_the_estimator_notices_a_cell_that_learns_nothing_or_twice_as_much():
    assert fitted(0.0).high < N
    assert fitted(0.6).low > N


@functools.cache
def a_road_that_nobody_drives(told: float):
    """Ten half-lives, in which a success does all that it does but for 2^-10."""
    return changed(
        a_road_on_which_every_device_strikes(told),
        threat={"success_half_life_days": TEN_HALF_LIVES_DAYS / 10.0},
        supply={"process_rate_per_day": 0.0},
        runs={"end": "2016-11-18"},  # 140 days
    )


@functools.cache
def decisions_alone(run: int) -> int:
    """Without a success, and so whatever one would bring."""
    return len(happened(run_scenario(a_road_that_nobody_drives(EXTRA), 1, run), Kind.PLACED))


def further_decisions(told: float, run: int) -> int:
    """Decisions that one success brings: the same luck with it and without."""
    model = ConvoyModel(a_road_that_nobody_drives(told), 1, run)
    model.militants[0].succeed()
    model.run()
    return len(logged(model, Kind.PLACED)) - decisions_alone(run)


@pytest.mark.parametrize(("told", "is_right"), [(EXTRA, True), (EXTRA * 1.4, False)])
def test_a_success_brings_its_number_of_further_decisions(told, is_right):
    """Poisson with that mean, less the 2^-10 that is still to come; noticed if it is 40% off."""
    extra = [further_decisions(told, run) for run in range(N_PAIRS)]
    assert min(extra) >= 0
    assert (p_value(extra, EXTRA * (1.0 - 2.0**-10)) > FALSE_ALARM) is is_right
