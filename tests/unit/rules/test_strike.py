"""Strikes: the published deaths and injuries follow from the rules, exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import betabinom, binom

from sim.rules.strike import harm_probability, n_killed, n_wounded

SHARE = st.floats(0.0, 1.0)
DRAW = st.floats(0.0, 1.0, exclude_max=True)
LAST_DRAW = 1.0 - 2.0**-53
HARM, ALPHA, BETA, N_OCCUPANTS, WOUNDED_SHARE = 0.35, 0.10, 1.01, 6, 0.61


def probabilities(measured: list[float]) -> np.ndarray:
    return np.diff([0.0, *measured, 1.0])


def test_deaths_and_injuries_are_those_of_the_published_attacks(steps):
    """548 attacks: 0.188 killed and 1.16 injured each, 7% fatal, 2.56 killed in a fatal one."""
    killed = probabilities(steps(lambda draw: n_killed(draw, N_OCCUPANTS, ALPHA, BETA), 6))
    mean_killed = HARM * float(killed @ np.arange(7))
    fatal = HARM * (1.0 - killed[0])
    assert mean_killed == pytest.approx(HARM * N_OCCUPANTS * ALPHA / (ALPHA + BETA), abs=1e-12)
    assert 0.188 <= mean_killed <= 0.190
    assert fatal == pytest.approx(0.074, abs=0.0005)
    assert mean_killed / fatal == pytest.approx(2.56, abs=0.01)  # 2.566 by the rule

    mean_wounded = 0.0
    for dead, probability in enumerate(killed):
        left = N_OCCUPANTS - dead
        wounded = probabilities(steps(lambda draw, n=left: n_wounded(draw, n, WOUNDED_SHARE), left))
        mean_wounded += HARM * probability * float(wounded @ np.arange(left + 1))
    survivors = N_OCCUPANTS * BETA / (ALPHA + BETA)
    assert mean_wounded == pytest.approx(HARM * WOUNDED_SHARE * survivors, abs=1e-12)
    assert mean_wounded == pytest.approx(1.16, abs=0.01)  # 1.166 by the rule


@pytest.mark.parametrize(
    ("mean", "ratio", "share", "protected", "unprotected"),
    [
        (0.2, 3.0, 0.5, 0.1, 0.3),
        (0.35, 5.3, 0.6, 0.35 / 2.72, 0.35 * 5.3 / 2.72),
        (0.35, 1.0, 0.6, 0.35, 0.35),
        (0.2, 5.0, 1.0, 0.2, 1.0),
        (0.2, 5.0, 0.0, 0.04, 0.2),
        (0.9, 9.0, 0.5, 0.18, 1.0),  # cut at 1
        (0.0, 9.0, 0.5, 0.0, 0.0),
    ],
)
def test_harm_probability_on_paper(mean, ratio, share, protected, unprotected):
    assert harm_probability(mean, True, ratio, share) == pytest.approx(protected, abs=1e-12)
    assert harm_probability(mean, False, ratio, share) == pytest.approx(unprotected, abs=1e-12)


@given(mean=SHARE, ratio=st.floats(1.0, 50.0), share=SHARE)
def test_the_mean_is_kept_at_the_reference_share_unless_cut_at_one(mean, ratio, share):
    protected = harm_probability(mean, True, ratio, share)
    unprotected = harm_probability(mean, False, ratio, share)
    assert 0.0 <= protected <= unprotected + 1e-15 <= 1.0 + 1e-15
    over_the_fleet = share * protected + (1.0 - share) * unprotected
    if protected * ratio <= 1.0:
        assert over_the_fleet == pytest.approx(mean, abs=1e-12)
    else:
        assert over_the_fleet <= mean + 1e-12


@pytest.mark.parametrize("n_occupants", [0, 1, 2, 6, 30])
@pytest.mark.parametrize(("alpha", "beta"), [(0.1, 1.01), (1.0, 1.0), (3.0, 0.5), (40.0, 60.0)])
def test_killed_are_beta_binomial(steps, n_occupants, alpha, beta):
    expected = betabinom.cdf(np.arange(n_occupants), n_occupants, alpha, beta)
    measured = steps(lambda draw: n_killed(draw, n_occupants, alpha, beta), n_occupants)
    assert measured == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("n_survivors", [0, 1, 2, 6, 30])
@pytest.mark.parametrize("share", [0.0, 1e-12, 0.1, 0.61, 0.999, 1.0])
def test_wounded_are_binomial(steps, n_survivors, share):
    expected = binom.cdf(np.arange(n_survivors), n_survivors, share)
    measured = steps(lambda draw: n_wounded(draw, n_survivors, share), n_survivors)
    assert measured == pytest.approx(expected, abs=1e-12)


@given(draw=DRAW, n=st.integers(0, 100), alpha=st.floats(0.001, 100), beta=st.floats(0.001, 100))
def test_nobody_is_killed_who_is_not_there(draw, n, alpha, beta):
    assert 0 <= n_killed(draw, n, alpha, beta) <= n


@given(draw=DRAW, n=st.integers(0, 100), share=SHARE)
def test_nobody_is_wounded_who_is_not_there(draw, n, share):
    assert 0 <= n_wounded(draw, n, share) <= n


def test_all_or_none_are_wounded_at_the_limits():
    assert n_wounded(0.0, 6, 1.0) == 6
    assert n_wounded(LAST_DRAW, 6, 0.0) == 0
