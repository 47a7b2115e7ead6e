"""Before the convoys: patrols take the roads on which a supply convoy is due."""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.policies.patrols.mean_on_road import mean_on_road
from sim.policies.patrols.view import PatrolView


def before_convoys(view: PatrolView) -> NDArray[np.float64]:
    """Weights: share of the way out on which a convoy is due within the lead time, float[n_roads].

    Where no convoy is due on any road of a camp, all its weights are 0 and its roads are alike.
    """
    is_due = np.empty(len(view.convoy_due_h))
    mark_due(view.convoy_due_h, view.now_h, view.convoy_lead_h, is_due)
    return mean_on_road(view, is_due)


@rule
def mark_due(convoy_due_h, now_h, convoy_lead_h, is_due):  # type: ignore[no-untyped-def]
    """Fill in 1 for pieces of road on which a convoy is due within the lead time, 0 for others.

    Parameters
    ----------
    convoy_due_h : float64[n_segments], h
        As in `PatrolView`.
    now_h, convoy_lead_h : float, h
    is_due : float64[n_segments], dimensionless
        Filled in.

    Returns
    -------
    int, always 0

    Source
    ------
    Bookkeeping.

    Examples
    --------
    >>> due = np.zeros(3)
    >>> mark_due(np.array([12.0, 35.0, np.inf]), 10.0, 24.0, due)
    0
    >>> due.tolist()
    [1.0, 0.0, 0.0]
    """
    for segment in range(len(is_due)):
        is_due[segment] = 1.0 if convoy_due_h[segment] - now_h <= convoy_lead_h else 0.0
    return 0
