"""Headquarters: every dawn it reviews stocks, sends teams out and lets convoys go.

The command reads the picture and its own plans, never what is true.
"""

from sim.clock import HOURS_PER_DAY
from sim.compiled import handler, kernel
from sim.engines.batch import (
    acts,
    camp,
    camp_stock,
    convoy,
    courses,
    dispatch,
    patrol_ways,
    routes,
    team_orders,
)
from sim.engines.batch.agenda import add
from sim.engines.batch.codes import (
    CLEARANCE_PROCESS_POLICY,
    SUPPLY_PROCESS_POLICY,
    TURN_DAWN,
)
from sim.engines.batch.keys import NOBODY

DAWN = acts.DAWN


@kernel
def set_up(state, world, settings):  # type: ignore[no-untyped-def]
    """The first dawn."""
    add(state, settings.routing.daylight_start_h, TURN_DAWN, NOBODY, 0, 0, DAWN, 0)


@kernel
def reorganise(state, world, settings):  # type: ignore[no-untyped-def]
    """Forget what was worked out under earlier settings; tables of team orders go by `which`."""
    routes.forget(state)


@handler
def dawn(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """The command's day, in this order: books, courses, orders, teams, patrols, convoys."""
    add(state, state.model.now_h + HOURS_PER_DAY, TURN_DAWN, NOBODY, 0, 0, DAWN, 0)
    convoy.settle_traffic(state, world, settings)
    courses.begin(state, world, settings)
    n_camps = world.camp.n_camps
    is_by_stock = settings.supply.process == SUPPLY_PROCESS_POLICY
    if is_by_stock:
        for place in range(n_camps):
            index = n_camps - 1 - place
            camp_stock.settle(state, world, settings, index)
            camp.review(state, world, settings, index)
    if settings.clearance.process == CLEARANCE_PROCESS_POLICY:
        team_orders.send(state, world, settings)
    patrol_ways.plan_day(state, world, settings)
    if is_by_stock:
        for index in range(n_camps):
            dispatch.dispatch(state, world, settings, index)
