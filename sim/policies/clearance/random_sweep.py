"""Random sweeps: any piece of road in use, by the luck of the day."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.view import ClearanceView


def random_sweep(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: the draws of the day for pieces in use, float[n_segments].

    Nobody can learn such a round, and over time it gives the roads of `fixed_round` about as many
    sweeps at random times (random search: Koopman 1980), so the two show what regularity is worth.
    """
    return np.where(view.passages_per_day >= view.in_use_passages_per_day, view.draws, -np.inf)
