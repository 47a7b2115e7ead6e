"""A fixed round: every piece of road in use in turn, the one left alone longest first."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule
from sim.policies.clearance.view import ClearanceView


def fixed_round(view: ClearanceView) -> NDArray[np.float64]:
    """Scores: hours since a piece in use was last swept, float[n_segments].

    Where teams keep their pace this is the periodic sweep of search theory, which beats random
    sweeps of the same frequency as long as the threat does not learn the round.
    """
    scores = np.empty(len(view.length_km))
    round_scores(
        scores,
        view.now_h,
        view.last_swept_h,
        view.passages_per_day,
        view.in_use_passages_per_day,
    )
    return scores


@rule
def round_scores(  # type: ignore[no-untyped-def]
    scores, now_h, last_swept_h, passages_per_day, in_use_passages_per_day
):
    """Fill in how long each piece in use was left alone.

    Parameters
    ----------
    scores : float[n_segments], h
        Filled in; minus infinity on roads that are not in use.
    now_h : float, h
    last_swept_h, passages_per_day : float[n_segments]; h, 1/d
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
    >>> round_scores(scores, 48.0, np.array([24.0, 0.0]), np.array([1.0, 0.0]), 0.5)
    0
    >>> scores.tolist()
    [24.0, -inf]
    """
    for segment in range(len(scores)):
        if passages_per_day[segment] >= in_use_passages_per_day:
            scores[segment] = now_h - last_swept_h[segment]
        else:
            scores[segment] = -math.inf
    return 0
