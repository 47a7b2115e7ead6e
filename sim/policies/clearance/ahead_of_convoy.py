"""Ahead of the convoy: first the roads that a supply convoy is about to drive, then the rest."""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.policies.clearance.highest_risk import risk_scores
from sim.policies.clearance.view import ClearanceView


def ahead_of_convoy(view: ClearanceView) -> NDArray[np.float64]:
    """Scores, float[n_segments]: pieces due within the lead time, by estimated hazard; then others.

    A piece that was swept within the lead time before the convoy is taken as clear. Other pieces
    follow by the order of `highest_risk`, below every piece that is due.
    """
    scores = np.empty(len(view.length_km))
    scores_ahead(
        scores,
        view.now_h,
        view.hazard_per_km,
        view.passages_per_day,
        view.last_swept_h,
        view.stale_days,
        view.convoy_due_h,
        view.convoy_lead_h,
    )
    return scores


@rule
def scores_ahead(  # type: ignore[no-untyped-def]
    scores,
    now_h,
    hazard_per_km,
    passages_per_day,
    last_swept_h,
    stale_days,
    convoy_due_h,
    convoy_lead_h,
):
    """Fill in scores of at least 1 on pieces that are due, and of less on all others.

    Parameters
    ----------
    scores : float[n_segments], dimensionless
        Filled in.
    now_h : float, h
    hazard_per_km, passages_per_day, last_swept_h : float[n_segments]; 1/km, 1/d, h
    stale_days : float, d
    convoy_due_h : float[n_segments], h
    convoy_lead_h : float, h
        As in `ClearanceView`.

    Returns
    -------
    int, always 0

    Source
    ------
    Definition; the order of the others is that of `risk_scores`.

    Examples
    --------
    A convoy is due on the first of two pieces; the other is the worse one.

    >>> import numpy as np
    >>> scores, passages, never = np.zeros(2), np.ones(2), np.full(2, -1e6)
    >>> scores_ahead(scores, 0.0, np.array([0.25, 1.0]), passages, never, 1.0,
    ...              np.array([12.0, np.inf]), 72.0)
    0
    >>> scores.tolist()
    [1.25, 0.5]
    """
    risk_scores(scores, now_h, hazard_per_km, passages_per_day, last_swept_h, stale_days)
    highest = 0.0
    for segment in range(len(scores)):
        highest = max(highest, scores[segment])
    scale = 1.0 + highest
    for segment in range(len(scores)):
        is_due = (
            convoy_due_h[segment] - now_h <= convoy_lead_h
            and convoy_due_h[segment] - last_swept_h[segment] > convoy_lead_h
        )
        if is_due:
            scores[segment] = 1.0 + hazard_per_km[segment]
        else:
            scores[segment] = scores[segment] / scale
    return 0
