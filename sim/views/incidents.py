"""Where it happens: strikes and finds by piece of road, over many runs, on the map."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.roads.network import RoadNetwork
from sim.views import palette
from sim.views.frame import DPI, LABEL_SIZE, QUIET, SMALL_SIZE, TITLE_SIZE, WIDTH_IN, wrapped
from sim.views.map import MapNames, draw_base_map, segment_lines, value_extent

COLUMNS = ("strikes_per_100_km", "finds_per_100_km")
_WORDS = {"strikes_per_100_km": "Strikes", "finds_per_100_km": "Finds"}
TOP_QUANTILE = 0.98
"""Pieces above this quantile of those with events share the darkest colour."""


FEW_TOWNS = 12
"""Towns of a small network are all named; on a large one only the camps are."""


def incidents_map(table: pd.DataFrame, network: RoadNetwork) -> Figure:
    """Strikes and finds by piece of road: a row of two maps for each scenario, one scale for each.

    Means over many runs, per 100 km of road and year, so that pieces of different length compare.
    The map compares scenarios; it does not predict places.

    Parameters
    ----------
    table : pandas.DataFrame
        `sim.results.tables.incidents_table`.
    network : RoadNetwork

    Returns
    -------
    Figure
    """
    names = list(dict.fromkeys(table["scenario"]))
    values_of = table.groupby("segment")[list(COLUMNS)].sum().sum(axis=1)
    has_value = values_of.reindex(list(network.segments.name)).to_numpy(float) > 0.0
    west, east, south, north = extent = value_extent(network, has_value)
    width_over_height = (
        (east - west) * math.cos(math.radians((south + north) / 2)) / (north - south)
    )
    left, between, right, above, row_gap, below = 0.75, 0.55, 0.15, 0.4, 0.6, 1.75
    map_width = (WIDTH_IN - left - between - right) / 2
    map_height = min(max(map_width / width_over_height, 2.5), 7.0)
    height = above + len(names) * map_height + (len(names) - 1) * row_gap + below
    figure = Figure(figsize=(WIDTH_IN, height), dpi=DPI, facecolor="white")
    written: MapNames | None = None
    for column_number, column in enumerate(COLUMNS):
        x = left + column_number * (map_width + between)
        largest = _top(table[column].to_numpy(float))
        colours = palette.sequential()
        for row, name in enumerate(names):
            y = height - above - map_height - row * (map_height + row_gap)
            axes = figure.add_axes(
                (x / WIDTH_IN, y / height, map_width / WIDTH_IN, map_height / height)
            )
            written = draw_base_map(
                axes,
                network,
                extent,
                is_road_shown_by_surface=False,
                has_town_names=network.n_junctions <= FEW_TOWNS,
                like=written,  # all maps have one size, so a name that fits here fits on each
            )
            own = table[table["scenario"] == name].set_index("segment")
            values = own[column].reindex(list(network.segments.name)).to_numpy(float)
            _draw_values(axes, network, values, largest, colours)
            total = own[column.split("_")[0]].sum()
            axes.set_title(
                f"{_WORDS[column]}, {wrapped(name, 44, 1)}: {total:,.1f} a year",
                fontsize=TITLE_SIZE - 1.5,
                loc="left",
            )
            if column_number:
                axes.set_ylabel("")
            if row < len(names) - 1:
                axes.set_xlabel("")
        beside = figure.add_axes((x / WIDTH_IN, 0.98 / height, map_width / WIDTH_IN, 0.13 / height))
        bar = figure.colorbar(
            ScalarMappable(Normalize(0.0, largest), colours),
            cax=beside,
            orientation="horizontal",
            extend="max" if (table[column] > largest * (1 + 1e-9)).any() else "neither",
        )
        bar.set_label(f"{_WORDS[column].lower()} per 100 km of road and year", fontsize=LABEL_SIZE)
        bar.ax.tick_params(labelsize=9)
    fewest, most = int(table["n_runs"].min()), int(table["n_runs"].max())
    runs = f"{most:,}" if fewest == most else f"{fewest:,} to {most:,}"
    mean = "From one run" if most == 1 else f"Means over {runs} runs of each scenario"
    figure.text(
        0.01,
        0.008,
        f"{mean}; grey roads have none. The map compares scenarios, it does not predict places.",
        fontsize=SMALL_SIZE,
        color=QUIET,
        va="bottom",
    )
    return figure


def _top(values: NDArray[np.float64]) -> float:
    """Value of the darkest colour: the largest but for a few very short pieces."""
    shown = values[np.isfinite(values) & (values > 0.0)]
    return float(np.quantile(shown, TOP_QUANTILE)) if len(shown) else 1.0


def _draw_values(
    axes: Axes,
    network: RoadNetwork,
    values: NDArray[np.float64],
    largest: float,
    colours: Colormap,
) -> None:
    """Pieces coloured by value and thicker the larger it is, the largest on top."""
    shown = np.flatnonzero(values > 0.0)
    shown = shown[np.argsort(values[shown], kind="stable")]
    lines = segment_lines(network)
    share = np.clip(values[shown] / largest, 0.0, 1.0)
    pieces = LineCollection(
        [lines[segment] for segment in shown],
        cmap=colours,
        norm=Normalize(0.0, largest),
        linewidths=1.2 + 4.3 * np.sqrt(share),
        capstyle="butt",
        zorder=6,
    )
    pieces.set_array(values[shown])
    axes.add_collection(pieces, autolim=False)
