"""The world of a scenario: everything about it that no run changes, built once and shared."""

import functools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.compiled import rule
from sim.draws import check_keys_differ, check_sources_apart
from sim.earth import great_circle_km
from sim.roads import RoadNetwork, load_network
from sim.roads.paths import path_tree
from sim.roads.tables import CellRow, read_theatre
from sim.rules.memory import nearby
from sim.world.companies import Company, companies_of, n_teams
from sim.world.scenario import Scenario, check_camps, check_closures
from sim.world.sums import weighted_sum


@dataclass(frozen=True)
class CampSite:
    """A camp and its place in the tree of supply."""

    node_id: str
    junction: int
    sector: str
    hub: int | None
    """Index of the camp that supplies it; None for the source."""
    depth: int
    """Legs of supply between it and the source."""


@dataclass(frozen=True)
class CellSite:
    """A cell: its name, its group and the junctions that may be its home."""

    name: str
    group: str
    homes: tuple[int, ...]
    area: tuple[str, ...] = ()
    """Regions on whose roads its group acts; empty for no bound."""


@dataclass(frozen=True)
class World:
    """A scenario with its roads, camps, companies and cells."""

    scenario: Scenario
    network: RoadNetwork
    clock: Clock
    camps: tuple[CampSite, ...]
    """By depth in the tree of supply, then by id: hubs come before those that they supply."""
    companies: tuple[Company, ...]
    cells: tuple[CellSite, ...]

    @property
    def camp_ids(self) -> tuple[str, ...]:
        return tuple(camp.node_id for camp in self.camps)


def build_world(scenario: Scenario) -> World:
    """Build the world of a scenario.

    Raises
    ------
    RoadError
        When a table of the theatre is wrong.
    ScenarioError
        When the scenario names a camp that the theatre does not have.
    DrawError
        When two names would lead to the same draws.
    """
    roads = scenario.roads
    network = load_network(
        roads.name,
        roads.min_confidence,
        roads.max_segment_km,
        roads.near_camp_segment_km,
        roads.near_camp_km,
    )
    theatre = _theatre(roads.name)
    camps = _camp_sites(network)
    names = [camp.node_id for camp in camps]
    for scenario_then in filter(None, (scenario, scenario.before)):
        check_camps(scenario_then, names)
        check_closures(scenario_then, {camp.node_id: camp.hub is None for camp in camps})
    companies = companies_of(scenario, theatre.units, scenario.clock(), theatre.camps)
    areas = {group.name: group.regions for group in theatre.groups}
    cells = tuple(_cell_site(row, network, areas.get(row.group, ())) for row in theatre.cells)
    check_sources_apart(f"device/{cell.name}" for cell in cells)
    check_keys_differ(
        [f"{what}/{name}" for what in ("camp", "convoy", "withdrawal") for name in names]
        + [f"{what}/{company.name}" for what in ("unit", "patrol") for company in companies]
        + [f"contingent/{company.camp}/{company.contingent}" for company in companies]
        + _team_names(companies, scenario.clearance.people_per_team)
        + [f"cell/{cell.name}" for cell in cells]
        + [f"sweep/{name}" for name in network.segments.name]
    )
    return World(scenario, network, scenario.clock(), camps, companies, cells)


_theatre = functools.cache(read_theatre)


def _team_names(companies: tuple[Company, ...], people_per_team: float) -> list[str]:
    return [
        f"team/{company.name}/{number}"
        for company in companies
        if company.unit_type == "eod"
        for number in range(1, n_teams(company, people_per_team) + 1)
    ]


def _camp_sites(network: RoadNetwork) -> tuple[CampSite, ...]:
    rows = {row.node_id: row for row in network.camps}

    def depth(node_id: str) -> int:
        hub = rows[node_id].supply_hub
        return 0 if hub is None else 1 + depth(hub)

    order = sorted(rows, key=lambda node_id: (depth(node_id), node_id))
    sites = []
    for node_id in order:
        hub = rows[node_id].supply_hub
        sites.append(
            CampSite(
                node_id=node_id,
                junction=network.junction_index[node_id],
                sector=rows[node_id].sector,
                hub=None if hub is None else order.index(hub),
                depth=depth(node_id),
            )
        )
    return tuple(sites)


def _cell_site(row: CellRow, network: RoadNetwork, area: tuple[str, ...]) -> CellSite:
    if row.home is not None:
        return CellSite(row.name, row.group, (network.junction_index[row.home],), area)
    homes = tuple(
        network.junction_index[node_id]
        for node_id in network.junction_ids
        if network.graph.nodes[node_id]["region"] == row.region
    )
    return CellSite(row.name, row.group, homes, area)


@functools.cache
def segments_within(
    network: RoadNetwork, junction: int, reach_km: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Pieces of road about a junction, nearest first, with the straight distance of their middle.

    Returns
    -------
    int32[n_candidates], indices of segments; float[n_candidates], km
    """
    return _nearest_first(
        network,
        float(network.junction_latitude_deg[junction]),
        float(network.junction_longitude_deg[junction]),
        reach_km,
    )


@functools.cache
def segments_in_area(
    network: RoadNetwork, junction: int, reach_km: float, area: tuple[str, ...]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The same, of pieces in these regions alone; of all where there are none."""
    segments, distance_km = segments_within(network, junction, reach_km)
    if not area:
        return segments, distance_km
    is_inside = np.array([network.segments.region[segment] in area for segment in segments], bool)
    return segments[is_inside], distance_km[is_inside]


@functools.cache
def surroundings(
    network: RoadNetwork, segment: int, smoothing_km: float
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """What an event on a piece of road colours: the pieces nearby, to a distance of 5 smoothings.

    Returns
    -------
    segments : int32[n_near]
    weight : float[n_near], dimensionless, 1 on the spot
    per_km : float[n_near], 1/km
        The same, scaled so that one event sums to one over the length of the roads nearby.
    """
    segments, distance_km = _nearest_first(
        network,
        float(network.segments.latitude_deg[segment]),
        float(network.segments.longitude_deg[segment]),
        5.0 * smoothing_km,
    )
    weight = np.empty(len(segments))
    fill_nearby(distance_km, smoothing_km, weight)
    total_km = float(weighted_sum(weight, network.segments.length_km[segments]))
    return segments, weight, weight / total_km


def _nearest_first(
    network: RoadNetwork, latitude_deg: float, longitude_deg: float, reach_km: float
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    pieces = network.segments
    segments = np.empty(network.n_segments, dtype=np.int32)
    distance_km = np.empty(network.n_segments)
    n_found = find_in_reach(
        latitude_deg,
        longitude_deg,
        reach_km,
        pieces.latitude_deg,
        pieces.longitude_deg,
        segments,
        distance_km,
    )
    # Of two at one distance the one with the lower number stays first.
    order = np.argsort(distance_km[:n_found], kind="stable")
    return segments[order], distance_km[order]


@rule
def find_in_reach(  # type: ignore[no-untyped-def]
    latitude_deg,
    longitude_deg,
    reach_km,
    latitudes_deg,
    longitudes_deg,
    found,
    distance_km,
):
    """Fill in the places in reach of a point, by number, and how far each is.

    Parameters
    ----------
    latitude_deg, longitude_deg : float, degrees
        The point.
    reach_km : float, km, >= 0
    latitudes_deg, longitudes_deg : float64[n_places], degrees
    found : int32[n_places]
        Filled in.
    distance_km : float64[n_places], km
        Filled in, for those found alone.

    Returns
    -------
    int, number of places found

    Source
    ------
    `sim/earth.py`.

    Examples
    --------
    Places on the equator, of which the second is one degree, 111 km, away:

    >>> import numpy as np
    >>> found, km = np.zeros(3, dtype=np.int32), np.zeros(3)
    >>> find_in_reach(0.0, 0.0, 112.0, np.zeros(3), np.array([5.0, 1.0, 0.0]), found, km)
    2
    >>> found[:2].tolist(), [round(float(there)) for there in km[:2]]
    ([1, 2], [111, 0])
    """
    n_found = 0
    for place in range(len(latitudes_deg)):
        # A degree of latitude is 110.6 km or more, so this leaves out only what is out of reach.
        if abs(latitudes_deg[place] - latitude_deg) > reach_km / 110.5:
            continue
        km = great_circle_km(
            latitude_deg, longitude_deg, latitudes_deg[place], longitudes_deg[place]
        )
        if km <= reach_km:
            found[n_found] = place
            distance_km[n_found] = km
            n_found += 1
    return n_found


@rule
def fill_nearby(distance_km, smoothing_km, weight):  # type: ignore[no-untyped-def]
    """Fill in the share of an event that colours each of some places.

    Parameters
    ----------
    distance_km : float64[n_places], km
    smoothing_km : float, km, > 0
    weight : float64[n_places], dimensionless
        Filled in.

    Returns
    -------
    int, always 0

    Source
    ------
    `sim/rules/memory.py`.

    Examples
    --------
    >>> import numpy as np
    >>> weight = np.zeros(2)
    >>> fill_nearby(np.array([0.0, 2.0]), 2.0, weight)
    0
    >>> [round(float(share), 3) for share in weight]
    [1.0, 0.368]
    """
    for place in range(len(distance_km)):
        weight[place] = nearby(distance_km[place], smoothing_km)
    return 0


@functools.cache
def road_distance_km(network: RoadNetwork, junction: int) -> NDArray[np.float64]:
    """Shortest distance by road from a junction to the middle of every piece: float[n_segments]."""
    tree_km = path_tree(network, network.edge_length_km, junction).cost
    pieces = network.segments
    middle_km = pieces.start_km + pieces.length_km / 2.0
    edge = pieces.edge
    from_one_end = tree_km[network.edge_from[edge]] + middle_km
    from_other = tree_km[network.edge_to[edge]] + network.edge_length_km[edge] - middle_km
    shortest: NDArray[np.float64] = np.minimum(from_one_end, from_other)
    return shortest


class PiecesInReach(NamedTuple):
    """Pieces of road in reach of a base, and all ways that a team may drive among them."""

    segments: NDArray[np.int32]
    """int32[n_pieces], nearest first by their middle, then by number."""
    base_km: NDArray[np.float64]
    """float[n_pieces, 2], by road from the base to the first end and to the other."""
    between_km: NDArray[np.float64]
    """float[n_pieces, 2, n_pieces, 2], by road from an end of one piece to an end of another."""


@functools.cache
def pieces_in_reach(network: RoadNetwork, junction: int, reach_km: float) -> PiecesInReach:
    """Pieces whose middle is at most `reach_km` by road from a junction, and the ways there.

    Between two points the shortest of the four ways over the ends of their edges counts and, on
    one edge, the way along it.
    """
    middle_km = road_distance_km(network, junction)
    segments = np.flatnonzero(middle_km <= reach_km)
    segments = segments[np.lexsort((segments, middle_km[segments]))]
    pieces = network.segments
    # Both ends of every piece: first piece first end, first piece other end, second piece, ...
    edge = np.repeat(pieces.edge[segments], 2)
    at_km = np.repeat(pieces.start_km[segments], 2)
    at_km[1::2] += pieces.length_km[segments]
    junctions = network.edge_from[edge], network.edge_to[edge]
    to_junction_km = at_km, np.maximum(network.edge_length_km[edge] - at_km, 0.0)
    table_km = junction_distance_km(network)
    base_km = np.full(len(edge), np.inf)
    between_km = np.where(edge[:, None] == edge, np.abs(at_km[:, None] - at_km), np.inf)
    for here, here_km in zip(junctions, to_junction_km, strict=True):
        base_km = np.minimum(base_km, table_km[junction, here] + here_km)
        for there, there_km in zip(junctions, to_junction_km, strict=True):
            over_km = here_km[:, None] + table_km[here[:, None], there] + there_km
            between_km = np.minimum(between_km, over_km)
    n_pieces = len(segments)
    return PiecesInReach(
        segments.astype(np.int32),
        base_km.reshape(n_pieces, 2),
        between_km.reshape(n_pieces, 2, n_pieces, 2),
    )


@functools.cache
def junction_distance_km(network: RoadNetwork) -> NDArray[np.float64]:
    """Shortest distance by road between junctions: float[n_junctions, n_junctions]."""
    rows = [
        path_tree(network, network.edge_length_km, junction).cost
        for junction in range(network.n_junctions)
    ]
    return np.array(rows)


def is_wet_season(month: int, first_month: int, last_month: int) -> bool:
    """Whether a month lies in the wet season, which may run over the turn of the year.

    >>> is_wet_season(8, 7, 12), is_wet_season(1, 11, 2), is_wet_season(5, 7, 12)
    (True, True, False)
    """
    if first_month <= last_month:
        return first_month <= month <= last_month
    return month >= first_month or month <= last_month
