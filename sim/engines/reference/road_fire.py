"""Gunfire on the road: alone, or after a strike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.draws import Stream
from sim.engines.reference.attack_process import AttackProcess
from sim.rules.attack import n_killed_in_attack
from sim.rules.emplacement import chosen_place
from sim.rules.others import n_victims
from sim.rules.travel import driving_done_h
from sim.world.events import Kind, Turn

if TYPE_CHECKING:
    from sim.engines.reference.convoy import Convoy
    from sim.engines.reference.device import Device
    from sim.engines.reference.militant_cell import MilitantCell

Key = tuple[int, int, int]


class RoadFire(AttackProcess):
    """Gunfire by one cell on convoys and patrols that are within its reach at that moment."""

    turn = Turn.GUNFIRE
    time_stream = Stream.GUNFIRE_TIME
    accepted_stream = Stream.GUNFIRE_ACCEPTED

    def __init__(self, cell: MilitantCell) -> None:
        super().__init__(cell, cell.model.settings.attacks.gunfire_per_month, 0, 0)
        self.is_in_reach = np.zeros(cell.model.world.network.n_segments, dtype=bool)
        self.is_in_reach[cell.candidates] = True

    def attack(self, number: int) -> None:
        """Fire at one of those on the road, each vehicle as likely as any other."""
        model, key = self.model, (self.militant.key, self.kind, number)
        on_the_road = [convoy for _, convoy in sorted(model.moving.items())]
        segments = [segment_of(convoy) for convoy in on_the_road]
        weights = np.array(
            [
                float(convoy.n_vehicles) if self.is_in_reach[segment] else 0.0
                for convoy, segment in zip(on_the_road, segments, strict=True)
            ]
        )
        place = chosen_place(
            model.draw(Stream.GUNFIRE_TARGET, *key), weights, len(on_the_road), 0.0
        )
        if place >= 0:
            fire_at(on_the_road[place], Kind.GUNFIRE, segments[place], self.militant.key, key, key)


def segment_of(convoy: Convoy) -> int:
    """The piece of road on which a convoy is now; a halted one stays where it halted."""
    journey, now_h = convoy.journey, convoy.model.now_h
    hours = convoy.driven_h
    if now_h > convoy.resumed_h:
        routing = convoy.model.settings.routing
        hours += driving_done_h(
            convoy.resumed_h, now_h, routing.daylight_start_h, routing.daylight_end_h
        )
    leg = int(np.searchsorted(journey.drive_h, hours, side="right")) - 1
    return int(journey.segments[min(leg, len(journey.segments) - 1)])


def fire_after_strike(convoy: Convoy, device: Device, key: Key, n_dead: int) -> None:
    """Perhaps gunfire follows a strike that has killed `n_dead` of the mission.

    `key` names the draws of the meeting: device, source of the convoy, count.
    """
    model = convoy.model
    if model.draw(Stream.FOLLOW_ON, *key) >= model.settings.attacks.follow_on_probability:
        return
    # The strike has used the even counts of this meeting's evacuations.
    evacuation_key = (key[0], key[1], 2 * key[2] + 1)
    fire_at(
        convoy, Kind.FOLLOW_ON_FIRE, device.segment, device.key, key, evacuation_key, n_dead=n_dead
    )


def fire_at(
    convoy: Convoy,
    kind: Kind,
    segment: int,
    entity: int,
    key: Key,
    evacuation_key: Key,
    *,
    n_dead: int = 0,
) -> None:
    """What gunfire does to a convoy or patrol: killed, wounded, and the row about it.

    It falls on those who guard; where nobody does, on the drivers, who count as contractors.
    """
    model = convoy.model
    attacks, is_guarded = model.settings.attacks, convoy.n_escort > 0
    n_people = (
        convoy.n_escort * model.settings.force.vehicle_occupants - n_dead
        if is_guarded
        else convoy.n_load * model.settings.supply.truck_occupants
    )
    killed = n_killed_in_attack(
        model.draw(Stream.GUNFIRE_KILLED, *key),
        attacks.gunfire_fatal,
        attacks.gunfire_severity_exponent,
        min(attacks.gunfire_most_killed, n_people),
    )
    wounded = min(
        n_people - killed,
        n_victims(model.draw(Stream.GUNFIRE_WOUNDED, *key), attacks.gunfire_wounded),
    )
    died = 0
    if is_guarded:
        died = model.evacuation.n_died(
            wounded,
            model.evacuation.delay_from_road_h(segment),
            convoy.training_level(),
            evacuation_key,
        )
    model.ledger.put(
        model.now_h,
        kind,
        segment=segment,
        entity=entity,
        other=convoy.key,
        cause=convoy.cause,
        killed=killed + died if is_guarded else 0,
        wounded=wounded - died if is_guarded else 0,
        contractors=0 if is_guarded else killed + wounded,
    )
