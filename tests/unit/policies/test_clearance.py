import numpy as np
import pytest

from sim.policies.clearance import POLICIES, ClearanceView
from sim.world.parameter import declared
from sim.world.scenario import Clearance

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
        "draws": [0.5, 0.2, 0.7],
        "nearest_base": [0, 0, 0],
        "base_distance_km": [0.0, 0.0, 0.0],
        "base_team_h_per_day": [8.0],
        **arrays,
    }
    return ClearanceView(
        now_h=NOW_H,
        convoy_lead_h=LEAD_H,
        in_use_passages_per_day=IN_USE_PER_DAY,
        stale_days=7.0,
        team_h_per_day=8.0,
        sweep_kph=4.0,
        transit_kph=20.0,
        allocation_find_probability=0.5,
        allocation_contact_probability=0.5,
        allocation_device_life_days=30.0,
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


def test_a_scenario_may_choose_any_policy_and_no_other():
    (choices,) = (
        declaration.choices for name, declaration, _ in declared(Clearance) if name == "policy"
    )
    assert sorted(POLICIES) == sorted(choices)


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


def test_random_sweeps_go_by_the_draws_of_the_day_among_roads_in_use():
    used = [IN_USE_PER_DAY, 0.99 * IN_USE_PER_DAY, 1.0]
    assert scores("random_sweep", passages_per_day=used) == [0.5, -np.inf, 0.7]


def test_random_sweeps_ignore_risk_and_what_was_swept():
    found = scores("random_sweep", hazard_per_km=[0.5, 0.0, 0.1], last_swept_h=[NOW_H, 0.0, 1.0])
    assert found == scores("random_sweep")


def test_pieces_alike_are_owed_alike():
    # Eight hours a day and three pieces of 2.5 h: 8 / 7.5 sweeps a day of each, over two days.
    assert scores("allocation") == pytest.approx([2.0 * 8.0 / 7.5] * 3)


def test_allocation_owes_in_proportion_to_the_days_since_the_last_sweep():
    swept_h = [NOW_H - 24.0, NOW_H - 72.0, NOW_H]
    rate = 8.0 / 7.5
    assert scores("allocation", last_swept_h=swept_h) == pytest.approx([rate, 3.0 * rate, 0.0])


def test_allocation_is_the_square_root_rule_on_the_estimates_of_the_picture():
    # Passages 1, 1 and 4 a day that end half of what they meet; other ends once in 30 days.
    hazard, passages = np.array([0.01, 0.04, 0.01]), np.array([1.0, 1.0, 4.0])
    length_km, way_km = np.array([10.0, 8.0, 4.0]), np.array([0.0, 20.0, 0.0])
    ends = 0.5 * passages + 1.0 / 30.0
    lying = length_km * hazard / 0.5
    costs = length_km / 4.0 * np.array([1.0, 8.0 / 6.0, 1.0])  # two of eight hours on the way
    roots = np.sqrt(lying * ends * 0.5 * passages * 0.5 / costs)
    # sigma = (roots / sqrt(theta) - ends) / q, all three swept, and 8 h a day in all
    root_theta = (costs * roots).sum() / ((costs * ends).sum() + 0.5 * 8.0)
    rates = (roots / root_theta - ends) / 0.5
    assert rates.min() > 0.0
    assert costs @ rates == pytest.approx(8.0)
    found = scores(
        "allocation",
        length_km=length_km,
        hazard_per_km=hazard,
        passages_per_day=passages,
        base_distance_km=way_km,
    )
    assert found == pytest.approx(2.0 * rates)


def test_allocation_owes_a_quiet_piece_nothing_while_hours_are_few():
    found = scores("allocation", hazard_per_km=[0.1, 0.0001, 0.1], base_team_h_per_day=[0.5])
    assert found[1] == 0.0
    assert min(found[0], found[2]) > 0.0


def test_a_base_shares_its_hours_out_among_its_own_pieces():
    # The base of one piece has 2.5 h a day, that of two has 8 h.
    found = scores("allocation", nearest_base=[0, 1, 1], base_team_h_per_day=[2.5, 8.0])
    assert found == pytest.approx([2.0, 2.0 * 1.6, 2.0 * 1.6])


def test_a_piece_that_no_team_can_reach_or_finish_in_a_day_is_owed_nothing():
    # 10 km at 4 km/h are 2.5 h; 55.1 km out and back at 20 km/h are 5.51 h of 8.
    found = scores("allocation", nearest_base=[0, -1, 0], base_distance_km=[0.0, np.inf, 55.1])
    assert found[1:] == [0.0, 0.0]
    assert found[0] == pytest.approx(2.0 * 8.0 / 2.5)


def test_without_a_base_allocation_owes_nobody_anything():
    assert scores("allocation", nearest_base=[-1] * 3, base_team_h_per_day=[]) == [0.0] * 3


def test_over_a_year_allocation_sweeps_each_piece_at_a_rate_in_proportion_to_its_due():
    # One sweep a day, of the piece to which most is owed; 12 h a day would be needed for all.
    hazard = np.array([0.01, 0.02, 0.05])
    last_swept_h, n_swept = np.zeros(3), np.zeros(3)
    rates = np.array(scores("allocation", hazard_per_km=hazard, base_team_h_per_day=[2.5])) / 2.0
    for day in range(1, 366):
        owed = rates * (24.0 * day - last_swept_h)
        piece = int(np.argmax(owed))
        last_swept_h[piece] = 24.0 * day
        n_swept[piece] += 1
    assert rates.sum() == pytest.approx(1.0)
    assert n_swept / 365 == pytest.approx(rates, abs=0.06)
