"""Keys as whole numbers with a sign, which order as the 64-bit keys of `sim.draws` do.

A convoy's key fills 64 bits. Compiled code and Python treat unsigned 64-bit numbers differently, so
inside the kernel a key is moved down by 2**63: the order stays, and every key fits a signed number.
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import kernel

NOBODY = -(2**63)
"""The key 0: nobody."""
DOWN = 2**31


@kernel
def plain_key(key):  # type: ignore[no-untyped-def]
    """The key of a cell, device, unit or team, from its 32-bit number."""
    return -DOWN << 32 | key


@kernel
def convoy_key(source_key, number):  # type: ignore[no-untyped-def]
    """The key of the `number`-th convoy of a source, as `sim.draws.convoy_id` has it."""
    return (source_key - DOWN) << 32 | number


def as_in_events(ordinals: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The keys as the event table has them."""
    return ordinals.view(np.uint64) ^ np.uint64(1 << 63)
