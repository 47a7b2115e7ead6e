"""What figures share: sizes, names that fit, marks for dates, and notes below.

Figures are made with `matplotlib.figure.Figure`, never with pyplot, so that drawing one leaves
nothing behind. Sizes are fixed by what is shown, so that two reports can be laid side by side.
"""

import re
from collections.abc import Sequence
from datetime import date

import matplotlib.dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

DPI = 150
WIDTH_IN = 12.0
"""Width of every figure, inches."""

TITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 12, 10, 8.5
GRID = "#DDDDDD"
QUIET = "#666666"
NAME_WIDTH = 24
"""Characters of a scenario's name on a line."""


def new_figure(height_in: float, width_in: float = WIDTH_IN) -> Figure:
    """An empty figure whose parts make room for each other."""
    figure = Figure(figsize=(width_in, height_in), dpi=DPI, facecolor="white", layout="constrained")
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.set(w_pad=0.08, h_pad=0.08, wspace=0.03, hspace=0.03)  # type: ignore[call-arg]
    return figure


def wrapped(name: str, width: int = NAME_WIDTH, most_lines: int = 3) -> str:
    r"""A name on at most three lines, broken at spaces, hyphens and underscores.

    Examples
    --------
    >>> wrapped("all_of_it")
    'all_of_it'
    >>> wrapped("clearance_first_and_training_for_everybody")
    'clearance_first_and_\ntraining_for_everybody'
    """
    lines = [""]
    for part in re.findall(r"[^ _-]*[ _-]?", name):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    if len(lines) > most_lines:
        lines = [*lines[:most_lines]]
        lines[-1] = lines[-1].rstrip(" _-") + "…"
    return "\n".join(line.rstrip() for line in lines)


def tidy(axes: Axes, grid: str = "x") -> None:
    """Few lines: a pale grid across, no frame above and at the right."""
    axes.grid(axis=grid, color=GRID, linewidth=0.8)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=9)


def plain_numbers(axes: Axes, which: str = "x", most: int = 5) -> None:
    """Few ticks, written with thousands separators and without powers of ten."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(MaxNLocator(nbins=most, min_n_ticks=2))
    axis.set_major_formatter(FuncFormatter(lambda value, _: number_text(value)))


def number_text(value: float) -> str:
    """A number as a tick shows it.

    >>> number_text(12000.0), number_text(0.25), number_text(-3.0), number_text(0.0)
    ('12,000', '0.25', '−3', '0')
    """
    rounded = 0.0 if abs(value) < 1e-12 else value
    text = f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:.4g}"
    return text.replace("-", "−")


def time_axis(axes: Axes, n_months: int) -> None:
    """Month and year, as many as fit between the limits that the axis has."""
    step = 6 if n_months > 30 else 3 if n_months > 8 else 1
    first, last = (mdates.num2date(at) for at in axes.get_xlim())
    months = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if (first.year, first.month) <= (year, month) <= (last.year, last.month)
    ]
    # Places and no locator of months: that one reckons the calendar anew at every look at the axis.
    named = [mdates.date2num(day) for day in months if (day.month - 1) % step == 0]
    axes.xaxis.set_major_locator(FixedLocator(named))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%b %y"))
    axes.xaxis.set_minor_locator(FixedLocator([mdates.date2num(day) for day in months]))


def mark_date(axes: Axes, day: date, text: str, style: str = "--", level: float = 0.97) -> None:
    """A line across at a date, with its meaning written beside it."""
    at = float(mdates.date2num(day))
    axes.axvline(at, color=QUIET, linewidth=1.0, linestyle=style, zorder=1.5)
    axes.annotate(
        text,
        (at, level),
        xycoords=("data", "axes fraction"),
        xytext=(3, 0),
        textcoords="offset points",
        fontsize=8,
        color=QUIET,
        va="top",
        ha="left",
        annotation_clip=True,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        zorder=5,
    )


def note(figure: Figure, lines: Sequence[str]) -> None:
    """Small print below everything."""
    figure.supxlabel("\n".join(lines), fontsize=SMALL_SIZE, color=QUIET, x=0.01, ha="left")
