"""A camp: it consumes, orders, and, where it is a hub, sends convoys to the camps behind it.

A load lacks something, and holds up those behind it, where the hub has no stock, trucks or escort
for it. It is held back by choice, and those behind it may go, where it waits for a sweep or for
more loads (`supply.departure`). Loads that leave together are one convoy, which stops at each of
their destinations in turn and has the name of the last.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from mesa.discrete_space import CellAgent
from numpy.typing import NDArray

from sim.clock import DAYS_PER_MONTH, HOURS_PER_DAY
from sim.draws import Stream, convoy_id, entity_key
from sim.engines.reference.clearance_team import send_ahead
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
    wait_counted_h: float = 0.0
    """Up to when its waiting is counted."""
    lacks: Cause = Cause.NONE
    """What it lacked, or waited for, at the last dawn that it could have left."""
    departed_h: float = 0.0
    aboard: list[Load] = field(default_factory=list, repr=False)
    """Of the load that names a convoy: all that left in it, itself included, in driving order."""
    ahead: list[Load] = field(default_factory=list, repr=False)
    """Of the same: those that are still to be brought."""
    stop: Camp | None = None
    """Of the same: where its convoy has stopped last, and when it drives on from there."""
    drives_on_h: float = 0.0

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

    def count_people(self) -> None:
        """Add its people up anew, so that nobody is exactly nobody and no dust of arithmetic."""
        self.garrison = 0.0
        for unit in self.model.units_at[self.index]:
            self.garrison += unit.strength

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
        convoy_t = supply.truck_tonnes * self.hub.most_trucks
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
        preparation_h = self.model.settings.supply.preparation_days * HOURS_PER_DAY
        load = self._load(destination, weight_t, self.model.now_h + preparation_h)
        self.waiting.append(load)
        self._put(Kind.ORDERED, load, hours=preparation_h)

    def _load(self, destination: Camp, weight_t: float, ready_h: float) -> Load:
        load = Load(
            number=destination.n_ordered,
            home=self,
            destination=destination,
            weight_t=weight_t,
            n_trucks=n_trucks(weight_t, self.model.settings.supply.truck_tonnes),
            ready_h=ready_h,
        )
        destination.n_ordered += 1
        self._name(load)
        return load

    def cut_loads(self) -> None:
        """Cut loads that a full convoy from here can no longer carry into some that it can.

        The trucks of a hub and the size of convoys may change at the decision, and a hub that
        closes leaves its loads to another; a load too large would hold up the others for ever.
        """
        now_h, most_t = self.model.now_h, self.most_trucks * self.model.settings.supply.truck_tonnes
        whole, self.waiting = self.waiting, []
        for load in whole:
            piece = load
            self.waiting.append(piece)
            while piece.n_trucks > self.most_trucks:
                rest_t, piece.weight_t = piece.weight_t - most_t, most_t
                piece.n_trucks = self.most_trucks
                piece = self._load(piece.destination, rest_t, piece.ready_h)
                piece.wait_counted_h = load.wait_counted_h
                self.waiting.append(piece)
                self._put(Kind.ORDERED, piece, hours=max(0.0, piece.ready_h - now_h))

    def _name(self, load: Load) -> None:
        self.model.ledger.names[load.key] = (
            f"convoy {self.name}-{load.destination.name} {load.number + 1}"
        )

    def dispatch(self) -> None:
        """Send the loads that are ready, in the order of the list, until one lacks something."""
        now_h, place = self.model.now_h, 0
        while place < len(self.waiting) and self.waiting[place].ready_h <= now_h:
            load = self.waiting[place]
            together, is_full = self._loads_together(load)
            why = self._what_is_lacking(load, together)
            while why is not Cause.NONE and len(together) > 1:
                together.pop()  # what the hub cannot send at once goes without the last of the list
                why = self._what_is_lacking(load, together)
            if why is Cause.NONE:
                why = self._choice_to_wait(load, is_full=is_full)
            if why is Cause.NONE:
                self._send(*self._merged(together))
                continue
            load.escort = None
            if why is not load.lacks:
                load.lacks = why
                self._put(Kind.WAITED, load, cause=why)
            if why not in BY_CHOICE:
                return
            place += 1

    def _loads_together(self, load: Load) -> tuple[list[Load], bool]:
        """The load and, where loads are bundled, those that go with it; whether it waits for more.

        With it go ready loads to camps along one road, in the order of the list, up to the first
        that does not fit; then the convoy is as good as full. A load that fills a convoy by itself
        goes alone.
        """
        most = self.most_trucks
        together, trucks = [load], load.n_trucks
        if self.model.settings.supply.departure != "bundled" or trucks >= most:
            return together, True
        for other in self.waiting:
            if other is load or other.ready_h > self.model.now_h:
                continue
            if other.n_trucks >= most:
                continue
            if self._way_past([*together, other]) is None:
                continue
            if trucks + other.n_trucks > most:
                return together, True
            trucks += other.n_trucks
            together.append(other)
        return together, trucks >= most

    def _way_past(self, loads: list[Load]) -> tuple[int, ...] | None:
        """Junctions on the corridor to one of the destinations that passes the others, if any."""
        for load in loads:
            camp = load.destination
            junctions = self.model.routes.corridor(self, camp, self.needs_escort_to(camp))
            if all(other.destination.site.junction in junctions for other in loads):
                return junctions
        return None

    def _merged(self, together: list[Load]) -> tuple[list[Load], list[Load]]:
        """What leaves together: one load for each destination in driving order, and those taken in.

        The first to a destination takes in the others.
        """
        first = together[0]
        supply = self.model.settings.supply
        for load in together:
            self.waiting.remove(load)
            self._count_wait(load)
        by_camp: dict[int, Load] = {}
        taken_in = []
        for load in together:
            one = by_camp.setdefault(load.destination.index, load)
            if one is not load:
                one.weight_t += load.weight_t
                one.n_trucks = n_trucks(one.weight_t, supply.truck_tonnes)
                taken_in.append(load)
        aboard = list(by_camp.values())
        if len(aboard) > 1:
            junctions = self._way_past(aboard)
            assert junctions is not None
            aboard.sort(key=lambda load: junctions.index(load.destination.site.junction))
        escort, first.escort = first.escort, None
        aboard[-1].escort = escort
        return aboard, taken_in

    def _what_is_lacking(self, load: Load, together: list[Load]) -> Cause:
        load.escort, weight_t, trucks = None, 0.0, 0
        for one in together:
            weight_t += one.weight_t
            trucks += one.n_trucks
        if self.hub is not None and self.stock_t < weight_t:
            return Cause.NO_STOCK
        if self.n_trucks_out + trucks > self.trucks:
            return Cause.NO_TRUCKS
        camps = [one.destination for one in together]
        if any(self.needs_escort_to(camp) for camp in camps):
            load.escort = self._free_escort(camps, trucks)
            if load.escort is None:
                return Cause.NO_ESCORT
        return Cause.NONE

    def _choice_to_wait(self, load: Load, *, is_full: bool) -> Cause:
        """What a load that could leave waits for, by `supply.departure` and its patience."""
        model, supply = self.model, self.model.settings.supply
        patience_h = supply.departure_patience_days * HOURS_PER_DAY
        if supply.departure == "as_ready" or model.now_h - load.ready_h >= patience_h:
            return Cause.NONE
        if supply.departure == "bundled":
            return Cause.NONE if is_full else Cause.NOT_FULL
        return Cause.NONE if self._is_swept(load) else Cause.NOT_SWEPT

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
    def most_trucks(self) -> int:
        """Trucks of a full convoy from here: no more than there are, if there are any."""
        most, trucks = self.model.settings.supply.load_vehicles, math.floor(self.trucks)
        return min(most, trucks) if trucks > 0 else most

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

    def _free_escort(self, destinations: list[Camp], trucks: int) -> Unit | None:
        """A free company here, else at a destination; so many of infantry stay in camp."""
        n_vehicles = self.n_escort_vehicles(trucks)
        people = n_vehicles * self.model.settings.force.vehicle_occupants
        for camp in (self, *destinations):
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

    def _send(self, aboard: list[Load], taken_in: list[Load]) -> None:
        """Send a convoy with the loads aboard, which the last of them names."""
        model, load, n_load = self.model, aboard[-1], 0
        load.aboard, load.ahead = aboard, list(aboard)
        for one in aboard:
            if self.hub is not None:
                self.stock_t -= one.weight_t
            self.n_trucks_out += one.n_trucks
            n_load += one.n_trucks
            self.on_road.append(one)
            one.departed_h = model.now_h
        if load.escort is not None:
            load.escort.escort_free_h = math.inf
        convoy = Convoy(
            model,
            source_key=load.destination.convoy_key,
            number=load.number,
            traffic=LOGISTICS,
            unit=load.escort,
            n_escort=0 if load.escort is None else self.n_escort_vehicles(n_load),
            n_load=n_load,
            on_arrival=lambda convoy: self._deliver(convoy, load),
            is_escorted=load.escort is not None,
        )
        if convoy.is_escorted and model.settings.clearance.with_convoys:
            convoy.team = send_ahead(self)
        self._put(Kind.DEPARTED, load, hours=model.now_h - load.ready_h)
        for one in (*aboard[:-1], *taken_in):
            self._put(Kind.JOINED, one, hours=model.now_h - one.ready_h, other=load.key)
        self._drive_on(convoy, load, self)

    def _drive_on(self, convoy: Convoy, load: Load, origin: Camp) -> None:
        """Drive to the next destination; the luck of its load chooses among the ways."""
        to = load.ahead[0]
        luck = luck_of_convoy(to.destination.convoy_key, to.number)
        way = self.model.routes.way_of_convoy(origin, to.destination, convoy.is_escorted, luck)
        convoy.start(way)

    def _deliver(self, convoy: Convoy, load: Load) -> None:
        model, brought = self.model, load.ahead.pop(0)
        camp = brought.destination
        if not camp.is_closed:
            camp.settle()
            camp.stock_t += brought.weight_t
            camp.on_order_t -= brought.weight_t
            brought.weight_t = 0.0
        self._count_journey(convoy)
        self._put(Kind.ARRIVED, load, hours=model.now_h - load.departed_h, camp=camp)
        load.stop, load.drives_on_h = camp, model.now_h + model.settings.supply.loading_h
        model.agenda.add(
            load.drives_on_h,
            Turn.DEPARTURE,
            load.key,
            0,
            lambda _: self._leave_stop(convoy, load, camp),
        )

    def _leave_stop(self, convoy: Convoy, load: Load, camp: Camp) -> None:
        """On to the next camp that is open, or back; loads to others stay aboard."""
        load.ahead = [one for one in load.ahead if not one.destination.is_closed]
        if load.ahead:
            self._drive_on(convoy, load, camp)
        else:
            self._start_back(convoy, load, camp)

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
        for one in load.aboard:
            camp.n_trucks_out -= one.n_trucks
            camp.on_road.remove(one)
            if camp.hub is not None and one.weight_t > 0.0:  # its destination had closed
                camp.settle()
                camp.stock_t += one.weight_t
        if load.escort is not None:
            load.escort.escort_free_h = escort_free_again_h(
                model.now_h,
                model.settings.supply.escort_rest_days * HOURS_PER_DAY,
                load.departed_h,
                self._least_gap_h(load.escort),
            )
        if convoy.team is not None:
            convoy.team.come_home()
        self._put(Kind.RETURNED, load, hours=self._count_journey(convoy))
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
        self.stock_t = self.on_order_t = 0.0
        hub.settle_waits()
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
        hub.cut_loads()

    # The books.

    def settle_waits(self) -> None:
        """Count the hours that ready loads have waited here by now."""
        for load in self.waiting:
            self._count_wait(load)

    def _count_wait(self, load: Load) -> None:
        now_h, ledger = self.model.now_h, self.model.ledger
        waited_h = now_h - max(load.ready_h, load.wait_counted_h)
        ledger.wait_h[ledger.period] += max(0.0, waited_h)
        load.wait_counted_h = now_h

    def _count_journey(self, convoy: Convoy) -> float:
        """Count what a journey has taken, and what it would have taken without halts; its hours."""
        model, ledger = self.model, self.model.ledger
        journey_h = model.now_h - convoy.started_h
        ledger.journey_h[ledger.period] += journey_h
        ledger.undisturbed_h[ledger.period] += model.undisturbed_h(convoy)
        return journey_h

    def _put(
        self,
        kind: Kind,
        load: Load,
        *,
        cause: Cause = Cause.NONE,
        hours: float = 0.0,
        other: int | None = None,
        camp: Camp | None = None,
    ) -> None:
        """Put down a row; `other` is the escort and `camp` the destination unless given."""
        escort = 0 if load.escort is None else load.escort.key
        self.model.ledger.put(
            self.model.now_h,
            kind,
            entity=load.key,
            other=escort if other is None else other,
            cause=cause,
            camp=(camp or load.destination).index,
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
        if team.unit.strength > 0.0 and not team.is_away:
            is_in_reach |= team.distance_km <= model.settings.clearance.team_reach_km
    return is_in_reach
