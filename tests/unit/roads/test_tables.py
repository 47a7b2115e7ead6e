"""Every check of the readers is shown to fail on a table with exactly that fault."""

import csv
import shutil
from pathlib import Path

import pytest

from sim.data import data_path
from sim.errors import RoadError
from sim.roads.network import load_network
from sim.roads.tables import read_theatre, theatre_names


@pytest.fixture
def triangle(tmp_path: Path) -> Path:
    """A copy of the toy triangle that a test may spoil."""
    return Path(shutil.copytree(data_path("roads", "toy_triangle"), tmp_path / "triangle"))


def edit(folder: Path, table: str, line: int, column: str, value: str) -> None:
    """Set one value; line 2 is the first row below the header."""
    file = folder / f"{table}.csv"
    with file.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines))
    rows[line - 1][rows[0].index(column)] = value
    with file.open("w", newline="", encoding="utf-8") as lines:
        csv.writer(lines, lineterminator="\n").writerows(rows)


def replace(folder: Path, table: str, old: str, new: str) -> None:
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(folder: Path, table: str, line: str) -> None:
    with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


VALUE_FAULTS = [
    ("junctions", 2, "id", "East Town", "lower-case letters"),
    ("junctions", 2, "id", "", "it is empty"),
    ("junctions", 3, "id", "east", "stands already in line 2"),
    ("junctions", 2, "name", "", "it is empty"),
    ("junctions", 2, "lat", "91", "out of range"),
    ("junctions", 2, "lat", "nan", "out of range"),
    ("junctions", 2, "lon", "east", "not such a number"),
    ("junctions", 2, "kind", "twon", "Did you mean 'town'"),
    ("junctions", 2, "has_un_camp", "yes", "0 (no) or 1 (yes)"),
    ("junctions", 2, "population", "-1", "out of range"),
    ("junctions", 2, "population", "1.5", "not such a number"),
    ("roads", 2, "to", "eaast", "add it there. Did you mean 'east'?"),
    ("roads", 2, "from", "nowhere", "not in junctions.csv"),
    ("roads", 2, "to", "west", "ends where it starts"),
    ("roads", 2, "length_km", "29.8", "30.0 km apart in a straight line"),
    ("roads", 2, "length_km", "inf", "out of range"),
    ("roads", 2, "length_km", "0", "more than 0"),
    ("roads", 2, "surface", "asphalt", "paved, gravel, track"),
    ("roads", 2, "free_speed_kmh", "0", "more than 0"),
    ("roads", 2, "free_speed_kmh", "201", "200 or less"),
    ("roads", 2, "ferry", "2", "0 (no) or 1 (yes)"),
    ("roads", 2, "seasonal", "", "it is empty"),
    ("roads", 2, "confidence", "certain", "doubtful, low, medium, high"),
    ("camps", 2, "node_id", "south", "not in junctions.csv"),
    ("camps", 3, "node_id", "west", "stands already in line 2"),
    ("camps", 3, "supply_hub", "east", "not in column node_id"),
    ("camps", 3, "supply_hub", "north", "round in a circle (north <- north)"),
    ("camps", 2, "supply_hub", "north", "round in a circle (west <- north <- west)"),
    ("camps", 2, "share_2015", "1.2", "1 or less"),
    ("camps", 2, "share_2015", "0.9", "shares of 2015 sum to 1.300"),
    ("units", 2, "camp", "east", "not in camps.csv"),
    ("units", 2, "strength", "0", "1 or more"),
    ("units", 2, "strength", "many", "not such a number"),
    ("units", 2, "unit_type", "infantery", "Did you mean 'infantry'"),
    ("cells", 2, "region", "Plane", "Did you mean 'Plain'"),
    ("cells", 2, "home", "south", "not in junctions.csv"),
    ("cells", 3, "name", "cell_01", "stands already in line 2"),
    ("cells", 2, "group", "", "it is empty"),
]


@pytest.mark.parametrize(("table", "line", "column", "value", "said"), VALUE_FAULTS)
def test_a_wrong_value_is_refused_with_its_place(triangle, table, line, column, value, said):
    read_theatre(str(triangle))
    edit(triangle, table, line, column, value)
    with pytest.raises(RoadError) as caught:
        read_theatre(str(triangle))
    message = str(caught.value)
    assert said in message
    assert f"{table}.csv" in message
    assert "Allowed: " in message


def test_every_column_that_is_read_has_a_planted_fault():
    planted = {(table, column) for table, _, column, _, _ in VALUE_FAULTS}
    free_texts = {
        ("junctions", "country"),
        ("junctions", "admin_region"),
        ("roads", "road"),
        ("camps", "sector"),
        ("camps", "hub_basis"),
        ("camps", "share_2014"),  # read like share_2015
        ("camps", "share_2016"),
        ("units", "contingent"),
        ("units", "type_basis"),
        ("units", "strength_basis"),
    }
    for table in ("junctions", "roads", "camps", "units", "cells"):
        file = data_path("roads", "toy_triangle", f"{table}.csv")
        header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
        assert {(table, column) for column in header} <= planted | free_texts


@pytest.mark.parametrize("table", ["junctions", "roads", "camps", "units", "cells"])
class TestShapeOfATable:
    def test_an_unknown_column_is_refused(self, triangle, table):
        file = triangle / f"{table}.csv"
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join([lines[0] + ",colour", *(f"{r},red" for r in lines[1:])]))
        with pytest.raises(RoadError, match=r"unknown column 'colour'"):
            read_theatre(str(triangle))

    def test_a_misspelt_column_is_named_with_the_right_one(self, triangle, table):
        file = triangle / f"{table}.csv"
        header, rest = file.read_text(encoding="utf-8").split("\n", 1)
        first = header.split(",")[0]
        file.write_text(header.replace(first, first + "s", 1) + "\n" + rest, encoding="utf-8")
        with pytest.raises(RoadError, match=f"unknown column '{first}s'.*Did you mean '{first}'"):
            read_theatre(str(triangle))

    def test_a_missing_column_is_refused(self, triangle, table):
        file = triangle / f"{table}.csv"
        rows = [line.split(",", 1) for line in file.read_text(encoding="utf-8").splitlines()]
        file.write_text("\n".join(rest for _, rest in rows), encoding="utf-8")
        with pytest.raises(RoadError, match=f"missing column '{rows[0][0]}'"):
            read_theatre(str(triangle))

    def test_a_repeated_column_is_refused(self, triangle, table):
        file = triangle / f"{table}.csv"
        rows = [f"{r},{r.split(',')[0]}" for r in file.read_text(encoding="utf-8").splitlines()]
        file.write_text("\n".join(rows), encoding="utf-8")
        with pytest.raises(RoadError, match=r"repeated column"):
            read_theatre(str(triangle))

    def test_a_row_with_too_many_values_is_refused(self, triangle, table):
        append(triangle, table, "a,b,c,d,e,f,g,h,i,j,k,l")
        with pytest.raises(RoadError, match=r"12 values under"):
            read_theatre(str(triangle))

    def test_a_missing_table_is_refused(self, triangle, table):
        (triangle / f"{table}.csv").unlink()
        with pytest.raises(RoadError, match=f"{table}.csv does not exist"):
            read_theatre(str(triangle))

    def test_a_table_that_is_not_utf8_is_refused(self, triangle, table):
        file = triangle / f"{table}.csv"
        file.write_bytes(file.read_bytes() + "é".encode("latin-1"))
        with pytest.raises(RoadError, match="not UTF-8"):
            read_theatre(str(triangle))

    def test_a_byte_order_mark_from_a_spreadsheet_is_accepted(self, triangle, table):
        file = triangle / f"{table}.csv"
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
        read_theatre(str(triangle))


def test_a_table_without_rows_is_refused_except_for_cells(triangle):
    for table in ("cells", "roads"):
        file = triangle / f"{table}.csv"
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
        if table == "cells":
            assert read_theatre(str(triangle)).cells == ()
    with pytest.raises(RoadError, match=r"roads.csv has no rows"):
        read_theatre(str(triangle))


def test_the_same_road_given_in_the_other_direction_is_a_duplicate(triangle):
    append(triangle, "roads", "east,west,South road,31.0,paved,60,0,0,high")
    with pytest.raises(RoadError, match=r"road 'east-west' stands already in line 2"):
        read_theatre(str(triangle))


def test_a_unit_that_stands_twice_is_refused(triangle):
    append(triangle, "units", "west,First,10,infantry,toy,toy")
    with pytest.raises(RoadError, match=r"west/First/infantry"):
        read_theatre(str(triangle))


def test_a_length_a_hair_below_the_great_circle_passes(triangle):
    edit(triangle, "roads", 2, "length_km", "29.9")  # 0.3% below 30.0
    read_theatre(str(triangle))


def test_a_river_through_an_unknown_town_is_refused(triangle):
    (triangle / "rivers.csv").write_text("river,position,junction\nRiver,1,noth\n")
    with pytest.raises(RoadError, match=r"Did you mean 'north'"):
        read_theatre(str(triangle))


def test_two_towns_at_one_place_of_a_river_are_refused(triangle):
    (triangle / "rivers.csv").write_text("river,position,junction\nRiver,1,north\nRiver,1,east\n")
    with pytest.raises(RoadError, match=r"River, position 1"):
        read_theatre(str(triangle))


def test_a_misspelt_theatre_is_named_with_the_right_one():
    with pytest.raises(RoadError, match=r"roads.name is 'toy_triangel'.*Did you mean 'toy_tri"):
        load_network("toy_triangel")


@pytest.mark.parametrize("name", theatre_names())
def test_every_shipped_theatre_is_valid_and_has_all_five_tables(name):
    theatre = read_theatre(name)
    assert theatre.junctions
    assert theatre.roads
    assert theatre.camps
    assert theatre.units
    assert theatre.cells
    assert sum(camp.supply_hub is None for camp in theatre.camps) == 1


def test_northern_mali_is_the_published_table():
    theatre = read_theatre("northern_mali")
    assert len(theatre.junctions) == 120
    assert len(theatre.roads) == 190
    assert sum(road.length_km for road in theatre.roads) == pytest.approx(19_580, abs=0.5)
    assert len(theatre.camps) == 15
    assert len(theatre.cells) == 24
    assert sum(cell.region == "Kidal" for cell in theatre.cells) == 18


# Groups with areas.


def with_groups(folder: Path, *lines: str) -> Path:
    (folder / "groups.csv").write_text("\n".join(["name,regions,note", *lines, ""]))
    return folder


def test_a_theatre_without_a_table_of_groups_has_none(triangle):
    assert read_theatre(str(triangle)).groups == ()


def test_groups_are_read_with_their_regions_in_order():
    groups = {group.name: group.regions for group in read_theatre("northern_mali").groups}
    assert groups["gao_menaka"] == ("Gao", "Ménaka", "Tillabéri")
    cells = read_theatre("northern_mali").cells
    assert {cell.group for cell in cells} == set(groups)
    assert all(cell.region in groups[cell.group] for cell in cells)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("toi,Plain,", "Did you mean 'toy'"),
        ("toy,Plain;Plane,", "'Plane' is not in column admin_region"),
        ("toy,,", "it is empty"),
    ],
)
def test_a_fault_in_the_table_of_groups_is_told(triangle, line, told):
    with pytest.raises(RoadError, match=r"groups\.csv, line 2") as error:
        read_theatre(str(with_groups(triangle, line)))
    assert told in str(error.value)


def test_a_group_that_stands_twice_is_refused(triangle):
    with pytest.raises(RoadError, match="stands already in line 2"):
        read_theatre(str(with_groups(triangle, "toy,Plain,", "toy,Plain,")))
