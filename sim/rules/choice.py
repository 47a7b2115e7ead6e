"""One of many, by weight."""

from sim.compiled import rule


@rule
def chosen_option(draw, weights, first, n):
    """Which of a row of options is chosen, with chances in proportion to their weights.

    Where all weights are 0 nothing speaks for one option rather than another, and all are alike.
    With equal whole weights the choice is the same, bit for bit, as the whole part of draw times n.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    weights : float[n_weights], any unit, >= 0
    first : int, options, >= 0
        Where the row begins among the weights.
    n : int, options, > 0
        How many options the row has.

    Returns
    -------
    int, in [0, n), counted from the first of the row

    Source
    ------
    Inversion by sequential search, Devroye (1986), section III.2.

    Examples
    --------
    >>> import numpy as np
    >>> weights = np.array([9.0, 1.0, 3.0])
    >>> [chosen_option(draw, weights, 1, 2) for draw in (0.0, 0.24, 0.25, 0.99)]
    [0, 0, 1, 1]
    >>> chosen_option(0.5, np.zeros(2), 0, 2)
    1
    """
    total = 0.0
    for option in range(n):
        total += weights[first + option]
    if total <= 0.0:
        return min(int(draw * n), n - 1)
    threshold = draw * total
    cumulative = 0.0
    for option in range(n):
        cumulative += weights[first + option]
        if threshold < cumulative:
            return option
    return n - 1
