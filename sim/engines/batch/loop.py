"""The loop that lets time pass: what comes up on the agenda is done, one event after the other.

The kernel comes back at the end (`Status`), and where more rows have to be kept than there is room
for: a thread that comes back to Python waits for its turn there. Called again, it goes on where it
was.
What happens at one moment has the order of `sim/world/events.py`; what happens within an act, that
of the reference engine.
"""

from typing import Any

from sim.compiled import address_of, call_handler, entry, handler, kernel
from sim.engines.batch import (
    acts,
    agenda,
    attack_process,
    camp,
    camp_attacks,
    camp_stock,
    cell_memory,
    cell_state,
    cell_strikes,
    clearance_team,
    closures,
    convoy,
    courses,
    deliveries,
    devices,
    fixed_convoys,
    fixed_sweeps,
    headquarters,
    ledger,
    meeting,
    memory,
    militant_cell,
    outside,
    patrol_ways,
    patrolling,
    picture,
    politics,
    road_fire,
    routes,
    unit,
    unit_state,
)
from sim.engines.batch.codes import CAUSE_NONE, KIND_DECIDED, TURN_DECISION, TURN_PERIOD
from sim.engines.batch.keys import NOBODY
from sim.engines.batch.ledger import put
from sim.engines.batch.status import Status
from sim.world.picture import rate_of_fading
from sim.world.sums import weighted_sum

RUNNING, PERIOD_OVER, ROWS_FULL = (
    int(Status.RUNNING),
    int(Status.PERIOD_OVER),
    int(Status.ROWS_FULL),
)
TO_DECIDE, OVER, NO_ROOM = int(Status.TO_DECIDE), int(Status.OVER), int(Status.NO_ROOM)
NOTHING = -1
"""No act is half done."""
THE_END = -2


@entry
def set_up(states, worlds, laws):  # type: ignore[no-untyped-def]
    """Put everybody in their places, and what is known to come on the agenda.

    As for `advance`, the arguments are arrays of records, settings as in `Tables.laws`: a record
    alone costs Python a hundred times as much to hand over.
    """
    state, world, settings = states[0], worlds[0], laws[0]
    state.model.act_half_done = NOTHING
    memory.set_up(state, world, settings)
    picture.set_up(state, world, settings)
    politics.set_up(state, world, settings)
    camp_stock.set_up(state, world, settings)
    patrol_ways.set_up(state, world, settings)
    unit.set_up(state, world, settings)
    for index in range(world.camp.n_camps):
        camp_stock.fill(state, world, settings, index)
    clearance_team.set_up(state, world, settings)
    militant_cell.set_up(state, world, settings)
    attack_process.set_up(state, world, settings)
    headquarters.set_up(state, world, settings)
    closures.set_up(state, world, settings)
    fixed_convoys.set_up(state, world, settings)
    fixed_sweeps.set_up(state, world, settings)
    for period in range(1, world.calendar.n_periods):
        start_h = world.calendar.period_start_h[period]
        agenda.add(state, start_h, TURN_PERIOD, NOBODY, period, 0, acts.PERIOD, 0)
    decision_h = world.calendar.decision_h
    if not state.model.is_decided:
        agenda.add(state, decision_h, TURN_DECISION, NOBODY, 0, 0, acts.DECIDE, 0)
    if not settings.threat.adaptive:
        agenda.add(state, decision_h, TURN_DECISION, NOBODY, 1, 0, acts.FREEZE, 0)


@entry
def advance(states, worlds, laws, kept, scalars, by_segment, by_camp, by_period):  # type: ignore[no-untyped-def]
    """Let time pass until there is something to do outside, by `state.model.status`.

    `worlds` has the address of one handler for each act, by its code, and of `go_on`; `laws` the
    settings until the decision, and from then on. Into the others `ledger` hands over what is put
    down.
    """
    state, world = states[0], worlds[0]
    model, handler_at = state.model, world.handlers.address
    settings = laws[model.law]
    while True:
        if model.act_half_done != NOTHING:
            call_handler(handler_at[acts.GO_ON], state, world, settings, model.act_half_done, 0)
            model.act_half_done = NOTHING
        _let_time_pass(state, world, settings)
        if model.status == PERIOD_OVER:
            ledger.hand_over_sums(state, scalars, by_segment, by_camp, by_period)
            model.period += 1
        elif model.status == TO_DECIDE:
            model.law = 1
            settings = laws[1]
        elif model.status == ROWS_FULL:
            if not ledger.hand_over_rows(state, kept):
                return
        else:
            if model.status == OVER:
                ledger.hand_over_sums(state, scalars, by_segment, by_camp, by_period)
            return
        model.status = RUNNING


@kernel
def _let_time_pass(state, world, settings):  # type: ignore[no-untyped-def]
    """Do one act after the other until the status says that something else is to be done."""
    model, rows, handler_at = state.model, state.rows, world.handlers.address
    most_rows = len(rows.waiting) // 2
    end_h = world.calendar.end_h
    while model.status == RUNNING:
        if model.is_rate_new:
            call_handler(handler_at[acts.PLAN_PATROLS], state, world, settings, 0, 0)
        if rows.n > most_rows:
            model.status = ROWS_FULL
            return
        if not agenda.next_h(state) < end_h:
            model.now_h = end_h
            call_handler(handler_at[acts.GO_ON], state, world, settings, THE_END, 0)
            if model.status < NO_ROOM:
                model.status = OVER
            return
        agenda.take(state)
        model.now_h = state.agenda.taken_h
        taken = state.agenda
        address = handler_at[taken.taken_act]
        call_handler(address, state, world, settings, taken.taken_who, taken.taken_version)


@handler
def close_period(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """A period closes; what follows waits until its sums are handed over."""
    _close_period(state, world, settings)
    _come_back_for(state, PERIOD_OVER, acts.PERIOD)


@handler
def begin_to_decide(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """What is done under the baseline's settings, before the scenario's take their place."""
    state.model.live_at_decision = devices.n_live_devices(state)
    for index in range(world.camp.n_camps):
        camp_stock.settle(state, world, settings, index)
    _come_back_for(state, TO_DECIDE, acts.DECIDE)


@handler
def go_on(state, world, settings, who, version):  # type: ignore[no-untyped-def]
    """Do what is left of an act that was left in the middle; `who` is the act."""
    if who == acts.PERIOD:
        _begin_period(state, world, settings)
    elif who == acts.DECIDE:
        _decide(state, world, settings)
    elif who == THE_END:
        patrolling.pass_all(state, world, settings)
        _close_period(state, world, settings)


@kernel
def _come_back_for(state, status, act):  # type: ignore[no-untyped-def]
    """Leave an act in the middle, unless something went wrong."""
    state.model.act_half_done = act
    if state.model.status < NO_ROOM:
        state.model.status = status


@handler
def arrive(state, world, settings, slot, version):  # type: ignore[no-untyped-def]
    """A convoy reaches the end of its journey, and does there what it came for."""
    if not state.convoy.is_used[slot] or version != state.convoy.version[slot]:
        return
    convoy.arrive(state, world, settings, slot)
    what, of = state.convoy.on_arrival[slot], state.convoy.arrival_of[slot]
    if what == acts.REMOVE:
        convoy.remove(state, slot)
    elif what == acts.DELIVER:
        deliveries.deliver(state, world, settings, slot, of)
    elif what == acts.COME_HOME:
        deliveries.come_home(state, world, settings, slot, of)
    elif what == acts.FIXED_ARRIVE:
        fixed_convoys.arrive(state, world, settings, slot, of)
    else:
        closures.arrive(state, world, settings, slot, of)


@kernel
def _begin_period(state, world, settings):  # type: ignore[no-untyped-def]
    """The next period: a step of politics, and how far cells may grow in it."""
    politics.take_step(state, world, settings)
    for cell in range(world.cell.n_cells):
        cell_state.review(state, world, settings, cell)
    if state.model.is_decided and state.model.now_h == world.calendar.decision_h:
        state.model.live_at_decision = devices.n_live_devices(state)


@kernel
def _close_period(state, world, settings):  # type: ignore[no-untyped-def]
    """Write down what is open, and what stands at the end of the period."""
    sums = state.sums
    convoy.settle_traffic(state, world, settings)
    for index in range(world.camp.n_camps):
        camp_stock.settle(state, world, settings, index)
        camp.settle_waits(state, world, settings, index)
    courses.settle(state)
    for team in range(world.team.n_teams):
        clearance_team.settle(state, settings, team)
    devices.count_live(state)
    strength = 0.0
    trained = 0.0
    for number in range(world.unit.n_units):
        people = state.unit.strength[number]
        strength += people
        trained += people * unit_state.training_level(state, settings, number)
    sums.progress = politics.progress(state, world, settings)
    sums.training_level = trained / strength if strength > 0.0 else 0.0
    militant_cell.put_down_cells(state, world, settings)
    n_segments = world.road.n_segments
    seen_per_day = state.picture.hazard_per_km  # room that nobody else needs now
    rate_of_fading(
        seen_per_day,
        world.road.every_segment[:n_segments],
        state.model.now_h,
        state.memory.traffic,
        state.memory.traffic_time_h,
        state.model.memory_half_life_h,
    )
    sums.traffic_seen = weighted_sum(seen_per_day[:n_segments], world.road.length_km[:n_segments])


@kernel
def _decide(state, world, settings):  # type: ignore[no-untyped-def]
    """The scenario's levers take the place of the baseline's."""
    state.model.is_decided = 1
    politics.read(state, world, settings)
    for number in range(world.unit.n_units):
        unit.decide(state, world, settings, number)
    unit_state.count_patrollers(state, world, settings)
    for index in range(world.camp.n_camps):
        camp.cut_loads(state, world, settings, index)
    headquarters.reorganise(state, world, settings)
    put(state, KIND_DECIDED, -1, NOBODY, NOBODY, CAUSE_NONE, -1, 0, 0, 0, 0, 0.0, 0.0)


HANDLERS = {
    acts.PERIOD: close_period,
    acts.DECIDE: begin_to_decide,
    acts.FREEZE: cell_memory.freeze,
    acts.UNIT_ADJUST: unit.adjust,
    acts.UNIT_ARRIVE: unit.arrive,
    acts.UNIT_LEAVE: unit.leave,
    acts.UNIT_ROTATE: unit.rotate,
    acts.COURSE_END: courses.end,
    acts.CLOSE_CAMP: closures.close,
    acts.CELL_RETURN: cell_state.come_back,
    acts.CELL_STRIKE: cell_strikes.happen,
    acts.DEVICE_END: devices.end_by_itself,
    acts.ATTEMPT: militant_cell.attempt,
    acts.CAMP_ATTACK: camp_attacks.decide,
    acts.GUNFIRE: road_fire.decide,
    acts.DAWN: headquarters.dawn,
    acts.SWEEP_TEAM: clearance_team.sweep,
    acts.SWEEP_FIXED: fixed_sweeps.sweep,
    acts.PATROL: patrolling.patrol,
    acts.LEAVE_STOP: deliveries.leave_stop,
    acts.WITHDRAW: closures.withdraw,
    acts.SEND_FIXED: fixed_convoys.send,
    acts.MEET: meeting.meet,
    acts.ARRIVE: arrive,
    acts.GO_ON: go_on,
    acts.PLAN_NEXT: convoy.plan_next_now,
    acts.SETTLE: convoy.settle_now,
    acts.FIND_WAY: routes.find_way_asked,
    acts.PLAN_PATROLS: patrolling.plan_all,
    acts.ASK_OUTSIDE: outside.answer,
}
"""What is done when an entry of the agenda comes up, and what is called by address besides:
`f(state, world, settings, who, version)`."""


def addresses(*arguments: Any) -> list[int]:
    """Where the handlers for arguments like these lie, by the numbers of `acts`."""
    return [address_of(HANDLERS[act], (*arguments, 0, 0)) for act in range(len(HANDLERS))]
