"""The picture: what the command has been told, which is all that its policies may read."""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.engines.batch.shape import Shape
from sim.world.picture import estimate_hazard

NEVER_SWEPT_H = -1e6


def state_fields(shape: Shape) -> list[Any]:
    """As in `sim.world.picture.Picture`, and room for an estimate."""
    n = (shape.n_segments,)
    return [
        (name, np.float64, n)
        for name in (
            "events_per_km",
            "events_time_h",
            "passages",
            "passages_time_h",
            "last_swept_h",
            "hazard_per_km",
        )
    ]


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Nothing is known; the half-life is that of the start, whatever is decided later."""
    state.model.picture_half_life_h = settings.clearance.picture_half_life_days * HOURS_PER_DAY
    for segment in range(world.road.n_segments):
        state.picture.last_swept_h[segment] = NEVER_SWEPT_H


@kernel
def hazard_told_per_km(state, world, settings, estimate):  # type: ignore[no-untyped-def]
    """Fill in devices met per km driven, as the command estimates it: float[n_segments], 1/km."""
    hazard_told_at(state, settings, estimate, world.road.every_segment[: world.road.n_segments])


@kernel
def hazard_told_at(state, settings, estimate, pieces):  # type: ignore[no-untyped-def]
    """The same for some pieces of road alone."""
    picture = state.picture
    estimate_hazard(
        estimate,
        pieces,
        state.model.now_h,
        picture.events_per_km,
        picture.events_time_h,
        picture.passages,
        picture.passages_time_h,
        state.model.picture_half_life_h,
        settings.clearance.picture_prior_per_1000_km / 1000.0,
        settings.clearance.picture_prior_passages,
    )
