"""Figures are drawn from tables made by hand; what they look like was looked at."""

import builtins
import io
from datetime import date
from itertools import pairwise

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib._pylab_helpers import Gcf
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.results.groups import month_table, place_table
from sim.results.tables import (
    incidents_table,
    monthly_table,
    rates_table,
    warm_up_table,
    with_supply_intervals,
)
from sim.roads import load_network
from sim.views.comparison import compare_figure, rates_figure
from sim.views.frame import number_text, wrapped
from sim.views.incidents import incidents_map
from sim.views.series import monthly_figure, run_figure, warm_up_figure
from tests.unit.results.small_records import small_record

LONG_NAMES = [
    "baseline_2016",
    "all_of_it_with_the_infantry_only_variant",
    "proposal_2021_quick_reaction_companies_in_protected_vehicles",
    *[f"scenario_{number}" for number in range(7)],
]


def comparison_table(n_scenarios):
    names = LONG_NAMES[:n_scenarios]
    table = pd.DataFrame(
        {
            "scenario": names,
            "mean": np.linspace(200.0, 150.0, n_scenarios),
            "half_width": 9.0,
            "difference": np.linspace(0.0, -50.0, n_scenarios),
            "low": np.linspace(0.0, -50.0, n_scenarios) - 12.0,
            "high": np.linspace(0.0, -50.0, n_scenarios) + 12.0,
            "verdict": ["baseline"] + ["not distinguishable"] * (n_scenarios - 1),
            "stockout_person_days": 60_000.0,
            "delay_h": 31.0,
            "n_runs": 32,
            "is_within_supply_tolerance": True,
        }
    )
    table.loc[0, ["difference", "low", "high"]] = np.nan
    return table


def measures_table(names, n_runs=4):
    rng_free = np.arange(n_runs, dtype=float)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "scenario": name,
                    "run": range(n_runs),
                    "strikes": 100.0 + rng_free,
                    "killed_and_wounded": 150.0 - 3 * rng_free,
                    "killed_and_wounded_on_the_road": 140.0 - 3 * rng_free,
                    "vehicle_km": 4e6,
                    "troop_days": 1.3e7,
                    "stockout_person_days": 100.0 * rng_free,
                    "delay_h_per_convoy": 10.0 + rng_free,
                }
            )
            for name in names
        ],
        ignore_index=True,
    )


def months_table(names):
    months = month_table(small_record()[0])
    return pd.concat(
        [months.assign(scenario=name, run=run) for name in names for run in range(2)],
        ignore_index=True,
    )


def figures():
    record, network = small_record()
    names = ["baseline_2016", "more"]
    months = months_table(names)
    places = pd.concat([place_table(record, network).assign(scenario=name) for name in names])
    decision = record.clock.decision_day
    monthly = monthly_table(months)
    one = months[months["scenario"] == "more"]
    columns = ("killed_and_wounded", "strikes", "finds")
    return {
        "compare": lambda: compare_figure(comparison_table(2)),
        "rates": lambda: rates_figure(rates_table(measures_table(names))),
        "incidents": lambda: incidents_map(
            incidents_table(places, network, dict.fromkeys(names, 1)), network
        ),
        "monthly": lambda: monthly_figure(
            monthly, decision, {"more": [(date(2016, 8, 1), "+135")]}
        ),
        "warm_up": lambda: warm_up_figure(
            warm_up_table(months, "more"), date(2016, 7, 1), decision
        ),
        "run": lambda: run_figure(
            pd.concat([monthly_table(one, column) for column in columns]),
            measures_table(["more"]),
            "more: a title",
            decision,
        ),
    }


@pytest.mark.parametrize("name", list(figures()))
def test_a_figure_touches_no_file_and_leaves_nothing_in_pyplot(name, monkeypatch):
    draw = figures()[name]
    draw()  # fonts, borders and roads are read once

    def forbidden(file, mode="r", *args, **kwargs):
        raise AssertionError(f"opened {file} in mode {mode}")

    before = dict(matplotlib.rcParams)
    monkeypatch.setattr(builtins, "open", forbidden)
    figure = draw()
    monkeypatch.undo()
    assert isinstance(figure, Figure)
    assert dict(matplotlib.rcParams) == before
    assert not Gcf.get_all_fig_managers()


@pytest.mark.parametrize("name", list(figures()))
def test_a_figure_is_drawn_to_the_same_bytes_twice(name):
    draw = figures()[name]
    pictures = []
    for _ in range(2):
        picture = io.BytesIO()
        draw().savefig(picture, format="png")
        pictures.append(picture.getvalue())
    assert pictures[0] == pictures[1]


@pytest.mark.parametrize("n_scenarios", [2, 5, 10])
def test_names_of_scenarios_do_not_overlap(n_scenarios):
    figure = compare_figure(comparison_table(n_scenarios))
    figure.draw_without_rendering()
    for axes in (figure.axes[0], figure.axes[-1]):
        boxes = [label.get_window_extent() for label in axes.get_yticklabels()]
        assert len(boxes) == n_scenarios
        boxes.sort(key=lambda box: box.y0)
        assert all(one.y1 <= other.y0 for one, other in pairwise(boxes))
        assert all(box.x0 >= 0 and box.x1 <= figure.bbox.x1 for box in boxes)


@pytest.mark.parametrize("n_scenarios", [2, 10])
def test_numbers_below_a_panel_do_not_overlap(n_scenarios):
    figure = compare_figure(comparison_table(n_scenarios))
    figure.draw_without_rendering()
    for axes in figure.axes[:4]:
        boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
        low, high = axes.bbox.x0 - 1, axes.bbox.x1 + 1
        shown = [box for box in boxes if low <= (box.x0 + box.x1) / 2 <= high]
        assert all(one.x1 < other.x0 for one, other in pairwise(shown))


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        (
            "compare",
            [
                "mean of a run (persons)",
                "paired, run by run (persons)",
                "1,000 person-days",
                "hours a convoy",
            ],
        ),
        (
            "rates",
            [
                "strikes per 1,000 vehicle-km",
                "persons per 1,000 vehicle-km",
                "strikes per 1,000 troop-days",
                "persons per 1,000 troop-days",
            ],
        ),
        (
            "incidents",
            ["strikes per 100 km of road and year", "finds per 100 km of road and year"],
        ),
        ("monthly", ["Killed and wounded\n(persons a month)"]),
        (
            "warm_up",
            ["Live devices\n(mean number)", "Traffic that cells remember\n(vehicle-km a day)"],
        ),
        (
            "run",
            [
                "Killed and wounded\n(persons a month)",
                "Strikes and finds\n(a month)",
                "Killed and wounded (persons a run)",
                "Strikes (a run)",
            ],
        ),
    ],
)
def test_axes_say_what_they_count_in_which_unit(name, labels):
    figure = figures()[name]()
    said = [text for axes in figure.axes for text in (axes.get_xlabel(), axes.get_ylabel())]
    assert set(labels) <= set(said)


def test_a_difference_without_bounds_has_no_line():
    table = comparison_table(2)
    with_line = len(compare_figure(table).axes[1].lines)
    table.loc[1, ["low", "high"]] = np.nan
    assert len(compare_figure(table).axes[1].lines) < with_line


def test_the_figure_says_of_its_intervals_what_the_sentences_say():
    from sim.stats.stopping import HOW_INTERVALS_HOLD

    said = compare_figure(comparison_table(2)).get_supxlabel()
    assert HOW_INTERVALS_HOLD == "95%, over all scenarios and looks together"
    assert HOW_INTERVALS_HOLD in " ".join(said.split())
    assert "97%" not in said


def test_a_scenario_outside_the_supply_tolerance_is_hollow_and_explained():
    table = comparison_table(3)
    table.loc[2, "is_within_supply_tolerance"] = False
    figure = compare_figure(table)
    faces = [
        line.get_markerfacecolor() for line in figure.axes[1].lines if line.get_marker() == "o"
    ]
    assert faces[-1] == "white"
    assert "not driving" in figure.get_supxlabel()


def test_stockouts_and_delay_get_intervals_from_their_runs():
    table = with_supply_intervals(comparison_table(2), measures_table(LONG_NAMES[:2]))
    # standard deviation of 10, 11, 12, 13 is 1.291; Student's quantile for 3 is 3.182
    assert table["delay_half_width"].tolist() == pytest.approx([3.182 * 1.291 / 2] * 2, rel=1e-3)
    assert len(compare_figure(table).axes[3].lines) > len(
        compare_figure(comparison_table(2)).axes[3].lines
    )


def test_the_map_is_the_same_scale_for_all_scenarios_and_counts_totals():
    network = load_network("toy_triangle")
    table = pd.DataFrame(
        {
            "scenario": np.repeat(["a", "b"], network.n_segments),
            "segment": [*network.segments.name] * 2,
            "strikes": [1.0] + [0.0] * (network.n_segments - 1) + [4.0] * network.n_segments,
            "finds": 0.0,
            "strikes_per_100_km": [5.0]
            + [0.0] * (network.n_segments - 1)
            + [20.0] * network.n_segments,
            "finds_per_100_km": 0.0,
            "n_runs": 8,
        }
    )
    figure = incidents_map(table, network)
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert "Strikes, a: 1.0 a year" in titles
    assert f"Strikes, b: {4.0 * network.n_segments:.1f} a year" in titles
    assert "Finds, b: 0.0 a year" in titles


def test_one_run_and_one_scenario_can_be_drawn():
    months = month_table(small_record()[0]).assign(scenario="alone")
    monthly_figure(monthly_table(months), date(2016, 7, 16)).savefig(io.BytesIO())
    rates = rates_table(measures_table(["alone"], n_runs=1))
    rates_figure(rates).savefig(io.BytesIO())
    run_figure(
        pd.concat([monthly_table(months, c) for c in ("killed_and_wounded", "strikes", "finds")]),
        measures_table(["alone"], n_runs=1),
        "alone",
        date(2016, 7, 16),
    ).savefig(io.BytesIO())


def test_long_names_are_broken_where_words_end():
    assert wrapped("short") == "short"
    assert all(len(line) <= 24 for line in wrapped(LONG_NAMES[2]).split("\n"))
    assert wrapped("a_very_long_name_without_end " * 5, 12, 2).endswith("…")


def test_numbers_are_written_plainly():
    assert number_text(1e6) == "1,000,000"
    assert number_text(-0.5) == "−0.5"


def text_of(figure):
    return " ".join(text.get_text() for text in figure.findobj(Text))


def test_the_map_of_incidents_says_how_many_runs_it_holds():
    record, network = small_record()
    places = place_table(record, network).assign(scenario="more")
    table = incidents_table(places, network, {"more": 4})
    assert "Means over 4 runs of each" in text_of(incidents_map(table, network))


def test_the_map_of_incidents_shows_the_whole_of_a_toy_with_its_towns():
    figure = figures()["incidents"]()
    _, network = small_record()
    (west, east), (south, north) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    assert west < network.junction_longitude_deg.min()
    assert east > network.junction_longitude_deg.max()
    assert south < network.junction_latitude_deg.min()
    assert north > network.junction_latitude_deg.max()
    assert "East" in text_of(figure)


def test_the_warm_up_says_over_how_many_months_its_mean_is_taken():
    assert "mean of the 2 months after it" in text_of(figures()["warm_up"]())
