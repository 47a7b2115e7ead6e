"""What the road network is: the corridors that supply the camps, and a map."""

import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pandas as pd

from experiments.frame import (
    COMMAND_LINE,
    WIDTH,
    Command,
    Line,
    Option,
    new_folder,
    path,
    require_unused,
    run_command,
)
from sim.compose import DEFAULT_SCENARIO, load_scenario
from sim.errors import ScenarioError
from sim.results.ground import network_of
from sim.roads.corridors import corridor_table
from sim.roads.network import RoadNetwork
from sim.views.map import draw_roads

COMMAND = Command(
    name="roads",
    words="[SCENARIO]",
    details="Prints how far and how long it is from each supply hub to the camps that it supplies, "
    "dry and wet, and draws the map. The roads are those of the scenario, baseline_2016 unless one "
    "is named.",
    examples=(
        "convoy-risk roads",
        "convoy-risk roads roads.min_confidence=low",
        "convoy-risk roads roads=toy_grid",
        "convoy-risk roads roads.name=/path/to/my_roads out=my_map",
    ),
    options=(Option("out", path, "a folder", "where the map goes; results/roads/NAME"),),
)


class RoadsParameters(Protocol):
    """What the corridors need to know of the group `roads` of a scenario."""

    @property
    def min_confidence(self) -> str: ...
    @property
    def wet_season_first_month(self) -> int: ...
    @property
    def wet_season_last_month(self) -> int: ...
    @property
    def wet_speed_factor(self) -> float: ...
    @property
    def ferry_wait_h(self) -> float: ...


def show_roads(network: RoadNetwork, roads_parameters: RoadsParameters, out: Path) -> str:
    """Write `roads.png`, `corridors.csv` and `corridors.md` into `out`; say what they hold.

    Parameters
    ----------
    network : RoadNetwork
    roads_parameters : the group `roads` of a scenario
    out : Path
        A folder; made where it does not exist.

    Returns
    -------
    str
        Counts, the table of corridors aligned in columns, and where the files are.
    """
    corridors = corridor_table(
        network, roads_parameters.wet_speed_factor, roads_parameters.ferry_wait_h
    )
    out.mkdir(parents=True, exist_ok=True)
    draw_roads(network).savefig(out / "roads.png", dpi=150)
    corridors.to_csv(out / "corridors.csv", index=False, float_format="%.3f")
    columns, rows = _readable(network, corridors)
    pieces_km = network.segments.length_km
    (out / "corridors.md").write_text(_markdown(columns, rows), encoding="utf-8")
    first, last = (
        pd.Timestamp(2016, month, 1).strftime("%B")
        for month in (
            roads_parameters.wet_season_first_month,
            roads_parameters.wet_season_last_month,
        )
    )
    return "\n".join(
        [
            f"Roads of {network.name}, confidence {roads_parameters.min_confidence} or better",
            f"  junctions  {network.n_junctions:>7,}",
            f"  roads      {network.n_edges:>7,}   (from one junction to the next)",
            f"  length     {network.edge_length_km.sum():>7,.0f} km",
            f"  pieces     {network.n_segments:>7,}   "
            f"({pieces_km.min():.1f} to {pieces_km.max():.1f} km long)",
            f"  camps      {len(network.camps):>7,}",
            "",
            "Corridors from supply hub to camp, by the fastest way:",
            "",
            *_aligned(columns, rows),
            "",
            *textwrap.wrap(
                f"Scenario files name camps by their ids: {', '.join(_camp_ids(network))}.", WIDTH
            ),
            "",
            "Hours are those of a light vehicle that nobody hinders; a convoy takes days.",
            f"Wet: {first} to {last}, when seasonal roads are driven at "
            f"{roads_parameters.wet_speed_factor:.0%} of their speed. "
            f"A ferry takes {roads_parameters.ferry_wait_h:g} h.",
            "",
            f"Map:   {out / 'roads.png'}",
            f"Table: {out / 'corridors.csv'}, {out / 'corridors.md'}",
        ]
    )


def _readable(network: RoadNetwork, corridors: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
    """Headers with units, and rows of text, under the names that people use."""
    names = {node: network.graph.nodes[node]["name"].split(" (")[0] for node in network.graph}
    columns = [
        "From hub",
        "To camp",
        "Length (km)",
        "Dry (h)",
        "Wet (h)",
        "Wet detour (km)",
        "Pieces",
        "Roads",
    ]
    rows = [
        [
            names[row["hub"]],
            names[row["camp"]],
            f"{row['length_km']:,.0f}",
            f"{row['hours_dry']:.1f}",
            f"{row['hours_wet']:.1f}",
            f"{row['wet_detour_km']:,.0f}" if abs(row["wet_detour_km"]) >= 0.5 else "-",
            str(row["n_segments"]),
            row["roads"],
        ]
        for row in corridors.to_dict("records")
    ]
    return columns, rows


def _camp_ids(network: RoadNetwork) -> list[str]:
    return sorted(camp.node_id for camp in network.camps)


def _aligned(columns: list[str], rows: list[list[str]]) -> list[str]:
    """Text to the left, numbers to the right; the last column runs on."""
    widths = [max(len(row[k]) for row in [columns, *rows]) for k in range(len(columns))]
    is_text = [k in (0, 1, len(columns) - 1) for k in range(len(columns))]

    def line(cells: list[str]) -> str:
        padded = [
            cell.ljust(width) if text else cell.rjust(width)
            for cell, width, text in zip(cells, widths, is_text, strict=True)
        ]
        return "  ".join(padded).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return [line(columns), rule, *(line(row) for row in rows)]


def _markdown(columns: list[str], rows: list[list[str]]) -> str:
    marks = ["---" if k in (0, 1, len(columns) - 1) else "---:" for k in range(len(columns))]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in [columns, marks, *rows])


def _act(line: Line) -> int:
    if len(line.words) > 1:
        raise ScenarioError(
            f"{len(line.words)} scenarios are named: the roads of one are shown. "
            f"They were set {COMMAND_LINE}. Allowed: one, or none for those of {DEFAULT_SCENARIO}."
        )
    word = line.words[0] if line.words else DEFAULT_SCENARIO
    scenario = load_scenario(word, line.overrides, origin=COMMAND_LINE)
    out = line.option("out") or new_folder("roads", Path(scenario.roads.name).name)
    require_unused(out)
    print(show_roads(network_of(scenario), scenario.roads, out))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command; see `COMMAND`."""
    return run_command(COMMAND, _act, argv)


if __name__ == "__main__":
    sys.exit(main())
