"""Published counts beside those of runs: the numbers of two napkins."""

import csv
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from sim.clock import DAYS_PER_MONTH, Clock
from sim.data import data_path
from sim.errors import ResultsError
from sim.results import targets
from sim.results.targets import (
    DEFINITIONS,
    Span,
    read_targets,
    score_targets,
    target_sums,
    targets_text,
    window_h,
)
from sim.world.events import Cause, Kind
from tests.unit.results.small_records import small_record, small_scenario, violent_record

THREE_YEARS = Clock(date(2013, 7, 1), date(2013, 7, 1), date(2016, 7, 1))
DAYS = 16 + 31
MONTHS = DAYS / DAYS_PER_MONTH


def target(name):
    return next(one for one in read_targets() if one.name == name)


def counted(name, record, network, window_days=float(DAYS)):
    """Above and below the line of one target, over all counted time of the record."""
    clock = record.clock
    span = Span(record, small_scenario(), network, clock.decision_h, clock.end_h, window_days)
    return DEFINITIONS[name].count(span)


def table_of(sums, clock=THREE_YEARS):
    """A score in which targets that are not named have nothing."""
    blank = {f"{one.name} {part}": 0.0 for one in read_targets() for part in ("above", "below")}
    return score_targets(pd.DataFrame([blank | row for row in sums]), clock).set_index("target")


def test_every_published_target_is_read_once_and_has_a_definition():
    with data_path("facts", "calibration_targets.csv").open(encoding="utf-8") as file:
        published = [row["target"] for row in csv.DictReader(file) if row["unit"] != "note"]
    scored = [one.name for one in read_targets() if one.is_scored]
    assert scored == published
    assert len(scored) == 19
    assert {one.name for one in read_targets()} == set(DEFINITIONS)


def test_a_target_without_a_definition_is_refused(monkeypatch):
    fewer = {name: one for name, one in DEFINITIONS.items() if name != "patrols_per_year"}
    monkeypatch.setattr(targets, "DEFINITIONS", fewer)
    with pytest.raises(ResultsError, match="'patrols_per_year'"):
        read_targets()


def test_the_dated_list_has_the_deaths_that_its_summary_gives():
    values = {one.name: one.value for one in read_targets() if not one.is_scored}
    assert values["killed_by_road_devices_dated_list"] == 21
    assert values["killed_by_suicide_and_complex_dated_list"] == 19
    assert values["killed_by_indirect_fire_dated_list"] == 4
    assert values["killed_in_all_dated_list"] == 60


@pytest.mark.parametrize(
    ("name", "above", "below"),
    [
        # 2 strikes on the mission, 1 on civilians, 1 suicide vehicle
        ("ied_incidents_all_victims_per_month", 4, MONTHS),
        # the strike 1, the suicide vehicle 3, the accident 1; of wounded 3, 5 and 1
        ("un_killed_by_devices", 5, 1.0),
        ("un_injured_by_devices", 9, 1.0),
        ("un_device_victims_2015", 14, 1.0),
        ("civilian_device_victims_2015", 2, 1.0),
        # 2 strikes and a suicide vehicle; the accident is no attack
        ("un_killed_per_device_attack", 4, 3),
        ("un_injured_per_device_attack", 8, 3),
        ("share_of_device_attacks_fatal", 2, 3),
        # the strike and its fire are one event: 1 and 2
        ("killed_per_fatal_device_event", 3, 1),
        ("share_of_placed_road_events_in_kidal_region", 0, 3),
        ("share_of_devices_found_first", 2, 4),
        ("un_killed_by_malicious_acts", 10, 1.0),
        ("un_killed_road_gunfire", 1, 1.0),
        ("un_killed_in_base_attacks", 5, 1.0),
        ("attacks_on_un_per_month", 2 + 3 + 1, MONTHS),
        ("patrols_per_year", 18, DAYS / 365.25),
        # 40 km in 8 h; the withdrawal does not count
        ("convoy_progress_threatened", 40.0, 8.0 / 24.0),
        ("killed_by_road_devices_dated_list", 3, 1.0),
        ("killed_by_suicide_and_complex_dated_list", 5, 1.0),
        ("killed_by_indirect_fire_dated_list", 0, 1.0),
        ("killed_per_road_strike", 1, 2),
        ("injured_per_road_strike", 3, 2),
        ("share_of_road_strikes_fatal", 1, 2),
    ],
)
def test_what_is_counted_is_the_number_on_the_napkin(name, above, below):
    assert counted(name, *violent_record()) == pytest.approx((above, below))


def test_the_region_of_an_event_is_that_of_its_piece_of_road():
    record, network = violent_record()
    regions = np.array(network.segments.region, dtype=object)
    in_kidal = network.segments.name.index("north-west/01")
    regions[in_kidal] = "Kidal"

    class Ground:
        camps = network.camps

        class segments:
            region = regions

    # of two strikes and one gunfire, the strike on the convoy
    assert counted("share_of_placed_road_events_in_kidal_region", record, Ground) == (1, 3)


def test_supply_convoys_out_of_gao_are_those_to_camps_behind_it():
    record, network = violent_record()

    class Camp:
        def __init__(self, node_id, supply_hub):
            self.node_id, self.supply_hub = node_id, supply_hub

    class Ground:
        camps = (Camp("north", "gao"), Camp("west", "bamako"))
        segments = network.segments

    above, below = counted("logistic_convoys_per_month_from_gao", record, Ground)
    assert (above, below) == (1, pytest.approx(MONTHS))
    record.events["camp"][record.events["kind"] == Kind.DEPARTED] = 1
    assert counted("logistic_convoys_per_month_from_gao", record, Ground)[0] == 0


def test_months_cut_by_the_decision_take_no_part_in_their_dispersion():
    record, network = small_record()
    # August is the one whole month that is counted
    assert math.isnan(counted("variance_over_mean_of_monthly_counts", record, network)[0])


def test_a_total_is_scaled_to_the_length_of_its_window():
    record, network = violent_record()
    above, below = counted("un_killed_by_devices", record, network, window_days=2.0 * DAYS)
    assert above / below == 2 * 5


def test_a_target_is_counted_in_its_window_as_far_as_the_run_reaches():
    def days(name, clock=THREE_YEARS):
        return [clock.date_at(hours).isoformat() for hours in window_h(target(name), clock)]

    assert days("un_device_victims_2015") == ["2015-01-01", "2016-01-01"]
    assert days("un_killed_by_devices") == ["2013-07-01", "2016-01-16"]
    assert days("un_killed_per_device_attack") == ["2013-07-01", "2016-07-01"]
    later = Clock(date(2015, 7, 1), date(2016, 5, 1), date(2018, 7, 1))
    # two months of the list lie in this run: too few to go by
    assert days("un_killed_road_gunfire", later) == ["2016-05-01", "2018-07-01"]
    assert days("attacks_on_un_per_month", later) == ["2016-05-01", "2018-07-01"]


def test_a_score_outside_the_window_says_so():
    sums = [{"un_killed_road_gunfire above": 30.0, "un_killed_road_gunfire below": 2.0}]
    assert table_of(sums).loc["un_killed_road_gunfire", "is_in_window"]
    later = Clock(date(2016, 7, 1), date(2016, 7, 1), date(2018, 7, 1))
    table = table_of(sums, later)
    assert not table.loc["un_killed_road_gunfire", "is_in_window"]
    assert "un_killed_road_gunfire *" in targets_text(table.reset_index())


def test_a_score_is_the_mean_over_runs_with_its_interval_in_band_and_near():
    # means 15 and 1; with three runs the half-width is 4.303 x 3 / sqrt(3)
    sums = [
        {"un_killed_road_gunfire above": above, "un_killed_road_gunfire below": 1.0}
        for above in (12.0, 15.0, 18.0)
    ]
    row = table_of(sums).loc["un_killed_road_gunfire"]
    assert (row["found"], row["ratio"], row["n_runs"]) == (15.0, 1.0, 3)
    assert row["found_high"] - row["found"] == pytest.approx(4.3027 * 3 / math.sqrt(3), rel=1e-4)
    assert row["is_in_band"]
    assert row["is_within_factor"]


@pytest.mark.parametrize(
    ("killed", "in_band", "near"),
    [
        (15, True, True),
        (21, False, True),
        (22.4, False, True),
        (22.6, False, False),
        (10.1, True, True),
        (9.9, False, False),
        (0, False, False),
    ],
)
def test_near_is_a_factor_of_one_and_a_half_either_way(killed, in_band, near):
    sums = [{"un_killed_road_gunfire above": killed, "un_killed_road_gunfire below": 1.0}]
    row = table_of(sums).loc["un_killed_road_gunfire"]
    assert (row["is_in_band"], row["is_within_factor"]) == (in_band, near)


def test_what_no_run_has_is_neither_in_band_nor_near():
    row = table_of([{}]).loc["share_of_devices_found_first"]
    assert math.isnan(row["found"])
    assert not row["is_in_band"]
    assert not row["is_within_factor"]


def test_the_text_fits_a_terminal_and_counts_what_is_near():
    record, network = violent_record()
    sums = [target_sums(record, small_scenario(), network)] * 2
    table = score_targets(pd.DataFrame(sums), record.clock)
    text = targets_text(table)
    assert max(map(len, text.splitlines())) <= 100
    scored = table[table["is_scored"]]
    assert f"{scored['is_within_factor'].sum()} of 19 within a factor of 1.5" in text
    assert len(text.splitlines()) > 19 + 7


def test_contractors_are_no_killed_of_the_mission():
    record, network = violent_record()
    before = counted("un_killed_by_malicious_acts", record, network)
    record.events["contractors"] += 5
    assert counted("un_killed_by_malicious_acts", record, network) == before


def test_a_camp_attack_counts_as_device_only_with_a_suicide_vehicle():
    record, network = violent_record()
    is_complex = record.events["cause"] == Cause.COMPLEX_ATTACK
    record.events["cause"][is_complex] = Cause.SUICIDE_VEHICLE
    assert counted("un_killed_by_devices", record, network)[0] == 5 + 2
    assert counted("un_killed_in_base_attacks", record, network)[0] == 5
