"""Sums in one order, from the first to the last, so that every engine adds up to the same bit.

numpy and Python's own `sum` add in an order, and with corrections, that change with their versions.
"""

from sim.compiled import rule


@rule
def weighted_sum(values, weights):  # type: ignore[no-untyped-def]
    """Sum of the products of two arrays.

    Parameters
    ----------
    values, weights : float64[n], any units

    Returns
    -------
    float, in the product of the units

    Source
    ------
    Arithmetic.

    Examples
    --------
    >>> import numpy as np
    >>> weighted_sum(np.array([2.0, 3.0]), np.array([10.0, 100.0]))
    320.0
    """
    total = 0.0
    for place in range(len(values)):
        total += values[place] * weights[place]
    return total


@rule
def add_up_parts(values, first, totals):  # type: ignore[no-untyped-def]
    """Fill in the sums of consecutive stretches of an array.

    Parameters
    ----------
    values : float64[n_values], any unit
    first : int32[n_stretches + 1]
        Where each stretch begins, and where the last ends.
    totals : float64[n_stretches], in that unit
        Filled in.

    Returns
    -------
    int, always 0

    Source
    ------
    Arithmetic.

    Examples
    --------
    >>> import numpy as np
    >>> totals, first = np.zeros(2), np.array([0, 1, 3], dtype=np.int32)
    >>> add_up_parts(np.array([5.0, 1.0, 2.0]), first, totals), totals.tolist()
    (0, [5.0, 3.0])
    """
    for stretch in range(len(totals)):
        total = 0.0
        for place in range(first[stretch], first[stretch + 1]):
            total += values[place]
        totals[stretch] = total
    return 0
