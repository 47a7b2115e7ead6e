"""What a patrol policy may know: picture and plans of the command, along roads out of camps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PatrolView:
    """One morning at headquarters.

    A *road out of a camp* is an edge of the road graph seen from one of its ends, where a camp is.
    Roads stand camp by camp, and at a camp in the order of the junctions to which they lead.

    Attributes
    ----------
    now_h : float, h
    road_start : int32[n_roads + 1]
        Pieces of road r stand from `road_start[r]` to `road_start[r + 1] - 1`, from the camp on.
    pieces : int32[n_pieces]
        Numbers of segments.
    near_km : float[n_pieces], km
        From the camp to the near end of the piece.
    length_km : float[n_segments], km
    reach_km : float, km
        Mean reach of a patrol.
    hazard_per_km : float[n_segments], 1/km
        Estimated devices met per km driven.
    convoy_due_h : float[n_segments], h
        When a supply convoy is next expected on it; infinite where none is.
    convoy_lead_h : float, h
        How long before a convoy a patrol ahead of it counts.
    """

    now_h: float
    road_start: NDArray[np.int32]
    pieces: NDArray[np.int32]
    near_km: NDArray[np.float64]
    length_km: NDArray[np.float64]
    reach_km: float
    hazard_per_km: NDArray[np.float64]
    convoy_due_h: NDArray[np.float64]
    convoy_lead_h: float
