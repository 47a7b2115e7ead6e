"""Before the convoys: patrols take the roads on which a supply convoy is due."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.patrols.mean_on_road import mean_on_road
from sim.policies.patrols.view import PatrolView


def before_convoys(view: PatrolView) -> NDArray[np.float64]:
    """Weights: share of the way out on which a convoy is due within the lead time, float[n_roads].

    Where no convoy is due on any road of a camp, all its weights are 0 and its roads are alike.
    """
    is_due = view.convoy_due_h - view.now_h <= view.convoy_lead_h
    return mean_on_road(view, is_due.astype(np.float64))
