"""A fixed round: every piece of road in use in turn, the one left alone longest first."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.view import ClearanceView

IN_USE_PER_DAY = 0.02
"""A road on which the books show less than a passage in seven weeks is left out of the round."""


def fixed_round(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: hours since a piece in use was last swept, float[n_segments].

    Where teams keep their pace this is the periodic sweep of search theory, which beats random
    sweeps of the same frequency as long as the threat does not learn the round.
    """
    hours_since = view.now_h - view.last_swept_h
    return np.where(view.passages_per_day >= IN_USE_PER_DAY, hours_since, -np.inf)
