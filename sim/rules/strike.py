"""What a strike does to the people in the vehicle: harm at all, killed, wounded."""

from sim.compiled import rule


@rule
def harm_probability(mean_probability, is_protected, unprotected_ratio, reference_protected_share):
    """Probability that a strike reaches the people in the vehicle it hits.

    Protection divides the probability; both classes are scaled so that a fleet with the reference
    share of protected vehicles keeps the mean that was observed. Where the unprotected class would
    pass 1 it is cut there, and the mean then falls short of the one given.

    Parameters
    ----------
    mean_probability : float, dimensionless, in [0, 1]
        Over a fleet with the reference share.
    is_protected : bool
        Whether the vehicle is mine-protected.
    unprotected_ratio : float, dimensionless, >= 1
        Probability in an unprotected vehicle over that in a protected one.
    reference_protected_share : float, dimensionless, in [0, 1]

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Level: 103 killed and 638 injured in 548 attacks, S/2023/36. Ratio: about 80% against 15% of
    attacks killed an occupant in another theatre (`threat.unprotected_harm_ratio`).

    Examples
    --------
    Half of the fleet protected, ratio 3: 0.1 and 0.3 have the mean 0.2.

    >>> round(harm_probability(0.2, True, unprotected_ratio=3.0,
    ...                        reference_protected_share=0.5), 6)
    0.1
    >>> round(harm_probability(0.2, False, unprotected_ratio=3.0,
    ...                        reference_protected_share=0.5), 6)
    0.3
    """
    protected = mean_probability / (
        reference_protected_share + (1.0 - reference_protected_share) * unprotected_ratio
    )
    if is_protected:
        return protected
    return min(1.0, protected * unprotected_ratio)


@rule
def n_killed(draw, n_occupants, alpha, beta):
    """Number of occupants killed, where a strike has reached them.

    All occupants share one severity, which is Beta distributed; given it they die independently. So
    deaths come together: most strikes kill nobody and a few kill nearly all. The beta-binomial is
    inverted term by term, each from the one before, without gamma functions.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    n_occupants : int, persons, in [0, 100]
    alpha : float, dimensionless, > 0
        First shape of the severity.
    beta : float, dimensionless, > 0
        Second shape; the mean share killed is alpha / (alpha + beta).

    Returns
    -------
    int, persons, in [0, n_occupants]

    Source
    ------
    Skellam (1948), Journal of the Royal Statistical Society B 10, 257-261: the beta-binomial.

    Examples
    --------
    With both shapes 1 every number from 0 to 2 has probability 1/3.

    >>> [n_killed(draw, 2, alpha=1.0, beta=1.0) for draw in (0.33, 0.34, 0.66, 0.67)]
    [0, 1, 1, 2]
    """
    term = 1.0
    for i in range(n_occupants):
        term *= (beta + i) / (alpha + beta + i)
    cumulative = term
    for killed in range(n_occupants):
        if draw < cumulative:
            return killed
        left = n_occupants - killed
        term *= left * (alpha + killed) / ((killed + 1.0) * (beta + left - 1.0))
        cumulative += term
    return n_occupants


@rule
def n_wounded(draw, n_survivors, wounded_share):
    """Number of survivors wounded, where a strike has reached them.

    Survivors are wounded independently, each with the same probability; the binomial is inverted
    term by term, each from the one before.

    Parameters
    ----------
    draw : float, dimensionless, in [0, 1)
    n_survivors : int, persons, in [0, 100]
    wounded_share : float, dimensionless, in [0, 1]

    Returns
    -------
    int, persons, in [0, n_survivors]

    Source
    ------
    Kachitvichyanukul & Schmeiser (1988), Communications of the ACM 31, algorithm BINV.

    Examples
    --------
    Of two survivors, none is wounded in 1/4 of cases, one in 1/2, both in 1/4.

    >>> [n_wounded(draw, 2, wounded_share=0.5) for draw in (0.24, 0.25, 0.74, 0.75)]
    [0, 1, 1, 2]
    """
    if wounded_share >= 1.0:
        return n_survivors
    if wounded_share <= 0.0:
        return 0
    term = 1.0
    for _ in range(n_survivors):
        term *= 1.0 - wounded_share
    cumulative = term
    odds = wounded_share / (1.0 - wounded_share)
    for wounded in range(n_survivors):
        if draw < cumulative:
            return wounded
        term *= odds * (n_survivors - wounded) / (wounded + 1.0)
        cumulative += term
    return n_survivors
