import math

import numpy as np
import pandas as pd
import pytest

from sim.errors import DataError
from sim.stats.counts import dispersion
from sim.stats.dispersion import fano_factor, hawkes_fano, hawkes_rate, window_counts


def a_table(counts, window_days=1.0):
    """So many events in each window: int[n_runs, n_windows]."""
    rows = [
        (run, 24.0 * window_days * (window + 0.5))
        for run, of_run in enumerate(counts)
        for window, n in enumerate(of_run)
        for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=["run", "time_h"])


def test_equal_windows_have_the_sample_variance_over_the_mean():
    counts = [[1, 0, 4], [2, 2, 3]]
    found = fano_factor(a_table(counts), range(2), 0.0, 3.0, 1.0)
    assert found.value == pytest.approx(dispersion(np.ravel(counts)))
    assert (found.n_events, found.n_windows, found.n_runs) == (12, 3, 2)
    assert found.mean_per_window == pytest.approx(2.0)


def test_what_all_runs_share_is_no_clustering_about_each_window():
    """Means 1, 5 and 9 in every run; about these, variances 2, 2 and 2 over a mean of 5."""
    rising = a_table([[0, 4, 8], [2, 6, 10]])
    assert fano_factor(rising, range(2), 0.0, 3.0, 1.0, about="window").value == pytest.approx(0.4)
    assert fano_factor(rising, range(2), 0.0, 3.0, 1.0).value > 2.0


def test_an_edge_window_is_set_against_its_own_mean():
    """2 a day: expected 4, 4 and 2 in windows of 2, 2 and 1 days; (4 + 4 + 0) / 4 over 2."""
    table = pd.DataFrame({"run": 0, "time_h": 24.0 * np.array([0.5] * 2 + [3.0] * 6 + [4.5] * 2)})
    assert fano_factor(table, [0], 0.0, 5.0, 2.0, edge_windows=True).value == pytest.approx(1.0)
    assert fano_factor(table, [0], 0.0, 5.0, 2.0).value == pytest.approx(2.0)


def test_without_edge_windows_their_events_are_not_used():
    table = a_table([[1, 2, 9]])
    assert fano_factor(table, [0], 0.0, 2.9, 1.0).n_events == 3
    assert fano_factor(table, [0], 0.0, 2.9, 1.0, edge_windows=True).n_events == 12


@pytest.mark.parametrize("edge_windows", [True, False])
def test_a_span_of_whole_windows_has_no_edge_window(edge_windows):
    for n_windows in range(1, 50):
        until_day = 0.1 + n_windows * 0.1
        counts, lengths = window_counts(a_table([[0]]), [0], 0.1, until_day, 0.1, edge_windows)
        assert counts.shape == (1, n_windows)
        assert lengths == pytest.approx(0.1)


def test_an_event_on_an_edge_belongs_to_the_later_window_and_one_at_the_end_to_none():
    on_edges = {"run": [0] * 4, "time_h": [0.0, 24.0, 24.0, 48.0]}
    counts, _ = window_counts(on_edges, [0], 0.0, 2.0, 1.0)
    assert counts.tolist() == [[1, 2]]


@pytest.mark.parametrize("about", ["all", "window"])
def test_no_events_have_no_factor_and_no_bounds(about):
    found = fano_factor(a_table([[0, 0]]), range(4), 0.0, 2.0, 1.0, about=about)
    assert math.isnan(found.value)
    assert (found.low, found.high, found.n_events) == (0.0, math.inf, 0)


@pytest.mark.parametrize("counts", [[[1, 3, 0]], [[1, 3, 0], [0, 0, 0]]])
def test_events_of_one_run_alone_give_no_bounds(counts):
    found = fano_factor(a_table(counts), range(len(counts)), 0.0, 3.0, 1.0)
    assert found.value > 0.0
    assert (found.low, found.high) == (0.0, math.inf)


def test_one_run_has_no_mean_of_its_windows():
    assert math.isnan(fano_factor(a_table([[1, 3]]), [0], 0.0, 2.0, 1.0, about="window").value)


def test_an_interval_holds_its_value_and_grows_as_the_error_falls():
    table = a_table([[1, 0, 4], [2, 2, 3], [0, 5, 1], [1, 1, 1]])
    wide, narrow = (
        fano_factor(table, range(4), 0.0, 3.0, 1.0, error=error) for error in (0.01, 0.2)
    )
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_the_interval_is_that_of_the_jackknife_on_paper():
    """Two runs of one window of 1 and 3 beside two of 1 and 1: by hand, from the logarithms."""
    counts = np.array([[1, 3], [1, 1], [2, 3]])
    found = fano_factor(a_table(counts), range(3), 0.0, 2.0, 1.0)
    logs = np.log([dispersion(np.delete(counts, run, axis=0).ravel()) for run in range(3)])
    spread = math.sqrt(2.0 / 3.0 * np.square(logs - logs.mean()).sum())
    assert math.log(found.high / found.value) == pytest.approx(4.302653 * spread, rel=1e-6)
    assert math.log(found.value / found.low) == pytest.approx(4.302653 * spread, rel=1e-6)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"window_days": 0.0}, "window_days is 0.0"),
        ({"window_days": 9.0}, "at most the 2.0 days"),
        ({"until_day": 0.0}, "has no length"),
        ({"about": "trend"}, "about is 'trend'. Allowed: all, window"),
        ({"error": 1.0}, "error is 1.0"),
        ({"runs": [0]}, "run 1, which is not among runs"),
    ],
)
def test_what_cannot_be_counted_is_refused(changed, words):
    asked = {"runs": range(2), "from_day": 0.0, "until_day": 2.0, "window_days": 1.0}
    with pytest.raises(DataError, match=words):
        fano_factor(a_table([[1, 1], [1, 1]]), **(asked | changed))


def test_the_published_example_of_self_exciting_events():
    assert hawkes_rate(0.1, 0.37) == pytest.approx(0.158730, abs=5e-7)
    for days, fano in ((7.0, 1.2161), (28.0, 1.6556), (365.0, 2.4270)):
        assert hawkes_fano(0.37, 1.0 / 14.0, days) == pytest.approx(fano, abs=5e-5)


def test_theory_is_poisson_without_excitation_and_in_short_windows():
    assert hawkes_rate(0.3, 0.0) == 0.3
    assert hawkes_fano(0.0, 0.1, 30.0) == 1.0
    assert hawkes_fano(0.8, 0.1, 1e-6) == pytest.approx(1.0, abs=1e-5)
    assert hawkes_fano(0.8, 0.1, 1e9) == pytest.approx(25.0)


@pytest.mark.parametrize("branching_ratio", [1.0, -0.1, math.nan])
def test_events_that_never_settle_have_no_theory(branching_ratio):
    for theory in (
        lambda n: hawkes_rate(0.1, n),
        lambda n: hawkes_fano(n, 0.1, 7.0),
    ):
        with pytest.raises(DataError, match="branching_ratio is"):
            theory(branching_ratio)


def test_theory_needs_a_window_and_a_decay():
    for decay, days in ((0.0, 7.0), (0.1, 0.0)):
        with pytest.raises(DataError, match="both above 0"):
            hawkes_fano(0.3, decay, days)
