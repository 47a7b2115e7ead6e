"""Scenarios small enough to draw on a napkin, and ways to read what happened in them.

A plain module rather than fixtures, so that property tests and spawned workers can import it.
Numbers that a test computes with are set here or in the test, never left to the defaults of
`sim/world/scenario.py`, which are calibrated and may move.
"""

import csv
import dataclasses
import random
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.data import data_path
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.device import Device
from sim.engines.reference.ledger import LOGISTICS
from sim.engines.reference.model import ConvoyModel
from sim.world.events import Cause, Kind
from sim.world.journey import Journey, journey_along
from sim.world.record import RunRecord
from sim.world.scenario import Reinforcement, Scenario

Groups = Mapping[str, Any]

DAY_H = 24.0
ROUND_THE_CLOCK = {"daylight_start_h": 0.0, "daylight_end_h": 24.0}
NO_HALTS = {"find_halt_h": 0.0, "strike_halt_h": 0.0}

PLAIN: dict[str, Groups] = {
    "threat": {"success_extra_decisions": 0.0, "skill_exponent": 0.0, "decoy_share": 0.0},
    "attrition": {
        "contact_probability": 0.0,
        "beta_deterrence": 0.0,
        "raids_per_month_per_100": 0.0,
        "tips_per_month": 0.0,
        "counter_terror_per_month": 0.0,
        "grievance_per_civilian": 0.0,
        "recruitment_per_year": 0.0,
        "refuge_probability": 0.0,
    },
    "attacks": {
        "indirect_fire_per_month": 0.0,
        "suicide_per_month": 0.0,
        "complex_per_month": 0.0,
        "gunfire_per_month": 0.0,
        "follow_on_probability": 0.0,
    },
    "medical": {"untreated_death_probability": 0.0},
    "training": {"discipline_ratio": 1.0, "care_ratio": 1.0},
    "clearance": {"false_alarms_per_100_km": 0.0, "accident_probability": 0.0},
    "routing": {"reroute_after_find": False},
    "supply": {"escort_share": 1.0},
}
"""Devices, convoys, patrols and sweeps alone: a test switches on what else it looks at."""


# Scenarios.


def changed(scenario: Scenario, **groups: Groups) -> Scenario:
    """The scenario with some fields of some groups set: `changed(s, force={"strength": 880})`."""
    return dataclasses.replace(
        scenario,
        **{
            group: dataclasses.replace(getattr(scenario, group), **fields)
            for group, fields in groups.items()
        },
    )


def decided_from(before: Scenario, **groups: Groups) -> Scenario:
    """The scenario that parts from `before` on its decision date."""
    return dataclasses.replace(changed(before, **groups), name="decided", before=before)


def a_month_on_the_triangle(**groups: Groups) -> Scenario:
    """Three towns, two camps, 440 people, two cells; convoys, patrols and sweeps every few days."""
    triangle = changed(
        changed(Scenario(name="triangle", baseline="triangle"), **PLAIN),
        roads={"name": "toy_triangle"},
        force={
            "strength": 440.0,  # the sum of the units table, so that nothing is scaled
            "patrols_per_year": 1500.0,
            "patrol_reference_strength": 405.0,
            "patrol_ceiling_per_day": 20.0,
            "patrol_elasticity": 0.5,
            "patrol_reach_km": 12.0,
            "patrol_vehicles": 4,
            "vehicle_occupants": 6,
        },
        threat={
            "attempts_per_month": 60.0,
            "reach_km": 100.0,
            "nothing_km": 0.0,
            "beta_traffic": 1.0,
            "beta_success": 0.3,
            "beta_pressure": 0.3,
            "beta_distance_per_km": 0.01,
            "smoothing_km": 20.0,
            "strike_probability_per_vehicle": 0.15,
            "find_probability_patrol": 0.28,
            "find_probability_convoy": 0.40,
            "harm_probability": 0.45,
            "others_hazard_per_day": 0.02,
            "expiry_mean_days": 60.0,
        },
        clearance={
            "people_per_team": 35.0,
            "team_h_per_day": 8.0,
            "available_share": 0.6,
            "team_reach_km": 75.0,
            "transit_kph": 30.0,
            "sweep_kph": 4.0,
            "search_rate_km_per_h": 2.25,
            "render_safe_h": 3.0,
        },
        supply={
            "kg_per_person_day": 8.0,
            "truck_tonnes": 15.0,
            "load_vehicles": 35,
            "preparation_days": 2.0,
            "initial_stock_days": 12.0,
            "initial_stock_spread": 0.0,
            "reorder_days": 10.0,
            "target_days": 16.0,
            "trucks_by_hub": {"west": 10.0},
            "unescorted_hubs": {},
        },
        runs={"start": "2016-07-01", "end": "2016-07-31", "warm_up_days": 0},
    )
    return changed(triangle, **groups)


def two_fortnights_on_the_triangle(**groups: Groups) -> Scenario:
    """The same month, with the decision in its middle."""
    return changed(
        a_month_on_the_triangle(runs={"decision_date": "2016-07-16"}),
        **groups,
    )


def an_empty_road(**groups: Groups) -> Scenario:
    """One road of 10 km in one piece; nobody moves, places or sweeps unless a test lets them."""
    road = changed(
        changed(Scenario(name="road", baseline="road"), **PLAIN),
        roads={"name": "toy_one_segment", "max_segment_km": 10.0, "near_camp_segment_km": 10.0},
        force={"strength": 170.0, "patrol_process": "none"},
        threat={
            "attempts_per_month": 0.0,
            "fixed_find_probability": 0.0,
            "fixed_strike_probability": 1.0,
        },
        clearance={"policy": "none"},
        routing={**ROUND_THE_CLOCK, **NO_HALTS},
        supply={"process": "periodic", "process_rate_per_day": 0.0},
        runs={"start": "2016-07-01", "end": "2016-07-31", "warm_up_days": 0},
    )
    return changed(road, **groups)


def a_supplied_chain(**groups: Groups) -> Scenario:
    """Five junctions in a row of 100 km; the camp at the far end eats 17 t a day.

    The numbers are chosen to be checked on paper: 170 people and 100 kg each, stock for ten days,
    an order at five days, trucks of 10 t, no escort. In the wet season the way takes
    25/60 + 25/40 + 25/10 + 25/25 + 2 (ferry) = 6.5417 h.
    """
    chain = changed(
        changed(Scenario(name="chain", baseline="chain"), **PLAIN),
        roads={"name": "toy_chain", "wet_speed_factor": 0.4, "ferry_wait_h": 2.0},
        force={"strength": 440.0, "patrol_process": "none"},
        threat={"attempts_per_month": 0.0},
        clearance={"policy": "none"},
        routing={
            "daylight_start_h": 6.0,
            "daylight_end_h": 17.0,
            "convoy_speed_factor": 1.0,
        },
        supply={
            "kg_per_person_day": 100.0,
            "truck_tonnes": 10.0,
            "load_vehicles": 35,
            "preparation_days": 2.0,
            "initial_stock_days": 10.0,
            "initial_stock_spread": 0.0,
            "reorder_days": 5.0,
            "target_days": 10.0,
            "loading_h": 24.0,
            "trucks_by_hub": {"first": 40.0},
            "unescorted_hubs": {"first": True},
        },
        runs={"start": "2016-07-01", "end": "2016-07-31", "warm_up_days": 0},
    )
    return changed(chain, **groups)


def a_busy_month_on_the_grid(**groups: Groups) -> Scenario:
    """Nine junctions, two camps, three cells; every mechanism is on and happens within the month.

    One month of warm-up goes before, and the camp at the far end closes ten days before the end.
    """
    grid = changed(
        Scenario(name="grid", baseline="grid"),
        roads={"name": "toy_grid"},
        force={
            "strength": 745.0,
            "patrols_per_year": 1500.0,
            "patrol_reference_strength": 675.0,
            "patrol_ceiling_per_day": 20.0,
            "patrol_policy": "highest_risk",
            "closures": {"r3c3": "2016-07-21"},
        },
        training={"course_seats_per_month": 200.0, "course_days": 5.0},
        politics={"process": "random_walk", "walk_step": 0.1, "path": {"2016-07-01": 0.5}},
        threat={"attempts_per_month": 200.0, "reach_km": 100.0, "decoy_share": 0.3},
        attrition={
            "raids_per_month_per_100": 1.0,
            "tips_per_month": 20.0,
            "raids_per_tip": 1.0,
            "counter_terror_per_month": 10.0,
            "counter_terror_civilians": 1.0,
            "recruitment_per_year": 20.0,
            "refuge_mean_days": 3.0,
            "strikes_ceiling_factor": 1000.0,
        },
        attacks={
            "indirect_fire_per_month": 10.0,
            "suicide_per_month": 10.0,
            "complex_per_month": 10.0,
            "gunfire_per_month": 60.0,
            "follow_on_probability": 0.5,
        },
        medical={"helicopter_camps": {}, "untreated_death_probability": 0.5},
        clearance={
            "available_share": 1.0,
            "false_alarms_per_100_km": 10.0,
            "accident_probability": 0.5,
        },
        routing={"policy": "mixed", "detour_limit": 3.0},
        supply={
            "kg_per_person_day": 100.0,
            "initial_stock_days": 8.0,
            "reorder_days": 10.0,
            "target_days": 16.0,
            "trucks_by_hub": {"r1c1": 50.0},
            "unescorted_hubs": {},
            "departure": "after_sweep",
            "departure_patience_days": 2.0,
        },
        runs={"start": "2016-07-01", "end": "2016-08-01", "warm_up_days": 30},
    )
    return changed(grid, **groups)


def a_chain_with_a_hub(folder: Path, **groups: Groups) -> Scenario:
    """The supplied chain with a hub and no people at `third`, which supplies `fifth`."""
    theatre = copy_of_theatre("toy_chain", folder)
    add_row(
        theatre / "camps.csv",
        node_id="third",
        sector="Field",
        share_2014="0",
        share_2015="0",
        share_2016="0",
        supply_hub="first",
        hub_basis="toy",
    )
    change_rows(theatre / "camps.csv", {"node_id": "fifth"}, supply_hub="third")
    chain = a_supplied_chain(
        roads={"name": str(theatre)},
        supply={
            "unescorted_hubs": {"first": True, "third": True},
            "trucks_by_hub": {"first": 40.0, "third": 40.0},
        },
    )
    return changed(chain, **groups)


def three_camps_along_a_road(folder: Path, **groups: Groups) -> Scenario:
    """The supplied chain with 85 people at `third` and 34 at `fourth`, all supplied by `first`.

    Loads to camps along the road travel together, and none waits for more. Driving hours from
    `first`: 1.0417 to `third`, 3.5417 to `fourth`, 6.5417 to `fifth`.
    """
    theatre = copy_of_theatre("toy_chain", folder)
    for camp, strength in (("third", "85"), ("fourth", "34")):
        add_row(
            theatre / "camps.csv",
            node_id=camp,
            sector="Field",
            share_2014="0",
            share_2015="0",
            share_2016="0",
            supply_hub="first",
            hub_basis="toy",
        )
        add_row(
            theatre / "units.csv",
            camp=camp,
            contingent="Fourth",
            strength=strength,
            unit_type="infantry",
            type_basis="toy",
            strength_basis="toy",
        )
    road = a_supplied_chain(
        roads={"name": str(theatre)},
        force={"strength": 559.0},
        supply={"departure": "bundled", "departure_patience_days": 0.0},
    )
    return changed(road, **groups)


def reinforced(**unit: Any) -> dict[str, Reinforcement]:
    """One company of infantry for the north of the triangle, or what `unit` says instead."""
    described = {
        "camp": "north",
        "unit_type": "infantry",
        "strength": 135.0,
        "arrival": "2016-07-16",
        **unit,
    }
    return {"package": Reinforcement(**described)}


# Theatres.


def copy_of_theatre(name: str, folder: Path) -> Path:
    """A copy of a shipped toy that a test may change; `roads.name` takes the path."""
    return Path(shutil.copytree(data_path("roads", name), folder / name))


def add_row(table: Path, **values: str) -> None:
    """Add one row to a table of a copied theatre."""
    with table.open(newline="") as file:
        columns = next(csv.reader(file))
    with table.open("a", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(values)


def change_rows(table: Path, where: Mapping[str, str], **values: str) -> None:
    """Set values in those rows of a table that agree with `where`."""
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if all(row[name] == value for name, value in where.items()):
            row.update(values)
    _write(table, rows)


def shuffle_rows(folder: Path, luck: random.Random) -> None:
    """Put the rows of every table of a theatre in another order."""
    for table in sorted(folder.glob("*.csv")):
        with table.open(newline="") as file:
            rows = list(csv.DictReader(file))
        luck.shuffle(rows)
        _write(table, rows)


def _write(table: Path, rows: list[dict[str, str]]) -> None:
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


# What happened.


def rows_of(record: RunRecord) -> Iterator[SimpleNamespace]:
    """The event table, row by row, with kinds and causes as words."""
    return _rows(dict(record.events))


def happened(record: RunRecord, *kinds: Kind) -> list[SimpleNamespace]:
    """Rows of these kinds, in order."""
    is_one = np.isin(record.events["kind"], kinds)
    return list(_rows({name: column[is_one] for name, column in record.events.items()}))


def _rows(columns: Mapping[str, np.ndarray]) -> Iterator[SimpleNamespace]:
    # Whole columns at once: a number by itself costs several times as much.
    for values in zip(*(column.tolist() for column in columns.values()), strict=True):
        row = SimpleNamespace(**dict(zip(columns, values, strict=True)))
        row.kind, row.cause = Kind(row.kind), Cause(row.cause)
        yield row


def logged(model: ConvoyModel, *kinds: Kind) -> list[SimpleNamespace]:
    """The same, of a model that is still running."""
    return happened(SimpleNamespace(events=model.ledger.events()), *kinds)  # type: ignore[arg-type]


def event_bytes(record: RunRecord) -> bytes:
    """The event table in canonical order as raw column buffers."""
    return b"".join(column.tobytes() for column in record.events.values())


def count_arrays(record: RunRecord) -> dict[str, np.ndarray]:
    """Every array of a record that is counted by period, with the axis of periods first."""
    counted = {}
    for item in dataclasses.fields(record):
        value = getattr(record, item.name)
        if isinstance(value, np.ndarray):
            is_by_traffic = item.name in ("vehicle_km", "person_km")
            counted[item.name] = value.swapaxes(0, 1) if is_by_traffic else value
    return counted


def all_bytes(record: RunRecord) -> bytes:
    """Events and everything that was counted."""
    counts = count_arrays(record)
    return event_bytes(record) + b"".join(counts[name].tobytes() for name in sorted(counts))


# Acting by hand in a model.


def lay_device(
    model: ConvoyModel,
    at_km: float,
    *,
    key: int = 1000,
    segment: int = 0,
    end_h: float = float("inf"),
    end_cause: Cause = Cause.NONE,
    concealment: float = 1.0,
    is_decoy: bool = False,
) -> Device:
    """A device or a decoy comes to lie on a road now."""
    device = Device(key, segment, at_km, concealment, model.now_h, end_h, end_cause, is_decoy)
    model.place_device(device, cell=model.militants[0])
    return device


def way_over(
    model: ConvoyModel, legs: list[tuple[int, bool]], h_per_km: float = 0.1, wait_h: float = 0.0
) -> Journey:
    """A journey over whole pieces, (segment, forwards), at 10 km/h unless said otherwise."""
    n_segments = model.world.network.n_segments
    return journey_along(
        np.array([segment for segment, _ in legs], dtype=np.int32),
        np.array([forwards for _, forwards in legs]),
        model.length_km,
        np.full(n_segments, h_per_km),
        np.full(n_segments, wait_h),
    )


def send_convoy(
    model: ConvoyModel,
    journey: Journey,
    *,
    key: int = 7,
    n_escort: int = 2,
    n_load: int = 3,
    traffic: int = LOGISTICS,
    is_escorted: bool | None = None,
) -> list[float]:
    """A convoy leaves now; the list receives the hour of its arrival."""
    arrivals: list[float] = []

    def arrive(convoy: Convoy) -> None:
        arrivals.append(model.now_h)
        convoy.remove()

    if is_escorted is None:
        is_escorted = traffic == LOGISTICS and n_escort > 0
    convoy = Convoy(model, 0, key, traffic, None, n_escort, n_load, arrive, is_escorted=is_escorted)
    convoy.start(journey)
    return arrivals


def a_convoy_at(model: ConvoyModel, journey: Journey, leg: int, along_km: float) -> Convoy:
    """A convoy that stands at a place of a journey as after a meeting there, off the agenda."""
    convoy = Convoy(
        model, 0, 7, LOGISTICS, None, 2, 3, lambda convoy: convoy.remove(), is_escorted=True
    )
    convoy.journey = journey
    convoy.leg, convoy.along_km = leg, along_km
    convoy.next_drive_h = convoy._drive_h_at(leg, along_km)
    return convoy
