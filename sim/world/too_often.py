"""What is wrong where something comes more often than its declared ceiling allows.

Candidates of what changes in time are drawn at the ceiling and thinned to the rate of the moment;
a rate beyond the ceiling would find too few of them.
"""

import math

from sim.errors import DrawError

ROUNDING = 1e-9
"""A rate that is equal to its ceiling may come out above it by so much."""


def too_often(times: float, what: str, parameter: str) -> DrawError:
    """The error about a rate that is `times` its ceiling, which `parameter` raises.

    >>> print(too_often(1.5, "strikes on alpha", "sky.ceiling"))
    strikes on alpha come 1.5 times as often as their declared ceiling allows. Raise sky.ceiling.
    """
    # So many digits that even a hair above 1 shows.
    digits = max(3, 2 - math.floor(math.log10(times - 1.0)))
    return DrawError(
        f"{what} come {times:.{digits}g} times as often as their declared ceiling allows. "
        f"Raise {parameter}."
    )
