"""A strike: which vehicle, whether anybody is reached, who is killed and who is wounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.draws import Stream
from sim.engines.reference.device import Device
from sim.engines.reference.road_fire import fire_after_strike
from sim.rules.convoy_order import is_escort_place
from sim.rules.encounter import struck_vehicle
from sim.rules.strike import harm_probability, n_killed, n_wounded
from sim.world.events import Kind

if TYPE_CHECKING:
    from sim.engines.reference.convoy import Convoy


def strike(convoy: Convoy, device: Device, count: int) -> None:
    """Which vehicle, whether anybody is reached, who is killed and who is wounded."""
    model = convoy.model
    settings = model.settings
    key = (device.key, convoy.source_key, count)
    threat = settings.threat
    place = struck_vehicle(
        model.draw(Stream.STRUCK_VEHICLE, *key),
        convoy.strike_chance_per_vehicle(),
        convoy.n_vehicles,
    )
    is_escort = is_escort_place(place, convoy.n_escort, convoy.n_load)
    if is_escort:
        n_occupants = settings.force.vehicle_occupants
        protected_share = (
            settings.force.protected_share if convoy.unit is None else convoy.unit.protected_share
        )
        is_protected = model.draw(Stream.UNIT_PROTECTION, *key) < protected_share
        is_contractor = False
    else:
        n_occupants = settings.supply.truck_occupants
        is_protected = False
        is_contractor = model.draw(Stream.STRUCK_DRIVER, *key) < settings.supply.contractor_share
    killed = wounded = died = 0
    if model.draw(Stream.HARM, *key) < harm_probability(
        threat.harm_probability,
        is_protected,
        threat.unprotected_harm_ratio,
        threat.reference_protected_share,
    ):
        killed = n_killed(
            model.draw(Stream.KILLED, *key),
            n_occupants,
            threat.severity_alpha,
            threat.severity_beta,
        )
        wounded = n_wounded(
            model.draw(Stream.WOUNDED, *key),
            n_occupants - killed,
            threat.wounded_share,
        )
        if not is_contractor:
            died = model.evacuation.n_died(
                wounded,
                model.evacuation.delay_from_road_h(device.segment),
                convoy.training_level(),
                (device.key, convoy.source_key, 2 * count),
            )
    model.put_device(
        Kind.STRUCK,
        device,
        other=convoy.key,
        cause=convoy.cause,
        killed=0 if is_contractor else killed + died,
        wounded=0 if is_contractor else wounded - died,
        contractors=killed + wounded if is_contractor else 0,
        hours=settings.routing.strike_halt_h,
    )
    fire_after_strike(convoy, device, key, n_dead=killed + died if is_escort else 0)
