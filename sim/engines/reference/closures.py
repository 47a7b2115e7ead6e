"""Closures: camps that close, one by one, by `force.closures`; their people leave by road."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.draws import convoy_id, entity_key
from sim.engines.reference.camp import Camp, first_to_escort
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.routes import luck_of_convoy
from sim.rules.supply import withdrawal_vehicles
from sim.world.companies import PATROLLING
from sim.world.events import Cause, Kind, Turn
from sim.world.scenario import parse_date

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel
    from sim.engines.reference.unit import Unit


class Closures:
    """The plan of a drawdown, and how it is carried out.

    A camp closes at midnight of its day, and none before the decision. Of those that close on one
    day the outermost go first, so that each still has a hub to go to.
    """

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self.closes_h: dict[int, float] = {}
        """When a camp closes, by its index."""
        clock, closures = model.world.clock, model.world.scenario.force.closures
        for number, camp in enumerate(reversed(model.camps)):
            if camp.name not in closures:
                continue
            day = parse_date(f"force.closures.{camp.name}", closures[camp.name])
            closes_h = max(clock.hour_of(day), clock.decision_h)
            self.closes_h[camp.index] = closes_h
            model.agenda.add(closes_h, Turn.UNIT_CHANGE, 0, number, partial(self.close, camp))

    def days_left(self, camp: Camp) -> float:
        """Days until a camp closes; infinite where it stays, and before the plan is made."""
        if self.model.now_h < self.model.world.clock.decision_h:
            return math.inf
        closes_h = self.closes_h.get(camp.index, math.inf)
        return (closes_h - self.model.now_h) / HOURS_PER_DAY

    def close(self, camp: Camp, version: int) -> None:
        """Everybody leaves; the hub takes over what the camp did for others."""
        model = self.model
        companies = [unit for unit in model.units_at[camp.index] if unit.strength > 0.0]
        # A company that is out on escort comes home to the hub of its convoy and is gone.
        in_camp = [unit for unit in companies if unit.escort_free_h < math.inf]
        people, in_camp_people = 0.0, 0.0
        for unit in companies:
            people += unit.strength
        for unit in in_camp:
            in_camp_people += unit.strength
        for unit in companies:
            unit.leave(0)
        camp.close()
        model.ledger.names[camp.key] = camp.name
        model.ledger.put(
            model.now_h, Kind.CAMP_CLOSED, entity=camp.key, camp=camp.index, strength=people
        )
        n_vehicles = withdrawal_vehicles(
            in_camp_people,
            model.settings.supply.withdrawal_road_share,
            model.settings.force.vehicle_occupants,
        )
        if n_vehicles == 0:
            return
        can_escort = [unit for unit in in_camp if unit.company.unit_type in PATROLLING]
        escort = first_to_escort(can_escort or in_camp)
        key = entity_key(f"withdrawal/{camp.name}")
        leaves_h = model.now_h + model.settings.routing.daylight_start_h
        model.agenda.add(
            leaves_h,
            Turn.DEPARTURE,
            convoy_id(key, 0),
            0,
            lambda _: self._withdraw(key, camp, escort, n_vehicles),
        )

    def _withdraw(self, key: int, camp: Camp, escort: Unit, n_vehicles: int) -> None:
        """The people of the camp drive to its hub, and have left the mission when they are there.

        Every vehicle is theirs, as full as a patrol's; one company lends its training to all.
        """
        model, hub = self.model, camp.hub
        while hub is not None and hub.is_closed:  # it closed on the same day
            hub = hub.hub
        assert hub is not None
        convoy = Convoy(
            model,
            source_key=key,
            number=0,
            traffic=LOGISTICS,
            unit=escort,
            n_escort=n_vehicles,
            n_load=0,
            on_arrival=lambda convoy: self._arrive(convoy, hub, escort),
            is_escorted=hub.needs_escort_to(camp),
        )
        model.ledger.names[convoy.key] = f"convoy {camp.name}-{hub.name}, withdrawal"
        model.ledger.put(
            model.now_h,
            Kind.DEPARTED,
            entity=convoy.key,
            other=escort.key,
            cause=Cause.WITHDRAWAL,
            camp=hub.index,
        )
        luck = luck_of_convoy(key, 0)
        convoy.start(model.routes.way_of_convoy(camp, hub, convoy.is_escorted, luck=luck))

    def _arrive(self, convoy: Convoy, hub: Camp, escort: Unit) -> None:
        """Be there; journeys and halts are those of supply convoys, so this one is not counted."""
        model = self.model
        model.ledger.put(
            model.now_h,
            Kind.ARRIVED,
            entity=convoy.key,
            other=escort.key,
            cause=Cause.WITHDRAWAL,
            camp=hub.index,
            hours=model.now_h - convoy.started_h,
        )
        convoy.remove()
