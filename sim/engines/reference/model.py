"""The model: the agents of one run, and the loop that lets time pass.

One run, in order:

1. roads, camps, companies, teams and cells are set up from the world of the scenario; until the
   decision date the baseline's levers hold;
2. the agenda hands out one event after the other, by time, turn, entity and count
   (`sim/world/events.py` lists the turns);
3. whoever is called acts, writes to the ledger and puts what follows on the agenda;
4. at the end of each period what is open is written down; at the end of the run the ledger closes.

Every draw is looked up by key (`sim/draws.py`); Mesa's own generators are never used.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from random import Random
from typing import Any

import mesa
import networkx as nx
import numpy as np
from mesa.discrete_space import Network
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, uniform
from sim.engines.reference.agenda import Agenda
from sim.engines.reference.attacks import attacks_of
from sim.engines.reference.camp import Camp
from sim.engines.reference.cell_memory import CellMemory
from sim.engines.reference.clearance_team import ClearanceTeam, chance_on_device
from sim.engines.reference.closures import Closures
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.courses import Courses
from sim.engines.reference.device import Device
from sim.engines.reference.evacuation import Evacuation
from sim.engines.reference.fixed_processes import FixedConvoys, FixedSweeps
from sim.engines.reference.grievance import Grievance
from sim.engines.reference.headquarters import Headquarters
from sim.engines.reference.ledger import Ledger
from sim.engines.reference.militant_cell import MilitantCell, put_down_cells
from sim.engines.reference.patrol_ways import PatrolWays
from sim.engines.reference.politics import PoliticalProcess
from sim.engines.reference.routes import Routes
from sim.engines.reference.unit import Unit
from sim.roads import RoadNetwork
from sim.rules.others import n_victims
from sim.rules.patrolling import patrols_per_day
from sim.rules.travel import drive_end_h
from sim.world.companies import n_teams
from sim.world.events import Cause, Kind, Turn
from sim.world.pace import Pace, pace_of
from sim.world.picture import Picture, add_fading, rate_of_fading
from sim.world.record import RunRecord
from sim.world.scenario import Scenario
from sim.world.sums import weighted_sum
from sim.world.world import World, build_world, is_wet_season, surroundings

ONE = np.ones(1)


class ConvoyModel(mesa.Model):
    """One run, to be stepped through by the hour or run to its end.

    `running` is True until the end of the run and False from then on; a step past the end does
    nothing. So `while model.running: model.step()` makes a whole run.

    Parameters
    ----------
    scenario : Scenario
    seed, run : int, in [0, 2**32)
        The luck: the study, and the run within it.
    world : World, optional
        The world of `scenario`, where it has been built already.

    Examples
    --------
    >>> from sim.world.scenario import Roads, Runs, Scenario
    >>> toy = Scenario(roads=Roads(name="toy_chain"), runs=Runs(end="2016-07-08", warm_up_days=0))
    >>> model = ConvoyModel(toy, seed=1, run=0)
    >>> model.step()
    >>> model.now_h
    1.0
    """

    def __init__(
        self, scenario: Scenario, seed: int = 1, run: int = 0, world: World | None = None
    ) -> None:
        super().__init__(rng=seed)
        self.world = build_world(scenario) if world is None else world
        self.luck_seed = seed
        self.run_number = run
        self.now_h = 0.0
        self.is_decided = scenario.before is None
        self.settings = scenario if scenario.before is None else scenario.before
        self.keeps_passages = scenario.results.detail == "full"
        self.agenda = Agenda()
        self.ledger = Ledger(self.world)
        network = self.world.network
        self.space = road_space(network, self.random)
        self.length_km = network.segments.length_km
        self.memory_half_life_h = scenario.threat.memory_half_life_days * HOURS_PER_DAY
        n_segments = network.n_segments
        self.traffic, self.traffic_time_h = np.zeros(n_segments), np.zeros(n_segments)
        self.patrols_seen, self.patrols_seen_time_h = np.zeros(n_segments), np.zeros(n_segments)
        self.success, self.success_time_h = np.zeros(n_segments), np.zeros(n_segments)
        self.pressure, self.pressure_time_h = np.zeros(n_segments), np.zeros(n_segments)
        self.cell_memory = CellMemory(self)
        self.grievance = Grievance(self)
        self.picture = Picture(
            n_segments, self.settings.clearance.picture_half_life_days * HOURS_PER_DAY
        )
        self.live: dict[int, Device] = {}
        self.n_decoys = 0
        self._live_counted_h = 0.0
        self.moving: dict[int, Convoy] = {}
        self._paces: dict[tuple[str, bool], Pace] = {}
        self._month_of_wetness = (-1, False)
        self.politics = PoliticalProcess(self)
        self.routes = Routes(self)
        self._people()
        self._calendar()

    # Setting up.

    def _people(self) -> None:
        world = self.world
        self.camps: list[Camp] = []
        for index, site in enumerate(world.camps):
            self.camps.append(Camp(self, index, site))
        self.camp_by_name = {camp.name: camp for camp in self.camps}
        self.patrols = PatrolWays(self)
        self.courses = Courses(self)
        self.units: list[Unit] = []
        self.units_at: list[list[Unit]] = [[] for _ in self.camps]
        for company in world.companies:
            self.units.append(Unit(self, company))
        self.count_patrollers()
        for camp in self.camps:
            camp.fill()
        people_per_team = self.settings.clearance.people_per_team
        self.teams = [
            ClearanceTeam(self, unit, number)
            for unit in self.units
            if unit.company.unit_type == "eod"
            for number in range(1, n_teams(unit.company, people_per_team) + 1)
        ]
        self.militants = [MilitantCell(self, i, site) for i, site in enumerate(world.cells)]
        self.evacuation = Evacuation(self)
        self.attacks = attacks_of(self.militants)
        self.headquarters = Headquarters(self)
        self.closures = Closures(self)
        if self.settings.supply.process != "policy":
            self.fixed_convoys = [FixedConvoys(self, camp) for camp in self.camps if camp.hub]
        if self.settings.clearance.process != "policy":
            self.fixed_sweeps = [FixedSweeps(self, s) for s in range(world.network.n_segments)]

    def _calendar(self) -> None:
        clock = self.world.clock
        for number, start_h in enumerate(clock.period_start_h()[1:-1], 1):
            self.agenda.add(start_h, Turn.PERIOD, 0, number, self._next_period)
        if not self.is_decided:
            self.agenda.add(clock.decision_h, Turn.DECISION, 0, 0, self._decide)
        if not self.settings.threat.adaptive:
            self.agenda.add(clock.decision_h, Turn.DECISION, 0, 1, self.cell_memory.freeze)

    # Time.

    def step(self) -> None:
        """Let one hour pass."""
        self.advance_to(self.now_h + 1.0)

    def run(self) -> RunRecord:
        """Let all time pass, and give the record of the run."""
        self.advance_to(self.world.clock.end_h)
        return self.ledger.close(self.luck_seed, self.run_number)

    def advance_to(self, time_h: float) -> None:
        """Let time pass up to, and without, `time_h`; past the end of the run nothing happens."""
        end_h = self.world.clock.end_h
        if self.now_h >= end_h:
            return
        time_h = min(time_h, end_h)
        agenda = self.agenda
        while agenda.next_h() < time_h:
            self.now_h, version, act = agenda.take()
            act(version)
        self.now_h = time_h
        if time_h == end_h:
            self._close_period()
            self.running = False

    def _next_period(self, number: int) -> None:
        self._close_period()
        self.ledger.period += 1
        self.politics.take_step()
        for cell in self.militants:
            cell.review()
        if self.is_decided and self.now_h == self.world.clock.decision_h:
            self.ledger.live_at_decision = self.n_live

    def _close_period(self) -> None:
        ledger, period = self.ledger, self.ledger.period
        self.settle_traffic()
        for camp in self.camps:
            camp.settle()
            camp.settle_waits()
        self.courses.settle()
        for team in self.teams:
            team.settle()
        self._count_live()
        strength = trained = 0.0
        for unit in self.units:
            strength += unit.strength
            trained += unit.strength * unit.training_level()
        ledger.progress[period] = self.politics.progress()
        ledger.training_level[period] = trained / strength if strength > 0.0 else 0.0
        put_down_cells(self)
        seen = np.empty(len(self.length_km))
        rate_of_fading(
            seen,
            np.arange(len(seen), dtype=np.int32),
            self.now_h,
            self.traffic,
            self.traffic_time_h,
            self.memory_half_life_h,
        )
        ledger.traffic_seen[period] = weighted_sum(seen, self.length_km)

    def _decide(self, version: int) -> None:
        """The scenario's levers take the place of the baseline's."""
        self.ledger.live_at_decision = self.n_live
        for camp in self.camps:
            camp.settle()
        self.is_decided = True
        self.settings = self.world.scenario
        self._paces.clear()
        self.politics.read()
        for unit in self.units:
            unit.decide()
        self.count_patrollers()
        for camp in self.camps:
            camp.cut_loads()
        self.headquarters.reorganise()
        self.ledger.put(self.now_h, Kind.DECIDED)

    # What agents ask of the model.

    def draw(self, stream: Stream, entity: int, other: int = 0, count: int = 0) -> float:
        """The draw of this run that belongs to a key."""
        number: float = uniform(self.luck_seed, self.run_number, int(stream), entity, other, count)
        return number

    def hazard_told_per_km(self) -> NDArray[np.float64]:
        """Devices met per km driven, as the command estimates it: float[n_segments], 1/km."""
        clearance = self.settings.clearance
        return self.picture.hazard_per_km(
            self.now_h,
            clearance.picture_prior_per_1000_km / 1000.0,
            clearance.picture_prior_passages,
        )

    def is_wet(self) -> bool:
        """Whether it is the wet season."""
        day = int(self.now_h // HOURS_PER_DAY)
        if self._month_of_wetness[0] != day:
            roads = self.settings.roads
            month = self.world.clock.date_at(self.now_h).month
            wet = is_wet_season(month, roads.wet_season_first_month, roads.wet_season_last_month)
            self._month_of_wetness = (day, wet)
        return self._month_of_wetness[1]

    def pace(self, traffic: str) -> Pace:
        """How fast a kind of traffic moves in this season."""
        kept = (traffic, self.is_wet())
        if kept not in self._paces:
            settings = self.settings
            self._paces[kept] = pace_of(self.world.network, settings.roads, settings.routing, *kept)
        return self._paces[kept]

    def undisturbed_h(self, convoy: Convoy) -> float:
        """Hours that the convoy's journey would have taken without halts."""
        routing = self.settings.routing
        end_h = drive_end_h(
            convoy.started_h,
            convoy.planned_h,
            routing.daylight_start_h,
            routing.daylight_end_h,
        )
        return end_h - convoy.started_h

    def count_patrollers(self) -> None:
        """Share the mission's patrols out among the companies that patrol."""
        force = self.settings.force
        strength = 0.0
        for unit in self.units:
            if unit.is_patroller:
                strength += unit.strength
        rate = patrols_per_day(
            force.patrols_per_year,
            strength,
            force.patrol_reference_strength,
            force.patrol_elasticity,
        )
        self.patrols_per_day_and_person = rate / strength if strength > 0.0 else 0.0

    def settle_traffic(self) -> None:
        """Write down what everybody on the road has passed by now."""
        for convoy in self.moving.values():
            convoy.settle()

    # Devices.

    @property
    def n_live(self) -> int:
        """Live devices; decoys lie on roads too but are none."""
        return len(self.live) - self.n_decoys

    def place_device(self, device: Device, cell: MilitantCell) -> None:
        """A device comes to lie on a road, perhaps ahead of somebody."""
        self._count_live()
        self.live[device.key] = device
        self.n_decoys += device.is_decoy
        device.cell_index = cell.index
        kind = Kind.DECOY_PLACED if device.is_decoy else Kind.PLACED
        self.put_device(kind, device, other=cell.key)
        self.agenda.add(
            device.end_h, Turn.DEVICE_END, device.key, 0, lambda _: self._end_by_itself(device)
        )
        for convoy in self.moving.values():
            convoy.notice(device)

    def end_device(self, device: Device) -> None:
        """A device is no more."""
        self._count_live()
        del self.live[device.key]
        self.n_decoys -= device.is_decoy

    def _end_by_itself(self, device: Device) -> None:
        if device.key not in self.live:
            return
        self.end_device(device)
        if device.end_cause is Cause.NONE:
            self.put_device(Kind.DECOY_EXPIRED if device.is_decoy else Kind.EXPIRED, device)
            return
        self.put_device(
            Kind.STRUCK_OTHERS,
            device,
            cause=device.end_cause,
            civilians=n_victims(
                self.draw(Stream.OTHERS_VICTIMS, device.key), self.settings.threat.others_victims
            ),
        )

    def put_device(
        self, kind: Kind, device: Device, *, hours: float | None = None, **columns: Any
    ) -> None:
        """Put down a row about a device; `hours` is its life where nothing else is given."""
        if hours is None:
            hours = self.now_h - device.placed_h
        self.ledger.put(
            self.now_h, kind, segment=device.segment, entity=device.key, hours=hours, **columns
        )

    def find_device(self, device: Device, *, finder: int, cause: Cause, hours: float) -> None:
        """Somebody finds a device or a decoy, which only then shows what it is.

        Nobody is told of a decoy: it is no sign of danger, and its loss no pressure.
        """
        self.end_device(device)
        kind = Kind.DECOY_FOUND if device.is_decoy else Kind.FOUND
        self.put_device(kind, device, other=finder, cause=cause, hours=hours)
        if not device.is_decoy:
            self.tell_of_device(device, is_strike=False)

    def tell_of_device(self, device: Device, *, is_strike: bool) -> None:
        """A find or a strike: the command hears of it, and so do the cells."""
        segments, weight, per_km = surroundings(
            self.world.network, device.segment, self.settings.threat.smoothing_km
        )
        self.picture.hear_of_device(self.now_h, segments, per_km)
        values, times_h = (
            (self.success, self.success_time_h)
            if is_strike
            else (self.pressure, self.pressure_time_h)
        )
        add_fading(values, times_h, self.now_h, self.memory_half_life_h, segments, weight)
        if is_strike:
            self.militants[device.cell_index].succeed()

    def sweep_segment(
        self,
        segment: int,
        sweeper: int,
        number: int,
        chance: float,
        is_last: Callable[[Device], bool] = lambda device: False,
    ) -> list[Device]:
        """Sweep a piece of road: the devices and decoys found, each with its own probability.

        `chance` is the probability to find a device of mean concealment; `sweeper` and `number`
        name the sweep. `is_last` says of each find whether the search ends with it.
        """
        fixed = self.settings.clearance.fixed_find_probability
        found = []
        for device in [device for device in self.live.values() if device.segment == segment]:
            draw = self.draw(Stream.SWEEP_FIND, device.key, sweeper, number)
            if draw < chance_on_device(chance, device.concealment, fixed):
                self.find_device(
                    device,
                    finder=sweeper,
                    cause=Cause.SWEEP,
                    hours=self.settings.clearance.render_safe_h,
                )
                found.append(device)
                if is_last(device):
                    break
        here = np.array([segment], dtype=np.int32)
        add_fading(
            self.pressure, self.pressure_time_h, self.now_h, self.memory_half_life_h, here, ONE
        )
        self.picture.hear_of_sweep(self.now_h, segment)
        return found

    def _count_live(self) -> None:
        """Device-hours up to now."""
        hours = self.now_h - self._live_counted_h
        self.ledger.live_device_h[self.ledger.period] += self.n_live * hours
        self._live_counted_h = self.now_h


def road_space(network: RoadNetwork, random: Random) -> Network:
    """The road graph as a Mesa space; versions from 3.5 on want to be told the layout."""
    graph: nx.Graph[str] = nx.Graph(network.graph)
    options = {}
    if "layout" in inspect.signature(Network.__init__).parameters:
        options["layout"] = {
            node: (data["longitude_deg"], data["latitude_deg"])
            for node, data in graph.nodes(data=True)
        }
    return Network(graph, random=random, **options)


def simulate_run(scenario: Scenario, seed: int, run: int) -> RunRecord:
    """Simulate one run to its end and let the model go.

    Mesa 3.3 keeps a counter for every model for ever, and with it the model; a long series of runs
    would grow, so the counter is dropped where there is one.
    """
    model = ConvoyModel(scenario, seed, run)
    record = model.run()
    counters = getattr(mesa.Agent, "_ids", None)
    if counters is not None:
        counters.pop(model, None)
    return record
