"""How cells learn: a success makes them busier for a while, practice makes them harder to find."""

import math

from sim.compiled import rule


@rule
def excitation_per_success(extra_decisions, half_life_days):
    """What one success adds at once to the rate of a cell's decisions.

    The addition fades with its half-life, and the area under it is the mean number of decisions
    that a success brings: extra × ln 2 / H × 2^(-t / H) sums to extra.

    Parameters
    ----------
    extra_decisions : float, decisions, >= 0
        Mean number of further decisions that one success brings.
    half_life_days : float, d, > 0

    Returns
    -------
    float, 1/d, >= 0

    Source
    ------
    Hawkes (1971), Spectra of some self-exciting and mutually exciting point processes,
    Biometrika 58, with an exponential kernel; the size is calibrated
    (`threat.success_extra_decisions`), the half-life is assumption 43 in docs/parameters.md.

    Examples
    --------
    >>> round(excitation_per_success(extra_decisions=1.0, half_life_days=10.0), 6)
    0.069315
    """
    return extra_decisions * math.log(2.0) / half_life_days


@rule
def excited_rate_per_day(base_per_day, excitation_per_day, most_over_base):
    """Rate of a cell's decisions with what its successes add, at strength and motivation 1.

    Parameters
    ----------
    base_per_day : float, 1/d, >= 0
        Without any success.
    excitation_per_day : float, 1/d, >= 0
        Sum over past successes, faded to the present.
    most_over_base : float, dimensionless, >= 0
        Most that successes add, over the base rate.

    Returns
    -------
    float, 1/d, in [base, (1 + most_over_base) × base]

    Source
    ------
    Hawkes (1971), Biometrika 58; the bound is assumption 52 in docs/parameters.md.

    Examples
    --------
    >>> [excited_rate_per_day(0.5, extra, most_over_base=2.0) for extra in (0.25, 7.0)]
    [0.75, 1.5]
    """
    return base_per_day + min(excitation_per_day, most_over_base * base_per_day)


@rule
def skill_scale(practice, reference, exponent, most):
    """Scale of the probability of finding a device, by the practice of the cell that placed it.

    A progress curve: each doubling of practice cuts finds by the same share. One device is added
    to both counts, so that a cell without practice has a skill too.

    Parameters
    ----------
    practice : float, devices, >= 0
    reference : float, devices, >= 0
        Practice at which the scale is 1.
    exponent : float, dimensionless, >= 0
        b of the curve n^-b; 0 leaves 1.
    most : float, dimensionless, >= 1
        Most by which practice divides, and lack of it multiplies.

    Returns
    -------
    float, dimensionless, in [1 / most, most]

    Source
    ------
    Progress curve n^-b: Johnson et al. (2011), Pattern in escalations in insurgent and terrorist
    activity, Science 333, 81-84; its size and bound are assumption 44 in docs/parameters.md.

    Examples
    --------
    Four times the practice at b = 0.5 halves what is found.

    >>> round(skill_scale(practice=43.0, reference=10.0, exponent=0.5, most=4.0), 6)
    0.5
    """
    scale = math.exp(exponent * (math.log1p(reference) - math.log1p(practice)))
    return min(most, max(1.0 / most, scale))
