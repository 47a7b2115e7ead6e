"""How a comparison is told: aligned in a terminal, in Markdown on a page, `-` for the unknown."""

import math

import pytest

from sim.studies.comparison_text import as_markdown, as_text

BASELINE = {
    "scenario": "today",
    "mean": 140.0,
    "half_width": 12.0,
    "difference": math.nan,
    "low": math.nan,
    "high": math.nan,
    "percent_change": math.nan,
    "verdict": "baseline",
    "chance_best": math.nan,
    "per_1000_vehicle_km": 0.0058231,
    "per_1000_troop_days": 0.0105,
    "stockout_person_days": 0.0,
    "delay_h": 0.63,
    "troops_added": 0.0,
    "per_1000_more_troops": math.nan,
}
MORE = BASELINE | {
    "scenario": "more_troops",
    "difference": -20.0,
    "low": -30.0,
    "high": -10.0,
    "percent_change": -14.3,
    "verdict": "fewer casualties",
    "chance_best": 0.97,
    "troops_added": 5000.0,
    "per_1000_more_troops": -4.0,
}


def test_what_1000_more_troops_buy_carries_the_interval_of_the_difference():
    page = as_markdown([BASELINE, MORE], "killed_and_wounded", [])
    assert "| 5,000 | -4.0 [-6.0, -2.0] |" in page


def test_where_there_is_no_bound_words_say_so():
    open_ends = MORE | {"half_width": math.nan, "low": math.nan, "high": math.nan}
    page = as_markdown([BASELINE, open_ends], "killed_and_wounded", [])
    for cell in ("140.0, no bound yet", "-20.0, no bound yet", "-4.0, no bound yet"):
        assert f"| {cell} |" in page
    assert "nan" not in page
    assert "inf" not in page


@pytest.mark.parametrize("exposure", ["1,000 vehicle-km", "1,000 troop-days"])
def test_a_rate_says_of_what(exposure):
    assert f"| Wounded per {exposure} |" in as_markdown([BASELINE], "wounded", [])


def test_people_harmed_in_camps_are_not_set_against_distance_driven():
    page = as_markdown([BASELINE], "killed_and_wounded", [])
    assert "| Killed and wounded on the road per 1,000 vehicle-km |" in page
    assert "| Killed and wounded per 1,000 troop-days |" in page


def test_the_unknown_is_a_dash():
    text = as_text([BASELINE, MORE], "killed_and_wounded", ["One sentence."])
    baseline = next(line for line in text.splitlines() if line.startswith("today")).split()
    assert baseline == ["today", "140.0", "±", "12.0", "-", "-", "baseline", "-"]
    assert text.endswith("\n\nOne sentence.\n")


WIDE = MORE | {
    "scenario": "proposal_2021_quick_reaction_companies_in_protected_vehicles",
    "mean": 1234.5,
    "low": -1234.5,
    "high": math.nan,
    "verdict": "too few runs to say; outside the supply tolerance",
    "stockout_person_days": 1_234_567.0,
}


@pytest.mark.parametrize("row", [MORE, WIDE, WIDE | {"low": math.nan}])
def test_a_terminal_of_100_columns_holds_the_tables(row):
    text = as_text([BASELINE, row], "killed_and_wounded", [])
    assert max(len(line) for line in text.splitlines()) <= 100
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_line_never_breaks_within_an_interval():
    row = MORE | {"scenario": "clearance_first", "troops_added": 2529.0}
    text = as_text([BASELINE | {"scenario": "baseline_2016"}, row], "killed_and_wounded", [])
    assert "  -4.0\n" in text  # the column is too narrow for both
    assert "[-11.9, -4.0]" in text


A_RATE = MORE | {
    "mean": 0.0048724,
    "half_width": 0.0023243,
    "difference": -0.0006474,
    "low": -0.0011066,
    "high": -0.0002556,
    "per_1000_vehicle_km": math.nan,
    "per_1000_troop_days": math.nan,
    "per_1000_more_troops": -0.00012948,
}


def test_a_rate_has_the_digits_that_it_needs_and_is_set_against_no_exposure_again():
    page = as_markdown([BASELINE, A_RATE], "strikes_per_1000_vehicle_km", [])
    assert "| Scenario | Strikes per 1,000 vehicle-km | Difference [95%] |" in page
    assert "| more_troops | 0.00487 ± 0.00232 | -0.00065 [-0.00111, -0.00026] | -14% |" in page
    assert "| Scenario | Stock-out person-days | Delay, h a convoy | Troops added |" in page
    assert "| 5,000 | -0.00013 [-0.00022, -0.00005] |" in page
