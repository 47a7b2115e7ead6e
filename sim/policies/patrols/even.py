"""All roads alike: patrols spread over the roads out of their camp, whatever is known of them."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.patrols.view import PatrolView


def even(view: PatrolView) -> NDArray[np.float64]:
    """Weights: float[n_roads], all one."""
    return np.ones(len(view.road_start) - 1)
