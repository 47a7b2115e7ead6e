"""Does the baseline look like the mission of 2016? Bands of the calibration table, not fits.

The bands stand in `sim/data/facts/calibration_targets.csv`. Fitting comes later: a band says only
that the defaults are not out of this world. Means of eight runs of two counted years with a fixed
seed. For three of them, killed per attack, victims a year and the share in Kidal, the interval of
the mean reaches beyond the band, so another seed may leave it. `pytest -s` prints what was found.
"""

import csv

import numpy as np
import pytest

from sim.compose import load_scenario
from sim.data import data_path
from sim.engines import run_scenario
from sim.results.ground import network_of
from sim.results.measures import measures_of
from sim.world.events import Kind

N_RUNS = 8
YEARS = 2.0


@pytest.fixture(scope="module")
def baseline():
    """Measures of the runs, and the share of placements in the region of Kidal."""
    scenario = load_scenario("baseline_2016", ["runs=two_years"])
    network = network_of(scenario)
    in_kidal = np.array([region == "Kidal" for region in network.segments.region])
    measures, shares, from_gao = [], [], []
    for run in range(N_RUNS):
        record = run_scenario(scenario, seed=2016, run=run)
        measures.append(measures_of(record, scenario, network))
        struck = record.events["segment"][record.events["kind"] == Kind.STRUCK]
        shares.append(in_kidal[struck].mean())
        from_gao.append(_large_convoys_from_gao(record))
    means = {name: np.mean([row[name] for row in measures]) for name in measures[0]}
    means["share_in_kidal"] = float(np.mean(shares))
    means["from_gao_per_month"] = float(np.mean(from_gao)) / (12.0 * YEARS)
    return means


def _large_convoys_from_gao(record):
    """Convoys that left Gao for the north and east, counted from the decision date."""
    events = record.events
    counted = (events["kind"] == Kind.DEPARTED) & (events["time_h"] >= record.clock.decision_h)
    served = [record.camp_ids.index(camp) for camp in ("kidal", "ansongo", "menaka", "gossi")]
    return int(np.isin(events["camp"][counted], served).sum())


def band(target):
    """Low and high of a target of the calibration table."""
    with data_path("facts", "calibration_targets.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["target"] == target)
    return float(row["low"]), float(row["high"])


def quantities(means):
    """What the model says of each target."""
    incidents = means["strikes"] + means["strikes_on_others"]
    return {
        "ied_incidents_all_victims_per_month": incidents / (12.0 * YEARS),
        "un_killed_per_device_attack": means["killed"] / means["strikes"],
        "un_injured_per_device_attack": means["wounded"] / means["strikes"],
        "share_of_device_attacks_fatal": means["fatal_strikes"] / means["strikes"],
        "killed_per_fatal_device_event": means["killed"] / means["fatal_strikes"],
        "share_of_placed_road_events_in_kidal_region": means["share_in_kidal"],
        "share_of_devices_found_first": means["found_share"],
        "patrols_per_year": means["patrols"] / YEARS,
        "convoy_progress_threatened": means["convoy_km_per_day"],
        "logistic_convoys_per_month_from_gao": means["from_gao_per_month"],
        "un_device_victims_2015": means["killed_and_wounded"] / YEARS,
    }


TARGETS = [
    "ied_incidents_all_victims_per_month",
    "un_killed_per_device_attack",
    "un_injured_per_device_attack",
    "share_of_device_attacks_fatal",
    "killed_per_fatal_device_event",
    "share_of_placed_road_events_in_kidal_region",
    "share_of_devices_found_first",
    "patrols_per_year",
    "convoy_progress_threatened",
    "logistic_convoys_per_month_from_gao",
    "un_device_victims_2015",
]


@pytest.mark.parametrize("target", TARGETS)
def test_the_baseline_lies_in_the_band_of_the_target(baseline, target):
    low, high = band(target)
    found = quantities(baseline)[target]
    print(f"\n{target}: {found:.3g}, band {low:g} to {high:g}")
    assert low <= found <= high


def test_a_baseline_with_three_times_the_threat_would_be_caught(baseline):
    low, high = band("ied_incidents_all_victims_per_month")
    assert not low <= 3.0 * quantities(baseline)["ied_incidents_all_victims_per_month"] <= high
