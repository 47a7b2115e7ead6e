from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.errors import ResultsError
from sim.results.groups import month_table, place_table
from sim.results.tables import (
    arrivals_of,
    incidents_table,
    monthly_table,
    rates_table,
    warm_up_table,
)
from tests.unit.results.small_records import small_record, small_scenario


def two_scenarios_of_three_runs(table, value):
    """Three runs of two scenarios; run r of the second has r more in a column."""
    parts = []
    for scenario, step in (("zebra", 0), ("ant", 1)):
        for run in range(3):
            part = table.copy()
            part["run"], part["scenario"] = run, scenario
            part[value] += step * run
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def test_rates_are_ratios_of_means():
    measures = pd.DataFrame(
        {
            "scenario": ["a", "a", "b"],
            "run": [0, 1, 0],
            "strikes": [1.0, 3.0, 5.0],
            "vehicle_km": [1000.0, 3000.0, 0.0],
        }
    )
    rates = rates_table(measures, ["strikes_per_1000_vehicle_km"])
    assert list(rates["mean"][:1]) == [1.0]
    assert rates["low"][0] == rates["high"][0] == pytest.approx(1.0)
    assert np.isnan(rates["mean"][1])


def test_a_total_is_not_a_rate():
    measures = pd.DataFrame({"scenario": ["a"], "run": [0], "strikes": [1.0]})
    with pytest.raises(ResultsError, match="'strikes'"):
        rates_table(measures, ["strikes"])


def test_monthly_joins_the_halves_of_the_month_of_decision_and_keeps_the_order_of_scenarios():
    months = two_scenarios_of_three_runs(month_table(small_record()[0]), "killed_and_wounded")
    table = monthly_table(months, "killed_and_wounded")
    assert list(dict.fromkeys(table["scenario"])) == ["zebra", "ant"]
    zebra, ant = (table[table["scenario"] == name] for name in ("zebra", "ant"))
    assert list(zebra["mean"]) == [0.0, 5.0, 0.0]
    # both halves of July have run r add r: 5, 7, 9
    assert list(ant["mean"]) == [1.0, 7.0, 1.0]
    assert list(ant["low"].round(1)) == [0.2, 5.4, 0.2]
    assert list(ant["n_runs"]) == [3, 3, 3]


def test_states_are_averaged_over_the_days_of_a_month():
    months = month_table(small_record()[0]).assign(scenario="a")
    months["live_devices"] = [4.0, 1.0, 2.0, 3.0]
    table = monthly_table(months, "live_devices")
    assert table["mean"].tolist() == pytest.approx([4.0, (15 * 1 + 16 * 2) / 31, 3.0])
    assert set(warm_up_table(months, "a")["column"]) == {"live_devices", "traffic_seen"}


def test_an_unknown_column_by_month_is_refused():
    months = month_table(small_record()[0]).assign(scenario="a")
    with pytest.raises(ResultsError, match="'luck'"):
        monthly_table(months, "luck")


def test_incidents_have_every_piece_of_road_in_every_scenario():
    record, network = small_record()
    places = place_table(record, network).assign(scenario="a")
    table = incidents_table(places, network, {"a": 1, "quiet": 1})
    assert len(table) == 2 * network.n_segments
    a_year = 365.25 / 47
    per_scenario = table.groupby("scenario")[["strikes", "finds"]].sum()
    assert per_scenario.loc["a"].tolist() == pytest.approx([2 * a_year, 2 * a_year])
    assert per_scenario.loc["quiet"].tolist() == [0.0, 0.0]


def test_arrivals_within_the_run_are_named_by_date_and_strength():
    assert arrivals_of(small_scenario()) == [(date(2016, 8, 1), "+135")]
