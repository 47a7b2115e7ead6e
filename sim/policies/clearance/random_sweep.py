"""Random sweeps: any piece of road in use, by the luck of the day."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.policies.clearance.view import ClearanceView


def random_sweep(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: the draws of the day for pieces in use, float[n_segments].

    Nobody can learn such a round, and over time it gives the roads of `fixed_round` about as many
    sweeps at random times (random search: Koopman 1980), so the two show what regularity is worth.
    """
    scores = np.empty(len(view.length_km))
    lucky_scores(scores, view.draws, view.passages_per_day, view.in_use_passages_per_day)
    return scores


@rule
def lucky_scores(scores, draws, passages_per_day, in_use_passages_per_day):  # type: ignore[no-untyped-def]
    """Fill in the luck of the day of each piece in use.

    Parameters
    ----------
    scores : float[n_segments], dimensionless
        Filled in; minus infinity on roads that are not in use.
    draws, passages_per_day : float[n_segments]; dimensionless, 1/d
    in_use_passages_per_day : float, 1/d
        As in `ClearanceView`.

    Returns
    -------
    int, always 0

    Source
    ------
    Definition.

    Examples
    --------
    >>> import numpy as np
    >>> scores = np.zeros(2)
    >>> lucky_scores(scores, np.array([0.25, 0.5]), np.array([1.0, 0.0]), 0.5)
    0
    >>> scores.tolist()
    [0.25, -inf]
    """
    for segment in range(len(scores)):
        if passages_per_day[segment] >= in_use_passages_per_day:
            scores[segment] = draws[segment]
        else:
            scores[segment] = -math.inf
    return 0
