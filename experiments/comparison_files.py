"""What a comparison leaves in its folder beside the runs: tables, figures, a CSV behind each."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from sim.results.ground import network_of
from sim.results.store import Study, open_study, read_about
from sim.results.tables import (
    arrivals_of,
    incidents_table,
    monthly_table,
    rates_table,
    warm_up_table,
    with_supply_intervals,
)
from sim.studies.comparison import Comparison
from sim.studies.comparison_page import comparison_page
from sim.views.comparison import compare_figure, rates_figure
from sim.views.incidents import incidents_map
from sim.views.series import monthly_figure, warm_up_figure
from sim.world.scenario import Scenario

PNG_EFFORT = 3
"""How hard pictures are pressed, of 9; at 6, the usual, files are 4% smaller in 1.5 times the
time."""


def write_comparison(
    comparison: Comparison, scenarios: Sequence[Scenario], out: Path, command: str
) -> list[Path]:
    """Write tables and figures of a comparison whose runs are in `out`, made by `command`.

    Returns
    -------
    list of Path
        What a planner opens: the table and the figures, in order of interest.
    """
    about = read_about(out)
    page = comparison_page(
        comparison,
        scenarios,
        command=command,
        version=about["version"],
        commit=about["commit"],
        earlier_commits=[program["commit"] for program in about.get("earlier_programs", [])],
    )
    (out / "comparison.md").write_text(page, encoding="utf-8")
    table = with_supply_intervals(comparison.table, comparison.measures)
    figure = compare_figure(table, comparison.measure)
    files = [out / "comparison.md", out / "comparison.csv"]
    files.append(_with_table(figure, table, out / "comparison.png"))
    rates = rates_table(comparison.measures)
    files.append(_with_table(rates_figure(rates), rates, out / "rates.png"))
    if scenarios[0].results.detail != "measures":
        files += _figures_of_incidents(comparison, scenarios, out)
    return files


def _figures_of_incidents(
    comparison: Comparison, scenarios: Sequence[Scenario], out: Path
) -> list[Path]:
    """Map and series, on the runs that the comparison counts."""
    study = open_study(out)
    names = list(comparison.names)
    clock = scenarios[0].clock()
    network = network_of(scenarios[0])
    # Scenario by scenario: the table of all runs by piece of road is the largest there is.
    places = pd.concat(
        [
            incidents_table(
                _counted(study, "places", [name], comparison), network, {name: comparison.n_runs}
            )
            for name in names
        ],
        ignore_index=True,
    )
    months = _counted(study, "months", names, comparison)
    monthly = monthly_table(months)
    warm_up = warm_up_table(months, comparison.baseline)
    arrivals = {scenario.name: arrivals_of(scenario) for scenario in scenarios}
    start = clock.first_day + pd.Timedelta(days=scenarios[0].runs.warm_up_days).to_pytimedelta()
    return [
        _with_table(incidents_map(places, network), places, out / "incidents.png"),
        _with_table(
            monthly_figure(monthly, clock.decision_day, arrivals), monthly, out / "monthly.png"
        ),
        _with_table(
            warm_up_figure(warm_up, start, clock.decision_day), warm_up, out / "warm_up.png"
        ),
    ]


def _counted(
    study: Study, table: str, names: Sequence[str], comparison: Comparison
) -> pd.DataFrame:
    """Rows of the runs up to the look at which the study stopped, in the order of scenarios."""
    frame: pd.DataFrame = getattr(study, table)(list(names))
    return frame[frame["run"] < comparison.n_runs]


def _with_table(figure: Figure, table: pd.DataFrame, file: Path) -> Path:
    table.to_csv(file.with_suffix(".csv"), index=False, lineterminator="\n")
    return _saved(figure, file)


def _saved(figure: Figure, file: Path) -> Path:
    figure.savefig(file, pil_kwargs={"compress_level": PNG_EFFORT})
    return file
