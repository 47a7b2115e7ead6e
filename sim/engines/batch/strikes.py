"""A strike: which vehicle, whether anybody is reached, who is killed and who is wounded."""

from sim.compiled import kernel
from sim.engines.batch import evacuation
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    KIND_STRUCK,
    STREAM_HARM,
    STREAM_KILLED,
    STREAM_STRUCK_DRIVER,
    STREAM_STRUCK_VEHICLE,
    STREAM_UNIT_PROTECTION,
    STREAM_WOUNDED,
)
from sim.engines.batch.convoy import cause_of, strike_chance_per_vehicle, training_level
from sim.engines.batch.keys import plain_key
from sim.engines.batch.ledger import put
from sim.engines.batch.road_fire import fire_after_strike
from sim.engines.batch.unit_state import protected_share
from sim.rules.convoy_order import is_escort_place
from sim.rules.encounter import struck_vehicle
from sim.rules.strike import harm_probability, n_killed, n_wounded


@kernel
def strike(  # type: ignore[no-untyped-def]
    state, world, settings, slot, device_key, segment, placed_h, count
):
    """Which vehicle, whether anybody is reached, who is killed and who is wounded.

    `device_key` is the plain one; device, source of the convoy and count name all draws.
    """
    threat, force, supply = settings.threat, settings.force, settings.supply
    source_key = state.convoy.source_key[slot]
    n_escort, n_load = state.convoy.n_escort[slot], state.convoy.n_load[slot]
    place = struck_vehicle(
        draw(state, STREAM_STRUCK_VEHICLE, device_key, source_key, count),
        strike_chance_per_vehicle(state, settings, slot),
        n_escort + n_load,
    )
    is_escort = is_escort_place(place, n_escort, n_load)
    is_protected = False
    is_contractor = False
    if is_escort:
        n_occupants = force.vehicle_occupants
        unit = state.convoy.unit[slot]
        share = force.protected_share if unit < 0 else protected_share(state, world, unit)
        is_protected = draw(state, STREAM_UNIT_PROTECTION, device_key, source_key, count) < share
    else:
        n_occupants = supply.truck_occupants
        is_contractor = (
            draw(state, STREAM_STRUCK_DRIVER, device_key, source_key, count)
            < supply.contractor_share
        )
    killed = 0
    wounded = 0
    died = 0
    if draw(state, STREAM_HARM, device_key, source_key, count) < harm_probability(
        threat.harm_probability,
        is_protected,
        threat.unprotected_harm_ratio,
        threat.reference_protected_share,
    ):
        killed = n_killed(
            draw(state, STREAM_KILLED, device_key, source_key, count),
            n_occupants,
            threat.severity_alpha,
            threat.severity_beta,
        )
        wounded = n_wounded(
            draw(state, STREAM_WOUNDED, device_key, source_key, count),
            n_occupants - killed,
            threat.wounded_share,
        )
        if not is_contractor:
            died = evacuation.n_died(
                state, settings, wounded,
                evacuation.delay_from_road_h(state, world, settings, segment),
                training_level(state, settings, slot),
                device_key, source_key, 2 * count,
            )  # fmt: skip
    put(
        state,
        KIND_STRUCK,
        segment,
        plain_key(device_key),
        state.convoy.key[slot],
        cause_of(state, slot),
        -1,
        0 if is_contractor else killed + died,
        0 if is_contractor else wounded - died,
        0,
        killed + wounded if is_contractor else 0,
        settings.routing.strike_halt_h,
        0.0,
    )
    n_dead = killed + died if is_escort else 0
    fire_after_strike(state, world, settings, slot, device_key, segment, count, n_dead)
