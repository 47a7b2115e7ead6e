"""A cell: from time to time it decides whether, and where in its reach, to place a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from mesa.discrete_space import CellAgent

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, entity_key, numbered_key, waiting_time
from sim.engines.reference.device import Device
from sim.errors import DrawError
from sim.rules.emplacement import attempt_rate_per_day, chosen_place, place_weights
from sim.rules.encounter import concealment_scale
from sim.rules.others import others_hazard_per_day, victim_class
from sim.world.events import Cause, Turn
from sim.world.world import CellSite, segments_within

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel

VICTIMS = (Cause.CIVILIAN, Cause.ARMY, Cause.OTHER_FORCE)


class MilitantCell(CellAgent):
    """One cell. It reads only what can be seen in its own area."""

    def __init__(self, model: ConvoyModel, site: CellSite) -> None:
        super().__init__(model)
        self.model: ConvoyModel = model
        self.site = site
        self.key = entity_key(f"cell/{site.name}")
        self.device_key = entity_key(f"device/{site.name}")
        self.strength = 1.0
        network = model.world.network
        draw = model.draw(Stream.CELL_HOME, self.key)
        self.home = site.homes[int(draw * len(site.homes))]
        self.cell = model.space[network.junction_ids[self.home]]
        self.candidates, self.distance_km = segments_within(
            network, self.home, model.settings.threat.reach_km
        )
        self.weights = np.empty(len(self.candidates))
        self.n_attempts = 0
        self.n_placed = 0
        model.ledger.names[self.key] = site.name
        self._await_attempt(0.0)

    def __repr__(self) -> str:
        home = self.model.world.network.junction_ids[self.home]
        return f"<MilitantCell {self.site.name} at {home}: {self.n_placed:,} devices placed>"

    @property
    def _share(self) -> float:
        return self.strength / len(self.model.world.cells)

    def _await_attempt(self, from_h: float) -> None:
        model, threat = self.model, self.model.settings.threat
        ceiling = threat.attempts_ceiling_factor * attempt_rate_per_day(
            threat.attempts_per_month, self._share, 1.0
        )
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
        acceptance = model.motivation() / threat.attempts_ceiling_factor
        if acceptance > 1.0:
            raise DrawError(
                f"motivation is {model.motivation():.3g}: above the declared ceiling "
                f"threat.attempts_ceiling_factor, {threat.attempts_ceiling_factor:g}. "
                "Raise the ceiling."
            )
        if model.draw(Stream.PLACEMENT_ACCEPTED, self.key, 0, number) >= acceptance:
            return
        segment = self._choose(number)
        if segment >= 0:
            self._place(segment)

    def _choose(self, number: int) -> int:
        """The piece of road, or -1 for nothing."""
        model, threat = self.model, self.model.settings.threat
        model.settle_traffic()
        place_weights(
            self.weights,
            self.candidates,
            len(self.candidates),
            model.now_h,
            model.length_km,
            model.traffic,
            model.traffic_time_h,
            model.success,
            model.success_time_h,
            model.pressure,
            model.pressure_time_h,
            self.distance_km,
            model.memory_half_life_h,
            threat.beta_traffic,
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

    def _place(self, segment: int) -> None:
        model, threat = self.model, self.model.settings.threat
        key = numbered_key(self.device_key, self.n_placed)
        model.ledger.names[key] = f"device {self.n_placed + 1} of {self.site.name}"
        self.n_placed += 1
        others_days = waiting_time(
            model.draw(Stream.OTHERS_TIME, key),
            others_hazard_per_day(
                threat.others_hazard_per_day,
                int(model.world.network.segments.surface[segment]),
                threat.others_paved_ratio,
                threat.others_track_ratio,
            ),
        )
        expiry_days = waiting_time(
            model.draw(Stream.EXPIRY_TIME, key), 1.0 / threat.expiry_mean_days
        )
        cause = Cause.NONE
        if others_days < expiry_days:
            cause = VICTIMS[
                victim_class(
                    model.draw(Stream.OTHERS_CLASS, key),
                    threat.others_civilian_share,
                    threat.others_army_share,
                )
            ]
        model.place_device(
            Device(
                key=key,
                segment=segment,
                at_km=model.draw(Stream.PLACEMENT_POSITION, key) * float(model.length_km[segment]),
                concealment=concealment_scale(
                    model.draw(Stream.CONCEALMENT, key),
                    threat.concealment_low,
                    threat.concealment_high,
                ),
                placed_h=model.now_h,
                end_h=model.now_h + min(others_days, expiry_days) * HOURS_PER_DAY,
                end_cause=cause,
            ),
            cell=self,
        )
