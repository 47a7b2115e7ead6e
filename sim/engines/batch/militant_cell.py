"""A cell: from time to time it decides whether, and where in its reach, to place a device.

It reads only what can be seen in its own area. Its devices are harder to find the more it has
placed.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.draws import KEYS_PER_SOURCE, WORD, numbered_key, waiting_time
from sim.engines.batch import acts, agenda, cell_state, cell_strikes, devices, grievance
from sim.engines.batch.cell_state import decisions_per_day, is_active, lose, strength_now
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    CAUSE_ARMY,
    CAUSE_CIVILIAN,
    CAUSE_NONE,
    CAUSE_OTHER_FORCE,
    CAUSE_PATROL,
    STREAM_CONCEALMENT,
    STREAM_DECOY,
    STREAM_EXPIRY_TIME,
    STREAM_OTHERS_CLASS,
    STREAM_OTHERS_TIME,
    STREAM_PATROL_CONTACT,
    STREAM_PLACEMENT_ACCEPTED,
    STREAM_PLACEMENT_POSITION,
    STREAM_PLACEMENT_SEGMENT,
    STREAM_PLACEMENT_TIME,
    TURN_EMPLACEMENT,
)
from sim.engines.batch.convoy import settle_traffic
from sim.engines.batch.keys import plain_key
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import Status, fail
from sim.engines.batch.thinning import DECISIONS, acceptance
from sim.errors import DrawError
from sim.rules.adaptation import skill_scale
from sim.rules.attrition import contact_probability
from sim.rules.emplacement import chosen_place, place_weights
from sim.rules.encounter import concealment_scale
from sim.rules.memory import seen_per_day
from sim.rules.others import others_hazard_per_day, victim_class

KEYS_OUT = int(Status.KEYS_OUT)
VICTIMS = (CAUSE_CIVILIAN, CAUSE_ARMY, CAUSE_OTHER_FORCE)


def state_fields(shape: Shape) -> list[Any]:
    """Room for the weights of the places in reach of one cell."""
    return [("weight", np.float64, (shape.n_segments,))]


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Cells take up their homes, and wait for strikes on them and for their first decisions."""
    cell_state.set_up(state, world, settings)
    cell_strikes.set_up(state, world, settings)
    for cell in range(world.cell.n_cells):
        _await_attempt(state, world, settings, cell, 0.0)


@kernel
def _await_attempt(state, world, settings, cell, from_h):  # type: ignore[no-untyped-def]
    ceiling = settings.threat.attempts_ceiling_factor * state.cell.base_per_day[cell]
    if ceiling == 0.0:
        return
    key, number = world.cell.key[cell], state.cell.n_attempts[cell]
    wait_days = waiting_time(draw(state, STREAM_PLACEMENT_TIME, key, 0, number), ceiling)
    agenda.add(
        state,
        from_h + wait_days * HOURS_PER_DAY,
        TURN_EMPLACEMENT,
        plain_key(key),
        number,
        0,
        acts.ATTEMPT,
        cell,
    )


@handler
def attempt(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """Cell `who` decides at a candidate time, thinned from its ceiling to the present rate."""
    number = state.cell.n_attempts[who]
    state.cell.n_attempts[who] += 1
    _await_attempt(state, world, settings, who, state.model.now_h)
    if not is_active(state, settings, who):
        return
    chance = acceptance(
        state,
        decisions_per_day(state, world, settings, who),
        settings.threat.attempts_ceiling_factor * state.cell.base_per_day[who],
        DECISIONS,
        who,
    )
    if draw(state, STREAM_PLACEMENT_ACCEPTED, world.cell.key[who], 0, number) >= chance:
        return
    segment = choose(state, world, settings, who, number)
    if segment < 0:
        return
    if is_met(state, world, settings, who, segment, number):
        lose(state, world, settings, who, settings.attrition.contact_loss, CAUSE_PATROL, segment, 0)
    else:
        place(state, world, settings, who, segment)


@kernel
def choose(state, world, settings, cell, number):  # type: ignore[no-untyped-def]
    """The piece of road, or -1 for nothing."""
    home = state.cell.home[cell]
    first, end = world.cell.first_candidate[home], world.cell.first_candidate[home + 1]
    if state.model.is_frozen != 0:
        kept = state.cell_memory
        _weigh(
            state, world, settings, first, end, kept.as_of_h, kept.traffic, kept.traffic_time_h,
            kept.patrols, kept.patrols_time_h, kept.success, kept.success_time_h, kept.pressure,
            kept.pressure_time_h,
        )  # fmt: skip
    else:
        settle_traffic(state, world, settings)
        seen = state.memory
        _weigh(
            state, world, settings, first, end, state.model.now_h, seen.traffic,
            seen.traffic_time_h, seen.patrols, seen.patrols_time_h, seen.success,
            seen.success_time_h, seen.pressure, seen.pressure_time_h,
        )  # fmt: skip
    chosen = chosen_place(
        draw(state, STREAM_PLACEMENT_SEGMENT, world.cell.key[cell], 0, number),
        state.militant_cell.weight,
        end - first,
        settings.threat.nothing_km,
    )
    return -1 if chosen < 0 else int(world.cell.segment[first + chosen])


@kernel
def _weigh(  # type: ignore[no-untyped-def]
    state, world, settings, first, end, as_of_h, traffic, traffic_time_h, patrols,
    patrols_time_h, success, success_time_h, pressure, pressure_time_h,
):  # fmt: skip
    threat = settings.threat
    place_weights(
        state.militant_cell.weight,
        world.cell.segment[first:end],
        end - first,
        as_of_h,
        world.road.length_km,
        traffic,
        traffic_time_h,
        patrols,
        patrols_time_h,
        success,
        success_time_h,
        pressure,
        pressure_time_h,
        world.cell.distance_km[first:end],
        state.model.memory_half_life_h,
        threat.beta_traffic,
        settings.attrition.beta_deterrence,
        threat.beta_success,
        threat.beta_pressure,
        threat.beta_distance_per_km,
    )


@kernel
def is_met(state, world, settings, cell, segment, number):  # type: ignore[no-untyped-def]
    """Whether a patrol comes by while it is at work, by how often they have come of late."""
    attrition, memory = settings.attrition, state.memory
    if attrition.contact_probability == 0.0:
        return False
    settle_traffic(state, world, settings)
    chance = contact_probability(
        seen_per_day(
            memory.patrols[segment],
            state.model.now_h - memory.patrols_time_h[segment],
            state.model.memory_half_life_h,
        ),
        attrition.work_h,
        attrition.contact_probability,
    )
    return draw(state, STREAM_PATROL_CONTACT, world.cell.key[cell], 0, number) < chance


@kernel
def place(state, world, settings, cell, segment):  # type: ignore[no-untyped-def]
    """Place a device, or a decoy."""
    number = state.cell.n_placed[cell]
    if number >= KEYS_PER_SOURCE:
        fail(state, KEYS_OUT, cell, float(number))
        return
    # As `sim.draws.numbered_key` has it.
    key = (world.cell.device_key[cell] + number) & WORD
    is_decoy = draw(state, STREAM_DECOY, key, 0, 0) < settings.threat.decoy_share
    state.cell.n_placed[cell] += 1
    days, cause = end_of(state, world, settings, key, segment, is_decoy)
    devices.place(
        state,
        world,
        settings,
        key,
        segment,
        draw(state, STREAM_PLACEMENT_POSITION, key, 0, 0) * world.road.length_km[segment],
        concealment(state, settings, cell, key),
        state.model.now_h + days * HOURS_PER_DAY,
        cause,
        1 if is_decoy else 0,
        cell,
    )
    if not (is_decoy or state.model.is_frozen != 0):
        state.cell.practice[cell] += 1.0


@kernel
def concealment(state, settings, cell, key):  # type: ignore[no-untyped-def]
    """How well it can be found: drawn once, scaled by the practice of the cell."""
    threat = settings.threat
    drawn = concealment_scale(
        draw(state, STREAM_CONCEALMENT, key, 0, 0), threat.concealment_low, threat.concealment_high
    )
    return drawn * skill_scale(
        state.cell.practice[cell],
        threat.skill_reference_devices,
        threat.skill_exponent,
        threat.skill_most,
    )


@kernel
def end_of(state, world, settings, key, segment, is_decoy):  # type: ignore[no-untyped-def]
    """Days until it ends by itself, and by whom: others hit devices, never decoys."""
    threat = settings.threat
    expiry_days = waiting_time(
        draw(state, STREAM_EXPIRY_TIME, key, 0, 0), 1.0 / threat.expiry_mean_days
    )
    if is_decoy:
        return expiry_days, CAUSE_NONE
    others_days = waiting_time(
        draw(state, STREAM_OTHERS_TIME, key, 0, 0),
        others_hazard_per_day(
            threat.others_hazard_per_day,
            world.road.surface[segment],
            threat.others_paved_ratio,
            threat.others_track_ratio,
        ),
    )
    if others_days >= expiry_days:
        return expiry_days, CAUSE_NONE
    victims = victim_class(
        draw(state, STREAM_OTHERS_CLASS, key, 0, 0),
        threat.others_civilian_share,
        threat.others_army_share,
    )
    return others_days, VICTIMS[victims]


@kernel
def put_down_cells(state, world, settings):  # type: ignore[no-untyped-def]
    """Write what cells are at the end of a period into the ledger."""
    n_cells = world.cell.n_cells
    state.sums.grievance = grievance.now(state, settings)
    for cell in range(n_cells):
        state.sums.cell_strength += strength_now(state, settings, cell)
        if is_active(state, settings, cell):
            state.sums.cells_active += 1.0
        if state.cell.is_in_refuge[cell] != 0:
            state.sums.cells_in_refuge += 1.0
        state.sums.cell_practice += state.cell.practice[cell] / n_cells


def error_of(number: float) -> DrawError:
    """The error that `KEYS_OUT` stands for."""
    try:
        numbered_key(0, int(number))
    except DrawError as error:
        return error
    raise AssertionError
