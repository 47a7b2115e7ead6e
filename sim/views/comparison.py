"""Scenarios side by side: what happens in each, how each differs, and at what rates."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.results.measures import measure
from sim.stats.stopping import HOW_INTERVALS_HOLD
from sim.views import palette
from sim.views.frame import (
    LABEL_SIZE,
    QUIET,
    TITLE_SIZE,
    new_figure,
    note,
    plain_numbers,
    tidy,
    wrapped,
)

ROW_IN = 0.58
"""Height of a scenario's row, inches: three lines of its name."""


def compare_figure(table: pd.DataFrame, measure_name: str = "killed_and_wounded") -> Figure:
    """The primary measure by scenario, the paired differences, and what each costs in supply.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each scenario in the order of the figure (`Comparison.table`): scenario, mean,
        half_width, difference, low, high (not a number for the baseline, and for what has no
        bounds yet), verdict, stockout_person_days, delay_h, n_runs, is_within_supply_tolerance;
        and, from `sim.results.tables.with_supply_intervals`, stockout_half_width and
        delay_half_width, without which these two are drawn without intervals.
    measure_name : str
        The primary measure.

    Returns
    -------
    Figure
    """
    declared = measure(measure_name)
    n_rows = len(table)
    figure = new_figure(height_in=1.75 + ROW_IN * n_rows)
    panels = figure.subplots(1, 4, sharey=True, width_ratios=[3.0, 3.4, 1.5, 1.5])
    means, differences, stockouts, delays = panels
    is_baseline = (
        table["difference"].isna().to_numpy() & (table["verdict"] == "baseline").to_numpy()
    )
    # Six digits do not fit below a narrow panel.
    thousand = 1000.0 if table["stockout_person_days"].max() >= 10_000 else 1.0
    for row, (is_base, entry) in enumerate(zip(is_baseline, table.to_dict("records"), strict=True)):
        colour = palette.BASELINE if is_base else palette.BLUE
        face = colour if entry["is_within_supply_tolerance"] else "white"
        marker = "D" if is_base else "o"
        _interval(
            means,
            row,
            entry["mean"],
            entry["mean"] - entry["half_width"],
            entry["mean"] + entry["half_width"],
            colour,
            marker,
            face,
        )
        if is_base:
            differences.plot([0.0], [row], marker, color=colour, markersize=7, zorder=4)
        else:
            _interval(
                differences,
                row,
                entry["difference"],
                entry["low"],
                entry["high"],
                colour,
                marker,
                face,
            )
        for axes, column, width_column, scale in (
            (stockouts, "stockout_person_days", "stockout_half_width", thousand),
            (delays, "delay_h", "delay_half_width", 1.0),
        ):
            mean, half_width = entry[column] / scale, entry.get(width_column, np.nan) / scale
            axes.barh(row, mean, height=0.5, color=palette.SKY_BLUE, zorder=3)
            if np.isfinite(half_width):
                ends = [max(0.0, mean - half_width), mean + half_width]
                axes.plot(ends, [row, row], color=palette.BLACK, linewidth=1.4, zorder=4)
    differences.axvline(0.0, color=palette.BASELINE, linewidth=1.2, zorder=2)
    baseline = next(iter(table["scenario"][is_baseline]), "the baseline")
    for axes, title, label in (
        (means, declared.title, f"mean of a run ({declared.unit})"),
        (differences, "Difference from the baseline", f"paired, run by run ({declared.unit})"),
        (
            stockouts,
            "Stock-outs",
            "1,000 person-days" if thousand > 1.0 else "person-days",
        ),
        (delays, "Delay", "hours a convoy"),
    ):
        axes.set_title(title, fontsize=TITLE_SIZE - 1, loc="left")
        axes.set_xlabel(label, fontsize=LABEL_SIZE)
        tidy(axes)
        # Ticks of a ratio have many digits, and few fit.
        is_narrow = axes in (stockouts, delays) or declared.ratio is not None
        plain_numbers(axes, most=3 if is_narrow else 6)
    for axes in (means, stockouts, delays):
        _from_zero(axes)
    for axes, column in ((stockouts, "stockout_person_days"), (delays, "delay_h")):
        if not table[column].any():
            _say_none(axes)
    _widened(differences, 0.08)
    means.set_yticks(range(n_rows), [wrapped(name) for name in table["scenario"]])
    means.set_ylim(n_rows - 0.5, -0.5)
    _verdicts(delays, [wrapped(str(verdict), 22, 3) for verdict in table["verdict"]])
    n_runs = int(table["n_runs"].iloc[0])
    lines = [
        f"{n_runs} runs of each scenario on the same luck. Lines: intervals that hold at "
        f"{HOW_INTERVALS_HOLD}",
        "(stock-outs and delay: 95%, each alone); no line where there is no bound yet. "
        f"Baseline: {baseline}.",
    ]
    if not table["is_within_supply_tolerance"].all():
        lines.append(
            "Hollow: outside the supply tolerance. It cannot be called best, since not driving "
            "would win."
        )
    note(figure, lines)
    return figure


def rates_figure(table: pd.DataFrame) -> Figure:
    """Rates by scenario, one panel for each: harm against kilometres driven and days served.

    Parameters
    ----------
    table : pandas.DataFrame
        `sim.results.tables.rates_table`: scenario, measure, mean, low, high, n_runs; the first
        scenario is the baseline.

    Returns
    -------
    Figure
    """
    names = list(dict.fromkeys(table["scenario"]))
    rates = list(dict.fromkeys(table["measure"]))
    n_rows = -(-len(rates) // 2)
    figure = new_figure(height_in=0.7 + n_rows * (1.0 + 0.42 * len(names)))
    panels = figure.subplots(n_rows, min(2, len(rates)), sharey=True, squeeze=False)
    for axes, rate in zip(panels.flat, rates, strict=False):
        rows = table[table["measure"] == rate].set_index("scenario").loc[names]
        for row, (mean, low, high) in enumerate(
            zip(rows["mean"], rows["low"], rows["high"], strict=True)
        ):
            colour = palette.BASELINE if row == 0 else palette.BLUE
            _interval(axes, row, mean, low, high, colour, "D" if row == 0 else "o", colour)
        if np.isfinite(rows["mean"].iloc[0]):
            axes.axvline(rows["mean"].iloc[0], color=palette.BASELINE, linewidth=0.8, linestyle=":")
        declared = measure(rate)
        what, _, exposure = declared.title.partition(" per ")
        axes.set_title(f"{what} per {exposure}", fontsize=TITLE_SIZE - 1, loc="left")
        axes.set_xlabel(f"{declared.unit} per {exposure}", fontsize=LABEL_SIZE)
        tidy(axes)
        plain_numbers(axes, most=6)
        _widened(axes, 0.04)
        axes.set_ylim(len(names) - 0.5, -0.5)
    for axes in panels.flat[len(rates) :]:
        axes.set_visible(False)
    for axes in panels[:, 0]:
        axes.set_yticks(range(len(names)), [wrapped(name, most_lines=2) for name in names])
    n_runs = table["n_runs"]
    runs = f"{n_runs.min()}" if n_runs.min() == n_runs.max() else f"{n_runs.min()}-{n_runs.max()}"
    note(
        figure,
        [
            f"{runs} runs of each scenario. Lines: 95% interval of each rate alone. Dotted: the "
            f"baseline, {names[0]}. Axes do not begin at zero.",
        ],
    )
    return figure


def _interval(
    axes: Axes,
    row: int,
    mean: float,
    low: float,
    high: float,
    colour: str,
    marker: str,
    face: str,
) -> None:
    """A point with its interval; no line where an end is unknown."""
    if np.isfinite(low) and np.isfinite(high):
        axes.plot([low, high], [row, row], color=colour, linewidth=2.2, solid_capstyle="butt")
        for end in (low, high):
            axes.plot([end, end], [row - 0.13, row + 0.13], color=colour, linewidth=1.4)
    if np.isfinite(mean):
        axes.plot(
            [mean],
            [row],
            marker,
            markersize=7,
            markerfacecolor=face,
            markeredgecolor=colour,
            markeredgewidth=1.5,
            zorder=4,
        )


def _from_zero(axes: Axes) -> None:
    """Begin at zero: lengths and places can then be compared as amounts."""
    axes.set_xlim(left=0.0)
    right = axes.get_xlim()[1]
    axes.set_xlim(0.0, right if right > 0.0 else 1.0)


def _say_none(axes: Axes) -> None:
    """An empty panel says that there is nothing, rather than leave it to the reader."""
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0], ["0"])
    axes.text(
        0.5, 0.5, "none", transform=axes.transAxes, ha="center", va="center", fontsize=LABEL_SIZE
    )


def _widened(axes: Axes, share: float) -> None:
    low, high = axes.get_xlim()
    room = share * (high - low)
    axes.set_xlim(low - room, high + room)


def _verdicts(axes: Axes, verdicts: list[str]) -> None:
    """What may be said of each scenario, at the right of the last panel."""
    beside = axes.twinx()
    beside.set_ylim(axes.get_ylim())
    beside.set_yticks(range(len(verdicts)), verdicts)
    beside.tick_params(axis="y", length=0, labelsize=9, labelcolor=QUIET, pad=6)
    for side in ("top", "right"):
        beside.spines[side].set_visible(False)
