"""The agenda: what will happen, in the total order of `sim/world/events.py`."""

import heapq
from collections.abc import Callable

from sim.world.events import Turn


class Agenda:
    """Events to come, ordered by time, turn, entity key and count.

    An entry cannot be taken out. Whoever changes plans raises a version; an entry calls back with
    the version under which it was made, and whoever is called ignores an old one.
    """

    def __init__(self) -> None:
        self._entries: list[tuple[float, int, int, int, int, Callable[[int], None]]] = []

    def add(
        self,
        time_h: float,
        turn: Turn,
        key: int,
        count: int,
        act: Callable[[int], None],
        version: int = 0,
    ) -> None:
        """Let `act(version)` be called at `time_h`."""
        heapq.heappush(self._entries, (time_h, turn, key, count, version, act))

    def next_h(self) -> float:
        """Time of the next entry; infinite where there is none."""
        return self._entries[0][0] if self._entries else float("inf")

    def take(self) -> tuple[float, int, Callable[[int], None]]:
        """Take the next entry out: its time, its version and whom to call."""
        time_h, _, _, _, version, act = heapq.heappop(self._entries)
        return time_h, version, act
