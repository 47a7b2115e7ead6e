"""Gunfire on the road: alone, or after a strike."""

from typing import Any

import numpy as np

from sim.compiled import handler, kernel
from sim.engines.batch import evacuation
from sim.engines.batch.attack_process import GUNFIRE, N_KINDS, decided
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    KIND_FOLLOW_ON_FIRE,
    KIND_GUNFIRE,
    STREAM_FOLLOW_ON,
    STREAM_GUNFIRE_KILLED,
    STREAM_GUNFIRE_TARGET,
    STREAM_GUNFIRE_WOUNDED,
)
from sim.engines.batch.convoy import cause_of, leg_at, training_level
from sim.engines.batch.keys import plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.shape import Shape
from sim.rules.attack import n_killed_in_attack
from sim.rules.emplacement import chosen_place
from sim.rules.others import n_victims
from sim.rules.travel import driving_done_h

OTHER = 0
"""What `other` is in the draws of gunfire that comes alone."""


def state_fields(shape: Shape) -> list[Any]:
    """Room for those who are on the road, by their keys."""
    n = (shape.n_convoys,)
    return [("slot", np.int64, n), ("segment", np.int64, n), ("weight", np.float64, n)]


@handler
def decide(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """A cell fires, or not; `who` is the cell and the kind of attack in one number."""
    cell = who // N_KINDS
    number = decided(state, world, settings, cell, GUNFIRE)
    if number >= 0:
        attack(state, world, settings, cell, number)


@kernel
def attack(state, world, settings, cell, number):  # type: ignore[no-untyped-def]
    """Fire at one of those on the road in reach, each vehicle as likely as any other."""
    key = world.cell.key[cell]
    slots, segments = state.road_fire.slot, state.road_fire.segment
    weights = state.road_fire.weight
    n = by_key(state, slots)
    for place in range(n):
        slot = slots[place]
        segments[place] = segment_of(state, settings, slot)
        weights[place] = 0.0
        if is_in_reach(state, world, cell, segments[place]):
            weights[place] = float(state.convoy.n_escort[slot] + state.convoy.n_load[slot])
    place = chosen_place(draw(state, STREAM_GUNFIRE_TARGET, key, OTHER, number), weights, n, 0.0)
    if place >= 0:
        fire_at(
            state, world, settings, slots[place], KIND_GUNFIRE, segments[place], plain_key(key),
            key, OTHER, number, key, OTHER, number, 0,
        )  # fmt: skip


@kernel
def by_key(state, slots):  # type: ignore[no-untyped-def]
    """Fill in the slots of all on the road, in order of their keys; how many there are."""
    n = state.convoy.n_moving
    for place in range(n):
        slot = state.convoy.moving[place]
        key = state.convoy.key[slot]
        at = place
        while at > 0 and state.convoy.key[slots[at - 1]] > key:
            slots[at] = slots[at - 1]
            at -= 1
        slots[at] = slot
    return n


@kernel
def is_in_reach(state, world, cell, segment):  # type: ignore[no-untyped-def]
    """Whether a piece of road is one of those where a cell acts."""
    home = state.cell.home[cell]
    for place in range(world.cell.first_candidate[home], world.cell.first_candidate[home + 1]):
        if world.cell.segment[place] == segment:
            return True
    return False


@kernel
def segment_of(state, settings, slot):  # type: ignore[no-untyped-def]
    """The piece of road on which a convoy is now; a halted one stays where it halted."""
    convoy, now_h = state.convoy, state.model.now_h
    hours = convoy.driven_h[slot]
    if now_h > convoy.resumed_h[slot]:
        routing = settings.routing
        hours += driving_done_h(
            convoy.resumed_h[slot], now_h, routing.daylight_start_h, routing.daylight_end_h
        )
    leg = min(leg_at(state, slot, hours), convoy.n_legs[slot] - 1)
    return int(convoy.segments[slot, leg])


@kernel
def fire_after_strike(  # type: ignore[no-untyped-def]
    state, world, settings, slot, device_key, segment, count, n_dead
):
    """Perhaps gunfire follows a strike that has killed `n_dead` of the mission.

    Device, source of the convoy and count name the draws of the meeting.
    """
    source_key = state.convoy.source_key[slot]
    if (
        draw(state, STREAM_FOLLOW_ON, device_key, source_key, count)
        >= settings.attacks.follow_on_probability
    ):
        return
    # The strike has used the even counts of this meeting's evacuations.
    fire_at(
        state, world, settings, slot, KIND_FOLLOW_ON_FIRE, segment, plain_key(device_key),
        device_key, source_key, count, device_key, source_key, 2 * count + 1, n_dead,
    )  # fmt: skip


@kernel
def fire_at(  # type: ignore[no-untyped-def]
    state, world, settings, slot, kind, segment, entity, key, other, count,
    evacuation_key, evacuation_other, evacuation_count, n_dead,
):  # fmt: skip
    """What gunfire does to a convoy or patrol: killed, wounded, and the row about it.

    It falls on those who guard; where nobody does, on the drivers, who count as contractors.
    `key`, `other` and `count` name its draws.
    """
    attacks = settings.attacks
    n_escort = state.convoy.n_escort[slot]
    is_guarded = n_escort > 0
    if is_guarded:
        n_people = n_escort * settings.force.vehicle_occupants - n_dead
    else:
        n_people = state.convoy.n_load[slot] * settings.supply.truck_occupants
    killed = n_killed_in_attack(
        draw(state, STREAM_GUNFIRE_KILLED, key, other, count),
        attacks.gunfire_fatal,
        attacks.gunfire_severity_exponent,
        min(attacks.gunfire_most_killed, n_people),
    )
    wounded = min(
        n_people - killed,
        n_victims(draw(state, STREAM_GUNFIRE_WOUNDED, key, other, count), attacks.gunfire_wounded),
    )
    died = 0
    if is_guarded:
        died = evacuation.n_died(
            state, settings, wounded,
            evacuation.delay_from_road_h(state, world, settings, segment),
            training_level(state, settings, slot),
            evacuation_key, evacuation_other, evacuation_count,
        )  # fmt: skip
    put(
        state,
        kind,
        segment,
        entity,
        state.convoy.key[slot],
        cause_of(state, slot),
        -1,
        killed + died if is_guarded else 0,
        wounded - died if is_guarded else 0,
        0,
        0 if is_guarded else killed + wounded,
        0.0,
        0.0,
    )
