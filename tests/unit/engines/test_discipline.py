"""Discipline: trained convoys set devices off less often, untrained ones more often."""

import pytest
from small_worlds import (
    a_convoy_at,
    a_month_on_the_triangle,
    an_empty_road,
    changed,
    lay_device,
    logged,
    send_convoy,
    way_over,
)

from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import PATROL
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Kind

R = 0.2
TRAINING = {"discipline_ratio": 0.81, "reference_level": 0.5, "decay_half_life_days": 100_000.0}


def a_model(level, **training):
    return ConvoyModel(
        changed(
            a_month_on_the_triangle(),
            threat={"strike_probability_per_vehicle": R},
            training={
                **TRAINING,
                "predeployment_level": level,
                "predeployment_by_contingent": {},
                **training,
            },
        )
    )


def chance_of_a_patrol(model):
    unit = next(unit for unit in model.units if unit.is_patroller)
    patrol = Convoy(model, unit.patrol_key, 0, PATROL, unit, 4, 0, Convoy.remove)
    return patrol.strike_chance_per_vehicle()


@pytest.mark.parametrize(
    ("level", "expected"), [(0.5, R), (1.0, R * 0.9), (0.0, R / 0.9)]
)  # half a step of level is the square root of 0.81
def test_a_vehicle_sets_a_device_off_by_the_discipline_of_its_company(level, expected):
    assert chance_of_a_patrol(a_model(level)) == pytest.approx(expected)


def test_a_ratio_of_one_switches_discipline_off_to_the_bit():
    for level in (0.0, 0.3, 1.0):
        assert chance_of_a_patrol(a_model(level, discipline_ratio=1.0)) == R


def test_the_chance_stays_a_probability_however_undisciplined():
    model = a_model(0.0, discipline_ratio=0.05, reference_level=1.0)
    assert chance_of_a_patrol(model) == 1.0


def test_a_convoy_without_a_company_counts_as_untrained():
    model = ConvoyModel(changed(an_empty_road(), training=TRAINING))
    convoy = a_convoy_at(model, way_over(model, [(0, True)]), 0, 1.0)
    r = model.settings.threat.strike_probability_per_vehicle
    assert convoy.strike_chance_per_vehicle() == pytest.approx(r / 0.9)


def test_fewer_devices_act_on_a_disciplined_column():
    """With one vehicle t is r: 0.5 undisciplined against 0.05, on the same draws."""
    n_struck = {}
    for ratio in (1.0, 0.1):
        model = ConvoyModel(
            changed(
                an_empty_road(),
                threat={"fixed_strike_probability": None, "strike_probability_per_vehicle": 0.05},
                training={"discipline_ratio": ratio, "reference_level": 1.0},
            )
        )
        for number in range(200):
            lay_device(model, at_km=5.0, key=1000 + number)
        send_convoy(model, way_over(model, [(0, True)]), n_escort=0, n_load=1)
        model.advance_to(5.0)
        n_struck[ratio] = len(logged(model, Kind.STRUCK))
    assert n_struck[1.0] == pytest.approx(10, abs=13)
    assert n_struck[0.1] == pytest.approx(100, abs=29)
