"""What the picture's hazard comes to on every piece and every edge: the risk of a routing view."""

from sim.compiled import rule
from sim.rules.picture import passage_risk, risk_cost


@rule
def risk_by_edge(hazard_per_km, length_km, edge_first_segment, piece_cost, edge_cost):  # type: ignore[no-untyped-def]
    """Fill in minus ln of the probability to meet nothing on each piece and on each edge.

    Parameters
    ----------
    hazard_per_km : float64[n_segments], 1/km, >= 0
        As the picture estimates it.
    length_km : float64[n_segments], km
    edge_first_segment : int32[n_edges + 1]
        As in `sim.roads.RoadNetwork`.
    piece_cost : float64[n_segments], dimensionless
        Filled in.
    edge_cost : float64[n_edges], dimensionless
        Filled in.

    Returns
    -------
    int, always 0

    Source
    ------
    `sim/rules/picture.py`.

    Examples
    --------
    Two pieces of 10 km with 0.01 and 0.02 devices a km, on one edge:

    >>> import numpy as np
    >>> pieces, edges, first = np.zeros(2), np.zeros(1), np.array([0, 2], dtype=np.int32)
    >>> risk_by_edge(np.array([0.01, 0.02]), np.full(2, 10.0), first, pieces, edges)
    0
    >>> round(float(edges[0]), 6)
    0.3
    """
    for edge in range(len(edge_cost)):
        total = 0.0
        for piece in range(edge_first_segment[edge], edge_first_segment[edge + 1]):
            piece_cost[piece] = risk_cost(passage_risk(hazard_per_km[piece], length_km[piece]))
            total += piece_cost[piece]
        edge_cost[edge] = total
    return 0
