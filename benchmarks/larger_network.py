"""A larger theatre: the roads of northern Mali, and copies of them that nobody drives on.

    python -m benchmarks.larger_network [FOLDER]

Copies lie east of each other, each a fixed number of degrees from the last and joined to it by one
road, so that all distances within a copy are those of the roads it was made from. Camps, units,
cells and the groups that they belong to are as shipped: none of them has a place in a copy, and the
regions of copies have names of their own, so that no cell looks for a home there. Everybody does
what they do on the shipped roads, on a network that is ten times as long.
"""

import csv
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from sim.earth import great_circle_km
from sim.roads.tables import theatre_folder

SHIPPED = "northern_mali"
N_COPIES = 9
DEGREES_APART = 16.0
"""The shipped roads reach over 13.5 degrees, so three lie between one copy and the next."""
OUT, IN = "niamey", "bamako"
"""Where the road to the next copy leaves, and where it comes in: regions in which no cell acts."""
FOLDER = Path("build") / "larger_network"
"""Where it is written from the root of the repository; git ignores it."""
AS_SHIPPED = ("camps.csv", "units.csv", "cells.csv", "groups.csv", "rivers.csv")

Rows = list[dict[str, str]]


def write_larger_network(folder: Path = FOLDER, n_copies: int = N_COPIES) -> Path:
    """Write the tables of the theatre into a folder, which `roads.name` can then name."""
    shipped = theatre_folder(SHIPPED)
    folder.mkdir(parents=True, exist_ok=True)
    for name in AS_SHIPPED:
        shutil.copyfile(shipped / name, folder / name)
    junctions, roads = _read(shipped / "junctions.csv"), _read(shipped / "roads.csv")
    at = {row["id"]: (float(row["lat"]), float(row["lon"])) for row in junctions}
    all_junctions, all_roads = list(junctions), list(roads)
    for copy in range(1, n_copies + 1):
        all_junctions += [_copied_junction(row, copy) for row in junctions]
        all_roads += [
            row | {end: _in_copy(row[end], copy) for end in ("from", "to")} for row in roads
        ]
        all_roads.append(_road_between(at, roads[0], copy))
    _write(folder / "junctions.csv", all_junctions)
    _write(folder / "roads.csv", all_roads)
    return folder


def _in_copy(junction_id: str, copy: int) -> str:
    """The name of a junction in a copy; copy 0 is what is shipped."""
    return f"{junction_id}_copy_{copy}" if copy else junction_id


def _copied_junction(row: Mapping[str, str], copy: int) -> dict[str, str]:
    return dict(row) | {
        "id": _in_copy(row["id"], copy),
        "admin_region": f"{row['admin_region']}, copy {copy}",
        "lon": repr(float(row["lon"]) + copy * DEGREES_APART),
        "has_un_camp": "0",
    }


def _road_between(
    at: Mapping[str, tuple[float, float]], like: Mapping[str, str], copy: int
) -> dict[str, str]:
    """A straight road from the copy before to this one."""
    (out_lat, out_lon), (in_lat, in_lon) = at[OUT], at[IN]
    length_km = great_circle_km(out_lat, out_lon, in_lat, in_lon + DEGREES_APART)
    return dict.fromkeys(like, "") | {
        "from": _in_copy(OUT, copy - 1),
        "to": _in_copy(IN, copy),
        "road": "between copies",
        "length_km": repr(length_km),
        "surface": "track",
        "free_speed_kmh": "30",
        "ferry": "0",
        "seasonal": "0",
        "confidence": "high",
    }


def _read(file: Path) -> Rows:
    with file.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _write(file: Path, rows: Iterable[Mapping[str, str]]) -> None:
    rows = list(rows)
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(words: list[str] | None = None) -> int:
    """Write it, and say how to use it."""
    asked = sys.argv[1:] if words is None else words
    folder = write_larger_network(Path(asked[0]) if asked else FOLDER)
    print(f"Written. Use it with: roads.name={folder.as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
