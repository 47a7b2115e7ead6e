import math

import numpy as np
import pandas as pd
import pytest

from sim.errors import DataError
from sim.stats.concentration import (
    concentration,
    fewest_segments,
    gini,
    gini_above_scarcity,
    lorenz_curve,
    share_of_length,
    share_of_segments,
)

FOUR_PIECES = {"a": 10.0, "b": 20.0, "c": 30.0, "d": 40.0}


@pytest.mark.parametrize("n_segments", [2, 4, 100])
def test_half_of_evenly_spread_events_lie_on_half_of_the_pieces(n_segments):
    assert share_of_segments(np.full(n_segments, 3)) == 0.5
    assert share_of_length(np.full(n_segments, 3), np.full(n_segments, 7.0)) == pytest.approx(0.5)
    assert gini(np.full(n_segments, 3)) == pytest.approx(0.0)


@pytest.mark.parametrize("n_segments", [1, 2, 5, 100])
def test_events_on_one_piece_make_one_piece_of_all(n_segments):
    counts = np.zeros(n_segments)
    counts[-1] = 9
    assert share_of_segments(counts) == 1.0 / n_segments
    assert gini(counts) == pytest.approx(1.0 - 1.0 / n_segments)
    for share in (0.1, 0.5, 1.0):
        lengths = np.arange(1.0, n_segments + 1)
        assert share_of_length(counts, lengths, share) == pytest.approx(
            share * n_segments / lengths.sum()
        )


def test_shares_made_by_hand():
    """10 events as 5, 3, 1, 1 and 0: half on one of five pieces, 0.8 on two, 0.9 on three."""
    counts = [1, 5, 0, 3, 1]
    for share, pieces in ((0.2, 1), (0.5, 1), (0.51, 2), (0.8, 2), (0.9, 3), (1.0, 4)):
        assert fewest_segments(counts, share) == pieces
        assert share_of_segments(counts, share) == pieces / 5


@pytest.mark.parametrize("share", [0.1, 0.2, 0.1 + 0.2, 0.6, 0.7, 0.9])
def test_rounding_adds_no_piece(share):
    assert fewest_segments(np.ones(10), share) == round(10 * share)
    assert share_of_length(np.ones(10), np.full(10, 0.1), share) == pytest.approx(share)


def test_the_order_of_equally_dense_pieces_does_not_matter():
    one_way = share_of_length([1, 9, 0], [1.0, 9.0, 10.0])
    assert one_way == share_of_length([9, 1, 0], [9.0, 1.0, 10.0]) == pytest.approx(0.25)
    assert share_of_segments([2, 2, 1]) == share_of_segments([1, 2, 2]) == 2 / 3


def test_road_is_taken_by_events_a_km_not_by_events():
    """4 on 10 km come before 6 on 30 km; of those one more is needed, 5 km: 15 of 40 km."""
    assert share_of_length([6, 4], [30.0, 10.0]) == pytest.approx(0.375)


def test_cutting_a_piece_in_two_leaves_the_share_of_length():
    assert share_of_length([6, 2], [3.0, 5.0]) == pytest.approx(
        share_of_length([3, 3, 2], [1.5, 1.5, 5.0])
    )


def test_quiet_pieces_count():
    assert share_of_segments([1, 1]) == 0.5
    assert share_of_segments([1, 1, 0, 0, 0, 0, 0, 0]) == 0.125


def test_no_events_are_concentrated_nowhere():
    for value in (
        fewest_segments([0, 0]),
        share_of_segments([0, 0]),
        share_of_length([0, 0], [1.0, 1.0]),
        gini([0, 0]),
        gini_above_scarcity([0, 0]),
    ):
        assert math.isnan(value)


def test_the_curve_of_lorenz_made_by_hand():
    pieces, events = lorenz_curve([6, 1, 3, 0])
    assert pieces.tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert events == pytest.approx([0.0, 0.0, 0.1, 0.4, 1.0])
    # Area (0 + 0.1 + 0.5 + 1.4) / 8 = 0.25
    assert gini([6, 1, 3, 0]) == pytest.approx(0.5)


def test_gini_is_half_of_the_mean_difference_over_the_mean():
    counts = np.array([7, 0, 2, 2, 5, 0, 1])
    differences = np.abs(counts[:, None] - counts).mean()
    assert gini(counts) == pytest.approx(differences / (2.0 * counts.mean()))


def test_scarce_events_as_far_apart_as_they_can_be_are_not_concentrated():
    scarce = np.array([1] * 5 + [0] * 95)
    assert gini(scarce) == pytest.approx(0.95)
    assert gini_above_scarcity(scarce) == pytest.approx(0.0)
    assert gini_above_scarcity([9, 2, 1]) == gini([9, 2, 1])


def test_each_run_gives_its_own_value():
    events = pd.DataFrame(
        {"run": [0, 0, 0, 0, 2, 2], "segment": pd.Categorical(list("aabbcd"), list("abcd"))}
    )
    found = concentration(events, range(3), FOUR_PIECES)
    np.testing.assert_allclose(found.share_of_segments, [0.25, math.nan, 0.25])
    # a at 0.2 an event a km holds half; c and d have one each, c on less road
    np.testing.assert_allclose(found.share_of_length, [0.1, math.nan, 0.3])
    assert found.n_events.tolist() == [4, 0, 2]
    assert found.n_segments == 4
    assert found.gini[0] == pytest.approx(0.5)
    assert found.gini_above_scarcity[2] == pytest.approx(0.0)


def test_the_number_of_pieces_is_enough_where_length_does_not_count():
    events = {"run": [0, 0, 1], "segment": ["a", "b", "b"]}
    found = concentration(events, range(2), 8)
    assert found.share_of_segments.tolist() == [0.125, 0.125]
    assert np.isnan(found.share_of_length).all()
    assert (
        found.gini.tolist()
        == concentration(events, range(2), dict.fromkeys("abcdefgh", 1.0)).gini.tolist()
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"events": {"run": [0], "segment": ["x"]}}, "segment 'x', which is not among the 4"),
        ({"events": {"run": [0], "segment": [None]}}, "1 events without a segment"),
        ({"segments": 1}, "segments is 1, and 2 have events"),
        ({"segments": FOUR_PIECES | {"d": 0.0}}, "one finite length above 0 km"),
        ({"share": 0.0}, "share is 0.0"),
        ({"share": 50.0}, "share is 50.0"),
        ({"runs": [1]}, "run 0, which is not among runs"),
    ],
)
def test_what_cannot_be_held_against_the_roads_is_refused(changed, words):
    asked = {
        "events": {"run": [0, 0], "segment": ["a", "b"]},
        "runs": [0],
        "segments": FOUR_PIECES,
    }
    with pytest.raises(DataError, match=words):
        concentration(**(asked | changed))


@pytest.mark.parametrize("counts", [[], [-1, 2], [math.nan], [[1, 2]]])
def test_counts_that_are_none_are_refused(counts):
    with pytest.raises(DataError, match="one count of 0 or more"):
        gini(counts)


def test_as_many_lengths_as_pieces_are_asked_for():
    with pytest.raises(DataError, match=r"2 lengths from 1\.0 km up"):
        share_of_length([1, 2, 3], [1.0, 2.0])
