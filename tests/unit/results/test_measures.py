import math
from pathlib import Path

import numpy as np
import pytest

from sim.errors import ResultsError
from sim.results.counts import segments_with_half
from sim.results.measures import (
    MEASURE_NAMES,
    MEASURES,
    fates_gap,
    measure,
    measures_markdown,
    measures_of,
)
from sim.world.events import Kind
from tests.unit.results.small_records import small_record, small_scenario, violent_record

DAYS = 16 + 31
TROOP_DAYS = 300.0 * DAYS
VEHICLE_KM = 2000.0 + 2 * 500.0


@pytest.fixture(scope="module")
def measures():
    record, network = small_record()
    return measures_of(record, small_scenario(), network)


def test_measures_are_the_numbers_on_the_napkin(measures):
    expected = {
        "killed": 1,
        "wounded": 3,
        "killed_and_wounded": 4,
        "killed_and_wounded_in_convoys": 4,
        "contractors": 1,
        "civilians": 2,
        "strikes": 2,
        "strikes_on_convoys": 1,
        "strikes_on_patrols": 1,
        "strikes_on_others": 1,
        "harmless_strikes": 1,
        "fatal_strikes": 1,
        "finds": 2,
        "finds_by_patrols": 1,
        "finds_by_convoys": 0,
        "finds_by_sweeps": 1,
        "found_share": 0.5,
        "killed_per_strike": 0.5,
        "vehicle_km": VEHICLE_KM,
        "vehicle_km_logistics": 2000.0,
        "vehicle_km_patrol": 1000.0,
        "person_km": 3.0 * VEHICLE_KM,
        "strikes_per_1000_vehicle_km": 2 / 3,
        "killed_and_wounded_on_the_road_per_1000_vehicle_km": 4 / 3,
        "strikes_per_convoy": 1.0,
        "finds_per_convoy": 0.0,
        "killed_and_wounded_per_convoy": 4.0,
        "strikes_per_1000_troop_days": 2000.0 / TROOP_DAYS,
        "killed_and_wounded_per_1000_troop_days": 4000.0 / TROOP_DAYS,
        "convoys_sent": 1,
        "loads_sent": 1,
        "convoys_arrived": 1,
        "patrols": 18,
        "convoy_km_per_day": 40.0 / (8.0 / 24.0),
        "wait_h_per_convoy": 48.0,
        "halt_h_per_convoy": 5.0,
        "delay_h_per_convoy": 53.0,
        "stockout_person_days": 141.0,
        "stockout_percent": 1.0,
        "sweeps": 1,
        "team_h": 7.0,
        "team_h_per_find": 7.0,
        "mean_live_devices": 1.0,
        "mean_troops": 300.0,
        "training_level": 0.5,
        "cell_strength": (2.0 * 16 + 3.0 * 31) / DAYS,
        "cell_strength_at_end": 3.0,
        # three events on the south road, two on the other: south holds half
        "segments_with_half_of_events": 1.0,
    }
    assert {name: measures[name] for name in expected} == pytest.approx(expected)


@pytest.fixture(scope="module")
def violence():
    record, network = violent_record()
    return measures_of(record, small_scenario(), network)


def test_harm_is_counted_by_cause_and_adds_up(violence):
    expected = {
        "killed": 10,
        "wounded": 16,
        "killed_and_wounded": 26,
        "killed_and_wounded_on_the_road": 10,
        "killed_and_wounded_in_camp_attacks": 16,
        "killed_and_wounded_in_accidents": 2,
        "killed_in_strikes": 1,
        "wounded_in_strikes": 3,
        "killed_by_gunfire": 3,
        "killed_in_camp_attacks": 5,
        "killed_by_indirect_fire": 0,
        "killed_by_suicide_vehicles": 3,
        "killed_in_complex_attacks": 2,
        "killed_and_wounded_in_convoys": 7,
        "killed_and_wounded_per_convoy": 7.0,
        "killed_per_strike": 0.5,
        "died_of_wounds": 1,
        "civilians": 6,
        "civilians_in_strikes_on_cells": 4,
    }
    assert {name: violence[name] for name in expected} == pytest.approx(expected)
    by_cause = ("killed_in_strikes", "killed_by_gunfire", "killed_in_camp_attacks")
    assert violence["killed"] == sum(violence[name] for name in by_cause) + 1  # the accident


def test_attacks_are_strikes_camp_attacks_and_gunfire_that_came_alone(violence):
    expected = {
        "attacks_on_mission": 2 + 3 + 1,
        "camp_attacks": 3,
        "camp_attacks_by_indirect_fire": 1,
        "camp_attacks_by_suicide_vehicle": 1,
        "complex_camp_attacks": 1,
        "gunfire_attacks": 1,
        "follow_on_fires": 1,
        "fatal_strikes": 1,
        "harmless_strikes": 1,
    }
    assert {name: violence[name] for name in expected} == expected


def test_decoys_are_no_finds_and_cost_team_hours(violence, measures):
    assert violence["found_share"] == measures["found_share"] == 0.5
    expected = {
        "finds": 2,
        "decoys_placed": 3,
        "decoys_found": 2,
        "decoys_found_by_sweeps": 1,
        "decoys_expired": 1,
        "sweeps_with_false_alarms": 2,
        "team_h_on_decoys": 3.0,
        "team_h_on_false_alarms": 1.5,
        "team_h_on_nothing": 4.5,
        "team_h_on_nothing_percent": 100.0 * 4.5 / 7.0,
        "accidents": 1,
    }
    assert {name: violence[name] for name in expected} == pytest.approx(expected)
    assert fates_gap(violence) == 0.0


def test_a_withdrawal_is_no_supply_and_waiting_is_told_by_what_was_lacking(violence):
    expected = {
        "convoys_sent": 1,
        "convoys_arrived": 1,
        "convoy_km_per_day": 120.0,
        "withdrawal_convoys": 1,
        "camps_closed": 1,
        "reroutings": 1,
        "waits": 5,
        "waits_for_trucks": 1,
        "waits_for_escort": 1,
        "waits_for_stock": 1,
        "waits_for_sweep": 1,
        "waits_for_loads": 1,
    }
    assert {name: violence[name] for name in expected} == pytest.approx(expected)


def test_cells_courses_and_progress_are_counted(violence):
    expected = {
        "cells_struck": 3,
        "cells_struck_by_patrols": 1,
        "cells_struck_in_raids": 1,
        "cells_struck_by_counter_terror": 1,
        "cells_fled": 1,
        "cells_active": (3.0 * 16 + 4.0 * 31) / DAYS,
        "cells_in_refuge": 16 / DAYS,
        "cell_practice": (12.0 * 16 + 14.0 * 31) / DAYS,
        "grievance": (0.4 * 16 + 0.2 * 31) / DAYS,
        "political_progress": (0.2 * 16 + 0.3 * 31) / DAYS,
        "political_progress_at_end": 0.3,
        "course_places": 120.0,
        "course_company_days": 10.0,
        "courses_ended": 1,
    }
    assert {name: violence[name] for name in expected} == pytest.approx(expected)


def test_fates_of_devices_are_counted_and_add_up(measures):
    assert [
        measures[f"devices_{fate}"]
        for fate in (
            "live_at_start",
            "placed",
            "found",
            "struck",
            "struck_others",
            "expired",
            "live_at_end",
        )
    ] == [1, 6, 2, 2, 1, 1, 1]
    assert fates_gap(measures) == 0.0


def test_a_device_that_vanishes_leaves_a_gap_in_the_fates():
    record, network = small_record()
    kept = ~((record.events["kind"] == Kind.EXPIRED) & (record.events["entity"] == 5))
    ended_twice = record.events["kind"] == Kind.STRUCK_OTHERS
    record.events = {
        name: np.concatenate([column[kept], column[ended_twice]])
        for name, column in record.events.items()
    }
    assert fates_gap(measures_of(record, small_scenario(), network)) != 0.0


def test_nothing_before_the_decision_is_counted(violence):
    record, network = violent_record()
    before = record.events["time_h"] < record.clock.decision_h
    record.events = {name: column.copy() for name, column in record.events.items()}
    record.events["killed"][before] = 9
    record.vehicle_km[:, :2] += 1e6
    record.troop_days[:2] += 1e6
    for name in ("grievance", "progress", "cells_active", "cell_practice", "course_places"):
        getattr(record, name)[:2] += 1e6
    assert measures_of(record, small_scenario(), network) == pytest.approx(violence, nan_ok=True)


def test_a_run_without_exposure_has_rates_that_are_not_numbers():
    record, network = small_record()
    record.events = {name: column[:0] for name, column in record.events.items()}
    record.vehicle_km[:] = 0.0
    measures = measures_of(record, small_scenario(), network)
    assert math.isnan(measures["strikes_per_1000_vehicle_km"])
    assert math.isnan(measures["found_share"])
    assert math.isnan(measures["delay_h_per_convoy"])
    assert measures["strikes"] == 0.0


def test_a_load_in_the_convoy_of_another_is_a_load_and_no_convoy():
    record, network = small_record()
    record.events["kind"][record.events["kind"] == Kind.ORDERED] = Kind.JOINED
    measures = measures_of(record, small_scenario(), network)
    assert (measures["convoys_sent"], measures["loads_sent"]) == (1, 2)
    assert measures["wait_h_per_convoy"] == 48.0 / 2


def test_convoys_without_escort_do_not_count_as_progress():
    record, network = small_record()
    scenario = small_scenario()
    scenario.supply.unescorted_hubs["west"] = True
    assert math.isnan(measures_of(record, scenario, network)["convoy_km_per_day"])


def test_every_declared_measure_is_given_once_and_in_order(measures):
    assert tuple(measures) == MEASURE_NAMES
    assert len(set(MEASURE_NAMES)) == len(MEASURE_NAMES)
    assert all(type(value) is float for value in measures.values())


def test_every_ratio_stands_on_declared_measures():
    for declared in MEASURES:
        assert declared.better in ("lower", "higher", "-")
        if declared.ratio is not None:
            assert set(declared.ratio[:2]) <= set(MEASURE_NAMES)


def test_segments_with_half_is_not_a_number_without_events():
    assert math.isnan(segments_with_half(np.zeros(3)))
    assert segments_with_half(np.array([1.0, 1.0, 1.0, 1.0])) == 2.0


def test_a_misspelt_measure_names_the_closest():
    with pytest.raises(ResultsError, match="Did you mean 'killed_and_wounded'"):
        measure("killed_and_wounde")


def test_docs_measures_is_current():
    docs = Path(__file__).parents[3] / "docs" / "measures.md"
    assert docs.read_text(encoding="utf-8") == measures_markdown(), (
        "run python -m sim.results.measures > docs/measures.md"
    )
