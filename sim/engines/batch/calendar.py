"""Calendar: what each day of the run is, as compiled code asks for it."""

from datetime import timedelta
from typing import Any

import numpy as np

from sim.engines.batch.shape import Shape
from sim.world.world import World, is_wet_season


def world_fields(shape: Shape) -> list[Any]:
    """Days, and the hours at which the run is decided and ends."""
    return [
        ("n_days", np.int64),
        ("decision_h", np.float64),
        ("end_h", np.float64),
        ("n_periods", np.int64),
        ("period_start_h", np.float64, (shape.n_periods + 1,)),
        ("is_wet", np.int8, (shape.n_days,)),
        ("day_of_month", np.int16, (shape.n_days,)),
        ("month_number", np.int32, (shape.n_days,)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """Months count from the year 0, so that a draw can belong to one."""
    clock, roads = world.clock, world.scenario.roads
    n_days = int(clock.end_h // 24.0) + 2
    table["n_days"] = n_days
    table["decision_h"], table["end_h"] = clock.decision_h, clock.end_h
    starts_h = clock.period_start_h()
    table["n_periods"] = len(starts_h) - 1
    table["period_start_h"][: len(starts_h)] = starts_h
    days = [clock.first_day + timedelta(days=number) for number in range(n_days)]
    first, last = roads.wet_season_first_month, roads.wet_season_last_month
    table["is_wet"][:n_days] = [is_wet_season(day.month, first, last) for day in days]
    table["day_of_month"][:n_days] = [day.day for day in days]
    table["month_number"][:n_days] = [12 * day.year + day.month - 1 for day in days]
