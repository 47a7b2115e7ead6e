"""A fixed round: every piece of road in use in turn, the one left alone longest first."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.view import ClearanceView


def fixed_round(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: hours since a piece in use was last swept, float[n_segments].

    Where teams keep their pace this is the periodic sweep of search theory, which beats random
    sweeps of the same frequency as long as the threat does not learn the round.
    """
    hours_since = view.now_h - view.last_swept_h
    return np.where(view.passages_per_day >= view.in_use_passages_per_day, hours_since, -np.inf)
