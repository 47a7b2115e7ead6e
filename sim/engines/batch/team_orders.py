"""Team orders: every dawn the clearance policy scores the roads, and teams get their pieces.

What teams are told follows from the picture and from plans, never from what is true.
"""

import math
from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engines.batch.bases import bases_of, reaches_of, teams_of
from sim.engines.batch.chance import day, draw
from sim.engines.batch.clearance_policy import fill_scores
from sim.engines.batch.clearance_team import set_out, share_of_days, work_h_today
from sim.engines.batch.codes import (
    CLEARANCE_POLICY_AHEAD_OF_CONVOY,
    CLEARANCE_POLICY_ALLOCATION,
    CLEARANCE_POLICY_FIXED_ROUND,
    CLEARANCE_POLICY_NONE,
    CLEARANCE_POLICY_RANDOM_SWEEP,
    POLICY_FROM_OUTSIDE,
    STREAM_SWEEP_CHOICE,
)
from sim.engines.batch.picture import hazard_told_at
from sim.engines.batch.routes import convoy_due_h
from sim.engines.batch.shape import Shape, require
from sim.policies.clearance.assignment import assign_pieces
from sim.world.picture import rate_of_fading
from sim.world.world import World


def state_fields(shape: Shape) -> list[Any]:
    """What the policy is shown this morning, what it makes of it, and the hours of teams."""
    n = (shape.n_segments,)
    return [
        *(
            (name, np.float64, n)
            for name in (
                "hazard_per_km",
                "passages_per_day",
                "convoy_due_h",
                "draws",
                "base_distance_km",
                "scores",
            )
        ),
        ("nearest_base", np.int32, n),
        ("n_bases", np.int64),
        ("base_of_camp", np.int32, (shape.n_camps,)),
        ("base_team_h_per_day", np.float64, (shape.n_camps,)),
        ("work_h", np.float64, (shape.n_teams,)),
    ]


def world_fields(shape: Shape) -> list[Any]:
    """Tables of `assign_pieces`: what teams can reach before [0] and after [1] the decision.

    `candidates`, `base_km` and `between_km` hold both in a row, or one for both where the reach
    stays the same.
    """
    return [
        ("n_bases", np.int64),
        ("team_base", np.int32, (shape.n_teams,)),
        ("base_start", np.int32, (2, shape.n_camps + 1)),
        ("candidates", np.int32, (shape.n_in_reach,)),
        ("base_km", np.float64, (shape.n_in_reach, 2)),
        ("between_start", np.int64, (2, shape.n_camps + 1)),
        ("between_km", np.float64, (shape.n_between,)),
        ("is_in_reach", np.int8, (2, shape.n_segments)),
        ("n_pieces", np.int64, (2,)),
        ("pieces", np.int32, (2, shape.n_segments)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """Bases in the order of their first team."""
    bases, reaches = bases_of(world), reaches_of(world)
    of_all = [reach for of_one in reaches.values() for reach in of_one]
    require(shape, "n_in_reach", sum(len(reach.segments) for reach in of_all))
    require(shape, "n_between", sum(reach.between_km.size for reach in of_all))
    table["n_bases"] = len(bases)
    for team, (unit, _) in enumerate(teams_of(world)):
        table["team_base"][team] = bases.index(world.camp_ids.index(world.companies[unit].camp))
    begin = begin_between = 0
    starts: dict[float, tuple[list[int], list[int]]] = {}
    for reach_km, of_bases in reaches.items():
        base_start, between_start = [begin], [begin_between]
        for reach in of_bases:
            end, end_between = begin + len(reach.segments), begin_between + reach.between_km.size
            table["candidates"][begin:end] = reach.segments
            table["base_km"][begin:end] = reach.base_km
            table["between_km"][begin_between:end_between] = reach.between_km.ravel()
            begin, begin_between = end, end_between
            base_start.append(begin)
            between_start.append(begin_between)
        starts[reach_km] = base_start, between_start
    for which, scenario in enumerate((world.scenario.before or world.scenario, world.scenario)):
        reach_km = scenario.clearance.team_reach_km
        base_start, between_start = starts[reach_km]
        table["base_start"][which, : len(base_start)] = base_start
        table["between_start"][which, : len(between_start)] = between_start
        for reach in reaches[reach_km]:
            table["is_in_reach"][which, reach.segments] = 1
        in_reach = np.flatnonzero(table["is_in_reach"][which])
        table["n_pieces"][which] = len(in_reach)
        table["pieces"][which, : len(in_reach)] = in_reach


@kernel
def send(state, world, settings):  # type: ignore[no-untyped-def]
    """Give out the pieces of the day."""
    orders, clearance = state.orders, settings.clearance
    n_teams = world.team.n_teams
    goes_anybody = False
    for team in range(n_teams):
        orders.work_h[team] = work_h_today(state, world, settings, team)
        goes_anybody = goes_anybody or orders.work_h[team] != 0.0
    if clearance.policy == CLEARANCE_POLICY_NONE or not goes_anybody:
        return
    _look(state, world, settings)
    n, which, n_bases = world.road.n_segments, state.model.is_decided, world.orders.n_bases
    scores = orders.scores[:n]
    fill_scores(state, world, settings, scores)
    teams = state.team
    assign_pieces(
        scores,
        world.orders.team_base[:n_teams],
        world.orders.base_start[which, : n_bases + 1],
        world.orders.candidates,
        world.orders.base_km,
        world.orders.between_start[which, : n_bases + 1],
        world.orders.between_km,
        world.road.length_km[:n],
        orders.work_h[:n_teams],
        clearance.sweep_kph,
        clearance.transit_kph,
        teams.n_stops,
        teams.stop_segment,
        teams.stop_way_km,
        teams.stop_home_km,
    )
    for team in range(n_teams):
        set_out(state, world, settings, team)


@kernel
def _look(state, world, settings):  # type: ignore[no-untyped-def]
    """Fill in what the policy may know: the picture, and what one policy alone asks.

    Scores of pieces that no team can reach are never read, so the picture of these is left out,
    but for the one policy that compares all of them. A policy from outside is shown everything.
    """
    orders, policy, picture = state.orders, settings.clearance.policy, state.picture
    is_outside = policy == POLICY_FROM_OUTSIDE
    if policy == CLEARANCE_POLICY_AHEAD_OF_CONVOY or is_outside:
        pieces = world.road.every_segment[: world.road.n_segments]
    else:
        which = state.model.is_decided
        pieces = world.orders.pieces[which, : world.orders.n_pieces[which]]
    if policy != CLEARANCE_POLICY_FIXED_ROUND and policy != CLEARANCE_POLICY_RANDOM_SWEEP:
        hazard_told_at(state, settings, orders.hazard_per_km, pieces)
    rate_of_fading(
        orders.passages_per_day,
        pieces,
        state.model.now_h,
        picture.passages,
        picture.passages_time_h,
        state.model.picture_half_life_h,
    )
    if policy == CLEARANCE_POLICY_AHEAD_OF_CONVOY or is_outside:
        convoy_due_h(state, world, settings, orders.convoy_due_h)
    if policy == CLEARANCE_POLICY_RANDOM_SWEEP or is_outside:
        _draw(state, world)
    if policy == CLEARANCE_POLICY_ALLOCATION or is_outside:
        _find_bases(state, world, settings)


@kernel
def _draw(state, world):  # type: ignore[no-untyped-def]
    """The luck of the day of every piece in reach."""
    orders, which, today = state.orders, state.model.is_decided, day(state)
    for piece in range(world.road.n_segments):
        if world.orders.is_in_reach[which, piece]:
            key = world.road.sweep_key[piece]
            orders.draws[piece] = draw(state, STREAM_SWEEP_CHOICE, key, 0, today)
        else:
            orders.draws[piece] = 0.0


@kernel
def _find_bases(state, world, settings):  # type: ignore[no-untyped-def]
    """The nearest camp with teams of every piece, how far it is, and its team-hours a day.

    Camps in the order of their first team that can go out; of two at one distance the first.
    """
    orders, clearance = state.orders, settings.clearance
    for piece in range(world.road.n_segments):
        orders.nearest_base[piece] = -1
        orders.base_distance_km[piece] = math.inf
    for camp in range(world.camp.n_camps):
        orders.base_of_camp[camp] = -1
    orders.n_bases = 0
    for team in range(world.team.n_teams):
        share = share_of_days(state, world, settings, team)
        if share <= 0.0 or state.team.is_away[team]:
            continue
        camp = world.unit.camp[world.team.unit[team]]
        if orders.base_of_camp[camp] < 0:
            orders.base_of_camp[camp] = orders.n_bases
            orders.base_team_h_per_day[orders.n_bases] = 0.0
            for piece in range(world.road.n_segments):
                distance_km = world.road.camp_road_km[camp, piece]
                is_in_reach = distance_km <= clearance.team_reach_km
                if is_in_reach and distance_km < orders.base_distance_km[piece]:
                    orders.nearest_base[piece] = orders.n_bases
                    orders.base_distance_km[piece] = distance_km
            orders.n_bases += 1
        base = orders.base_of_camp[camp]
        orders.base_team_h_per_day[base] += share * clearance.team_h_per_day
