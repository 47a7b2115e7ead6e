"""Highest risk first: where the picture expects most encounters for an hour of work."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.view import ClearanceView


def highest_risk(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: expected encounters a day and km since the last sweep, float[n_segments].

    The estimated hazard per km driven times the passages a day is the rate of encounters on a km
    of road, and a sweep of a km costs the same everywhere, so this ratio is what a team-hour buys
    (the greedy rule of search theory: Koopman 1980, chapter 5). A piece swept this morning has
    little left to find, so the rate counts in proportion to the days since, until it is stale.
    """
    days_since = np.minimum((view.now_h - view.last_swept_h) / 24.0, view.stale_days)
    return view.hazard_per_km * view.passages_per_day * days_since
