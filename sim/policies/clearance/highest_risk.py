"""Highest risk first: where the picture expects most encounters for an hour of work."""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.policies.clearance.view import ClearanceView


def highest_risk(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: expected encounters a day and km since the last sweep, float[n_segments].

    The estimated hazard per km driven times the passages a day is the rate of encounters on a km
    of road, and a sweep of a km costs the same everywhere, so this ratio is what a team-hour buys
    (the greedy rule of search theory: Koopman 1980, chapter 5). A piece swept this morning has
    little left to find, so the rate counts in proportion to the days since, until it is stale.
    """
    scores = np.empty(len(view.length_km))
    risk_scores(
        scores,
        view.now_h,
        view.hazard_per_km,
        view.passages_per_day,
        view.last_swept_h,
        view.stale_days,
    )
    return scores


@rule
def risk_scores(  # type: ignore[no-untyped-def]
    scores, now_h, hazard_per_km, passages_per_day, last_swept_h, stale_days
):
    """Fill in the encounters to be expected on each piece since its last sweep.

    Parameters
    ----------
    scores : float[n_segments], 1/km
        Filled in.
    now_h : float, h
    hazard_per_km, passages_per_day, last_swept_h : float[n_segments]; 1/km, 1/d, h
    stale_days : float, d
        As in `ClearanceView`.

    Returns
    -------
    int, always 0

    Source
    ------
    Koopman (1980), Search and Screening, chapter 5.

    Examples
    --------
    Two passages a day, swept two days and three weeks ago, of which a week counts:

    >>> import numpy as np
    >>> scores, twice = np.zeros(2), np.full(2, 2.0)
    >>> risk_scores(scores, 504.0, np.full(2, 0.25), twice, np.array([456.0, 0.0]), 7.0)
    0
    >>> scores.tolist()
    [1.0, 3.5]
    """
    for segment in range(len(scores)):
        days_since = min((now_h - last_swept_h[segment]) / 24.0, stale_days)
        scores[segment] = hazard_per_km[segment] * passages_per_day[segment] * days_since
    return 0
