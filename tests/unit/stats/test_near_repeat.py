"""The near-repeat table, against counts by hand and by a plain loop over pairs."""

import datetime
import itertools

import numpy as np
import pandas as pd
import pytest

from sim import earth
from sim.errors import DataError
from sim.stats import near_repeat as module
from sim.stats.keyed_draws import shuffles
from sim.stats.near_repeat import near_repeat

# Five events along a road. Kilometres 0, 0, 3, 10, 12; days 0, 5, 7, 30, 37.
KM = [0.0, 0.0, 3.0, 10.0, 12.0]
DAYS = [0.0, 5.0, 7.0, 30.0, 37.0]
# Pairs by hand, km and days: AB 0 5, AC 3 7, AD 10 30, AE 12 37, BC 3 2, BD 10 25, BE 12 32,
# CD 7 23, CE 9 30, DE 2 7.
DISTANCE_EDGES = [0.0, 3.0, 10.0]
TIME_EDGES = [5.0, 7.0, 30.0]
BY_HAND = [
    [1, 0, 0],  # same place: AB
    [1, 2, 0],  # up to 3 km: BC | AC, DE
    [0, 0, 4],  # up to 10 km: AD, BD, CD, CE
]  # beyond: AE, BE
BY_DISTANCE, BY_TIME = [1, 3, 4], [2, 2, 4]


def five_events(**changes):
    given = {"x_km": KM, "y_km": [0.0] * 5, "n_permutations": 99} | changes
    return near_repeat(DAYS, DISTANCE_EDGES, TIME_EDGES, **given)


def plain_table(km, days, distance_edges=DISTANCE_EDGES, time_edges=TIME_EDGES):
    """The slow readable twin: every pair, one after the other, on a line."""
    table = np.zeros((len(distance_edges), len(time_edges)), dtype=int)
    for a, b in itertools.combinations(range(len(km)), 2):
        row = [i for i, edge in enumerate(distance_edges) if abs(km[a] - km[b]) <= edge]
        column = [i for i, edge in enumerate(time_edges) if abs(days[a] - days[b]) <= edge]
        if row and column:
            table[row[0], column[0]] += 1
    return table


def test_pairs_of_five_events_are_those_counted_by_hand():
    found = five_events()
    assert found.observed.tolist() == BY_HAND
    assert found.n_pairs == 10


def test_expected_pairs_are_the_product_of_the_margins():
    np.testing.assert_allclose(five_events().expected, np.outer(BY_DISTANCE, BY_TIME) / 10)


def test_expected_pairs_are_the_mean_over_all_pairings_of_places_with_dates():
    tables = [plain_table(KM, list(days)) for days in itertools.permutations(DAYS)]
    np.testing.assert_allclose(five_events().expected, np.mean(tables, axis=0))


def test_p_values_are_those_of_a_plain_loop_over_the_same_shuffles():
    tables = [plain_table(KM, np.take(DAYS, order)) for order in shuffles(4, 0, 99, 5)]
    at_least = (np.array(tables) >= np.array(BY_HAND)).sum(axis=0)
    np.testing.assert_array_equal(five_events(seed=4).p_value, (1 + at_least) / 100)


def test_the_overall_p_value_is_that_of_the_largest_standardised_excess():
    tables = [BY_HAND] + [plain_table(KM, np.take(DAYS, order)) for order in shuffles(4, 0, 99, 5)]
    excess = np.array(tables) - np.outer(BY_DISTANCE, BY_TIME) / 10
    largest = (excess / np.sqrt((excess**2).mean(axis=0))).max(axis=(1, 2))
    expected = np.mean(largest >= largest[0] - 1e-6)
    assert 0.01 < expected < 0.99
    assert five_events(seed=4).p_value_overall == expected


def test_p_values_come_near_those_over_all_pairings():
    tables = np.array([plain_table(KM, list(days)) for days in itertools.permutations(DAYS)])
    exact = (tables >= np.array(BY_HAND)).mean(axis=0)
    found = five_events(n_permutations=9999).p_value
    # 4 standard errors of the most uncertain share; 9 cells: false-alarm rate below 6e-4.
    np.testing.assert_allclose(found, exact, atol=4 * 0.5 / 100)


def test_the_smallest_p_value_is_one_over_one_more_than_the_shuffles():
    days = np.arange(40) * 10.0
    found = near_repeat(days, [0.5], [10.0], x_km=days, y_km=days, n_permutations=19)
    assert found.p_value[0, 0] == 1.0  # nothing is near, and no shuffle has less
    found = near_repeat(days, [20.0], [10.0], x_km=days, y_km=days, n_permutations=19)
    assert found.p_value[0, 0] == found.p_value_overall == 1 / 20


def test_a_matrix_of_distances_gives_the_same_table():
    matrix = np.abs(np.subtract.outer(KM, KM))
    np.testing.assert_array_equal(
        near_repeat(DAYS, DISTANCE_EDGES, TIME_EDGES, distance_km=matrix).observed, BY_HAND
    )
    # Two events at the first of four places.
    places = np.array([0.0, 3.0, 10.0, 12.0])
    found = near_repeat(
        *(DAYS, DISTANCE_EDGES, TIME_EDGES),
        distance_km=np.abs(np.subtract.outer(places, places)),
        place=[0, 0, 1, 2, 3],
    )
    np.testing.assert_array_equal(found.observed, BY_HAND)
    np.testing.assert_array_equal(found.p_value, five_events(n_permutations=999).p_value)


def test_columns_of_an_event_table_can_be_handed_over_with_names_of_places():
    names = ["ford", "bridge", "pass", "well"]
    places = np.array([0.0, 3.0, 10.0, 12.0])
    table = pd.DataFrame(
        {
            "date": pd.Timestamp("2016-06-29T14:20") + pd.to_timedelta(DAYS, unit="D"),
            "segment": pd.Categorical(["ford", "ford", "bridge", "pass", "well"]),
        }
    )
    found = near_repeat(
        *(table["date"], DISTANCE_EDGES, TIME_EDGES),
        distance_km=np.abs(np.subtract.outer(places, places)),
        place=pd.Index(names).get_indexer(table["segment"]),
    )
    np.testing.assert_array_equal(found.observed, BY_HAND)


def test_where_there_is_no_way_the_distance_is_beyond_all_bands_but_an_open_one():
    matrix = np.array([[0.0, np.inf], [np.inf, 0.0]])
    assert near_repeat([0, 1], [100.0], [1.0], distance_km=matrix).observed.tolist() == [[0]]
    assert near_repeat([0, 1], [np.inf], [1.0], distance_km=matrix).observed.tolist() == [[1]]


def test_degrees_give_the_great_circle_of_the_road_network():
    rng = np.random.default_rng(3)
    places = np.column_stack([rng.uniform(-90, 90, (50, 1)), rng.uniform(-180, 180, (50, 1))])
    for latitude, longitude in places:
        found = earth.great_circles_km(latitude, longitude, places[:, 0], places[:, 1])
        expected = [earth.great_circle_km(latitude, longitude, *other) for other in places]
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-6)


def test_a_degree_of_longitude_is_half_as_long_at_sixty_degrees_north():
    def is_within(km, latitude):
        given = {"longitude_deg": [0, 1], "latitude_deg": [latitude, latitude]}
        return near_repeat([0, 1], [km], [1], **given).observed.tolist() == [[1]]

    assert [is_within(111.1, 0), is_within(111.2, 0)] == [False, True]
    assert [is_within(55.5, 60), is_within(55.7, 60)] == [False, True]


def test_a_pair_at_an_edge_belongs_below_it_or_above_it_as_asked():
    pair = {"x_km": [0.0, 0.0], "y_km": [0.0, 0.1]}
    bands = [0.0, 0.1, 0.2], [3.0, 6.0]
    # Three days and 100 m apart: up to 100 m, 0 to 3 days.
    below = near_repeat([0, 3], *bands, **pair)
    assert np.argwhere(below.observed).tolist() == [[1, 0]]
    # The Near Repeat Calculator is reported to say 101 to 200 m, 4 to 6 days.
    above = near_repeat([0, 3], *bands, **pair, is_upper_edge_included=False)
    assert np.argwhere(above.observed).tolist() == [[2, 1]]
    assert above.distance_edges_km == (0.0, 0.1, 0.2)


def test_counting_by_hand_would_notice_edges_that_are_not_included():
    assert five_events(is_upper_edge_included=False).observed.tolist() != BY_HAND


@pytest.mark.parametrize("is_upper_edge_included", [True, False])
def test_open_last_bands_hold_every_pair(is_upper_edge_included):
    found = near_repeat(
        *(DAYS, [0.0, 3.0, np.inf], [0.0, 7.0, np.inf]),
        x_km=KM,
        y_km=KM,
        is_upper_edge_included=is_upper_edge_included,
    )
    assert found.observed.sum() == found.n_pairs
    assert found.expected.sum() == pytest.approx(found.n_pairs)
    np.testing.assert_allclose(found.expected.sum(axis=0), found.observed.sum(axis=0))
    np.testing.assert_allclose(found.expected.sum(axis=1), found.observed.sum(axis=1))


@pytest.fixture
def sixty_events():
    rng = np.random.default_rng(8)
    return {"dates": rng.uniform(0, 100, 60), "x_km": rng.uniform(0, 50, 60), "y_km": np.zeros(60)}


BANDS = {"distance_edges_km": [1.0, 5.0, 20.0], "time_edges_days": [2.0, 10.0]}


def test_pieces_of_any_size_give_the_same(sixty_events, monkeypatch):
    whole = near_repeat(**sixty_events, **BANDS)
    monkeypatch.setattr(module, "PAIRS_AT_ONCE", 7)
    monkeypatch.setattr(module, "SHUFFLES_AT_ONCE", 10)
    pieces = near_repeat(**sixty_events, **BANDS)
    pd.testing.assert_frame_equal(whole.frame(), pieces.frame())
    assert whole.p_value_overall == pieces.p_value_overall


def test_a_table_of_many_events_is_that_of_the_plain_loop(sixty_events):
    found = near_repeat(**sixty_events, **BANDS, n_permutations=1)
    plain = plain_table(sixty_events["x_km"], sixty_events["dates"], *BANDS.values())
    np.testing.assert_array_equal(found.observed, plain)


def test_the_order_of_events_changes_no_count(sixty_events):
    found = near_repeat(**sixty_events, **BANDS)
    turned = near_repeat(**{name: column[::-1] for name, column in sixty_events.items()}, **BANDS)
    np.testing.assert_array_equal(found.observed, turned.observed)
    np.testing.assert_array_equal(found.expected, turned.expected)


def test_the_seed_settles_the_shuffles(sixty_events):
    first, again, other = (near_repeat(**sixty_events, **BANDS, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.p_value, again.p_value)
    assert 0.0 < np.abs(first.p_value - other.p_value).max() < 0.1


def test_dates_and_numbers_of_days_give_the_same():
    start = np.datetime64("2016-06-29T06:00", "ms")
    hours = (np.array(DAYS) * 24).astype("timedelta64[h]")
    expected = five_events().frame()
    as_objects = [datetime.date(2016, 6, 29) + datetime.timedelta(days) for days in DAYS]
    for dates in (start + hours, pd.Series(start + hours), as_objects):
        found = near_repeat(
            *(dates, DISTANCE_EDGES, TIME_EDGES), x_km=KM, y_km=[0] * 5, n_permutations=99
        )
        pd.testing.assert_frame_equal(found.frame(), expected)


def test_a_week_is_a_week_at_any_time_of_day():
    dates = np.array(["2016-06-29T00", "2016-07-01T06:20", "2016-07-08T06:20"], "datetime64[s]")
    for shift in range(200):
        moved = dates + np.array([0, 61 * shift, 61 * shift], "timedelta64[s]")
        found = near_repeat(moved, [0], [7], x_km=[9, 0, 0], y_km=[0, 0, 0], n_permutations=1)
        assert found.observed.tolist() == [[1]]


def test_the_frame_has_a_row_for_each_cell():
    frame = five_events().frame()
    assert len(frame) == 9
    row = frame.iloc[4]
    assert [row.from_km, row.to_km, row.from_days, row.to_days] == [0.0, 3.0, 5.0, 7.0]
    assert [row.observed, row.expected, row.ratio] == [2, pytest.approx(0.6), pytest.approx(10 / 3)]


def test_the_ratio_is_unknown_where_nothing_is_expected():
    found = near_repeat([0, 1], [0.5], [1], x_km=[0, 1], y_km=[0, 0])
    assert np.isnan(found.ratio[0, 0])
    assert found.p_value_overall == 1.0


XY = {"x_km": [0, 1], "y_km": [0, 1]}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dates": [1]}, "dates of 1 events"),
        ({"dates": [[0, 1]]}, r"dates have the shape \(1, 2\)"),
        ({"dates": [0, np.nan]}, "date of event 1 is nan"),
        ({"dates": np.array(["2016-01-01", "NaT"], "datetime64[D]")}, "date of event 1 is missing"),
        ({"dates": ["soon", "late"]}, "neither a date nor a number"),
        ({"dates": np.array([datetime.date(2016, 1, 1), "late"], object)}, "what is no date"),
        ({"x_km": [0, np.nan]}, "x_km of event 1 is nan"),
        ({"y_km": [0, 1, 2]}, r"y_km has the shape \(3,\) for 2 events"),
        ({"y_km": None}, "given by x_km. Allowed"),
        ({"x_km": None, "y_km": None}, "given by nothing"),
        ({"longitude_deg": [0, 1], "latitude_deg": [0, 1]}, "given by x_km, y_km, longitude"),
        ({"place": [0, 1]}, "given by x_km, y_km, place"),
        ({"distance_edges_km": []}, "one edge or more"),
        ({"distance_edges_km": [-1, 2]}, "none below 0"),
        ({"time_edges_days": [2, 2]}, "does not rise"),
        ({"time_edges_days": [np.nan]}, "one edge or more"),
        ({"n_permutations": 0}, "n_permutations is 0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_value(changes, message):
    given = {"dates": [0, 1], "distance_edges_km": [1], "time_edges_days": [1]} | XY | changes
    with pytest.raises(DataError, match=message):
        near_repeat(**given)


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ({"longitude_deg": [0, 181], "latitude_deg": [0, 0]}, "longitude_deg of event 1 is 181"),
        ({"longitude_deg": [0, 1], "latitude_deg": [91, 0]}, "latitude_deg of event 0 is 91"),
        ({"distance_km": [[0, 1]]}, r"shape \(1, 2\)"),
        ({"distance_km": [[0, -1], [-1, 0]]}, "distance_km holds -1"),
        ({"distance_km": [[0, 1], [2, 0]]}, "from 0 to 1 is 1 and back 2"),
        ({"distance_km": [[0]]}, "distance_km has rows"),
        ({"distance_km": [[0]], "place": [0, 1]}, "a place is 1"),
        ({"distance_km": [[0]], "place": [0, -1]}, "a place is -1"),
        ({"distance_km": [[0]], "place": [0.0, 0.0]}, "place has the shape and type"),
    ],
)
def test_places_that_cannot_be_used_are_refused_with_their_value(places, message):
    with pytest.raises(DataError, match=message):
        near_repeat([0, 1], [1], [1], **places)
