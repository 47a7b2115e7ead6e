"""Corridors: the way from each supply hub to each camp that it supplies, in km and in hours."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.roads.network import RoadNetwork
from sim.roads.paths import Path, shortest_path


def edge_hours(
    network: RoadNetwork, is_wet: bool, wet_speed_factor: float, ferry_wait_h: float
) -> NDArray[np.float64]:
    """Hours that a light vehicle, unhindered, takes for each edge: float[n_edges], h.

    Parameters
    ----------
    network : RoadNetwork
    is_wet : bool
        Whether it is the season of rain and flood.
    wet_speed_factor : float, dimensionless, in (0, 1]
        Speed on seasonal roads in that season, as a share of the dry-season speed.
    ferry_wait_h : float, h, >= 0
        Wait and crossing at a ferry.

    Examples
    --------
    The last two roads of the chain, 25 km at 25 km/h: one has a ferry, one is seasonal.

    >>> from sim.roads.network import load_network
    >>> network = load_network("toy_chain")
    >>> edge_hours(network, False, wet_speed_factor=0.5, ferry_wait_h=2.0).round(3).tolist()
    [3.0, 0.417, 1.0, 0.625]
    >>> edge_hours(network, True, wet_speed_factor=0.5, ferry_wait_h=2.0).round(3).tolist()
    [3.0, 0.417, 2.0, 0.625]
    """
    edges = [
        network.graph.edges[network.junction_ids[one], network.junction_ids[other]]
        for one, other in zip(network.edge_from, network.edge_to, strict=True)
    ]
    speed_kph = np.array([edge["free_speed_kph"] for edge in edges], dtype=np.float64)
    is_seasonal = np.array([edge["is_seasonal"] for edge in edges], dtype=np.bool_)
    is_ferry = np.array([edge["is_ferry"] for edge in edges], dtype=np.bool_)
    if is_wet:
        speed_kph = np.where(is_seasonal, speed_kph * wet_speed_factor, speed_kph)
    return network.edge_length_km / speed_kph + np.where(is_ferry, ferry_wait_h, 0.0)


def corridor_table(
    network: RoadNetwork, wet_speed_factor: float, ferry_wait_h: float
) -> pd.DataFrame:
    """One row for each camp with a hub: the fastest way there, dry and wet.

    Columns: camp, hub, length_km, hours_dry, hours_wet, wet_detour_km, n_segments, roads. Ways are
    the fastest, not the shortest: tracks through the flooded delta are short and slow. `hours_wet`
    is for the way that is fastest then, and `wet_detour_km` says how much longer that is than the
    dry way. Hours are those of an unhindered light vehicle; a convoy takes days.

    Examples
    --------
    >>> from sim.roads.network import load_network
    >>> network = load_network("toy_two_parallel_roads")
    >>> row = corridor_table(network, wet_speed_factor=0.4, ferry_wait_h=2.0).iloc[0]
    >>> row.hub, row.camp, float(row.length_km), float(row.hours_dry), row.roads
    ('source', 'target', 60.0, 1.0, 'Upper road')
    """
    dry = edge_hours(network, False, wet_speed_factor, ferry_wait_h)
    wet = edge_hours(network, True, wet_speed_factor, ferry_wait_h)
    first = network.edge_first_segment
    rows = []
    for hub, camp in supply_tree(network):
        ends = network.junction_index[hub], network.junction_index[camp]
        dry_path = shortest_path(network, dry, *ends)
        wet_path = shortest_path(network, wet, *ends)
        length_km = float(network.edge_length_km[dry_path.edges].sum())
        rows.append(
            {
                "hub": hub,
                "camp": camp,
                "length_km": length_km,
                "hours_dry": dry_path.cost,
                "hours_wet": wet_path.cost,
                "wet_detour_km": float(network.edge_length_km[wet_path.edges].sum()) - length_km,
                "n_segments": int((first[dry_path.edges + 1] - first[dry_path.edges]).sum()),
                "roads": ", ".join(roads_along(network, dry_path)),
            }
        )
    columns = ["hub", "camp", "length_km", "hours_dry", "hours_wet", "wet_detour_km"]
    return pd.DataFrame(rows, columns=[*columns, "n_segments", "roads"])


def supply_tree(network: RoadNetwork) -> list[tuple[str, str]]:
    """Pairs of hub and camp, from the sources of supply outwards.

    Examples
    --------
    >>> from sim.roads.network import load_network
    >>> supply_tree(load_network("northern_mali"))[:3]
    [('bamako', 'diabaly'), ('bamako', 'sevare'), ('sevare', 'douentza')]
    """
    pairs: list[tuple[str, str]] = []
    hubs = [camp.node_id for camp in network.camps if camp.supply_hub is None]
    while hubs:
        below = [
            (hub, camp.node_id) for hub in hubs for camp in network.camps if camp.supply_hub == hub
        ]
        pairs += below
        hubs = [camp for _, camp in below]
    return pairs


def roads_along(network: RoadNetwork, path: Path) -> list[str]:
    """Names of the roads along a way, each once, in driving order."""
    return list(dict.fromkeys(network.edge_road[edge] for edge in path.edges))
