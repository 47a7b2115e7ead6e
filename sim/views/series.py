"""Through time: months of a comparison, months of the warm-up."""

from collections.abc import Mapping, Sequence
from datetime import date

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from sim.views import palette
from sim.views.frame import (
    LABEL_SIZE,
    TITLE_SIZE,
    mark_date,
    new_figure,
    note,
    plain_numbers,
    tidy,
    time_axis,
    wrapped,
)

LABELS = {
    "killed_and_wounded": "Killed and wounded\n(persons a month)",
    "killed": "Killed (persons a month)",
    "wounded": "Wounded (persons a month)",
    "killed_and_wounded_on_the_road": "Killed and wounded on the road\n(persons a month)",
    "strikes": "Strikes a month",
    "camp_attacks": "Attacks on camps a month",
    "gunfire_attacks": "Gunfire alone, times a month",
    "cells_struck": "Strikes on cells a month",
    "finds": "Finds a month",
    "placed": "Devices placed a month",
    "live_devices": "Live devices\n(mean number)",
    "traffic_seen": "Traffic that cells remember\n(vehicle-km a day)",
    "troops": "People of the mission",
    "stockout_person_days": "Stock-outs\n(person-days a month)",
    "cell_strength": "Strength of armed cells",
    "cells_active": "Active cells",
    "cells_in_refuge": "Cells in refuge",
    "cell_practice": "Mean practice of cells (devices)",
    "grievance": "Grievance",
    "political_progress": "Political progress (0 to 1)",
    "training_level": "Mean training (0 to 1)",
}
BAND_TEXT = "Bands hold four of five runs (10% to 90%)."


def monthly_figure(
    table: pd.DataFrame,
    decision_day: date,
    arrivals: Mapping[str, Sequence[tuple[date, str]]] | None = None,
) -> Figure:
    """A count by month, a panel for each scenario, with the baseline behind it.

    Parameters
    ----------
    table : pandas.DataFrame
        `sim.results.tables.monthly_table` of one column; the first scenario is the baseline.
    decision_day : date
    arrivals : mapping from scenario to (date, people), optional
        `sim.results.tables.arrivals_of`.

    Returns
    -------
    Figure
    """
    names = list(dict.fromkeys(table["scenario"]))
    baseline = names[0]
    n_columns = 1 if len(names) == 1 else 2
    n_rows = -(-len(names) // n_columns)
    figure = new_figure(height_in=0.6 + 2.35 * n_rows)
    panels = figure.subplots(n_rows, n_columns, sharex=True, sharey=True, squeeze=False)
    column = str(table["column"].iloc[0])
    behind = table[table["scenario"] == baseline]
    for position, (axes, name) in enumerate(zip(panels.flat, names, strict=False)):
        own = table[table["scenario"] == name]
        colour = palette.BASELINE if position == 0 else palette.BLUE
        if position:
            axes.plot(
                _middles(behind),
                behind["mean"],
                color=palette.BASELINE,
                linewidth=1.1,
                linestyle=(0, (4, 2)),
                label=f"{wrapped(baseline, 40, 1)} (baseline)",
                zorder=3,
            )
        _line_with_band(axes, own, colour, wrapped(name, 40, 1))
        axes.set_title(wrapped(name, 60, 1), fontsize=TITLE_SIZE - 1, loc="left")
        _dates(axes, own, decision_day, (arrivals or {}).get(name, ()))
    for axes in panels.flat[len(names) :]:
        axes.set_visible(False)
        # The panel above the gap carries the dates that the hidden one would have had.
        panels[-2, -1].tick_params(labelbottom=True)
    _from_zero_with_room(panels[0, 0])  # all panels share the scale
    for axes in panels[:, 0]:
        axes.set_ylabel(LABELS.get(column, column.replace("_", " ")), fontsize=LABEL_SIZE)
    n_runs = int(table["n_runs"].max())
    dashed = f" Dashed: the baseline, {baseline}." if len(names) > 1 else ""
    note(
        figure,
        [
            f"Solid: mean of {n_runs} runs. {BAND_TEXT}{dashed} Upright lines: decision date and "
            "arrivals (people)."
        ],
    )
    return figure


def warm_up_figure(table: pd.DataFrame, start_day: date, decision_day: date) -> Figure:
    """Whether the warm-up suffices: live devices and remembered traffic from its first month on.

    Parameters
    ----------
    table : pandas.DataFrame
        `sim.results.tables.warm_up_table`.
    start_day : date
        First day after the warm-up.
    decision_day : date
        From which measures count.

    Returns
    -------
    Figure
    """
    columns = list(dict.fromkeys(table["column"]))
    figure = new_figure(height_in=0.7 + 2.6 * len(columns))
    panels = figure.subplots(len(columns), 1, sharex=True, squeeze=False)
    n_settled = 0
    for axes, column in zip(panels[:, 0], columns, strict=True):
        own = table[table["column"] == column]
        first = pd.Timestamp(own["month"].min())
        axes.axvspan(
            float(mdates.date2num(first)),
            float(mdates.date2num(start_day)),
            color="#EFEFEF",
            zorder=0,
        )
        _line_with_band(axes, own, palette.BLUE, "mean")
        settled = own[own["month"] >= pd.Timestamp(start_day)].head(12)
        n_settled = max(n_settled, len(settled))
        if len(settled):
            axes.axhline(
                float(settled["mean"].mean()),
                color=palette.VERMILION,
                linewidth=1.3,
                linestyle=":",
                zorder=3,
            )
        _dates(axes, own, decision_day, ())
        if start_day != decision_day:
            mark_date(axes, start_day, "start", style=":", level=0.82)
        axes.set_ylabel(LABELS.get(column, column.replace("_", " ")), fontsize=LABEL_SIZE)
        _from_zero_with_room(axes)
    scenario, n_runs = table["scenario"].iloc[0], int(table["n_runs"].max())
    panels[0, 0].set_title(
        f"Warm-up of {wrapped(str(scenario), 60, 1)}", fontsize=TITLE_SIZE, loc="left"
    )
    lines = [f"Solid: mean of {n_runs} runs. {BAND_TEXT} Grey: warm-up."]
    if n_settled:
        months = "month" if n_settled == 1 else f"{n_settled} months"
        lines[0] += f" Dotted: mean of the {months} after it;"
        lines.append("the warm-up suffices where the line has reached it before the grey ends.")
    note(figure, lines)
    return figure


def run_figure(
    months: pd.DataFrame,
    measures: pd.DataFrame,
    title: str,
    decision_day: date,
    arrivals: Sequence[tuple[date, str]] = (),
) -> Figure:
    """One scenario: killed and wounded, strikes and finds by month, and how runs spread.

    Parameters
    ----------
    months : pandas.DataFrame
        `sim.results.tables.monthly_table` of `killed_and_wounded`, `strikes` and `finds`, one
        after the other.
    measures : pandas.DataFrame
        A row for each run: killed_and_wounded and strikes.
    title : str
    decision_day : date
    arrivals : sequence of (date, people)

    Returns
    -------
    Figure
    """
    figure = new_figure(height_in=6.4)
    grid = figure.add_gridspec(2, 2, width_ratios=[3.0, 1.0])
    harm = figure.add_subplot(grid[0, 0])
    events = figure.add_subplot(grid[1, 0], sharex=harm)
    own = {name: months[months["column"] == name] for name in ("killed_and_wounded", "strikes")}
    finds = months[months["column"] == "finds"]
    _line_with_band(harm, own["killed_and_wounded"], palette.BLUE, "killed and wounded")
    _line_with_band(events, own["strikes"], palette.STRIKE, "strikes", linestyle="-")
    _line_with_band(events, finds, palette.FIND, "finds", linestyle="--")
    events.legend(fontsize=9, frameon=False, loc="upper right", ncols=2)
    harm.set_ylabel(LABELS["killed_and_wounded"], fontsize=LABEL_SIZE)
    events.set_ylabel("Strikes and finds\n(a month)", fontsize=LABEL_SIZE)
    for axes in (harm, events):
        _dates(axes, own["strikes"], decision_day, arrivals)
        _from_zero_with_room(axes)
    harm.tick_params(labelbottom=False)
    harm.set_title(title, fontsize=TITLE_SIZE, loc="left")
    for row, (column, label, colour) in enumerate(
        (
            ("killed_and_wounded", "Killed and wounded (persons a run)", palette.BLUE),
            ("strikes", "Strikes (a run)", palette.STRIKE),
        )
    ):
        axes = figure.add_subplot(grid[row, 1])
        values = measures[column].to_numpy(float)
        axes.hist(values, bins=_bins(values).tolist(), color=colour, edgecolor="white", zorder=3)
        axes.axvline(float(values.mean()), color=palette.BLACK, linewidth=1.4, zorder=4)
        axes.set_xlabel(label, fontsize=LABEL_SIZE)
        axes.set_ylabel("Runs", fontsize=LABEL_SIZE)
        tidy(axes, "y")
        plain_numbers(axes, "x", 4)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    note(
        figure,
        [
            f"Left: mean of {len(measures)} runs. {BAND_TEXT} Right: runs, counted from the "
            "decision date; the black line is their mean."
        ],
    )
    return figure


def _from_zero_with_room(axes: Axes) -> None:
    """Begin at zero, with room above the lines for what is written there."""
    axes.set_ylim(0.0, max(1.15 * axes.get_ylim()[1], 1e-3))


def _bins(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ten to fifteen bins of whole width where values are counts."""
    low, high = float(values.min()), float(values.max())
    step = max(1.0, np.ceil((high - low) / 12.0))
    return np.arange(np.floor(low) - 0.5, high + 1.5 * step, step)


def _middles(rows: pd.DataFrame) -> pd.Series:
    """A month's count is drawn at its middle."""
    return rows["month"] + pd.Timedelta(days=15)


def _line_with_band(
    axes: Axes, rows: pd.DataFrame, colour: str, label: str, linestyle: str = "-"
) -> None:
    middles = _middles(rows)
    axes.fill_between(middles, rows["low"], rows["high"], color=colour, alpha=0.18, linewidth=0)
    axes.plot(
        middles,
        rows["mean"],
        color=colour,
        linewidth=1.9,
        linestyle=linestyle,
        label=label,
        zorder=4,
    )


def _dates(
    axes: Axes, rows: pd.DataFrame, decision_day: date, arrivals: Sequence[tuple[date, str]]
) -> None:
    """Marks for the decision and for arrivals, and months below."""
    tidy(axes, "y")
    axes.set_xlim(
        float(mdates.date2num(rows["month"].min())),
        float(mdates.date2num(rows["month"].max() + pd.Timedelta(days=31))),
    )
    mark_date(axes, decision_day, "decision")
    # Arrivals within a season share a mark, so that what is written cannot overlap.
    last: date | None = None
    level = 0.84
    for day, people in arrivals:
        is_close = last is not None and (day - last).days < 150
        level = level - 0.12 if is_close and level > 0.5 else 0.84
        mark_date(axes, day, people, style=":", level=level)
        last = day
    time_axis(axes, rows["month"].nunique())
    plain_numbers(axes, "y", 5)
