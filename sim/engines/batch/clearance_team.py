"""Clearance teams: they sweep the pieces of road that headquarters gave them this morning.

Under `clearance.with_convoys` a team may go ahead of a supply convoy instead, and is away until
that is home again. The last team of a company may be a fraction of a team.
"""

import math
from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.draws import entity_key
from sim.engines.batch import acts, devices, evacuation
from sim.engines.batch.agenda import add
from sim.engines.batch.bases import teams_of
from sim.engines.batch.chance import day, draw
from sim.engines.batch.codes import (
    CAUSE_CONVOY,
    CAUSE_NONE,
    CAUSE_SWEEP,
    KIND_ACCIDENT,
    KIND_FALSE_ALARM,
    KIND_SWEPT,
    STREAM_ACCIDENT,
    STREAM_ACCIDENT_HARM,
    STREAM_FALSE_ALARMS,
    STREAM_SWEEP_FIND,
    STREAM_TEAM_AVAILABLE,
    TURN_SWEEP,
)
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.memory import add_to_memory
from sim.engines.batch.shape import Shape
from sim.engines.batch.unit_state import training_level
from sim.policies.clearance.assignment import LONGEST_DAY
from sim.rules.clearing import (
    A_MOMENT_H,
    find_probability,
    n_false_alarms,
    n_killed_in_accident,
    sweep_h,
)
from sim.rules.encounter import find_probability_on_road
from sim.rules.training import trained_find_probability
from sim.rules.travel import driving_done_h
from sim.world.world import World

SWEEP_TEAM = acts.SWEEP_TEAM


def state_fields(shape: Shape) -> list[Any]:
    """Plans of the day, of which `next_stop` comes next, and what became of them.

    `stop_way_km` is from where the team comes (its base, or the far end of the piece before) to the
    near end of a piece, `stop_home_km` from its far end to the base; `home_km` is that of the piece
    swept last. `way_h` are the hours of all ways of the day, which were counted as it began. A team
    that `is_away` goes ahead of a convoy; its time has been counted up to `away_counted_h`, and
    after an accident it searches again from `searches_again_h` on.
    """
    n, stops = (shape.n_teams,), (shape.n_teams, LONGEST_DAY)
    whole = ("version", "n_swept", "n_stops", "next_stop")
    real = ("day_ends_h", "set_out_h", "way_h", "home_km", "away_counted_h", "searches_again_h")
    return [
        *((name, np.int64, n) for name in whole),
        *((name, np.float64, n) for name in real),
        ("is_away", np.int8, n),
        ("stop_segment", np.int32, stops),
        ("stop_way_km", np.float64, stops),
        ("stop_home_km", np.float64, stops),
        ("swept", np.int32, (1,)),
        ("one", np.float64, (1,)),
    ]


def world_fields(shape: Shape) -> list[Any]:
    """Teams by company and number."""
    return [
        ("n_teams", np.int64),
        *((name, np.int64, (shape.n_teams,)) for name in ("unit", "number", "key")),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """As many teams as `teams_of` counts."""
    teams = teams_of(world)
    table["n_teams"] = len(teams)
    for team, (unit, number) in enumerate(teams):
        name = world.companies[unit].name
        table["unit"][team], table["number"][team] = unit, number
        table["key"][team] = entity_key(f"team/{name}/{number}")


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """No team has set out."""
    state.team.one[0] = 1.0
    for team in range(world.team.n_teams):
        state.team.set_out_h[team] = -math.inf


@kernel
def share_of_days(state, world, settings, team):  # type: ignore[no-untyped-def]
    """Share of days on which a team goes out; a fraction of a team does so less often."""
    clearance = settings.clearance
    strength = state.unit.strength[world.team.unit[team]]
    share = strength / clearance.people_per_team - (world.team.number[team] - 1)
    return clearance.available_share * min(max(share, 0.0), 1.0)


@kernel
def work_h_today(state, world, settings, team):  # type: ignore[no-untyped-def]
    """Hours of work on sweeps today: a draw says whether the team goes out."""
    if state.team.is_away[team] or not goes_out_today(state, world, settings, team):
        return 0.0
    return settings.clearance.team_h_per_day


@kernel
def goes_out_today(state, world, settings, team):  # type: ignore[no-untyped-def]
    """Whether it is one of the days on which the team can go out."""
    luck = draw(state, STREAM_TEAM_AVAILABLE, world.team.key[team], 0, day(state))
    return luck < share_of_days(state, world, settings, team)


@kernel
def set_out(state, world, settings, team):  # type: ignore[no-untyped-def]
    """Begin the day with the stops that stand in its plan: drive to the first, and on from there.

    The caller has filled in `stop_segment`, `stop_way_km`, `stop_home_km` and `n_stops`.
    """
    teams, clearance, now_h = state.team, settings.clearance, state.model.now_h
    teams.version[team] += 1
    teams.next_stop[team] = 0
    teams.day_ends_h[team] = now_h + clearance.team_h_per_day
    teams.set_out_h[team] = now_h
    teams.home_km[team] = 0.0
    teams.way_h[team] = _way_left_km(state, team) / clearance.transit_kph
    state.sums.team_h += teams.way_h[team]
    _drive_on(state, world, settings, team, now_h)


@kernel
def stop_all(state, world, settings, team):  # type: ignore[no-untyped-def]
    """Have nothing to sweep any more today."""
    state.team.n_stops[team] = 0
    set_out(state, world, settings, team)


@kernel
def _way_left_km(state, team):  # type: ignore[no-untyped-def]
    """What is still to be driven by the plan: to each piece that is left, and home."""
    teams = state.team
    first, end = teams.next_stop[team], teams.n_stops[team]
    if first >= end:
        return teams.home_km[team]
    way_km = 0.0
    for stop in range(first, end):
        way_km += teams.stop_way_km[team, stop]
    return way_km + teams.stop_home_km[team, end - 1]


@kernel
def _drive_on(state, world, settings, team, from_h):  # type: ignore[no-untyped-def]
    """Go to the next piece and sweep it, if this and the way home still fit into the day."""
    teams, clearance = state.team, settings.clearance
    stop = teams.next_stop[team]
    if stop >= teams.n_stops[team]:
        return
    length_km = world.road.length_km[teams.stop_segment[team, stop]]
    done_h = (
        from_h
        + teams.stop_way_km[team, stop] / clearance.transit_kph
        + sweep_h(length_km, clearance.sweep_kph)
    )
    home_h = teams.stop_home_km[team, stop] / clearance.transit_kph
    if done_h + home_h > teams.day_ends_h[team] + A_MOMENT_H:
        _turn_back(state, settings, team)  # what finds and false alarms have cost is missing now
        return
    add(
        state, done_h, TURN_SWEEP, plain_key(world.team.key[team]), teams.n_swept[team],
        teams.version[team], SWEEP_TEAM, team,
    )  # fmt: skip


@kernel
def _turn_back(state, settings, team):  # type: ignore[no-untyped-def]
    """Go home from here; the way that is left of the plan is not driven."""
    teams = state.team
    spared_km = _way_left_km(state, team) - teams.home_km[team]
    teams.n_stops[team] = teams.next_stop[team]
    state.sums.team_h -= spared_km / settings.clearance.transit_kph


@handler
def sweep(state, world, settings, team, version):  # type: ignore[no-untyped-def]
    """Finish a piece: find what is there with probability q, make it safe, go on."""
    teams, clearance = state.team, settings.clearance
    if version != teams.version[team]:
        return
    stop = teams.next_stop[team]
    teams.next_stop[team] = stop + 1
    segment = int(teams.stop_segment[team, stop])
    teams.home_km[team] = teams.stop_home_km[team, stop]
    number = teams.n_swept[team]
    teams.n_swept[team] = number + 1
    key = world.team.key[team]
    length_km = world.road.length_km[segment]
    effort_h = sweep_h(length_km, clearance.sweep_kph)
    chance = _find_chance(state, world, settings, team, length_km)
    n_found = sweep_segment(state, world, settings, segment, key, number, chance, team)
    alarms_h = _false_alarms_h(state, world, settings, team, segment, number)
    stopped_h = n_found * clearance.render_safe_h + alarms_h
    hours = effort_h + stopped_h
    state.sums.team_h += hours
    put(
        state, KIND_SWEPT, segment, plain_key(key), NOBODY, CAUSE_SWEEP, -1, 0, 0, 0, 0, hours, 0.0
    )  # fmt: skip
    _drive_on(state, world, settings, team, state.model.now_h + stopped_h)


@kernel
def sweep_segment(  # type: ignore[no-untyped-def]
    state, world, settings, segment, sweeper, number, chance, team
):
    """Sweep a piece of road; the number of devices and decoys found, each by its own probability.

    `chance` is the probability to find a device of mean concealment; `sweeper` (a plain key) and
    `number` name the sweep. An accident of the team ends the search; a sweep by no team, -1, has
    none.
    """
    device, clearance = state.devices, settings.clearance
    n_left, n_found, i = int(device.n_on[segment]), 0, 0
    while n_left > 0 and i < device.n_live:
        if device.segment[i] != segment:
            i += 1
            continue
        n_left -= 1
        device_key, is_decoy = device.key[i], device.is_decoy[i]
        luck = draw(state, STREAM_SWEEP_FIND, device_key, sweeper, number)
        if not luck < chance_on_device(
            chance, device.concealment[i], clearance.fixed_find_probability
        ):
            i += 1
            continue
        finder = plain_key(sweeper)
        devices.find(state, world, settings, i, finder, CAUSE_SWEEP, clearance.render_safe_h)
        n_found += 1
        if team >= 0 and _ends_the_day(state, world, settings, team, device_key, segment, is_decoy):
            break
    memory = state.memory
    state.team.swept[0] = segment
    add_to_memory(
        state, memory.pressure, memory.pressure_time_h, state.team.swept, state.team.one
    )  # fmt: skip
    state.picture.last_swept_h[segment] = state.model.now_h
    return n_found


@kernel
def _ends_the_day(  # type: ignore[no-untyped-def]
    state, world, settings, team, device_key, segment, is_decoy
):
    """Make safe what a sweep has found; an accident ends the day, on this piece as well."""
    if is_decoy or not _has_accident(
        state, world, settings, team, device_key, segment, CAUSE_SWEEP
    ):
        return False
    _turn_back(state, settings, team)
    return True


@kernel
def _false_alarms_h(state, world, settings, team, segment, number):  # type: ignore[no-untyped-def]
    """Hours that went into what turned out to be nothing."""
    clearance, key = settings.clearance, world.team.key[team]
    n_alarms = n_false_alarms(
        draw(state, STREAM_FALSE_ALARMS, key, 0, number),
        world.road.length_km[segment],
        clearance.false_alarms_per_100_km,
    )
    hours = n_alarms * clearance.false_alarm_h
    if n_alarms > 0:
        put(
            state, KIND_FALSE_ALARM, segment, plain_key(key), NOBODY, CAUSE_NONE, -1, 0, 0, 0, 0,
            hours, 0.0,
        )  # fmt: skip
    return hours


@kernel
def _has_accident(  # type: ignore[no-untyped-def]
    state, world, settings, team, device_key, segment, cause
):
    """Whether making a device safe goes wrong; if so, who is killed and who is wounded."""
    clearance, key, unit = settings.clearance, world.team.key[team], world.team.unit[team]
    if draw(state, STREAM_ACCIDENT, device_key, key, 0) >= clearance.accident_probability:
        return False
    n_killed = n_killed_in_accident(
        draw(state, STREAM_ACCIDENT_HARM, device_key, key, 0),
        clearance.accident_exposed,
        clearance.accident_death_probability,
    )
    n_wounded = clearance.accident_exposed - n_killed
    delay_h = evacuation.delay_from_road_h(state, world, settings, segment)
    level = training_level(state, settings, unit)
    n_died = evacuation.n_died(state, settings, n_wounded, delay_h, level, device_key, key, 0)
    put(
        state, KIND_ACCIDENT, segment, plain_key(key), plain_key(device_key), cause, -1,
        n_killed + n_died, n_wounded - n_died, 0, 0, 0.0, 0.0,
    )  # fmt: skip
    return True


@kernel
def _find_chance(state, world, settings, team, length_km):  # type: ignore[no-untyped-def]
    """Probability to find a device of mean concealment on a piece."""
    clearance = settings.clearance
    chance = find_probability(
        clearance.search_rate_km_per_h,
        sweep_h(length_km, clearance.sweep_kph),
        length_km,
    )
    return _trained(state, world, settings, team, chance)


@kernel
def _trained(state, world, settings, team, chance):  # type: ignore[no-untyped-def]
    training = settings.training
    return trained_find_probability(
        chance,
        training_level(state, settings, world.team.unit[team]),
        training.reference_level,
        training.trained_miss_ratio,
    )


@kernel
def chance_on_device(chance, concealment, fixed):  # type: ignore[no-untyped-def]
    """Probability that a sweep finds a given device; `fixed` unless that is not a number."""
    return find_probability_on_road(chance, concealment) if math.isnan(fixed) else fixed


# Ahead of a convoy.


@kernel
def send_ahead(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Send the first team of a hub that goes out today and is not away; -1 if there is none."""
    for team in range(world.team.n_teams):
        if (
            world.unit.camp[world.team.unit[team]] == camp
            and not state.team.is_away[team]
            and goes_out_today(state, world, settings, team)
        ):
            _go_ahead(state, world, settings, team)
            return team
    return -1


@kernel
def _go_ahead(state, world, settings, team):  # type: ignore[no-untyped-def]
    """Leave with a convoy this dawn; what it was to sweep today stays unswept."""
    teams, now_h = state.team, state.model.now_h
    if teams.set_out_h[team] == now_h:
        state.sums.team_h -= teams.way_h[team]  # a way that it does not drive
    stop_all(state, world, settings, team)
    teams.is_away[team] = 1
    teams.away_counted_h[team] = now_h
    teams.searches_again_h[team] = now_h


@kernel
def come_home(state, world, settings, team):  # type: ignore[no-untyped-def]
    """Be free again from now on; a team whose company has left meanwhile is gone."""
    settle(state, settings, team)
    state.team.is_away[team] = 0


@kernel
def settle(state, settings, team):  # type: ignore[no-untyped-def]
    """Count the time away up to now as work: the hours of daylight, on the road or not."""
    teams, routing = state.team, settings.routing
    if not teams.is_away[team]:
        return
    state.sums.team_h += driving_done_h(
        teams.away_counted_h[team],
        state.model.now_h,
        routing.daylight_start_h,
        routing.daylight_end_h,
    )
    teams.away_counted_h[team] = state.model.now_h


@kernel
def is_searching_ahead(state, team):  # type: ignore[no-untyped-def]
    """Whether it searches now, ahead of its convoy: not on the day of an accident."""
    return state.model.now_h >= state.team.searches_again_h[team]


@kernel
def find_chance_ahead(state, world, settings, team, concealment):  # type: ignore[no-untyped-def]
    """Probability that it finds a device ahead of its convoy."""
    clearance = settings.clearance
    return chance_on_device(
        _trained(state, world, settings, team, clearance.ahead_find_probability),
        concealment,
        clearance.fixed_find_probability,
    )


@kernel
def make_safe(  # type: ignore[no-untyped-def]
    state, world, settings, team, device_key, segment, is_decoy
):
    """Make safe what it or its convoy has found; after an accident its day is over."""
    if is_decoy or not is_searching_ahead(state, team):
        return
    if _has_accident(state, world, settings, team, device_key, segment, CAUSE_CONVOY):
        today = math.floor(state.model.now_h / HOURS_PER_DAY)
        state.team.searches_again_h[team] = (today + 1) * HOURS_PER_DAY
