"""A camp: it consumes, orders, and, where it is a hub, sends convoys to the camps behind it.

A load lacks something, and holds up those behind it, where the hub has no stock, trucks or escort
for it. It is held back by choice, and those behind it may go, where it waits for a sweep or for
more loads (`supply.departure`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from mesa.discrete_space import CellAgent
from numpy.typing import NDArray

from sim.clock import DAYS_PER_MONTH, HOURS_PER_DAY
from sim.draws import Stream, convoy_id, entity_key
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.routes import luck_of_convoy
from sim.rules.supply import (
    companies_to_spare,
    consumption_t_per_day,
    days_to_cover,
    dry_days,
    escort_free_again_h,
    n_trucks,
    order_t,
    stock_after,
    swept_share,
)
from sim.world.events import Cause, Kind, Turn
from sim.world.world import CampSite

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel
    from sim.engines.reference.unit import Unit

BY_CHOICE = (Cause.NOT_SWEPT, Cause.NOT_FULL)


@dataclass(eq=False)
class Load:
    """An order on its way: from the day it is placed until its trucks are back."""

    number: int
    home: Camp
    """Where its trucks are based: the hub, or who took over from a hub that closed."""
    destination: Camp
    weight_t: float
    n_trucks: int
    ready_h: float
    escort: Unit | None = None
    lacks: Cause = Cause.NONE
    """What it lacked, or waited for, at the last dawn that it could have left."""
    departed_h: float = 0.0

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
        self.is_closed = False
        self.waiting: list[Load] = []
        """Loads that this camp is to send, first come first served."""
        self.on_road: list[Load] = []
        """Loads whose trucks are based here and out, in the order in which they left."""
        self.n_trucks_out = 0
        self.n_trucks_taken_over = 0.0
        self.n_ordered = 0

    def __repr__(self) -> str:
        stock = "source of supply" if self.hub is None else f"stock {self.stock_t:,.0f} t"
        stock = "closed" if self.is_closed else stock
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
        if self.hub is None or self.is_closed:
            return
        supply, flow_t = self.model.settings.supply, self.flow_t
        owed_t = 0.0
        for load in self.waiting:
            owed_t += load.weight_t
        days_left = self.model.closures.days_left(self)
        target_t = days_to_cover(supply.target_days, days_left) * flow_t
        convoy_t = supply.truck_tonnes * supply.load_vehicles
        # A large camp need not wait for its reorder level: it orders whenever a convoy is full.
        reorder_t = max(days_to_cover(supply.reorder_days, days_left) * flow_t, target_t - convoy_t)
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
            home=self,
            destination=destination,
            weight_t=weight_t,
            n_trucks=n_trucks(weight_t, supply.truck_tonnes),
            ready_h=model.now_h + supply.preparation_days * HOURS_PER_DAY,
        )
        destination.n_ordered += 1
        self._name(load)
        self.waiting.append(load)
        self._put(Kind.ORDERED, load, hours=supply.preparation_days * HOURS_PER_DAY)

    def _name(self, load: Load) -> None:
        self.model.ledger.names[load.key] = (
            f"convoy {self.name}-{load.destination.name} {load.number + 1}"
        )

    def dispatch(self) -> None:
        """Send the loads that are ready, in the order of the list, until one lacks something."""
        now_h, place = self.model.now_h, 0
        while place < len(self.waiting) and self.waiting[place].ready_h <= now_h:
            load = self.waiting[place]
            together = self._loads_together(load)
            why = self._what_is_lacking(load, together)
            if why is Cause.NONE:
                why = self._choice_to_wait(load, together)
            if why is Cause.NONE:
                self._send(self._merged(together))
                continue
            load.escort = None
            if why is not load.lacks:
                load.lacks = why
                self._put(Kind.WAITED, load, cause=why)
            if why not in BY_CHOICE:
                return
            place += 1

    def _loads_together(self, load: Load) -> list[Load]:
        """The load and, where loads are bundled, those to the same camp that fit into its convoy.

        In the order of the list, up to the first that does not fit.
        """
        supply = self.model.settings.supply
        together = [load]
        if supply.departure != "bundled":
            return together
        trucks = load.n_trucks
        for other in self.waiting:
            if other is load or other.destination is not load.destination:
                continue
            trucks += other.n_trucks
            if other.ready_h > self.model.now_h or trucks > supply.load_vehicles:
                break
            together.append(other)
        return together

    def _merged(self, together: list[Load]) -> Load:
        """One load in place of several: the first takes in the others and leaves with all."""
        load, ledger = together[0], self.model.ledger
        for other in together:
            self.waiting.remove(other)
            ledger.wait_h[ledger.period] += self.model.now_h - other.ready_h
        for other in together[1:]:
            load.weight_t += other.weight_t
        if len(together) > 1:
            load.n_trucks = n_trucks(load.weight_t, self.model.settings.supply.truck_tonnes)
        return load

    def _what_is_lacking(self, load: Load, together: list[Load]) -> Cause:
        weight_t, trucks = 0.0, 0
        for one in together:
            weight_t += one.weight_t
            trucks += one.n_trucks
        if self.hub is not None and self.stock_t < weight_t:
            return Cause.NO_STOCK
        if self.n_trucks_out + trucks > self.trucks:
            return Cause.NO_TRUCKS
        if self.needs_escort_to(load.destination):
            load.escort = self._free_escort(load.destination, trucks)
            if load.escort is None:
                return Cause.NO_ESCORT
        return Cause.NONE

    def _choice_to_wait(self, load: Load, together: list[Load]) -> Cause:
        """What a load that could leave waits for, by `supply.departure` and its patience."""
        model, supply = self.model, self.model.settings.supply
        patience_h = supply.departure_patience_days * HOURS_PER_DAY
        if supply.departure == "as_ready" or model.now_h - load.ready_h >= patience_h:
            return Cause.NONE
        if supply.departure == "bundled":
            trucks = 0
            for one in together:
                trucks += one.n_trucks
            # A load that no longer fits is as good as a full convoy.
            is_full = trucks >= supply.load_vehicles or self._has_more(load, together)
            return Cause.NONE if is_full else Cause.NOT_FULL
        return Cause.NONE if self._is_swept(load) else Cause.NOT_SWEPT

    def _has_more(self, load: Load, together: list[Load]) -> bool:
        """Whether another load to the same camp is ready and did not fit."""
        n_ready = 0
        for other in self.waiting:
            if other.destination is load.destination and other.ready_h <= self.model.now_h:
                n_ready += 1
        return n_ready > len(together)

    def _is_swept(self, load: Load) -> bool:
        """Whether enough of the way has been swept lately, by the command's own books."""
        model, routing = self.model, self.model.settings.routing
        luck = luck_of_convoy(load.destination.convoy_key, load.number)
        way = model.routes.way_of_convoy(self, load.destination, load.escort is not None, luck)
        share = swept_share(
            way.segments,
            way.drive_h,
            len(way.segments),
            reach_of_teams(model),
            model.length_km,
            model.picture.last_swept_h,
            model.now_h,
            model.settings.clearance.convoy_lead_h,
            routing.daylight_start_h,
            routing.daylight_end_h,
        )
        return share >= model.settings.supply.swept_share

    @property
    def trucks(self) -> float:
        """Trucks based here, with those of closed camps that it took over."""
        supply = self.model.settings.supply
        own = supply.trucks_by_hub.get(self.name, supply.trucks_elsewhere)
        return own + self.n_trucks_taken_over

    @property
    def needs_escort(self) -> bool:
        """Whether convoys from here are escorted."""
        return not self.model.settings.supply.unescorted_hubs.get(self.name, False)

    def needs_escort_to(self, destination: Camp) -> bool:
        """The same; a camp taken over from a hub that closed is reached under escort alone."""
        return self.needs_escort or destination.site.hub != self.index

    def n_escort_vehicles(self, n_loads: int) -> int:
        """Escort vehicles of a convoy: in proportion to its trucks, with a least number."""
        supply = self.model.settings.supply
        in_proportion = math.ceil(supply.escort_vehicles * n_loads / supply.load_vehicles - 1e-9)
        return max(min(supply.min_escort_vehicles, supply.escort_vehicles), in_proportion)

    def _free_escort(self, destination: Camp, trucks: int) -> Unit | None:
        """A free company here, else at the destination; so many of infantry stay in camp."""
        n_vehicles = self.n_escort_vehicles(trucks)
        people = n_vehicles * self.model.settings.force.vehicle_occupants
        for camp in (self, destination):
            # An escort without vehicles asks for nobody, but for a company that is there.
            free = [
                unit
                for unit in self.model.units_at[camp.index]
                if unit.strength > 0.0 and unit.can_escort(people)
            ]
            if not camp.can_spare_infantry():
                free = [unit for unit in free if unit.company.unit_type == "combat_convoy"]
            if free:
                return first_to_escort(free)
        return None

    def can_spare_infantry(self) -> bool:
        """Whether one more company of infantry may be away from here; one may always be."""
        now_h, n_companies, n_away = self.model.now_h, 0, 0
        for unit in self.model.units_at[self.index]:
            if unit.is_patroller:
                n_companies += 1
                n_away += unit.escort_free_h > now_h
        share = self.model.settings.supply.escort_share
        return n_away < companies_to_spare(n_companies, share)

    def _send(self, load: Load) -> None:
        model = self.model
        if self.hub is not None:
            self.stock_t -= load.weight_t
        self.n_trucks_out += load.n_trucks
        self.on_road.append(load)
        load.departed_h = model.now_h
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
        self._put(Kind.DEPARTED, load, hours=model.now_h - load.ready_h)
        luck = luck_of_convoy(convoy.source_key, convoy.number)
        convoy.start(
            model.routes.way_of_convoy(self, load.destination, load.escort is not None, luck)
        )

    def _deliver(self, convoy: Convoy, load: Load) -> None:
        model, camp = self.model, load.destination
        if not camp.is_closed:
            camp.settle()
            camp.stock_t += load.weight_t
            camp.on_order_t -= load.weight_t
            load.weight_t = 0.0
        self._put_journey(Kind.ARRIVED, convoy, load)
        model.agenda.add(
            model.now_h + model.settings.supply.loading_h,
            Turn.DEPARTURE,
            load.key,
            0,
            lambda _: self._start_back(convoy, load, load.destination),
        )

    def _start_back(self, convoy: Convoy, load: Load, origin: Camp) -> None:
        home = load.home
        convoy.on_arrival = lambda convoy: self._come_home(convoy, load, home)
        luck = luck_of_convoy(convoy.source_key, convoy.number, is_way_back=True)
        is_escorted = load.escort is not None
        convoy.start(self.model.routes.way_of_convoy(origin, home, is_escorted, luck))

    def _come_home(self, convoy: Convoy, load: Load, camp: Camp) -> None:
        """Be back at `camp`, which may have closed since: then it is on to who took over."""
        if camp.is_closed:
            self._count_journey(convoy)
            self._start_back(convoy, load, camp)
            return
        model = self.model
        camp.n_trucks_out -= load.n_trucks
        camp.on_road.remove(load)
        if camp.hub is not None and load.weight_t > 0.0:  # its destination had closed
            camp.settle()
            camp.stock_t += load.weight_t
        if load.escort is not None:
            load.escort.escort_free_h = escort_free_again_h(
                model.now_h,
                model.settings.supply.escort_rest_days * HOURS_PER_DAY,
                load.departed_h,
                self._least_gap_h(load.escort),
            )
        self._put_journey(Kind.RETURNED, convoy, load)
        convoy.remove()

    def _least_gap_h(self, escort: Unit) -> float:
        """From one departure of an escort to its next: half a month at two operations a month."""
        if escort.company.unit_type != "combat_convoy":
            return 0.0
        per_month = self.model.settings.supply.combat_convoy_operations_per_month
        return DAYS_PER_MONTH * HOURS_PER_DAY / per_month

    # Closing.

    def close(self) -> None:
        """Be no more: the hub takes over trucks, waiting loads and the camps behind.

        Its own loads that have not left are cancelled; those on the road come, find it closed and
        are brought back. What it has in stock is given up.
        """
        hub = self.hub
        assert hub is not None
        self.settle()
        self.is_closed = True
        self.garrison = 0.0  # to the last bit
        self.stock_t = self.on_order_t = 0.0
        hub.waiting = [load for load in hub.waiting if load.destination is not self]
        hub.supplied.remove(self)
        for camp in self.supplied:
            camp.hub = hub
            hub.supplied.append(camp)
        hub.supplied.sort(key=lambda camp: camp.index)
        for load in self.waiting:
            load.home = hub
            hub._name(load)
        # First come, first served, by when loads are ready.
        hub.waiting = sorted(hub.waiting + self.waiting, key=lambda load: load.ready_h)
        for load in self.on_road:
            load.home = hub
        hub.on_road += self.on_road
        hub.n_trucks_out += self.n_trucks_out
        if any(site.hub == self.index for site in self.model.world.camps):
            hub.n_trucks_taken_over += self.trucks
        self.supplied, self.waiting, self.on_road, self.n_trucks_out = [], [], [], 0

    # The books.

    def _put_journey(self, kind: Kind, convoy: Convoy, load: Load) -> None:
        self._put(kind, load, hours=self._count_journey(convoy))

    def _count_journey(self, convoy: Convoy) -> float:
        """Count what a journey has taken, and what it would have taken without halts; its hours."""
        model, ledger = self.model, self.model.ledger
        journey_h = model.now_h - convoy.started_h
        ledger.journey_h[ledger.period] += journey_h
        ledger.undisturbed_h[ledger.period] += model.undisturbed_h(convoy)
        return journey_h

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


def first_to_escort(companies: list[Unit]) -> Unit:
    """Who escorts: combat convoy companies first, then the one free for longest, then by name."""
    return min(
        companies,
        key=lambda unit: (
            unit.company.unit_type != "combat_convoy",
            unit.escort_free_h,
            unit.company.name,
        ),
    )


def reach_of_teams(model: ConvoyModel) -> NDArray[np.bool_]:
    """Which pieces of road a team of the mission can work on now: bool[n_segments]."""
    is_in_reach = np.zeros(len(model.length_km), dtype=np.bool_)
    for team in model.teams:
        if team.unit.strength > 0.0:
            is_in_reach |= team.distance_km <= model.settings.clearance.team_reach_km
    return is_in_reach
