"""The plan of a routing policy from outside the package, checked."""

from collections.abc import Callable
from functools import partial
from typing import Any, NoReturn

import numpy as np

from sim.policies.answers import as_array, refuse, shown
from sim.policies.routing.view import RoutePlan, RoutingView

ROUNDING = 1e-6
"""How far probabilities may be from a sum of one."""


def as_plan(policy: str, view: RoutingView, answer: Any) -> RoutePlan:
    """A plan of ways from the source to the target; without any edge where there is none."""
    allowed = (
        "a RoutePlan whose ways lead from source to target and pass no junction twice, with "
        "probabilities above 0 that add up to 1; a plan without edges where there is no way"
    )
    if not isinstance(answer, RoutePlan):
        refuse(policy, f"answers with {shown(answer)}", allowed)
    starts = as_array(policy, "way_start", answer.way_start, None, allowed, np.int32)
    edges = as_array(policy, "edges", answer.edges, None, allowed, np.int32)
    chances = as_array(policy, "probability", answer.probability, None, allowed)
    plan = RoutePlan(starts, edges, chances)
    if len(edges) == 0:
        return plan
    n_ways = len(chances)
    if n_ways == 0 or len(starts) != n_ways + 1:
        refuse(policy, f"has {len(starts)} starts for {n_ways} probabilities", allowed)
    if starts[0] != 0 or starts[-1] != len(edges) or (np.diff(starts) < 1).any():
        refuse(policy, f"has way_start={starts.tolist()} for {len(edges)} edges", allowed)
    if not (chances > 0.0).all() or not abs(chances.sum() - 1.0) <= ROUNDING:
        refuse(policy, f"has probability={chances.tolist()}", allowed)
    for number in range(n_ways):
        _require_way(view, plan.way(number).tolist(), partial(refuse, policy, allowed=allowed))
    return plan


def _require_way(view: RoutingView, edges: list[int], refused: Callable[[str], NoReturn]) -> None:
    here = view.source
    passed = {here}
    for edge in edges:
        around = slice(view.adjacency_start[here], view.adjacency_start[here + 1])
        places = np.flatnonzero(view.adjacency_edge[around] == edge)
        if len(places) == 0:
            refused(f"drives edge {edge} from junction {here}, where it does not begin")
        here = int(view.adjacency_junction[around][places[0]])
        if here in passed:
            refused(f"passes junction {here} twice")
        passed.add(here)
    if here != view.target:
        refused(f"leads from junction {view.source} to {here} instead of {view.target}")
