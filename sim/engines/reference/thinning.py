"""Thinning: a rate that changes in time, drawn from candidates at a declared ceiling.

Candidate times depend on the key alone; each is accepted with probability rate over ceiling. So a
rate may change at any moment, and no draw moves.
"""

from sim.world.too_often import ROUNDING, too_often


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
        raise too_often(rate / ceiling, what, parameter)
    return rate / ceiling
