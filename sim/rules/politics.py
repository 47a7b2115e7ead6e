"""Political progress, how it may wander, and what it leaves of the motivation to attack."""

import math

from sim.compiled import rule


@rule
def progress(day_number, days, levels, n):
    """Political progress on a day: straight between dated levels, level before and after.

    Parameters
    ----------
    day_number : float, d
        Days on the same count as `days`.
    days : float[n_levels], d
        Strictly ascending.
    levels : float[n_levels], dimensionless, in [0, 1]
        Progress on those days.
    n : int, levels, >= 1
        How many of them count.

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Share of commitments of the 2015 agreement carried out, as dated reports give it: Carter Center,
    Report of the Independent Observer (`politics.path`); straight lines assume nothing further.

    Examples
    --------
    >>> import numpy as np
    >>> days, levels = np.array([0.0, 100.0]), np.array([0.1, 0.3])
    >>> [round(float(progress(day, days, levels, 2)), 6) for day in (-5.0, 50.0, 400.0)]
    [0.1, 0.2, 0.3]
    """
    if day_number <= days[0]:
        return levels[0]
    for i in range(1, n):
        if day_number < days[i]:
            share = (day_number - days[i - 1]) / (days[i] - days[i - 1])
            return levels[i - 1] + share * (levels[i] - levels[i - 1])
    return levels[n - 1]


@rule
def walk_step(draw, standard_deviation):
    """One monthly step of the random walk of political progress.

    Uniform, of mean 0: after a few months sums of steps are near normal whatever the steps are, and
    a bounded step keeps one month from overturning everything.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    standard_deviation : float, dimensionless, >= 0

    Returns
    -------
    float, dimensionless, within sqrt(3) times the standard deviation on either side of 0

    Source
    ------
    A uniform distribution of half-width h has the standard deviation h / sqrt(3); the size is
    assumption 48 in docs/parameters.md.

    Examples
    --------
    The lowest draw and the middle one.

    >>> round(walk_step(0.0, standard_deviation=0.02), 5), walk_step(0.5, standard_deviation=0.02)
    (-0.03464, 0.0)
    """
    return (2.0 * draw - 1.0) * math.sqrt(3.0) * standard_deviation


@rule
def reflected(level):
    """A level folded back into [0, 1], as light between two mirrors.

    A free walk, folded, moves exactly as one that turns round at the ends, and a level inside the
    range is left as it is, to the last bit.

    Parameters
    ----------
    level : float, dimensionless
        Any number: the dated path plus the sum of steps.

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Reflection principle: Feller (1968), An Introduction to Probability Theory and Its Applications,
    vol. 1, chapter III.

    Examples
    --------
    >>> [round(reflected(level), 6) for level in (0.3, -0.2, 1.25, 2.1)]
    [0.3, 0.2, 0.75, 0.1]
    """
    folded = level - 2.0 * math.floor(level / 2.0)
    # A level a hair below 0 divides to 0 and would come out as it went in.
    return max(0.0, folded if folded <= 1.0 else 2.0 - folded)


@rule
def motivation(progress, reference_level, at_full_progress):
    """Motivation to attack at a level of political progress, 1 at the reference.

    A straight line through 1 at the reference and the given value at full progress: with one
    assumed number there is nothing to bend it by. Setbacks below the reference raise it above 1.

    Parameters
    ----------
    progress : float, dimensionless, in [0, 1]
    reference_level : float, dimensionless, in [0, 1]
        Progress at which motivation is 1; at full progress already, motivation is always 1.
    at_full_progress : float, dimensionless, >= 0
        Motivation at progress 1.

    Returns
    -------
    float, dimensionless, >= 0

    Source
    ------
    Assumption 11 in docs/parameters.md.

    Examples
    --------
    Half the way from 0 to full progress, where 0.5 is left.

    >>> motivation(0.5, reference_level=0.0, at_full_progress=0.5)
    0.75
    """
    if reference_level >= 1.0:
        return 1.0
    share = (progress - reference_level) / (1.0 - reference_level)
    return max(0.0, 1.0 + share * (at_full_progress - 1.0))
