"""The scores of a clearance policy from outside the package, checked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policies.answers import as_array, refuse
from sim.policies.clearance.view import ClearanceView


def as_scores(policy: str, view: ClearanceView, answer: Any) -> NDArray[np.float64]:
    """Scores for every piece of road: numbers, of which none is nan."""
    allowed = f"float[{len(view.length_km)}], a number for each piece of road, none of them nan"
    scores = as_array(policy, "scores", answer, len(view.length_km), allowed)
    if np.isnan(scores).any():
        refuse(policy, f"scores piece {int(np.argmax(np.isnan(scores)))} with nan", allowed)
    return scores
