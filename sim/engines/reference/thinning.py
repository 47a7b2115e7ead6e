"""Thinning: a rate that changes in time, drawn from candidates at a declared ceiling.

Candidate times depend on the key alone; each is accepted with probability rate over ceiling. So a
rate may change at any moment, and no draw moves.
"""

import math

from sim.errors import DrawError

ROUNDING = 1e-9
"""A rate that is equal to its ceiling may come out above it by so much."""


def acceptance(rate: float, ceiling: float, what: str, parameter: str) -> float:
    """Probability to accept a candidate.

    Parameters
    ----------
    rate, ceiling : float, in the same unit
    what : str
        What happens at this rate, for the error.
    parameter : str
        The parameter that raises the ceiling.

    Raises
    ------
    DrawError
        Where the rate exceeds the ceiling: candidates would be too few.

    Examples
    --------
    >>> acceptance(1.0, 4.0, "rain", "sky.ceiling")
    0.25
    """
    if rate > ceiling * (1.0 + ROUNDING):
        times = rate / ceiling
        # So many digits that even a hair above 1 shows.
        digits = max(3, 2 - math.floor(math.log10(times - 1.0)))
        raise DrawError(
            f"{what} come {times:.{digits}g} times as often as their declared ceiling allows. "
            f"Raise {parameter}."
        )
    return rate / ceiling
