"""A clearance team: it sweeps the pieces of road that headquarters gave it this morning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mesa.discrete_space import CellAgent

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, entity_key
from sim.engines.reference.device import Device
from sim.engines.reference.unit import Unit
from sim.rules.clearing import (
    find_probability,
    n_false_alarms,
    n_killed_in_accident,
    sweep_h,
)
from sim.rules.encounter import find_probability_on_road
from sim.rules.training import trained_find_probability
from sim.world.events import Cause, Kind, Turn
from sim.world.world import road_distance_km

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel


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
        self.pieces: list[int] = []
        self.day_ends_h = 0.0
        self.n_swept = 0
        self.version = 0
        model.ledger.names[self.key] = f"team {number} of {unit.company.name}"

    def __repr__(self) -> str:
        left = f"{len(self.pieces)} piece{'' if len(self.pieces) == 1 else 's'} of road to sweep"
        return f"<ClearanceTeam {self.number} of {self.unit.company.name}: {left}>"

    def share_of_days(self) -> float:
        """Share of days on which the team goes out; a fraction of a team does so less often."""
        clearance = self.model.settings.clearance
        share = self.unit.strength / clearance.people_per_team - (self.number - 1)
        return clearance.available_share * min(max(share, 0.0), 1.0)

    def work_h_today(self) -> float:
        """Hours of work today: a draw says whether the team goes out."""
        model, clearance = self.model, self.model.settings.clearance
        day = int(model.now_h // HOURS_PER_DAY)
        draw = model.draw(Stream.TEAM_AVAILABLE, self.key, 0, day)
        return clearance.team_h_per_day if draw < self.share_of_days() else 0.0

    def set_out(self, pieces: list[int]) -> None:
        """Begin the day: drive to the nearest piece of the plan, and on from there outward."""
        model, clearance = self.model, self.model.settings.clearance
        self.version += 1
        self.pieces = sorted(pieces, key=lambda piece: (float(self.distance_km[piece]), piece))
        self.day_ends_h = model.now_h + clearance.team_h_per_day
        if not self.pieces:
            return
        farthest_km = float(self.distance_km[self.pieces[-1]])
        model.ledger.team_h[model.ledger.period] += 2.0 * farthest_km / clearance.transit_kph
        nearest_km = float(self.distance_km[self.pieces[0]])
        self._begin_piece(model.now_h + nearest_km / clearance.transit_kph)

    def _begin_piece(self, begin_h: float) -> None:
        clearance = self.model.settings.clearance
        effort_h = sweep_h(float(self.model.length_km[self.pieces[0]]), clearance.sweep_kph)
        if begin_h + effort_h > self.day_ends_h:
            return  # what finds and false alarms have cost is missing at the end of the day
        self.model.agenda.add(
            begin_h + effort_h, Turn.SWEEP, self.key, self.n_swept, self.sweep, self.version
        )

    def sweep(self, version: int) -> None:
        """Finish a piece: find what is there with probability q, make it safe, go on."""
        if version != self.version:
            return
        model, clearance = self.model, self.model.settings.clearance
        segment = self.pieces.pop(0)
        number = self.n_swept
        self.n_swept += 1
        length_km = float(model.length_km[segment])
        effort_h = sweep_h(length_km, clearance.sweep_kph)
        found = model.sweep_segment(segment, self.key, number, self._find_chance(length_km))
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
        for device in found:
            if not device.is_decoy and self._has_accident(device):
                self.pieces.clear()  # the day is over
        if self.pieces:
            way_km = float(self.distance_km[self.pieces[0]] - self.distance_km[segment])
            way_h = max(way_km - length_km, 0.0) / clearance.transit_kph
            self._begin_piece(model.now_h + stopped_h + way_h)

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

    def _has_accident(self, device: Device) -> bool:
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
            cause=Cause.SWEEP,
            killed=n_killed + n_died,
            wounded=n_wounded - n_died,
        )
        return True

    def _find_chance(self, length_km: float) -> float:
        """Probability to find a device of mean concealment on a piece."""
        clearance, training = self.model.settings.clearance, self.model.settings.training
        return trained_find_probability(
            find_probability(
                clearance.search_rate_km_per_h,
                sweep_h(length_km, clearance.sweep_kph),
                length_km,
            ),
            self.unit.training_level(),
            training.reference_level,
            training.trained_miss_ratio,
        )


def chance_on_device(chance: float, concealment: float, fixed: float | None) -> float:
    """Probability that a sweep finds a given device."""
    return find_probability_on_road(chance, concealment) if fixed is None else fixed
