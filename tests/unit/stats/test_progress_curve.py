import datetime

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.errors import DataError
from sim.stats.progress_curve import (
    fatal_days,
    fit_progress_curve,
    progress_curve,
    progress_days,
    progress_interval_days,
)


def test_the_curve_has_the_known_second_and_tenth_interval():
    found = progress_interval_days([1, 2, 10], first_interval_days=60.0, slope=0.8)
    np.testing.assert_allclose(found, [60.0, 34.461, 9.509], atol=5e-4)


def test_the_first_ten_intervals_add_up_to_the_known_sum():
    assert progress_days(10, 60.0, 0.8) == pytest.approx(213.907, abs=5e-4)


def test_sums_grow_by_one_interval_at_a_time():
    sums = [progress_days(n, 60.0, 0.8) for n in range(30)]
    assert sums[0] == 0.0
    np.testing.assert_allclose(
        np.diff(sums), progress_interval_days(np.arange(1, 30), 60.0, 0.8), rtol=1e-9
    )


@pytest.mark.parametrize("slope", [-0.5, 0.0, 0.8, 1.7])
def test_exact_intervals_give_their_slope_back_with_no_doubt(slope):
    curve = fit_progress_curve(progress_interval_days(np.arange(1, 21), 60.0, slope))
    assert curve.slope == pytest.approx(slope, abs=1e-12)
    assert curve.slope_low == pytest.approx(slope, abs=1e-9)
    assert curve.slope_high == pytest.approx(slope, abs=1e-9)
    assert curve.first_interval_days == pytest.approx(60.0)
    assert curve.n_intervals == 20


def test_the_interval_is_that_of_a_linear_regression():
    intervals = [41.0, 33.0, 12.0, 30.0, 9.0, 14.0, 8.0]
    line = stats.linregress(np.log(np.arange(1, 8)), np.log(intervals))
    curve = fit_progress_curve(intervals, error=0.1)
    reach, level_reach = (stats.t.ppf(0.95, 5) * e for e in (line.stderr, line.intercept_stderr))
    assert curve.slope == pytest.approx(-line.slope)
    assert [curve.slope_low, curve.slope_high] == pytest.approx(
        [-line.slope - reach, -line.slope + reach]
    )
    assert np.log([curve.first_interval_low_days, curve.first_interval_high_days]).tolist() == (
        pytest.approx([line.intercept - level_reach, line.intercept + level_reach])
    )


def test_a_longer_unit_of_time_changes_the_first_interval_alone():
    intervals = np.array([41.0, 33.0, 12.0, 30.0, 9.0])
    days, weeks = fit_progress_curve(intervals), fit_progress_curve(intervals / 7.0)
    assert weeks.slope == pytest.approx(days.slope)
    assert weeks.first_interval_days == pytest.approx(days.first_interval_days / 7.0)


def test_events_on_one_day_are_one_fatal_day():
    assert fatal_days([3.1, 3.9, 0.5, 7.0, 3.0]).tolist() == [0, 3, 7]


def test_midnight_parts_days_and_an_hour_does_not():
    dates = np.array(["2016-06-29T23:59", "2016-06-30T00:01", "2016-06-30T23:59"], "datetime64[ms]")
    assert np.diff(fatal_days(dates)).tolist() == [1]


def test_days_on_which_nobody_was_killed_are_left_out():
    assert fatal_days([1, 2, 3, 3], killed=[1, 0, 0, 2]).tolist() == [1, 3]


def test_columns_of_an_event_table_can_be_handed_over():
    table = pd.DataFrame(
        {
            "date": pd.to_datetime(
                ["2016-01-01T05", "2016-01-09T00", "2016-01-13T09", "2016-01-17T23"]
            ),
            "killed": np.array([1, 2, 1, 4], dtype=np.int16),
        }
    )
    assert progress_curve(table["date"], table["killed"]) == fit_progress_curve([8, 4, 4])
    as_objects = [stamp.date() for stamp in table["date"]]
    assert progress_curve(as_objects) == fit_progress_curve([8, 4, 4])


def test_days_before_1970_are_days_too():
    assert np.diff(fatal_days([datetime.date(1969, 12, 30), datetime.date(1970, 1, 2)])) == [3]


@pytest.mark.parametrize(
    ("intervals", "message"),
    [
        ([8, 0, 4], "interval 2 is 0 days"),
        ([8, 4, -1], "interval 3 is -1 days"),
        ([np.nan, 4, 1], "interval 1 is nan days"),
        ([8, 4], r"shape \(2,\)"),
        ([[8, 4, 2]], r"shape \(1, 3\)"),
    ],
)
def test_intervals_that_have_no_logarithm_or_are_too_few_are_refused(intervals, message):
    with pytest.raises(DataError, match=message):
        fit_progress_curve(intervals)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fit_progress_curve([3, 2, 1], error=0.0), "error is 0.0"),
        (lambda: progress_curve([1, 2, 2.5, 3]), "there are 3 fatal days"),
        (lambda: fatal_days(["soon"]), "neither a date nor a number"),
        (lambda: fatal_days(np.array([None, "soon"], object)), "no date"),
        (lambda: fatal_days([[1.0, 2.0]]), r"shape \(1, 2\)"),
        (lambda: fatal_days([1.0, np.nan]), "date of event 1 is nan"),
        (lambda: fatal_days(np.array(["NaT"], "datetime64[D]")), "date of event 0 is missing"),
        (lambda: fatal_days([1.0, 2.0], killed=[1]), r"killed has the shape \(1,\) for 2 events"),
        (lambda: fatal_days([1.0], killed=[-1]), "below 0"),
        (lambda: progress_interval_days(0, 60.0, 0.8), "n is 0"),
        (lambda: progress_interval_days(1, 0.0, 0.8), "first_interval_days is 0.0"),
        (lambda: progress_days(-1, 60.0, 0.8), "n is -1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_value(call, message):
    with pytest.raises(DataError, match=message):
        call()
