"""Strikes on a cell: by the mission, on intelligence or a tip, and by the parallel operation.

Candidates come at a ceiling and are thinned to the rate of the moment. The number of a kind of
strike is its part of the key of every draw.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.draws import waiting_time
from sim.engines.batch import acts, agenda, grievance, politics
from sim.engines.batch.cell_state import is_active, lose
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    CAUSE_COUNTER_TERROR,
    CAUSE_RAID,
    STREAM_CELL_STRIKE_ACCEPTED,
    STREAM_CELL_STRIKE_CIVILIANS,
    STREAM_CELL_STRIKE_TIME,
    TURN_CELL_STRIKE,
    UNIT_TYPE_ISR,
)
from sim.engines.batch.keys import plain_key
from sim.engines.batch.shape import Shape
from sim.engines.batch.thinning import STRIKES, acceptance
from sim.rules.attrition import REFERENCE_PEOPLE, raids_per_month, tip_raids_per_month
from sim.rules.emplacement import DAYS_PER_MONTH
from sim.rules.others import n_victims

INTELLIGENCE, TIP, COUNTER_TERROR = range(3)
N_PROCESSES = 3


def state_fields(shape: Shape) -> list[Any]:
    """Kinds of strike as the settings at the start have them; candidates so far."""
    n = (N_PROCESSES,)
    return [
        ("ceiling_per_month", np.float64, n),
        ("loss", np.float64, n),
        ("civilians", np.float64, n),
        ("counter_terror_per_month", np.float64),
        ("n_candidates", np.int64, (shape.n_cells, N_PROCESSES)),
    ]


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Every cell waits for its first candidate of each kind."""
    attrition, strikes, n_cells = settings.attrition, state.cell_strikes, world.cell.n_cells
    if n_cells == 0:
        return
    counter_terror = attrition.counter_terror_per_month / n_cells
    strikes.counter_terror_per_month = counter_terror
    strikes.ceiling_per_month[INTELLIGENCE] = attrition.strikes_ceiling_factor * raids_per_month(
        attrition.raids_per_month_per_100, REFERENCE_PEOPLE, n_cells
    )
    # No more than at full progress and without grievance.
    strikes.ceiling_per_month[TIP] = attrition.tips_per_month * attrition.raids_per_tip / n_cells
    strikes.ceiling_per_month[COUNTER_TERROR] = counter_terror
    for number in range(N_PROCESSES):
        strikes.loss[number] = attrition.raid_loss
        strikes.civilians[number] = attrition.raid_civilians
    strikes.loss[COUNTER_TERROR] = attrition.counter_terror_loss
    strikes.civilians[COUNTER_TERROR] = attrition.counter_terror_civilians
    for cell in range(n_cells):
        for number in range(N_PROCESSES):
            _await(state, world, cell, number, 0.0)


@kernel
def _await(state, world, cell, number, from_h):  # type: ignore[no-untyped-def]
    ceiling_per_month = state.cell_strikes.ceiling_per_month[number]
    if ceiling_per_month == 0.0:
        return
    key, count = world.cell.key[cell], state.cell_strikes.n_candidates[cell, number]
    days = waiting_time(
        draw(state, STREAM_CELL_STRIKE_TIME, key, number, count),
        ceiling_per_month / DAYS_PER_MONTH,
    )
    # Kinds of strike on one cell share its key, so the kind is a part of the count.
    agenda.add(
        state,
        from_h + days * HOURS_PER_DAY,
        TURN_CELL_STRIKE,
        plain_key(key),
        count * N_PROCESSES + number,
        0,
        acts.CELL_STRIKE,
        cell * N_PROCESSES + number,
    )


@handler
def happen(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """A candidate: the cell is struck, if it is there and the rate of the moment has it so.

    `who` is the cell and the kind of strike in one number.
    """
    strikes = state.cell_strikes
    cell, number = who // N_PROCESSES, who % N_PROCESSES
    key, count = world.cell.key[cell], strikes.n_candidates[cell, number]
    strikes.n_candidates[cell, number] += 1
    _await(state, world, cell, number, state.model.now_h)
    chance = acceptance(
        state,
        rate_per_month(state, world, settings, cell, number),
        strikes.ceiling_per_month[number],
        STRIKES,
        cell,
    )
    if (
        not is_active(state, settings, cell)
        or draw(state, STREAM_CELL_STRIKE_ACCEPTED, key, number, count) >= chance
    ):
        return
    civilians = n_victims(
        draw(state, STREAM_CELL_STRIKE_CIVILIANS, key, number, count), strikes.civilians[number]
    )
    cause = CAUSE_COUNTER_TERROR if number == COUNTER_TERROR else CAUSE_RAID
    lose(state, world, settings, cell, strikes.loss[number], cause, -1, civilians)


@kernel
def rate_per_month(state, world, settings, cell, number):  # type: ignore[no-untyped-def]
    """How often strikes of one kind come to a cell now."""
    if number == INTELLIGENCE:
        return _raids_per_month(state, world, settings, cell)
    if number == TIP:
        return _tip_raids_per_month(state, world, settings, cell)
    return state.cell_strikes.counter_terror_per_month


@kernel
def _raids_per_month(state, world, settings, cell):  # type: ignore[no-untyped-def]
    home, people = state.cell.home[cell], 0.0
    for unit in range(world.unit.n_units):
        if (
            world.unit.unit_type[unit] == UNIT_TYPE_ISR
            and world.cell.is_raided_from[home, world.unit.camp[unit]] != 0
        ):
            people += state.unit.strength[unit]
    return raids_per_month(settings.attrition.raids_per_month_per_100, people, world.cell.n_cells)


@kernel
def _tip_raids_per_month(state, world, settings, cell):  # type: ignore[no-untyped-def]
    attrition, home = settings.attrition, state.cell.home[cell]
    is_anybody_there = False
    for camp in range(world.camp.n_camps):
        if world.cell.is_raided_from[home, camp] != 0 and state.camp.garrison[camp] > 0.0:
            is_anybody_there = True
    if not is_anybody_there:
        return 0.0  # nobody who could follow a tip
    return tip_raids_per_month(
        attrition.tips_per_month,
        politics.progress(state, world, settings),
        grievance.now(state, settings),
        attrition.tips_lost_to_grievance,
        attrition.raids_per_tip,
        world.cell.n_cells,
    )
