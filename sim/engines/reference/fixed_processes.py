"""Convoys and sweeps at a fixed rate, for cases whose answer is known on paper.

They go by the clock alone: no stock, escort or team is asked. `poisson` draws the gaps, `periodic`
keeps them equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, convoy_id, entity_key, waiting_time
from sim.engines.reference.camp import Camp
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.routes import luck_of_convoy
from sim.world.events import Cause, Kind, Turn

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel


def _gap_h(model: ConvoyModel, process: str, rate_per_day: float, draw: float) -> float:
    if process == "periodic":
        return HOURS_PER_DAY / rate_per_day
    return waiting_time(draw, rate_per_day) * HOURS_PER_DAY


class FixedConvoys:
    """Convoys from a hub to one of its camps, one way, at a fixed rate, until the camp closes."""

    def __init__(self, model: ConvoyModel, camp: Camp) -> None:
        self.model = model
        self.camp = camp
        self.n_sent = 0
        self._await_next(0.0)

    def _await_next(self, from_h: float) -> None:
        model, supply = self.model, self.model.settings.supply
        if supply.process_rate_per_day == 0.0:
            return
        draw = model.draw(Stream.SUPPLY_TIME, self.camp.key, 0, self.n_sent)
        gap_h = _gap_h(model, supply.process, supply.process_rate_per_day, draw)
        model.agenda.add(from_h + gap_h, Turn.DEPARTURE, self.camp.key, self.n_sent, self.send)

    def send(self, version: int) -> None:
        """Send a convoy of full size."""
        model, supply = self.model, self.model.settings.supply
        if self.camp.is_closed:
            return
        assert self.camp.hub is not None
        number = self.n_sent
        key = convoy_id(self.camp.convoy_key, number)
        self.n_sent += 1
        self._await_next(model.now_h)
        model.ledger.names[key] = f"convoy {self.camp.hub.name}-{self.camp.name} {self.n_sent}"
        convoy = Convoy(
            model,
            source_key=self.camp.convoy_key,
            number=number,
            traffic=LOGISTICS,
            unit=None,
            n_escort=supply.escort_vehicles,
            n_load=supply.load_vehicles,
            on_arrival=self._arrive,
            is_escorted=True,
        )
        model.ledger.put(model.now_h, Kind.DEPARTED, entity=key, camp=self.camp.index)
        luck = luck_of_convoy(self.camp.convoy_key, number)
        convoy.start(
            model.routes.way_of_convoy(self.camp.hub, self.camp, convoy.is_escorted, luck=luck)
        )

    def _arrive(self, convoy: Convoy) -> None:
        model, ledger = self.model, self.model.ledger
        journey_h = model.now_h - convoy.started_h
        ledger.journey_h[ledger.period] += journey_h
        ledger.undisturbed_h[ledger.period] += model.undisturbed_h(convoy)
        ledger.put(
            model.now_h, Kind.ARRIVED, entity=convoy.key, camp=self.camp.index, hours=journey_h
        )
        convoy.remove()


class FixedSweeps:
    """Sweeps of one piece of road at a fixed rate."""

    def __init__(self, model: ConvoyModel, segment: int) -> None:
        self.model = model
        self.segment = segment
        self.key = entity_key(f"sweep/{model.world.network.segments.name[segment]}")
        self.n_swept = 0
        self._await_next(0.0)

    def _await_next(self, from_h: float) -> None:
        model, clearance = self.model, self.model.settings.clearance
        if clearance.process_rate_per_day == 0.0:
            return
        draw = model.draw(Stream.SWEEP_TIME, self.key, 0, self.n_swept)
        gap_h = _gap_h(model, clearance.process, clearance.process_rate_per_day, draw)
        model.agenda.add(from_h + gap_h, Turn.SWEEP, self.key, self.n_swept, self.sweep)

    def sweep(self, version: int) -> None:
        """Sweep the piece in a moment."""
        model, number = self.model, self.n_swept
        self.n_swept += 1
        self._await_next(model.now_h)
        model.sweep_segment(self.segment, self.key, number, chance=1.0)
        model.ledger.put(
            model.now_h, Kind.SWEPT, segment=self.segment, entity=self.key, cause=Cause.SWEEP
        )
