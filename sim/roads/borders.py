"""Borders to draw behind the roads: countries, and the regions of Mali as they were before 2016."""

import functools
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.data import data_path

Line = NDArray[np.float64]
"""float[n_points, (longitude_deg, latitude_deg)]."""


@dataclass(frozen=True, eq=False)
class Borders:
    """Public-domain outlines (Natural Earth), simplified; de facto borders, good for maps only."""

    countries: tuple[tuple[str, Line], ...]
    """Name and outer ring; a country in several parts comes several times."""
    region_lines: tuple[Line, ...]


@functools.cache
def load_borders() -> Borders:
    """The shipped borders, clipped to longitudes -13 to 6 and latitudes 10 to 26."""
    text = data_path("borders", "sahel_borders.geojson").read_text(encoding="utf-8")
    countries: list[tuple[str, Line]] = []
    lines: list[Line] = []
    for feature in json.loads(text)["features"]:
        properties = feature["properties"]
        for part in _parts(feature["geometry"]):
            if properties["layer"] == "country":
                countries.append((properties["name"], np.array(part[0], dtype=np.float64)))
            else:
                lines.append(np.array(part, dtype=np.float64))
    return Borders(tuple(countries), tuple(lines))


def _parts(geometry: dict[str, Any]) -> list[Any]:
    """Polygons as lists of rings, lines as lists of points, whether one or many."""
    coordinates: list[Any] = geometry["coordinates"]
    return coordinates if geometry["type"].startswith("Multi") else [coordinates]
