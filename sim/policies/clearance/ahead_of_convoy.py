"""Ahead of the convoy: first the roads that a supply convoy is about to drive, then the rest."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.clearance.highest_risk import highest_risk
from sim.policies.clearance.view import ClearanceView


def ahead_of_convoy(view: ClearanceView) -> NDArray[np.float64]:
    """Scores, float[n_segments]: pieces due within the lead time, by estimated hazard; then others.

    A piece that was swept within the lead time before the convoy is taken as clear. Other pieces
    follow by the order of `highest_risk`, below every piece that is due.
    """
    is_due = (view.convoy_due_h - view.now_h <= view.convoy_lead_h) & (
        view.convoy_due_h - view.last_swept_h > view.convoy_lead_h
    )
    others = highest_risk(view)
    scale = 1.0 + float(others.max(initial=0.0))
    return np.where(is_due, 1.0 + view.hazard_per_km, others / scale)
