"""Status: what the loop does next, why it came back, and what went wrong where something did."""

from enum import IntEnum

from sim.compiled import kernel
from sim.engines.batch.shape import Shape

Room = IntEnum("Room", Shape._fields, start=0)  # type: ignore[misc]
"""The lists that can run out of room, by their place in a `Shape`."""


class Status(IntEnum):
    """What the loop is to do; from `NO_ROOM` on the run cannot go on as it is."""

    RUNNING = 0
    PERIOD_OVER = 1
    """A period closes: its sums are to be handed over."""
    ROWS_FULL = 2
    """Rows are to be handed over; Python makes room for them where there is none."""
    TO_DECIDE = 3
    """The scenario's settings are to take the place of the baseline's."""
    OVER = 4
    """The run has ended."""
    NO_ROOM = 10
    """A list is full; `who` is its `Room`."""
    NO_WAY = 11
    """No open road leads from camp to camp."""
    TOO_OFTEN = 12
    """A rate exceeds its declared ceiling."""
    KEYS_OUT = 13
    """A cell has no keys left for devices."""
    MEETINGS_OUT = 14
    """A convoy has no draws left for a device that it meets again."""
    UNANSWERED = 15
    """A policy from outside has raised something, or answered what cannot be used."""


NO_ROOM = int(Status.NO_ROOM)


@kernel
def fail(state, code, who, value):  # type: ignore[no-untyped-def]
    """Note what went wrong, the first time; the loop stops after the event."""
    if state.model.status < NO_ROOM:
        state.model.status = code
        state.model.fault_of = who
        state.model.fault_value = value
