"""All state of a run that leaves no event, under the names of the reference engine's `state_of`.

`sim/engines/reference/state.py` lists the names, types and axes; here the same is read from the
record. Two engines that agree in every event can still differ in what cells remember, so docking
compares both.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.batch.cell_memory import NAMES as MEMORIES
from sim.engines.batch.cell_state import homes_of
from sim.engines.batch.keys import as_in_events
from sim.engines.batch.layout import Tables

Columns = dict[str, NDArray[Any]]


def state_of(tables: Tables, state: Any) -> Columns:
    """The state of a run now, by `part.name`."""
    world = tables.of
    network = world.network
    n_segments, n_camps = network.n_segments, len(world.camps)
    parts = {
        "model": _model(state),
        "memory": _of(state.memory, MEMORIES, n_segments),
        "frozen": _frozen(state, n_segments),
        "picture": _of(
            state.picture,
            ("events_per_km", "events_time_h", "passages", "passages_time_h", "last_swept_h"),
            n_segments,
        ),
        "politics": _single(state.politics, "offset"),
        "grievance": _single(state.grievance, "value", "time_h"),
        "courses": _single(state.courses, "seats", "counted_h", "n_on_course"),
        "patrols": _of(state.patrols, ("weights",), int(tables.world[0].patrols.n_roads)),
        "camp": _of(
            state.camp,
            (
                "garrison",
                "stock_t",
                "on_order_t",
                "settled_h",
                "n_trucks_taken_over",
                "is_closed",
                "hub",
                "n_trucks_out",
                "n_ordered",
                "n_waiting",
                "n_on_road",
            ),
            n_camps,
        ),
        "waiting": _loads(
            state, n_camps, "waiting", ("lacks", "weight_t", "ready_h", "wait_counted_h")
        ),
        "on_road": _loads(state, n_camps, "on_road", ("weight_t", "departed_h")),
        "unit": _of(
            state.unit,
            (
                "n_candidates",
                "n_patrols",
                "n_changes",
                "strength",
                "level",
                "level_time_h",
                "escort_free_h",
                "course_until_h",
            ),
            len(world.companies),
        ),
        "cell": _cells(tables, state),
        "team": _teams(state, int(tables.world[0].team.n_teams)),
        "device": _devices(state),
        "convoy": _convoys(state),
    }
    return {
        f"{part}.{name}": _as_listed(column)
        for part, columns in parts.items()
        for name, column in columns.items()
    }


def _as_listed(column: NDArray[Any]) -> NDArray[Any]:
    """A copy in the type of the list: signed whole numbers in 64 bits, whatever the record has."""
    is_signed = np.issubdtype(column.dtype, np.signedinteger)
    return column.astype(np.int64 if is_signed else column.dtype)


def _of(part: Any, names: Iterable[str], n: int) -> Columns:
    return {name: part[name][:n] for name in names}


def _single(part: Any, *names: str) -> Columns:
    return {name: np.array([part[name]]) for name in names}


def _model(state: Any) -> Columns:
    model = state.model
    return {
        **_single(
            model,
            "now_h",
            "is_decided",
            "is_frozen",
            "n_decoys",
            "live_counted_h",
            "patrols_per_day_and_person",
        ),
        "n_live": np.array([state.devices.n_live - model.n_decoys]),
    }


def _frozen(state: Any, n_segments: int) -> Columns:
    if not state.model.is_frozen:
        return {"as_of_h": np.array([np.nan]), **{name: np.empty(0) for name in MEMORIES}}
    kept = state.cell_memory
    return {**_single(kept, "as_of_h"), **_of(kept, MEMORIES, n_segments)}


def _loads(state: Any, n_camps: int, which: str, more: tuple[str, ...]) -> Columns:
    camp = state.camp
    rows = [
        (index, int(load))
        for index in range(n_camps)
        for load in camp[which][index][: camp[f"n_{which}"][index]]
    ]
    loads = np.array([load for _, load in rows], dtype=np.int64)
    return {
        "camp": np.array([index for index, _ in rows], dtype=np.int64),
        **{
            name: state.load[name][loads]
            for name in ("home", "destination", "number", "n_trucks", *more)
        },
    }


def _cells(tables: Tables, state: Any) -> Columns:
    n = len(tables.of.cells)
    junctions = np.array([junction for junction, _ in homes_of(tables.of)], dtype=np.int64)
    names = (
        "n_attempts",
        "n_placed",
        "practice",
        "is_in_refuge",
        "n_losses",
        "strength",
        "strength_time_h",
        "capacity",
        "excitation",
        "excitation_time_h",
    )
    return {
        **_of(state.cell, names, n),
        "home": junctions[state.cell.home[:n]],
        "n_strike_candidates": state.cell_strikes.n_candidates[:n],
        "n_attack_candidates": state.attack_process.n_candidates[:n],
    }


def _teams(state: Any, n: int) -> Columns:
    team = state.team
    names = (
        "n_swept",
        "is_away",
        "home_km",
        "way_h",
        "set_out_h",
        "day_ends_h",
        "away_counted_h",
        "searches_again_h",
    )
    return {**_of(team, names, n), "n_pieces": team.n_stops[:n] - team.next_stop[:n]}


def _devices(state: Any) -> Columns:
    devices, n = state.devices, int(state.devices.n_live)
    names = (
        "segment",
        "cell",
        "end_cause",
        "is_decoy",
        "at_km",
        "concealment",
        "placed_h",
        "end_h",
    )
    return {**_of(devices, names, n), "key": devices.key[:n].astype(np.uint64)}


def _convoys(state: Any) -> Columns:
    convoy = state.convoy
    slots = convoy.moving[: convoy.n_moving]
    names = (
        "unit",
        "team",
        "n_legs",
        "leg",
        "settled_leg",
        "passed_key",
        "n_asked",
        "started_h",
        "planned_h",
        "driven_h",
        "resumed_h",
        "along_km",
        "search_km_per_day",
    )
    return {
        **{name: convoy[name][slots] for name in names},
        "key": as_in_events(convoy.key[slots]),
        "total_h": convoy.drive_h[slots, convoy.n_legs[slots]],
    }
