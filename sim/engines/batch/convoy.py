"""A convoy or patrol on the road: where it is, what lies ahead, and what it leaves behind.

Its state is a place and a time: at `resumed_h` it had driven `driven_h` hours of its journey and
has moved since, by daylight. `leg`, `along_km` and `passed_key` say what it has met.
"""

from typing import Any

import numpy as np

from sim.compiled import call_handler, handler, kernel
from sim.engines.batch import acts
from sim.engines.batch.agenda import add
from sim.engines.batch.codes import (
    CAUSE_CONVOY,
    CAUSE_PATROL,
    KIND_PASSED,
    TURN_ARRIVAL,
    TURN_MEETING,
)
from sim.engines.batch.keys import NOBODY, convoy_key
from sim.engines.batch.ledger import PATROL, put_at
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM, Room, fail
from sim.engines.batch.unit_state import training_level as level_of_unit
from sim.rules.training import trained_ratio
from sim.rules.travel import drive_end_h, driving_done_h
from sim.world.journey import next_meeting, settle_passage

ROOM = int(Room["n_convoys"])
ROOM_LEGS = int(Room["n_legs"])
MEET, ARRIVE = acts.MEET, acts.ARRIVE
PLAN_NEXT, SETTLE = acts.PLAN_NEXT, acts.SETTLE


def state_fields(shape: Shape) -> list[Any]:
    """Slots of convoys, and the slots that move in the order in which they set out."""
    n, n_legs = shape.n_convoys, shape.n_legs
    whole = (
        "source_key",
        "number",
        "key",
        "traffic",
        "unit",
        "n_escort",
        "n_load",
        "n_people",
        "on_arrival",
        "arrival_of",
        "team",
        "version",
        "n_asked",
        "leg",
        "passed_key",
        "settled_leg",
        "next_leg",
        "next_key",
        "meeting_key",
        "n_legs",
        "n_met",
    )
    real = (
        "search_km_per_day",
        "planned_h",
        "started_h",
        "resumed_h",
        "driven_h",
        "along_km",
        "next_km",
        "next_drive_h",
    )
    return [
        ("is_used", np.int8, (n,)),
        ("is_escorted", np.int8, (n,)),
        *((name, np.int64, (n,)) for name in whole),
        *((name, np.float64, (n,)) for name in real),
        ("segments", np.int32, (n, n_legs)),
        ("enter_km", np.float64, (n, n_legs)),
        ("leave_km", np.float64, (n, n_legs)),
        ("drive_h", np.float64, (n, n_legs + 1)),
        ("met_key", np.int64, (n, shape.n_meetings)),
        ("met_times", np.int64, (n, shape.n_meetings)),
        ("n_moving", np.int64),
        ("moving", np.int32, (n,)),
    ]


@kernel
def create(  # type: ignore[no-untyped-def]
    state, settings, source_key, number, traffic, unit, n_escort, n_load, on_arrival, arrival_of,
    is_escorted,
):  # fmt: skip
    """A convoy that has not set out; its slot, or 0 where there is no room.

    The version goes on from that of the last convoy in the slot, whose entries of the agenda may
    come up yet.
    """
    convoy = state.convoy
    slot = 0
    while slot < len(convoy.is_used) and convoy.is_used[slot]:
        slot += 1
    if slot == len(convoy.is_used):
        fail(state, NO_ROOM, ROOM, 0)
        return 0
    convoy.is_used[slot] = 1
    convoy.source_key[slot] = source_key
    convoy.number[slot] = number
    convoy.key[slot] = convoy_key(source_key, number)
    convoy.traffic[slot] = traffic
    convoy.unit[slot] = unit
    convoy.n_escort[slot] = n_escort
    convoy.n_load[slot] = n_load
    convoy.n_people[slot] = (
        n_escort * settings.force.vehicle_occupants + n_load * settings.supply.truck_occupants
    )
    convoy.on_arrival[slot] = on_arrival
    convoy.arrival_of[slot] = arrival_of
    convoy.is_escorted[slot] = is_escorted
    convoy.team[slot] = -1
    convoy.meeting_key[slot] = -1
    convoy.n_asked[slot] = 0
    convoy.n_met[slot] = 0
    convoy.n_legs[slot] = 0
    return slot


@kernel
def remove(state, slot):  # type: ignore[no-untyped-def]
    """A convoy is no more."""
    state.convoy.is_used[slot] = 0


@kernel
def moving_slot(state, key):  # type: ignore[no-untyped-def]
    """Slot of the convoy of this key, if it moves; else -1."""
    convoy = state.convoy
    for place in range(convoy.n_moving):
        slot = convoy.moving[place]
        if convoy.key[slot] == key:
            return int(slot)
    return -1


@kernel
def start(state, world, settings, slot):  # type: ignore[no-untyped-def]
    """Set out now on the way that lies ready in `state.way`."""
    convoy = state.convoy
    take_way(state, settings, slot)
    convoy.planned_h[slot] = convoy.drive_h[slot, convoy.n_legs[slot]]
    convoy.started_h[slot] = state.model.now_h
    convoy.resumed_h[slot] = state.model.now_h
    convoy.driven_h[slot] = 0.0
    convoy.leg[slot] = 0
    convoy.along_km[slot] = 0.0
    convoy.passed_key[slot] = -1
    convoy.settled_leg[slot] = 0
    convoy.moving[convoy.n_moving] = slot
    convoy.n_moving += 1
    plan_next(state, world, settings, slot)


@kernel
def take_way(state, settings, slot):  # type: ignore[no-untyped-def]
    """Make the way that lies ready in `state.way` the journey of a convoy."""
    convoy, way = state.convoy, state.way
    n_legs = way.n_legs
    if n_legs > convoy.segments.shape[1]:
        fail(state, NO_ROOM, ROOM_LEGS, 0)
        return
    convoy.n_legs[slot] = n_legs
    for leg in range(n_legs):
        convoy.segments[slot, leg] = way.segments[leg]
        convoy.enter_km[slot, leg] = way.enter_km[leg]
        convoy.leave_km[slot, leg] = way.leave_km[leg]
        convoy.drive_h[slot, leg] = way.drive_h[leg]
    convoy.drive_h[slot, n_legs] = way.drive_h[n_legs]
    convoy.search_km_per_day[slot] = settings.routing.threatened_km_per_day


@kernel
def plan_next(state, world, settings, slot):  # type: ignore[no-untyped-def]
    """Schedule the next device on the way, or the arrival."""
    call_handler(world.handlers.address[PLAN_NEXT], state, world, settings, slot, 0)


@handler
def plan_next_now(state, world, settings, slot, version):  # type: ignore[no-untyped-def]
    """What `plan_next` does."""
    convoy, device = state.convoy, state.devices
    n_legs = convoy.n_legs[slot]
    is_any_ahead = False
    for leg in range(convoy.leg[slot], n_legs):
        if device.n_on[convoy.segments[slot, leg]] > 0:
            is_any_ahead = True
            break
    is_found = False
    if is_any_ahead:
        is_found = _find_next(state, slot)
    convoy.version[slot] += 1
    if is_found:
        at_h = _drive_h_at(state, slot, convoy.next_leg[slot], convoy.next_km[slot])
        turn, act = TURN_MEETING, MEET
        convoy.meeting_key[slot] = convoy.next_key[slot]
    else:
        at_h = convoy.drive_h[slot, n_legs]
        turn, act = TURN_ARRIVAL, ARRIVE
        convoy.meeting_key[slot] = -1
    convoy.next_drive_h[slot] = at_h
    time_h = drive_end_h(
        convoy.resumed_h[slot],
        at_h - convoy.driven_h[slot],
        settings.routing.daylight_start_h,
        settings.routing.daylight_end_h,
    )
    # Rounding may put a place that was just reached a hair into the past.
    time_h = max(time_h, state.model.now_h)
    version = convoy.version[slot]
    add(state, time_h, turn, convoy.key[slot], version, version, act, slot)


@kernel
def _find_next(state, slot):  # type: ignore[no-untyped-def]
    """Find the nearest device ahead, by leg, km along it and key; False where there is none."""
    convoy, device = state.convoy, state.devices
    n_legs = convoy.n_legs[slot]
    segments = convoy.segments[slot, :n_legs]
    enter_km = convoy.enter_km[slot, :n_legs]
    leave_km = convoy.leave_km[slot, :n_legs]
    at_leg, at_km, passed_key = convoy.leg[slot], convoy.along_km[slot], convoy.passed_key[slot]
    best_leg = -1
    best_km = 0.0
    best_key = -1
    for i in range(device.n_live):
        segment, point_km, key = device.segment[i], device.at_km[i], device.key[i]
        leg, km = next_meeting(segments, enter_km, leave_km, segment, point_km, at_leg, at_km)
        if leg < 0:
            continue
        if _is_no_later(leg, km, key, at_leg, at_km, passed_key):
            leg, km = next_meeting(
                segments,
                enter_km,
                leave_km,
                segment,
                point_km,
                at_leg,
                np.nextafter(at_km, np.inf),
            )
            if leg < 0:
                continue
        if best_leg < 0 or not _is_no_later(best_leg, best_km, best_key, leg, km, key):
            best_leg, best_km, best_key = leg, km, key
    convoy.next_leg[slot] = best_leg
    convoy.next_km[slot] = best_km
    convoy.next_key[slot] = best_key
    return best_leg >= 0


@kernel
def _is_no_later(leg, km, key, other_leg, other_km, other_key):  # type: ignore[no-untyped-def]
    """Whether one place on a journey comes before another, or is the same."""
    if leg != other_leg:
        return leg < other_leg
    if km != other_km:
        return km < other_km
    return key <= other_key


@kernel
def _drive_h_at(state, slot, leg, along_km):  # type: ignore[no-untyped-def]
    """Driving hours from the start to a point of a leg."""
    convoy = state.convoy
    begin_h, end_h = convoy.drive_h[slot, leg], convoy.drive_h[slot, leg + 1]
    leg_km = abs(convoy.leave_km[slot, leg] - convoy.enter_km[slot, leg])
    return begin_h + (end_h - begin_h) * along_km / leg_km


@kernel
def notice(state, world, settings, slot, segment):  # type: ignore[no-untyped-def]
    """Somebody has placed a device: plan anew if it lies on the way."""
    convoy = state.convoy
    for leg in range(convoy.n_legs[slot]):
        if convoy.segments[slot, leg] == segment:
            _find_place(state, settings, slot)
            plan_next(state, world, settings, slot)
            return


@kernel
def leg_at(state, slot, hours):  # type: ignore[no-untyped-def]
    """The last leg that begins no later than so many hours of driving; may be one past the end."""
    convoy = state.convoy
    low, high = 0, convoy.n_legs[slot] + 1
    while low < high:
        middle = (low + high) >> 1
        if convoy.drive_h[slot, middle] <= hours:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel
def _find_place(state, settings, slot):  # type: ignore[no-untyped-def]
    """Bring the place on the journey to the present; a halted convoy stays where it is."""
    convoy = state.convoy
    now_h = state.model.now_h
    if now_h <= convoy.resumed_h[slot]:
        return
    hours = convoy.driven_h[slot] + driving_done_h(
        convoy.resumed_h[slot],
        now_h,
        settings.routing.daylight_start_h,
        settings.routing.daylight_end_h,
    )
    leg = min(leg_at(state, slot, hours), convoy.n_legs[slot] - 1)
    begin_h, end_h = convoy.drive_h[slot, leg], convoy.drive_h[slot, leg + 1]
    leg_km = abs(convoy.leave_km[slot, leg] - convoy.enter_km[slot, leg])
    share = (hours - begin_h) / (end_h - begin_h) if end_h > begin_h else 0.0
    along_km = share * leg_km
    if leg > convoy.leg[slot] or (leg == convoy.leg[slot] and along_km > convoy.along_km[slot]):
        convoy.leg[slot] = leg
        convoy.along_km[slot] = along_km
        convoy.passed_key[slot] = -1


@kernel
def settle(state, world, settings, slot):  # type: ignore[no-untyped-def]
    """Write down the pieces of road that lie behind."""
    call_handler(world.handlers.address[SETTLE], state, world, settings, slot, 0)


@handler
def settle_now(state, world, settings, slot, version):  # type: ignore[no-untyped-def]
    """What `settle` does."""
    convoy, memory, picture = state.convoy, state.memory, state.picture
    n_legs = convoy.n_legs[slot]
    first = convoy.settled_leg[slot]
    traffic = convoy.traffic[slot]
    daylight_start_h = settings.routing.daylight_start_h
    daylight_end_h = settings.routing.daylight_end_h
    settled = settle_passage(
        convoy.segments[slot, :n_legs],
        convoy.enter_km[slot],
        convoy.leave_km[slot],
        convoy.drive_h[slot],
        first,
        state.model.now_h,
        convoy.resumed_h[slot],
        convoy.driven_h[slot],
        daylight_start_h,
        daylight_end_h,
        world.road.length_km,
        float(convoy.n_escort[slot] + convoy.n_load[slot]),
        float(convoy.n_people[slot]),
        traffic == PATROL,
        memory.traffic,
        memory.traffic_time_h,
        memory.patrols,
        memory.patrols_time_h,
        state.model.memory_half_life_h,
        picture.passages,
        picture.passages_time_h,
        state.model.picture_half_life_h,
        state.sums.vehicle_km[traffic],
        state.sums.person_km[traffic],
    )
    convoy.settled_leg[slot] = settled
    if state.model.keeps_passages:
        cause = cause_of(state, slot)
        for leg in range(first, settled):
            left_h = drive_end_h(
                convoy.resumed_h[slot],
                convoy.drive_h[slot, leg + 1] - convoy.driven_h[slot],
                daylight_start_h,
                daylight_end_h,
            )
            hours = convoy.drive_h[slot, leg + 1] - convoy.drive_h[slot, leg]
            put_at(
                state, left_h, KIND_PASSED, convoy.segments[slot, leg], convoy.key[slot], NOBODY,
                cause, -1, 0, 0, 0, 0, hours, 0.0,
            )  # fmt: skip


@kernel
def settle_traffic(state, world, settings):  # type: ignore[no-untyped-def]
    """Write down what everybody on the road has passed by now."""
    for place in range(state.convoy.n_moving):
        settle(state, world, settings, state.convoy.moving[place])


@kernel
def arrive(state, world, settings, slot):  # type: ignore[no-untyped-def]
    """Reach the end of the journey; what follows is the caller's."""
    settle(state, world, settings, slot)
    convoy = state.convoy
    place = 0
    while convoy.moving[place] != slot:
        place += 1
    convoy.n_moving -= 1
    while place < convoy.n_moving:
        convoy.moving[place] = convoy.moving[place + 1]
        place += 1


@kernel
def undisturbed_h(state, settings, slot):  # type: ignore[no-untyped-def]
    """Hours that the planned journey would have taken without halts."""
    convoy = state.convoy
    end_h = drive_end_h(
        convoy.started_h[slot],
        convoy.planned_h[slot],
        settings.routing.daylight_start_h,
        settings.routing.daylight_end_h,
    )
    return end_h - convoy.started_h[slot]


@kernel
def cause_of(state, slot):  # type: ignore[no-untyped-def]
    """How events name this kind of traffic."""
    return CAUSE_PATROL if state.convoy.traffic[slot] == PATROL else CAUSE_CONVOY


@kernel
def training_level(state, settings, slot):  # type: ignore[no-untyped-def]
    """Training of its company now; whoever drives without one counts as untrained."""
    unit = state.convoy.unit[slot]
    return 0.0 if unit < 0 else level_of_unit(state, settings, unit)


@kernel
def strike_chance_per_vehicle(state, settings, slot):  # type: ignore[no-untyped-def]
    """Probability that one vehicle sets a device off: less with discipline."""
    ratio = trained_ratio(
        training_level(state, settings, slot),
        settings.training.reference_level,
        settings.training.discipline_ratio,
    )
    return min(1.0, settings.threat.strike_probability_per_vehicle * ratio)
