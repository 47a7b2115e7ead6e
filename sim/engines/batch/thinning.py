"""Thinning: a rate that changes in time, drawn from candidates at a declared ceiling.

Candidate times depend on the key alone; each is accepted with probability rate over ceiling. So a
rate may change at any moment, and no draw moves.
"""

from sim.compiled import kernel
from sim.engines.batch.status import Status, fail
from sim.errors import DrawError
from sim.world.too_often import ROUNDING, too_often
from sim.world.world import World

TOO_OFTEN = int(Status.TOO_OFTEN)
DECISIONS, STRIKES, ATTACKS = range(3)
WHAT_AND_PARAMETER = (
    ("decisions of", "threat.attempts_ceiling_factor"),
    ("strikes on", "attrition.strikes_ceiling_factor"),
    ("attacks of", "attacks.ceiling_factor"),
)
"""What happens at a rate, and the parameter that raises its ceiling."""
N_RATES = len(WHAT_AND_PARAMETER)


@kernel
def acceptance(state, rate, ceiling, rate_of, cell):  # type: ignore[no-untyped-def]
    """Probability to accept a candidate; the run fails where the rate exceeds its ceiling."""
    if rate > ceiling * (1.0 + ROUNDING):
        fail(state, TOO_OFTEN, cell * N_RATES + rate_of, rate / ceiling)
    return rate / ceiling


def error_of(world: World, who: int, value: float) -> DrawError:
    """The error that `TOO_OFTEN` stands for."""
    cell, rate_of = divmod(who, N_RATES)
    what, parameter = WHAT_AND_PARAMETER[rate_of]
    return too_often(value, f"{what} {world.cells[cell].name}", parameter)
