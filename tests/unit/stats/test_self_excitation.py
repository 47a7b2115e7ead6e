import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize

from sim.errors import DataError
from sim.stats.self_excitation import _Series, self_excitation

TIMES = [1.0, 2.5, 2.6, 7.0, 7.2, 7.3, 15.0, 21.0, 21.4, 29.0]


def a_table(*runs_days):
    rows = [(run, 24.0 * day) for run, days in enumerate(runs_days) for day in days]
    return pd.DataFrame(rows, columns=["run", "time_h"])


def log_likelihood_written_out(runs_days, from_day, until_day, rates, starts, n, beta):
    """Every event against every earlier one, and the intensity's integral term by term."""
    ends = [*starts[1:], until_day]
    total = 0.0
    for days in runs_days:
        total -= sum(r * (end - s) for r, s, end in zip(rates, starts, ends, strict=True))
        for day in days:
            begins = max(day, from_day)
            total -= n * (math.exp(-beta * (begins - day)) - math.exp(-beta * (until_day - day)))
            if day >= from_day:
                rate = rates[max(k for k, start in enumerate(starts) if start <= day)]
                excited = sum(math.exp(-beta * (day - past)) for past in days if past < day)
                total += math.log(rate + n * beta * excited)
    return total


def test_the_likelihood_is_the_one_written_out():
    """Two runs, history, two pieces, two events of one moment and one at the edge of a piece."""
    runs_days = [TIMES, [0.5, 6.0, 6.0, 6.5, 18.0, 20.0]]
    series = _Series([np.array(d) for d in runs_days], np.array([5.0, 18.0, 30.0]), np.array([0.7]))
    rates = np.array([0.1, 0.3])
    found = series.log_likelihood(rates, 0.4, 0.7)
    on_paper = log_likelihood_written_out(runs_days, 5.0, 30.0, rates, [5.0, 18.0], 0.4, 0.7)
    assert found == pytest.approx(on_paper, rel=1e-12)


def test_no_other_values_are_likelier():
    """A general search from ten places finds nothing better than the search made for it."""
    found = self_excitation(a_table(TIMES), [0], 0.0, 30.0, baseline_from_days=[0.0, 10.0])
    rng = np.random.default_rng(3)

    def less_likely(logs):
        *rates, n, beta = np.exp(logs)
        return -log_likelihood_written_out([TIMES], 0.0, 30.0, rates, [0.0, 10.0], n, beta)

    limits = [(-9.0, 3.0)] * 3 + [(math.log(1.0 / 90.0), math.log(2.0))]
    best = min(
        minimize(less_likely, rng.uniform(-3.0, 0.5, 4), bounds=limits).fun for _ in range(10)
    )
    assert found.log_likelihood == pytest.approx(-best, abs=1e-5)
    assert found.log_likelihood >= -best - 1e-9


def test_without_excitation_the_base_rate_is_events_over_days():
    """Events that keep their distance: 10 in 100 days of two runs, and none in the last 50."""
    days = [5.0, 15.0, 25.0, 35.0, 45.0]
    found = self_excitation(
        a_table(days, days), range(2), 0.0, 100.0, baseline_from_days=[0.0, 50.0]
    )
    assert found.branching_ratio == 0.0
    assert math.isnan(found.decay_per_day)
    assert found.base_rate_per_day.tolist() == [0.1, 0.0]
    assert found.log_likelihood == pytest.approx(10.0 * math.log(0.1) - 10.0)
    assert found.likelihood_ratio == pytest.approx(0.0)
    assert found.p_value == 1.0
    assert found.low == 0.0 < found.high < 1.0


def test_the_expected_number_of_events_is_that_of_the_events():
    """At the highest likelihood the integral of the intensity is the number of events."""
    found = self_excitation(a_table(TIMES), [0], 0.0, 30.0)
    brought = sum(1.0 - math.exp(-found.decay_per_day * (30.0 - day)) for day in TIMES)
    expected = 30.0 * found.base_rate_per_day[0] + found.branching_ratio * brought
    assert expected == pytest.approx(len(TIMES), rel=1e-6)


def test_at_the_ends_of_the_interval_the_likelihood_has_fallen_by_half_a_quantile():
    asked = {"from_day": 0.0, "until_day": 30.0, "decay_range_per_day": (1.0, 1.0)}
    found = self_excitation(a_table(*[TIMES] * 8), range(8), **asked)
    series = _Series([np.array(TIMES)] * 8, np.array([0.0, 30.0]), np.array([1.0]))
    assert found.low > 0.0
    for end in (found.low, found.high):
        fallen = found.log_likelihood - series.at(end, 1.0).log_likelihood
        assert fallen == pytest.approx(3.841459 / 2.0, abs=2e-3)


def test_with_a_known_decay_the_chance_is_that_of_half_a_chi_squared():
    found = self_excitation(a_table(TIMES), [0], 0.0, 30.0, decay_range_per_day=(1.0, 1.0))
    root = math.sqrt(found.likelihood_ratio)
    assert found.p_value == pytest.approx(0.5 * math.erfc(root / math.sqrt(2.0)))
    assert not found.is_decay_at_limit


def test_a_search_over_decays_costs_davies_bound():
    """Phi(-root) and the ways of the score over the decays, times exp(-ratio / 2) / sqrt(8 pi)."""
    decays = (0.5, 0.65)  # one step of the grid, so that two scores are all there are
    found = self_excitation(a_table(TIMES), [0], 0.0, 30.0, decay_range_per_day=decays)
    series = _Series([np.array(TIMES)], np.array([0.0, 30.0]), np.array(decays))
    ratio = found.likelihood_ratio
    way = abs(series.score(0.65) - series.score(0.5))
    bound = way * math.exp(-ratio / 2.0) / math.sqrt(8.0 * math.pi)
    assert bound > 1e-3
    known = 0.5 * math.erfc(math.sqrt(ratio / 2.0))
    assert found.p_value == pytest.approx(known + bound, rel=1e-9)


def test_the_score_is_the_slope_over_the_root_of_the_curvature():
    """By differences of the highest likelihood with two pieces, near no excitation."""
    series = _Series([np.array(TIMES)] * 2, np.array([0.0, 10.0, 30.0]), np.array([0.8]))
    step = 1e-4
    at_0, at_1, at_2 = (series.at(k * step, 0.8).log_likelihood for k in range(3))
    slope = (4.0 * at_1 - at_2 - 3.0 * at_0) / (2.0 * step)
    curvature = -(at_0 - 2.0 * at_1 + at_2) / step**2
    assert series.score(0.8) == pytest.approx(slope / math.sqrt(curvature), rel=5e-3)


def test_runs_are_pooled_and_never_excite_each_other():
    """Two runs whose events fall on the same moments are twice the evidence, not clusters."""
    one = self_excitation(a_table(TIMES), [0], 0.0, 30.0)
    two = self_excitation(a_table(TIMES, TIMES), range(2), 0.0, 30.0)
    assert two.branching_ratio == pytest.approx(one.branching_ratio, abs=1e-4)
    assert two.base_rate_per_day == pytest.approx(one.base_rate_per_day, rel=1e-3)
    assert two.log_likelihood == pytest.approx(2.0 * one.log_likelihood, rel=1e-6)
    assert two.high - two.low < one.high - one.low


def test_rows_in_another_order_change_nothing():
    table = a_table(TIMES, TIMES[3:])
    one = self_excitation(table, range(2), 0.0, 30.0)
    other = self_excitation(table.iloc[::-1], range(2), 0.0, 30.0)
    assert one.log_likelihood == other.log_likelihood
    assert one.branching_ratio == other.branching_ratio


def test_events_of_one_moment_do_not_excite_each_other():
    """Five pairs ten days apart would otherwise be explained the better the faster they fade."""
    pairs = [day for day in (5.0, 15.0, 25.0, 35.0, 45.0) for _ in range(2)]
    assert self_excitation(a_table(pairs), [0], 0.0, 50.0).branching_ratio == 0.0


def test_events_after_the_end_are_left_out_and_those_before_the_beginning_explain():
    table = a_table([9.8, 10.1, 10.3, 14.0, 99.0])
    with_history = self_excitation(table, [0], 10.0, 20.0)
    without = self_excitation(table[table["time_h"] > 240.0], [0], 10.0, 20.0)
    assert with_history.n_events == without.n_events == 3
    assert with_history.likelihood_ratio > without.likelihood_ratio


@pytest.mark.parametrize("days", [[], [3.0]])
def test_fewer_than_two_events_say_nothing(days):
    found = self_excitation(a_table(days), [0], 0.0, 10.0)
    assert math.isnan(found.branching_ratio)
    assert math.isnan(found.decay_per_day)
    assert (found.low, found.high, found.p_value) == (0.0, math.inf, 1.0)
    assert found.base_rate_per_day.tolist() == [len(days) / 10.0]


def test_the_result_says_how_a_trend_was_kept_apart():
    constant = self_excitation(a_table(TIMES), [0], 0.0, 30.0)
    assert constant.detrending == "none: the baseline is constant"
    assert constant.baseline_from_days.tolist() == [0.0]
    pieces = self_excitation(a_table(TIMES), [0], 0.0, 30.0, baseline_from_days=[0.0, 9.0, 20.0])
    assert pieces.detrending == "the baseline is constant in each of 3 pieces"
    assert pieces.baseline_from_days.tolist() == [0.0, 9.0, 20.0]
    assert len(pieces.base_rate_per_day) == 3
    assert pieces.log_likelihood_of_baseline > constant.log_likelihood_of_baseline


def test_a_burst_too_long_for_the_range_is_marked():
    in_the_second_half = np.linspace(200.0, 399.0, 80)
    found = self_excitation(
        a_table(in_the_second_half), [0], 0.0, 400.0, decay_range_per_day=(0.05, 2.0)
    )
    assert found.is_decay_at_limit
    assert found.decay_per_day == pytest.approx(0.05, rel=0.01)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"baseline_from_days": []}, "baseline_from_days is"),
        ({"baseline_from_days": [1.0]}, "the first of them from_day, 0.0"),
        ({"baseline_from_days": [0.0, 9.0, 9.0]}, "rising days"),
        ({"baseline_from_days": [0.0, 30.0]}, "the last before until_day, 30.0"),
        ({"decay_range_per_day": (0.0, 1.0)}, "two rates above 0"),
        ({"decay_range_per_day": (2.0, 1.0)}, "the lower first"),
        ({"until_day": -1.0}, "has no length"),
        ({"error": 0.0}, "error is 0.0"),
        ({"runs": [5]}, "run 0, which is not among runs"),
    ],
)
def test_what_cannot_be_fitted_is_refused(changed, words):
    asked = {"runs": [0], "from_day": 0.0, "until_day": 30.0}
    with pytest.raises(DataError, match=words):
        self_excitation(a_table(TIMES), **(asked | changed))


def test_without_an_interval_all_else_is_the_same():
    whole, part = (
        self_excitation(a_table(TIMES), [0], 0.0, 30.0, with_interval=asked)
        for asked in (True, False)
    )
    assert (part.low, part.high) == (0.0, math.inf)
    assert (part.branching_ratio, part.p_value) == (whole.branching_ratio, whole.p_value)
