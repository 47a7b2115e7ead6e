"""Dates of events as estimators take them: dates of a calendar, or numbers of days."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import DataError

MILLISECONDS_PER_DAY = 86_400_000


def checked_dates(dates: ArrayLike) -> NDArray:
    """One column of dates, none missing.

    Parameters
    ----------
    dates : array_like, datetime64[n_events], dates of Python, or float[n_events] in days

    Returns
    -------
    datetime64[n_events] in milliseconds, or float[n_events] in days

    Raises
    ------
    DataError
        When it is no column, a date is missing, or it holds neither dates nor numbers.

    Examples
    --------
    >>> checked_dates(np.array(["2016-06-29", "2016-06-30"], dtype="datetime64[D]")).dtype
    dtype('<M8[ms]')
    >>> checked_dates([0, 1.5])
    array([0. , 1.5])
    """
    array = np.asarray(dates)
    if array.ndim != 1:
        raise DataError(f"dates have the shape {array.shape}. Allowed: one column.")
    if array.dtype.kind in "MO":
        # Numbers among objects would be read as milliseconds.
        is_number = any(isinstance(value, int | float) for value in array.tolist()[:1])
        if array.dtype.kind == "M" or not is_number:
            return _calendar_dates(array)
    try:
        days = array.astype(float)
    except (TypeError, ValueError) as error:
        raise DataError(
            f"dates hold {array[0]!r}, which is neither a date nor a number. Allowed: dates, as "
            "numpy.asarray(texts, dtype='datetime64[s]') makes them of texts, or numbers of days."
        ) from error
    is_missing = ~np.isfinite(days)
    if is_missing.any():
        event = int(np.flatnonzero(is_missing)[0])
        raise DataError(f"the date of event {event} is {days[event]}. Allowed: finite numbers.")
    return days


def _calendar_dates(array: NDArray) -> NDArray:
    try:
        calendar = array.astype("datetime64[ms]")
    except (TypeError, ValueError) as error:
        raise DataError(f"dates hold what is no date: {error}. Allowed: dates.") from error
    if np.isnat(calendar).any():
        event = int(np.flatnonzero(np.isnat(calendar))[0])
        raise DataError(
            f"the date of event {event} is missing. Allowed: a date for every event; leave events "
            "without one out."
        )
    return calendar
