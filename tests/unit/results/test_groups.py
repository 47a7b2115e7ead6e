import pandas as pd
import pytest

from sim.errors import ResultsError
from sim.results.groups import (
    MONTH_SUMS,
    PLACE_COUNTS,
    by_place,
    month_table,
    place_table,
    traffic_table,
)
from sim.results.measures import measures_of
from tests.unit.results.small_records import small_record, small_scenario, violent_record


def test_months_are_cut_at_the_decision_and_hold_their_events():
    record, _ = small_record()
    months = month_table(record)
    assert list(months["month"].dt.strftime("%d %b")) == ["01 Jun", "01 Jul", "16 Jul", "01 Aug"]
    assert list(months["is_counted"]) == [False, False, True, True]
    assert list(months["strikes"]) == [0, 1, 1, 1]
    assert list(months["finds"]) == [0, 0, 1, 1]
    assert list(months["killed_and_wounded"]) == [0, 1, 4, 0]
    assert list(months["placed"]) == [1, 1, 2, 4]
    assert list(months["live_devices"]) == [480 / 720, 1.0, 1.0, 1.0]
    assert list(months["troops"]) == [300.0] * 4


@pytest.mark.parametrize("make_record", [small_record, violent_record])
def test_months_from_the_decision_on_add_up_to_the_measures(make_record):
    record, network = make_record()
    measures = measures_of(record, small_scenario(), network)
    months = month_table(record)
    sums = months[months["is_counted"]][list(MONTH_SUMS)].sum()
    for name in set(MONTH_SUMS) & set(measures):
        assert sums[name] == pytest.approx(measures[name]), name


def test_places_add_up_to_the_measures():
    record, network = small_record()
    measures = measures_of(record, small_scenario(), network)
    places = place_table(record, network)
    assert len(places) == 2
    for name in set(PLACE_COUNTS) & set(measures):
        assert places[name].sum() == pytest.approx(measures[name]), name


def test_attacks_on_camps_are_in_months_and_in_no_piece_of_road():
    record, network = violent_record()
    months, places = month_table(record), place_table(record, network)
    assert list(months["camp_attacks"]) == [0, 1, 0, 3]
    assert list(months["killed_and_wounded"]) == [0, 10, 7, 19]
    assert list(months["killed_and_wounded_on_the_road"]) == [0, 1, 7, 3]
    assert list(months["cells_in_refuge"]) == [0, 0, 1, 0]
    assert places["killed_and_wounded"].sum() == 10
    assert places["gunfire_attacks"].sum() == 1
    assert places["decoys_found"].sum() == 2


def test_by_road_gives_means_a_year_and_rates():
    record, network = small_record()
    places = place_table(record, network)
    roads = by_place(pd.concat([places, places]), network, "road", n_runs=2).set_index("road")
    a_year = 365.25 / 47
    assert list(roads.index) == ["South road", "West road", "Hill track"]
    west = roads.loc["West road"]
    assert west["length_km"] == pytest.approx(40.0)
    assert west["strikes"] == pytest.approx(a_year)
    assert west["strikes_per_1000_vehicle_km"] == pytest.approx(0.5)
    assert west["strikes_per_100_km"] == pytest.approx(a_year * 100 / 40)
    assert roads.loc["South road", "found_share"] == pytest.approx(2 / 3)
    assert pd.isna(roads.loc["Hill track", "found_share"])


def test_by_region_gathers_roads_and_by_segment_keeps_quiet_pieces():
    record, network = small_record()
    places = place_table(record, network)
    regions = by_place(places, network, "region", n_runs=1)
    assert list(regions["region"]) == ["Plain"]
    assert regions["length_km"].iloc[0] == pytest.approx(121.0)
    assert len(by_place(places, network, "segment", n_runs=1)) == network.n_segments
    assert len(by_place(places.iloc[:0], network, "segment", n_runs=1)) == network.n_segments


def test_an_unknown_place_is_refused():
    record, network = small_record()
    with pytest.raises(ResultsError, match="'village'"):
        by_place(place_table(record, network), network, "village", n_runs=1)


def test_traffic_has_a_row_for_each_month_piece_and_kind_with_any():
    record, network = small_record()
    traffic = traffic_table(record, network)
    assert len(traffic) == 5
    assert traffic["vehicle_km"].sum() == pytest.approx(record.vehicle_km.sum())
    assert set(traffic["kind"]) == {"logistics", "patrol"}
