"""Which way convoys take: a policy turns what headquarters sees of the roads into a plan of ways.

A plan holds ways and their probabilities; a draw that belongs to the convoy chooses among them. To
add a policy to the package, write a file with a function from a `RoutingView` to a `RoutePlan` and
name it in `POLICIES` and among the choices in `sim/world/settings/routing.py`. From outside,
`POLICIES["mine"] = function` is all (`sim/policies/family.py`).
"""

from sim.policies.family import Family
from sim.policies.routing.answer import as_plan
from sim.policies.routing.least_risk import least_risk
from sim.policies.routing.mixed import mixed
from sim.policies.routing.risk import risk_by_edge
from sim.policies.routing.shortest import shortest
from sim.policies.routing.view import RoutePlan, RoutingView

POLICIES: Family[RoutingView, RoutePlan] = Family(
    "routing.policy",
    {
        "shortest": shortest,
        "least_risk": least_risk,
        "mixed": mixed,
    },
    asks={"least_risk": frozenset({"risk_cost"}), "mixed": frozenset({"risk_cost"})},
    as_answer=as_plan,
)

__all__ = ["POLICIES", "RoutePlan", "RoutingView", "risk_by_edge"]
