"""The mean of a value over the way that a patrol drives out on a road."""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.policies.patrols.view import PatrolView
from sim.rules.patrolling import expected_km


def mean_on_road(view: PatrolView, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of values by segment for each road out of a camp: float[n_roads]."""
    means = np.empty(len(view.road_start) - 1)
    fill_means(
        values,
        view.road_start,
        view.pieces,
        view.near_km,
        view.length_km,
        view.reach_km,
        means,
    )
    return means


@rule
def fill_means(values, road_start, pieces, near_km, length_km, reach_km, means):  # type: ignore[no-untyped-def]
    """Fill in the mean of values over each road, by the km that patrols drive there.

    The nearer a piece lies to the camp, the more patrols come so far. What lies beyond the first
    junction does not count: nobody knows in the morning which way a patrol will take there.

    Parameters
    ----------
    values : float64[n_segments], any unit
    road_start, pieces, near_km, length_km, reach_km
        As in `PatrolView`.
    means : float64[n_roads], unit of `values`
        Filled in.

    Returns
    -------
    int, always 0

    Source
    ------
    `sim/rules/patrolling.py`: the exponential reach.

    Examples
    --------
    Two pieces of 12 ln 2 km, at a mean reach of 12 km: 6 km are driven on the first, 3 on the next.

    >>> import numpy as np
    >>> start, pieces = np.array([0, 2], dtype=np.int32), np.array([0, 1], dtype=np.int32)
    >>> km, means = 12.0 * np.log(2.0), np.zeros(1)
    >>> fill_means(np.array([0.0, 3.0]), start, pieces, np.array([0.0, km]), np.full(2, km), 12.0,
    ...            means)
    0
    >>> round(float(means[0]), 9)
    1.0
    """
    for road in range(len(means)):
        total = 0.0
        total_km = 0.0
        for place in range(road_start[road], road_start[road + 1]):
            segment = pieces[place]
            km = expected_km(near_km[place], length_km[segment], reach_km)
            total += values[segment] * km
            total_km += km
        means[road] = total / total_km if total_km > 0.0 else 0.0
    return 0
