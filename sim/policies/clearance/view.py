"""What a clearance policy may know: the command's picture and its own plans, as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class ClearanceView:
    """One morning at headquarters.

    Attributes
    ----------
    now_h : float, h
    length_km : float[n_segments], km
    hazard_per_km : float[n_segments], 1/km
        Estimated devices met per km driven.
    passages_per_day : float[n_segments], 1/d
        Convoys and patrols that drove over it lately.
    last_swept_h : float[n_segments], h
        When it was last swept; far in the past where it never was.
    convoy_due_h : float[n_segments], h
        When a supply convoy is next expected on it; infinite where none is.
    convoy_lead_h : float, h
        How long before a convoy a sweep ahead of it counts.
    in_use_passages_per_day : float, 1/d
        Below this a road is not in use.
    stale_days : float, d
        Days after a sweep until a piece counts in full again.
    """

    now_h: float
    length_km: NDArray[np.float64]
    hazard_per_km: NDArray[np.float64]
    passages_per_day: NDArray[np.float64]
    last_swept_h: NDArray[np.float64]
    convoy_due_h: NDArray[np.float64]
    convoy_lead_h: float
    in_use_passages_per_day: float
    stale_days: float
