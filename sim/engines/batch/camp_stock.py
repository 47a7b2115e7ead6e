"""A camp's place in the tree of supply, its people, its stock and what it needs a day.

A camp has a lower number than all camps behind it, at the beginning and after a hub has closed; so
the needs of all camps are added up from the last camp to the first, without recursion.
"""

import math
from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.draws import entity_key
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import STREAM_INITIAL_STOCK, SUPPLY_PROCESS_POLICY
from sim.engines.batch.shape import Shape
from sim.rules.supply import consumption_t_per_day, dry_days, stock_after
from sim.world.scenario import parse_date
from sim.world.world import World


def state_fields(shape: Shape) -> list[Any]:
    """What camps have, and the loads that they are to send or have sent, in order."""
    n, n_loads = shape.n_camps, shape.n_loads
    return [
        ("garrison", np.float64, (n,)),
        ("stock_t", np.float64, (n,)),
        ("on_order_t", np.float64, (n,)),
        ("settled_h", np.float64, (n,)),
        ("is_closed", np.int8, (n,)),
        ("hub", np.int64, (n,)),
        ("n_trucks_out", np.int64, (n,)),
        ("n_trucks_taken_over", np.float64, (n,)),
        ("n_ordered", np.int64, (n,)),
        ("n_waiting", np.int64, (n,)),
        ("waiting", np.int64, (n, n_loads)),
        ("n_on_road", np.int64, (n,)),
        ("on_road", np.int64, (n, n_loads)),
        ("whole", np.int64, (n_loads,)),
        ("is_flow_known", np.int8),
        ("flow_kg_per_person_day", np.float64),
        ("flow_t", np.float64, (n,)),
    ]


def world_fields(shape: Shape) -> list[Any]:
    """Sites; trucks and escorts by [whose settings]; companies by camp, in their own order."""
    n = shape.n_camps
    return [
        ("n_camps", np.int64),
        ("junction", np.int64, (n,)),
        ("hub", np.int64, (n,)),
        ("key", np.int64, (n,)),
        ("convoy_key", np.int64, (n,)),
        ("withdrawal_key", np.int64, (n,)),
        ("unit_start", np.int64, (n + 1,)),
        ("units", np.int64, (shape.n_units,)),
        ("trucks", np.float64, (2, n)),
        ("is_unescorted", np.int8, (2, n)),
        ("closes_h", np.float64, (n,)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """A camp that stays closes never; one without a hub is the source of supply."""
    n = len(world.camps)
    table["n_camps"] = n
    table["junction"][:n] = [camp.junction for camp in world.camps]
    table["hub"][:] = -1
    table["hub"][:n] = [-1 if camp.hub is None else camp.hub for camp in world.camps]
    for field, prefix in (
        ("key", "camp"),
        ("convoy_key", "convoy"),
        ("withdrawal_key", "withdrawal"),
    ):
        table[field][:n] = [entity_key(f"{prefix}/{name}") for name in world.camp_ids]
    n_placed = 0
    for index, name in enumerate(world.camp_ids):
        units = [unit for unit, company in enumerate(world.companies) if company.camp == name]
        table["unit_start"][index] = n_placed
        table["units"][n_placed : n_placed + len(units)] = units
        n_placed += len(units)
    table["unit_start"][n:] = n_placed
    for which, scenario in enumerate((world.scenario.before or world.scenario, world.scenario)):
        supply = scenario.supply
        for index, name in enumerate(world.camp_ids):
            table["trucks"][which, index] = supply.trucks_by_hub.get(name, supply.trucks_elsewhere)
            table["is_unescorted"][which, index] = supply.unescorted_hubs.get(name, False)
    table["closes_h"][:] = np.inf
    for name, day in world.scenario.force.closures.items():
        closes_h = world.clock.hour_of(parse_date(f"force.closures.{name}", day))
        table["closes_h"][world.camp_ids.index(name)] = max(closes_h, world.clock.decision_h)


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Camps are empty until companies join."""
    for camp in range(world.camp.n_camps):
        state.camp.hub[camp] = world.camp.hub[camp]


# Stock.


@kernel
def consumption_t(state, settings, camp):  # type: ignore[no-untyped-def]
    """What the garrison needs a day, t."""
    return consumption_t_per_day(state.camp.garrison[camp], settings.supply.kg_per_person_day)


@kernel
def flow_t(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """What must come in a day, for itself and for all camps behind it, t."""
    if (
        state.camp.is_flow_known == 0
        or state.camp.flow_kg_per_person_day != settings.supply.kg_per_person_day
    ):
        _add_up_flows(state, world, settings)
    return state.camp.flow_t[camp]


@kernel
def _add_up_flows(state, world, settings):  # type: ignore[no-untyped-def]
    """Each camp's own need first, then what those behind it need, by their number."""
    for camp in range(world.camp.n_camps - 1, -1, -1):
        total_t = consumption_t(state, settings, camp)
        for other in range(camp + 1, world.camp.n_camps):
            if state.camp.hub[other] == camp and state.camp.is_closed[other] == 0:
                total_t += state.camp.flow_t[other]
        state.camp.flow_t[camp] = total_t
    state.camp.flow_kg_per_person_day = settings.supply.kg_per_person_day
    state.camp.is_flow_known = 1


@kernel
def forget_flows(state):  # type: ignore[no-untyped-def]
    """People or the tree of supply have changed: what camps need is added up anew when asked."""
    state.camp.is_flow_known = 0


@kernel
def count_people(state, world, camp):  # type: ignore[no-untyped-def]
    """Add its people up anew, so that nobody is exactly nobody and no dust of arithmetic."""
    garrison = 0.0
    for place in range(world.camp.unit_start[camp], world.camp.unit_start[camp + 1]):
        garrison += state.unit.strength[world.camp.units[place]]
    state.camp.garrison[camp] = garrison
    forget_flows(state)


@kernel
def fill(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Stock at the beginning."""
    if state.camp.hub[camp] < 0:
        return
    supply = settings.supply
    off = 2.0 * draw(state, STREAM_INITIAL_STOCK, world.camp.key[camp], 0, 0) - 1.0
    days = supply.initial_stock_days * (1.0 + supply.initial_stock_spread * off)
    state.camp.stock_t[camp] = days * flow_t(state, world, settings, camp)


@kernel
def settle(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Bring stock and person-days to the present."""
    now_h = state.model.now_h
    elapsed_days = (now_h - state.camp.settled_h[camp]) / HOURS_PER_DAY
    state.camp.settled_h[camp] = now_h
    garrison = state.camp.garrison[camp]
    state.sums.troop_days[camp] += garrison * elapsed_days
    if state.camp.hub[camp] < 0 or settings.supply.process != SUPPLY_PROCESS_POLICY:
        return
    need_t = consumption_t(state, settings, camp)
    stock_t = state.camp.stock_t[camp]
    state.sums.stockout_person_days[camp] += garrison * dry_days(stock_t, elapsed_days, need_t)
    state.camp.stock_t[camp] = stock_after(stock_t, elapsed_days, need_t)


# What a hub can send.


@kernel
def trucks(state, world, camp):  # type: ignore[no-untyped-def]
    """Trucks based here, with those of closed camps that it took over."""
    own = world.camp.trucks[state.model.is_decided, camp]
    return own + state.camp.n_trucks_taken_over[camp]


@kernel
def most_trucks(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Trucks of a full convoy from here: no more than there are, if there are any."""
    most = settings.supply.load_vehicles
    n_here = math.floor(trucks(state, world, camp))
    return min(most, n_here) if n_here > 0 else most


@kernel
def needs_escort_to(state, world, camp, destination):  # type: ignore[no-untyped-def]
    """Whether convoys from here to there are escorted.

    A camp taken over from a hub that closed is reached under escort alone.
    """
    return (
        world.camp.is_unescorted[state.model.is_decided, camp] == 0
        or world.camp.hub[destination] != camp
    )


@kernel
def n_escort_vehicles(settings, n_loads):  # type: ignore[no-untyped-def]
    """Escort vehicles of a convoy: in proportion to its trucks, with a least number."""
    most = settings.supply.escort_vehicles
    in_proportion = math.ceil(most * n_loads / settings.supply.load_vehicles - 1e-9)
    return max(min(settings.supply.min_escort_vehicles, most), in_proportion)
