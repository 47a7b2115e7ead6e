"""What a cell is now: its home and its people, how busy and how practised it is, where it hides.

Its people are a strength, 1 at the beginning, which losses lower and recruitment closes towards a
capacity. After a loss it may slip to a refuge, grow again out of reach, and come back. Its rate of
decisions rises for a while after a success.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.draws import entity_key, waiting_time
from sim.engines.batch import agenda, grievance, politics
from sim.engines.batch.acts import CELL_RETURN
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    CAUSE_NONE,
    KIND_CELL_FLED,
    KIND_CELL_RETURNED,
    KIND_CELL_STRUCK,
    STREAM_CELL_HOME,
    STREAM_REFUGE_TAKEN,
    STREAM_REFUGE_TIME,
    TURN_CELL_CHANGE,
)
from sim.engines.batch.keys import NOBODY, plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.shape import Shape, require
from sim.rules.adaptation import excitation_per_success, excited_rate_per_day
from sim.rules.emplacement import attempt_rate_per_day
from sim.rules.memory import remembered
from sim.rules.recruitment import capacity, grown_strength
from sim.rules.refuge import flight_probability
from sim.world.reach import camps_that_raid, camps_to_attack, km_to_refuge
from sim.world.world import World, segments_in_area


def state_fields(shape: Shape) -> list[Any]:
    """By cell."""
    n = (shape.n_cells,)
    return [
        ("home", np.int64, n),
        ("base_per_day", np.float64, n),
        ("n_attempts", np.int64, n),
        ("n_placed", np.int64, n),
        ("practice", np.float64, n),
        ("excitation", np.float64, n),
        ("excitation_time_h", np.float64, n),
        ("strength", np.float64, n),
        ("strength_time_h", np.float64, n),
        ("capacity", np.float64, n),
        ("is_in_refuge", np.int8, n),
        ("n_losses", np.int64, n),
    ]


def world_fields(shape: Shape) -> list[Any]:
    """Cells, and all homes that they may have.

    A home is a junction for cells of one area, and cells of one group share theirs: those from
    which cell c chooses stand in `choice` from `first_choice[c]` on. What lies in reach of home h
    stands in `segment` and `distance_km` from `first_candidate[h]` on.
    """
    n_cells, n_homes, n_camps = shape.n_cells, shape.n_homes, shape.n_camps
    return [
        ("n_cells", np.int64),
        ("key", np.int64, (n_cells,)),
        ("device_key", np.int64, (n_cells,)),
        ("first_choice", np.int64, (n_cells + 1,)),
        ("choice", np.int64, (shape.n_home_choices,)),
        ("km_to_refuge", np.float64, (n_homes,)),
        ("first_candidate", np.int64, (n_homes + 1,)),
        ("segment", np.int32, (shape.n_candidates,)),
        ("distance_km", np.float64, (shape.n_candidates,)),
        ("is_raided_from", np.int8, (n_homes, n_camps)),
        ("n_camps_to_attack", np.int64, (n_homes,)),
        ("camp_to_attack", np.int64, (n_homes, n_camps)),
        ("camp_distance_km", np.float64, (n_homes, n_camps)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """Reach is that of the settings at the start, by which cells take up their homes."""
    network, start = world.network, world.scenario.before or world.scenario
    table["n_cells"] = len(world.cells)
    homes = homes_of(world)
    require(shape, "n_homes", len(homes))
    require(shape, "n_home_choices", sum(len(cell.homes) for cell in world.cells))
    n_choices = 0
    for index, cell in enumerate(world.cells):
        table["key"][index] = entity_key(f"cell/{cell.name}")
        table["device_key"][index] = entity_key(f"device/{cell.name}")
        for junction in cell.homes:
            table["choice"][n_choices] = homes[junction, cell.area]
            n_choices += 1
        table["first_choice"][index + 1] = n_choices
    n_candidates = 0
    for (junction, area), home in homes.items():
        segments, distance_km = segments_in_area(network, junction, start.threat.reach_km, area)
        begin, n_candidates = n_candidates, n_candidates + len(segments)
        require(shape, "n_candidates", n_candidates)
        table["segment"][begin:n_candidates] = segments
        table["distance_km"][begin:n_candidates] = distance_km
        table["first_candidate"][home + 1] = n_candidates
        table["km_to_refuge"][home] = km_to_refuge(network, junction)
        reach_km = start.attrition.raid_reach_km
        for camp in camps_that_raid(network, world.camps, junction, reach_km):
            table["is_raided_from"][home, camp] = 1
        reach_km = start.attacks.camp_reach_km
        near = camps_to_attack(network, world.camps, junction, area, reach_km)
        table["n_camps_to_attack"][home] = len(near)
        for place, (camp, camp_km) in enumerate(near):
            table["camp_to_attack"][home, place] = camp
            table["camp_distance_km"][home, place] = camp_km


def homes_of(world: World) -> dict[tuple[int, tuple[str, ...]], int]:
    """All homes that cells may have, numbered: junctions, each with the area of its cells."""
    homes: dict[tuple[int, tuple[str, ...]], int] = {}
    for cell in world.cells:
        for junction in cell.homes:
            homes.setdefault((junction, cell.area), len(homes))
    return homes


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Cells take up their homes, at full strength."""
    n_cells = world.cell.n_cells
    for cell in range(n_cells):
        first = world.cell.first_choice[cell]
        n_choices = world.cell.first_choice[cell + 1] - first
        number = int(draw(state, STREAM_CELL_HOME, world.cell.key[cell], 0, 0) * n_choices)
        state.cell.home[cell] = world.cell.choice[first + number]
        state.cell.base_per_day[cell] = attempt_rate_per_day(
            settings.threat.attempts_per_month, 1.0 / n_cells, 1.0
        )
        state.cell.practice[cell] = settings.threat.skill_reference_devices
        state.cell.strength[cell] = 1.0
        state.cell.capacity[cell] = capacity_now(state, world, settings)


# Strength: people lost and recruited.


@kernel
def is_active(state, settings, cell):  # type: ignore[no-untyped-def]
    """Whether it acts and can be struck: not in refuge, and strong enough to do anything."""
    return (
        state.cell.is_in_refuge[cell] == 0
        and strength_now(state, settings, cell) >= settings.attrition.dispersed_below
    )


@kernel
def strength_now(state, settings, cell):  # type: ignore[no-untyped-def]
    """Its people now, 1 as at the beginning of a run."""
    rate = settings.attrition.recruitment_per_year
    if state.cell.is_in_refuge[cell] != 0:
        rate *= settings.attrition.refuge_recruitment_factor
    return grown_strength(
        state.cell.strength[cell],
        state.cell.capacity[cell],
        rate,
        (state.model.now_h - state.cell.strength_time_h[cell]) / HOURS_PER_DAY,
    )


@kernel
def settle(state, settings, cell):  # type: ignore[no-untyped-def]
    """Write its strength down, before what it grows by changes."""
    state.cell.strength[cell] = strength_now(state, settings, cell)
    state.cell.strength_time_h[cell] = state.model.now_h


@kernel
def review(state, world, settings, cell):  # type: ignore[no-untyped-def]
    """Take in how far politics and grievance let it grow; this holds until the next review."""
    settle(state, settings, cell)
    state.cell.capacity[cell] = capacity_now(state, world, settings)


@kernel
def capacity_now(state, world, settings):  # type: ignore[no-untyped-def]
    """Strength that a cell can hold now."""
    return capacity(
        politics.progress(state, world, settings),
        settings.politics.reference_level,
        settings.attrition.capacity_at_full_progress,
        grievance.now(state, settings),
    )


@kernel
def lose(  # type: ignore[no-untyped-def]
    state, world, settings, cell, share, cause, segment, civilians
):
    """Lose a share of its people, and with them of its practice; it may slip away then."""
    settle(state, settings, cell)
    state.cell.strength[cell] *= 1.0 - share
    state.cell.practice[cell] *= 1.0 - share
    put(
        state, KIND_CELL_STRUCK, segment, plain_key(world.cell.key[cell]), NOBODY, cause, -1,
        0, 0, civilians, 0, 0.0, state.cell.strength[cell],
    )  # fmt: skip
    grievance.add(state, settings, civilians)
    consider_refuge(state, world, settings, cell)


# Refuge.


@kernel
def consider_refuge(state, world, settings, cell):  # type: ignore[no-untyped-def]
    """The cell has lost people: it may slip away."""
    attrition = settings.attrition
    key = world.cell.key[cell]
    number = state.cell.n_losses[cell]
    state.cell.n_losses[cell] += 1
    chance = flight_probability(
        attrition.refuge_probability,
        attrition.border_control,
        world.cell.km_to_refuge[state.cell.home[cell]],
        attrition.refuge_scale_km,
    )
    if draw(state, STREAM_REFUGE_TAKEN, key, 0, number) >= chance:
        return
    settle(state, settings, cell)
    state.cell.is_in_refuge[cell] = 1
    _put_of_refuge(state, world, settings, cell, KIND_CELL_FLED)
    days = waiting_time(
        draw(state, STREAM_REFUGE_TIME, key, 0, number), 1.0 / attrition.refuge_mean_days
    )
    agenda.add(
        state,
        state.model.now_h + days * HOURS_PER_DAY,
        TURN_CELL_CHANGE,
        plain_key(key),
        number,
        0,
        CELL_RETURN,
        cell,
    )


@handler
def come_back(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """Cell `who` takes up at home again."""
    settle(state, settings, who)
    state.cell.is_in_refuge[who] = 0
    _put_of_refuge(state, world, settings, who, KIND_CELL_RETURNED)


@kernel
def _put_of_refuge(state, world, settings, cell, kind):  # type: ignore[no-untyped-def]
    put(
        state, kind, -1, plain_key(world.cell.key[cell]), NOBODY, CAUSE_NONE, -1,
        0, 0, 0, 0, 0.0, strength_now(state, settings, cell),
    )  # fmt: skip


# Rate: successes make it busier for a while.


@kernel
def succeed(state, settings, cell):  # type: ignore[no-untyped-def]
    """One of its devices has struck the mission."""
    threat = settings.threat
    if state.model.is_frozen != 0 or threat.success_extra_decisions == 0.0:
        return
    state.cell.excitation[cell] = excitation_now(state, settings, cell) + excitation_per_success(
        threat.success_extra_decisions, threat.success_half_life_days
    )
    state.cell.excitation_time_h[cell] = state.model.now_h


@kernel
def excitation_now(state, settings, cell):  # type: ignore[no-untyped-def]
    """What past successes add to its rate of decisions now, in 1/d."""
    half_life_h = settings.threat.success_half_life_days * HOURS_PER_DAY
    elapsed_h = state.model.now_h - state.cell.excitation_time_h[cell]
    return remembered(state.cell.excitation[cell], elapsed_h, half_life_h)


@kernel
def decisions_per_day(state, world, settings, cell):  # type: ignore[no-untyped-def]
    """Rate at which it decides now, if it is active."""
    return (
        excited_rate_per_day(
            state.cell.base_per_day[cell],
            excitation_now(state, settings, cell),
            settings.threat.success_ceiling,
        )
        * strength_now(state, settings, cell)
        * politics.motivation(state, world, settings)
    )
