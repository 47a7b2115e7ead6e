"""A meeting: a convoy or patrol comes to a device, finds it, sets it off, or passes it unharmed."""

import math

from sim.compiled import handler, kernel
from sim.draws import MEETINGS_PER_PAIR
from sim.engines.batch.chance import draw
from sim.engines.batch.clearance_team import find_chance_ahead, is_searching_ahead, make_safe
from sim.engines.batch.codes import (
    KIND_REROUTED,
    ROUTING_POLICY_SHORTEST,
    STREAM_ENCOUNTER_FIND,
    STREAM_ENCOUNTER_STRIKE,
)
from sim.engines.batch.convoy import (
    cause_of,
    plan_next,
    settle,
    strike_chance_per_vehicle,
    take_way,
    training_level,
)
from sim.engines.batch.devices import end, find, index_of, tell
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import PATROL, put
from sim.engines.batch.rerouting import way_from_here
from sim.engines.batch.routes import camp_at_end_of_way
from sim.engines.batch.status import NO_ROOM, Room, Status, fail
from sim.engines.batch.strikes import strike
from sim.rules.encounter import (
    find_probability_at_pace,
    find_probability_of_both,
    find_probability_on_road,
    strike_probability,
)
from sim.rules.training import trained_find_probability

ROOM = int(Room["n_meetings"])
MEETINGS_OUT = int(Status.MEETINGS_OUT)


@handler
def meet(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """Reach a device: find it, set it off, or pass it unharmed."""
    slot = who
    convoy = state.convoy
    if not convoy.is_used[slot] or version != convoy.version[slot]:
        return
    key = convoy.meeting_key[slot]
    convoy.leg[slot] = convoy.next_leg[slot]
    convoy.along_km[slot] = convoy.next_km[slot]
    convoy.passed_key[slot] = convoy.next_key[slot]
    i = index_of(state, key)
    if i >= 0:
        is_decoy = state.devices.is_decoy[i]
        halt_h = _encounter(state, world, settings, slot, i)
        if halt_h > 0.0:
            settle(state, world, settings, slot)
            convoy.driven_h[slot] = convoy.next_drive_h[slot]
            convoy.resumed_h[slot] = state.model.now_h + halt_h
        if not is_decoy and index_of(state, key) < 0:
            _ask_for_way(state, world, settings, slot)
    plan_next(state, world, settings, slot)


@kernel
def _encounter(state, world, settings, slot, i):  # type: ignore[no-untyped-def]
    """Let chance decide about one device; hours of halt that follow."""
    convoy, device = state.convoy, state.devices
    key, segment, placed_h = device.key[i], device.segment[i], device.placed_h[i]
    cell, is_decoy, concealment = device.cell[i], device.is_decoy[i], device.concealment[i]
    source_key = convoy.source_key[slot]
    count = _meeting_count(state, slot, key)
    drawn = draw(state, STREAM_ENCOUNTER_FIND, key, source_key, count)
    if drawn < _find_chance(state, world, settings, slot, concealment):
        halt_h = settings.routing.find_halt_h
        find(state, world, settings, i, convoy.key[slot], cause_of(state, slot), halt_h)
        if convoy.team[slot] >= 0:
            make_safe(state, world, settings, convoy.team[slot], key, segment, is_decoy)
        return halt_h
    if is_decoy:
        return 0.0
    chance = settings.threat.fixed_strike_probability
    if math.isnan(chance):  # none is given
        chance = strike_probability(
            strike_chance_per_vehicle(state, settings, slot),
            convoy.n_escort[slot] + convoy.n_load[slot],
        )
    if draw(state, STREAM_ENCOUNTER_STRIKE, key, source_key, count) >= chance:
        return 0.0
    end(state, i)
    strike(state, world, settings, slot, key, segment, placed_h, count)
    tell(state, world, settings, segment, cell, True)
    return settings.routing.strike_halt_h


@kernel
def _meeting_count(state, slot, key):  # type: ignore[no-untyped-def]
    """The count of the draws on this meeting, as `sim.draws.meeting_count` has it."""
    convoy = state.convoy
    place = 0
    while place < convoy.n_met[slot] and convoy.met_key[slot, place] != key:
        place += 1
    if place == convoy.n_met[slot]:
        if place >= convoy.met_key.shape[1]:
            fail(state, NO_ROOM, ROOM, 0)
            return 0
        convoy.met_key[slot, place] = key
        convoy.met_times[slot, place] = 0
        convoy.n_met[slot] = place + 1
    n_before = convoy.met_times[slot, place]
    convoy.met_times[slot, place] = n_before + 1
    if n_before >= MEETINGS_PER_PAIR:
        fail(state, MEETINGS_OUT, n_before, 0)
        return 0
    return convoy.number[slot] * MEETINGS_PER_PAIR + n_before


@kernel
def _find_chance(state, world, settings, slot, concealment):  # type: ignore[no-untyped-def]
    """Probability that the convoy, or the team ahead of it, finds a device first."""
    chance = _own_find_chance(state, settings, slot, concealment)
    team = state.convoy.team[slot]
    if team < 0 or not is_searching_ahead(state, team):
        return chance
    return find_probability_of_both(
        chance, find_chance_ahead(state, world, settings, team, concealment)
    )


@kernel
def _own_find_chance(state, settings, slot, concealment):  # type: ignore[no-untyped-def]
    threat, training = settings.threat, settings.training
    fixed = threat.fixed_find_probability
    if fixed == fixed:
        return fixed
    convoy = state.convoy
    base = (
        threat.find_probability_patrol
        if convoy.traffic[slot] == PATROL
        else threat.find_probability_convoy
    )
    chance = trained_find_probability(
        base,
        training_level(state, settings, slot),
        training.reference_level,
        training.trained_miss_ratio,
    )
    if convoy.is_escorted[slot]:
        chance = find_probability_at_pace(
            chance, convoy.search_km_per_day[slot], threat.find_reference_km_per_day
        )
    return find_probability_on_road(chance, concealment)


@kernel
def _ask_for_way(state, world, settings, slot):  # type: ignore[no-untyped-def]
    """After a find or a strike: ask for another way from here, and take it."""
    convoy, routing = state.convoy, settings.routing
    if convoy.traffic[slot] == PATROL or routing.policy == ROUTING_POLICY_SHORTEST:
        return
    if not routing.reroute_after_find:
        return
    convoy.n_asked[slot] += 1
    if not way_from_here(state, world, settings, slot):
        return
    unit = convoy.unit[slot]
    total_h = convoy.drive_h[slot, convoy.n_legs[slot]]
    put(
        state,
        KIND_REROUTED,
        convoy.segments[slot, convoy.leg[slot]],
        convoy.key[slot],
        NOBODY if unit < 0 else plain_key(world.unit.key[unit]),
        cause_of(state, slot),
        camp_at_end_of_way(state, world),
        0,
        0,
        0,
        0,
        state.way.drive_h[state.way.n_legs] - total_h,
        0.0,
    )
    take_way(state, settings, slot)
