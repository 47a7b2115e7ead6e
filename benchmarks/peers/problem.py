"""The problem file: what no run of `bench_core` changes, as tables that a C program reads.

A table is a name of 24 bytes, the bytes of a value, the number of values, and the values, filled
up to a multiple of eight bytes. The settings are one table of floats in the order of `Settings` in
`bench_core.c`.
"""

import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY
from sim.draws import entity_key
from sim.roads.paths import segments_along, shortest_path
from sim.rules.emplacement import attempt_rate_per_day
from sim.rules.patrolling import patrols_per_day
from sim.rules.politics import motivation
from sim.world.journey import journey_along
from sim.world.pace import ESCORTED, PATROL, pace_of
from sim.world.patrol_roads import Line, loops_by_edge
from sim.world.scenario import Scenario
from sim.world.world import World, build_world, is_wet_season, segments_in_area, surroundings

HEADING = struct.Struct("<24sQQ")
SEASONS = (False, True)
"""Dry, wet: the order of tables with a season."""


class NotTheSliceError(Exception):
    """The scenario asks for more than the slice holds."""


def write_problem(scenario: Scenario, path: Path) -> None:
    """Write the problem file of a scenario that lies within the slice."""
    with path.open("wb") as file:
        for name, values in problem_tables(scenario).items():
            array = np.ascontiguousarray(values)
            file.write(HEADING.pack(name.encode(), array.itemsize, array.size))
            file.write(array.tobytes())
            file.write(bytes(-array.nbytes % 8))


def read_tables(path: Path, dtypes: Mapping[str, Any]) -> dict[str, NDArray]:
    """The tables of a file of this form, each with the type that belongs to its name."""
    content, at, tables = path.read_bytes(), 0, {}
    while at < len(content):
        name, size, n = HEADING.unpack_from(content, at)
        at += HEADING.size
        dtype = np.dtype(dtypes[name.rstrip(b"\0").decode()])
        assert dtype.itemsize == size, name
        tables[name.rstrip(b"\0").decode()] = np.frombuffer(content, dtype, n, at)
        at += (size * n + 7) // 8 * 8
    return tables


def problem_tables(scenario: Scenario) -> dict[str, NDArray]:
    """All tables by name, in the order in which they are written.

    Raises
    ------
    NotTheSliceError
        Where the scenario switches on what the C program leaves out.
    """
    world = build_world(scenario)
    check_is_slice(scenario, world)
    return {
        "settings": np.array(settings_of(scenario, world)),
        **calendar_tables(scenario, world),
        **road_tables(scenario, world),
        **unit_tables(world),
        **camp_tables(world),
        **supply_tables(scenario, world),
        **cell_tables(scenario, world),
    }


def check_is_slice(scenario: Scenario, world: World) -> None:
    """Raise where the scenario switches on what the C program leaves out."""
    attacks, attrition = scenario.attacks, scenario.attrition
    left_out = {
        "a decision": scenario.before is not None,
        "attacks": attacks.indirect_fire_per_month
        + attacks.suicide_per_month
        + attacks.complex_per_month
        + attacks.gunfire_per_month
        + attacks.follow_on_probability,
        "attrition": attrition.contact_probability
        + attrition.raids_per_month_per_100
        + attrition.tips_per_month
        + attrition.counter_terror_per_month
        + attrition.recruitment_per_year
        + attrition.refuge_probability
        + attrition.grievance_per_civilian,
        "deaths of wounds": scenario.medical.untreated_death_probability,
        "politics that move": scenario.politics.process != "path"
        or len(set(scenario.politics.path.values())) > 1,
        "supply by stock": scenario.supply.process != "poisson",
        "sweeps by teams": scenario.clearance.process != "poisson"
        or scenario.clearance.fixed_find_probability is None,
        "routes by risk": scenario.routing.policy != "shortest",
        "patrols by plan": scenario.force.patrol_policy != "even"
        or scenario.force.patrol_process != "policy",
        "courses": scenario.training.course_seats_per_month,
        "cells that stop learning": not scenario.threat.adaptive,
        "fixed chances": (scenario.threat.fixed_find_probability is not None)
        + (scenario.threat.fixed_strike_probability is not None),
        "every passage": scenario.results.detail == "full",
        "companies that come and go": any(
            company.after.changes
            or math.isfinite(company.after.arrival_h)
            or math.isfinite(company.after.departure_h)
            for company in world.companies
        )
        or bool(scenario.force.closures),
        "driving without a pause": scenario.routing.instant_passage,
    }
    for what, is_on in left_out.items():
        if is_on:
            raise NotTheSliceError(f"{scenario.name} has {what}, which bench_core.c leaves out.")


def settings_of(scenario: Scenario, world: World) -> list[float]:
    """Scalars in the order of `Settings` in `bench_core.c`."""
    s = scenario
    patrollers = 0.0
    for company in world.companies:
        patrollers += company.after.strength if company.unit_type == "infantry" else 0.0
    rate_per_day = patrols_per_day(
        s.force.patrols_per_year,
        patrollers,
        s.force.patrol_reference_strength,
        s.force.patrol_elasticity,
    )
    (progress,) = set(s.politics.path.values())
    return [
        float(value)
        for value in (
            world.clock.end_h,
            s.routing.daylight_start_h,
            s.routing.daylight_end_h,
            s.threat.memory_half_life_days * HOURS_PER_DAY,
            s.clearance.picture_half_life_days * HOURS_PER_DAY,
            s.force.rotation_days * HOURS_PER_DAY,
            s.training.decay_half_life_days,
            s.training.reference_level,
            s.training.trained_miss_ratio,
            s.training.discipline_ratio,
            s.force.patrol_ceiling_per_day,
            rate_per_day / patrollers,
            s.force.patrol_reach_km,
            s.force.patrol_vehicles,
            s.force.vehicle_occupants,
            s.force.protected_share,
            s.supply.process_rate_per_day,
            s.supply.escort_vehicles,
            s.supply.load_vehicles,
            s.supply.truck_occupants,
            s.supply.contractor_share,
            s.clearance.process_rate_per_day,
            s.clearance.fixed_find_probability or 0.0,
            s.clearance.render_safe_h,
            attempt_rate_per_day(s.threat.attempts_per_month, 1.0 / len(world.cells), 1.0),
            s.threat.attempts_ceiling_factor,
            motivation(
                progress, s.politics.reference_level, s.politics.motivation_at_full_progress
            ),
            s.threat.beta_traffic,
            s.attrition.beta_deterrence,
            s.threat.beta_success,
            s.threat.beta_pressure,
            s.threat.beta_distance_per_km,
            s.threat.nothing_km,
            s.threat.success_extra_decisions,
            s.threat.success_half_life_days,
            s.threat.success_ceiling,
            s.threat.skill_exponent,
            s.threat.skill_reference_devices,
            s.threat.skill_most,
            s.threat.decoy_share,
            s.threat.find_probability_patrol,
            s.threat.find_probability_convoy,
            s.threat.find_reference_km_per_day,
            s.routing.threatened_km_per_day,
            s.threat.strike_probability_per_vehicle,
            s.threat.concealment_low,
            s.threat.concealment_high,
            s.threat.harm_probability,
            s.threat.unprotected_harm_ratio,
            s.threat.reference_protected_share,
            s.threat.severity_alpha,
            s.threat.severity_beta,
            s.threat.wounded_share,
            s.threat.others_hazard_per_day,
            s.threat.others_paved_ratio,
            s.threat.others_track_ratio,
            s.threat.others_civilian_share,
            s.threat.others_army_share,
            s.threat.others_victims,
            s.threat.expiry_mean_days,
            s.routing.find_halt_h,
            s.routing.strike_halt_h,
        )
    ]


def calendar_tables(scenario: Scenario, world: World) -> dict[str, NDArray]:
    """Periods, and the wet season by day."""
    clock, roads = world.clock, scenario.roads
    months = [clock.date_at(24.0 * day).month for day in range(int(clock.end_h // 24.0) + 1)]
    first, last = roads.wet_season_first_month, roads.wet_season_last_month
    return {
        "is_wet": np.array([is_wet_season(month, first, last) for month in months], np.int8),
        "period_start_h": np.array(clock.period_start_h()),
    }


def road_tables(scenario: Scenario, world: World) -> dict[str, NDArray]:
    """Pieces, edges, the pace of patrols by season, and what lies near every piece."""
    network, pieces = world.network, world.network.segments
    paces = [
        pace_of(network, scenario.roads, scenario.routing, PATROL, is_wet) for is_wet in SEASONS
    ]
    near = [
        surroundings(network, segment, scenario.threat.smoothing_km)
        for segment in range(network.n_segments)
    ]
    return {
        "length_km": np.array(pieces.length_km, np.float64),
        "surface": np.array(pieces.surface, np.int32),
        "sweep_key": keys(f"sweep/{name}" for name in pieces.name),
        "edge_from": np.array(network.edge_from, np.int32),
        "edge_to": np.array(network.edge_to, np.int32),
        "edge_first_segment": np.array(network.edge_first_segment, np.int32),
        "adjacency_start": np.array(network.adjacency_start, np.int32),
        "adjacency_edge": np.array(network.adjacency_edge, np.int32),
        "patrol_h_per_km": np.concatenate([pace.h_per_km for pace in paces]),
        "patrol_wait_h": np.concatenate([pace.wait_h for pace in paces]),
        "near_start": starts([len(segments) for segments, _, _ in near], np.int64),
        "near_segment": joined([segments for segments, _, _ in near], np.int32),
        "near_weight": joined([weight for _, weight, _ in near], np.float64),
        "near_per_km": joined([per_km for _, _, per_km in near], np.float64),
    }


def unit_tables(world: World) -> dict[str, NDArray]:
    """Companies, in their order."""
    companies, camps = world.companies, list(world.camp_ids)
    return {
        "unit_key": keys(f"unit/{company.name}" for company in companies),
        "unit_patrol_key": keys(f"patrol/{company.name}" for company in companies),
        "unit_contingent_key": keys(f"contingent/{c.camp}/{c.contingent}" for c in companies),
        "unit_camp": np.array([camps.index(company.camp) for company in companies], np.int32),
        "unit_patrols": np.array([c.unit_type == "infantry" for c in companies], np.int8),
        "unit_strength": np.array([company.after.strength for company in companies]),
        "unit_level": np.array([company.after.predeployment_level for company in companies]),
        "unit_protected_share": np.array([c.after.protected_share for c in companies]),
    }


def camp_tables(world: World) -> dict[str, NDArray]:
    """The roads out of every camp, all of one weight, and a loop by each where one is short."""
    network = world.network
    n_roads, loop_km, lines = [], [], []
    for camp in world.camps:
        begin, end = network.adjacency_start[camp.junction : camp.junction + 2].tolist()
        n_roads.append(end - begin)
        loops = loops_by_edge(network, camp.junction)
        for edge in network.adjacency_edge[begin:end].tolist():
            if edge in loops:
                loop_km.append(loops[edge].length_km)
                lines.append(loops[edge].line)
            else:
                loop_km.append(math.inf)
                lines.append(Line(np.empty(0, np.int32), np.empty(0, np.bool_), 0.0))
    return {
        "camp_junction": np.array([camp.junction for camp in world.camps], np.int32),
        "camp_road_start": starts(n_roads, np.int32),
        "road_weight": np.ones(len(loop_km)),
        "loop_km": np.array(loop_km),
        "loop_start": starts([len(line[0]) for line in lines], np.int32),
        "loop_segment": joined([line[0] for line in lines], np.int32),
        "loop_forwards": joined([line[1] for line in lines], np.int8),
    }


def supply_tables(scenario: Scenario, world: World) -> dict[str, NDArray]:
    """The legs of supply and the fastest ways of escorted convoys, dry and wet."""
    network, legs, ways = world.network, [], []
    for index, camp in enumerate(world.camps):
        if camp.hub is None:
            continue
        legs.append(index)
        for is_wet in SEASONS:
            pace = pace_of(network, scenario.roads, scenario.routing, ESCORTED, is_wet)
            hub = world.camps[camp.hub].junction
            path = shortest_path(network, pace.edge_h(network), hub, camp.junction)
            line = segments_along(network, path.edges, path.forwards)
            length_km = network.segments.length_km
            ways.append(journey_along(*line, length_km, pace.h_per_km, pace.wait_h))
    names = [world.camp_ids[index] for index in legs]
    return {
        "leg_camp_key": keys(f"camp/{name}" for name in names),
        "leg_convoy_key": keys(f"convoy/{name}" for name in names),
        "leg_camp": np.array(legs, np.int32),
        "way_start": starts([len(way.segments) for way in ways], np.int32),
        "way_segment": joined([way.segments for way in ways], np.int32),
        "way_enter_km": joined([way.enter_km for way in ways], np.float64),
        "way_leave_km": joined([way.leave_km for way in ways], np.float64),
        "way_drive_h": joined([way.drive_h for way in ways], np.float64),
    }


def cell_tables(scenario: Scenario, world: World) -> dict[str, NDArray]:
    """Cells, the homes of each, and the pieces in reach of each home."""
    places = [
        segments_in_area(world.network, home, scenario.threat.reach_km, cell.area)
        for cell in world.cells
        for home in cell.homes
    ]
    return {
        "cell_key": keys(f"cell/{cell.name}" for cell in world.cells),
        "cell_device_key": keys(f"device/{cell.name}" for cell in world.cells),
        "home_start": starts([len(cell.homes) for cell in world.cells], np.int32),
        "place_start": starts([len(segments) for segments, _ in places], np.int32),
        "place_segment": joined([segments for segments, _ in places], np.int32),
        "place_distance_km": joined([distance_km for _, distance_km in places], np.float64),
    }


def keys(names: Any) -> NDArray[np.uint32]:
    """The keys of several names."""
    return np.array([entity_key(name) for name in names], np.uint32)


def starts(lengths: Sequence[int], dtype: Any) -> NDArray:
    """Where each of several arrays begins in all of them in a row, and where the last ends."""
    return np.concatenate([[0], np.cumsum(lengths)]).astype(dtype)


def joined(arrays: Sequence[Any], dtype: Any) -> NDArray:
    """Several arrays in a row."""
    return np.concatenate([np.empty(0), *arrays]).astype(dtype)
