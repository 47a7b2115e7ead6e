"""Whether a cell that lost people slips away to a refuge."""

import math

from sim.compiled import rule


@rule
def flight_probability(at_the_door, border_control, distance_km, scale_km):
    """Probability that a cell slips to the nearest refuge after a loss.

    Parameters
    ----------
    at_the_door : float, dimensionless, in [0, 1]
        With a refuge at its home and open borders.
    border_control : float, dimensionless, in [0, 1]
        Share of ways to a refuge that are closed.
    distance_km : float, km, >= 0
        In a straight line to the nearest refuge; infinite where there is none.
    scale_km : float, km, > 0
        Distance at which 37% is left.

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    That sanctuary across a border prolongs insurgencies: Salehyan (2007), Transnational rebels,
    World Politics 59; form and values are assumption 37 in docs/parameters.md.

    Examples
    --------
    >>> round(flight_probability(0.5, border_control=0.2, distance_km=200.0, scale_km=200.0), 4)
    0.1472
    """
    return at_the_door * (1.0 - border_control) * math.exp(-distance_km / scale_km)
