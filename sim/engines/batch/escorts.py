"""Escorts: which company goes with a convoy, and how many may be away from a camp."""

from sim.clock import DAYS_PER_MONTH, HOURS_PER_DAY
from sim.compiled import kernel
from sim.engines.batch.codes import UNIT_TYPE_COMBAT_CONVOY
from sim.engines.batch.unit_state import can_escort, is_patroller
from sim.rules.supply import companies_to_spare


@kernel
def free_escort(state, world, settings, camp, people):  # type: ignore[no-untyped-def]
    """The free company of a camp that escorts next; -1 where there is none.

    An escort without vehicles asks for nobody, but for a company that is there.
    """
    spares_infantry = _can_spare_infantry(state, world, settings, camp)
    first = -1
    for place in range(world.camp.unit_start[camp], world.camp.unit_start[camp + 1]):
        unit = world.camp.units[place]
        if not (state.unit.strength[unit] > 0.0 and can_escort(state, world, unit, people)):
            continue
        if not spares_infantry and world.unit.unit_type[unit] != UNIT_TYPE_COMBAT_CONVOY:
            continue
        if first < 0 or goes_before(state, world, unit, first):
            first = unit
    return first


@kernel
def _can_spare_infantry(state, world, settings, camp):  # type: ignore[no-untyped-def]
    """Whether one more company of infantry may be away from here; one may always be."""
    now_h, n_companies, n_away = state.model.now_h, 0, 0
    for place in range(world.camp.unit_start[camp], world.camp.unit_start[camp + 1]):
        unit = world.camp.units[place]
        if is_patroller(state, world, unit):
            n_companies += 1
            if state.unit.escort_free_h[unit] > now_h:
                n_away += 1
    return n_away < companies_to_spare(n_companies, settings.supply.escort_share)


@kernel
def goes_before(state, world, one, other):  # type: ignore[no-untyped-def]
    """Who escorts: combat convoy companies first, then the one free for longest, then by name."""
    one_is_last = world.unit.unit_type[one] != UNIT_TYPE_COMBAT_CONVOY
    other_is_last = world.unit.unit_type[other] != UNIT_TYPE_COMBAT_CONVOY
    if one_is_last != other_is_last:
        return other_is_last
    if state.unit.escort_free_h[one] != state.unit.escort_free_h[other]:
        return state.unit.escort_free_h[one] < state.unit.escort_free_h[other]
    return one < other  # companies are numbered by name


@kernel
def least_gap_h(world, settings, escort):  # type: ignore[no-untyped-def]
    """From one departure of an escort to its next: half a month at two operations a month."""
    if world.unit.unit_type[escort] != UNIT_TYPE_COMBAT_CONVOY:
        return 0.0
    per_month = settings.supply.combat_convoy_operations_per_month
    return DAYS_PER_MONTH * HOURS_PER_DAY / per_month
