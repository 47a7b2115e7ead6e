"""Both engines find the same ways, bit for bit, from the same picture and the same luck.

Whole runs hold the engines to each other too; here are the ways that few runs take: turned round in
the middle of a piece of road, by a mix of many, far beyond the first junction, or round a loop.
"""

from types import SimpleNamespace

import numba
import numpy as np
import pytest
from small_worlds import changed

from sim.compiled import address_of
from sim.engines.batch import acts, patrol_ways, picture, rerouting, routes
from sim.engines.batch.layout import new_state, tables_of
from sim.engines.reference.model import ConvoyModel
from sim.engines.reference.routes import luck_of_convoy
from sim.world.pace import Pace
from sim.world.scenario import Scenario

DRY_H, WET_H = 100.5, 24.0 * 45 + 100.5
POLICIES = ["shortest", "least_risk", "mixed"]
THEATRES = ["northern_mali", "toy_grid", "toy_triangle"]


@numba.njit
def set_up(states, worlds, laws):
    picture.set_up(states[0], worlds[0], laws[0])
    patrol_ways.set_up(states[0], worlds[0], laws[0])


@numba.njit
def find_way(states, worlds, laws, origin, destination, is_escorted, entity, other, count):
    routes.way_of_convoy(
        states[0], worlds[0], laws[0], origin, destination, is_escorted, entity, other, count
    )
    return routes.camp_at_end_of_way(states[0], worlds[0])


@numba.njit
def find_corridor(states, worlds, laws, origin, destination, is_escorted, junctions):
    return routes.corridor(
        states[0], worlds[0], laws[0], origin, destination, is_escorted, junctions
    )


@numba.njit
def find_way_from_here(states, worlds, laws):
    return rerouting.way_from_here(states[0], worlds[0], laws[0], 0)


@numba.njit
def plan_day(states, worlds, laws):
    patrol_ways.plan_day(states[0], worlds[0], laws[0])


@numba.njit
def find_way_of_patrol(states, worlds, laws, unit, number):
    patrol_ways.journey(states[0], worlds[0], laws[0], unit, number)


class Pair:
    """A model of the reference engine and a state of the batch engine that know the same."""

    def __init__(self, theatre, policy="shortest", **groups):
        scenario = changed(
            Scenario(
                name="ways",
                before=None,
                **{} if theatre == "northern_mali" else {"baseline": "ways"},
            ),
            roads={"name": theatre},
            routing={"policy": policy, "detour_limit": 2.5},
            runs={"start": "2016-06-01", "end": "2016-12-31", "warm_up_days": 0},
            **groups,
        )
        self.model = ConvoyModel(scenario, seed=5, run=3)
        tables = tables_of(scenario)
        self.kept = new_state(tables), tables.world, tables.laws
        self.state, self.world, _ = records = [array[0] for array in self.kept]
        self.state.model.seed, self.state.model.run = 5, 3
        self.state.model.is_decided = 1
        self.world.handlers.address[acts.FIND_WAY] = address_of(
            routes.find_way_asked, (*records, 0, 0)
        )
        self.ask(set_up)

    def ask(self, what, *arguments):
        """Call a part of the batch engine."""
        return what(*self.kept, *arguments)

    def learn(self, now_h, rng):
        """Let time pass without events, and let the command hear of many."""
        n = self.model.world.network.n_segments
        self.model.now_h = self.state.model.now_h = now_h
        for name, values in (
            ("events_per_km", rng.exponential(1.0, n) ** 3),
            ("events_time_h", rng.uniform(0.0, now_h, n)),
            ("passages", rng.uniform(0.0, 300.0, n)),
            ("passages_time_h", rng.uniform(0.0, now_h, n)),
        ):
            getattr(self.model.picture, name)[:] = values
            self.state.picture[name][:n] = values

    def camps(self, rng):
        """Two camps."""
        return (int(camp) for camp in rng.choice(len(self.model.camps), 2, replace=False))

    def found(self):
        """The way that the batch engine has found."""
        way = self.state.way
        n_legs = int(way.n_legs)
        return [
            way.segments[:n_legs].astype(np.int32).tobytes(),
            way.enter_km[:n_legs].tobytes(),
            way.leave_km[:n_legs].tobytes(),
            way.drive_h[: n_legs + 1].tobytes(),
        ]

    def send(self, journey, leg, share, is_escorted, n_asked):
        """A convoy that stands on a leg of a journey, in both engines."""
        leg_km = abs(float(journey.leave_km[leg] - journey.enter_km[leg]))
        begin_h, end_h = float(journey.drive_h[leg]), float(journey.drive_h[leg + 1])
        what = {
            "leg": leg,
            "along_km": share * leg_km,
            "next_drive_h": begin_h + (end_h - begin_h) * share,
            "source_key": 77,
            "number": 4,
            "n_asked": n_asked,
            "is_escorted": is_escorted,
        }
        convoy = self.state.convoy
        for name, value in what.items():
            convoy[name][0] = value
        n_legs = len(journey.segments)
        convoy.n_legs[0] = n_legs
        convoy.segments[0, :n_legs] = journey.segments
        convoy.enter_km[0, :n_legs] = journey.enter_km
        convoy.leave_km[0, :n_legs] = journey.leave_km
        convoy.drive_h[0, : n_legs + 1] = journey.drive_h
        return SimpleNamespace(journey=journey, **what)


def as_found(journey):
    assert journey.segments.dtype == np.int32
    return [
        part.tobytes()
        for part in (journey.segments, journey.enter_km, journey.leave_km, journey.drive_h)
    ]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("theatre", THEATRES)
def test_convoys_take_the_same_ways(theatre, policy):
    pair, rng = Pair(theatre, policy), np.random.default_rng(1)
    model, taken = pair.model, set()
    for number in range(40):
        pair.learn(WET_H if number % 2 else DRY_H, rng)
        origin, destination = pair.camps(rng)
        is_escorted = bool(rng.integers(2))
        luck = luck_of_convoy(model.camps[destination].convoy_key, number, is_way_back=True)
        journey = model.routes.way_of_convoy(
            model.camps[origin], model.camps[destination], is_escorted, luck
        )
        assert pair.ask(find_way, origin, destination, is_escorted, *luck) == destination
        assert model.routes.camp_at_end_of(journey) == destination
        assert pair.found() == as_found(journey)
        taken.add(journey.segments.tobytes())
    assert len(taken) > 1


@pytest.mark.parametrize("policy", ["shortest", "mixed"])
def test_corridors_pass_the_same_junctions(policy):
    pair, rng = Pair("northern_mali", policy), np.random.default_rng(2)
    junctions = np.zeros(200, dtype=np.int64)
    for number in range(40):
        pair.learn(WET_H if number % 2 else DRY_H, rng)
        origin, destination = pair.camps(rng)
        expected = pair.model.routes.corridor(
            pair.model.camps[origin], pair.model.camps[destination], bool(number % 3)
        )
        n = pair.ask(find_corridor, origin, destination, bool(number % 3), junctions)
        assert tuple(junctions[:n].tolist()) == expected


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("theatre", THEATRES)
def test_convoys_turn_to_the_same_ways(theatre, policy):
    pair, rng = Pair(theatre, policy), np.random.default_rng(3)
    n_changed = 0
    for number in range(40):
        pair.learn(WET_H if number % 2 else DRY_H, rng)
        origin, destination = (pair.model.camps[camp] for camp in pair.camps(rng))
        is_escorted = bool(rng.integers(2))
        journey = pair.model.routes.way_of_convoy(origin, destination, is_escorted)
        # It turns, and turns again from where it then is.
        for n_asked in range(1, 4):
            pair.learn(pair.model.now_h, rng)
            leg = int(rng.integers(len(journey.segments)))
            share = float(rng.choice([0.0, 1.0, rng.uniform()]))
            convoy = pair.send(journey, leg, share, is_escorted, n_asked)
            changed_way = pair.model.routes.way_from_here(convoy)
            is_changed = pair.ask(find_way_from_here)
            assert is_changed == (changed_way is not None)
            if changed_way is None or len(changed_way.segments) > 180:
                break
            assert pair.found() == as_found(changed_way)
            journey = changed_way
            n_changed += 1
    assert n_changed > 1 or policy == "shortest"


@pytest.mark.parametrize("reach_km", [12.0, 90.0])
@pytest.mark.parametrize("policy", ["even", "highest_risk", "before_convoys"])
@pytest.mark.parametrize("theatre", THEATRES)
def test_patrols_take_the_same_ways(theatre, policy, reach_km):
    force = {"patrol_policy": policy, "patrol_reach_km": reach_km}
    pair, rng = Pair(theatre, force=force), np.random.default_rng(4)
    model = pair.model
    n_legs, n_back_by_another_road = [], 0
    for number in range(400):
        if number % 100 == 0:
            pair.learn(WET_H if number % 200 else DRY_H, rng)
            model.patrols.plan_day()
            pair.ask(plan_day)
            n_roads = len(model.patrols.weights)
            weights = pair.state.patrols.weights[:n_roads]
            assert weights.tobytes() == model.patrols.weights.tobytes()
        unit = int(rng.integers(len(model.units)))
        journey = model.patrols.journey(model.units[unit], number)
        if len(journey.segments) > 190:
            continue
        pair.ask(find_way_of_patrol, unit, number)
        assert pair.found() == as_found(journey)
        n_legs.append(len(journey.segments))
        n_back_by_another_road += journey.segments[0] != journey.segments[-1]
    assert len(n_legs) > 350
    assert len(set(n_legs)) > 5
    assert n_back_by_another_road > 0 or reach_km < 20.0


def test_where_no_road_leads_both_say_so_in_the_same_words(monkeypatch):
    pair = Pair("toy_triangle")
    model = pair.model
    pace = model.pace("unescorted")
    never = Pace(np.full(len(pace.h_per_km), np.inf), pace.wait_h)
    monkeypatch.setattr(model, "pace", lambda _: never)
    pair.world.road.edge_h[:] = np.inf
    with pytest.raises(Exception, match="No open road leads from") as raised:
        model.routes.way_of_convoy(model.camps[0], model.camps[1], False)
    pair.ask(find_way, 0, 1, False, 1, 0, 2)
    error = routes.error_of(model.world, int(pair.state.model.fault_of))
    assert (type(error), str(error)) == (raised.type, str(raised.value))
