"""A clearance team: it sweeps the pieces of road that headquarters gave it this morning.

Under `clearance.with_convoys` it may go ahead of a supply convoy instead, and is away until that
is home again.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from mesa.discrete_space import CellAgent

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, entity_key
from sim.engines.reference.device import Device
from sim.engines.reference.unit import Unit
from sim.rules.clearing import (
    A_MOMENT_H,
    find_probability,
    n_false_alarms,
    n_killed_in_accident,
    sweep_h,
)
from sim.rules.encounter import find_probability_on_road
from sim.rules.training import trained_find_probability
from sim.rules.travel import driving_done_h
from sim.world.events import Cause, Kind, Turn
from sim.world.world import road_distance_km

if TYPE_CHECKING:
    from sim.engines.reference.camp import Camp
    from sim.engines.reference.model import ConvoyModel


class Stop(NamedTuple):
    """A piece of road in a team's plan of the day."""

    segment: int
    way_km: float
    """Where the team comes from (its base, or the far end of the piece before) to the near end."""
    home_km: float
    """From the far end to its base."""


class ClearanceTeam(CellAgent):
    """One team of an EOD company; the last of a company may be a fraction of a team."""

    def __init__(self, model: ConvoyModel, unit: Unit, number: int) -> None:
        super().__init__(model)
        self.model: ConvoyModel = model
        self.unit = unit
        self.number = number
        self.key = entity_key(f"team/{unit.company.name}/{number}")
        self.cell = unit.cell
        self.distance_km = road_distance_km(model.world.network, unit.camp.site.junction)
        self.pieces: list[Stop] = []
        self.day_ends_h = 0.0
        self.set_out_h = -math.inf
        """When it last got its pieces."""
        self.way_h = 0.0
        """Hours of all ways of that day and of the way home, which were then counted."""
        self.home_km = 0.0
        """From the far end of the piece that it swept last to its base."""
        self.is_away = False
        """Whether it goes ahead of a convoy that is not home yet."""
        self.away_counted_h = 0.0
        """Until when its time away has been counted as work."""
        self.searches_again_h = 0.0
        """When it searches ahead again after an accident."""
        self.n_swept = 0
        self.version = 0
        model.ledger.names[self.key] = f"team {number} of {unit.company.name}"

    def __repr__(self) -> str:
        left = f"{len(self.pieces)} piece{'' if len(self.pieces) == 1 else 's'} of road to sweep"
        left = "ahead of a convoy" if self.is_away else left
        return f"<ClearanceTeam {self.number} of {self.unit.company.name}: {left}>"

    def share_of_days(self) -> float:
        """Share of days on which the team goes out; a fraction of a team does so less often."""
        clearance = self.model.settings.clearance
        share = self.unit.strength / clearance.people_per_team - (self.number - 1)
        return clearance.available_share * min(max(share, 0.0), 1.0)

    def work_h_today(self) -> float:
        """Hours of work on sweeps today: a draw says whether the team goes out."""
        if self.is_away or not self.goes_out_today():
            return 0.0
        return self.model.settings.clearance.team_h_per_day

    def goes_out_today(self) -> bool:
        """Whether it is one of the days on which the team can go out."""
        model = self.model
        day = int(model.now_h // HOURS_PER_DAY)
        draw = model.draw(Stream.TEAM_AVAILABLE, self.key, 0, day)
        return draw < self.share_of_days()

    def set_out(self, pieces: list[Stop]) -> None:
        """Begin the day: drive to the first piece of the plan, and on from there in its order."""
        model, clearance = self.model, self.model.settings.clearance
        self.version += 1
        self.pieces = pieces
        self.day_ends_h = model.now_h + clearance.team_h_per_day
        self.set_out_h, self.home_km = model.now_h, 0.0
        self.way_h = self._way_left_km() / clearance.transit_kph
        model.ledger.team_h[model.ledger.period] += self.way_h
        self._drive_on(model.now_h)

    def _way_left_km(self) -> float:
        """What is still to be driven by the plan: to each piece that is left, and home."""
        if not self.pieces:
            return self.home_km
        way_km = 0.0
        for stop in self.pieces:
            way_km += stop.way_km
        return way_km + self.pieces[-1].home_km

    def _drive_on(self, from_h: float) -> None:
        """Go to the next piece and sweep it, if this and the way home still fit into the day."""
        if not self.pieces:
            return
        model, clearance = self.model, self.model.settings.clearance
        stop = self.pieces[0]
        done_h = (
            from_h
            + stop.way_km / clearance.transit_kph
            + sweep_h(float(model.length_km[stop.segment]), clearance.sweep_kph)
        )
        if done_h + stop.home_km / clearance.transit_kph > self.day_ends_h + A_MOMENT_H:
            self._turn_back()  # what finds and false alarms have cost is missing now
            return
        model.agenda.add(done_h, Turn.SWEEP, self.key, self.n_swept, self.sweep, self.version)

    def _turn_back(self) -> None:
        """Go home from here; the way that is left of the plan is not driven."""
        model = self.model
        spared_km = self._way_left_km() - self.home_km
        self.pieces = []
        model.ledger.team_h[model.ledger.period] -= spared_km / model.settings.clearance.transit_kph

    def sweep(self, version: int) -> None:
        """Finish a piece: find what is there with probability q, make it safe, go on."""
        if version != self.version:
            return
        model, clearance = self.model, self.model.settings.clearance
        segment, _, self.home_km = self.pieces.pop(0)
        number = self.n_swept
        self.n_swept += 1
        length_km = float(model.length_km[segment])
        effort_h = sweep_h(length_km, clearance.sweep_kph)
        found = model.sweep_segment(
            segment, self.key, number, self._find_chance(length_km), self._ends_the_day
        )
        stopped_h = len(found) * clearance.render_safe_h + self._false_alarms_h(segment, number)
        hours = effort_h + stopped_h
        model.ledger.team_h[model.ledger.period] += hours
        model.ledger.put(
            model.now_h,
            Kind.SWEPT,
            segment=segment,
            entity=self.key,
            cause=Cause.SWEEP,
            hours=hours,
        )
        self._drive_on(model.now_h + stopped_h)

    def _ends_the_day(self, device: Device) -> bool:
        """Make safe what a sweep has found; an accident ends the day, on this piece as well."""
        if device.is_decoy or not self._has_accident(device, Cause.SWEEP):
            return False
        self._turn_back()
        return True

    def _false_alarms_h(self, segment: int, number: int) -> float:
        """Hours that went into what turned out to be nothing."""
        model, clearance = self.model, self.model.settings.clearance
        n_alarms = n_false_alarms(
            model.draw(Stream.FALSE_ALARMS, self.key, 0, number),
            float(model.length_km[segment]),
            clearance.false_alarms_per_100_km,
        )
        hours: float = n_alarms * clearance.false_alarm_h
        if n_alarms > 0:
            model.ledger.put(
                model.now_h, Kind.FALSE_ALARM, segment=segment, entity=self.key, hours=hours
            )
        return hours

    def _has_accident(self, device: Device, cause: Cause) -> bool:
        """Whether making a device safe goes wrong; if so, who is killed and who is wounded."""
        model, clearance = self.model, self.model.settings.clearance
        if model.draw(Stream.ACCIDENT, device.key, self.key) >= clearance.accident_probability:
            return False
        n_killed = n_killed_in_accident(
            model.draw(Stream.ACCIDENT_HARM, device.key, self.key),
            clearance.accident_exposed,
            clearance.accident_death_probability,
        )
        n_wounded = clearance.accident_exposed - n_killed
        n_died = model.evacuation.n_died(
            n_wounded,
            model.evacuation.delay_from_road_h(device.segment),
            self.unit.training_level(),
            (device.key, self.key, 0),
        )
        model.ledger.put(
            model.now_h,
            Kind.ACCIDENT,
            segment=device.segment,
            entity=self.key,
            other=device.key,
            cause=cause,
            killed=n_killed + n_died,
            wounded=n_wounded - n_died,
        )
        return True

    def _find_chance(self, length_km: float) -> float:
        """Probability to find a device of mean concealment on a piece."""
        clearance = self.model.settings.clearance
        return self._trained(
            find_probability(
                clearance.search_rate_km_per_h,
                sweep_h(length_km, clearance.sweep_kph),
                length_km,
            )
        )

    def _trained(self, chance: float) -> float:
        training = self.model.settings.training
        return trained_find_probability(
            chance,
            self.unit.training_level(),
            training.reference_level,
            training.trained_miss_ratio,
        )

    # Ahead of a convoy.

    def go_ahead(self) -> None:
        """Leave with a convoy this dawn; what it was to sweep today stays unswept."""
        now_h, ledger = self.model.now_h, self.model.ledger
        if self.set_out_h == now_h:
            ledger.team_h[ledger.period] -= self.way_h  # a way that it does not drive
        self.set_out([])
        self.is_away = True
        self.away_counted_h = self.searches_again_h = now_h

    def come_home(self) -> None:
        """Be free again from now on; a team whose company has left meanwhile is gone."""
        self.settle()
        self.is_away = False

    def settle(self) -> None:
        """Count the time away up to now as work: the hours of daylight, on the road or not."""
        if not self.is_away:
            return
        model, routing = self.model, self.model.settings.routing
        model.ledger.team_h[model.ledger.period] += driving_done_h(
            self.away_counted_h, model.now_h, routing.daylight_start_h, routing.daylight_end_h
        )
        self.away_counted_h = model.now_h

    @property
    def is_searching_ahead(self) -> bool:
        """Whether it searches now, ahead of its convoy: not on the day of an accident."""
        return self.model.now_h >= self.searches_again_h

    def find_chance_ahead(self, device: Device) -> float:
        """Probability that it finds a device ahead of its convoy."""
        clearance = self.model.settings.clearance
        return chance_on_device(
            self._trained(clearance.ahead_find_probability),
            device.concealment,
            clearance.fixed_find_probability,
        )

    def make_safe(self, device: Device) -> None:
        """Make safe what it or its convoy has found; after an accident its day is over."""
        if device.is_decoy or not self.is_searching_ahead:
            return
        if self._has_accident(device, Cause.CONVOY):
            today = math.floor(self.model.now_h / HOURS_PER_DAY)
            self.searches_again_h = (today + 1) * HOURS_PER_DAY


def send_ahead(hub: Camp) -> ClearanceTeam | None:
    """Send the first team of a hub that goes out today and is not away; None if there is none."""
    for team in hub.model.teams:
        if team.unit.camp is hub and not team.is_away and team.goes_out_today():
            team.go_ahead()
            return team
    return None


def chance_on_device(chance: float, concealment: float, fixed: float | None) -> float:
    """Probability that a sweep finds a given device."""
    return find_probability_on_road(chance, concealment) if fixed is None else fixed
