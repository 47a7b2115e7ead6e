"""A convoy or patrol on the road: it drives its journey and meets what lies on it."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim.draws import Stream, convoy_id, meeting_count
from sim.engines.reference.device import Device
from sim.engines.reference.ledger import PATROL
from sim.engines.reference.strikes import strike
from sim.rules.encounter import (
    find_probability_at_pace,
    find_probability_of_both,
    find_probability_on_road,
    strike_probability,
)
from sim.rules.training import trained_find_probability, trained_ratio
from sim.rules.travel import drive_end_h, driving_done_h
from sim.world.events import Cause, Kind, Turn
from sim.world.journey import Journey, next_meeting, settle_passage

if TYPE_CHECKING:
    from sim.engines.reference.clearance_team import ClearanceTeam
    from sim.engines.reference.model import ConvoyModel
    from sim.engines.reference.unit import Unit


class Convoy(mesa.Agent):
    """Vehicles in single file.

    Its state is a place and a time: at `resumed_h` it had driven `driven_h` hours of its journey
    and has moved since, by daylight. `leg`, `along_km` and `passed_key` say what it has met.
    """

    def __init__(
        self,
        model: ConvoyModel,
        source_key: int,
        number: int,
        traffic: int,
        unit: Unit | None,
        n_escort: int,
        n_load: int,
        on_arrival: Callable[[Convoy], None],
        *,
        is_escorted: bool = False,
    ) -> None:
        super().__init__(model)
        self.model: ConvoyModel = model
        self.source_key = source_key
        self.number = number
        self.key = convoy_id(source_key, number)
        self.traffic = traffic
        self.unit = unit
        self.n_escort = n_escort
        self.n_load = n_load
        settings = model.settings
        self.n_people = (
            n_escort * settings.force.vehicle_occupants + n_load * settings.supply.truck_occupants
        )
        self.on_arrival = on_arrival
        self.is_escorted = is_escorted
        """Whether it goes at the pace of an escorted convoy and searches as it goes."""
        self.search_km_per_day = settings.routing.threatened_km_per_day
        """Progress that it was ordered to make when it took its way."""
        self.team: ClearanceTeam | None = None
        """The clearance team that goes ahead of it."""
        self.version = 0
        self.meeting: Device | None = None
        self.n_asked = 0
        """How often it has asked for another way."""

    def __repr__(self) -> str:
        otherwise = "of trucks" if self.unit is None else f"of {self.unit.company.name}"
        kind = "patrol " if self.traffic == PATROL else ""
        name = self.model.ledger.names.get(self.key, f"{kind}{otherwise}").removeprefix("convoy ")
        return f"<Convoy {name}: {self.n_vehicles} vehicles, {self.n_people:,.0f} people>"

    def start(self, journey: Journey) -> None:
        """Set out now."""
        self._take(journey)
        self.planned_h = journey.total_h
        self.started_h = self.resumed_h = self.model.now_h
        self.driven_h = 0.0
        self.leg, self.along_km, self.passed_key = 0, 0.0, -1
        self.settled_leg = 0
        self.model.moving[self.key] = self
        self.plan_next()

    def _take(self, journey: Journey) -> None:
        self.journey = journey
        self.search_km_per_day = self.model.settings.routing.threatened_km_per_day
        self.segments_ahead = frozenset(journey.segments.tolist())

    @property
    def n_vehicles(self) -> int:
        return self.n_escort + self.n_load

    @property
    def cause(self) -> Cause:
        """How events name this kind of traffic."""
        return Cause.PATROL if self.traffic == PATROL else Cause.CONVOY

    def plan_next(self) -> None:
        """Schedule the next device on the way, or the arrival."""
        journey = self.journey
        next_place: tuple[int, float, int] | None = None
        self.meeting = None
        for device in self.model.live.values():
            if device.segment not in self.segments_ahead:
                continue
            place = self._place_of(device)
            if place is not None and (next_place is None or place < next_place):
                next_place, self.meeting = place, device
        self.version += 1
        if next_place is None:
            at_h, turn, act = journey.total_h, Turn.ARRIVAL, self.arrive
        else:
            self.next_place = next_place
            at_h, turn, act = self._drive_h_at(*next_place[:2]), Turn.MEETING, self.meet
        self.next_drive_h = at_h
        routing = self.model.settings.routing
        time_h = drive_end_h(
            self.resumed_h,
            at_h - self.driven_h,
            routing.daylight_start_h,
            routing.daylight_end_h,
        )
        # Rounding may put a place that was just reached a hair into the past.
        time_h = max(time_h, self.model.now_h)
        self.model.agenda.add(time_h, turn, self.key, self.version, act, self.version)

    def _place_of(self, device: Device) -> tuple[int, float, int] | None:
        """Where on the journey the device is met next: leg, km along it, key; None if never."""
        place = self._place_from(device, self.along_km)
        if place is not None and place <= (self.leg, self.along_km, self.passed_key):
            return self._place_from(device, math.nextafter(self.along_km, math.inf))
        return place

    def _place_from(self, device: Device, along_km: float) -> tuple[int, float, int] | None:
        journey = self.journey
        leg, met_km = next_meeting(
            journey.segments,
            journey.enter_km,
            journey.leave_km,
            device.segment,
            device.at_km,
            self.leg,
            along_km,
        )
        return None if leg < 0 else (leg, met_km, device.key)

    def _drive_h_at(self, leg: int, along_km: float) -> float:
        """Driving hours from the start to a point of a leg."""
        journey = self.journey
        begin_h, end_h = float(journey.drive_h[leg]), float(journey.drive_h[leg + 1])
        leg_km = abs(float(journey.leave_km[leg]) - float(journey.enter_km[leg]))
        return begin_h + (end_h - begin_h) * along_km / leg_km

    def notice(self, device: Device) -> None:
        """Somebody has placed a device: plan anew if it lies ahead."""
        if device.segment in self.segments_ahead:
            self._find_place()
            self.plan_next()

    def _find_place(self) -> None:
        """Bring the place on the journey to the present; a halted convoy stays where it is."""
        now_h, routing = self.model.now_h, self.model.settings.routing
        if now_h <= self.resumed_h:
            return
        hours = self.driven_h + driving_done_h(
            self.resumed_h, now_h, routing.daylight_start_h, routing.daylight_end_h
        )
        drive_h = self.journey.drive_h
        leg = min(int(np.searchsorted(drive_h, hours, side="right")) - 1, len(drive_h) - 2)
        begin_h, end_h = float(drive_h[leg]), float(drive_h[leg + 1])
        leg_km = abs(float(self.journey.leave_km[leg]) - float(self.journey.enter_km[leg]))
        share = (hours - begin_h) / (end_h - begin_h) if end_h > begin_h else 0.0
        place = (leg, share * leg_km)
        if place > (self.leg, self.along_km):
            self.leg, self.along_km = place
            self.passed_key = -1

    def settle(self) -> None:
        """Write down the pieces of road that lie behind."""
        model, journey = self.model, self.journey
        routing, now_h = model.settings.routing, model.now_h
        first = self.settled_leg
        period = model.ledger.period
        self.settled_leg = settle_passage(
            journey.segments,
            journey.enter_km,
            journey.leave_km,
            journey.drive_h,
            first,
            now_h,
            self.resumed_h,
            self.driven_h,
            routing.daylight_start_h,
            routing.daylight_end_h,
            model.length_km,
            float(self.n_vehicles),
            float(self.n_people),
            self.traffic == PATROL,
            model.traffic,
            model.traffic_time_h,
            model.patrols_seen,
            model.patrols_seen_time_h,
            model.memory_half_life_h,
            model.picture.passages,
            model.picture.passages_time_h,
            model.picture.half_life_h,
            model.ledger.vehicle_km[self.traffic, period],
            model.ledger.person_km[self.traffic, period],
        )
        if model.keeps_passages:
            for leg in range(first, self.settled_leg):
                left_h = drive_end_h(
                    self.resumed_h,
                    float(journey.drive_h[leg + 1]) - self.driven_h,
                    routing.daylight_start_h,
                    routing.daylight_end_h,
                )
                model.ledger.put(
                    left_h,
                    Kind.PASSED,
                    segment=int(journey.segments[leg]),
                    entity=self.key,
                    cause=self.cause,
                    hours=float(journey.drive_h[leg + 1] - journey.drive_h[leg]),
                )

    def arrive(self, version: int) -> None:
        """Reach the end of the journey."""
        if version != self.version:
            return
        self.settle()
        del self.model.moving[self.key]
        self.on_arrival(self)

    def meet(self, version: int) -> None:
        """Reach a device: find it, set it off, or pass it unharmed."""
        if version != self.version:
            return
        device = self.meeting
        assert device is not None
        self.leg, self.along_km, self.passed_key = self.next_place
        if device.key in self.model.live:
            halt_h = self._encounter(device)
            if halt_h > 0.0:
                self.settle()
                self.driven_h = self.next_drive_h
                self.resumed_h = self.model.now_h + halt_h
            if device.key not in self.model.live and not device.is_decoy:
                self._ask_for_way()
        self.plan_next()

    def _ask_for_way(self) -> None:
        """After a find or a strike: ask for another way from here, and take it."""
        model, routing = self.model, self.model.settings.routing
        if self.traffic == PATROL or routing.policy == "shortest" or not routing.reroute_after_find:
            return
        self.n_asked += 1
        changed = model.routes.way_from_here(self)
        if changed is None:
            return
        model.ledger.put(
            model.now_h,
            Kind.REROUTED,
            segment=int(self.journey.segments[self.leg]),
            entity=self.key,
            other=0 if self.unit is None else self.unit.key,
            cause=self.cause,
            camp=model.routes.camp_at_end_of(changed),
            hours=changed.total_h - self.journey.total_h,
        )
        self._take(changed)

    def _encounter(self, device: Device) -> float:
        """Let chance decide about one device; hours of halt that follow."""
        model = self.model
        threat, routing = model.settings.threat, model.settings.routing
        n_before = device.n_meetings.get(self.key, 0)
        device.n_meetings[self.key] = n_before + 1
        count = meeting_count(self.number, n_before)
        draw = model.draw(Stream.ENCOUNTER_FIND, device.key, self.source_key, count)
        if draw < self._find_chance(device):
            model.find_device(device, finder=self.key, cause=self.cause, hours=routing.find_halt_h)
            if self.team is not None:
                self.team.make_safe(device)
            return routing.find_halt_h
        if device.is_decoy:
            return 0.0
        chance = threat.fixed_strike_probability
        if chance is None:
            chance = strike_probability(self.strike_chance_per_vehicle(), self.n_vehicles)
        if model.draw(Stream.ENCOUNTER_STRIKE, device.key, self.source_key, count) >= chance:
            return 0.0
        model.end_device(device)
        strike(self, device, count)
        model.tell_of_device(device, is_strike=True)
        return routing.strike_halt_h

    def training_level(self) -> float:
        """Training of its company now; whoever drives without one counts as untrained."""
        return 0.0 if self.unit is None else self.unit.training_level()

    def strike_chance_per_vehicle(self) -> float:
        """Probability that one vehicle sets a device off: less with discipline."""
        settings = self.model.settings
        ratio = trained_ratio(
            self.training_level(),
            settings.training.reference_level,
            settings.training.discipline_ratio,
        )
        return min(1.0, settings.threat.strike_probability_per_vehicle * ratio)

    def _find_chance(self, device: Device) -> float:
        """Probability that the convoy, or the team ahead of it, finds a device first."""
        chance = self._own_find_chance(device)
        if self.team is None or not self.team.is_searching_ahead:
            return chance
        return find_probability_of_both(chance, self.team.find_chance_ahead(device))

    def _own_find_chance(self, device: Device) -> float:
        model = self.model
        threat, training = model.settings.threat, model.settings.training
        if threat.fixed_find_probability is not None:
            return threat.fixed_find_probability
        base = (
            threat.find_probability_patrol
            if self.traffic == PATROL
            else threat.find_probability_convoy
        )
        chance = trained_find_probability(
            base,
            self.training_level(),
            training.reference_level,
            training.trained_miss_ratio,
        )
        if self.is_escorted:
            chance = find_probability_at_pace(
                chance, self.search_km_per_day, threat.find_reference_km_per_day
            )
        return find_probability_on_road(chance, device.concealment)
