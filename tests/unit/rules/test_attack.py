"""Attacks: the dead of the dated list follow from the severity laws and the default rates."""

import csv
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.data import data_path
from sim.rules.attack import attack_rate_per_day, camp_weight, n_killed_in_attack
from sim.world.events import Cause
from sim.world.settings.attacks import Attacks
from sim.world.severities import severities

SHARE = st.floats(0.0, 1.0)
DRAW = st.floats(0.0, 1.0, exclude_max=True)
LAST_DRAW = 1.0 - 2.0**-53
MONTHS = 36.0
"""July 2013 to June 2016, the time of the dated list."""


def mean_killed(exponent, most):
    """Of a fatal attack: the mean of the power law from 1 to the most."""
    sizes = np.arange(1.0, most + 1.0)
    weights = sizes**-exponent
    return float(sizes @ weights / weights.sum())


# The power law.


@pytest.mark.parametrize("most", [1, 2, 7, 30])
@pytest.mark.parametrize("exponent", [1.01, 1.55, 2.0, 3.02, 10.0])
@pytest.mark.parametrize("fatal", [0.0245, 0.5, 1.0])
def test_killed_follow_the_power_law_of_a_fatal_attack(steps, fatal, exponent, most):
    # The draw descends from "nobody" above the fatal share to 1, 2, ... below it.
    measured = steps(
        lambda draw: n_killed_in_attack(draw, fatal, exponent, most) or most + 1, most + 1
    )
    weights = np.arange(1.0, most + 1.0) ** -exponent
    expected = [0.0, *(fatal * np.cumsum(weights) / weights.sum())]
    assert measured == pytest.approx(expected, abs=1e-12)


def test_ten_are_rarer_than_a_hundred_by_the_number_on_paper():
    """Exponent 2.5: size 10 over size 100 is 316.2, of the sizes 1 to 100."""
    weights = np.arange(1.0, 101.0) ** -2.5
    edges = np.cumsum(weights) / weights.sum()
    for size in (1, 10, 99, 100):
        middle = float(edges[size - 1] - weights[size - 1] / weights.sum() / 2.0)
        assert n_killed_in_attack(middle, 1.0, 2.5, 100) == size
    assert weights[9] / weights[99] == pytest.approx(316.2, abs=0.05)


@given(draw=DRAW, fatal=SHARE, exponent=st.floats(1.01, 10.0), most=st.integers(0, 500))
def test_nobody_is_killed_who_is_not_there(draw, fatal, exponent, most):
    killed = n_killed_in_attack(draw, fatal, exponent, most)
    assert 0 <= killed <= most
    assert (killed > 0) == (draw < fatal and most > 0)


def test_the_greatest_draw_of_a_sure_attack_kills_the_most():
    assert n_killed_in_attack(LAST_DRAW, 1.0, 1.5, 30) == 30
    assert n_killed_in_attack(0.0, 0.0, 1.5, 30) == 0


# Rates and weights.


def test_all_cells_together_try_the_given_number_of_attacks():
    assert 24 * 30.4375 * attack_rate_per_day(3.4, 24) == pytest.approx(3.4)
    assert attack_rate_per_day(0.0, 24) == 0.0


@pytest.mark.parametrize(
    ("garrison", "km", "beta", "expected"),
    [(1000.0, 0.0, 0.01, 1000.0), (250.0, 100.0, 0.0, 250.0), (0.0, 10.0, 0.01, 0.0)],
)
def test_camps_weigh_by_their_people_and_less_with_distance(garrison, km, beta, expected):
    assert camp_weight(garrison, km, beta) == pytest.approx(expected)


def test_a_camp_twice_as_large_weighs_as_one_nearer_by_seventy_km():
    """exp(-0.01 x 69.3) is a half."""
    near, far = camp_weight(500.0, 30.7, 0.01), camp_weight(1000.0, 100.0, 0.01)
    assert near == pytest.approx(far, rel=1e-3)


# The dated list.


@pytest.fixture(scope="module")
def listed():
    """Killed in the dated list: sizes of fatal events by category."""
    sizes = defaultdict(list)
    with data_path("facts", "incidents_2013_2016.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            killed = int(row["killed_peacekeepers_low"] or 0)
            if killed:
                sizes[row["category"]].append(killed)
    return sizes


ON_PAPER = {
    Cause.INDIRECT_FIRE: (3, 4),
    Cause.SUICIDE_VEHICLE: (5, 11),
    Cause.COMPLEX_ATTACK: (2, 8),
}
"""Fatal attacks and killed in the dated list. Suicide vehicles: Tessalit and Kidal 2013, Aguelhok
and Ber 2014, Kidal in January 2015; complex attacks: Kidal in February 2016, Gao in May."""


def test_the_numbers_on_paper_are_those_of_the_list(listed):
    assert sum(listed["base_indirect_fire"]) == ON_PAPER[Cause.INDIRECT_FIRE][1]
    assert len(listed["base_indirect_fire"]) == ON_PAPER[Cause.INDIRECT_FIRE][0]
    both = [ON_PAPER[kind] for kind in (Cause.SUICIDE_VEHICLE, Cause.COMPLEX_ATTACK)]
    stormed = listed["base_suicide_vehicle_or_complex"]
    assert (len(stormed), sum(stormed)) == tuple(map(sum, zip(*both, strict=True)))
    assert sorted(listed["direct_fire_road"]) == [6, 9]
    # Two strikes of 2016 were followed by fire; the list counts their dead to the devices.
    assert listed["mine_ied_plus_fire"] == [5, 5]


@pytest.mark.parametrize("severity", severities(Attacks()), ids=lambda s: s.cause.name)
def test_default_attacks_on_camps_kill_in_36_months_as_many_as_in_the_list(severity):
    fatal, killed = ON_PAPER[severity.cause]
    n_fatal = MONTHS * severity.per_month * severity.fatal
    mean = mean_killed(severity.exponent, Attacks().camp_most_killed)
    assert n_fatal == pytest.approx(fatal, rel=0.01)
    assert n_fatal * mean == pytest.approx(killed, rel=0.02)


def test_a_common_exponent_would_miss_the_list():
    """The planted fault of the test above: with the law of the complex attacks for all of them."""
    attacks = Attacks()
    common = mean_killed(attacks.complex_severity_exponent, attacks.camp_most_killed)
    indirect_fire = MONTHS * attacks.indirect_fire_per_month * attacks.indirect_fire_fatal * common
    assert indirect_fire > 1.5 * 4


def test_default_gunfire_kills_in_36_months_as_many_as_in_the_list():
    """15 in the list; of those fired at, patrols have 24 people and escorts up to 90."""
    attacks = Attacks()
    least = mean_killed(attacks.gunfire_severity_exponent, 24)
    most = mean_killed(attacks.gunfire_severity_exponent, attacks.gunfire_most_killed)
    n_fatal = MONTHS * GUNFIRE_PER_MONTH * attacks.gunfire_fatal
    assert n_fatal * least < 15.0 < n_fatal * most


def test_default_wounded_are_those_of_the_list():
    """28 by indirect fire, 34 to 42 by suicide vehicles, 34 to 44 in complex attacks."""
    bounds = {
        Cause.INDIRECT_FIRE: (27.5, 28.5),
        Cause.SUICIDE_VEHICLE: (34.0, 42.0),
        Cause.COMPLEX_ATTACK: (34.0, 44.0),
    }
    for severity in severities(Attacks()):
        low, high = bounds[severity.cause]
        assert low <= MONTHS * severity.per_month * severity.wounded <= high


def test_attacks_on_the_mission_add_up_to_the_published_eight_a_month():
    """3.6 strikes on the road, and what comes on top: 8 on paper (calibration_targets.csv)."""
    on_camps = sum(severity.per_month for severity in severities(Attacks()))
    assert 3.6 + on_camps + GUNFIRE_PER_MONTH == pytest.approx(8.0, abs=0.1)


GUNFIRE_PER_MONTH = 0.65
"""Gunfire that finds a target in the replay of 2013-2016, of `attacks.gunfire_per_month` tried."""
