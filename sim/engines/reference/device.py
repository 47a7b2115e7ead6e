"""A device on a piece of road, from its placement to its end."""

from dataclasses import dataclass, field

from sim.world.events import Cause


@dataclass(slots=True)
class Device:
    """What is true of one device; the command learns of it by a find or a strike.

    `end_h` and `end_cause` are its competing hazards, drawn when it is placed: it ends then, by
    hitting somebody outside the mission or by expiry (NONE), unless the mission meets it before.
    A decoy looks like a device to whoever searches, and never acts.
    """

    key: int
    segment: int
    at_km: float
    concealment: float
    placed_h: float
    end_h: float
    end_cause: Cause
    is_decoy: bool = False
    cell_index: int = -1
    """The cell that placed it, by its place among the cells of the model."""
    n_meetings: dict[int, int] = field(default_factory=dict)
    """How often each convoy has met it, by the convoy's key."""
