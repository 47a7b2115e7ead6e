"""The agenda: what will happen, in the total order of `sim/world/events.py`, as a binary heap.

An entry cannot be taken out. Whoever changes plans raises a version; an entry comes up with the
version under which it was made, and whoever acts ignores an old one. Times lie apart from the rest
of an entry, since nearly every comparison is settled by them.

An entry that is taken leaves a hole at the top. What is added next mostly follows from it, and
sinks from there; so one pass through the heap serves both.
"""

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM, Room, fail

ROOM = int(Room["n_agenda"])
GREATEST_PLACE = 0x7FFFFFFF
"""Told to the compiler, which would otherwise expect negative places, counted from the end."""


def state_fields(shape: Shape) -> list[Any]:
    """A heap of times and places, with a time that never comes at its end, and the entries."""
    n = shape.n_agenda
    return [
        ("n", np.int64),
        ("has_hole", np.int64),
        ("heap_h", np.float64, (n + 1,)),
        ("heap_place", np.int32, (n,)),
        ("n_places", np.int64),
        ("n_free", np.int64),
        ("free_place", np.int32, (n,)),
        ("key", np.int64, (n,)),
        ("count", np.int64, (n,)),
        ("version", np.int64, (n,)),
        ("who", np.int64, (n,)),
        ("turn", np.int8, (n,)),
        ("act", np.int8, (n,)),
        ("taken_h", np.float64),
        ("taken_act", np.int64),
        ("taken_who", np.int64),
        ("taken_version", np.int64),
        ("n_taken", np.int64),
    ]


@kernel
def _is_before(agenda, one, other):  # type: ignore[no-untyped-def]
    """Which of two entries at one time comes first: by turn, entity, count and version."""
    if agenda.turn[one] != agenda.turn[other]:
        return agenda.turn[one] < agenda.turn[other]
    if agenda.key[one] != agenda.key[other]:
        return agenda.key[one] < agenda.key[other]
    if agenda.count[one] != agenda.count[other]:
        return agenda.count[one] < agenda.count[other]
    return agenda.version[one] < agenda.version[other]


@kernel
def add(state, time_h, turn, key, count, version, act, who):  # type: ignore[no-untyped-def]
    """Let something be done at a time; `key` is an ordinal of `keys`, `who` what the act asks."""
    agenda = state.agenda
    if agenda.n >= len(agenda.heap_place) and not agenda.has_hole:
        fail(state, NO_ROOM, ROOM, 0)
        return
    if agenda.n_free > 0:
        agenda.n_free -= 1
        entry = int(agenda.free_place[agenda.n_free])
    else:
        entry = agenda.n_places
        agenda.n_places += 1
    agenda.turn[entry] = turn
    agenda.key[entry] = key
    agenda.count[entry] = count
    agenda.version[entry] = version
    agenda.act[entry] = act
    agenda.who[entry] = who
    if agenda.has_hole:
        agenda.has_hole = 0
        _sink(agenda, time_h, entry)
        return
    place = agenda.n
    agenda.n += 1
    agenda.heap_h[agenda.n] = np.inf
    while place > 0:
        above = (place - 1) >> 1
        above_h = agenda.heap_h[above]
        if above_h < time_h:
            break
        if above_h == time_h and not _is_before(agenda, entry, agenda.heap_place[above]):
            break
        agenda.heap_h[place] = above_h
        agenda.heap_place[place] = agenda.heap_place[above]
        place = above
    agenda.heap_h[place] = time_h
    agenda.heap_place[place] = entry


@kernel
def _sink(agenda, time_h, entry):  # type: ignore[no-untyped-def]
    """Let an entry sink from the top, where there is a hole, to its place."""
    n = agenda.n
    place = 0
    child = 1
    while child < n:
        # The sooner of two, reckoned without a branch: a processor cannot guess which it will be.
        left_h, right_h = agenda.heap_h[child], agenda.heap_h[child + 1]
        child_h = min(left_h, right_h)
        if left_h == right_h:
            right = child + 1
            if right < n and _is_before(agenda, agenda.heap_place[right], agenda.heap_place[child]):
                child = right
        else:
            child += int(right_h < left_h)
        if child_h > time_h or (
            child_h == time_h and not _is_before(agenda, agenda.heap_place[child], entry)
        ):
            break
        agenda.heap_h[place] = child_h
        agenda.heap_place[place] = agenda.heap_place[child]
        place = child
        child = (2 * place + 1) & GREATEST_PLACE
    agenda.heap_h[place] = time_h
    agenda.heap_place[place] = entry


@kernel
def _close_hole(agenda):  # type: ignore[no-untyped-def]
    """Fill the hole at the top with the last entry."""
    agenda.has_hole = 0
    agenda.n -= 1
    last_h = agenda.heap_h[agenda.n]
    agenda.heap_h[agenda.n] = np.inf
    if agenda.n > 0:
        _sink(agenda, last_h, agenda.heap_place[agenda.n])


@kernel
def next_h(state):  # type: ignore[no-untyped-def]
    """Time of the next entry; infinite where there is none."""
    if state.agenda.has_hole:
        _close_hole(state.agenda)
    return state.agenda.heap_h[0] if state.agenda.n > 0 else np.inf


@kernel
def take(state):  # type: ignore[no-untyped-def]
    """Take the next entry out, into `taken_...`; `next_h` was asked before."""
    agenda = state.agenda
    entry = agenda.heap_place[0]
    agenda.taken_h = agenda.heap_h[0]
    agenda.taken_act = agenda.act[entry]
    agenda.taken_who = agenda.who[entry]
    agenda.taken_version = agenda.version[entry]
    agenda.n_taken += 1
    agenda.free_place[agenda.n_free] = entry
    agenda.n_free += 1
    agenda.has_hole = 1
