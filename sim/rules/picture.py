"""What the command makes of its own records: an estimate of hazard, and the risk of a road."""

import math

from sim.compiled import rule


@rule
def hazard_per_km(events_per_km, passages, prior_hazard_per_km, prior_passages):
    """Devices met per km and passage that the command expects on a piece of road.

    Events are Poisson with a rate that is Gamma distributed beforehand. The estimate is the mean
    afterwards: the prior where nobody has driven, the record where many have.

    Parameters
    ----------
    events_per_km : float, 1/km, >= 0
        Finds and strikes that are remembered, per km of road.
    passages : float, passages, >= 0
        Passages that are remembered.
    prior_hazard_per_km : float, 1/km, >= 0
        Expected where nothing is known, a passage.
    prior_passages : float, passages, > 0
        Passages that this expectation is worth.

    Returns
    -------
    float, 1/km, >= 0
        A passage.

    Source
    ------
    Gelman et al. (2013), Bayesian Data Analysis, 3rd edition, section 2.6; the prior is assumption
    16 in docs/parameters.md.

    Examples
    --------
    One event per km in 100 passages, and 100 passages' worth of expecting none:

    >>> hazard_per_km(1.0, passages=100.0, prior_hazard_per_km=0.0, prior_passages=100.0)
    0.005
    """
    return (prior_hazard_per_km * prior_passages + events_per_km) / (prior_passages + passages)


@rule
def passage_risk(hazard_per_km, length_km):
    """Probability of meeting at least one device on one passage of a piece of road.

    Parameters
    ----------
    hazard_per_km : float, 1/km, >= 0
        Devices met, a passage.
    length_km : float, km, >= 0

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    No event of a Poisson process in a length: Ross (2014), Introduction to Probability Models,
    section 5.3.

    Examples
    --------
    >>> round(passage_risk(hazard_per_km=0.01, length_km=10.0), 5)
    0.09516
    """
    return -math.expm1(-hazard_per_km * length_km)


@rule
def risk_cost(passage_risk):
    """Cost of a piece of road whose sum along a route is least where the route is safest.

    Probabilities of getting through multiply, so minus their logarithms add up, and a cheapest path
    maximises their product.

    Parameters
    ----------
    passage_risk : float, dimensionless, in [0, 1]

    Returns
    -------
    float, dimensionless, >= 0; infinite where the risk is 1

    Source
    ------
    Ahuja, Magnanti & Orlin (1993), Network Flows, chapter 4: the most reliable path.

    Examples
    --------
    Risks of 0.02, 0.03 and 0.05 in a row make 0.09693.

    >>> cost = risk_cost(0.02) + risk_cost(0.03) + risk_cost(0.05)
    >>> round(passage_risk(cost, 1.0), 5)
    0.09693
    """
    if passage_risk >= 1.0:
        return math.inf
    return -math.log1p(-passage_risk)
