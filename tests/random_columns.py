"""Random inputs of rules, many at a time: a column an argument, a row an input.

Numbers are drawn for a whole group of inputs at once, for a draw by itself costs more than most
rules. Within a group all arrays have one shape; another group has others.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

LAST_DRAW = 1.0 - 2.0**-53
Column = np.ndarray | float


class Columns:
    """Columns of `n` random inputs: mostly inside the range, now and then at an end of it."""

    def __init__(self, seed: int | tuple[int, int], n: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.n = n

    def size(self, low: int, high: int) -> int:
        """A number that all inputs of the group share, such as the length of an array."""
        return int(self.rng.integers(low, high, endpoint=True))

    def same(self, value: Any) -> np.ndarray:
        """The same for every input."""
        return np.broadcast_to(value, (self.n, *np.shape(value))).copy()

    def zeros(self, *shape: int, dtype: Any = np.float64) -> np.ndarray:
        """Room that a rule fills in."""
        return np.zeros((self.n, *shape), dtype=dtype)

    def real(self, low: Column, high: Column) -> np.ndarray:
        chance = self.rng.random(self.n)
        inside = self.rng.uniform(low, high, self.n)
        return np.where(chance < 0.05, low, np.where(chance < 0.1, high, inside))

    def share(self) -> np.ndarray:
        return self.real(0.0, 1.0)

    def draw(self) -> np.ndarray:
        return np.minimum(LAST_DRAW, self.share())

    def spread(self, low: float, high: float) -> np.ndarray:
        """Evenly over the orders of magnitude, and 0 now and then."""
        values = np.exp(self.rng.uniform(np.log(low), np.log(high), self.n))
        return np.where(self.rng.random(self.n) < 0.05, 0.0, values)

    def whole(self, low: Column, high: Column) -> np.ndarray:
        return self.rng.integers(low, high, self.n, endpoint=True)

    def flag(self, share: float = 0.5) -> np.ndarray:
        return self.rng.random(self.n) < share

    def reals(self, width: int, low: float, high: float) -> np.ndarray:
        """An array of `width` numbers for each input."""
        return self.rng.uniform(low, high, (self.n, width))

    def spreads(self, width: int, low: float, high: float) -> np.ndarray:
        return np.exp(self.reals(width, np.log(low), np.log(high)))

    def flags(self, width: int, share: float) -> np.ndarray:
        return self.rng.random((self.n, width)) < share

    def places(self, width: int, n_places: int) -> np.ndarray:
        """For each input, `width` of the numbers below `n_places`, none twice."""
        order = np.argsort(self.rng.random((self.n, n_places)), axis=1)
        return order[:, :width].astype(np.int32)

    def daylight(self) -> tuple[np.ndarray, np.ndarray]:
        """Dawn and dusk; now and then the whole day."""
        dawn = self.real(0.0, 12.0)
        dusk = self.real(dawn + 0.01, 24.0)
        is_whole = self.flag(0.1)
        return np.where(is_whole, 0.0, dawn), np.where(is_whole, 24.0, dusk)


def rows_of(columns: Sequence[np.ndarray]) -> Iterator[tuple[Any, ...]]:
    """One input after the other: plain numbers, and arrays that a rule may fill in."""
    return zip(
        *(column.tolist() if column.ndim == 1 else column for column in columns), strict=True
    )
