"""The slice `bench_core` as a newcomer would write it in Mesa: agents that step hour by hour.

Chance comes from the model's own generator, ways from networkx, rules stand where they are used,
and nothing is compiled or keyed. It shares tables and numbers with the engines and not one line of
code that moves or meets anything, so it docks by distribution: `dock_plain_mesa.py`.
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

import mesa
import networkx as nx
import numpy as np

from sim.world.companies import Company
from sim.world.scenario import Scenario
from sim.world.world import CellSite, World, build_world, segments_in_area

HOURS_PER_DAY = 24
DAYS_PER_MONTH = 365.25 / 12.0
DAYS_PER_YEAR = 365.25
LONGEST_LOOP_KM = 250.0

Counts = dict[str, float]
"""What was counted in a run, by name."""


@dataclass(eq=False)
class Piece:
    """A piece of road, and the devices that lie on it."""

    number: int
    length_km: float
    surface: int
    free_speed_kph: float
    is_seasonal: bool
    is_ferry: bool
    devices: list[Device] = field(default_factory=list)


@dataclass(frozen=True)
class Leg:
    """A stretch of a piece that a convoy drives, in hours with the wait at a ferry."""

    piece: Piece
    enter_km: float
    leave_km: float
    hours: float

    @property
    def km(self) -> float:
        """Length of the stretch."""
        return abs(self.leave_km - self.enter_km)


class Device(mesa.Agent):
    """A device or a decoy on a piece of road; it ends by itself after its own time."""

    def __init__(self, model: PlainModel, piece: Piece, cell: Cell) -> None:
        super().__init__(model)
        threat = model.scenario.threat
        self.piece, self.cell = piece, cell
        self.at_km = self.random.random() * piece.length_km
        self.is_decoy = self.random.random() < threat.decoy_share
        self.concealment = cell.skill() * self.random.uniform(
            threat.concealment_low, threat.concealment_high
        )
        days = self.random.expovariate(1.0 / threat.expiry_mean_days)
        self.hits_others = False
        ratio = (threat.others_paved_ratio, 1.0, threat.others_track_ratio)[piece.surface]
        hazard_per_day = threat.others_hazard_per_day * ratio
        if not self.is_decoy and hazard_per_day > 0.0:
            others_days = self.random.expovariate(hazard_per_day)
            self.hits_others = others_days < days
            days = min(days, others_days)
        self.ends_h = model.hour + HOURS_PER_DAY * days
        piece.devices.append(self)
        model.count["decoys placed" if self.is_decoy else "placed"] += 1

    def step(self) -> None:
        """End by itself when its time has come."""
        if self.model.hour < self.ends_h:
            return
        if self.hits_others:
            self.model.count["struck others"] += 1
        elif not self.is_decoy:
            self.model.count["expired"] += 1
        self.end()

    def end(self) -> None:
        """Be gone from the road."""
        self.piece.devices.remove(self)
        self.remove()

    def be_found(self, by: str) -> None:
        """Be made safe; nobody learns anything from a decoy."""
        self.end()
        if self.is_decoy:
            self.model.count["decoys found"] += 1
            return
        self.model.count[f"found by {by}"] += 1
        self.model.remember(self.model.pressure, self.piece)


class Convoy(mesa.Agent):
    """Vehicles on their way, an hour of driving at a time."""

    def __init__(
        self, model: PlainModel, legs: list[Leg], n_escort: int, n_load: int, company: Troop | None
    ) -> None:
        super().__init__(model)
        self.legs, self.company = legs, company
        self.n_escort, self.n_load = n_escort, n_load
        self.n_vehicles = n_escort + n_load
        self.kind = "convoys" if company is None else "patrols"
        self.leg, self.along_km = 0, 0.0
        self.halted_until_h = 0.0

    def step(self) -> None:
        """Drive for an hour of daylight, and meet what lies on the way."""
        if not self.model.is_daylight or self.model.hour < self.halted_until_h:
            return
        left_h = 1.0
        while left_h > 0.0 and self.leg < len(self.legs):
            leg = self.legs[self.leg]
            hours_of_leg = (leg.km - self.along_km) / leg.km * leg.hours
            if hours_of_leg <= left_h:
                to_km = leg.km
            else:
                to_km = self.along_km + left_h / leg.hours * leg.km
            halt_h = self.meet_devices(leg, to_km)
            if halt_h > 0.0:
                self.halted_until_h = self.model.hour + halt_h
                return
            self.along_km = to_km
            left_h -= hours_of_leg
            if to_km == leg.km:
                self.model.pass_piece(self, leg)
                self.leg, self.along_km = self.leg + 1, 0.0
        if self.leg == len(self.legs):
            self.model.count[f"{self.kind} arrived"] += 1
            self.remove()

    def meet_devices(self, leg: Leg, to_km: float) -> float:
        """Meet the devices on a stretch, the nearest first; hours of halt that follow."""
        if not leg.piece.devices:
            return 0.0
        ahead = []
        is_forwards = leg.enter_km <= leg.leave_km
        for device in leg.piece.devices:
            from_km = device.at_km - leg.enter_km
            place_km = from_km if is_forwards else -from_km
            if self.along_km < place_km <= to_km:
                ahead.append((place_km, device.unique_id, device))
        for place_km, _, device in sorted(ahead):
            halt_h = self.encounter(device)
            if halt_h > 0.0:
                self.along_km = place_km
                return halt_h
        return 0.0

    def encounter(self, device: Device) -> float:
        """Find a device, set it off, or pass it unharmed."""
        routing, threat = self.model.scenario.routing, self.model.scenario.threat
        training = self.model.scenario.training
        level = 0.0 if self.company is None else self.company.level()
        if self.company is None:
            base = threat.find_probability_convoy
            pace = threat.find_reference_km_per_day / routing.threatened_km_per_day
        else:
            base, pace = threat.find_probability_patrol, 1.0
        missed = (1.0 - base) * training.trained_miss_ratio ** (level - training.reference_level)
        if self.random.random() < (1.0 - missed**pace) * device.concealment:
            device.be_found(self.kind)
            return routing.find_halt_h
        if device.is_decoy:
            return 0.0
        for place in range(self.n_vehicles):
            if self.random.random() < threat.strike_probability_per_vehicle:
                self.be_struck(device, place)
                return routing.strike_halt_h
        return 0.0

    def be_struck(self, device: Device, place: int) -> None:
        """One of the vehicles sets a device off."""
        model = self.model
        force, supply, threat = model.scenario.force, model.scenario.supply, model.scenario.threat
        device.end()
        model.count[f"{self.kind} struck"] += 1
        model.remember(model.success, device.piece)
        device.cell.succeed()
        is_escort = self.is_escort(place)
        n_people = force.vehicle_occupants if is_escort else supply.truck_occupants
        share = threat.reference_protected_share
        harm = threat.harm_probability / (share + (1.0 - share) * threat.unprotected_harm_ratio)
        if not (is_escort and self.random.random() < force.protected_share):
            harm = min(1.0, harm * threat.unprotected_harm_ratio)
        if self.random.random() >= harm:
            return
        severity = self.random.betavariate(threat.severity_alpha, threat.severity_beta)
        killed = sum(self.random.random() < severity for _ in range(n_people))
        wounded = sum(self.random.random() < threat.wounded_share for _ in range(n_people - killed))
        if not is_escort and self.random.random() < supply.contractor_share:
            model.count["contractors harmed"] += killed + wounded
        else:
            model.count["killed"] += killed
            model.count["wounded"] += wounded

    def is_escort(self, place: int) -> bool:
        """Whether a place in the file is an escort's: half lead, the rest are spread behind."""
        n_leading = (self.n_escort + 1) // 2
        if place < n_leading:
            return True
        n_rest, behind = self.n_escort - n_leading, place - n_leading
        n_behind = n_rest + self.n_load
        return (behind + 1) * n_rest // n_behind > behind * n_rest // n_behind


class Troop(mesa.Agent):
    """A company: it rotates, and an infantry company patrols."""

    def __init__(self, model: PlainModel, company: Company, first_rotation_h: float) -> None:
        super().__init__(model)
        self.camp = company.camp
        self.strength = company.after.strength
        self.is_infantry = company.unit_type == "infantry"
        self.first_level = company.after.predeployment_level
        self.trained_h = 0.0
        self.rotates_h = first_rotation_h

    def level(self) -> float:
        """Training now, faded since the company came."""
        training = self.model.scenario.training
        days = (self.model.hour - self.trained_h) / HOURS_PER_DAY
        return self.first_level * 0.5 ** (days / training.decay_half_life_days)

    def step(self) -> None:
        """Rotate when it is time, and perhaps send a patrol."""
        model = self.model
        if model.hour >= self.rotates_h:
            self.trained_h = model.hour
            self.rotates_h += model.scenario.force.rotation_days * HOURS_PER_DAY
            model.count["rotations"] += 1
        if self.is_infantry and model.is_daylight:
            rate_per_h = model.patrols_per_day_and_person * self.strength / model.daylight_h
            if self.random.random() < rate_per_h:
                model.count["patrols"] += 1
                vehicles = model.scenario.force.patrol_vehicles
                Convoy(model, model.patrol_way(self.camp), vehicles, 0, self)


class Cell(mesa.Agent):
    """A cell: it places devices where it has seen traffic, and learns from what becomes of them."""

    def __init__(self, model: PlainModel, site: CellSite) -> None:
        super().__init__(model)
        threat = model.scenario.threat
        network = model.world.network
        home = self.random.choice(site.homes)
        self.candidates, self.distance_km = segments_in_area(
            network, home, threat.reach_km, site.area
        )
        self.length_km = network.segments.length_km[self.candidates]
        self.base_per_day = threat.attempts_per_month / DAYS_PER_MONTH / len(model.world.cells)
        self.extra_per_day = 0.0
        self.practice = threat.skill_reference_devices

    def skill(self) -> float:
        """Scale of the chance that its devices are found."""
        threat = self.model.scenario.threat
        ratio = (1.0 + threat.skill_reference_devices) / (1.0 + self.practice)
        scale = ratio**threat.skill_exponent
        return min(threat.skill_most, max(1.0 / threat.skill_most, scale))

    def succeed(self) -> None:
        """One of its devices has struck: it is busier for a while."""
        threat = self.model.scenario.threat
        rate = math.log(2.0) / threat.success_half_life_days
        self.extra_per_day += threat.success_extra_decisions * rate

    def step(self) -> None:
        """Perhaps decide to place a device."""
        threat = self.model.scenario.threat
        self.extra_per_day *= 0.5 ** (1.0 / (threat.success_half_life_days * HOURS_PER_DAY))
        extra = min(self.extra_per_day, threat.success_ceiling * self.base_per_day)
        if self.random.random() < (self.base_per_day + extra) / HOURS_PER_DAY:
            self.place()

    def place(self) -> None:
        """Place a device on a piece of road in reach, or nothing."""
        model, here = self.model, self.candidates
        threat, attrition = model.scenario.threat, model.scenario.attrition
        per_day = math.log(2.0) / threat.memory_half_life_days
        utility = (
            threat.beta_traffic * np.log1p(model.traffic[here] * per_day)
            - attrition.beta_deterrence * np.log1p(model.patrols[here] * per_day)
            + threat.beta_success * model.success[here]
            - threat.beta_pressure * np.log1p(model.pressure[here])
            - threat.beta_distance_per_km * self.distance_km
        )
        weights = [*(self.length_km * np.exp(utility)), threat.nothing_km]
        (choice,) = self.random.choices(range(len(weights)), weights)
        if choice < len(here):
            device = Device(model, model.pieces[here[choice]], self)
            if not device.is_decoy:
                self.practice += 1.0


class Supply(mesa.Agent):
    """The road from a hub to one of its camps, on which convoys come at a fixed rate."""

    def __init__(self, model: PlainModel, hub: str, camp: str) -> None:
        super().__init__(model)
        self.hub, self.camp = hub, camp

    def step(self) -> None:
        """Perhaps send a convoy."""
        supply = self.model.scenario.supply
        if self.random.random() < supply.process_rate_per_day / HOURS_PER_DAY:
            self.model.count["convoys"] += 1
            legs = self.model.convoy_way(self.hub, self.camp)
            Convoy(self.model, legs, supply.escort_vehicles, supply.load_vehicles, None)


class Clearance(mesa.Agent):
    """Those who sweep the roads, every piece as often as any other."""

    def step(self) -> None:
        """Sweep the pieces of this hour."""
        model, clearance = self.model, self.model.scenario.clearance
        mean = len(model.pieces) * clearance.process_rate_per_day / HOURS_PER_DAY
        for _ in range(self.number_of_events(mean)):
            piece = self.random.choice(model.pieces)
            for device in list(piece.devices):
                if self.random.random() < clearance.fixed_find_probability:
                    device.be_found("sweeps")
            model.pressure[piece.number] += 1.0
            model.count["sweeps"] += 1

    def number_of_events(self, mean: float) -> int:
        """How many of an hour's events happen: gaps between them are exponential."""
        n, gaps = 0, self.random.expovariate(1.0)
        while gaps < mean:
            n += 1
            gaps += self.random.expovariate(1.0)
        return n


class PlainModel(mesa.Model):
    """The mission's roads, companies, cells and convoys, stepped by the hour."""

    def __init__(self, scenario: Scenario, seed: int, world: World | None = None) -> None:
        super().__init__(seed=seed)
        self.scenario = scenario
        self.world = build_world(scenario) if world is None else world
        network, routing = self.world.network, scenario.routing
        table = network.segments
        self.pieces = [
            Piece(
                number,
                float(table.length_km[number]),
                int(table.surface[number]),
                float(table.free_speed_kph[number]),
                bool(table.is_seasonal[number]),
                bool(table.is_ferry[number]),
            )
            for number in range(network.n_segments)
        ]
        self.graph = nx.Graph(network.graph)
        self.hour = 0
        self.end_h = int(self.world.clock.end_h)
        self.daylight_h = routing.daylight_end_h - routing.daylight_start_h
        self.is_daylight = self.is_wet = False
        self.traffic = np.zeros(network.n_segments)
        self.patrols = np.zeros(network.n_segments)
        self.success = np.zeros(network.n_segments)
        self.pressure = np.zeros(network.n_segments)
        half_life_h = scenario.threat.memory_half_life_days * HOURS_PER_DAY
        self.left_after_an_hour = 0.5 ** (1.0 / half_life_h)
        self.count: Counts = defaultdict(float)
        self.near = functools.cache(self._near)
        self.loop = functools.cache(self._loop)
        self._people()
        self._start_day()

    def _people(self) -> None:
        force, world = self.scenario.force, self.world
        phases: dict[tuple[str, str], float] = {}
        for company in world.companies:
            contingent = company.camp, company.contingent
            if contingent not in phases:
                phases[contingent] = self.random.random() * force.rotation_days * HOURS_PER_DAY
            Troop(self, company, phases[contingent])
        patrollers = sum(
            troop.strength for troop in self.agents_by_type[Troop] if troop.is_infantry
        )
        growth = (patrollers / force.patrol_reference_strength) ** force.patrol_elasticity
        self.patrols_per_day_and_person = (
            force.patrols_per_year / DAYS_PER_YEAR * growth / patrollers
        )
        for site in world.cells:
            Cell(self, site)
        for camp in world.camps:
            if camp.hub is not None:
                Supply(self, world.camps[camp.hub].node_id, camp.node_id)
        Clearance(self)

    def step(self) -> None:
        """Let one hour pass."""
        if self.hour % HOURS_PER_DAY == 0:
            self._start_day()
        routing = self.scenario.routing
        hour_of_day = self.hour % HOURS_PER_DAY
        self.is_daylight = routing.daylight_start_h <= hour_of_day < routing.daylight_end_h
        for kind in (Device, Cell, Clearance, Supply, Troop, Convoy):
            if kind in self.agents_by_type:
                self.agents_by_type[kind].shuffle_do("step")
        for memory in (self.traffic, self.patrols, self.success, self.pressure):
            memory *= self.left_after_an_hour
        self.hour += 1

    def run(self) -> Counts:
        """Let all time pass; what was counted."""
        while self.hour < self.end_h:
            self.step()
        return self.count

    def _start_day(self) -> None:
        """Take in the season of the day."""
        roads = self.scenario.roads
        month = self.world.clock.date_at(self.hour).month
        is_wet = roads.wet_season_first_month <= month <= roads.wet_season_last_month
        if self.hour == 0 or is_wet != self.is_wet:
            self.is_wet = is_wet
            for one, other in self.graph.edges:
                edge = self.graph.edges[one, other]
                edge["hours"] = sum(
                    self._hours(piece, piece.length_km, is_patrol=False)
                    for piece in self._pieces_of(one, other)
                )

    # What is seen and remembered.

    def pass_piece(self, convoy: Convoy, leg: Leg) -> None:
        """A convoy has left a piece behind: cells have seen it pass."""
        number, share = leg.piece.number, leg.km / leg.piece.length_km
        self.traffic[number] += convoy.n_vehicles * share
        if convoy.company is not None:
            self.patrols[number] += share
        self.count[f"vehicle-km of {convoy.kind}"] += convoy.n_vehicles * leg.km

    def remember(self, memory: np.ndarray, piece: Piece) -> None:
        """A find or a strike colours the pieces nearby."""
        near, weights = self.near(piece.number)
        memory[near] += weights

    def _near(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        smoothing_km = self.scenario.threat.smoothing_km
        table = self.world.network.segments
        latitude = np.radians(table.latitude_deg)
        longitude = np.radians(table.longitude_deg)
        half = (
            np.sin((latitude - latitude[number]) / 2.0) ** 2
            + np.cos(latitude)
            * np.cos(latitude[number])
            * np.sin((longitude - longitude[number]) / 2.0) ** 2
        )
        distance_km = 2.0 * 6371.0088 * np.arcsin(np.sqrt(half))
        near = np.flatnonzero(distance_km <= 5.0 * smoothing_km)
        return near, np.exp(-distance_km[near] / smoothing_km)

    # Ways.

    def convoy_way(self, hub: str, camp: str) -> list[Leg]:
        """The fastest way from a hub to a camp in this season."""
        junctions = nx.shortest_path(self.graph, hub, camp, weight="hours")
        return [
            self._leg(piece, is_forwards, piece.length_km, is_patrol=False)
            for one, other in pairwise(junctions)
            for piece, is_forwards in self._line(one, other)
        ]

    def patrol_way(self, camp: str) -> list[Leg]:
        """Out along a road and those behind it, and back; or round a loop where it is short."""
        first = self.random.choice(list(self.graph.neighbors(camp)))
        reach_km = self.random.expovariate(1.0 / self.scenario.force.patrol_reach_km)
        loop = self.loop(camp, first)
        if loop is not None and loop[0] <= 2.0 * reach_km:
            return [
                self._leg(piece, is_forwards, piece.length_km)
                for one, other in pairwise(loop[1])
                for piece, is_forwards in self._line(one, other)
            ]
        out, left_km = [], reach_km
        junctions = [camp, first]
        while True:
            for piece, is_forwards in self._line(*junctions[-2:]):
                km = min(left_km, piece.length_km)
                out.append(self._leg(piece, is_forwards, km))
                left_km -= km
                if left_km <= 0.0:
                    break
            driven = {frozenset(edge) for edge in pairwise(junctions)}
            here = junctions[-1]
            onward = [
                there
                for there in self.graph.neighbors(here)
                if frozenset((here, there)) not in driven
            ]
            if left_km <= 0.0 or not onward:
                break
            junctions.append(self.random.choice(onward))
        back = [Leg(leg.piece, leg.leave_km, leg.enter_km, leg.hours) for leg in reversed(out)]
        return out + back

    def _loop(self, camp: str, first: str) -> tuple[float, list[str]] | None:
        """The shortest loop that leaves by one road and comes back by another."""
        others = nx.restricted_view(self.graph, [], [(camp, first)])
        try:
            back = nx.shortest_path(others, first, camp, weight="length_km")
        except nx.NetworkXNoPath:
            return None
        loop = [camp, *back]
        km = sum(self.graph.edges[edge]["length_km"] for edge in pairwise(loop))
        return (km, loop) if km <= LONGEST_LOOP_KM else None

    def _pieces_of(self, one: str, other: str) -> list[Piece]:
        edge = self.graph.edges[one, other]["index"]
        first, end = self.world.network.edge_first_segment[edge : edge + 2]
        return self.pieces[first:end]

    def _line(self, one: str, other: str) -> list[tuple[Piece, bool]]:
        """The pieces from one junction to the next, and whether each is driven forwards."""
        is_forwards = one < other  # pieces lie in the order of the names of their ends
        pieces = self._pieces_of(one, other)
        return [(piece, is_forwards) for piece in (pieces if is_forwards else pieces[::-1])]

    def _leg(self, piece: Piece, is_forwards: bool, km: float, *, is_patrol: bool = True) -> Leg:
        hours = self._hours(piece, km, is_patrol=is_patrol)
        if is_forwards:
            return Leg(piece, 0.0, km, hours)
        return Leg(piece, piece.length_km, piece.length_km - km, hours)

    def _hours(self, piece: Piece, km: float, *, is_patrol: bool) -> float:
        roads, routing = self.scenario.roads, self.scenario.routing
        factor = routing.patrol_speed_factor if is_patrol else routing.convoy_speed_factor
        speed_kph = piece.free_speed_kph * factor
        if self.is_wet and piece.is_seasonal:
            speed_kph *= roads.wet_speed_factor
        if not is_patrol:
            speed_kph = min(speed_kph, routing.threatened_km_per_day / self.daylight_h)
        return km / speed_kph + (roads.ferry_wait_h if piece.is_ferry else 0.0)


def simulate_run(scenario: Scenario, seed: int, world: World | None = None) -> Counts:
    """Simulate one run to its end and let the model go; what was counted."""
    model = PlainModel(scenario, seed, world)
    count = model.run()
    counters = getattr(mesa.Agent, "_ids", None)
    if counters is not None:
        counters.pop(model, None)  # Mesa 3.3 would keep the model for ever
    return count
