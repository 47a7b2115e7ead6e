"""Layout: the records of state, world and settings, and the tables of a scenario that fill them.

Every part of the engine declares its own fields; here they are put together, one nested record a
part. A world's tables are filled once and shared by all runs and threads.
"""

import functools
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.draws import entity_key
from sim.engines.batch import (
    acts,
    agenda,
    attack_process,
    calendar,
    camp_attacks,
    camp_stock,
    cell_memory,
    cell_state,
    cell_strikes,
    clearance_team,
    closures,
    convoy,
    courses,
    devices,
    dispatch,
    evacuation,
    fixed_convoys,
    fixed_sweeps,
    grievance,
    ledger,
    load,
    memory,
    militant_cell,
    model,
    outside,
    patrol_candidates,
    patrol_ways,
    picture,
    politics,
    road,
    road_fire,
    routes,
    team_orders,
    unit_state,
    way,
)
from sim.engines.batch.bases import teams_of
from sim.engines.batch.settings import settings_records
from sim.engines.batch.shape import NeedsRoom, Shape, grown, room_for, shape_for
from sim.world.scenario import Scenario
from sim.world.world import World, build_world

STATE_PARTS = {
    "model": model.state_fields,
    "agenda": agenda.state_fields,
    "rows": ledger.row_fields,
    "sums": ledger.sum_fields,
    "memory": memory.state_fields,
    "cell_memory": cell_memory.state_fields,
    "picture": picture.state_fields,
    "politics": politics.state_fields,
    "grievance": grievance.state_fields,
    "devices": devices.state_fields,
    "convoy": convoy.state_fields,
    "way": way.state_fields,
    "routes": routes.state_fields,
    "patrols": patrol_ways.state_fields,
    "candidates": patrol_candidates.state_fields,
    "outside": outside.state_fields,
    "unit": unit_state.state_fields,
    "courses": courses.state_fields,
    "camp": camp_stock.state_fields,
    "load": load.state_fields,
    "dispatch": dispatch.state_fields,
    "closures": closures.state_fields,
    "team": clearance_team.state_fields,
    "orders": team_orders.state_fields,
    "cell": cell_state.state_fields,
    "cell_strikes": cell_strikes.state_fields,
    "militant_cell": militant_cell.state_fields,
    "attack_process": attack_process.state_fields,
    "camp_attacks": camp_attacks.state_fields,
    "road_fire": road_fire.state_fields,
    "fixed_convoys": fixed_convoys.state_fields,
    "fixed_sweeps": fixed_sweeps.state_fields,
}
WORLD_PARTS = {
    "handlers": (acts.world_fields, acts.fill_world),
    "calendar": (calendar.world_fields, calendar.fill_world),
    "road": (road.world_fields, road.fill_world),
    "near": (devices.near_fields, devices.fill_near),
    "camp": (camp_stock.world_fields, camp_stock.fill_world),
    "unit": (unit_state.world_fields, unit_state.fill_world),
    "team": (clearance_team.world_fields, clearance_team.fill_world),
    "orders": (team_orders.world_fields, team_orders.fill_world),
    "cell": (cell_state.world_fields, cell_state.fill_world),
    "attack_process": (attack_process.world_fields, attack_process.fill_world),
    "camp_attacks": (camp_attacks.world_fields, camp_attacks.fill_world),
    "evacuation": (evacuation.world_fields, evacuation.fill_world),
    "politics": (politics.world_fields, politics.fill_world),
    "patrols": (patrol_ways.world_fields, patrol_ways.fill_world),
}
N_KEPT = 16
"""Scenarios whose tables are kept."""


@dataclass(frozen=True, eq=False)
class Tables:
    """A scenario as compiled code reads it.

    `world` is a recarray with one element of nested records; `laws` holds the settings up to the
    decision, and from then on.
    """

    scenario: Scenario
    of: World
    shape: Shape
    state_type: np.dtype
    world: Any
    laws: Any
    names: dict[int, str]

    @property
    def is_decided(self) -> int:
        """1 where nothing changes at the decision."""
        return int(self.scenario.before is None)

    @property
    def cell_by_key(self) -> dict[int, tuple[int, str]]:
        """The first device key and the name of a cell, by its own key."""
        return {
            entity_key(f"cell/{cell.name}"): (entity_key(f"device/{cell.name}"), cell.name)
            for cell in self.of.cells
        }

    def with_more_room(self, room: int) -> "Tables":
        """The same with twice the room in one place, kept for the runs to come.

        Where another thread has made room in the meantime, that may be enough.
        """
        with _lock:
            kept = _kept.get(id(self.scenario), self)
            if kept is not self:
                return kept
            return _keep(_filled(self.scenario, self.of, grown(self.shape, room)))


_kept: OrderedDict[int, Tables] = OrderedDict()
_lock = threading.Lock()


def tables_of(scenario: Scenario) -> Tables:
    """The tables of a scenario, filled on the first call."""
    with _lock:
        tables = _kept.get(id(scenario))
        if tables is not None:  # the scenario is kept with them, so its id is its own
            _kept.move_to_end(id(scenario))
            return tables
        world = build_world(scenario)
        return _keep(_filled(scenario, world, shape_for(world)))


def _keep(tables: Tables) -> Tables:
    _kept[id(tables.scenario)] = tables
    while len(_kept) > N_KEPT:
        _kept.popitem(last=False)
    return tables


def new_state(tables: Tables) -> Any:
    """A state, all zero: recarray with one element."""
    return np.zeros(1, tables.state_type).view(np.recarray)


def record_type(parts: dict[str, list[Any]]) -> np.dtype:
    """Nested records, one a part."""
    return np.dtype(
        [(name, np.dtype(fields, align=True)) for name, fields in parts.items()],
        align=True,
    )


@functools.cache
def _state_type(shape: Shape) -> np.dtype:
    """One object for all scenarios of a shape, so that types need not be compared part by part."""
    return record_type({name: fields(shape) for name, fields in STATE_PARTS.items()})


def _filled(scenario: Scenario, world: World, shape: Shape) -> Tables:
    while True:
        table_type = record_type({name: fields(shape) for name, (fields, _) in WORLD_PARTS.items()})
        table = np.zeros(1, table_type).view(np.recarray)
        try:
            for name, (_, fill) in WORLD_PARTS.items():
                fill(table[0][name], world, shape)
        except NeedsRoom as needs:
            standard = getattr(shape, needs.room)
            shape = shape._replace(**{needs.room: room_for(standard, needs.count)})
            continue
        return Tables(
            scenario=scenario,
            of=world,
            shape=shape,
            state_type=_state_type(shape),
            world=table,
            laws=settings_records(scenario.before or scenario, scenario),
            names=_names(world),
        )


def _names(world: World) -> dict[int, str]:
    """Names of what is there from the start."""
    names = {entity_key(f"unit/{company.name}"): company.name for company in world.companies}
    names |= {entity_key(f"cell/{cell.name}"): cell.name for cell in world.cells}
    for unit, number in teams_of(world):
        company = world.companies[unit].name
        names[entity_key(f"team/{company}/{number}")] = f"team {number} of {company}"
    return names
