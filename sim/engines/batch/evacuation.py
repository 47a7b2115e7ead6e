"""Evacuation: how long the wounded wait for a hospital, and how many of them die of it."""

import math
from typing import Any

import numpy as np

from sim.compiled import kernel
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import STREAM_EVACUATION, UNIT_TYPE_AVIATION
from sim.engines.batch.shape import Shape
from sim.engines.batch.unit_state import training_level
from sim.rules.evacuation import death_probability, flight_delay_h, road_delay_h
from sim.rules.strike import n_wounded as n_of_many
from sim.rules.training import trained_ratio
from sim.world.reach import distances_by_road_km, straight_km, straight_km_from_segments
from sim.world.world import World


def world_fields(shape: Shape) -> list[Any]:
    """Camps with a helicopter of their own, by whose settings; ways to a camp, by air and road."""
    n_camps = shape.n_camps
    return [
        ("has_helicopter", np.int8, (2, n_camps)),
        ("by_air_km", np.float64, (n_camps, shape.n_segments)),
        ("camp_by_air_km", np.float64, (n_camps, n_camps)),
        ("camp_by_road_km", np.float64, (n_camps, n_camps)),
    ]


def fill_world(table: Any, world: World, shape: Shape) -> None:
    """Ways between camps are by [hospital, attacked camp]."""
    network = world.network
    for which, scenario in enumerate((world.scenario.before or world.scenario, world.scenario)):
        has_helicopter = scenario.medical.helicopter_camps
        for index, camp in enumerate(world.camps):
            table["has_helicopter"][which, index] = has_helicopter.get(camp.node_id, False)
    for index, camp in enumerate(world.camps):
        by_air_km = straight_km_from_segments(network, camp.junction)
        table["by_air_km"][index][: network.n_segments] = by_air_km
        by_road_km = distances_by_road_km(network, camp.junction)
        for other, attacked in enumerate(world.camps):
            table["camp_by_air_km"][index, other] = straight_km(
                network, attacked.junction, camp.junction
            )
            table["camp_by_road_km"][index, other] = by_road_km[attacked.junction]


@kernel
def has_hospital(state, world, camp):  # type: ignore[no-untyped-def]
    """Whether a camp has a hospital and a helicopter now."""
    if state.camp.garrison[camp] <= 0.0:
        return False
    if world.evacuation.has_helicopter[state.model.is_decided, camp] != 0:
        return True
    for place in range(world.camp.unit_start[camp], world.camp.unit_start[camp + 1]):
        unit = world.camp.units[place]
        if world.unit.unit_type[unit] == UNIT_TYPE_AVIATION and state.unit.strength[unit] > 0.0:
            return True
    return False


@kernel
def delay_from_road_h(state, world, settings, segment):  # type: ignore[no-untyped-def]
    """Hours from an attack on a piece of road to a hospital; infinite where there is none."""
    delay_h = math.inf
    for camp in range(world.camp.n_camps):
        if has_hospital(state, world, camp):
            delay_h = min(
                delay_h,
                _delay_to_h(
                    settings,
                    world.evacuation.by_air_km[camp, segment],
                    world.road.camp_road_km[camp, segment],
                ),
            )
    return delay_h


@kernel
def delay_from_camp_h(state, world, settings, attacked):  # type: ignore[no-untyped-def]
    """Hours from an attack on a camp to a hospital: none where it has one itself."""
    if has_hospital(state, world, attacked):
        return 0.0
    delay_h = math.inf
    for camp in range(world.camp.n_camps):
        if has_hospital(state, world, camp):
            delay_h = min(
                delay_h,
                _delay_to_h(
                    settings,
                    world.evacuation.camp_by_air_km[camp, attacked],
                    world.evacuation.camp_by_road_km[camp, attacked],
                ),
            )
    return delay_h


@kernel
def _delay_to_h(settings, by_air_km, by_road_km):  # type: ignore[no-untyped-def]
    medical = settings.medical
    flight_h = flight_delay_h(
        medical.helicopter_alert_h,
        by_air_km,
        medical.helicopter_radius_km,
        medical.helicopter_kph,
    )
    return min(flight_h, road_delay_h(by_road_km, medical.ground_kph))


@kernel
def training_level_at(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Mean training of the people of a camp; 0 where nobody is."""
    people = 0.0
    trained = 0.0
    for place in range(world.camp.unit_start[camp], world.camp.unit_start[camp + 1]):
        unit = world.camp.units[place]
        people += state.unit.strength[unit]
        trained += state.unit.strength[unit] * training_level(state, settings, unit)
    return trained / people if people > 0.0 else 0.0


@kernel
def n_died(  # type: ignore[no-untyped-def]
    state, settings, n_wounded, delay_h, level, entity, other, count
):
    """How many of the wounded die on the way: one draw, named by the attack's own key."""
    medical, training = settings.medical, settings.training
    if n_wounded == 0 or medical.untreated_death_probability == 0.0:
        return 0
    died = n_of_many(
        draw(state, STREAM_EVACUATION, entity, other, count),
        n_wounded,
        death_probability(
            medical.untreated_death_probability,
            delay_h,
            medical.death_half_life_h,
            trained_ratio(level, training.reference_level, training.care_ratio),
        ),
    )
    state.sums.died_of_wounds += died
    return died
