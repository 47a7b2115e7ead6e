import numpy as np
import pytest

from sim.policies.clearance import POLICIES, ClearanceView

NOW_H = 1000.0
NEVER_H = -1e6
LEAD_H = 72.0
IN_USE_PER_DAY = 0.02


def a_morning(**arrays):
    """Three pieces of 10 km, all alike, but for what `arrays` say."""
    view = {
        "length_km": [10.0, 10.0, 10.0],
        "hazard_per_km": [0.01, 0.01, 0.01],
        "passages_per_day": [1.0, 1.0, 1.0],
        "last_swept_h": [NOW_H - 48.0] * 3,
        "convoy_due_h": [np.inf, np.inf, np.inf],
        **arrays,
    }
    return ClearanceView(
        now_h=NOW_H,
        convoy_lead_h=LEAD_H,
        in_use_passages_per_day=IN_USE_PER_DAY,
        stale_days=7.0,
        **{name: np.array(value) for name, value in view.items()},
    )


def scores(policy, **arrays):
    return POLICIES[policy](a_morning(**arrays)).tolist()


@pytest.mark.parametrize("policy", POLICIES)
def test_every_policy_scores_every_piece_and_leaves_the_view_as_it_was(policy):
    view = a_morning(convoy_due_h=[NOW_H + 5.0, np.inf, np.inf])
    before = {name: np.copy(value) for name, value in vars(view).items()}
    found = POLICIES[policy](view)
    assert found.shape == (3,)
    assert not np.isnan(found).any()
    for name, value in before.items():
        np.testing.assert_array_equal(getattr(view, name), value)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_policy_is_a_function_of_the_view_alone(policy):
    assert scores(policy) == scores(policy)


def test_without_clearance_no_piece_is_worth_a_visit():
    assert scores("none") == [-np.inf] * 3


def test_the_round_goes_to_the_piece_that_was_left_alone_longest():
    swept_h = [NOW_H - 24.0, NOW_H - 72.0, NOW_H - 48.0]
    assert scores("fixed_round", last_swept_h=swept_h) == [24.0, 72.0, 48.0]


def test_the_round_begins_with_what_was_never_swept():
    found = scores("fixed_round", last_swept_h=[NOW_H - 24.0, NEVER_H, NOW_H - 72.0])
    assert int(np.argmax(found)) == 1


def test_the_round_leaves_out_roads_that_nobody_drives():
    used = [IN_USE_PER_DAY, 0.99 * IN_USE_PER_DAY, 0.0]
    found = scores("fixed_round", passages_per_day=used)
    assert np.isfinite(found).tolist() == [True, False, False]


def test_the_round_ignores_risk():
    assert scores("fixed_round", hazard_per_km=[0.5, 0.0, 0.1]) == scores("fixed_round")


def test_highest_risk_is_hazard_times_passages_times_days_since_the_last_sweep():
    found = scores(
        "highest_risk",
        hazard_per_km=[0.01, 0.02, 0.03],
        passages_per_day=[6.0, 2.0, 1.0],
        last_swept_h=[NOW_H - 24.0, NOW_H - 48.0, NOW_H - 72.0],
    )
    assert found == pytest.approx([0.06, 0.08, 0.09])


def test_highest_risk_counts_no_more_than_a_week_since_the_last_sweep():
    found = scores("highest_risk", last_swept_h=[NOW_H - 7 * 24.0, NOW_H - 700.0, NEVER_H])
    assert found == pytest.approx([0.07, 0.07, 0.07])


def test_highest_risk_sees_nothing_to_find_where_a_team_has_just_been():
    assert scores("highest_risk", last_swept_h=[NOW_H, NOW_H - 1.0, NOW_H - 2.0])[0] == 0.0


def test_ahead_of_a_convoy_comes_first_what_is_due_however_quiet():
    found = scores(
        "ahead_of_convoy",
        hazard_per_km=[0.0, 0.9, 0.8],
        last_swept_h=[NEVER_H] * 3,
        convoy_due_h=[NOW_H + 5.0, np.inf, np.inf],
    )
    assert found[0] > found[1] > found[2]


def test_among_pieces_that_are_due_the_more_dangerous_comes_first():
    found = scores(
        "ahead_of_convoy",
        hazard_per_km=[0.01, 0.03, 0.02],
        last_swept_h=[NEVER_H] * 3,
        convoy_due_h=[NOW_H + 5.0, NOW_H + 50.0, NOW_H + 20.0],
    )
    assert np.argsort(found).tolist() == [0, 2, 1]
    assert min(found) >= 1.0


def test_a_convoy_that_is_not_due_within_the_lead_time_draws_nobody():
    found = scores("ahead_of_convoy", convoy_due_h=[NOW_H + LEAD_H, NOW_H + LEAD_H + 0.1, np.inf])
    assert found[0] >= 1.0
    assert found[1] == found[2] < 1.0


def test_a_piece_swept_within_the_lead_time_of_the_convoy_is_taken_as_clear():
    due_h = NOW_H + 10.0
    swept_h = [due_h - LEAD_H - 0.1, due_h - LEAD_H, NOW_H - 1.0]
    found = scores("ahead_of_convoy", convoy_due_h=[due_h] * 3, last_swept_h=swept_h)
    assert [score >= 1.0 for score in found] == [True, False, False]


def test_without_a_convoy_the_rest_goes_by_risk():
    hazard = [0.3, 0.1, 0.2]
    ahead, risk = (
        scores(policy, hazard_per_km=hazard) for policy in ("ahead_of_convoy", "highest_risk")
    )
    assert np.argsort(ahead).tolist() == np.argsort(risk).tolist()
