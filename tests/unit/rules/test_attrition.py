"""Attrition: contact on paper, raids in proportion to those who reach, tips that dry up."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.attrition import contact_probability, raids_per_month, tip_raids_per_month

POSITIVE = st.floats(0.0, 1e3)


@pytest.mark.parametrize(
    ("patrols", "work_h", "each", "chance"),
    [
        (0.0, 3.0, 1.0, 0.0),
        (8.0, 3.0, 1.0, 1.0 - 1.0 / math.e),
        (8.0, 3.0, 0.5, 1.0 - math.exp(-0.5)),
        (8.0, 0.0, 1.0, 0.0),
        (8.0, 3.0, 0.0, 0.0),
        (math.log(2.0), 24.0, 1.0, 0.5),
    ],
)
def test_contact_probability_on_paper(patrols, work_h, each, chance):
    assert contact_probability(patrols, work_h, each) == pytest.approx(chance, abs=1e-15)


@given(st.tuples(POSITIVE, POSITIVE), st.floats(0.0, 72.0), st.floats(0.0, 1.0))
def test_more_patrols_never_meet_a_cell_less(patrols, work_h, each):
    less, more = sorted(patrols)
    chances = [contact_probability(number, work_h, each) for number in (less, more)]
    assert 0.0 <= chances[0] <= chances[1] <= 1.0


def test_what_intelligence_prepares_adds_up_over_the_cells_in_its_reach():
    """600 people at 0.25 per 100 reach 10 of 24 cells: 1.5 a month for all, 0.625 for these."""
    assert 10 * raids_per_month(0.25, 600.0, 24) == pytest.approx(0.625, rel=1e-12)
    assert raids_per_month(0.25, 0.0, 24) == raids_per_month(0.0, 600.0, 24) == 0.0


def test_tips_rise_with_progress_and_fall_with_grievance():
    """4 tips a month at full progress, 0.3 strikes a tip, 24 cells: 0.05 on each."""

    def tips(progress, grievance=0.0):
        return tip_raids_per_month(4.0, progress, grievance, 2.0, 0.3, 24)

    assert tips(1.0) == pytest.approx(0.05, rel=1e-12)
    assert tips(0.5) == pytest.approx(0.025, rel=1e-12)
    assert tips(0.0) == 0.0
    assert tips(1.0, grievance=math.log(2.0)) == pytest.approx(0.0125, rel=1e-12)
    assert 0.0 <= tips(1.0, grievance=1e6) <= 1e-300
