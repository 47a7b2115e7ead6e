"""The weights of a patrol policy from outside the package, checked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.policies.answers import as_array, refuse
from sim.policies.patrols.view import PatrolView


def as_weights(policy: str, view: PatrolView, answer: Any) -> NDArray[np.float64]:
    """Weights for every road out of a camp: numbers of 0 or more."""
    n_roads = len(view.road_start) - 1
    allowed = f"float[{n_roads}], a finite number of 0 or more for each road out of a camp"
    weights = as_array(policy, "weights", answer, n_roads, allowed)
    is_wrong = ~(np.isfinite(weights) & (weights >= 0.0))
    if is_wrong.any():
        road = int(np.argmax(is_wrong))
        refuse(policy, f"gives road {road} the weight {weights[road]}", allowed)
    return weights
