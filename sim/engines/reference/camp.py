"""A camp: it consumes, orders, and, where it is a hub, sends convoys to the camps behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mesa.discrete_space import CellAgent

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, convoy_id, entity_key
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import LOGISTICS
from sim.rules.supply import consumption_t_per_day, dry_days, n_trucks, order_t, stock_after
from sim.world.events import Cause, Kind, Turn
from sim.world.world import CampSite

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel
    from sim.engines.reference.unit import Unit


@dataclass
class Load:
    """An order on its way: from the day it is placed until its trucks are back."""

    number: int
    destination: Camp
    weight_t: float
    n_trucks: int
    ready_h: float
    escort: Unit | None = None
    lacks: Cause = Cause.NONE
    """What it lacked at the last dawn that it could have left."""

    @property
    def key(self) -> int:
        """How events name its convoy."""
        return convoy_id(self.destination.convoy_key, self.number)


class Camp(CellAgent):
    """One camp. The source of supply has no hub and never runs dry."""

    def __init__(self, model: ConvoyModel, index: int, site: CampSite) -> None:
        super().__init__(model)
        self.model: ConvoyModel = model
        self.index = index
        self.site = site
        self.name = site.node_id
        self.key = entity_key(f"camp/{site.node_id}")
        self.convoy_key = entity_key(f"convoy/{site.node_id}")
        self.cell = model.space[site.node_id]
        self.hub: Camp | None = None if site.hub is None else model.camps[site.hub]
        self.supplied: list[Camp] = []
        if self.hub is not None:
            self.hub.supplied.append(self)
        self.garrison = 0.0
        self.stock_t = 0.0
        self.on_order_t = 0.0
        self.settled_h = 0.0
        self.waiting: list[Load] = []
        """Loads that this camp is to send, first come first served."""
        self.n_trucks_out = 0
        self.n_ordered = 0

    def __repr__(self) -> str:
        stock = "source of supply" if self.hub is None else f"stock {self.stock_t:,.0f} t"
        return f"<Camp {self.name}: {self.garrison:,.0f} people, {stock}>"

    # Stock.

    @property
    def consumption_t(self) -> float:
        """What the garrison needs a day, t."""
        return consumption_t_per_day(self.garrison, self.model.settings.supply.kg_per_person_day)

    @property
    def flow_t(self) -> float:
        """What must come in a day, for itself and for all camps behind it, t."""
        total = self.consumption_t
        for camp in self.supplied:
            total += camp.flow_t
        return total

    def fill(self) -> None:
        """Stock at the beginning."""
        if self.hub is not None:
            supply = self.model.settings.supply
            off = 2.0 * self.model.draw(Stream.INITIAL_STOCK, self.key) - 1.0
            days = supply.initial_stock_days * (1.0 + supply.initial_stock_spread * off)
            self.stock_t = days * self.flow_t

    def settle(self) -> None:
        """Bring stock and person-days to the present."""
        now_h, ledger = self.model.now_h, self.model.ledger
        elapsed_days = (now_h - self.settled_h) / HOURS_PER_DAY
        self.settled_h = now_h
        ledger.troop_days[ledger.period, self.index] += self.garrison * elapsed_days
        if self.hub is None or self.model.settings.supply.process != "policy":
            return
        need_t = self.consumption_t
        ledger.stockout_person_days[ledger.period, self.index] += self.garrison * dry_days(
            self.stock_t, elapsed_days, need_t
        )
        self.stock_t = stock_after(self.stock_t, elapsed_days, need_t)

    def review(self) -> None:
        """Order from the hub what brings stock and orders back to the target."""
        if self.hub is None:
            return
        supply, flow_t = self.model.settings.supply, self.flow_t
        owed_t = 0.0
        for load in self.waiting:
            owed_t += load.weight_t
        target_t = supply.target_days * flow_t
        convoy_t = supply.truck_tonnes * supply.load_vehicles
        # A large camp need not wait for its reorder level: it orders whenever a convoy is full.
        reorder_t = max(supply.reorder_days * flow_t, target_t - convoy_t)
        amount_t = order_t(self.stock_t, self.on_order_t, owed_t, reorder_t, target_t)
        if amount_t <= 0.0:
            return
        # One load that is not full, or full ones alone: what is left over is ordered another day.
        load_t = min(amount_t, convoy_t)
        for _ in range(math.floor(amount_t / load_t + 1e-9)):
            self.hub.take_order(self, load_t)
            self.on_order_t += load_t

    # Sending, where it is a hub.

    def take_order(self, destination: Camp, weight_t: float) -> None:
        """Put a load on the list; it is ready after the days of preparation."""
        model = self.model
        supply = model.settings.supply
        load = Load(
            number=destination.n_ordered,
            destination=destination,
            weight_t=weight_t,
            n_trucks=n_trucks(weight_t, supply.truck_tonnes),
            ready_h=model.now_h + supply.preparation_days * HOURS_PER_DAY,
        )
        destination.n_ordered += 1
        model.ledger.names[load.key] = (
            f"convoy {self.name}-{destination.name} {destination.n_ordered}"
        )
        self.waiting.append(load)
        self._put(Kind.ORDERED, load, hours=supply.preparation_days * HOURS_PER_DAY)

    def dispatch(self) -> None:
        """Send the loads that are ready, in the order of the list, until one lacks something."""
        while self.waiting and self.waiting[0].ready_h <= self.model.now_h:
            load = self.waiting[0]
            lacks = self._what_is_lacking(load)
            if lacks is not Cause.NONE:
                if lacks is not load.lacks:
                    load.lacks = lacks
                    self._put(Kind.WAITED, load, cause=lacks)
                return
            self.waiting.pop(0)
            self._send(load)

    def _what_is_lacking(self, load: Load) -> Cause:
        if self.hub is not None and self.stock_t < load.weight_t:
            return Cause.NO_STOCK
        if self.n_trucks_out + load.n_trucks > self.trucks:
            return Cause.NO_TRUCKS
        if self.needs_escort:
            load.escort = self._free_escort(load)
            if load.escort is None:
                return Cause.NO_ESCORT
        return Cause.NONE

    @property
    def trucks(self) -> float:
        """Trucks based here."""
        supply = self.model.settings.supply
        return supply.trucks_by_hub.get(self.name, supply.trucks_elsewhere)

    @property
    def needs_escort(self) -> bool:
        """Whether convoys from here are escorted."""
        return not self.model.settings.supply.unescorted_hubs.get(self.name, False)

    def n_escort_vehicles(self, n_loads: int) -> int:
        """Escort vehicles of a convoy: in proportion to its trucks, with a least number."""
        supply = self.model.settings.supply
        in_proportion = math.ceil(supply.escort_vehicles * n_loads / supply.load_vehicles - 1e-9)
        return max(min(supply.min_escort_vehicles, supply.escort_vehicles), in_proportion)

    def _free_escort(self, load: Load) -> Unit | None:
        """A free company here, else at the destination.

        Combat convoy companies first, then the one free for longest, then by name.
        """
        n_vehicles = self.n_escort_vehicles(load.n_trucks)
        people = n_vehicles * self.model.settings.force.vehicle_occupants
        for camp in (self, load.destination):
            free = [unit for unit in self.model.units_at[camp.index] if unit.can_escort(people)]
            if free:
                return min(
                    free,
                    key=lambda unit: (
                        unit.company.unit_type != "combat_convoy",
                        unit.escort_free_h,
                        unit.company.name,
                    ),
                )
        return None

    def _send(self, load: Load) -> None:
        model = self.model
        if self.hub is not None:
            self.stock_t -= load.weight_t
        self.n_trucks_out += load.n_trucks
        if load.escort is not None:
            load.escort.escort_free_h = math.inf
        convoy = Convoy(
            model,
            source_key=load.destination.convoy_key,
            number=load.number,
            traffic=LOGISTICS,
            unit=load.escort,
            n_escort=0 if load.escort is None else self.n_escort_vehicles(load.n_trucks),
            n_load=load.n_trucks,
            on_arrival=lambda convoy: self._deliver(convoy, load),
        )
        wait_h = model.now_h - load.ready_h
        model.ledger.wait_h[model.ledger.period] += wait_h
        self._put(Kind.DEPARTED, load, hours=wait_h)
        convoy.start(model.way_of_convoy(self, load.destination, load.escort is not None))

    def _deliver(self, convoy: Convoy, load: Load) -> None:
        model, camp = self.model, load.destination
        camp.settle()
        camp.stock_t += load.weight_t
        camp.on_order_t -= load.weight_t
        self._put_journey(Kind.ARRIVED, convoy, load)
        model.agenda.add(
            model.now_h + model.settings.supply.loading_h,
            Turn.DEPARTURE,
            load.key,
            0,
            lambda _: self._start_back(convoy, load),
        )

    def _start_back(self, convoy: Convoy, load: Load) -> None:
        convoy.on_arrival = lambda convoy: self._come_home(convoy, load)
        convoy.start(self.model.way_of_convoy(load.destination, self, load.escort is not None))

    def _come_home(self, convoy: Convoy, load: Load) -> None:
        self.n_trucks_out -= load.n_trucks
        if load.escort is not None:
            rest_h = self.model.settings.supply.escort_rest_days * HOURS_PER_DAY
            load.escort.escort_free_h = self.model.now_h + rest_h
        self._put_journey(Kind.RETURNED, convoy, load)
        convoy.remove()

    def _put_journey(self, kind: Kind, convoy: Convoy, load: Load) -> None:
        model, ledger = self.model, self.model.ledger
        journey_h = model.now_h - convoy.started_h
        ledger.journey_h[ledger.period] += journey_h
        ledger.undisturbed_h[ledger.period] += model.undisturbed_h(convoy)
        self._put(kind, load, hours=journey_h)

    def _put(
        self, kind: Kind, load: Load, *, cause: Cause = Cause.NONE, hours: float = 0.0
    ) -> None:
        self.model.ledger.put(
            self.model.now_h,
            kind,
            entity=load.key,
            other=0 if load.escort is None else load.escort.key,
            cause=cause,
            camp=load.destination.index,
            hours=hours,
        )
