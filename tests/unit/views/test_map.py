"""The map says what it must, and no name covers another; a person looks at the rest."""

import math
from itertools import combinations, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text

from experiments.roads import show_roads
from sim.roads import load_network, theatre_names
from sim.roads.borders import load_borders
from sim.views import palette
from sim.views.map import (
    camp_extent,
    draw_roads,
    network_extent,
    segment_lines,
    value_extent,
)


@pytest.fixture(scope="module")
def northern_mali():
    return load_network("northern_mali")


@pytest.fixture(scope="module")
def road_map(northern_mali):
    return draw_roads(northern_mali)


def words(figure: Figure) -> list[Text]:
    """Names written on the map, with their places in pixels settled."""
    FigureCanvasAgg(figure).draw()
    return [text for text in figure.axes[0].texts if text.get_text()]


def box(figure: Figure, text: Text):
    renderer = figure.canvas.get_renderer()
    if isinstance(text, Annotation):
        text.update_positions(renderer)
    return Text.get_window_extent(text, renderer)


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    boxes = [(text.get_text(), box(figure, text)) for text in words(figure)]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if one.overlaps(other)]


@pytest.mark.parametrize("name", theatre_names())
def test_no_name_covers_another_or_leaves_the_map(name):
    figure = draw_roads(load_network(name))
    assert overlapping(figure) == []
    frame = figure.axes[0].get_window_extent()
    for text in words(figure):
        extent = box(figure, text)
        assert frame.x0 <= extent.x0 < extent.x1 <= frame.x1, text.get_text()
        assert frame.y0 <= extent.y0 < extent.y1 <= frame.y1, text.get_text()


def test_a_name_written_on_another_would_be_noticed(northern_mali):
    figure = draw_roads(northern_mali)
    figure.axes[0].text(-0.04, 16.4, "On top of Gao, and of Djebok too", ha="center")
    assert overlapping(figure)


def test_camps_rivers_countries_and_key_towns_are_named(road_map, northern_mali):
    named = {text.get_text() for text in words(road_map)}
    for camp in northern_mali.camps:
        assert northern_mali.graph.nodes[camp.node_id]["name"].split(" (")[0] in named
    assert {"Niger", "M A L I", "N I G E R", "A L G E R I A", "M A U R I T A N I A"} <= named
    assert {"B U R K I N A   F A S O", "200 km"} <= named
    assert {"Bourem", "Anéfis", "Konna", "Niafunké", "Ségou", "Mopti", "Labbezanga"} <= named
    places = {name.split(" (")[0] for _, name in northern_mali.graph.nodes(data="name")}
    n_places = len(places & named)
    assert n_places >= 105  # of 120; the rest stand too close together at this size


def test_legend_axes_and_credit_are_there(road_map):
    legend = {text.get_text() for text in road_map.legends[0].get_texts()}
    assert {"paved road", "gravel road", "track", "ferry", "camp of the mission"} <= legend
    axes = road_map.axes[0]
    assert "degrees" in axes.get_xlabel()
    assert "degrees" in axes.get_ylabel()
    assert any("GeoNames" in text.get_text() for text in road_map.texts)


def test_a_kilometre_east_is_as_long_on_paper_as_a_kilometre_north(road_map):
    axes = road_map.axes[0]
    FigureCanvasAgg(road_map).draw()
    middle = sum(axes.get_ylim()) / 2
    here = axes.transData.transform((0.0, middle))
    east = axes.transData.transform((1.0 / math.cos(math.radians(middle)), middle))
    north = axes.transData.transform((0.0, middle + 1.0))
    assert east[0] - here[0] == pytest.approx(north[1] - here[1], rel=1e-6)


def test_the_scale_bar_is_as_long_as_it_says(road_map):
    axes = road_map.axes[0]
    bar = next(line for line in axes.lines if line.get_color() == "black")
    degrees = bar.get_xdata().max() - bar.get_xdata().min()
    middle = sum(axes.get_ylim()) / 2
    km = degrees * math.cos(math.radians(middle)) * 2 * math.pi * 6371.0088 / 360
    assert km == pytest.approx(200.0, rel=1e-3)


def test_a_toy_has_no_borders_behind_it():
    assert not any(
        "M A L I" in text.get_text() for text in words(draw_roads(load_network("toy_grid")))
    )


def test_the_map_stays_within_the_shipped_borders(northern_mali):
    west, east, south, north = network_extent(northern_mali)
    corners = np.concatenate([ring for _, ring in load_borders().countries])
    assert corners[:, 0].min() <= west < east <= corners[:, 0].max()
    assert corners[:, 1].min() <= south < north <= corners[:, 1].max()


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_sequential_colours_grow_darker_all_the_way():
    shades = palette.sequential()(np.linspace(0, 1, 20))[:, :3] @ (0.2126, 0.7152, 0.0722)
    assert all(lighter > darker for lighter, darker in pairwise(shades))


def test_road_surfaces_differ_in_grey_print_too():
    """By lightness or by line style: a copy in grey still tells them apart."""
    looks = {
        (round(luminance(palette.ROAD_SURFACE[s]), 1), str(palette.ROAD_STYLE[s]))
        for s in palette.ROAD_SURFACE
    }
    assert len(looks) == 3


def test_the_command_prints_aligned_columns_with_units_and_writes_its_files(
    tmp_path, northern_mali
):
    parameters = SimpleNamespace(
        min_confidence="doubtful",
        wet_season_first_month=7,
        wet_season_last_month=12,
        wet_speed_factor=0.4,
        ferry_wait_h=2.0,
    )
    printed = show_roads(northern_mali, parameters, tmp_path / "roads")
    for expected in ("120", "190", "19,580 km", "1,205", "Length (km)", "Wet (h)", "July to Dec"):
        assert expected in printed
    lines = printed.splitlines()
    header = next(k for k, line in enumerate(lines) if line.startswith("From hub"))
    end = lines[header].index("Length (km)") + len("Length (km)")
    gao = next(line for line in lines[header:] if "Sévaré" in line and "Gao" in line)
    assert gao[:end].endswith(" 573")
    for name in ("roads.png", "corridors.csv", "corridors.md"):
        assert (tmp_path / "roads" / name).stat().st_size > 0


def test_the_map_of_values_holds_all_camps_and_every_piece_with_a_value(northern_mali):
    none = np.zeros(northern_mali.n_segments, dtype=bool)
    assert value_extent(northern_mali, none) == camp_extent(northern_mali)
    farthest = int(np.argmax(northern_mali.segments.longitude_deg))
    only = none.copy()
    only[farthest] = True
    west, east, south, north = value_extent(northern_mali, only)
    ends = segment_lines(northern_mali)[farthest]
    assert (ends > [west, south]).all()
    assert (ends < [east, north]).all()
    camps = camp_extent(northern_mali)
    assert (west <= camps[0], south <= camps[2], north >= camps[3]) == (True, True, True)
    assert east > camps[1]
