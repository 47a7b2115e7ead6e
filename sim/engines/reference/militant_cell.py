"""A cell: from time to time it decides whether, and where in its reach, to place a device.

Its people are a strength, 1 at the beginning, which losses lower and recruitment closes towards a
capacity. Its rate of decisions rises for a while after a success; its devices are harder to find
the more it has placed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa.discrete_space import CellAgent

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, entity_key, numbered_key, waiting_time
from sim.engines.reference.cell_strikes import CellStrikes
from sim.engines.reference.device import Device
from sim.engines.reference.refuge import Refuge
from sim.engines.reference.thinning import acceptance
from sim.rules.adaptation import excitation_per_success, excited_rate_per_day, skill_scale
from sim.rules.attrition import contact_probability
from sim.rules.emplacement import attempt_rate_per_day, chosen_place, place_weights
from sim.rules.encounter import concealment_scale
from sim.rules.memory import remembered, seen_per_day
from sim.rules.others import others_hazard_per_day, victim_class
from sim.rules.recruitment import capacity, grown_strength
from sim.world.events import Cause, Kind, Turn
from sim.world.world import CellSite, segments_in_area

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel

VICTIMS = (Cause.CIVILIAN, Cause.ARMY, Cause.OTHER_FORCE)


class MilitantCell(CellAgent):
    """One cell. It reads only what can be seen in its own area."""

    def __init__(self, model: ConvoyModel, index: int, site: CellSite) -> None:
        super().__init__(model)
        self.model: ConvoyModel = model
        self.index = index
        self.site = site
        self.key = entity_key(f"cell/{site.name}")
        self.device_key = entity_key(f"device/{site.name}")
        threat, network = model.settings.threat, model.world.network
        self.home = site.homes[int(model.draw(Stream.CELL_HOME, self.key) * len(site.homes))]
        self.cell = model.space[network.junction_ids[self.home]]
        self.candidates, self.distance_km = segments_in_area(
            network, self.home, threat.reach_km, site.area
        )
        self.weights = np.empty(len(self.candidates))
        self.base_per_day = attempt_rate_per_day(
            threat.attempts_per_month, 1.0 / len(model.world.cells), 1.0
        )
        self.n_attempts = 0
        self.n_placed = 0
        self.practice = threat.skill_reference_devices
        self._excitation, self._excitation_time_h = 0.0, 0.0
        self._strength, self._strength_time_h = 1.0, 0.0
        self._capacity = self._capacity_now()
        model.ledger.names[self.key] = site.name
        self.refuge = Refuge(self)
        self.strikes = CellStrikes(self)
        self._await_attempt(0.0)

    def __repr__(self) -> str:
        home = self.model.world.network.junction_ids[self.home]
        return (
            f"<MilitantCell {self.site.name} at {home}: strength {self.strength_now():.2f}, "
            f"{self.n_placed:,} devices placed>"
        )

    # Strength: people lost and recruited.

    @property
    def is_active(self) -> bool:
        """Whether it acts and can be struck: not in refuge, and strong enough to do anything."""
        return (
            not self.refuge.is_taken
            and self.strength_now() >= self.model.settings.attrition.dispersed_below
        )

    def strength_now(self) -> float:
        """Its people now, 1 as at the beginning of a run."""
        attrition = self.model.settings.attrition
        rate = attrition.recruitment_per_year
        if self.refuge.is_taken:
            rate *= attrition.refuge_recruitment_factor
        return float(
            grown_strength(
                self._strength,
                self._capacity,
                rate,
                (self.model.now_h - self._strength_time_h) / HOURS_PER_DAY,
            )
        )

    def settle(self) -> None:
        """Write its strength down, before what it grows by changes."""
        self._strength, self._strength_time_h = self.strength_now(), self.model.now_h

    def review(self) -> None:
        """Take in how far politics and grievance let it grow; this holds until the next review."""
        self.settle()
        self._capacity = self._capacity_now()

    def _capacity_now(self) -> float:
        model = self.model
        return float(
            capacity(
                model.politics.progress(),
                model.settings.politics.reference_level,
                model.settings.attrition.capacity_at_full_progress,
                model.grievance.now(),
            )
        )

    def lose(self, share: float, cause: Cause, segment: int = -1, civilians: int = 0) -> None:
        """Lose a share of its people, and with them of its practice; it may slip away then."""
        self.settle()
        self._strength *= 1.0 - share
        self.practice *= 1.0 - share
        self.model.ledger.put(
            self.model.now_h,
            Kind.CELL_STRUCK,
            segment=segment,
            entity=self.key,
            cause=cause,
            civilians=civilians,
            strength=self._strength,
        )
        self.model.grievance.add(civilians)
        self.refuge.consider()

    # Rate: successes make it busier for a while.

    def succeed(self) -> None:
        """One of its devices has struck the mission."""
        threat = self.model.settings.threat
        if self.model.cell_memory.is_frozen or threat.success_extra_decisions == 0.0:
            return
        self._excitation = self._excitation_now() + excitation_per_success(
            threat.success_extra_decisions, threat.success_half_life_days
        )
        self._excitation_time_h = self.model.now_h

    def _excitation_now(self) -> float:
        half_life_h = self.model.settings.threat.success_half_life_days * HOURS_PER_DAY
        elapsed_h = self.model.now_h - self._excitation_time_h
        return float(remembered(self._excitation, elapsed_h, half_life_h))

    def decisions_per_day(self) -> float:
        """Rate at which it decides now, if it is active."""
        threat = self.model.settings.threat
        return float(
            excited_rate_per_day(self.base_per_day, self._excitation_now(), threat.success_ceiling)
            * self.strength_now()
            * self.model.politics.motivation()
        )

    # Decisions.

    def _await_attempt(self, from_h: float) -> None:
        model = self.model
        ceiling = model.settings.threat.attempts_ceiling_factor * self.base_per_day
        if ceiling == 0.0:
            return
        wait_days = waiting_time(
            model.draw(Stream.PLACEMENT_TIME, self.key, 0, self.n_attempts), ceiling
        )
        model.agenda.add(
            from_h + wait_days * HOURS_PER_DAY,
            Turn.EMPLACEMENT,
            self.key,
            self.n_attempts,
            self.attempt,
        )

    def attempt(self, version: int) -> None:
        """Decide at a candidate time, thinned from the declared ceiling to the present rate."""
        model, threat = self.model, self.model.settings.threat
        number = self.n_attempts
        self.n_attempts += 1
        self._await_attempt(model.now_h)
        if not self.is_active:
            return
        chance = acceptance(
            self.decisions_per_day(),
            threat.attempts_ceiling_factor * self.base_per_day,
            f"decisions of {self.site.name}",
            "threat.attempts_ceiling_factor",
        )
        if model.draw(Stream.PLACEMENT_ACCEPTED, self.key, 0, number) >= chance:
            return
        segment = self._choose(number)
        if segment < 0:
            return
        if self._is_met(segment, number):
            self.lose(model.settings.attrition.contact_loss, Cause.PATROL, segment)
        else:
            self._place(segment)

    def _choose(self, number: int) -> int:
        """The piece of road, or -1 for nothing."""
        model, threat = self.model, self.model.settings.threat
        seen = model.cell_memory.read()
        place_weights(
            self.weights,
            self.candidates,
            len(self.candidates),
            seen.as_of_h,
            model.length_km,
            seen.traffic,
            seen.traffic_time_h,
            seen.patrols,
            seen.patrols_time_h,
            seen.success,
            seen.success_time_h,
            seen.pressure,
            seen.pressure_time_h,
            self.distance_km,
            model.memory_half_life_h,
            threat.beta_traffic,
            model.settings.attrition.beta_deterrence,
            threat.beta_success,
            threat.beta_pressure,
            threat.beta_distance_per_km,
        )
        place = chosen_place(
            model.draw(Stream.PLACEMENT_SEGMENT, self.key, 0, number),
            self.weights,
            len(self.candidates),
            threat.nothing_km,
        )
        return -1 if place < 0 else int(self.candidates[place])

    def _is_met(self, segment: int, number: int) -> bool:
        """Whether a patrol comes by while it is at work, by how often they have come of late."""
        model, attrition = self.model, self.model.settings.attrition
        if attrition.contact_probability == 0.0:
            return False
        model.settle_traffic()
        chance = contact_probability(
            seen_per_day(
                model.patrols_seen[segment],
                model.now_h - model.patrols_seen_time_h[segment],
                model.memory_half_life_h,
            ),
            attrition.work_h,
            attrition.contact_probability,
        )
        return model.draw(Stream.PATROL_CONTACT, self.key, 0, number) < chance

    def _place(self, segment: int) -> None:
        model, threat = self.model, self.model.settings.threat
        key = numbered_key(self.device_key, self.n_placed)
        is_decoy = model.draw(Stream.DECOY, key) < threat.decoy_share
        what = "decoy" if is_decoy else "device"
        model.ledger.names[key] = f"{what} {self.n_placed + 1} of {self.site.name}"
        self.n_placed += 1
        days, cause = self._end_of(key, segment, is_decoy)
        model.place_device(
            Device(
                key=key,
                segment=segment,
                at_km=model.draw(Stream.PLACEMENT_POSITION, key) * float(model.length_km[segment]),
                concealment=self._concealment(key),
                placed_h=model.now_h,
                end_h=model.now_h + days * HOURS_PER_DAY,
                end_cause=cause,
                is_decoy=is_decoy,
            ),
            cell=self,
        )
        if not (is_decoy or model.cell_memory.is_frozen):
            self.practice += 1.0

    def _concealment(self, key: int) -> float:
        """How well it can be found: drawn once, scaled by the practice of the cell."""
        threat = self.model.settings.threat
        drawn = concealment_scale(
            self.model.draw(Stream.CONCEALMENT, key),
            threat.concealment_low,
            threat.concealment_high,
        )
        return float(
            drawn
            * skill_scale(
                self.practice,
                threat.skill_reference_devices,
                threat.skill_exponent,
                threat.skill_most,
            )
        )

    def _end_of(self, key: int, segment: int, is_decoy: bool) -> tuple[float, Cause]:
        """Days until it ends by itself, and by whom: others hit devices, never decoys."""
        model, threat = self.model, self.model.settings.threat
        expiry_days = waiting_time(
            model.draw(Stream.EXPIRY_TIME, key), 1.0 / threat.expiry_mean_days
        )
        if is_decoy:
            return expiry_days, Cause.NONE
        others_days = waiting_time(
            model.draw(Stream.OTHERS_TIME, key),
            others_hazard_per_day(
                threat.others_hazard_per_day,
                int(model.world.network.segments.surface[segment]),
                threat.others_paved_ratio,
                threat.others_track_ratio,
            ),
        )
        if others_days >= expiry_days:
            return expiry_days, Cause.NONE
        draw = model.draw(Stream.OTHERS_CLASS, key)
        victims = victim_class(draw, threat.others_civilian_share, threat.others_army_share)
        return others_days, VICTIMS[victims]


def put_down_cells(model: ConvoyModel) -> None:
    """Write what cells are at the end of a period into the ledger."""
    ledger, period = model.ledger, model.ledger.period
    ledger.grievance[period] = model.grievance.now()
    for cell in model.militants:
        ledger.cell_strength[period] += cell.strength_now()
        ledger.cells_active[period] += cell.is_active
        ledger.cells_in_refuge[period] += cell.refuge.is_taken
        ledger.cell_practice[period] += cell.practice / len(model.militants)
