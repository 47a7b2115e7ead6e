"""Where most is to be met: patrols in proportion to the estimated hazard of the road."""

import numpy as np
from numpy.typing import NDArray

from sim.policies.patrols.mean_on_road import mean_on_road
from sim.policies.patrols.view import PatrolView


def highest_risk(view: PatrolView) -> NDArray[np.float64]:
    """Weights: estimated devices met per km on the way out, float[n_roads], 1/km.

    In proportion and not all on the worst road, so that every road is seen now and then and the
    estimate stays fresh: choosing in proportion to the expected reward is Luce's rule (1959,
    Individual Choice Behavior).
    """
    return mean_on_road(view, view.hazard_per_km)
