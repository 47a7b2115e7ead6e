import datetime

import numpy as np
import pandas as pd
import pytest

from sim.errors import DataError
from sim.stats.dates import checked_dates

JUNE = np.array(["2016-06-29T06:00", "2016-06-30T06:00"], "datetime64[ms]")


@pytest.mark.parametrize(
    "dates",
    [
        JUNE.astype("datetime64[ns]"),
        pd.Series(JUNE),
        list(JUNE),
        [datetime.datetime(2016, 6, 29, 6), datetime.datetime(2016, 6, 30, 6)],
        pd.Series(JUNE).astype(object),
    ],
)
def test_dates_of_every_kind_are_the_same_dates(dates):
    np.testing.assert_array_equal(checked_dates(dates), JUNE)


@pytest.mark.parametrize("days", [[1, 2], np.array([1, 2], np.int16), np.array([1, 2.0], object)])
def test_numbers_stay_days(days):
    np.testing.assert_array_equal(checked_dates(days), [1.0, 2.0])


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        (3.0, r"shape \(\)"),
        (["2016-06-29"], "neither a date nor a number"),
        ([1.0, np.inf], "date of event 1 is inf"),
        (np.array([1.0, "late"], object), "neither a date nor a number"),
        (np.array([JUNE[0], "late"], object), "what is no date"),
        (np.array([datetime.date(2016, 1, 1), None], object), "date of event 1 is missing"),
    ],
)
def test_what_is_no_date_is_refused(dates, message):
    with pytest.raises(DataError, match=message):
        checked_dates(dates)
