"""Names beside points on a map, placed so that no two overlap."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

# Directions in which a name is tried, best first: right, left, above, below, then the corners.
_DIRECTIONS = (
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.7, 0.7),
    (0.7, -0.7),
    (-0.7, 0.7),
    (-0.7, -0.7),
    (0.0, 1.0),
    (0.0, -1.0),
)
_DISTANCES_POINTS = (5.0, 8.0, 12.0, 17.0, 23.0)
_LEADER_FROM_POINTS = 12.0
_COST_PER_POINT = 0.7
_PADDING_PIXELS = 1.5


@dataclass(frozen=True)
class Label:
    """A name for a point; labels are placed in the order given."""

    text: str
    longitude_deg: float
    latitude_deg: float
    size_points: float
    weight: str = "normal"
    colour: str = "black"
    is_required: bool = False
    """Whether it is placed even where it must cover something; others are left out instead."""


@dataclass(frozen=True)
class Writing:
    """A text of a map as it is written, so that another map of the same size can have it too."""

    method: str
    """`annotate` or `text`, of the axes."""
    text: str
    at: tuple[float, float]
    """Longitude and latitude, degrees."""
    style: Mapping[str, Any]

    def on(self, axes: Axes) -> Text:
        """The text, written on a map."""
        if self.method == "annotate":
            return axes.annotate(self.text, self.at, **self.style)
        return axes.text(*self.at, self.text, **self.style)


class LabelPlacer:
    """Keeps count of the room that is taken on a map, and puts each name where it is free.

    Parameters
    ----------
    axes : Axes
        With its limits and its final place in the figure.
    lines : sequence of float[n_points, (x, y)], data coordinates
        Roads and rivers: a name may cover them, but rather not.
    """

    def __init__(self, axes: Axes, lines: Sequence[NDArray[np.float64]] = ()) -> None:
        figure = axes.get_figure(root=True)
        assert figure is not None
        if figure.get_layout_engine() is not None:
            figure.draw_without_rendering()
        axes.apply_aspect()
        self._axes = axes
        self._dpi = figure.dpi
        width, height = figure.bbox.width, figure.bbox.height
        self._renderer = RendererAgg(float(width), float(height), figure.dpi)
        self._frame = axes.get_window_extent(self._renderer)
        self._taken = np.empty((0, 4))  # left, bottom, right, top of each box, in pixels
        self._points: list[tuple[float, float]] = []
        samples = [_every_few_pixels(axes.transData.transform(line)) for line in lines if len(line)]
        self._line_pixels = np.concatenate(samples) if samples else np.empty((0, 2))
        self.written: list[Writing] = []
        """What was written for good, in its order."""

    def keep_free(self, box: Bbox) -> None:
        """Take the room of something drawn, in pixels."""
        self._taken = np.vstack([self._taken, box.extents])

    def keep_free_point(
        self, longitude_deg: float, latitude_deg: float, radius_points: float
    ) -> None:
        """Take the room of a marker."""
        x, y = self._axes.transData.transform((longitude_deg, latitude_deg))
        radius = radius_points * self._dpi / 72
        self.keep_free(Bbox.from_extents(x - radius, y - radius, x + radius, y + radius))
        self._points.append((float(x), float(y)))

    def keep_writing(self, writing: Writing, text: Text) -> None:
        """Take the room of a text that stands for good."""
        self.keep_free(text.get_window_extent(self._renderer))
        self.written.append(writing)

    def extent(self, text: Text) -> Bbox:
        """The room of a text, in pixels."""
        return text.get_window_extent(self._renderer)

    def is_free(self, box: Bbox) -> bool:
        """Whether a box lies within the frame and covers nothing that is kept free."""
        return self._is_inside(box) and self._n_covered(box) == 0

    def cost_of(self, box: Bbox) -> float:
        """How bad it would be to draw over a box: what is kept free counts most, then roads."""
        covered = self._n_covered(box)
        return 1000.0 * covered + self.crossings(box)

    def crossings(self, box: Bbox) -> int:
        """How much road or river a box covers, in samples of a few pixels."""
        x, y = self._line_pixels[:, 0], self._line_pixels[:, 1]
        return int(((x > box.x0) & (x < box.x1) & (y > box.y0) & (y < box.y1)).sum())

    def pixels_to_nearest_point(self, box: Bbox) -> float:
        """Distance from a box to the nearest marker."""
        points = np.array(self._points).reshape(-1, 2)
        return float(_pixels_to_box(box, points).min(initial=math.inf))

    def place(self, label: Label) -> Annotation | None:
        """Draw a label in the best place; None where there is no room and it may be left out."""
        best: tuple[float, float, float, float, Bbox] | None = None
        own = self._axes.transData.transform((label.longitude_deg, label.latitude_deg))
        width, height = self._size(_beside_point(label, 1.0, 1.0, 0.0))
        points = np.array(self._points).reshape(-1, 2)
        others = points[np.hypot(*(points - own).T) > 1.0]
        for distance in _DISTANCES_POINTS:
            if best is not None and best[0] <= _COST_PER_POINT * distance:
                break  # nothing from here on can be better
            for preference, (right, up) in enumerate(_DIRECTIONS):
                # Reckoned, as it takes far longer to write a text and measure it.
                x, y = own + np.array([right, up]) * distance * self._dpi / 72
                left, below = x - width * _share_before(right), y - height * _share_before(up)
                box = Bbox.from_bounds(left, below, width, height)
                own_pixels = float(_pixels_to_box(box, own[None, :])[0])
                n_nearer = int((_pixels_to_box(box, others) < own_pixels + 1.0).sum())
                covered = self._n_covered(box)
                cost = (
                    1000.0 * covered
                    + 5000.0 * (not self._is_inside(box))
                    + 1.0 * self.crossings(box)
                    + 4.0 * n_nearer
                    + _COST_PER_POINT * distance
                    + 0.2 * preference
                )
                if best is None or cost < best[0]:
                    best = (cost, right, up, distance, box)
        assert best is not None
        cost, right, up, distance, box = best
        if cost >= 1000.0 and not label.is_required:
            return None
        self.keep_free(box)
        writing = _beside_point(label, right, up, distance)
        self.written.append(writing)
        annotation = writing.on(self._axes)
        assert isinstance(annotation, Annotation)
        return annotation

    def _size(self, writing: Writing) -> tuple[float, float]:
        """Width and height of a text without its leader, pixels."""
        text = writing.on(self._axes)
        if isinstance(text, Annotation):
            text.update_positions(self._renderer)
        box = Text.get_window_extent(text, self._renderer)
        text.remove()
        return box.width, box.height

    def _n_covered(self, box: Bbox) -> int:
        left, bottom, right, top = self._taken.T
        room = box.padded(_PADDING_PIXELS)
        return int(
            ((room.x0 < right) & (left < room.x1) & (room.y0 < top) & (bottom < room.y1)).sum()
        )

    def _is_inside(self, box: Bbox) -> bool:
        frame = self._frame
        return bool(
            box.x0 >= frame.x0 + 2
            and box.x1 <= frame.x1 - 2
            and box.y0 >= frame.y0 + 2
            and box.y1 <= frame.y1 - 2
        )


def _share_before(direction: float) -> float:
    """The share of a text's width or height that lies before its anchor, by where it stands."""
    return 0.0 if direction > 0 else 1.0 if direction < 0 else 0.5


def _beside_point(label: Label, right: float, up: float, distance_points: float) -> Writing:
    """A label in one direction from its point."""
    return Writing(
        "annotate",
        label.text,
        (label.longitude_deg, label.latitude_deg),
        dict(
            xytext=(right * distance_points, up * distance_points),
            textcoords="offset points",
            ha="left" if right > 0 else "right" if right < 0 else "center",
            va="bottom" if up > 0 else "top" if up < 0 else "center",
            fontsize=label.size_points,
            fontweight=label.weight,
            color=label.colour,
            path_effects=[withStroke(linewidth=2.2, foreground="white", alpha=0.85)],
            annotation_clip=True,
            arrowprops=(
                {"arrowstyle": "-", "linewidth": 0.5, "color": "#777777", "shrinkA": 0.0}
                if distance_points >= _LEADER_FROM_POINTS
                else None
            ),
            zorder=10,
        ),
    )


def _pixels_to_box(box: Bbox, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance of each point to the nearest edge of a box; zero inside."""
    beyond = np.maximum(box.min - points, points - box.max)
    return np.hypot(*np.maximum(beyond, 0.0).T)


def _every_few_pixels(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points along a line, four pixels apart."""
    steps = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.arange(0.0, along[-1] + 4.0, 4.0)
    return np.column_stack([np.interp(at, along, line[:, k]) for k in (0, 1)])
