"""The chance that an interval misses what it is about, which whoever asks for one may choose."""

from sim.errors import DataError


def check_error(error: float) -> None:
    """Refuse a chance of missing that is none.

    Raises
    ------
    DataError
        When it is not between 0 and 1, both left out.

    Examples
    --------
    >>> check_error(0.05)
    """
    if not 0.0 < error < 1.0:
        raise DataError(
            f"error is {error}: it is the chance that an interval misses. "
            "Allowed: above 0 and below 1; 0.05 gives intervals of 95%."
        )
