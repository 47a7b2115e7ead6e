"""What counter-IED training changes, how it fades, and what a course gives."""

import math

from sim.compiled import rule


@rule
def trained_find_probability(find_probability, level, reference_level, trained_miss_ratio):
    """Probability of finding a device first, at a unit's level of training.

    Training acts on misses: every step of level multiplies the share of devices missed by the same
    factor, so nobody is trained to certainty and the given probability holds at the reference.

    Parameters
    ----------
    find_probability : float, dimensionless, in [0, 1]
        At the reference level.
    level : float, dimensionless, in [0, 1]
        Level of the unit.
    reference_level : float, dimensionless, in [0, 1]
    trained_miss_ratio : float, dimensionless, in (0, 1]
        Devices missed at level 1 over devices missed at level 0.

    Returns
    -------
    float, dimensionless, in [0, 1]; 0 where a level below the reference would miss more than all

    Source
    ------
    Misses of 31% before and 18% after training, a ratio of 0.58 (`training.trained_miss_ratio`);
    the levels are assumption 6 in docs/parameters.md.

    Examples
    --------
    One full step of level with a ratio of 0.58: misses fall from 0.5 to 0.29.

    >>> round(trained_find_probability(0.5, level=1.0, reference_level=0.0,
    ...                                trained_miss_ratio=0.58), 3)
    0.71
    """
    miss_factor = math.exp((level - reference_level) * math.log(trained_miss_ratio))
    return max(0.0, 1.0 - (1.0 - find_probability) * miss_factor)


@rule
def trained_ratio(level, reference_level, ratio):
    """Factor on a probability at a unit's level of training, 1 at the reference level.

    The same law as for devices missed: every step of level multiplies by the same factor, so half
    the training brings the square root of the whole, and a ratio of 1 switches the effect off. It
    serves discipline (setting a device off) and casualty care (dying of wounds). Below the
    reference the factor is above 1: whoever multiplies a probability by it caps the result at 1.

    Parameters
    ----------
    level : float, dimensionless, in [0, 1]
        Level of the unit.
    reference_level : float, dimensionless, in [0, 1]
        Level at which the probability holds as given.
    ratio : float, dimensionless, in (0, 1]
        Probability at level 1 over that at level 0.

    Returns
    -------
    float, dimensionless, > 0; exactly 1 where `ratio` is 1

    Source
    ------
    The form of `trained_find_probability`; no source measures these two effects, so their sizes
    are assumption 46 in docs/parameters.md.

    Examples
    --------
    Half a step above the reference with a ratio of 0.81: the square root of it.

    >>> round(trained_ratio(level=0.75, reference_level=0.25, ratio=0.81), 9)
    0.9
    """
    return math.exp((level - reference_level) * math.log(ratio))


@rule
def faded_level(level, elapsed_days, half_life_days):
    """Level of training that is left after a time without courses.

    Skill that is not used is lost fast at first and slower later; a half-life is the simplest law
    that does so, and it needs no memory of when the level was gained.

    Parameters
    ----------
    level : float, dimensionless, in [0, 1]
        Level at the beginning.
    elapsed_days : float, d, >= 0
    half_life_days : float, d, > 0

    Returns
    -------
    float, dimensionless, in [0, level]

    Source
    ------
    Arthur, Bennett, Stanush & McNelly (1998), Human Performance 11, on the decay of skills that are
    not used; the half-life is assumption 7 in docs/parameters.md.

    Examples
    --------
    >>> round(faded_level(0.8, elapsed_days=730.0, half_life_days=730.0), 6)
    0.4
    """
    return level * math.exp(-math.log(2.0) * elapsed_days / half_life_days)


@rule
def level_after_course(level, course_gain):
    """Level of training at the end of a course.

    A course closes a share of the gap to full training, so those who know least gain most and
    nobody is trained beyond the top.

    Parameters
    ----------
    level : float, dimensionless, in [0, 1]
        Level as the course ends, faded until then.
    course_gain : float, dimensionless, in [0, 1]
        Share of the gap that it closes.

    Returns
    -------
    float, dimensionless, in [level, 1]

    Source
    ------
    Diminishing returns as the simplest learning curve, the linear operator of Bush & Mosteller
    (1955), Stochastic Models for Learning; the share is assumption 47 in docs/parameters.md.

    Examples
    --------
    Half of the gap between 0.2 and 1 is 0.4.

    >>> round(level_after_course(0.2, course_gain=0.5), 6)
    0.6
    """
    return min(1.0, level + course_gain * (1.0 - level))
