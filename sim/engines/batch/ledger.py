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


ROW = np.dtype(
    [
        ("time_h", np.float64),
        ("kind", np.int8),
        ("cause", np.int8),
        ("camp", np.int16),
        ("segment", np.int32),
        ("entity", np.int64),
        ("other", np.int64),
        ("killed", np.int16),
        ("wounded", np.int16),
        ("civilians", np.int16),
        ("contractors", np.int16),
        ("hours", np.float64),
        ("strength", np.float64),
    ],
    align=True,
)
"""A row of the event table; keys are ordinals of `keys`."""


def row_fields(shape: Shape) -> list[Any]:
    """Rows that wait to be handed over, and how many were before them."""
    return [("n", np.int64), ("n_before", np.int64), ("waiting", ROW, (shape.n_rows,))]


def sum_fields(shape: Shape) -> list[Any]:
    """Sums of the period that runs."""
    return [
        ("vehicle_km", np.float64, (len(TRAFFIC_KINDS), shape.n_segments)),
        ("person_km", np.float64, (len(TRAFFIC_KINDS), shape.n_segments)),
        ("troop_days", np.float64, (shape.n_camps,)),
        ("stockout_person_days", np.float64, (shape.n_camps,)),
        # Last, and of one type, so that `hand_over_sums` can take them as one array.
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
    if rows.n >= len(rows.waiting):
        fail(state, NO_ROOM, ROOM, 0)
        return
    row = rows.waiting[rows.n]
    row.time_h = time_h
    row.kind = kind
    row.segment = segment
    row.entity = entity
    row.other = other
    row.cause = cause
    row.camp = camp
    row.killed = killed
    row.wounded = wounded
    row.civilians = civilians
    row.contractors = contractors
    row.hours = hours
    row.strength = strength
    rows.n += 1


@kernel
def hand_over_rows(state, kept):  # type: ignore[no-untyped-def]
    """Write the rows that wait behind those in `kept`, where these have room; 0 where not."""
    rows = state.rows
    if rows.n_before + rows.n > len(kept):
        return 0
    for place in range(rows.n):
        kept[rows.n_before + place] = rows.waiting[place]
    rows.n_before += rows.n
    rows.n = 0
    return 1


@kernel
def hand_over_sums(state, scalars, by_segment, by_camp, by_period):  # type: ignore[no-untyped-def]
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
