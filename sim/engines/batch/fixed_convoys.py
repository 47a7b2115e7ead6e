"""Convoys at a fixed rate, one way, for cases whose answer is known on paper.

They go by the clock alone: no stock, escort or team is asked. `poisson` draws the gaps, `periodic`
keeps them equal. They stop when their camp closes.
"""

from typing import Any

import numpy as np

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.draws import waiting_time
from sim.engines.batch import convoy
from sim.engines.batch.acts import FIXED_ARRIVE, SEND_FIXED
from sim.engines.batch.agenda import add
from sim.engines.batch.chance import draw
from sim.engines.batch.codes import (
    CAUSE_NONE,
    KIND_ARRIVED,
    KIND_DEPARTED,
    KIND_NAMED,
    STREAM_SUPPLY_TIME,
    SUPPLY_PROCESS_PERIODIC,
    SUPPLY_PROCESS_POLICY,
    TURN_DEPARTURE,
)
from sim.engines.batch.deliveries import count_journey
from sim.engines.batch.keys import NOBODY, convoy_key, plain_key
from sim.engines.batch.ledger import LOGISTICS, put
from sim.engines.batch.routes import way_of_convoy
from sim.engines.batch.shape import Shape
from sim.engines.batch.status import NO_ROOM


def state_fields(shape: Shape) -> list[Any]:
    """How many have been sent to each camp."""
    return [("n_sent", np.int64, (shape.n_camps,))]


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """Await the first convoy to every camp that has a hub."""
    if settings.supply.process == SUPPLY_PROCESS_POLICY:
        return
    for camp in range(world.camp.n_camps):
        if world.camp.hub[camp] >= 0:
            _await_next(state, world, settings, camp, 0.0)


@kernel
def _await_next(state, world, settings, camp, from_h):  # type: ignore[no-untyped-def]
    rate_per_day = settings.supply.process_rate_per_day
    if rate_per_day == 0.0:
        return
    key, number = world.camp.key[camp], state.fixed_convoys.n_sent[camp]
    if settings.supply.process == SUPPLY_PROCESS_PERIODIC:
        gap_h = HOURS_PER_DAY / rate_per_day
    else:
        luck = draw(state, STREAM_SUPPLY_TIME, key, 0, number)
        gap_h = waiting_time(luck, rate_per_day) * HOURS_PER_DAY
    add(state, from_h + gap_h, TURN_DEPARTURE, plain_key(key), number, 0, SEND_FIXED, camp)


@handler
def send(state, world, settings, camp, version):  # type: ignore[no-untyped-def]
    """Send a convoy of full size."""
    if state.camp.is_closed[camp] != 0:
        return
    number, hub = state.fixed_convoys.n_sent[camp], state.camp.hub[camp]
    source_key = world.camp.convoy_key[camp]
    key = convoy_key(source_key, number)
    state.fixed_convoys.n_sent[camp] += 1
    _await_next(state, world, settings, camp, state.model.now_h)
    put(
        state, KIND_NAMED, -1, key, NOBODY, CAUSE_NONE, camp, 0, 0, 0, 0, float(number), float(hub)
    )  # fmt: skip
    slot = convoy.create(
        state,
        settings,
        source_key,
        number,
        LOGISTICS,
        -1,
        settings.supply.escort_vehicles,
        settings.supply.load_vehicles,
        FIXED_ARRIVE,
        camp,
        True,
    )
    if state.model.status >= NO_ROOM:
        return
    put(state, KIND_DEPARTED, -1, key, NOBODY, CAUSE_NONE, camp, 0, 0, 0, 0, 0.0, 0.0)
    way_of_convoy(state, world, settings, hub, camp, True, source_key, 0, 2 * number)
    if state.model.status < NO_ROOM:
        convoy.start(state, world, settings, slot)


@kernel
def arrive(state, world, settings, slot, camp):  # type: ignore[no-untyped-def]
    """Be there, and be gone."""
    journey_h = count_journey(state, settings, slot)
    key = convoy_key(state.convoy.source_key[slot], state.convoy.number[slot])
    put(state, KIND_ARRIVED, -1, key, NOBODY, CAUSE_NONE, camp, 0, 0, 0, 0, journey_h, 0.0)
    convoy.remove(state, slot)
