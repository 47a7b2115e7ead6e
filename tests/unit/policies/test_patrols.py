"""How patrols weigh the roads out of a camp."""

import numpy as np
import pytest

from sim.policies.patrols import POLICIES, PatrolView

NOW_H, LEAD_H = 1000.0, 24.0
HALF_KM = 12.0 * np.log(2.0)
"""Half of all patrols drive on beyond this, at a mean reach of 12 km."""


def a_view(hazard=(0.0,) * 4, due_h=(np.inf,) * 4):
    """Two roads of two pieces each, every piece as long as half of all patrols drive."""
    return PatrolView(
        now_h=NOW_H,
        road_start=np.array([0, 2, 4], dtype=np.int32),
        pieces=np.array([0, 1, 2, 3], dtype=np.int32),
        near_km=np.array([0.0, HALF_KM] * 2),
        length_km=np.full(4, HALF_KM),
        reach_km=12.0,
        hazard_per_km=np.array(hazard, dtype=float),
        convoy_due_h=np.array(due_h, dtype=float),
        convoy_lead_h=LEAD_H,
    )


def weights(policy, **view):
    return POLICIES[policy](a_view(**view)).tolist()


def test_even_patrols_take_all_roads_alike():
    assert weights("even", hazard=[9.0, 0.0, 0.0, 0.0], due_h=[NOW_H] * 4) == [1.0, 1.0]


def test_highest_risk_weighs_a_road_by_the_mean_hazard_of_the_way_out():
    # Of 9 km out, 6 are driven on the first piece and 3 on the second.
    assert weights("highest_risk", hazard=[0.03, 0.0, 0.0, 0.03]) == pytest.approx([0.02, 0.01])


def test_highest_risk_leaves_no_road_out_that_the_picture_fears_at_all():
    assert min(weights("highest_risk", hazard=[1.0, 1.0, 0.001, 0.001])) > 0.0


def test_before_convoys_weighs_a_road_by_the_share_on_which_one_is_due():
    soon = NOW_H + LEAD_H
    assert weights("before_convoys", due_h=[soon, np.inf, np.inf, np.inf]) == pytest.approx(
        [2 / 3, 0.0]
    )
    assert weights("before_convoys", due_h=[soon + 0.1, soon, soon, soon]) == pytest.approx(
        [1 / 3, 1.0]
    )


def test_without_a_convoy_all_weights_are_zero_and_roads_are_alike():
    assert weights("before_convoys") == [0.0, 0.0]
