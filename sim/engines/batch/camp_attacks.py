"""Attacks on camps: which camp in reach, how many are killed and wounded."""

from typing import Any

import numpy as np

from sim.compiled import handler, kernel
from sim.engines.batch import evacuation
from sim.engines.batch.attack_process import GUNFIRE, N_KINDS, decided
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    KIND_CAMP_ATTACKED,
    STREAM_CAMP_ATTACK_KILLED,
    STREAM_CAMP_ATTACK_TARGET,
    STREAM_CAMP_ATTACK_WOUNDED,
)
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.shape import Shape
from sim.rules.attack import camp_weight, n_killed_in_attack
from sim.rules.emplacement import chosen_place
from sim.rules.others import n_victims
from sim.world.severities import severities
from sim.world.world import World


def state_fields(shape: Shape) -> list[Any]:
    """Room for the weights of the camps in reach of one cell."""
    return [("weight", np.float64, (shape.n_camps,))]


def world_fields(shape: Shape) -> list[Any]:
    """How severe each kind of attack is, in the order of their turn."""
    n = (GUNFIRE,)
    return [
        ("cause", np.int64, n),
        ("fatal", np.float64, n),
        ("exponent", np.float64, n),
        ("wounded", np.float64, n),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """As the settings at the start have them."""
    start = world.scenario.before or world.scenario
    for kind, severity in enumerate(severities(start.attacks)):
        table["cause"][kind] = int(severity.cause)
        table["fatal"][kind] = severity.fatal
        table["exponent"][kind] = severity.exponent
        table["wounded"][kind] = severity.wounded


@handler
def decide(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """A cell attacks, or not; `who` is the cell and the kind of attack in one number."""
    cell, kind = who // N_KINDS, who % N_KINDS
    number = decided(state, world, settings, cell, kind)
    if number >= 0:
        attack(state, world, settings, cell, kind, number)


@kernel
def attack(state, world, settings, cell, kind, number):  # type: ignore[no-untyped-def]
    """Attack one of the camps in reach; nothing happens where none has a garrison."""
    severity, key = world.camp_attacks, world.cell.key[cell]
    cause = severity.cause[kind]
    camp = chosen_camp(
        state, world, settings, cell, draw(state, STREAM_CAMP_ATTACK_TARGET, key, cause, number)
    )
    if camp < 0:
        return
    n_people = int(state.camp.garrison[camp])
    killed = n_killed_in_attack(
        draw(state, STREAM_CAMP_ATTACK_KILLED, key, cause, number),
        severity.fatal[kind],
        severity.exponent[kind],
        min(settings.attacks.camp_most_killed, n_people),
    )
    wounded = min(
        n_people - killed,
        n_victims(
            draw(state, STREAM_CAMP_ATTACK_WOUNDED, key, cause, number), severity.wounded[kind]
        ),
    )
    died = evacuation.n_died(
        state, settings, wounded,
        evacuation.delay_from_camp_h(state, world, settings, camp),
        evacuation.training_level_at(state, world, settings, camp),
        key, cause, number,
    )  # fmt: skip
    put(
        state, KIND_CAMP_ATTACKED, -1, plain_key(key), NOBODY, cause, camp,
        killed + died, wounded - died, 0, 0, 0.0, 0.0,
    )  # fmt: skip


@kernel
def chosen_camp(state, world, settings, cell, number):  # type: ignore[no-untyped-def]
    """The camp that a draw chooses, or -1."""
    home, weights = state.cell.home[cell], state.camp_attacks.weight
    n = world.cell.n_camps_to_attack[home]
    for place in range(n):
        garrison = state.camp.garrison[world.cell.camp_to_attack[home, place]]
        weights[place] = 0.0
        # Less than one person is nobody to attack.
        if garrison >= 1.0:
            weights[place] = camp_weight(
                garrison,
                world.cell.camp_distance_km[home, place],
                settings.attacks.camp_beta_distance_per_km,
            )
    place = chosen_place(number, weights, n, 0.0)
    return -1 if place < 0 else world.cell.camp_to_attack[home, place]
