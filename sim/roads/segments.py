"""Segments: the pieces into which roads are cut, and on which devices lie and teams sweep.

A piece never crosses a junction. Within `near_camp_km` of a camp, measured along the roads and
through junctions, pieces are at most `near_camp_segment_km` long; elsewhere `max_segment_km`. The
borders between the two kinds depend on neither length, so a finer cut never moves them.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.roads.tables import SURFACES, Junction, Road

SHORTEST_STRETCH_KM = 2.0
"""A near-camp stretch or a remainder shorter than this is widened or joined, not cut off alone."""


@dataclass(frozen=True, eq=False)
class SegmentTable:
    """Every piece of road, in the order of edges and, within an edge, from its first end.

    Attributes
    ----------
    name : tuple of str
        Ends of the edge and a running number, `anefis-bourem/03`.
    road, region : tuple of str
        Name of the road; region of the nearer end (of the first at the middle).
    edge : int32[n_segments]
    start_km, length_km : float[n_segments], km
        Offset from the first end of the edge, and length.
    free_speed_kph : float[n_segments], km/h
        Dry season, a light vehicle, unhindered.
    surface : int8[n_segments]
        0 paved, 1 gravel, 2 track.
    is_ferry, is_seasonal : bool[n_segments]
        One piece of an edge with a ferry has the crossing; all of a seasonal edge is seasonal.
    latitude_deg, longitude_deg : float[n_segments], degrees
        Middle of the piece, on the straight line between the junctions.
    """

    name: tuple[str, ...]
    road: tuple[str, ...]
    region: tuple[str, ...]
    edge: NDArray[np.int32]
    start_km: NDArray[np.float64]
    length_km: NDArray[np.float64]
    free_speed_kph: NDArray[np.float64]
    surface: NDArray[np.int8]
    is_ferry: NDArray[np.bool_]
    is_seasonal: NDArray[np.bool_]
    latitude_deg: NDArray[np.float64]
    longitude_deg: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.name)


def near_camp_stretches_km(
    length_km: float, camp_from_km: float, camp_to_km: float, near_camp_km: float
) -> tuple[float, float]:
    """How much of an edge lies near a camp, counted from its two ends.

    Parameters
    ----------
    length_km : float, km, > 0
    camp_from_km, camp_to_km : float, km, >= 0
        Distance by road from each end to the nearest camp; infinite where no road leads to one.
    near_camp_km : float, km, >= 0

    Returns
    -------
    tuple of two floats, km
        The near stretch at the first and at the second end; `(length_km, 0.0)` when all is near.

    Examples
    --------
    A 100 km road that starts at a camp: its first 30 km are near one.

    >>> near_camp_stretches_km(100.0, 0.0, 100.0, 30.0)
    (30.0, 0.0)

    The camp lies 20 km behind the second end: 10 km remain.

    >>> near_camp_stretches_km(100.0, 120.0, 20.0, 30.0)
    (0.0, 10.0)
    """
    near = []
    for camp_km in (camp_from_km, camp_to_km):
        stretch_km = near_camp_km - camp_km
        near.append(max(stretch_km, SHORTEST_STRETCH_KM) if stretch_km > 0 else 0.0)
    if sum(near) > 0 and length_km - sum(near) < SHORTEST_STRETCH_KM:
        return length_km, 0.0
    return near[0], near[1]


def piece_lengths_km(
    length_km: float,
    near_from_km: float,
    near_to_km: float,
    max_segment_km: float,
    near_camp_segment_km: float,
) -> list[float]:
    """Lengths of the pieces of one edge, in order: as few and as equal as each stretch allows.

    Examples
    --------
    >>> piece_lengths_km(60.0, 0.0, 0.0, max_segment_km=25.0, near_camp_segment_km=5.0)
    [20.0, 20.0, 20.0]
    >>> piece_lengths_km(60.0, 10.0, 0.0, max_segment_km=25.0, near_camp_segment_km=5.0)
    [5.0, 5.0, 25.0, 25.0]
    """
    far_km = length_km - near_from_km - near_to_km
    pieces: list[float] = []
    for stretch_km, longest_km in (
        (near_from_km, near_camp_segment_km),
        (far_km, max_segment_km),
        (near_to_km, near_camp_segment_km),
    ):
        if stretch_km > 0:
            n_pieces = math.ceil(stretch_km / longest_km - 1e-9)
            pieces += [stretch_km / n_pieces] * n_pieces
    return pieces


def cut_roads(
    roads: tuple[Road, ...],
    junctions: dict[str, Junction],
    camp_distance_km: dict[str, float],
    river_towns: frozenset[str],
    max_segment_km: float,
    near_camp_segment_km: float,
    near_camp_km: float,
) -> tuple[SegmentTable, NDArray[np.int32]]:
    """Cut every road into pieces.

    Parameters
    ----------
    roads : tuple of Road
        In canonical order.
    junctions : dict of Junction by id
    camp_distance_km : dict of float by id, km
        Distance by road from each junction to the nearest camp; absent where there is none.
    river_towns : frozenset of ids
        A ferry crosses at the end of the edge that is one of these; where neither end is, or both
        are, at the second end.
    max_segment_km, near_camp_segment_km, near_camp_km : float, km

    Returns
    -------
    SegmentTable, int32[n_edges + 1]
        The pieces, and the first piece of each edge (the last entry is their number).
    """
    first_segment = [0]
    names: list[str] = []
    road_names: list[str] = []
    regions: list[str] = []
    columns: dict[str, list[float]] = {
        column: []
        for column in (
            "edge",
            "start_km",
            "length_km",
            "free_speed_kph",
            "surface",
            "is_ferry",
            "is_seasonal",
            "latitude_deg",
            "longitude_deg",
        )
    }
    for edge, road in enumerate(roads):
        near = near_camp_stretches_km(
            road.length_km,
            camp_distance_km.get(road.from_id, math.inf),
            camp_distance_km.get(road.to_id, math.inf),
            near_camp_km,
        )
        pieces = piece_lengths_km(road.length_km, *near, max_segment_km, near_camp_segment_km)
        crosses_at_start = road.from_id in river_towns and road.to_id not in river_towns
        ferry_piece = 0 if crosses_at_start else len(pieces) - 1
        one, other = junctions[road.from_id], junctions[road.to_id]
        start_km = 0.0
        for number, length_km in enumerate(pieces):
            share = (start_km + length_km / 2) / road.length_km
            names.append(f"{road.from_id}-{road.to_id}/{number + 1:02d}")
            road_names.append(road.road)
            regions.append(one.region if share <= 0.5 + 1e-9 else other.region)
            for column, value in (
                ("edge", edge),
                ("start_km", start_km),
                ("length_km", length_km),
                ("free_speed_kph", road.free_speed_kph),
                ("surface", SURFACES.index(road.surface)),
                ("is_ferry", road.is_ferry and number == ferry_piece),
                ("is_seasonal", road.is_seasonal),
                ("latitude_deg", one.latitude_deg * (1 - share) + other.latitude_deg * share),
                ("longitude_deg", one.longitude_deg * (1 - share) + other.longitude_deg * share),
            ):
                columns[column].append(value)
            start_km += length_km
        first_segment.append(len(names))
    table = SegmentTable(
        name=tuple(names),
        road=tuple(road_names),
        region=tuple(regions),
        edge=_frozen(columns["edge"], np.int32),
        start_km=_frozen(columns["start_km"], np.float64),
        length_km=_frozen(columns["length_km"], np.float64),
        free_speed_kph=_frozen(columns["free_speed_kph"], np.float64),
        surface=_frozen(columns["surface"], np.int8),
        is_ferry=_frozen(columns["is_ferry"], np.bool_),
        is_seasonal=_frozen(columns["is_seasonal"], np.bool_),
        latitude_deg=_frozen(columns["latitude_deg"], np.float64),
        longitude_deg=_frozen(columns["longitude_deg"], np.float64),
    )
    return table, _frozen(first_segment, np.int32)


def _frozen(values: list[float] | list[int], dtype: type[np.generic]) -> NDArray[Any]:
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array
