"""The ledger: rows of the event table as they happen, and sums of the period that runs."""

from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM, Room, fail
from sim.world.record import TRAFFIC_KINDS

ROOM = int(Room["n_rows"])
LOGISTICS, PATROL = range(len(TRAFFIC_KINDS))
SCALAR_SUMS = (
    "n_patrols",
    "wait_h",
    "undisturbed_h",
    "journey_h",
    "team_h",
    "live_device_h",
    "cell_strength",
    "training_level",
    "traffic_seen",
    "progress",
    "grievance",
    "cells_active",
    "cells_in_refuge",
    "cell_practice",
    "died_of_wounds",
    "course_places",
    "course_company_days",
)
"""Sums of a period that are one number, by their names in a `RunRecord`."""


def row_fields(shape: Shape) -> list[Any]:
    """Columns of the event table; keys are ordinals of `keys`."""
    n = shape.n_rows
    return [
        ("n", np.int64),
        ("time_h", np.float64, (n,)),
        ("kind", np.int8, (n,)),
        ("segment", np.int32, (n,)),
        ("entity", np.int64, (n,)),
        ("other", np.int64, (n,)),
        ("cause", np.int8, (n,)),
        ("camp", np.int16, (n,)),
        ("killed", np.int16, (n,)),
        ("wounded", np.int16, (n,)),
        ("civilians", np.int16, (n,)),
        ("contractors", np.int16, (n,)),
        ("hours", np.float64, (n,)),
        ("strength", np.float64, (n,)),
    ]


def sum_fields(shape: Shape) -> list[Any]:
    """Sums of the period that runs."""
    return [
        ("vehicle_km", np.float64, (len(TRAFFIC_KINDS), shape.n_segments)),
        ("person_km", np.float64, (len(TRAFFIC_KINDS), shape.n_segments)),
        ("troop_days", np.float64, (shape.n_camps,)),
        ("stockout_person_days", np.float64, (shape.n_camps,)),
        # Last, and of one type, so that `hand_over` can take them as one array.
        *((name, np.float64) for name in SCALAR_SUMS),
    ]


@kernel
def put(  # type: ignore[no-untyped-def]
    state, kind, segment, entity, other, cause, camp, killed, wounded, civilians, contractors,
    hours, strength,
):  # fmt: skip
    """Put down one row at the present; columns as in `EVENT_COLUMNS`, keys as ordinals."""
    put_at(
        state, state.model.now_h, kind, segment, entity, other, cause, camp, killed, wounded,
        civilians, contractors, hours, strength,
    )  # fmt: skip


@kernel
def put_at(  # type: ignore[no-untyped-def]
    state, time_h, kind, segment, entity, other, cause, camp, killed, wounded, civilians,
    contractors, hours, strength,
):  # fmt: skip
    """Put down one row of an earlier time."""
    rows = state.rows
    n = rows.n
    if n >= len(rows.time_h):
        fail(state, NO_ROOM, ROOM, 0)
        return
    rows.time_h[n] = time_h
    rows.kind[n] = kind
    rows.segment[n] = segment
    rows.entity[n] = entity
    rows.other[n] = other
    rows.cause[n] = cause
    rows.camp[n] = camp
    rows.killed[n] = killed
    rows.wounded[n] = wounded
    rows.civilians[n] = civilians
    rows.contractors[n] = contractors
    rows.hours[n] = hours
    rows.strength[n] = strength
    rows.n = n + 1


@kernel
def hand_over(state, scalars, by_segment, by_camp, by_period):  # type: ignore[no-untyped-def]
    """Write the sums of the period that closes into the record to be, and begin anew.

    Parameters
    ----------
    scalars : float[n_sums]
        The sums that are one number, in the order of `SCALAR_SUMS`: the same memory as in `state`.
    by_segment : float[2, 2, n_periods, n_segments], km
        Filled in: of vehicles and of persons, of logistics and of patrols.
    by_camp : float[2, n_periods, n_camps], persons x d
        Filled in: troop-days, and person-days without stock.
    by_period : float[n_periods, n_sums]
        Filled in with `scalars`.
    """
    sums, period = state.sums, state.model.period
    for traffic in range(by_segment.shape[1]):
        for segment in range(by_segment.shape[3]):
            by_segment[0, traffic, period, segment] = sums.vehicle_km[traffic, segment]
            by_segment[1, traffic, period, segment] = sums.person_km[traffic, segment]
            sums.vehicle_km[traffic, segment] = 0.0
            sums.person_km[traffic, segment] = 0.0
    for camp in range(by_camp.shape[2]):
        by_camp[0, period, camp] = sums.troop_days[camp]
        by_camp[1, period, camp] = sums.stockout_person_days[camp]
        sums.troop_days[camp] = 0.0
        sums.stockout_person_days[camp] = 0.0
    for place in range(len(scalars)):
        by_period[period, place] = scalars[place]
        scalars[place] = 0.0
