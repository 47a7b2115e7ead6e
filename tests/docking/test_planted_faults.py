"""A fault in one engine, of one rule or of one line, is noticed by the comparison of the two.

Each fault is planted in the reference engine alone, and what it then gives is held against a sound
run. What cannot be noticed here would not be noticed in the batch engine.
"""

import functools
import math
from collections.abc import Callable

import dock
import numpy as np
import pytest
from small_worlds import (
    a_busy_month_on_the_grid,
    a_month_on_the_triangle,
    changed,
    decided_from,
)

from sim.engines.reference import (
    camp,
    clearance_team,
    convoy,
    evacuation,
    grievance,
    militant_cell,
    model,
    strikes,
    unit,
)
from sim.engines.reference.agenda import Agenda
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.headquarters import Headquarters
from sim.engines.reference.model import ConvoyModel
from sim.engines.reference.refuge import Refuge
from sim.engines.reference.routes import Routes
from sim.engines.reference.state import digest
from sim.results.ground import network_of
from sim.world.events import Turn
from sim.world.scenario import Reinforcement, Scenario

SEED, RUN = 7, 0

sound_engine = dock.batch
"""Who makes the sound run; as long as both engines agree it does not matter who."""


# Scenarios in which the faults have something to spoil.


@functools.cache
def busy() -> Scenario:
    """The busy month on the grid, with a decision in its middle."""
    month = a_busy_month_on_the_grid(runs={"decision_date": "2016-07-11"})
    return decided_from(
        month,
        routing={"threatened_km_per_day": 40.0},
        training={"predeployment_floor": 0.8},
    )


@functools.cache
def searching() -> Scenario:
    """The busy month with teams at the hub that go ahead of convoys as they are ready."""
    searchers = Reinforcement(camp="r1c1", unit_type="eod", strength=70.0, arrival="2016-06-01")
    return changed(
        a_busy_month_on_the_grid(),
        clearance={"with_convoys": True},
        supply={"departure": "as_ready"},
        force={"reinforcements": {"searchers": searchers}},
        medical={"helicopter_camps": {"r1c1": True, "r3c3": True}, "helicopter_radius_km": 500.0},
    )


@functools.cache
def quiet() -> Scenario:
    """The plain month on the triangle, in which orders are small."""
    return a_month_on_the_triangle()


@functools.cache
def sound(scenario: Callable[[], Scenario]) -> dock.Outcome:
    return sound_engine(scenario(), SEED, RUN)


# Faults: each takes pytest's monkeypatch and changes one thing.


def two_acts_of_dawn_are_swapped(patch):
    def dawn(self, version):
        hq = self.model
        hq.agenda.add(hq.now_h + 24.0, Turn.DAWN, 0, 0, self.dawn)
        hq.settle_traffic()
        hq.courses.begin()
        for site in reversed(hq.camps):
            site.settle()
            site.review()
        hq.patrols.plan_day()
        for site in hq.camps:
            site.dispatch()
        self.team_orders.send()  # after the convoys have left

    patch.setattr(Headquarters, "dawn", dawn)


def of_two_at_one_moment_the_higher_key_goes_first(patch):
    add = Agenda.add

    def reversed_add(self, time_h, turn, key, count, act, version=0):
        add(self, time_h, turn, -key, count, act, version)

    patch.setattr(Agenda, "add", reversed_add)


def what_cells_hear_does_not_fade(patch):
    def add(values, times_h, now_h, half_life_h, segments, added):
        for place, segment in enumerate(segments):
            values[segment] += added[place]
            times_h[segment] = now_h

    patch.setattr(model, "add_fading", add)


def a_half_life_is_an_hour_too_long(patch):
    people = ConvoyModel._people

    def with_long_memory(self):
        self.memory_half_life_h += 1.0
        people(self)

    patch.setattr(ConvoyModel, "_people", with_long_memory)


def vehicles_add_up_their_chances(patch):
    patch.setattr(convoy, "strike_probability", lambda chance, n: min(1.0, n * chance))


def the_first_vehicle_is_struck_whoever_sets_it_off(patch):
    patch.setattr(strikes, "struck_vehicle", lambda draw, chance, n: 0)


def cells_choose_without_pressure(patch):
    weigh = militant_cell.place_weights
    place = 18  # beta_pressure
    assert weigh.py_func.__code__.co_varnames[place] == "beta_pressure"

    def careless(*given):
        return weigh(*given[:place], 0.0, *given[place + 1 :])

    patch.setattr(militant_cell, "place_weights", careless)


def those_on_the_road_are_settled_in_another_order(patch):
    def settle(self):
        for moving in reversed(self.moving.values()):
            moving.settle()

    patch.setattr(ConvoyModel, "settle_traffic", settle)


def a_draw_has_the_count_of_the_next(patch):
    count = convoy.meeting_count
    patch.setattr(convoy, "meeting_count", lambda number, n_before: count(number, n_before + 1))


def a_draw_of_a_patrol_has_no_count(patch):
    draw = ConvoyModel.draw

    def forgetful(self, stream, entity, other=0, count=0):
        is_reach = stream.name == "PATROL_REACH"
        return draw(self, stream, entity, other, 0 if is_reach else count)

    patch.setattr(ConvoyModel, "draw", forgetful)


def a_cell_comes_back_as_weak_as_it_went(patch):
    def come_back(self, version):
        self.owner._strength_time_h = self.owner.model.now_h
        self.is_taken = False
        self._put(model.Kind.CELL_RETURNED)

    patch.setattr(Refuge, "come_back", come_back)


def a_sweep_leaves_no_pressure(patch):
    patch.setattr(model, "ONE", np.zeros(1))


def training_never_fades(patch):
    patch.setattr(unit, "faded_level", lambda level, days, half_life_days: level)


def the_picture_does_not_fade(patch):
    class Lasting(model.Picture):
        def __init__(self, n_segments, half_life_h):
            super().__init__(n_segments, 1e9)

    patch.setattr(model, "Picture", Lasting)


def escorts_rest_an_hour_too_little(patch):
    free_h = camp.escort_free_again_h
    patch.setattr(camp, "escort_free_again_h", lambda *given: free_h(*given) - 1.0)


def trucks_of_a_load_are_rounded_down(patch):
    patch.setattr(camp, "n_trucks", lambda weight_t, truck_t: max(1, int(weight_t / truck_t)))


def an_order_is_rounded_to_whole_tonnes(patch):
    order_t = camp.order_t
    patch.setattr(camp, "order_t", lambda *given: float(round(order_t(*given))))


def a_device_lies_anywhere_on_its_piece(patch):
    met = convoy.next_meeting

    def in_the_middle(segments, enter_km, leave_km, segment, at_km, after_leg, after_km):
        first = int(np.flatnonzero(segments == segment)[0])
        middle_km = (float(enter_km[first]) + float(leave_km[first])) / 2.0
        return met(segments, enter_km, leave_km, segment, middle_km, after_leg, after_km)

    patch.setattr(convoy, "next_meeting", in_the_middle)


def a_device_is_passed_twice(patch):
    place_of = Convoy._place_of

    def forgetful(self, device):
        self.passed_key = -1
        return place_of(self, device)

    patch.setattr(Convoy, "_place_of", forgetful)


def decoys_count_as_devices(patch):
    patch.setattr(ConvoyModel, "n_live", property(lambda self: len(self.live)))


def grievance_never_fades(patch):
    patch.setattr(grievance, "remembered", lambda value, elapsed_h, half_life_h: value)


def ways_of_the_past_are_kept_at_the_decision(patch):
    patch.setattr(Routes, "forget", lambda self: None)
    decide = ConvoyModel._decide

    def with_old_paces(self, version):
        paces = dict(self._paces)
        decide(self, version)
        self._paces.update(paces)

    patch.setattr(ConvoyModel, "_decide", with_old_paces)


def the_wounded_wait_for_the_last_hospital(patch):
    patch.setattr(evacuation, "min", max, raising=False)


def a_team_finds_what_is_well_hidden_as_easily(patch):
    patch.setattr(clearance_team, "find_probability_on_road", lambda chance, concealment: chance)


FAULTS = {
    two_acts_of_dawn_are_swapped: searching,
    of_two_at_one_moment_the_higher_key_goes_first: busy,
    what_cells_hear_does_not_fade: busy,
    a_half_life_is_an_hour_too_long: busy,
    vehicles_add_up_their_chances: busy,
    the_first_vehicle_is_struck_whoever_sets_it_off: busy,
    cells_choose_without_pressure: busy,
    those_on_the_road_are_settled_in_another_order: searching,  # shows in last digits alone
    a_draw_has_the_count_of_the_next: busy,
    a_draw_of_a_patrol_has_no_count: busy,
    a_cell_comes_back_as_weak_as_it_went: busy,
    a_sweep_leaves_no_pressure: busy,
    training_never_fades: busy,
    the_picture_does_not_fade: busy,
    escorts_rest_an_hour_too_little: busy,
    trucks_of_a_load_are_rounded_down: busy,
    an_order_is_rounded_to_whole_tonnes: quiet,
    a_device_lies_anywhere_on_its_piece: busy,
    a_device_is_passed_twice: busy,
    decoys_count_as_devices: busy,
    grievance_never_fades: busy,
    ways_of_the_past_are_kept_at_the_decision: busy,
    the_wounded_wait_for_the_last_hospital: searching,
    a_team_finds_what_is_well_hidden_as_easily: busy,
}


def half_life_by_a_power_of_two(patch):
    """What cells hear of finds and strikes, off by a unit in the last place now and then."""

    def add(values, times_h, now_h, half_life_h, segments, added):
        for place, segment in enumerate(segments):
            left = math.pow(0.5, (now_h - times_h[segment]) / half_life_h)
            values[segment] = values[segment] * left + added[place]
            times_h[segment] = now_h

    patch.setattr(model, "add_fading", add)


def difference(scenario):
    return dock.first_difference(
        sound(scenario),
        dock.reference(scenario(), SEED, RUN),
        network_of(scenario()).segments.name,
    )


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_noticed(fault, monkeypatch):
    scenario = FAULTS[fault]
    sound(scenario)
    fault(monkeypatch)
    assert difference(scenario) is not None


def test_a_last_bit_in_what_cells_remember_is_noticed_in_the_state_alone(monkeypatch):
    was = sound(busy)
    half_life_by_a_power_of_two(monkeypatch)
    now = dock.reference(busy(), SEED, RUN)
    assert dock.difference_of_records(was.record, now.record) is None
    found = dock.first_difference(was, now)
    assert found is not None
    assert "state at the end, memory." in found
    assert digest(was.state) != digest(now.state)


@pytest.mark.parametrize(
    "scenario", [busy, searching, quiet], ids=lambda scenario: scenario.__name__
)
def test_without_a_fault_nothing_is_noticed(scenario):
    assert difference(scenario) is None
