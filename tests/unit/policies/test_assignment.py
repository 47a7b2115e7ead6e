import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.policies.clearance import assign_pieces

SWEEP_KPH, TRANSIT_KPH = 4.0, 20.0


def plan_of(scores, teams, length_km, n_slots=8):
    """The day's plan: `teams` are (hours of work, {piece: road distance in km})."""
    start, candidates, distance_km = [0], [], []
    for _, reach in teams:
        for piece, km in sorted(reach.items(), key=lambda item: (item[1], item[0])):
            candidates.append(piece)
            distance_km.append(km)
        start.append(len(candidates))
    plan = np.empty((len(teams), n_slots), dtype=np.int32)
    n_given = assign_pieces(
        np.array(scores, dtype=float),
        np.array(start, dtype=np.int32),
        np.array(candidates, dtype=np.int32),
        np.array(distance_km, dtype=float),
        np.array(length_km, dtype=float),
        np.array([work_h for work_h, _ in teams], dtype=float),
        SWEEP_KPH,
        TRANSIT_KPH,
        plan,
    )
    pieces = [[int(piece) for piece in row if piece >= 0] for row in plan]
    assert n_given == sum(len(row) for row in pieces)
    return pieces


def test_a_team_takes_the_best_piece_first_and_fills_its_day():
    # Eight hours: two pieces of 12 km at 4 km/h, an hour's way out and back, and no third.
    assert plan_of([1.0, 3.0, 2.0], [(8.0, {0: 5.0, 1: 10.0, 2: 10.0})], [12.0] * 3) == [[1, 2]]


def test_the_way_out_and_back_is_part_of_the_day():
    reach = {0: 20.0}  # two hours out and back
    assert plan_of([1.0], [(4.99, reach)], [12.0]) == [[]]
    assert plan_of([1.0], [(5.0, reach)], [12.0]) == [[0]]


def test_the_way_counts_once_to_the_farthest_piece():
    # 3 + 3 h of sweeping and 2 h for the farther of the two ways.
    assert plan_of([2.0, 1.0], [(8.0, {0: 20.0, 1: 19.0})], [12.0] * 2) == [[0, 1]]


def test_a_shorter_piece_fills_what_is_left_of_the_day():
    assert plan_of([3.0, 2.0, 1.0], [(8.0, {0: 0.0, 1: 0.0, 2: 0.0})], [24.0, 12.0, 8.0]) == [
        [0, 2]
    ]


def test_a_tie_goes_to_the_nearer_piece():
    assert plan_of([1.0, 1.0, 1.0], [(3.0, {0: 9.0, 1: 3.0, 2: 6.0})], [8.0] * 3) == [[1]]


def test_of_two_alike_pieces_at_one_distance_the_first_by_number_is_taken():
    assert plan_of([1.0, 1.0], [(3.0, {1: 3.0, 0: 3.0})], [8.0] * 2) == [[0]]


def test_no_piece_is_given_to_two_teams():
    near_both = {0: 1.0, 1: 2.0}
    assert plan_of([1.0, 2.0], [(4.0, near_both), (4.0, near_both)], [12.0] * 2) == [[1], [0]]


def test_a_piece_out_of_reach_is_never_taken_however_good():
    assert plan_of([100.0, 1.0], [(8.0, {1: 1.0})], [8.0] * 2) == [[1]]


def test_a_piece_that_must_be_left_alone_is_never_taken():
    assert plan_of([-np.inf, -np.inf], [(8.0, {0: 1.0, 1: 1.0})], [8.0] * 2) == [[]]


def test_a_score_of_zero_is_still_worth_the_day():
    assert plan_of([0.0], [(8.0, {0: 1.0})], [8.0]) == [[0]]


def test_a_team_that_stays_in_gets_nothing():
    assert plan_of([1.0], [(0.0, {0: 0.0}), (8.0, {0: 0.0})], [8.0]) == [[], [0]]


def test_a_plan_of_yesterday_is_overwritten():
    plan = np.full((1, 3), 7, dtype=np.int32)
    nothing = np.empty(0, dtype=np.int32)
    assign_pieces(
        np.zeros(0), np.zeros(2, dtype=np.int32), nothing, np.zeros(0), np.zeros(0),
        np.array([8.0]), SWEEP_KPH, TRANSIT_KPH, plan,
    )  # fmt: skip
    assert plan.tolist() == [[-1, -1, -1]]


@st.composite
def mornings(draw):
    n_pieces = draw(st.integers(1, 8))
    score = st.one_of(st.sampled_from([-np.inf, 0.0, 1.0]), st.floats(0.0, 5.0))
    scores = [draw(score) for _ in range(n_pieces)]
    length_km = [draw(st.floats(0.5, 25.0)) for _ in range(n_pieces)]
    teams = [
        (
            draw(st.sampled_from([0.0, 4.0, 8.0])),
            draw(st.dictionaries(st.integers(0, n_pieces - 1), st.floats(0.0, 60.0))),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    return scores, teams, length_km


@given(mornings())
def test_a_plan_gives_no_piece_twice_stays_in_reach_and_keeps_the_hours_of_the_day(morning):
    scores, teams, length_km = morning
    plan = plan_of(scores, teams, length_km)
    given_out = [piece for pieces in plan for piece in pieces]
    assert len(given_out) == len(set(given_out))
    for (work_h, reach), pieces in zip(teams, plan, strict=True):
        assert set(pieces) <= set(reach)
        assert all(scores[piece] > -np.inf for piece in pieces)
        if pieces:
            way_h = 2.0 * max(reach[piece] for piece in pieces) / TRANSIT_KPH
            sweep_h = sum(length_km[piece] for piece in pieces) / SWEEP_KPH
            assert way_h + sweep_h <= work_h + 1e-9


@given(mornings())
def test_a_plan_leaves_no_piece_that_would_still_fit(morning):
    scores, teams, length_km = morning
    plan = plan_of(scores, teams, length_km)
    left = set(range(len(scores))) - {piece for pieces in plan for piece in pieces}
    for (work_h, reach), pieces in zip(teams, plan, strict=True):
        swept_h = sum(length_km[piece] for piece in pieces) / SWEEP_KPH
        farthest_km = max((reach[piece] for piece in pieces), default=0.0)
        for piece in left & set(reach):
            way_h = 2.0 * max(farthest_km, reach[piece]) / TRANSIT_KPH
            fits = swept_h + length_km[piece] / SWEEP_KPH + way_h <= work_h - 1e-9
            assert not (fits and scores[piece] > -np.inf)


@pytest.mark.parametrize("n_slots", [1, 2])
def test_a_plan_is_never_longer_than_its_slots(n_slots):
    reach = {0: 0.0, 1: 0.0, 2: 0.0}
    assert len(plan_of([1.0] * 3, [(24.0, reach)], [1.0] * 3, n_slots)[0]) == n_slots
