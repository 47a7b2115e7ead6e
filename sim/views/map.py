"""Maps: the road network on the shipped borders, and values by piece of road upon it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Polygon
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.ticker import MultipleLocator
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray

from sim.earth import great_circle_km
from sim.roads.borders import Borders, load_borders
from sim.roads.network import RoadNetwork
from sim.roads.tables import SURFACES
from sim.views import palette
from sim.views.labels import Label, LabelPlacer, Writing

Extent = tuple[float, float, float, float]
"""West, east, south and north edge of a map, in degrees."""

_HOME_COUNTRY = "Mali"
CREDIT = "Places: GeoNames (CC BY 4.0). Borders: Natural Earth. Roads are straight between places."


def network_extent(network: RoadNetwork, margin: float = 0.06) -> Extent:
    """The smallest map that shows every junction, with a margin as a share of its size."""
    west, east, south, north = _padded(
        network.junction_longitude_deg, network.junction_latitude_deg, margin
    )
    if not _has_borders(network):
        return _padded(network.junction_longitude_deg, network.junction_latitude_deg, 2 * margin)
    corner = np.concatenate([ring for _, ring in load_borders().countries])
    (w, s), (e, n) = corner.min(axis=0), corner.max(axis=0)
    return max(west, float(w)), min(east, float(e)), max(south, float(s)), min(north, float(n))


def camp_extent(network: RoadNetwork, margin: float = 0.12) -> Extent:
    """The smallest map that shows every camp, with a margin: the part where the mission drives."""
    camps = [network.junction_index[camp.node_id] for camp in network.camps]
    return _padded(
        network.junction_longitude_deg[camps], network.junction_latitude_deg[camps], margin
    )


def value_extent(network: RoadNetwork, has_value: ArrayLike, margin: float = 0.06) -> Extent:
    """The smallest map that shows every camp, with a wider margin, and every piece with a value.

    Parameters
    ----------
    network : RoadNetwork
        A toy is shown whole.
    has_value : bool[n_segments]
    margin : float, as a share of the size of the map
    """
    if not _has_borders(network):
        return network_extent(network, margin)
    lines = segment_lines(network)
    shown = [lines[segment] for segment in np.flatnonzero(np.asarray(has_value, dtype=np.bool_))]
    camps = camp_extent(network)
    if not shown:
        return camps
    (west, south), (east, north) = (end(np.concatenate(shown), axis=0) for end in (np.min, np.max))
    room = margin * max(east - west, north - south, 0.05)
    return (
        min(camps[0], float(west - room)),
        max(camps[1], float(east + room)),
        min(camps[2], float(south - room)),
        max(camps[3], float(north + room)),
    )


@dataclass(frozen=True)
class MapNames:
    """What is written on a map, and where: another map of the same extent and size can have it."""

    scale_at: tuple[float, float]
    """Left and lower end of the scale bar, degrees."""
    writings: tuple[Writing, ...]


def draw_base_map(
    axes: Axes,
    network: RoadNetwork,
    extent: Extent | None = None,
    is_road_shown_by_surface: bool = True,
    has_town_names: bool = True,
    like: MapNames | None = None,
) -> MapNames:
    """Draw borders, rivers, roads, camps and towns, a scale bar, and axes in degrees.

    Parameters
    ----------
    axes : Axes
        Empty, and in its final place: names are placed for the size that it has now.
    network : RoadNetwork
    extent : (west, east, south, north), degrees; by default all of the network
    is_road_shown_by_surface : bool
        False draws all roads in one quiet grey, as a ground for values.
    has_town_names : bool
        False names the camps only.
    like : MapNames, optional
        What this gave for another map of the same extent and size, which spares the search for
        places of names.

    Returns
    -------
    MapNames
    """
    west, east, south, north = extent = extent or network_extent(network)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    middle_deg = (south + north) / 2
    axes.set_aspect(1 / math.cos(math.radians(middle_deg)), adjustable="box")
    _draw_degrees(axes, extent)
    borders = load_borders() if _has_borders(network) else Borders((), ())
    axes.set_facecolor(palette.LAND_OF_INTEREST)
    _draw_borders(axes, borders)
    rivers = {river.name: _river_course(network, river.junction_ids) for river in network.rivers}
    for course in rivers.values():
        axes.plot(
            *course.T,
            color=palette.RIVER,
            linewidth=3.2,
            alpha=0.75,
            solid_capstyle="round",
            solid_joinstyle="round",
            zorder=2,
        )
    roads = _edge_lines(network)
    if is_road_shown_by_surface:
        _draw_roads_by_surface(axes, network, roads)
    else:
        axes.add_collection(
            LineCollection(roads, colors=palette.ROAD_BEHIND_VALUES, linewidths=0.9, zorder=3),
            autolim=False,
        )
    _draw_places(axes, network)
    if like is None:
        placer = LabelPlacer(axes, [*roads, *rivers.values()])
        scale_at = _name_everything(
            axes, network, placer, extent, borders, rivers, roads, has_town_names
        )
        return MapNames(scale_at, tuple(placer.written))
    axes.apply_aspect()
    _draw_scale_bar(axes, extent, *like.scale_at)
    for writing in like.writings:
        writing.on(axes)
    return like


def draw_roads(network: RoadNetwork, extent: Extent | None = None) -> Figure:
    """The map of a network: roads by surface, season and ferry, camps, towns, rivers, borders."""
    figure, axes = _map_figure(network, extent)
    draw_base_map(axes, network, extent)
    total_km = float(network.edge_length_km.sum())
    axes.set_title(
        f"{network.name}: {network.n_junctions} junctions, roads between them: {network.n_edges}, "
        f"{total_km:,.0f} km, in {network.n_segments:,} pieces",
        fontsize=12,
        loc="left",
    )
    figure.legend(
        handles=road_legend(network),
        loc="lower center",
        bbox_to_anchor=(0.5, 0.22 / figure.get_figheight()),
        ncols=5,
        frameon=False,
        fontsize=9,
        handlelength=2.6,
        columnspacing=2.0,
    )
    if _has_borders(network):
        figure.text(0.99, 0.008, CREDIT, fontsize=7, color="#666666", ha="right", va="bottom")
    return figure


def road_legend(network: RoadNetwork) -> list[Line2D | Patch]:
    """What the lines and signs of `draw_roads` mean, only those that occur."""
    segments = network.segments
    handles: list[Line2D | Patch] = [
        _road_handle(surface, f"{surface} road" if surface != "track" else "track")
        for code, surface in enumerate(SURFACES)
        if (segments.surface == code).any()
    ]
    if segments.is_seasonal.any():
        handles.append(
            Line2D([], [], color=palette.SEASONAL, linewidth=7, label="seasonal (slow in the wet)")
        )
    if segments.is_ferry.any():
        handles.append(_sign("D", "white", 6, "ferry", edge=palette.BLUE))
    if network.rivers:
        names = " and ".join(river.name for river in reversed(network.rivers))
        handles.append(
            Line2D(
                [],
                [],
                color=palette.RIVER,
                linewidth=3.2,
                alpha=0.75,
                label=f"{names} (through river towns)",
            )
        )
    handles.append(_sign("s", palette.CAMP, 8, "camp of the mission"))
    handles.append(_sign("o", "white", 4, "town or junction", edge=palette.TOWN))
    if (_kinds(network) == "sanctuary").any():
        handles.append(_sign("^", "white", 5, "refuge area", edge=palette.TOWN))
    return handles


def _map_figure(network: RoadNetwork, extent: Extent | None) -> tuple[Figure, Axes]:
    """A figure in the shape of the map, with room below for the legend."""
    west, east, south, north = extent or network_extent(network)
    width_over_height = (
        (east - west) * math.cos(math.radians((south + north) / 2)) / (north - south)
    )
    width, left, right, below, above = 12.0, 0.95, 0.2, 1.35, 0.45
    map_width = width - left - right
    map_height = min(max(map_width / width_over_height, 3.0), 12.0)
    height = map_height + below + above
    figure = Figure(figsize=(width, height), dpi=150, facecolor="white")
    axes = figure.add_axes((left / width, below / height, map_width / width, map_height / height))
    return figure, axes


def _has_borders(network: RoadNetwork) -> bool:
    """Whether the network lies in countries whose borders ship; toy networks do not."""
    countries = {country for _, country in network.graph.nodes(data="country")}
    return bool(countries & {name for name, _ in load_borders().countries})


def _padded(
    longitude_deg: NDArray[np.float64], latitude_deg: NDArray[np.float64], margin: float
) -> Extent:
    west, east = float(longitude_deg.min()), float(longitude_deg.max())
    south, north = float(latitude_deg.min()), float(latitude_deg.max())
    room = margin * max(east - west, north - south, 0.05)
    # A network on one line still gets a map with some height.
    thin_x = max(0.0, (0.45 * (north - south) - (east - west)) / 2)
    thin_y = max(0.0, (0.45 * (east - west) - (north - south)) / 2)
    return west - room - thin_x, east + room + thin_x, south - room - thin_y, north + room + thin_y


def _draw_degrees(axes: Axes, extent: Extent) -> None:
    west, east, south, north = extent
    size_deg = max(east - west, north - south)
    step_deg = next(
        step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if size_deg / step <= 8
    )
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MultipleLocator(step_deg))
    axes.tick_params(labelsize=9, length=3)
    axes.xaxis.set_major_formatter(lambda at, _: _degrees(at, "E", "W"))
    axes.yaxis.set_major_formatter(lambda at, _: _degrees(at, "N", "S"))
    axes.set_xlabel("Longitude (degrees)", fontsize=10)
    axes.set_ylabel("Latitude (degrees)", fontsize=10)
    axes.set_axisbelow(True)


def _degrees(at_deg: float, positive: str, negative: str) -> str:
    rounded = round(at_deg, 6)
    return f"{abs(rounded):g}°{positive if rounded > 0 else negative if rounded < 0 else ''}"


def _draw_borders(axes: Axes, borders: Borders) -> None:
    for name, ring in borders.countries:
        is_home = name == _HOME_COUNTRY
        # Added without a look at its limits, which takes long for a border: those of the map stand.
        axes.add_artist(
            Polygon(
                ring,
                facecolor=palette.LAND_OF_INTEREST if is_home else palette.LAND,
                edgecolor=palette.BORDER,
                linewidth=1.0,
                zorder=1,
            )
        )
    for line in borders.region_lines:
        axes.plot(*line.T, color=palette.REGION_LINE, linewidth=0.7, linestyle=":", zorder=1.5)


def _draw_roads_by_surface(
    axes: Axes, network: RoadNetwork, roads: Sequence[NDArray[np.float64]]
) -> None:
    data = sorted(network.graph.edges(data=True), key=lambda edge: edge[2]["index"])
    seasonal = [line for line, (_, _, edge) in zip(roads, data, strict=True) if edge["is_seasonal"]]
    axes.add_collection(
        LineCollection(
            seasonal, colors=palette.SEASONAL, linewidths=7, capstyle="round", zorder=2.5
        ),
        autolim=False,
    )
    for surface in reversed(SURFACES):  # paved roads on top
        lines = [
            line for line, (_, _, e) in zip(roads, data, strict=True) if e["surface"] == surface
        ]
        axes.add_collection(
            LineCollection(
                lines,
                colors=palette.ROAD_SURFACE[surface],
                linewidths=palette.ROAD_WIDTH[surface],
                linestyles=[palette.ROAD_STYLE[surface]],
                zorder=3,
            ),
            autolim=False,
        )
    ferries = np.flatnonzero(network.segments.is_ferry)
    axes.scatter(
        network.segments.longitude_deg[ferries],
        network.segments.latitude_deg[ferries],
        s=30,
        marker="D",
        c="white",
        edgecolors=palette.BLUE,
        linewidths=1.3,
        zorder=4,
    )


def _draw_places(axes: Axes, network: RoadNetwork) -> None:
    is_camp = _is_camp(network)
    is_refuge = (_kinds(network) == "sanctuary") & ~is_camp
    for shown, size, marker, face, edge in (
        (~is_camp & ~is_refuge, 11, "o", "white", palette.TOWN),
        (is_refuge, 24, "^", "white", palette.TOWN),
        (is_camp, 52, "s", palette.CAMP, "white"),
    ):
        axes.scatter(
            network.junction_longitude_deg[shown],
            network.junction_latitude_deg[shown],
            s=size,
            marker=marker,
            c=face,
            edgecolors=edge,
            linewidths=0.9,
            zorder=8 if marker == "s" else 5,
        )


def _name_everything(
    axes: Axes,
    network: RoadNetwork,
    placer: LabelPlacer,
    extent: Extent,
    borders: Borders,
    rivers: Mapping[str, NDArray[np.float64]],
    roads: Sequence[NDArray[np.float64]],
    has_town_names: bool,
) -> tuple[float, float]:
    """Camps first, then the scale, rivers, towns from the best connected on, and countries.

    Returns where the scale stands.
    """
    west, east, south, north = extent
    is_camp = _is_camp(network)
    x, y = network.junction_longitude_deg, network.junction_latitude_deg
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    for junction in np.flatnonzero(inside):
        placer.keep_free_point(x[junction], y[junction], 4.5 if is_camp[junction] else 2.2)
    scale_at = _place_of_scale_bar(axes, placer, extent)
    placer.keep_free(_draw_scale_bar(axes, extent, *scale_at))
    for junction in np.flatnonzero(inside & is_camp):
        placer.place(
            Label(
                _short_name(network, int(junction)),
                float(x[junction]),
                float(y[junction]),
                size_points=10.5,
                weight="bold",
                colour="#003E63",
                is_required=True,
            )
        )
    for name, course in rivers.items():
        _name_river(axes, placer, name, course, extent)
    _name_countries(axes, placer, borders, extent, np.column_stack([x, y]), roads)
    if not has_town_names:
        return scale_at
    n_roads = np.diff(network.adjacency_start)
    population = np.array(
        [network.graph.nodes[node]["population"] or 0 for node in network.junction_ids]
    )
    ranks = np.lexsort((np.array(network.junction_ids), -population, -n_roads))
    for junction in ranks:
        if inside[junction] and not is_camp[junction]:
            placer.place(
                Label(
                    _short_name(network, int(junction)),
                    float(x[junction]),
                    float(y[junction]),
                    size_points=7.5,
                    colour=palette.TOWN,
                )
            )
    return scale_at


def _name_river(
    axes: Axes, placer: LabelPlacer, name: str, course: NDArray[np.float64], extent: Extent
) -> None:
    """Write the name of a river along it, at the place where least is covered."""
    _, _, south, north = extent
    stretch = math.cos(math.radians((south + north) / 2))
    best: tuple[float, Writing, Text] | None = None
    for k in range(4, len(course) - 4, 2):
        (x0, y0), (x1, y1) = course[k - 4], course[k + 4]
        here_x, here_y = course[k]
        angle_deg = math.degrees(math.atan2(y1 - y0, (x1 - x0) * stretch))
        upright_deg = (angle_deg + 90) % 180 - 90
        for side in (1, -1):
            across = math.radians(upright_deg + 90 * side)
            style = dict(
                xytext=(9 * math.cos(across), 9 * math.sin(across)),
                textcoords="offset points",
                rotation=upright_deg,
                rotation_mode="anchor",
                ha="center",
                va="center",
                fontsize=9.5,
                fontstyle="italic",
                color="#1B6FA3",
                path_effects=[withStroke(linewidth=2.0, foreground="white", alpha=0.8)],
                zorder=9,
            )
            writing = Writing("annotate", name, (float(here_x), float(here_y)), style)
            text = writing.on(axes)
            box = placer.extent(text)
            empty_pixels = min(placer.pixels_to_nearest_point(box), 60.0)
            cost = placer.crossings(box) + 0.05 * abs(upright_deg) - 0.3 * empty_pixels
            if placer.is_free(box) and (best is None or cost < best[0]):
                if best is not None:
                    best[2].remove()
                best = (cost, writing, text)
            else:
                text.remove()
    if best is not None:
        placer.keep_writing(*best[1:])


def _name_countries(
    axes: Axes,
    placer: LabelPlacer,
    borders: Borders,
    extent: Extent,
    places: NDArray[np.float64],
    roads: Sequence[NDArray[np.float64]],
) -> None:
    """Write each country's name where its visible part is widest and emptiest."""
    west, east, south, north = extent
    grid_x, grid_y = np.meshgrid(np.linspace(west, east, 60), np.linspace(south, north, 60))
    grid = np.column_stack([grid_x.ravel(), grid_y.ravel()])
    along_roads = [line[0] + (line[-1] - line[0]) * k / 10 for line in roads for k in range(11)]
    busy = np.concatenate([places, np.array(along_roads)])
    frame = np.array([[west, south], [east, south], [east, north], [west, north], [west, south]])
    for name in sorted({name for name, _ in borders.countries}):
        best: tuple[float, Writing, Text] | None = None
        for _, ring in (country for country in borders.countries if country[0] == name):
            candidates = grid[Outline(ring).contains_points(grid)]
            if len(candidates) < 20:  # a corner of a country is left without a name
                continue
            room_deg = np.minimum(
                _nearest(candidates, busy) * 1.5,
                np.minimum(_nearest(candidates, _dense(ring)), _nearest(candidates, _dense(frame))),
            )
            for k in np.argsort(-room_deg, kind="stable")[:40]:
                style = dict(
                    fontsize=11, color=palette.COUNTRY_NAME, ha="center", va="center", zorder=2
                )
                at = float(candidates[k, 0]), float(candidates[k, 1])
                writing = Writing("text", " ".join(name.upper()), at, style)
                text = writing.on(axes)
                box = placer.extent(text)
                cost = placer.crossings(box) - 8.0 * room_deg[k]
                corners = axes.transData.inverted().transform(box.corners())
                is_inside = Outline(ring).contains_points(corners).all()
                if is_inside and placer.is_free(box) and (best is None or cost < best[0]):
                    if best is not None:
                        best[2].remove()
                    best = (cost, writing, text)
                else:
                    text.remove()
        if best is not None:
            placer.keep_writing(*best[1:])


def _place_of_scale_bar(axes: Axes, placer: LabelPlacer, extent: Extent) -> tuple[float, float]:
    """Left and lower end, degrees, of the scale bar where it covers least."""
    west, east, south, north = extent
    _, length_deg = _scale_length(extent)
    inset_deg = 0.025 * (east - west)
    spread_deg = east - west - 2 * inset_deg - length_deg
    best: tuple[float, float, float] | None = None
    for bottom in (south + 0.030 * (north - south), north - 0.060 * (north - south)):
        for step in range(9):  # from the right edge to the left
            left = east - inset_deg - length_deg - spread_deg * step / 8
            cost = placer.cost_of(_scale_box(axes, extent, left, bottom))
            cost += 0.1 * step + 0.5 * (bottom > (south + north) / 2)
            if best is None or cost < best[0]:
                best = (cost, left, bottom)
    assert best is not None
    return best[1:]


def _draw_scale_bar(axes: Axes, extent: Extent, left: float, bottom: float) -> Bbox:
    """A bar of a round number of km, true at the middle latitude; gives its room in pixels."""
    length_km, length_deg = _scale_length(extent)
    tick = _scale_tick(extent)
    right = left + length_deg
    axes.text(
        left + length_deg / 2,
        bottom + 1.2 * tick,
        f"{length_km:g} km",
        ha="center",
        va="bottom",
        fontsize=9,
        zorder=9,
    )
    axes.plot(
        [left, left, right, right],
        [bottom + tick, bottom, bottom, bottom + tick],
        color="black",
        linewidth=1.4,
        solid_joinstyle="miter",
        zorder=9,
    )
    return _scale_box(axes, extent, left, bottom)


def _scale_length(extent: Extent) -> tuple[float, float]:
    """Length of the scale bar in km and in degrees."""
    west, east, south, north = extent
    middle_deg = (south + north) / 2
    km_per_deg = great_circle_km(middle_deg, 0.0, middle_deg, 1.0)
    width_km = (east - west) * km_per_deg
    length_km = max(
        nice
        for nice in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
        if nice <= max(width_km / 5, 0.1)
    )
    return length_km, length_km / km_per_deg


def _scale_tick(extent: Extent) -> float:
    return 0.010 * (extent[3] - extent[2])


def _scale_box(axes: Axes, extent: Extent, left: float, bottom: float) -> Bbox:
    tick, (_, length_deg) = _scale_tick(extent), _scale_length(extent)
    return _pixel_box(axes, left, bottom - tick, left + length_deg, bottom + 4 * tick)


def _pixel_box(axes: Axes, west: float, south: float, east: float, north: float) -> Bbox:
    return Bbox(axes.transData.transform([(west, south), (east, north)]))


def _river_course(network: RoadNetwork, towns: Sequence[str]) -> NDArray[np.float64]:
    """A smooth line through the towns of a river (centripetal Catmull-Rom, so without loops)."""
    index = [network.junction_index[town] for town in towns]
    points = np.column_stack(
        [network.junction_longitude_deg[index], network.junction_latitude_deg[index]]
    )
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    course = [points[:1]]
    for p0, p1, p2, p3 in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        knots = np.cumsum(
            [0.0, *(math.sqrt(math.dist(a, b)) for a, b in ((p0, p1), (p1, p2), (p2, p3)))]
        )
        t0, t1, t2, t3 = knots
        t = np.linspace(t1, t2, 13)[1:, None]
        a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
        a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
        a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
        b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
        b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
        course.append((t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2)
    return np.concatenate(course)


def _edge_lines(network: RoadNetwork) -> list[NDArray[np.float64]]:
    x, y = network.junction_longitude_deg, network.junction_latitude_deg
    ends = zip(network.edge_from, network.edge_to, strict=True)
    return [np.array([[x[a], y[a]], [x[b], y[b]]]) for a, b in ends]


def segment_lines(network: RoadNetwork) -> NDArray[np.float64]:
    """Ends of each piece: float[n_segments, 2, (longitude, latitude)], degrees."""
    edge = network.segments.edge
    length_km = network.edge_length_km[edge]
    start = network.segments.start_km / length_km
    stop = (network.segments.start_km + network.segments.length_km) / length_km
    places = np.column_stack([network.junction_longitude_deg, network.junction_latitude_deg])
    one, other = places[network.edge_from[edge]], places[network.edge_to[edge]]
    return np.stack([one + (other - one) * share[:, None] for share in (start, stop)], axis=1)


def _is_camp(network: RoadNetwork) -> NDArray[np.bool_]:
    camps = {camp.node_id for camp in network.camps}
    return np.array([node in camps for node in network.junction_ids])


def _kinds(network: RoadNetwork) -> NDArray[np.str_]:
    return np.array([network.graph.nodes[node]["kind"] for node in network.junction_ids])


def _short_name(network: RoadNetwork, junction: int) -> str:
    name: str = network.graph.nodes[network.junction_ids[junction]]["name"]
    return name.split(" (")[0]


def _road_handle(surface: str, label: str) -> Line2D:
    return Line2D(
        [],
        [],
        color=palette.ROAD_SURFACE[surface],
        linewidth=palette.ROAD_WIDTH[surface],
        linestyle=palette.ROAD_STYLE[surface],  # type: ignore[arg-type]
        label=label,
    )


def _sign(marker: str, face: str, size: float, label: str, edge: str = "white") -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="",
        marker=marker,
        markersize=size,
        markerfacecolor=face,
        markeredgecolor=edge,
        label=label,
    )


def _nearest(points: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each point to the nearest of the others."""
    return np.array([np.hypot(*(others - point).T).min() for point in points])


def _dense(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """A line with its longer steps filled in, about 0.2 degrees apart."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, along[-1], max(2, int(along[-1] / 0.2)))
    return np.column_stack([np.interp(at, along, line[:, k]) for k in (0, 1)])
