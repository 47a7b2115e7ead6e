"""The balance of one piece of road on paper: published tables, limits, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.verification.balance import PeriodicSweeps, SegmentBalance, mean_seen_in_steps

RATE = st.floats(0.001, 5.0)
SHARE = st.floats(0.0, 1.0)


@pytest.mark.parametrize(
    ("sweeps", "find", "mean", "variance", "strikes", "finds", "share", "per_convoy"),
    [
        (0.0, 0.0, 1.176471, 1.3876, 0.176471, 0.0, 0.0, 0.3529),
        (1 / 7, 0.5, 0.828402, 0.9661, 0.124260, 0.059172, 0.3226, 0.2485),
        (1 / 7, 0.8, 0.703518, 0.8598, 0.105528, 0.080402, 0.4324, 0.2111),
        (1.0, 0.5, 0.298507, 0.3237, 0.044776, 0.149254, 0.7692, 0.0896),
        (1.0, 0.8, 0.206186, 0.2294, 0.030928, 0.164948, 0.8421, 0.0619),
    ],
)
def test_the_published_table(sweeps, find, mean, variance, strikes, finds, share, per_convoy):
    road = SegmentBalance(sweeps_per_day=sweeps, sweep_find_probability=find)
    assert road.mean_live == pytest.approx(mean, abs=5e-7)
    assert road.variance_live == pytest.approx(variance, abs=5e-5)
    assert road.strikes_per_day == pytest.approx(strikes, abs=5e-7)
    assert road.finds_per_day == pytest.approx(finds, abs=5e-7)
    assert road.found_share == pytest.approx(share, abs=5e-5)
    assert road.strikes_per_convoy == pytest.approx(per_convoy, abs=5e-5)


def test_the_published_case_of_convoys_that_look():
    road = SegmentBalance(
        find_probability=0.41,
        strike_probability=0.5,
        sweeps_per_day=1 / 7,
        sweep_find_probability=0.6,
    )
    assert road.ending_per_day == pytest.approx(0.458214, abs=5e-7)
    assert road.strikes_per_day == pytest.approx(0.064380, abs=5e-7)
    assert road.finds_per_day == pytest.approx(0.126890, abs=5e-7)
    assert road.expiries_per_day == pytest.approx(0.008730, abs=5e-7)
    assert road.found_share == pytest.approx(0.66341, abs=5e-6)


@given(placed=RATE, convoys=RATE, find=SHARE, strike=SHARE, sweeps=RATE, swept=SHARE, expiry=RATE)
def test_what_ends_adds_up_to_what_is_placed(placed, convoys, find, strike, sweeps, swept, expiry):
    road = SegmentBalance(placed, convoys, find, strike, sweeps, swept, expiry)
    ended = road.strikes_per_day + road.finds_per_day + road.expiries_per_day
    assert ended == pytest.approx(placed)
    assert road.variance_live >= road.mean_live * (1.0 - 1e-9)  # spreads more than Poisson


def test_where_devices_end_one_by_one_their_number_is_poisson():
    road = SegmentBalance(convoys_per_day=0.0, expiry_per_day=0.1)
    assert road.variance_live == pytest.approx(road.mean_live)
    assert math.isnan(road.found_share)


@pytest.mark.parametrize(
    ("other_ends", "find", "before", "after", "average"),
    [
        (0.0, 0.5, 2.8, 1.4, 2.1),
        (0.0, 0.8, 1.75, 0.35, 1.05),
        (0.17, 0.5, 0.96541, 0.48271, 0.77083),
        (0.17, 0.8, 0.87159, 0.17432, 0.59052),
    ],
)
def test_the_published_periodic_sweeps(other_ends, find, before, after, average):
    road = PeriodicSweeps(other_ends_per_day=other_ends, find_probability=find)
    assert road.mean_before == pytest.approx(before, abs=5e-6)
    assert road.mean_after == pytest.approx(after, abs=5e-6)
    assert road.mean_live == pytest.approx(average, abs=5e-6)


@given(every=st.floats(0.5, 60.0), find=st.floats(0.05, 1.0))
def test_periodic_sweeps_have_no_jump_where_other_ends_become_rare(every, find):
    none = PeriodicSweeps(other_ends_per_day=0.0, every_days=every, find_probability=find)
    for rare in (1e-4 / every, 1e-7 / every):
        few = PeriodicSweeps(other_ends_per_day=rare, every_days=every, find_probability=find)
        # What ends otherwise is at most its rate times what lies there for a device's whole life.
        assert few.mean_live == pytest.approx(none.mean_live, rel=2 * rare * every / find)


@given(other_ends=st.floats(0.001, 1.0), every=st.floats(0.5, 60.0), find=st.floats(0.05, 1.0))
def test_regular_sweeps_beat_random_ones_of_equal_frequency(other_ends, every, find):
    regular = PeriodicSweeps(0.2, other_ends, every, find)
    random = SegmentBalance(0.2, 0.0, 0.0, 0.0, 1.0 / every, find, other_ends)
    assert regular.mean_live <= random.mean_live * (1.0 + 1e-9)


def test_the_published_steps():
    assert mean_seen_in_steps(0.2, 0.67, 1.0) == pytest.approx(0.4096, abs=5e-5)
    assert mean_seen_in_steps(0.2, 0.67, 1.0) - 0.2 == pytest.approx(0.2096, abs=5e-5)
    assert mean_seen_in_steps(0.2, 0.67, 1.0 / 24.0) == pytest.approx(0.3027, abs=5e-5)
    assert mean_seen_in_steps(0.2, 0.67, 1e-9) == pytest.approx(0.2 / 0.67, rel=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: SegmentBalance(placed_per_day=-0.1), "placed_per_day is -0.1. Allowed: 0 or more"),
        (lambda: SegmentBalance(strike_probability=1.5), "Allowed: 0 or more, and at most 1"),
        (lambda: SegmentBalance(convoys_per_day=math.nan), "convoys_per_day is nan"),
        (lambda: SegmentBalance(convoys_per_day=0.0, expiry_per_day=0.0), "nothing ends a device"),
        (lambda: PeriodicSweeps(every_days=0.0), "every_days is 0.0. Allowed: above 0"),
        (lambda: mean_seen_in_steps(0.2, 0.0, 1.0), "ending_per_day is 0.0. Allowed: above 0"),
    ],
)
def test_numbers_out_of_range_are_refused(make, message):
    with pytest.raises(ScenarioError, match=message):
        make()
