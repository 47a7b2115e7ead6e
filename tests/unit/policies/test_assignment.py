from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.clearance import assign_pieces
from sim.rules.clearing import A_MOMENT_H

SWEEP_KPH, TRANSIT_KPH = 4.0, 20.0


def day_of(scores, teams, length_km, n_slots=8):
    """The day's plan and its ways: `teams` are (hours of work, {piece: km at which it begins}).

    Every team has a base of its own at kilometre 0 of one straight road without end.
    """
    bases = [
        (sorted(reach, key=lambda piece: (abs(reach[piece] + length_km[piece] / 2), piece)), reach)
        for _, reach in teams
    ]
    at_km = [
        np.array([reach[piece] + end for piece in pieces for end in (0.0, length_km[piece])])
        for pieces, reach in bases
    ]
    between_km = [np.abs(ends[:, None] - ends).ravel() for ends in at_km]
    n_given = np.empty(len(teams), dtype=np.int64)
    plan = np.empty((len(teams), n_slots), dtype=np.int32)
    way_km, home_km = np.empty(plan.shape), np.empty(plan.shape)
    n_of_all = assign_pieces(
        np.array(scores, dtype=float),
        np.arange(len(teams), dtype=np.int32),
        np.cumsum([0] + [len(pieces) for pieces, _ in bases]).astype(np.int32),
        np.array([piece for pieces, _ in bases for piece in pieces], dtype=np.int32),
        np.abs(np.concatenate([np.empty(0), *at_km])).reshape(-1, 2),
        np.cumsum([0] + [len(ways) for ways in between_km]),
        np.concatenate([np.empty(0), *between_km]),
        np.array(length_km, dtype=float),
        np.array([work_h for work_h, _ in teams], dtype=float),
        SWEEP_KPH,
        TRANSIT_KPH,
        n_given,
        plan,
        way_km,
        home_km,
    )
    days = [
        (plan[team, :n].tolist(), way_km[team, :n].tolist(), home_km[team, :n].tolist())
        for team, n in enumerate(n_given)
    ]
    assert n_of_all == sum(len(pieces) for pieces, _, _ in days)
    return days


def plan_of(scores, teams, length_km, n_slots=8):
    return [pieces for pieces, _, _ in day_of(scores, teams, length_km, n_slots)]


def round_h(pieces, reach, length_km):
    """Hours of a day, told once more: nearest first, in at the near end, out at the far."""
    at_km = driven_km = swept_km = 0.0
    for piece in sorted(pieces, key=lambda one: (abs(reach[one] + length_km[one] / 2), one)):
        ends = reach[piece], reach[piece] + length_km[piece]
        near, far = ends if abs(ends[0] - at_km) <= abs(ends[1] - at_km) else ends[::-1]
        driven_km += abs(near - at_km)
        swept_km += length_km[piece]
        at_km = far
    return (driven_km + abs(at_km)) / TRANSIT_KPH + swept_km / SWEEP_KPH


def test_a_team_takes_the_best_piece_first_and_fills_its_day():
    # Of pieces that begin at 0, 5 and 17 km the last two: 5 km out, 12 + 12 km swept, 29 km home.
    teams = [(6.0 + 34.0 / 20.0, {0: -12.0, 1: 5.0, 2: 17.0})]
    assert plan_of([1.0, 3.0, 2.0], teams, [12.0] * 3) == [[1, 2]]


@given(tenths=st.tuples(*[st.integers(1, 400)] * 3))
def test_a_day_that_is_filled_exactly_is_filled_whatever_its_decimals(tenths):
    near, first, second = (Fraction(number, 10) for number in tenths)
    driven_km, swept_km = 2 * near + first + second, first + second
    work_h = float(swept_km / Fraction(SWEEP_KPH) + driven_km / Fraction(TRANSIT_KPH))
    reach = {0: float(near), 1: float(near + first)}
    assert plan_of([2.0, 1.0], [(work_h, reach)], [float(first), float(second)]) == [[0, 1]]


def test_the_way_out_and_back_is_part_of_the_day():
    reach = {0: 14.0}  # 14 km out and 26 back are two hours, 12 km at 4 km/h three
    assert plan_of([1.0], [(4.99, reach)], [12.0]) == [[]]
    assert plan_of([1.0], [(5.0, reach)], [12.0]) == [[0]]


def test_pieces_in_a_row_are_swept_on_the_way_out_and_passed_on_the_way_home():
    # 10 km out, 4 + 4 km swept, 18 km home: 28 km at 20 km/h and 2 h.
    in_a_row = {0: 10.0, 1: 14.0}
    assert plan_of([2.0, 1.0], [(3.39, in_a_row)], [4.0] * 2) == [[0]]
    assert day_of([1.0, 2.0], [(3.401, in_a_row)], [4.0] * 2) == [
        ([0, 1], [10.0, 0.0], [14.0, 18.0])
    ]


def test_the_way_back_through_the_base_counts_between_pieces_to_either_side():
    # 10 km out, 14 back and 12 on to the other side, 16 home: 52 km at 20 km/h and 2 h.
    either_side = {0: 10.0, 1: -16.0}
    assert plan_of([2.0, 1.0], [(4.59, either_side)], [4.0] * 2) == [[0]]
    assert day_of([1.0, 2.0], [(4.601, either_side)], [4.0] * 2) == [
        ([0, 1], [10.0, 26.0], [14.0, 16.0])
    ]


def test_a_piece_between_two_of_the_plan_is_swept_on_the_way():
    # The first and the last: 2 h and 4 + 12 km. That between them is another hour and 4 km less.
    reach = {0: 0.0, 1: 8.0, 2: 4.0}
    assert plan_of([3.0, 2.0, 1.0], [(3.59, reach)], [4.0] * 3) == [[0, 1]]
    assert plan_of([3.0, 2.0, 1.0], [(3.601, reach)], [4.0] * 3) == [[0, 2, 1]]


def test_a_shorter_piece_fills_what_is_left_of_the_day():
    # 6 h and 24 km home; with the second 3 h and 12 km more, with the third 2 h and 8 km.
    teams = [(10.0, {0: 0.0, 1: 24.0, 2: 24.0})]
    assert plan_of([3.0, 2.0, 1.0], teams, [24.0, 12.0, 8.0]) == [[0, 2]]


def test_a_tie_goes_to_the_nearer_piece():
    assert plan_of([1.0, 1.0, 1.0], [(3.0, {0: 9.0, 1: 1.0, 2: 6.0})], [8.0] * 3) == [[1]]


def test_of_two_alike_pieces_at_one_distance_the_first_by_number_is_taken():
    assert plan_of([1.0, 1.0], [(3.0, {1: 2.0, 0: 2.0})], [8.0] * 2) == [[0]]


def test_no_piece_is_given_to_two_teams():
    near_both = {0: 1.0, 1: 2.0}
    assert plan_of([1.0, 2.0], [(5.0, near_both), (5.0, near_both)], [12.0] * 2) == [[1], [0]]


def test_a_piece_out_of_reach_is_never_taken_however_good():
    assert plan_of([100.0, 1.0], [(8.0, {1: 1.0})], [8.0] * 2) == [[1]]


def test_a_piece_that_must_be_left_alone_is_never_taken():
    assert plan_of([-np.inf, -np.inf], [(8.0, {0: 1.0, 1: 1.0})], [8.0] * 2) == [[]]


def test_a_score_of_zero_is_still_worth_the_day():
    assert plan_of([0.0], [(8.0, {0: 1.0})], [8.0]) == [[0]]


def test_a_team_that_stays_in_gets_nothing():
    assert plan_of([1.0], [(0.0, {0: 0.0}), (8.0, {0: 0.0})], [8.0]) == [[], [0]]


def test_a_plan_of_yesterday_is_over():
    n_given, plan, km = np.full(1, 3), np.zeros((1, 3), dtype=np.int32), np.zeros((1, 3))
    none, no_km = np.empty(0, dtype=np.int32), np.zeros(0)
    assign_pieces(
        no_km, np.zeros(1, dtype=np.int32), np.zeros(2, dtype=np.int32), none, np.zeros((0, 2)),
        np.zeros(2, dtype=np.int64), no_km, no_km, np.array([8.0]), SWEEP_KPH, TRANSIT_KPH,
        n_given, plan, km, km.copy(),
    )  # fmt: skip
    assert n_given.tolist() == [0]


@st.composite
def mornings(draw):
    n_pieces = draw(st.integers(1, 8))
    score = st.one_of(st.sampled_from([-np.inf, 0.0, 1.0]), st.floats(0.0, 5.0))
    scores = [draw(score) for _ in range(n_pieces)]
    length_km = [draw(st.floats(0.5, 25.0)) for _ in range(n_pieces)]
    teams = [
        (
            draw(st.sampled_from([0.0, 4.0, 8.0])),
            draw(st.dictionaries(st.integers(0, n_pieces - 1), st.floats(-60.0, 60.0))),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    return scores, teams, length_km


@given(mornings())
def test_a_plan_gives_no_piece_twice_stays_in_reach_and_keeps_the_hours_of_the_day(morning):
    scores, teams, length_km = morning
    days = day_of(scores, teams, length_km)
    plan = [pieces for pieces, _, _ in days]
    given_out = [piece for pieces in plan for piece in pieces]
    assert len(given_out) == len(set(given_out))
    for (work_h, reach), (pieces, way_km, home_km) in zip(teams, days, strict=True):
        assert set(pieces) <= set(reach)
        assert all(scores[piece] > -np.inf for piece in pieces)
        if pieces:
            hours = round_h(pieces, reach, length_km)
            swept_h = sum(length_km[piece] for piece in pieces) / SWEEP_KPH
            assert swept_h + (sum(way_km) + home_km[-1]) / TRANSIT_KPH == pytest.approx(hours)
            assert hours <= work_h + 2.0 * A_MOMENT_H


@given(mornings())
def test_a_plan_leaves_no_piece_that_would_still_fit(morning):
    scores, teams, length_km = morning
    plan = plan_of(scores, teams, length_km)
    left = set(range(len(scores))) - {piece for pieces in plan for piece in pieces}
    for (work_h, reach), pieces in zip(teams, plan, strict=True):
        for piece in left & set(reach):
            fits = round_h([*pieces, piece], reach, length_km) <= work_h - 1e-9
            assert not (fits and scores[piece] > -np.inf)


@pytest.mark.parametrize("n_slots", [1, 2])
def test_a_plan_is_never_longer_than_its_slots(n_slots):
    reach = {0: 0.0, 1: 0.0, 2: 0.0}
    assert len(plan_of([1.0] * 3, [(24.0, reach)], [1.0] * 3, n_slots)[0]) == n_slots
