"""Loops: ways out of a camp that come back by another road, for patrols."""

import numpy as np

from sim.roads.network import RoadNetwork
from sim.roads.paths import Path, path_tree, shortest_path


def loops_from(network: RoadNetwork, junction: int, longest_km: float) -> list[Path]:
    """For each road out of a junction, the shortest loop that leaves by it and not back along it.

    Parameters
    ----------
    network : RoadNetwork
    junction : int
        Number of the junction where the loops start and end.
    longest_km : float, km, > 0
        Longer loops are left out.

    Returns
    -------
    list of Path
        Length in km, edges and directions, in the order of the neighbours; a loop found from both
        of its ends comes twice, once in each direction.

    Examples
    --------
    >>> from sim.roads.network import load_network
    >>> network = load_network("toy_triangle")
    >>> west = network.junction_index["west"]
    >>> [loop.cost for loop in loops_from(network, west, longest_km=200.0)]
    [121.0, 121.0]
    >>> loops_from(network, west, longest_km=120.0)
    []

    Notes
    -----
    The loop that leaves by an edge is that edge and the shortest way back without it (Itai and
    Rodeh 1978, Finding a minimum circuit in a graph, SIAM J. Computing 7).
    """
    loops = []
    for k in range(network.adjacency_start[junction], network.adjacency_start[junction + 1]):
        edge, neighbour = network.adjacency_edge[k], int(network.adjacency_junction[k])
        without_edge = network.edge_length_km.copy()
        without_edge[edge] = np.inf
        back_km = path_tree(network, without_edge, neighbour).cost[junction]
        length_km = float(network.edge_length_km[edge] + back_km)
        if length_km > longest_km or not np.isfinite(length_km):
            continue
        back = shortest_path(network, without_edge, neighbour, junction)
        is_forwards = network.edge_from[edge] == junction
        loops.append(
            Path(
                length_km,
                np.concatenate([np.array([edge], dtype=np.int32), back.edges]),
                np.concatenate([np.array([is_forwards]), back.forwards]),
            )
        )
    return loops
