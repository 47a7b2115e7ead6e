"""Which way convoys take: a policy turns what headquarters sees of the roads into a plan of ways.

A plan holds ways and their probabilities; a draw that belongs to the convoy chooses among them. To
add a policy, write a file with a function from a `RoutingView` to a `RoutePlan` and name it in
`POLICIES`; `sim/world/settings/routing.py` lists the names that a scenario may choose.
"""

from collections.abc import Callable

from sim.policies.routing.least_risk import least_risk
from sim.policies.routing.mixed import mixed
from sim.policies.routing.risk import risk_by_edge
from sim.policies.routing.shortest import shortest
from sim.policies.routing.view import RoutePlan, RoutingView

POLICIES: dict[str, Callable[[RoutingView], RoutePlan]] = {
    "shortest": shortest,
    "least_risk": least_risk,
    "mixed": mixed,
}

__all__ = ["POLICIES", "RoutePlan", "RoutingView", "risk_by_edge"]
