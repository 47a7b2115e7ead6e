"""What can happen in a run, and the order in which things at the same moment happen.

The order of events is total: by time, then by the rank of their kind, then by the key of the
entity, then by count. The rank is the number of the `Turn` below, so this file is the one place
where the order is written. An event may schedule at its own time only what comes later in this
order.
"""

from enum import IntEnum


class Turn(IntEnum):
    """Kinds of scheduled events in the order of their turn at one moment."""

    PERIOD = 0
    """A period closes: what was counted in it is put down."""
    DECISION = 1
    """The scenario's levers replace those of the baseline."""
    UNIT_CHANGE = 2
    """A company arrives, leaves or rotates."""
    DEVICE_END = 3
    """A device expires or hits somebody outside the mission."""
    EMPLACEMENT = 4
    """A cell decides whether, and where, to place a device."""
    DAWN = 5
    """The command's day: stocks reviewed, loads ordered, teams sent, convoys dispatched."""
    SWEEP = 6
    """A team has finished a piece of road."""
    DEPARTURE = 7
    """A patrol may leave, a convoy of a fixed process leaves, a supply convoy starts back."""
    MEETING = 8
    """A convoy or patrol reaches a live device."""
    ARRIVAL = 9
    """A convoy or patrol reaches the end of its way."""


class Kind(IntEnum):
    """What a row of the event table records."""

    PLACED = 0
    FOUND = 1
    STRUCK = 2
    STRUCK_OTHERS = 3
    EXPIRED = 4
    SWEPT = 5
    ORDERED = 6
    DEPARTED = 7
    ARRIVED = 8
    RETURNED = 9
    UNIT_ARRIVED = 10
    UNIT_LEFT = 11
    ROTATED = 12
    DECIDED = 13
    WAITED = 14
    """A convoy could not leave this dawn; the cause says what it lacked."""
    PASSED = 15
    """A convoy or patrol passed a piece of road; kept only at full detail."""


class Cause(IntEnum):
    """Who found, who was struck, or why a convoy waited; NONE where the kind says it all."""

    NONE = 0
    PATROL = 1
    CONVOY = 2
    SWEEP = 3
    CIVILIAN = 4
    ARMY = 5
    OTHER_FORCE = 6
    NO_TRUCKS = 7
    NO_ESCORT = 8
    NO_STOCK = 9
