"""The road graph: junctions joined by named roads, as networkx sees them."""

from collections.abc import Iterable, Sequence

import networkx as nx

from sim.errors import RoadError
from sim.roads.tables import CONFIDENCES, CampRow, Junction, Road


def build_graph(junctions: Iterable[Junction], roads: Sequence[Road]) -> "nx.Graph[str]":
    """Graph with junction ids as nodes; every edge knows its `index` in the canonical order.

    Examples
    --------
    >>> from sim.roads.tables import read_theatre
    >>> theatre = read_theatre("toy_triangle")
    >>> graph = build_graph(theatre.junctions, theatre.roads)
    >>> graph.edges["west", "east"]["length_km"]
    31.0
    """
    graph: nx.Graph[str] = nx.Graph()
    for junction in junctions:
        graph.add_node(
            junction.node_id,
            name=junction.name,
            latitude_deg=junction.latitude_deg,
            longitude_deg=junction.longitude_deg,
            region=junction.region,
            country=junction.country,
            kind=junction.kind,
            has_un_camp=junction.has_un_camp,
            population=junction.population,
        )
    for index, road in enumerate(roads):
        graph.add_edge(
            road.from_id,
            road.to_id,
            road=road.road,
            length_km=road.length_km,
            surface=road.surface,
            free_speed_kph=road.free_speed_kph,
            is_ferry=road.is_ferry,
            is_seasonal=road.is_seasonal,
            confidence=road.confidence,
            index=index,
        )
    return graph


def roads_of_confidence(roads: Iterable[Road], min_confidence: str) -> tuple[Road, ...]:
    """The roads whose link is at least this certain.

    Raises
    ------
    RoadError
        When `min_confidence` is not one of doubtful, low, medium, high.

    Examples
    --------
    >>> from sim.roads.tables import read_theatre
    >>> roads = read_theatre("toy_triangle").roads
    >>> len(roads_of_confidence(roads, "doubtful")), len(roads_of_confidence(roads, "medium"))
    (3, 2)
    """
    if min_confidence not in CONFIDENCES:
        raise RoadError(
            f"roads.min_confidence is {min_confidence!r}: not a known confidence. "
            f"Allowed: {', '.join(CONFIDENCES)} (from all roads to the surest only)."
        )
    floor = CONFIDENCES.index(min_confidence)
    return tuple(road for road in roads if CONFIDENCES.index(road.confidence) >= floor)


def require_connected_camps(
    camps: Iterable[CampRow],
    junctions: Sequence[Junction],
    all_roads: Sequence[Road],
    min_confidence: str,
) -> None:
    """Refuse a network in which a camp cannot be reached by road from its supply hub.

    Raises
    ------
    RoadError
        Naming the camps and, where a lower `min_confidence` joins them, that value.
    """
    camps = tuple(camps)
    cut_off = _camps_cut_off(camps, junctions, roads_of_confidence(all_roads, min_confidence))
    if not cut_off:
        return
    floor = CONFIDENCES.index(min_confidence)
    enough = [
        confidence
        for confidence in CONFIDENCES[:floor]
        if not _camps_cut_off(camps, junctions, roads_of_confidence(all_roads, confidence))
    ]
    way_out = (
        f"set roads.min_confidence={enough[-1]} or lower"
        if enough
        else "add the missing road to roads.csv, or change supply_hub in camps.csv"
    )
    named = ", ".join(f"{camp.node_id} (supplied by {camp.supply_hub})" for camp in cut_off)
    raise RoadError(
        f"No road leads to the camp {named} with roads.min_confidence={min_confidence}. "
        f"Allowed: networks in which every camp can be reached from its hub; {way_out}."
    )


def _camps_cut_off(
    camps: Iterable[CampRow], junctions: Sequence[Junction], roads: Sequence[Road]
) -> list[CampRow]:
    graph = build_graph(junctions, roads)
    return [
        camp
        for camp in camps
        if camp.supply_hub is not None and not nx.has_path(graph, camp.supply_hub, camp.node_id)
    ]
