"""Gunfire on one road of 10 km with a convoy or two on it, all within the reach of one cell."""

import math

import numpy as np
import pytest
from small_worlds import DAY_H, a_supplied_chain, an_empty_road, lay_device, logged, send_convoy
from small_worlds import way_over as way

from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import LOGISTICS, PATROL
from sim.engines.reference.model import ConvoyModel
from sim.engines.reference.road_fire import segment_of
from sim.world.events import Cause, Kind, Turn

CALM = {"reference_level": 0.5, "path": {"2016-07-01": 0.5}}
THERE = (0, True)
SLOW = 50.0
"""Hours for a km: 500 h on the road of 10 km, nearly three weeks."""


def a_road(groups=None, **attacks):
    return ConvoyModel(
        an_empty_road(
            politics=CALM,
            force={"strength": 170.0, "patrol_process": "none", "vehicle_occupants": 6},
            attacks={"gunfire_per_month": 300.0, **attacks},
            **(groups or {}),
        )
    )


def fired_at(model, **convoy):
    send_convoy(model, way(model, [THERE], h_per_km=SLOW), **convoy)
    model.advance_to(450.0)
    return logged(model, Kind.GUNFIRE)


def test_gunfire_that_is_switched_off_puts_nothing_on_the_agenda():
    model = a_road(gunfire_per_month=0.0)
    assert Turn.GUNFIRE not in {entry[1] for entry in model.agenda._entries}


def test_where_nobody_is_on_the_road_nobody_fires():
    model = a_road()
    model.advance_to(20 * DAY_H)
    assert logged(model, Kind.GUNFIRE) == []


def test_whoever_is_on_the_road_is_fired_at_at_the_given_rate():
    """300 a month of 730.5 h make 184.8 in 450 h; within 4 sigma."""
    rows = fired_at(a_road())
    assert len(rows) == pytest.approx(300.0 * 450.0 / 730.5, abs=4.0 * math.sqrt(184.8))
    assert {(row.cause, row.segment, row.other) for row in rows} == {(Cause.CONVOY, 0, 7)}


def test_gunfire_names_a_patrol_as_such():
    rows = fired_at(a_road(), traffic=PATROL, n_escort=4, n_load=0)
    assert {row.cause for row in rows} == {Cause.PATROL}


def test_nobody_halts_for_gunfire():
    model = a_road()
    arrivals = send_convoy(model, way(model, [THERE], h_per_km=SLOW))
    model.advance_to(520.0)
    assert logged(model, Kind.GUNFIRE)
    assert arrivals == [pytest.approx(500.0)]


def test_every_vehicle_is_as_likely_a_target_as_any_other():
    """Two convoys of 9 and 3 vehicles: the larger bears three quarters; within 4 sigma."""
    model = a_road()
    send_convoy(model, way(model, [THERE], h_per_km=SLOW), key=8, n_escort=3, n_load=0)
    rows = fired_at(model, key=7, n_escort=4, n_load=5)
    share = np.mean([row.other == 7 for row in rows])
    assert share == pytest.approx(0.75, abs=4.0 * math.sqrt(0.75 * 0.25 / len(rows)))


def test_a_convoy_without_vehicles_is_no_target():
    assert fired_at(a_road(), n_escort=0, n_load=0) == []


def test_a_convoy_out_of_reach_is_no_target():
    assert fired_at(a_road(groups={"threat": {"attempts_per_month": 0.0, "reach_km": 1.0}})) == []


def test_gunfire_kills_by_its_law_and_no_more_than_guard_the_convoy():
    """Two escorts of 6 people: 12; sure to be fatal and with a flat tail, it kills all at times."""
    rows = fired_at(
        a_road(
            gunfire_per_month=900.0,
            gunfire_fatal=1.0,
            gunfire_severity_exponent=1.01,
            gunfire_wounded=5.0,
        ),
        n_escort=2,
        n_load=30,
    )
    weights = np.arange(1.0, 13.0) ** -1.01
    expected = 12.0 / np.sum(weights)  # nearly, with an exponent so close to 1
    assert np.mean([row.killed for row in rows]) == pytest.approx(
        expected, abs=4.0 * 3.5 / math.sqrt(len(rows))
    )
    assert max(row.killed for row in rows) == 12
    assert max(row.killed + row.wounded for row in rows) == 12
    assert all(row.contractors == 0 for row in rows)


def test_the_most_that_gunfire_kills_holds_for_large_escorts():
    rows = fired_at(
        a_road(gunfire_fatal=1.0, gunfire_severity_exponent=1.01, gunfire_most_killed=3),
        n_escort=15,
    )
    assert {row.killed for row in rows} == {1, 2, 3}


def test_drivers_without_guards_are_hit_as_contractors():
    rows = fired_at(
        a_road(
            groups={"supply": {"process": "periodic", "process_rate_per_day": 0.0}},
            gunfire_fatal=1.0,
            gunfire_severity_exponent=1.01,
            gunfire_wounded=0.0,
        ),
        n_escort=0,
        n_load=3,
    )
    assert rows
    assert all(row.killed == row.wounded == 0 for row in rows)
    assert max(row.contractors for row in rows) == 6


# Where a convoy is.


def test_a_convoy_is_on_the_piece_that_it_drives_and_stays_there_for_the_night():
    """Four pieces of 25 km at 10 km/h, 6 to 17 h: 25 km until 8:30, 110 km in the first day."""
    model = ConvoyModel(a_supplied_chain(supply={"process": "periodic"}))
    n_pieces = model.world.network.n_segments
    places = {}
    model.advance_to(6.0)
    convoy = Convoy(model, 0, 7, LOGISTICS, None, 2, 0, Convoy.remove)
    pieces = list(range(n_pieces))
    convoy.start(way(model, [(piece, True) for piece in pieces], h_per_km=0.3))
    lengths = model.length_km
    for hour in (6.0, 10.0, 16.0, 17.0, 20.0, 29.0):
        model.advance_to(hour)
        places[hour] = segment_of(convoy)
    edges_h = np.cumsum(lengths) * 0.3

    def piece_after(driven_h):
        return int(np.searchsorted(edges_h, driven_h, side="right"))

    assert places[6.0] == 0
    assert places[10.0] == piece_after(4.0)
    assert places[16.0] == piece_after(10.0)
    assert places[20.0] == places[29.0] == piece_after(11.0)


def test_asking_where_a_convoy_is_changes_nothing():
    model = a_road(gunfire_per_month=0.0)
    arrivals = send_convoy(model, way(model, [THERE]))
    model.advance_to(0.5)
    convoy = model.moving[7]
    before = (convoy.leg, convoy.along_km, convoy.passed_key, convoy.version)
    assert segment_of(convoy) == 0
    assert (convoy.leg, convoy.along_km, convoy.passed_key, convoy.version) == before
    model.advance_to(5.0)
    assert arrivals == [pytest.approx(1.0)]


# After a strike.


def struck(n_devices=100, groups=None, **attacks):
    """Devices that all strike; the rows of strikes and of what follows, in order."""
    model = a_road(groups=groups, gunfire_per_month=0.0, **attacks)
    for number in range(n_devices):
        lay_device(model, at_km=5.0, key=1000 + number)
    send_convoy(model, way(model, [THERE]), n_escort=2, n_load=3)
    model.advance_to(5.0)
    return model, logged(model, Kind.STRUCK, Kind.FOLLOW_ON_FIRE)


def test_fire_follows_a_strike_with_its_probability():
    """A quarter of 400 strikes; within 4 sigma."""
    _, rows = struck(400, follow_on_probability=0.25)
    followed = sum(row.kind is Kind.FOLLOW_ON_FIRE for row in rows)
    assert followed == pytest.approx(100, abs=4.0 * math.sqrt(75.0))


@pytest.mark.parametrize("chance", [0.0, 1.0])
def test_fire_follows_never_or_always_at_the_limits(chance):
    _, rows = struck(follow_on_probability=chance)
    kinds = [Kind.STRUCK, Kind.FOLLOW_ON_FIRE] if chance else [Kind.STRUCK]
    assert [row.kind for row in rows] == kinds * 100


def test_fire_that_follows_names_the_device_and_leaves_the_strike_as_it_was():
    _, alone = struck(follow_on_probability=0.0)
    _, together = struck(follow_on_probability=1.0)
    assert [row for row in together if row.kind is Kind.STRUCK] == alone
    for strike, fire in zip(together[::2], together[1::2], strict=True):
        assert (fire.entity, fire.other, fire.segment) == (strike.entity, strike.other, 0)
        assert fire.time_h == strike.time_h
        assert fire.cause is Cause.CONVOY


def test_nobody_dies_twice_in_a_strike_and_the_fire_that_follows():
    """Two escorts of 6: 12 people; the strike kills all in a vehicle at times, fire the rest."""
    groups = {
        "threat": {
            "attempts_per_month": 0.0,
            "fixed_find_probability": 0.0,
            "fixed_strike_probability": 1.0,
            "strike_probability_per_vehicle": 1.0,
            "harm_probability": 1.0,
            "severity_alpha": 1.0,
            "severity_beta": 0.01,
        }
    }
    _, rows = struck(
        200,
        groups=groups,
        follow_on_probability=1.0,
        gunfire_fatal=1.0,
        gunfire_severity_exponent=1.01,
    )
    dead = [strike.killed + fire.killed for strike, fire in zip(rows[::2], rows[1::2], strict=True)]
    assert max(dead) == 12


def test_the_vehicle_that_is_struck_follows_the_discipline_of_the_convoy():
    """One that is sure to set devices off loses its lead, an escort, and never a driver."""

    class Careless(Convoy):
        def strike_chance_per_vehicle(self):
            return 1.0

    contractors = []
    for kind in (Convoy, Careless):
        model = a_road(
            groups={
                "threat": {
                    "attempts_per_month": 0.0,
                    "fixed_find_probability": 0.0,
                    "fixed_strike_probability": 1.0,
                    "strike_probability_per_vehicle": 1e-9,
                    "harm_probability": 1.0,
                },
                "supply": {
                    "process": "periodic",
                    "process_rate_per_day": 0.0,
                    "contractor_share": 1.0,
                },
            }
        )
        for number in range(100):
            lay_device(model, at_km=5.0, key=1000 + number)
        kind(model, 0, 7, LOGISTICS, None, 2, 3, Convoy.remove).start(way(model, [THERE]))
        model.advance_to(5.0)
        contractors.append(sum(row.contractors for row in logged(model, Kind.STRUCK)))
    assert contractors[0] > 0
    assert contractors[1] == 0
