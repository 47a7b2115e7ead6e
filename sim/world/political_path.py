"""The dated path of political progress, in days of a run."""

import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY, Clock
from sim.world.scenario import parse_date
from sim.world.settings.politics import Politics


def political_path(
    politics: Politics, clock: Clock
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Days since the run began, ascending, and progress on them: float[n_levels] both."""
    path = sorted(
        (clock.hour_of(parse_date("politics.path", day)) / HOURS_PER_DAY, level)
        for day, level in politics.path.items()
    )
    return np.array([day for day, _ in path]), np.array([level for _, level in path])
