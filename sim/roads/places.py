"""A place between two junctions as a junction of its own: roads as they look from there."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule


class Place(NamedTuple):
    """Roads cut in two at a place: the arrays of a `RoadNetwork` with one junction and edge more.

    The place is the last junction. The edge on which it lies keeps its number for the part up to
    its first end, and the last edge is the part up to its second end.
    """

    edge_from: NDArray[np.int32]
    adjacency_start: NDArray[np.int32]
    adjacency_edge: NDArray[np.int32]
    adjacency_junction: NDArray[np.int32]


@rule
def cut_edge(edge_from, adjacency_start, adjacency_edge, adjacency_junction, edge):  # type: ignore[no-untyped-def]
    """Put a junction on an edge.

    Parameters
    ----------
    edge_from : int32[n_edges]
    adjacency_start : int32[n_junctions + 1]
    adjacency_edge, adjacency_junction : int32[2 * n_edges]
        As in `RoadNetwork`.
    edge : int
        The edge that is cut.

    Returns
    -------
    edge_from int32[n_edges + 1], adjacency_start int32[n_junctions + 2], adjacency_edge,
    adjacency_junction int32[2 * n_edges + 2]
        As in `Place`. Neighbours keep their order, and those of the place stand as its edge ran.

    Source
    ------
    Bookkeeping.

    Examples
    --------
    One edge between junctions 0 and 1 becomes 0-2 (edge 0) and 2-1 (edge 1):

    >>> import numpy as np
    >>> start, edge = np.array([0, 1, 2], dtype=np.int32), np.zeros(2, dtype=np.int32)
    >>> there = np.array([1, 0], dtype=np.int32)
    >>> first, start, edge, there = cut_edge(np.zeros(1, dtype=np.int32), start, edge, there, 0)
    >>> first.tolist(), start.tolist(), edge.tolist(), there.tolist()
    ([0, 2], [0, 1, 2, 4], [0, 1, 0, 1], [2, 2, 0, 1])
    """
    n_junctions = len(adjacency_start) - 1
    n_edges = len(edge_from)
    new_from = np.empty(n_edges + 1, dtype=np.int32)
    new_start = np.empty(n_junctions + 2, dtype=np.int32)
    new_edge = np.empty(2 * n_edges + 2, dtype=np.int32)
    new_junction = np.empty(2 * n_edges + 2, dtype=np.int32)
    for number in range(n_edges):
        new_from[number] = edge_from[number]
    new_from[n_edges] = n_junctions
    other_end = -1
    for here in range(n_junctions):
        new_start[here] = adjacency_start[here]
        for k in range(adjacency_start[here], adjacency_start[here + 1]):
            new_edge[k] = adjacency_edge[k]
            new_junction[k] = adjacency_junction[k]
            if adjacency_edge[k] == edge:
                new_junction[k] = n_junctions
                if here != edge_from[edge]:
                    new_edge[k] = n_edges
                    other_end = here
    new_start[n_junctions] = 2 * n_edges
    new_start[n_junctions + 1] = 2 * n_edges + 2
    new_edge[2 * n_edges] = edge
    new_junction[2 * n_edges] = edge_from[edge]
    new_edge[2 * n_edges + 1] = n_edges
    new_junction[2 * n_edges + 1] = other_end
    return new_from, new_start, new_edge, new_junction


@rule
def cut_value(edge_value, segment_value, edge_first_segment, edge, segment, share):  # type: ignore[no-untyped-def]
    """Values by edge for roads that were cut: what lies on either side of the place.

    Parameters
    ----------
    edge_value : float64[n_edges], any unit
        Sums over the pieces of each edge.
    segment_value : float64[n_segments], the same unit
        Of which each piece has its part, spread evenly over its length.
    edge_first_segment : int32[n_edges + 1]
        As in `RoadNetwork`.
    edge, segment : int
        Edge and piece on which the place lies.
    share : float, dimensionless, in [0, 1]
        How much of the piece lies before the place, from the first end of the edge.

    Returns
    -------
    float64[n_edges + 1]

    Source
    ------
    Bookkeeping.

    Examples
    --------
    An edge of two pieces that take 2 h each, cut in the middle of the second:

    >>> import numpy as np
    >>> first = np.array([0, 2], dtype=np.int32)
    >>> cut_value(np.array([4.0]), np.array([2.0, 2.0]), first, 0, 1, 0.5).tolist()
    [3.0, 1.0]
    """
    n_edges = len(edge_value)
    values = np.empty(n_edges + 1)
    for number in range(n_edges):
        values[number] = edge_value[number]
    before = share * segment_value[segment]
    for piece in range(edge_first_segment[edge], segment):
        before += segment_value[piece]
    after = (1.0 - share) * segment_value[segment]
    for piece in range(segment + 1, edge_first_segment[edge + 1]):
        after += segment_value[piece]
    values[edge] = before
    values[n_edges] = after
    return values
