"""Acts: what is to be done when an entry of the agenda comes up, and when a convoy arrives."""

from typing import Any

import numpy as np

from sim.engines.batch.shape import Shape
from sim.world.world import World

N_HANDLERS = 30
"""One for each act below, and those behind them."""


def world_fields(shape: Shape) -> list[Any]:
    """Where the handlers lie in memory, as `run` fills in before the first run."""
    return [("address", np.int64, (N_HANDLERS,))]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """Nothing is compiled yet."""


PERIOD = 0
DECIDE = 1
FREEZE = 2
UNIT_ADJUST = 3
UNIT_ARRIVE = 4
UNIT_LEAVE = 5
UNIT_ROTATE = 6
COURSE_END = 7
CLOSE_CAMP = 8
CELL_RETURN = 9
CELL_STRIKE = 10
DEVICE_END = 11
ATTEMPT = 12
CAMP_ATTACK = 13
GUNFIRE = 14
DAWN = 15
SWEEP_TEAM = 16
SWEEP_FIXED = 17
PATROL = 18
LEAVE_STOP = 19
WITHDRAW = 20
SEND_FIXED = 21
MEET = 22
ARRIVE = 23

# Not on the agenda: to go on with an act that was half done, and what so many parts of the engine
# ask for that it is compiled once, by itself.
GO_ON = 24
PLAN_NEXT = 25
SETTLE = 26
FIND_WAY = 27
PLAN_PATROLS = 28

# Not compiled: what a policy from outside the package decides.
ASK_OUTSIDE = 29

# What follows the arrival of a convoy.
REMOVE = 0
DELIVER = 1
COME_HOME = 2
FIXED_ARRIVE = 3
WITHDRAWN = 4
