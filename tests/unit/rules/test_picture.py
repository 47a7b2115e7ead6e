"""The picture: an estimate between prior and record, and risks that add up along a route."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.picture import hazard_per_km, passage_risk, risk_cost

AMOUNT = st.floats(0.0, 1e4)
RISKS = st.lists(st.floats(0.0, 0.999), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("events", "passages", "prior", "prior_passages", "expected"),
    [
        (0.0, 0.0, 0.05, 200.0, 0.05),  # nothing known: the prior
        (0.0, 200.0, 0.05, 200.0, 0.025),  # as many quiet passages halve it
        (30.0, 200.0, 0.05, 200.0, 0.1),
        (0.4, 1.0, 0.0, 1.0, 0.2),
    ],
)
def test_hazard_on_paper(events, passages, prior, prior_passages, expected):
    assert hazard_per_km(events, passages, prior, prior_passages) == pytest.approx(expected)


@given(events=AMOUNT, passages=st.floats(1.0, 1e4), prior=st.floats(0.0, 1.0), worth=AMOUNT)
def test_the_estimate_lies_between_prior_and_record(events, passages, prior, worth):
    estimate = hazard_per_km(events, passages, prior, worth + 0.001)
    low, high = sorted((prior, events / passages))
    assert low * (1 - 1e-9) - 1e-12 <= estimate <= high * (1 + 1e-9) + 1e-12


@pytest.mark.parametrize(
    ("hazard", "length", "expected"),
    [(0.0, 10.0, 0.0), (0.1, 0.0, 0.0), (math.log(2.0), 1.0, 0.5), (1e9, 1.0, 1.0)],
)
def test_passage_risk_on_paper(hazard, length, expected):
    assert passage_risk(hazard, length) == pytest.approx(expected, abs=1e-12)


def test_a_small_risk_keeps_its_digits():
    assert passage_risk(1e-12, 1.0) == pytest.approx(1e-12, rel=1e-9)
    assert risk_cost(1e-12) == pytest.approx(1e-12, rel=1e-9)


def test_one_edge_of_nine_in_a_hundred_is_preferred_to_three_smaller_ones():
    three = risk_cost(0.02) + risk_cost(0.03) + risk_cost(0.05)
    assert -math.expm1(-three) == pytest.approx(0.09693, abs=1e-9)
    assert risk_cost(0.09) < three


def test_a_road_on_which_a_device_is_certain_is_closed():
    assert risk_cost(1.0) == math.inf
    assert risk_cost(0.0) == 0.0


@given(risks=RISKS)
def test_costs_add_up_where_chances_multiply(risks):
    through = math.prod(1.0 - risk for risk in risks)
    assert math.exp(-math.fsum(risk_cost(risk) for risk in risks)) == pytest.approx(
        through, rel=1e-9
    )


@given(hazard=st.floats(0.0, 10.0), lengths=st.tuples(st.floats(0.0, 200.0), st.floats(0.0, 200.0)))
def test_risk_does_not_depend_on_how_a_road_is_cut(hazard, lengths):
    whole = passage_risk(hazard, sum(lengths))
    missed = (1.0 - passage_risk(hazard, lengths[0])) * (1.0 - passage_risk(hazard, lengths[1]))
    assert 0.0 <= whole <= 1.0
    assert 1.0 - whole == pytest.approx(missed, abs=1e-12)
