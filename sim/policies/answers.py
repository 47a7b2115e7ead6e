"""Answers of policies from outside the package, checked before an engine acts on them.

Engines trust an answer: compiled code would read beyond the end of one that is too short.
"""

from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from sim.errors import PolicyError


def as_array(
    policy: str, what: str, answer: Any, length: int | None, allowed: str, kind: type = np.float64
) -> NDArray[Any]:
    """What a policy has answered as an array of its own, float64 or whole numbers."""
    try:
        given = np.asarray(answer)
        array: NDArray[Any] = given.astype(kind, order="C")
    except (TypeError, ValueError):
        refuse(policy, f"has as {what} {shown(answer)}", allowed)
    if array.ndim != 1 or (length is not None and len(array) != length):
        refuse(policy, f"has as {what} an array of shape {list(array.shape)}", allowed)
    if kind is np.int32 and not np.array_equal(array, given):
        refuse(policy, f"has as {what} numbers that are not whole", allowed)
    return array


def shown(answer: Any) -> str:
    """An answer in a few words."""
    words = repr(answer)
    return words if len(words) <= 60 else f"{type(answer).__name__} {words[:57]}..."


def refuse(policy: str, what: str, allowed: str) -> NoReturn:
    """Raise `PolicyError` for an answer that cannot be used."""
    raise PolicyError(f"{policy} {what}. Allowed: {allowed}; the policy is not of this package.")
