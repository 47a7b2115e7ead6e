"""The tables behind the figures: a figure draws one of these, and the CSV beside it is the table.

All take tables of many runs with a column `scenario`: measures (a row for each run), months
(`month_table`) and places (`place_table`), as a `Study` folder or a simulation has them.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.errors import ResultsError
from sim.results.groups import MONTH_STATES, MONTH_SUMS, by_place
from sim.results.measures import measure
from sim.roads import RoadNetwork
from sim.world.scenario import Scenario

RATES = (
    "strikes_per_1000_vehicle_km",
    "killed_and_wounded_on_the_road_per_1000_vehicle_km",
    "strikes_per_1000_troop_days",
    "killed_and_wounded_per_1000_troop_days",
)
"""The rates that the figure of rates shows: harm against both kinds of exposure."""

BAND = (0.1, 0.9)
"""Quantiles over runs between which a band lies: four of five runs."""

_CONFIDENCE = 0.95


def rates_table(measures: pd.DataFrame, rates: Sequence[str] = RATES) -> pd.DataFrame:
    """Rates of each scenario over all its runs, each with its own 95% interval.

    A rate is the mean of what stands above the line over the mean of what stands below, so that a
    run with little traffic does not count like one with much. The interval is Student's, on the
    residuals of that ratio (the delta method).

    Parameters
    ----------
    measures : pandas.DataFrame
        scenario, run and all measures.
    rates : sequence of str
        Names of measures that are ratios.

    Returns
    -------
    pandas.DataFrame
        scenario, measure, mean, low, high, n_runs; nan where there is no exposure, and no ends
        from a single run.

    Source
    ------
    Law (2015), Simulation Modeling and Analysis, 5th edition, section 9.5.3: ratio estimators;
    Cochran (1977), Sampling Techniques, 3rd edition, section 6.4.
    """
    rows = []
    for scenario in _in_order(measures["scenario"]):
        runs = measures[measures["scenario"] == scenario]
        for name in rates:
            declared = measure(name)
            if declared.ratio is None:
                raise ResultsError(
                    f"rates holds {name!r}: this measure is no ratio. Allowed: measures per "
                    "something, as in docs/measures.md."
                )
            above, below, factor = declared.ratio
            mean, reach = ratio_of_means(runs[above].to_numpy(float), runs[below].to_numpy(float))
            rows.append(
                (
                    scenario,
                    name,
                    factor * mean,
                    max(0.0, factor * (mean - reach)) if np.isfinite(mean - reach) else np.nan,
                    factor * (mean + reach),
                    len(runs),
                )
            )
    return pd.DataFrame(rows, columns=["scenario", "measure", "mean", "low", "high", "n_runs"])


def ratio_of_means(above: NDArray[np.float64], below: NDArray[np.float64]) -> tuple[float, float]:
    """Ratio of two means over the same runs, and the half-width of its 95% interval.

    Examples
    --------
    Means 2 and 4; the residuals above - 0.5 below are -1, 0, 1 with standard deviation 1, so the
    half-width is 4.303 x 1 / sqrt(3) / 4:

    >>> ratio, reach = ratio_of_means(np.array([1.0, 2.0, 3.0]), np.array([4.0, 4.0, 4.0]))
    >>> ratio, round(reach, 3)
    (0.5, 0.621)
    """
    n_runs = len(above)
    if n_runs == 0 or below.mean() == 0.0:
        return float("nan"), float("nan")
    ratio = float(above.mean() / below.mean())
    if n_runs < 2:
        return ratio, float("nan")
    quantile = float(stdtrit(n_runs - 1, 0.5 + _CONFIDENCE / 2.0))
    spread = float((above - ratio * below).std(ddof=1))
    return ratio, quantile * spread / (float(np.sqrt(n_runs)) * float(below.mean()))


def with_supply_intervals(table: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """The table of a comparison with half-widths of stock-outs and delay, 95% each alone.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each scenario (`Comparison.table`).
    measures : pandas.DataFrame
        The runs behind it: scenario, run, stockout_person_days, delay_h_per_convoy.

    Returns
    -------
    pandas.DataFrame
        `table` with the columns stockout_half_width (person-days) and delay_half_width (h).
    """
    half_widths: dict[str, list[float]] = {"stockout_person_days": [], "delay_h_per_convoy": []}
    for scenario in table["scenario"]:
        runs = measures[measures["scenario"] == scenario]
        for column, found in half_widths.items():
            values = runs[column].dropna().to_numpy(float)
            found.append(ratio_of_means(values, np.ones(len(values)))[1])
    return table.assign(
        stockout_half_width=half_widths["stockout_person_days"],
        delay_half_width=half_widths["delay_h_per_convoy"],
    )


def incidents_table(
    places: pd.DataFrame, network: RoadNetwork, n_runs: Mapping[str, int]
) -> pd.DataFrame:
    """Strikes and finds by piece of road and scenario, mean over runs, a year.

    Parameters
    ----------
    places : pandas.DataFrame
        Rows of `place_table` with a column `scenario`.
    network : RoadNetwork
    n_runs : mapping from scenario to number of runs; its order is that of the result

    Returns
    -------
    pandas.DataFrame
        scenario, segment, road, region, length_km, strikes, finds, killed_and_wounded, vehicle_km
        (all a year), strikes_per_100_km and finds_per_100_km (of road, a year), n_runs; every piece
        of road in every scenario, in the order of the network.
    """
    segments = network.segments
    tables = []
    for scenario, runs in n_runs.items():
        table = by_place(places[places["scenario"] == scenario], network, "segment", runs)
        table = table.set_index("segment").reindex(list(segments.name)).reset_index()
        table["finds_per_100_km"] = 100.0 * table["finds"] / table["length_km"]
        table.insert(0, "scenario", scenario)
        table.insert(2, "road", list(segments.road))
        table.insert(3, "region", list(segments.region))
        table["n_runs"] = runs
        tables.append(table)
    columns = ["scenario", "segment", "road", "region", "length_km", "strikes", "finds"]
    columns += ["killed_and_wounded", "vehicle_km", "strikes_per_100_km", "finds_per_100_km"]
    columns += ["n_runs"]
    return pd.concat(tables, ignore_index=True)[columns]


def monthly_table(months: pd.DataFrame, column: str = "killed_and_wounded") -> pd.DataFrame:
    """A column of the table by month: mean over runs, and the band that holds four of five runs.

    Parameters
    ----------
    months : pandas.DataFrame
        Rows of `month_table` with a column `scenario`.
    column : str
        One of `MONTH_SUMS` or `MONTH_STATES`.

    Returns
    -------
    pandas.DataFrame
        scenario, month (first day of the calendar month), column, mean, low, high, n_runs.
    """
    if column not in (*MONTH_SUMS, *MONTH_STATES):
        raise ResultsError(
            f"column is {column!r}: it is not kept by month. "
            f"Allowed: {', '.join((*MONTH_SUMS, *MONTH_STATES))}."
        )
    calendar = months["month"].dt.to_period("M").dt.to_timestamp()
    weight = months["days"] if column in MONTH_STATES else 1.0
    sums = (
        pd.DataFrame(
            {
                "scenario": months["scenario"].astype(object),
                "run": months["run"],
                "month": calendar,
                "value": months[column] * weight,
                "weight": weight,
            }
        )
        .groupby(["scenario", "run", "month"])[["value", "weight"]]
        .sum()
    )
    value = sums["value"] / sums["weight"] if column in MONTH_STATES else sums["value"]
    grouped = value.groupby(["scenario", "month"])
    table = pd.DataFrame(
        {
            "column": column,
            "mean": grouped.mean(),
            "low": grouped.quantile(BAND[0]),
            "high": grouped.quantile(BAND[1]),
            "n_runs": grouped.size(),
        }
    ).reset_index()
    order = {scenario: rank for rank, scenario in enumerate(_in_order(months["scenario"]))}
    return table.sort_values(
        ["scenario", "month"],
        key=lambda series: series.map(order) if series.name == "scenario" else series,
        ignore_index=True,
    )


def warm_up_table(months: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Live devices and traffic that cells remember, by month from the beginning of the warm-up.

    Returns
    -------
    pandas.DataFrame
        Rows of `monthly_table` for both columns, one after the other.
    """
    own = months[months["scenario"] == scenario]
    return pd.concat(
        [monthly_table(own, column) for column in ("live_devices", "traffic_seen")],
        ignore_index=True,
    )


def arrivals_of(scenario: Scenario) -> list[tuple[date, str]]:
    """When reinforcements arrive within a run, and how many people, in order of time.

    Examples
    --------
    >>> arrivals_of(Scenario())
    []
    """
    clock = scenario.clock()
    people: dict[date, float] = {}
    for unit in scenario.force.reinforcements.values():
        if unit.arrival != "never":
            day = date.fromisoformat(unit.arrival)
            people[day] = people.get(day, 0.0) + unit.strength
    return [
        (day, f"+{people[day]:,.0f}")
        for day in sorted(people)
        if clock.decision_day <= day < clock.last_day
    ]


def _in_order(scenarios: pd.Series) -> list[str]:
    return list(dict.fromkeys(scenarios.astype(object)))
