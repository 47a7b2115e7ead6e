"""Patrols: how many at which strength, and how far."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.patrolling import expected_km, patrols_per_day, reach_km

SHARE = st.floats(0.0, 1.0)
STRENGTH = st.floats(1.0, 100_000.0)


@pytest.mark.parametrize(
    ("strength", "elasticity", "expected"),
    [
        (12_000.0, 0.5, 13_000.0),
        (48_000.0, 0.5, 26_000.0),
        (6_000.0, 1.0, 6_500.0),
        (6_000.0, 0.0, 13_000.0),
        (0.0, 0.5, 0.0),
        (0.0, 0.0, 0.0),
    ],
)
def test_patrols_of_a_year_on_paper(strength, elasticity, expected):
    per_day = patrols_per_day(13_000.0, strength, 12_000.0, elasticity)
    assert 365.25 * per_day == pytest.approx(expected, rel=1e-12)


@given(strengths=st.tuples(STRENGTH, STRENGTH), elasticity=SHARE)
def test_more_troops_never_patrol_less_in_all_nor_more_a_head(strengths, elasticity):
    fewer, more = sorted(strengths)
    low = patrols_per_day(13_000.0, fewer, 12_000.0, elasticity)
    high = patrols_per_day(13_000.0, more, 12_000.0, elasticity)
    assert low <= high * (1 + 1e-12)
    assert high / more <= low / fewer * (1 + 1e-12)


def test_the_reach_of_patrols_is_exponential():
    assert reach_km(0.0, 12.0) == 0.0
    assert reach_km(0.5, 12.0) == pytest.approx(12.0 * math.log(2.0), rel=1e-12)
    assert reach_km(1.0 - 1.0 / math.e, 12.0) == pytest.approx(12.0, rel=1e-12)


def test_the_longest_reach_is_finite():
    """The greatest draw is 1 - 2**-53: 53 ln 2 = 36.7 means."""
    assert reach_km(1.0 - 2.0**-53, 12.0) == pytest.approx(12.0 * 53.0 * math.log(2.0), rel=1e-12)


def test_the_km_of_all_pieces_add_up_to_the_mean_reach():
    cuts_km = [0.0, 1.0, 5.0, 25.0, 60.0, 2000.0]
    km = [expected_km(near, far - near, 12.0) for near, far in itertools.pairwise(cuts_km)]
    assert sum(km) == pytest.approx(12.0)
    assert km[0] == pytest.approx(12.0 * (1.0 - math.exp(-1.0 / 12.0)))


@given(
    near_km=st.floats(0.0, 100.0),
    length_km=st.floats(0.1, 25.0),
    share=st.floats(0.01, 0.99),
    mean_km=st.floats(1.0, 50.0),
)
def test_a_piece_cut_in_two_weighs_as_much_as_before(near_km, length_km, share, mean_km):
    first_km = share * length_km
    parts = expected_km(near_km, first_km, mean_km) + expected_km(
        near_km + first_km, length_km - first_km, mean_km
    )
    assert parts == pytest.approx(expected_km(near_km, length_km, mean_km), rel=1e-9)
