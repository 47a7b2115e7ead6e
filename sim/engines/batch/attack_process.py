"""When cells may attack: candidates at a ceiling, thinned by their strength and motivation.

Candidate times lie at the ceiling and depend on the key alone: the cell, the kind of attack and a
number. With a rate of 0 there are none. Kinds of attack are numbered: those on camps in the order
of their turn, then gunfire on the road.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.draws import waiting_time
from sim.engines.batch import acts, agenda, politics
from sim.engines.batch.cell_state import is_active, strength_now
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    STREAM_CAMP_ATTACK_ACCEPTED,
    STREAM_CAMP_ATTACK_TIME,
    STREAM_GUNFIRE_ACCEPTED,
    STREAM_GUNFIRE_TIME,
    TURN_CAMP_ATTACK,
    TURN_GUNFIRE,
)
from sim.engines.batch.keys import plain_key
from sim.engines.batch.shape import Shape
from sim.engines.batch.thinning import ATTACKS, acceptance
from sim.rules.attack import attack_rate_per_day
from sim.world.settings.attacks import Attacks
from sim.world.severities import KINDS_PER_CELL, severities
from sim.world.world import World

GUNFIRE = len(severities(Attacks()))
"""The number of gunfire; those below it are attacks on camps."""
N_KINDS = GUNFIRE + 1


def state_fields(shape: Shape) -> list[Any]:
    """Rates of candidates by kind of attack, and candidates so far by cell and kind."""
    return [
        ("ceiling_per_day", np.float64, (N_KINDS,)),
        ("n_candidates", np.int64, (shape.n_cells, N_KINDS)),
    ]


def world_fields(shape: Shape) -> list[Any]:
    """By kind of attack: how often it is tried, and what it is called in draws."""
    return [("per_month", np.float64, (N_KINDS,)), ("other", np.int64, (N_KINDS,))]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """As the settings at the start have them, when all processes begin."""
    attacks = (world.scenario.before or world.scenario).attacks
    for kind, severity in enumerate(severities(attacks)):
        table["per_month"][kind] = severity.per_month
        table["other"][kind] = int(severity.cause)
    table["per_month"][GUNFIRE] = attacks.gunfire_per_month
    table["other"][GUNFIRE] = 0


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Every cell waits for its first chance at every kind of attack."""
    for cell in range(world.cell.n_cells):
        for kind in range(N_KINDS):
            per_month = world.attack_process.per_month[kind]
            state.attack_process.ceiling_per_day[kind] = (
                settings.attacks.ceiling_factor * attack_rate_per_day(per_month, world.cell.n_cells)
            )
            if per_month > 0.0:
                _await_candidate(state, world, cell, kind, 0.0)


@kernel
def _await_candidate(state, world, cell, kind, from_h):  # type: ignore[no-untyped-def]
    key, number = world.cell.key[cell], state.attack_process.n_candidates[cell, kind]
    is_gunfire = kind == GUNFIRE
    stream = STREAM_GUNFIRE_TIME if is_gunfire else STREAM_CAMP_ATTACK_TIME
    wait_days = waiting_time(
        draw(state, stream, key, world.attack_process.other[kind], number),
        state.attack_process.ceiling_per_day[kind],
    )
    agenda.add(
        state,
        from_h + wait_days * HOURS_PER_DAY,
        TURN_GUNFIRE if is_gunfire else TURN_CAMP_ATTACK,
        plain_key(key),
        # Kinds of attack that share a turn are kept apart by their part of the count.
        number * KINDS_PER_CELL + (0 if is_gunfire else kind),
        0,
        acts.GUNFIRE if is_gunfire else acts.CAMP_ATTACK,
        cell * N_KINDS + kind,
    )


@kernel
def decided(state, world, settings, cell, kind):  # type: ignore[no-untyped-def]
    """Number of the attack that a cell makes at a candidate time, or -1 where it makes none.

    Candidates are thinned from the ceiling to the present rate.
    """
    number = state.attack_process.n_candidates[cell, kind]
    state.attack_process.n_candidates[cell, kind] += 1
    _await_candidate(state, world, cell, kind, state.model.now_h)
    if not is_active(state, settings, cell):
        return -1
    chance = acceptance(
        state,
        strength_now(state, settings, cell) * politics.motivation(state, world, settings),
        settings.attacks.ceiling_factor,
        ATTACKS,
        cell,
    )
    stream = STREAM_GUNFIRE_ACCEPTED if kind == GUNFIRE else STREAM_CAMP_ATTACK_ACCEPTED
    other = world.attack_process.other[kind]
    if draw(state, stream, world.cell.key[cell], other, number) < chance:
        return number
    return -1
