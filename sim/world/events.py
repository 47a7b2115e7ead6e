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
    """A period closes: what was counted in it is put down; the capacity of cells is reviewed."""
    DECISION = 1
    """The scenario's levers replace those of the baseline."""
    UNIT_CHANGE = 2
    """A company arrives, leaves, rotates or ends a course; a camp closes."""
    CELL_CHANGE = 3
    """A cell comes back from its refuge."""
    CELL_STRIKE = 4
    """A strike on a cell may happen, by the mission or by the parallel operation."""
    DEVICE_END = 5
    """A device expires or hits somebody outside the mission."""
    EMPLACEMENT = 6
    """A cell decides whether, and where, to place a device."""
    CAMP_ATTACK = 7
    """A cell may attack a camp."""
    GUNFIRE = 8
    """A cell may fire at a convoy or patrol on the road."""
    DAWN = 9
    """The command's day: courses, stocks, orders, teams, convoys."""
    SWEEP = 10
    """A team has finished a piece of road."""
    DEPARTURE = 11
    """A patrol may leave, a convoy of a fixed process leaves, a supply convoy starts back."""
    MEETING = 12
    """A convoy or patrol reaches a device or decoy."""
    ARRIVAL = 13
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
    DECOY_PLACED = 16
    DECOY_FOUND = 17
    DECOY_EXPIRED = 18
    FALSE_ALARM = 19
    """A team stopped for something that was nothing."""
    ACCIDENT = 20
    """Making a device safe went wrong."""
    CELL_STRUCK = 21
    """A cell lost people; the cause says to whom."""
    CELL_FLED = 22
    """A cell slipped to its refuge."""
    CELL_RETURNED = 23
    CAMP_ATTACKED = 24
    """The cause says how."""
    GUNFIRE = 25
    """Gunfire on a convoy or patrol that came alone."""
    FOLLOW_ON_FIRE = 26
    """Gunfire that followed a strike."""
    REROUTED = 27
    """A convoy takes another way from here."""
    TRAINED = 28
    """A company has ended a course."""
    CAMP_CLOSED = 29
    JOINED = 30
    """A load left in the convoy of another."""


class Cause(IntEnum):
    """Who found, who struck or was struck, how, or why a convoy waited."""

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
    RAID = 10
    """A strike on a cell that intelligence or a tip prepared."""
    COUNTER_TERROR = 11
    """The parallel counter-terrorist operation."""
    INDIRECT_FIRE = 12
    SUICIDE_VEHICLE = 13
    COMPLEX_ATTACK = 14
    NOT_SWEPT = 15
    """A load waits for its route to be swept."""
    NOT_FULL = 16
    """A load waits for others to make a full convoy."""
    WITHDRAWAL = 17
    """A convoy that carries the people of a camp that closed."""
