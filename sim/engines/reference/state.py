"""All state of a run that leaves no event, as named arrays, to hold engines against each other.

A log of events has weak teeth: a wrong last bit in what cells remember may change no event for
years. So engines are compared by their state as well, bit for bit.

Names and types, part by part. `f8` is float64, `i8` is int64, `u8` is uint64, for
keys as the event table has them (`sim.draws`). Flags are i8, 0 or 1; indices are those of the
world (`sim.world.world.World`), -1 for none. Every value is as it is stored, as of its own time:
nothing is settled or brought to the present, so that to read the state changes nothing.

========== ================================ ====================================================
part       names                            type[axes]
========== ================================ ====================================================
model      now_h                            f8[1]
model      is_decided, is_frozen            i8[1]; frozen: cells learn no more
model      n_live, n_decoys                 i8[1]; live devices without decoys, decoys
model      live_counted_h                   f8[1]; up to when device-hours are counted
model      patrols_per_day_and_person       f8[1]
memory     traffic, traffic_time_h,         f8[n_segments]; what cells remember
           patrols, patrols_time_h,
           success, success_time_h,
           pressure, pressure_time_h
frozen     as_of_h                          f8[1]; nan where memories were not frozen
frozen     the eight names of memory        f8[n_segments]; length 0 where they were not frozen
picture    events_per_km, events_time_h,    f8[n_segments]
           passages, passages_time_h,
           last_swept_h
politics   offset                           f8[1]
grievance  value, time_h                    f8[1]
courses    seats, counted_h                 f8[1]
courses    n_on_course                      i8[1]
patrols    weights                          f8[n_roads_out]; of the last morning
camp       garrison, stock_t, on_order_t,   f8[n_camps]
           settled_h, n_trucks_taken_over
camp       is_closed, hub, n_trucks_out,    i8[n_camps]
           n_ordered, n_waiting, n_on_road
waiting    camp, home, destination,         i8[n_loads]; loads that camps are to send, camp by camp,
           number, n_trucks, lacks          in the order of each list; lacks: a `Cause`
waiting    weight_t, ready_h,               f8[n_loads]
           wait_counted_h
on_road    camp, home, destination,         i8[n_loads]; loads whose trucks are out, in the same way
           number, n_trucks
on_road    weight_t, departed_h             f8[n_loads]
unit       strength, level, level_time_h,   f8[n_units]
           escort_free_h, course_until_h
unit       n_candidates, n_patrols,         i8[n_units]
           n_changes
cell       home, n_attempts, n_placed,      i8[n_cells]
           is_in_refuge, n_losses
cell       strength, strength_time_h,       f8[n_cells]
           capacity, excitation,
           excitation_time_h, practice
cell       n_strike_candidates              i8[n_cells, 3]; by kind of strike on the cell
cell       n_attack_candidates              i8[n_cells, 4]; by kind on camps, then gunfire
team       n_swept, n_pieces, is_away       i8[n_teams]; n_pieces: left of the day's plan
team       home_km, way_h, set_out_h,       f8[n_teams]
           day_ends_h, away_counted_h,
           searches_again_h
device     key                              u8[n_live + n_decoys]; in the order of placement
device     segment, cell, end_cause,        i8[n_live + n_decoys]
           is_decoy
device     at_km, concealment, placed_h,    f8[n_live + n_decoys]
           end_h
convoy     key                              u8[n_moving]; in the order in which they last started
convoy     unit, team, n_legs, leg,         i8[n_moving]; passed_key -1 for none
           settled_leg, passed_key, n_asked
convoy     started_h, planned_h, driven_h,  f8[n_moving]; total_h: driving hours of the journey
           resumed_h, along_km,
           search_km_per_day, total_h
========== ================================ ====================================================
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.engines.reference.camp import Camp
    from sim.engines.reference.model import ConvoyModel

MEMORIES = tuple(
    name + suffix
    for name in ("traffic", "patrols", "success", "pressure")
    for suffix in ("", "_time_h")
)


def state_of(model: ConvoyModel) -> dict[str, NDArray[Any]]:
    """The state of a model now, by `part.name`.

    Examples
    --------
    >>> from sim.engines.reference.model import ConvoyModel
    >>> from sim.world.scenario import Roads, Runs, Scenario
    >>> toy = Scenario(roads=Roads(name="toy_chain"), runs=Runs(end="2016-07-08", warm_up_days=0))
    >>> state = state_of(ConvoyModel(toy))
    >>> state["model.now_h"].tolist(), state["picture.passages"].dtype.name
    ([0.0], 'float64')
    """
    state: dict[str, NDArray[Any]] = {}
    for part, columns in (
        ("model", _model(model)),
        ("memory", _memory(model)),
        ("frozen", _frozen(model)),
        ("picture", _picture(model)),
        ("politics", {"offset": _reals([model.politics.offset])}),
        (
            "grievance",
            {
                "value": _reals([model.grievance._value]),
                "time_h": _reals([model.grievance._time_h]),
            },
        ),
        ("courses", _courses(model)),
        ("patrols", {"weights": model.patrols.weights.copy()}),
        ("camp", _camps(model)),
        ("waiting", _waiting(model)),
        ("on_road", _on_road(model)),
        ("unit", _units(model)),
        ("cell", _cells(model)),
        ("team", _teams(model)),
        ("device", _devices(model)),
        ("convoy", _convoys(model)),
    ):
        state.update({f"{part}.{name}": column for name, column in columns.items()})
    return state


def digest(state: Mapping[str, NDArray[Any]]) -> str:
    """Hash of names, types, shapes and every bit of a state, in whatever order it names them.

    Examples
    --------
    >>> one, other = {"a": np.zeros(2)}, {"a": np.array([0.0, 5e-324])}
    >>> digest(one) == digest({"a": np.zeros(2)}), digest(one) == digest(other)
    (True, False)
    """
    whole = hashlib.blake2b(digest_size=16)
    for name, array in sorted(state.items()):
        whole.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()


Columns = dict[str, NDArray[Any]]


def _reals(values: Iterable[float]) -> NDArray[np.float64]:
    return np.array(list(values), dtype=np.float64)


def _whole(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array([int(value) for value in values], dtype=np.int64)


def _keys(values: Iterable[int]) -> NDArray[np.uint64]:
    return np.array(list(values), dtype=np.uint64)


def _of(agents: Iterable[Any], whole: Iterable[str], reals: Iterable[str]) -> Columns:
    """Attributes of some agents as columns."""
    agents = list(agents)
    return {
        **{name: _whole(getattr(agent, name) for agent in agents) for name in whole},
        **{name: _reals(getattr(agent, name) for agent in agents) for name in reals},
    }


def _model(model: ConvoyModel) -> Columns:
    return {
        "now_h": _reals([model.now_h]),
        "is_decided": _whole([model.is_decided]),
        "is_frozen": _whole([model.cell_memory.is_frozen]),
        "n_live": _whole([model.n_live]),
        "n_decoys": _whole([model.n_decoys]),
        "live_counted_h": _reals([model._live_counted_h]),
        "patrols_per_day_and_person": _reals([model.patrols_per_day_and_person]),
    }


def _memory(model: ConvoyModel) -> Columns:
    return {
        "traffic": model.traffic.copy(),
        "traffic_time_h": model.traffic_time_h.copy(),
        "patrols": model.patrols_seen.copy(),
        "patrols_time_h": model.patrols_seen_time_h.copy(),
        "success": model.success.copy(),
        "success_time_h": model.success_time_h.copy(),
        "pressure": model.pressure.copy(),
        "pressure_time_h": model.pressure_time_h.copy(),
    }


def _frozen(model: ConvoyModel) -> Columns:
    kept = model.cell_memory._kept
    if kept is None:
        return {"as_of_h": _reals([np.nan]), **{name: np.empty(0) for name in MEMORIES}}
    return {
        "as_of_h": _reals([kept.as_of_h]),
        **{name: getattr(kept, name).copy() for name in MEMORIES},
    }


def _picture(model: ConvoyModel) -> Columns:
    names = ("events_per_km", "events_time_h", "passages", "passages_time_h", "last_swept_h")
    return {name: getattr(model.picture, name).copy() for name in names}


def _courses(model: ConvoyModel) -> Columns:
    courses = model.courses
    return {
        "seats": _reals([courses.seats]),
        "counted_h": _reals([courses._counted_h]),
        "n_on_course": _whole([courses._n_on_course]),
    }


def _index(camp: Camp | None) -> int:
    return -1 if camp is None else camp.index


def _camps(model: ConvoyModel) -> Columns:
    camps = model.camps
    return {
        **_of(
            camps,
            ("is_closed", "n_trucks_out", "n_ordered"),
            ("garrison", "stock_t", "on_order_t", "settled_h", "n_trucks_taken_over"),
        ),
        "hub": _whole(_index(camp.hub) for camp in camps),
        "n_waiting": _whole(len(camp.waiting) for camp in camps),
        "n_on_road": _whole(len(camp.on_road) for camp in camps),
    }


def _waiting(model: ConvoyModel) -> Columns:
    rows = [(camp, load) for camp in model.camps for load in camp.waiting]
    loads = [load for _, load in rows]
    return {
        "camp": _whole(camp.index for camp, _ in rows),
        "home": _whole(load.home.index for load in loads),
        "destination": _whole(load.destination.index for load in loads),
        **_of(loads, ("number", "n_trucks", "lacks"), ("weight_t", "ready_h", "wait_counted_h")),
    }


def _on_road(model: ConvoyModel) -> Columns:
    rows = [(camp, load) for camp in model.camps for load in camp.on_road]
    loads = [load for _, load in rows]
    return {
        "camp": _whole(camp.index for camp, _ in rows),
        "home": _whole(load.home.index for load in loads),
        "destination": _whole(load.destination.index for load in loads),
        **_of(loads, ("number", "n_trucks"), ("weight_t", "departed_h")),
    }


def _units(model: ConvoyModel) -> Columns:
    return _of(
        model.units,
        ("n_candidates", "n_patrols", "n_changes"),
        ("strength", "level", "level_time_h", "escort_free_h", "course_until_h"),
    )


def _cells(model: ConvoyModel) -> Columns:
    cells = model.militants
    n_cells = len(cells)
    return {
        **_of(cells, ("home", "n_attempts", "n_placed"), ("practice",)),
        "is_in_refuge": _whole(cell.refuge.is_taken for cell in cells),
        "n_losses": _whole(cell.refuge.n_losses for cell in cells),
        "strength": _reals(cell._strength for cell in cells),
        "strength_time_h": _reals(cell._strength_time_h for cell in cells),
        "capacity": _reals(cell._capacity for cell in cells),
        "excitation": _reals(cell._excitation for cell in cells),
        "excitation_time_h": _reals(cell._excitation_time_h for cell in cells),
        "n_strike_candidates": _whole(
            n for cell in cells for n in cell.strikes.n_candidates
        ).reshape(n_cells, 3),
        "n_attack_candidates": _whole(process.n_candidates for process in model.attacks).reshape(
            n_cells, 4
        ),
    }


def _teams(model: ConvoyModel) -> Columns:
    reals = ("home_km", "way_h", "set_out_h", "day_ends_h", "away_counted_h", "searches_again_h")
    return {
        **_of(model.teams, ("n_swept", "is_away"), reals),
        "n_pieces": _whole(len(team.pieces) for team in model.teams),
    }


def _devices(model: ConvoyModel) -> Columns:
    devices = list(model.live.values())
    return {
        "key": _keys(device.key for device in devices),
        "cell": _whole(device.cell_index for device in devices),
        **_of(
            devices,
            ("segment", "end_cause", "is_decoy"),
            ("at_km", "concealment", "placed_h", "end_h"),
        ),
    }


def _convoys(model: ConvoyModel) -> Columns:
    convoys = list(model.moving.values())
    units = {id(unit): number for number, unit in enumerate(model.units)}
    teams = {id(team): number for number, team in enumerate(model.teams)}
    reals = ("started_h", "planned_h", "driven_h", "resumed_h", "along_km", "search_km_per_day")
    return {
        "key": _keys(convoy.key for convoy in convoys),
        "unit": _whole(units.get(id(convoy.unit), -1) for convoy in convoys),
        "team": _whole(teams.get(id(convoy.team), -1) for convoy in convoys),
        "n_legs": _whole(len(convoy.journey.segments) for convoy in convoys),
        "total_h": _reals(convoy.journey.total_h for convoy in convoys),
        **_of(convoys, ("leg", "settled_leg", "passed_key", "n_asked"), reals),
    }
