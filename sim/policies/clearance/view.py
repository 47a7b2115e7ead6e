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
    draws : float[n_segments], in [0, 1)
        The luck of the day of every piece that a team can reach, for policies that want some.
    nearest_base : int32[n_segments]
        Number of the nearest camp with teams, -1 where none is within their reach.
    base_distance_km : float[n_segments], km
        By road from that camp; infinite where there is none.
    base_team_h_per_day : float[n_bases], h/d
        Team-hours that each such camp has on a mean day.
    team_h_per_day : float, h
        Hours of work of one team on a day that it goes out.
    sweep_kph, transit_kph : float, km/h
    allocation_find_probability : float, in [0, 1]
        That a sweep finds a given device, as the command reckons.
    allocation_contact_probability : float, in (0, 1]
        That one passage ends a given device, as the command reckons.
    allocation_device_life_days : float, d
        Mean life of a device that the mission leaves alone, as the command reckons.
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
    draws: NDArray[np.float64]
    nearest_base: NDArray[np.int32]
    base_distance_km: NDArray[np.float64]
    base_team_h_per_day: NDArray[np.float64]
    team_h_per_day: float
    sweep_kph: float
    transit_kph: float
    allocation_find_probability: float
    allocation_contact_probability: float
    allocation_device_life_days: float
