"""The tables of a theatre, read and checked: junctions, roads, camps, units, cells and rivers.

A theatre is a folder of CSV files. Everything is checked here, once; the rest of the program
trusts what it gets. Rows come back in a fixed order (by id, by name), so the order of rows in a
file changes nothing.
"""

import csv
import difflib
import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sim.data import data_path
from sim.earth import great_circle_km
from sim.errors import RoadError

SURFACES = ("paved", "gravel", "track")
"""In the order of the codes in a segment table: 0 paved, 1 gravel, 2 track."""

CONFIDENCES = ("doubtful", "low", "medium", "high")
"""From the least to the most certain link."""

JUNCTION_KINDS = ("town", "junction", "camp", "border", "sanctuary")

UNIT_TYPES = (
    "infantry",
    "force_protection",
    "combat_convoy",
    "eod",
    "engineer",
    "isr",
    "aviation",
    "support",
)

LENGTH_TOLERANCE = 0.005
"""A sphere overstates some distances by up to 0.56%; a length this much below it still passes."""

_SHARES_MUST_SUM_TO_WITHIN = 0.02

Value = TypeVar("Value")


@dataclass(frozen=True)
class Junction:
    """A town, a crossroads, a border post or a refuge area."""

    node_id: str
    name: str
    country: str
    region: str
    latitude_deg: float
    longitude_deg: float
    kind: str
    has_un_camp: bool
    population: int | None


@dataclass(frozen=True)
class Road:
    """A stretch of road between two junctions, driven both ways; `from_id` comes first by name."""

    from_id: str
    to_id: str
    road: str
    length_km: float
    surface: str
    free_speed_kph: float
    is_ferry: bool
    is_seasonal: bool
    confidence: str


@dataclass(frozen=True)
class CampRow:
    """A camp of the mission, the hub that supplies it (None: the source) and its share by year."""

    node_id: str
    sector: str
    supply_hub: str | None
    shares: Mapping[int, float]


@dataclass(frozen=True)
class UnitRow:
    """People of one contingent and one type at one camp."""

    camp: str
    contingent: str
    strength: int
    unit_type: str


@dataclass(frozen=True)
class CellRow:
    """An armed cell; without a home, one is drawn by key among the junctions of its region."""

    name: str
    group: str
    region: str
    home: str | None


@dataclass(frozen=True)
class GroupRow:
    """A group of cells and the regions on whose roads it acts."""

    name: str
    regions: tuple[str, ...]


@dataclass(frozen=True)
class River:
    """A river through its towns, downstream; only for orientation on maps and for ferries."""

    name: str
    junction_ids: tuple[str, ...]


@dataclass(frozen=True)
class Theatre:
    """All tables of one folder, checked by themselves and against each other."""

    name: str
    folder: Path
    junctions: tuple[Junction, ...]
    roads: tuple[Road, ...]
    camps: tuple[CampRow, ...]
    units: tuple[UnitRow, ...]
    cells: tuple[CellRow, ...]
    rivers: tuple[River, ...]
    groups: tuple[GroupRow, ...] = ()


def theatre_names() -> tuple[str, ...]:
    """The theatres that ship with the program.

    Examples
    --------
    >>> "northern_mali" in theatre_names()
    True
    """
    return tuple(
        sorted(path.name for path in data_path("roads").iterdir() if (path / "roads.csv").is_file())
    )


def theatre_folder(name: str) -> Path:
    """The folder of a shipped theatre, or the user's own folder when `name` is a path to one.

    Raises
    ------
    RoadError
        When `name` is neither.
    """
    if name in theatre_names():
        return data_path("roads", name)
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    raise RoadError(
        f"roads.name is {name!r}: no such theatre. Allowed: {', '.join(theatre_names())}, "
        "or the path of a folder with junctions.csv, roads.csv, camps.csv, units.csv and "
        f"cells.csv.{_did_you_mean(name, theatre_names())}"
    )


def read_theatre(name: str) -> Theatre:
    """Read and check every table of a theatre.

    Parameters
    ----------
    name : str
        A shipped theatre, or the path of a folder laid out like one.

    Raises
    ------
    RoadError
        At the first thing that is wrong: which file, which line, what is allowed, the way out.

    Examples
    --------
    >>> [road.length_km for road in read_theatre("toy_one_segment").roads]
    [10.0]
    """
    folder = theatre_folder(name)
    junctions = read_junctions(folder / "junctions.csv")
    regions = {junction.region for junction in junctions}
    ids = {junction.node_id for junction in junctions}
    roads = read_roads(folder / "roads.csv", junctions)
    camps = read_camps(folder / "camps.csv", ids)
    cells = read_cells(folder / "cells.csv", ids, regions)
    rivers_file = folder / "rivers.csv"
    groups_file = folder / "groups.csv"
    groups = {cell.group for cell in cells}
    return Theatre(
        name=name,
        folder=folder,
        junctions=junctions,
        roads=roads,
        camps=camps,
        units=read_units(folder / "units.csv", {camp.node_id for camp in camps}),
        cells=cells,
        rivers=read_rivers(rivers_file, ids) if rivers_file.is_file() else (),
        groups=read_groups(groups_file, groups, regions) if groups_file.is_file() else (),
    )


def read_junctions(file: Path) -> tuple[Junction, ...]:
    """Read `junctions.csv`, sorted by id."""
    rows = _read_rows(
        file,
        required=("id", "name", "country", "admin_region", "lat", "lon", "kind", "has_un_camp"),
        optional=(
            "population",
            "source",
            "geonames_id",
            "population_source",
            "un_camp_note",
            "note",
        ),
    )
    junctions = [
        Junction(
            node_id=row.identifier("id"),
            name=row.text("name"),
            country=row.text("country"),
            region=row.text("admin_region"),
            latitude_deg=row.number("lat", at_least=-90.0, at_most=90.0),
            longitude_deg=row.number("lon", at_least=-180.0, at_most=180.0),
            kind=row.choice("kind", JUNCTION_KINDS),
            has_un_camp=row.yes_or_no("has_un_camp"),
            population=row.whole("population", at_least=0) if row.has("population") else None,
        )
        for row in rows
    ]
    _refuse_duplicates(rows, [junction.node_id for junction in junctions], "junction")
    return tuple(sorted(junctions, key=lambda junction: junction.node_id))


def read_roads(file: Path, junctions: Iterable[Junction]) -> tuple[Road, ...]:
    """Read `roads.csv`, each road turned so that its ends are in alphabetical order, and sorted."""
    at = {junction.node_id: junction for junction in junctions}
    rows = _read_rows(
        file,
        required=(
            "from",
            "to",
            "road",
            "length_km",
            "surface",
            "free_speed_kmh",
            "ferry",
            "seasonal",
            "confidence",
        ),
        optional=("source", "length_basis", "gc_km", "ratio", "note"),
    )
    roads = []
    for row in rows:
        one = row.reference("from", at, "junctions.csv")
        other = row.reference("to", at, "junctions.csv")
        if one == other:
            raise row.error(
                "to", "a road that ends where it starts", "two different junctions", "drop the row"
            )
        low, high = sorted((one, other))
        length_km = row.number("length_km", above=0.0)
        straight_km = great_circle_km(
            at[low].latitude_deg,
            at[low].longitude_deg,
            at[high].latitude_deg,
            at[high].longitude_deg,
        )
        if length_km < straight_km * (1 - LENGTH_TOLERANCE):
            raise row.error(
                "length_km",
                f"{low} and {high} are {straight_km:.1f} km apart in a straight line, and no road "
                "is shorter",
                f"{straight_km:.1f} or more",
                "correct the length, or the coordinates of the two in junctions.csv",
            )
        roads.append(
            Road(
                from_id=low,
                to_id=high,
                road=row.text("road"),
                length_km=length_km,
                surface=row.choice("surface", SURFACES),
                free_speed_kph=row.number("free_speed_kmh", above=0.0, at_most=200.0),
                is_ferry=row.yes_or_no("ferry"),
                is_seasonal=row.yes_or_no("seasonal"),
                confidence=row.choice("confidence", CONFIDENCES),
            )
        )
    _refuse_duplicates(rows, [f"{road.from_id}-{road.to_id}" for road in roads], "road")
    return tuple(sorted(roads, key=lambda road: (road.from_id, road.to_id)))


def read_camps(file: Path, junction_ids: Collection[str]) -> tuple[CampRow, ...]:
    """Read `camps.csv`, sorted by junction; the hubs must lead every camp to a source of supply."""
    rows = _read_rows(
        file,
        required=("node_id", "sector", "supply_hub"),
        optional=("hub_basis",),
        patterns=(r"share_\d{4}",),
    )
    camps = []
    for row in rows:
        shares = {
            int(column.removeprefix("share_")): row.number(column, at_least=0.0, at_most=1.0)
            for column in row.values
            if column.startswith("share_")
        }
        camps.append(
            CampRow(
                node_id=row.reference("node_id", junction_ids, "junctions.csv"),
                sector=row.text("sector"),
                supply_hub=row.text("supply_hub") if row.has("supply_hub") else None,
                shares=dict(sorted(shares.items())),
            )
        )
    _refuse_duplicates(rows, [camp.node_id for camp in camps], "camp")
    hub_of = {camp.node_id: camp.supply_hub for camp in camps}
    for row, camp in zip(rows, camps, strict=True):
        if camp.supply_hub is not None and camp.supply_hub not in hub_of:
            row.reference("supply_hub", hub_of, "column node_id of this file")
        passed = [camp.node_id]
        hub = camp.supply_hub
        while hub is not None:
            if hub in passed:
                raise row.error(
                    "supply_hub",
                    f"supply goes round in a circle ({' <- '.join([*passed, hub])}), so nothing "
                    "ever enters it",
                    "hubs that lead to a camp with an empty supply_hub",
                    "leave supply_hub empty for the camp that is the source of supply",
                )
            passed.append(hub)
            hub = hub_of.get(hub)
    for year in sorted({year for camp in camps for year in camp.shares}):
        total = sum(camp.shares[year] for camp in camps)
        if abs(total - 1) > _SHARES_MUST_SUM_TO_WITHIN:
            raise RoadError(
                f"{file}: the shares of {year} sum to {total:.3f}: they are parts of one force. "
                f"Allowed: 1 within {_SHARES_MUST_SUM_TO_WITHIN}; correct column share_{year}."
            )
    return tuple(sorted(camps, key=lambda camp: camp.node_id))


def read_units(file: Path, camps: Collection[str]) -> tuple[UnitRow, ...]:
    """Read `units.csv`, sorted by camp, contingent and type."""
    rows = _read_rows(
        file,
        required=("camp", "contingent", "strength", "unit_type"),
        optional=("type_basis", "strength_basis"),
    )
    units = [
        UnitRow(
            camp=row.reference("camp", camps, "camps.csv"),
            contingent=row.text("contingent"),
            strength=row.whole("strength", at_least=1),
            unit_type=row.choice("unit_type", UNIT_TYPES),
        )
        for row in rows
    ]
    keys = [f"{unit.camp}/{unit.contingent}/{unit.unit_type}" for unit in units]
    _refuse_duplicates(rows, keys, "unit (camp, contingent and type)")
    return tuple(sorted(units, key=lambda unit: (unit.camp, unit.contingent, unit.unit_type)))


def read_cells(
    file: Path, junction_ids: Collection[str], regions: Collection[str]
) -> tuple[CellRow, ...]:
    """Read `cells.csv`, sorted by name."""
    rows = _read_rows(file, required=("name", "group", "region", "home"), may_be_empty=True)
    cells = [
        CellRow(
            name=row.identifier("name"),
            group=row.text("group"),
            region=row.reference("region", regions, "column admin_region of junctions.csv"),
            home=row.reference("home", junction_ids, "junctions.csv") if row.has("home") else None,
        )
        for row in rows
    ]
    _refuse_duplicates(rows, [cell.name for cell in cells], "cell")
    return tuple(sorted(cells, key=lambda cell: cell.name))


def read_groups(
    file: Path, groups: Collection[str], regions: Collection[str]
) -> tuple[GroupRow, ...]:
    """Read `groups.csv` (a theatre may have none), sorted by name: where each group acts."""
    rows = _read_rows(file, required=("name", "regions"), optional=("note",), may_be_empty=True)
    read = [
        GroupRow(
            name=row.reference("name", groups, "column group of cells.csv"),
            regions=row.references("regions", regions, "column admin_region of junctions.csv"),
        )
        for row in rows
    ]
    _refuse_duplicates(rows, [group.name for group in read], "group")
    return tuple(sorted(read, key=lambda group: group.name))


def read_rivers(file: Path, junction_ids: Collection[str]) -> tuple[River, ...]:
    """Read `rivers.csv` (a theatre may have none): towns by their position along each river."""
    rows = _read_rows(file, required=("river", "position", "junction"))
    stops = [
        (
            row.text("river"),
            row.whole("position", at_least=1),
            row.reference("junction", junction_ids, "junctions.csv"),
        )
        for row in rows
    ]
    _refuse_duplicates(rows, [f"{name}, position {at}" for name, at, _ in stops], "river town")
    stops.sort()
    return tuple(
        River(name, tuple(junction for river, _, junction in stops if river == name))
        for name in sorted({name for name, _, _ in stops})
    )


@dataclass(frozen=True)
class _Row:
    """One line of a table, which knows where it stands."""

    file: Path
    line: int
    values: Mapping[str, str]

    def error(
        self, column: str, wrong: str, allowed: str, way_out: str, hint: str = ""
    ) -> RoadError:
        return RoadError(
            f"{self.file}, line {self.line}: {column} is {self.values[column]!r}: {wrong}. "
            f"Allowed: {allowed}; {way_out}.{hint}"
        )

    def has(self, column: str) -> bool:
        return bool(self.values.get(column, ""))

    def text(self, column: str) -> str:
        if not self.has(column):
            raise self.error(column, "it is empty", "a text", "fill it in")
        return self.values[column]

    def identifier(self, column: str) -> str:
        value = self.text(column)
        if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", value):
            raise self.error(
                column,
                "keys of chance and names of files are made from it",
                "lower-case letters without accents, digits and single underscores",
                "rename it in every table; the name column may hold the usual spelling",
            )
        return value

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        value = self.text(column)
        if value not in allowed:
            raise self.error(
                column,
                f"not a known {column}",
                ", ".join(allowed),
                "use one of these",
                _did_you_mean(value, allowed),
            )
        return value

    def reference(self, column: str, known: Collection[str], where: str) -> str:
        value = self.text(column)
        if value not in known:
            raise self.error(
                column,
                f"not in {where}",
                f"a name found in {where}",
                "correct it, or add it there",
                _did_you_mean(value, known),
            )
        return value

    def references(self, column: str, known: Collection[str], where: str) -> tuple[str, ...]:
        """Several names with semicolons between them, sorted."""
        names = [name.strip() for name in self.text(column).split(";")]
        for name in names:
            if name not in known:
                raise self.error(
                    column,
                    f"{name!r} is not in {where}",
                    f"names found in {where}, with semicolons between them",
                    "correct it, or add it there",
                    _did_you_mean(name, known),
                )
        return tuple(sorted(set(names)))

    def yes_or_no(self, column: str) -> bool:
        value = self.text(column)
        if value not in ("0", "1"):
            raise self.error(column, "neither yes nor no", "0 (no) or 1 (yes)", "use one of these")
        return value == "1"

    def whole(self, column: str, at_least: int) -> int:
        return int(self._parsed(column, int, f"a whole number, {at_least} or more", at_least))

    def number(
        self,
        column: str,
        at_least: float = -math.inf,
        above: float = -math.inf,
        at_most: float = math.inf,
    ) -> float:
        parts = [
            f"{at_least:g} or more" if at_least > -math.inf else "",
            f"more than {above:g}" if above > -math.inf else "",
            f"{at_most:g} or less" if at_most < math.inf else "",
        ]
        allowed = ", ".join(["a number", *(part for part in parts if part)])
        return self._parsed(column, float, allowed, at_least, above, at_most)

    def _parsed(
        self,
        column: str,
        parse: Callable[[str], float],
        allowed: str,
        at_least: float,
        above: float = -math.inf,
        at_most: float = math.inf,
    ) -> float:
        value = self.text(column)
        try:
            number = parse(value)
        except ValueError:
            raise self.error(column, "not such a number", allowed, "correct it") from None
        if not (math.isfinite(number) and at_least <= number <= at_most and number > above):
            raise self.error(column, "out of range", allowed, "correct it")
        return number


def _read_rows(
    file: Path,
    required: tuple[str, ...],
    optional: tuple[str, ...] = (),
    patterns: tuple[str, ...] = (),
    may_be_empty: bool = False,
) -> list[_Row]:
    """Lines of a CSV file with exactly the columns that are known."""
    known = [*required, *optional]
    try:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            reader = csv.reader(lines)
            header = [column.strip() for column in next(reader, [])]
            numbered = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if row]
    except FileNotFoundError:
        raise RoadError(
            f"{file} does not exist: a theatre needs this table. Allowed columns: "
            f"{', '.join(known)}; copy a shipped theatre from {data_path('roads')} to start from."
        ) from None
    except UnicodeDecodeError as error:
        raise RoadError(
            f"{file} is not UTF-8 (byte {error.start}): names with accents would be garbled. "
            "Allowed: comma-separated UTF-8; save it so (in a spreadsheet: CSV UTF-8)."
        ) from None
    repeated = sorted({column for column in header if header.count(column) > 1})
    missing = [column for column in required if column not in header]
    unknown = [
        column
        for column in header
        if column not in known and not any(re.fullmatch(pattern, column) for pattern in patterns)
    ]
    for columns, wrong in (
        (unknown, "unknown column"),
        (missing, "missing column"),
        (repeated, "repeated column"),
    ):
        if columns:
            hint = _did_you_mean(columns[0], known) if columns is unknown else ""
            raise RoadError(
                f"{file}: {wrong} {', '.join(map(repr, columns))}. Needed: {', '.join(required)}; "
                f"also allowed: {', '.join([*optional, *patterns]) or 'none'}. "
                f"Correct the first line.{hint}"
            )
    for line, row in numbered:
        if len(row) != len(header):
            raise RoadError(
                f"{file}, line {line}: {len(row)} values under {len(header)} columns. Allowed: "
                'one value a column; put a text that holds a comma in double quotes ("a, b").'
            )
    if not numbered and not may_be_empty:
        raise RoadError(f"{file} has no rows below its header. Allowed: one or more; add them.")
    return [_Row(file, line, dict(zip(header, row, strict=True))) for line, row in numbered]


def _refuse_duplicates(rows: list[_Row], keys: list[str], what: str) -> None:
    first_line: dict[str, int] = {}
    for row, key in zip(rows, keys, strict=True):
        if key in first_line:
            raise RoadError(
                f"{row.file}, line {row.line}: {what} {key!r} stands already in line "
                f"{first_line[key]}. Allowed: each once; drop or merge one of the two rows."
            )
        first_line[key] = row.line


def _did_you_mean(value: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(value, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
