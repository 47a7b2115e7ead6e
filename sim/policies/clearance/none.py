"""No clearance: teams stay in camp."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.view import ClearanceView


def none(view: ClearanceView) -> NDArray[np.float64]:
    """Scores that send nobody anywhere: float[n_segments], all minus infinity."""
    return np.full(len(view.length_km), -np.inf)
