"""The state of companies: how many people they have now, what they know, and what they can do."""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import kernel
from sim.draws import entity_key
from sim.engines.batch import camp_stock
from sim.engines.batch.codes import UNIT_TYPE_COMBAT_CONVOY, UNIT_TYPE_INFANTRY
from sim.engines.batch.shape import Shape
from sim.roads.tables import UNIT_TYPES
from sim.rules.patrolling import patrols_per_day
from sim.rules.training import faded_level
from sim.world.world import World


def state_fields(shape: Shape) -> list[Any]:
    """`strength` is 0 while a company is not in the mission, `course_until_h` on no course.

    `escort_free_h` is when its last escort has returned and rested; infinite while it is out.
    `n_candidates` numbers the next candidate of its patrols, at `candidate_h`: when
    `candidate_today_h` of the daylight of day `candidate_day` are over. `planned_candidate` is that
    on the agenda.
    """
    n = (shape.n_units,)
    numbers = ("n_candidates", "candidate_day", "n_patrols", "n_changes")
    planned = ("patrol_version", "planned_candidate", "planned_day")
    hours = ("candidate_h", "candidate_today_h", "planned_today_h")
    real = ("strength", "level", "level_time_h", "escort_free_h", "course_until_h")
    return [
        *((name, np.int64, n) for name in numbers + planned),
        *((name, np.float64, n) for name in hours + real),
    ]


def world_fields(shape: Shape) -> list[Any]:
    """Companies by name, and their stays before [0] and after [1] the decision."""
    n, stays = (shape.n_units,), (2, shape.n_units)
    return [
        ("n_units", np.int64),
        *((name, np.int64, n) for name in ("camp", "unit_type")),
        *((name, np.int64, n) for name in ("key", "patrol_key", "contingent_key")),
        ("stay_strength", np.float64, stays),
        ("stay_arrival_h", np.float64, stays),
        ("stay_departure_h", np.float64, stays),
        ("stay_level", np.float64, stays),
        ("stay_protected_share", np.float64, stays),
        ("n_changes", np.int64, stays),
        ("change_h", np.float64, (*stays, shape.n_changes)),
        ("change_people", np.float64, (*stays, shape.n_changes)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """As in `sim.world.companies.Company`."""
    table["n_units"] = len(world.companies)
    for unit, company in enumerate(world.companies):
        table["camp"][unit] = world.camp_ids.index(company.camp)
        table["unit_type"][unit] = UNIT_TYPES.index(company.unit_type)
        table["key"][unit] = entity_key(f"unit/{company.name}")
        table["patrol_key"][unit] = entity_key(f"patrol/{company.name}")
        table["contingent_key"][unit] = entity_key(
            f"contingent/{company.camp}/{company.contingent}"
        )
        for which, stay in enumerate((company.before, company.after)):
            table["stay_strength"][which, unit] = stay.strength
            table["stay_arrival_h"][which, unit] = stay.arrival_h
            table["stay_departure_h"][which, unit] = stay.departure_h
            table["stay_level"][which, unit] = stay.predeployment_level
            table["stay_protected_share"][which, unit] = stay.protected_share
            table["n_changes"][which, unit] = len(stay.changes)
            for number, (from_h, people) in enumerate(stay.changes):
                table["change_h"][which, unit, number] = from_h
                table["change_people"][which, unit, number] = people


@kernel
def stay_strength_at(world, which, unit, time_h):  # type: ignore[no-untyped-def]
    """People that a stay gives a company at a time."""
    table = world.unit
    if not (table.stay_arrival_h[which, unit] <= time_h < table.stay_departure_h[which, unit]):
        return 0.0
    n_changes = table.n_changes[which, unit]
    if n_changes == 0:
        return table.stay_strength[which, unit]
    people = 0.0
    for number in range(n_changes):
        if table.change_h[which, unit, number] > time_h:
            break
        people = table.change_people[which, unit, number]
    return people


@kernel
def stay_level(state, world, unit):  # type: ignore[no-untyped-def]
    """Training that a company brings on arrival and at a rotation, by the stay that holds now."""
    return world.unit.stay_level[state.model.is_decided, unit]


@kernel
def protected_share(state, world, unit):  # type: ignore[no-untyped-def]
    """Share of its vehicles that are mine-protected."""
    return world.unit.stay_protected_share[state.model.is_decided, unit]


@kernel
def training_level(state, settings, unit):  # type: ignore[no-untyped-def]
    """Training now: what it had at its last change, faded."""
    return faded_level(
        state.unit.level[unit],
        (state.model.now_h - state.unit.level_time_h[unit]) / HOURS_PER_DAY,
        settings.training.decay_half_life_days,
    )


@kernel
def set_level(state, unit, level):  # type: ignore[no-untyped-def]
    """Be trained so well from now on."""
    state.unit.level[unit] = level
    state.unit.level_time_h[unit] = state.model.now_h


@kernel
def set_strength(state, world, settings, unit, strength):  # type: ignore[no-untyped-def]
    """Have so many people from now on."""
    camp = world.unit.camp[unit]
    camp_stock.settle(state, world, settings, camp)
    state.unit.strength[unit] = strength
    camp_stock.count_people(state, world, camp)
    count_patrollers(state, world, settings)


@kernel
def count_patrollers(state, world, settings):  # type: ignore[no-untyped-def]
    """Share the mission's patrols out among the companies that patrol."""
    force = settings.force
    strength = 0.0
    for unit in range(world.unit.n_units):
        if is_patroller(state, world, unit):
            strength += state.unit.strength[unit]
    rate = patrols_per_day(
        force.patrols_per_year,
        strength,
        force.patrol_reference_strength,
        force.patrol_elasticity,
    )
    state.model.patrols_per_day_and_person = rate / strength if strength > 0.0 else 0.0
    state.model.is_rate_new = 1


@kernel
def is_patroller(state, world, unit):  # type: ignore[no-untyped-def]
    """Whether it is in the mission to patrol, be it on escort now or not."""
    return state.unit.strength[unit] > 0.0 and world.unit.unit_type[unit] == UNIT_TYPE_INFANTRY


@kernel
def is_patrolling_type(world, unit):  # type: ignore[no-untyped-def]
    """Whether it is of a type that patrols or escorts, as in `sim.world.companies.PATROLLING`."""
    unit_type = world.unit.unit_type[unit]
    return unit_type in (UNIT_TYPE_INFANTRY, UNIT_TYPE_COMBAT_CONVOY)


@kernel
def is_on_course(state, unit):  # type: ignore[no-untyped-def]
    """Whether it is on a course and off the road."""
    return state.unit.course_until_h[unit] > state.model.now_h


@kernel
def can_escort(state, world, unit, people):  # type: ignore[no-untyped-def]
    """Whether it is free to escort with that many people."""
    return (
        is_patrolling_type(world, unit)
        and state.unit.strength[unit] >= people
        and state.unit.escort_free_h[unit] <= state.model.now_h
        and not is_on_course(state, unit)
    )
