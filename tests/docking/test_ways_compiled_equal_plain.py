"""The rules that find and time ways give the same bits compiled and as plain Python.

Both engines share them: the reference calls them through views and journeys, the batch engine by
itself.
"""

import importlib
import pkgutil
from types import FunctionType

import numpy as np
import pytest
from plain_modules import bits, load_plain
from small_graphs import graph

import sim.rules

N_GIVEN = 1000
WAYS = [
    "sim.roads.paths",
    "sim.roads.places",
    "sim.roads.maximum_flow",
    "sim.world.journey",
    "sim.world.patrol_roads",
    "sim.policies.routing.risk",
    "sim.policies.routing.least_risk",
    "sim.policies.routing.mixed",
    "sim.policies.patrols.mean_on_road",
    "sim.policies.patrols.before_convoys",
]
MODULES = [
    "sim.draws",
    *(f"sim.rules.{module.name}" for module in pkgutil.iter_modules(sim.rules.__path__)),
    *WAYS,
]
COMPILED = {name: importlib.import_module(name) for name in MODULES}
PLAIN = load_plain(MODULES)
RULES = {
    rule: name
    for name in WAYS
    for rule, value in vars(COMPILED[name]).items()
    if hasattr(value, "py_func") and value.py_func.__module__ == name
}


class Given:
    """Random arguments: a connected graph whose roads are cut into pieces, and what lies on it."""

    def __init__(self, seed):
        rng = self.rng = np.random.default_rng(seed)
        n = self.n_junctions = int(rng.integers(2, 8))
        ends = {tuple(sorted((i, int(rng.integers(0, i))))) for i in range(1, n)}
        for _ in range(int(rng.integers(0, 9))):
            one, other = sorted(rng.choice(n, 2, replace=False).tolist())
            ends.add((one, other))
        self.graph = graph(n, sorted(ends))
        self.n_edges = self.graph.n_edges
        n_pieces = rng.integers(1, 4, self.n_edges)
        self.first = np.concatenate([[0], np.cumsum(n_pieces)]).astype(np.int32)
        self.n_segments = int(self.first[-1])
        self.length_km = rng.uniform(0.5, 25.0, self.n_segments)
        self.h_per_km = rng.uniform(0.01, 0.3, self.n_segments)
        self.wait_h = rng.uniform(0.0, 2.0, self.n_segments) * (rng.random(self.n_segments) < 0.2)

    @property
    def adjacency(self):
        return self.graph.start, self.graph.edge, self.graph.junction

    def of_edges(self, high):
        """Now and then all alike, so that there are ties, or 0."""
        if self.rng.random() < 0.2:
            return np.ones(self.n_edges)
        return self.rng.uniform(0.0, high, self.n_edges) * (self.rng.random(self.n_edges) < 0.9)

    def ends(self):
        return tuple(int(end) for end in self.rng.choice(self.n_junctions, 2, replace=False))

    def line(self, most=8):
        n = int(self.rng.integers(1, most))
        segments = self.rng.integers(0, self.n_segments, n).astype(np.int32)
        return segments, self.rng.random(n) < 0.5

    def paces(self):
        return self.length_km, self.h_per_km, self.wait_h

    def view(self):
        return (
            self.of_edges(5.0), self.of_edges(0.5), self.graph.edge_from, *self.adjacency,
            *self.ends(), float(self.rng.uniform(1.0, 4.0)),
        )  # fmt: skip

    def room_for_ways(self):
        n_edges = self.n_edges
        return (
            np.zeros(n_edges + 1, dtype=np.int32),
            np.zeros(n_edges * self.n_junctions, dtype=np.int32),
            np.zeros(n_edges),
        )

    def flow(self):
        amounts = self.of_edges(9.0), self.of_edges(9.0)
        return *amounts, self.graph.edge_from, *self.adjacency, *self.ends(), np.zeros(self.n_edges)

    def journey(self):
        segments, forwards = self.line()
        return segments, *COMPILED["sim.world.journey"].over_whole_pieces(
            segments, forwards, *self.paces()
        )

    def daylight(self):
        return (0.0, 24.0) if self.rng.random() < 0.2 else (6.0, 17.0)

    def books(self):
        """A memory of something by piece, and as of when."""
        return self.rng.uniform(0.0, 9.0, self.n_segments), self.rng.uniform(
            0.0, 9.0, self.n_segments
        )

    def place(self):
        edge = int(self.rng.integers(self.n_edges))
        segment = int(self.rng.integers(self.first[edge], self.first[edge + 1]))
        return edge, segment, float(self.rng.choice([0.0, 1.0, self.rng.random()]))


def legs_to_fill(n):
    return np.zeros(n), np.zeros(n), np.zeros(n + 1)


def arguments_of(rule, given):
    """Arguments of one rule."""
    rng, line = given.rng, given.line()
    match rule:
        case "grow_tree":
            return given.of_edges(5.0), given.ends()[0], *given.adjacency
        case "cheapest_way":
            return given.of_edges(5.0), *given.adjacency, *given.ends()
        case "cut_edge":
            return given.graph.edge_from, *given.adjacency, int(rng.integers(given.n_edges))
        case "cut_value":
            return given.of_edges(5.0), given.length_km, given.first, *given.place()
        case "maximum_flow":
            return given.flow()
        case "split_flow":
            arguments = given.flow()
            COMPILED["sim.roads.maximum_flow"].maximum_flow(*arguments)
            cost = given.of_edges(5.0)
            return arguments[-1], cost, *arguments[2:8], *given.room_for_ways()
        case "risk_by_edge":
            hazard = np.exp(rng.uniform(-12.0, 1.0, given.n_segments))
            room = np.zeros(given.n_segments), np.zeros(given.n_edges)
            return hazard, given.length_km, given.first, *room
        case "safest_way":
            view = given.view()
            return *view[:2], *view[3:]
        case "travellers_mix" | "ways_of_mix":
            return *given.view(), *given.room_for_ways()
        case "over_whole_pieces":
            return *line, *given.paces()
        case "fill_whole_pieces":
            return *line, len(line[0]), *given.paces(), *legs_to_fill(8)
        case "out_and_back" | "fill_out_and_back":
            reach_km = float(rng.uniform(0.1, 150.0))
            paces = given.length_km, reach_km, given.h_per_km, given.wait_h
            if rule == "out_and_back":
                return *line, *paces
            n = int(rng.integers(1, 20))
            return *line, len(line[0]), *paces, np.zeros(n, dtype=np.int32), *legs_to_fill(n)
        case "next_meeting":
            segments, enter_km, leave_km, _ = given.journey()
            segment = int(rng.choice(segments))
            at_km = float(rng.uniform(0.0, given.length_km[segment]))
            after = int(rng.integers(len(segments))), float(rng.uniform(0.0, 10.0))
            return segments, enter_km, leave_km, segment, at_km, *after
        case "settle_passage":
            times = float(rng.uniform(0.0, 40.0)), 9.0, float(rng.uniform(0.0, 2.0))
            return (
                *given.journey(), 0, 9.0 + times[0], *times[1:], *given.daylight(),
                given.length_km, 5.0, 30.0, bool(rng.integers(2)), *given.books(), *given.books(),
                48.0, *given.books(), 96.0, *given.books(),
            )  # fmt: skip
        case "expect_on_way":
            segments, _, _, drive_h = given.journey()
            due_h = rng.uniform(0.0, 90.0, given.n_segments)
            first = int(rng.integers(len(segments)))
            return due_h, segments, drive_h, first, 30.0, float(rng.random()), *given.daylight()
        case "line_length_km":
            return line[0], len(line[0]), given.length_km, float(rng.uniform(0.0, 50.0))
        case "fill_means":
            near_km = rng.uniform(0.0, 60.0, given.n_segments)
            pieces = rng.permutation(given.n_segments).astype(np.int32)
            means = np.zeros(given.n_edges)
            values = rng.uniform(0.0, 1.0, given.n_segments)
            return values, given.first, pieces, near_km, given.length_km, 12.0, means
        case "mark_due":
            due_h = np.where(rng.random(given.n_segments) < 0.3, np.inf, rng.uniform(0.0, 90.0))
            return due_h, 12.0, 24.0, np.zeros(given.n_segments)
    raise AssertionError(f"no arguments for {rule}: add some here")


def first_difference(rule, plain, compiled):
    """The first arguments for which results, or what is filled in, differ in a bit."""
    for seed in range(N_GIVEN):
        arguments = arguments_of(rule, Given(seed))
        outcomes = []
        for function in (plain, compiled):
            taken = [part.copy() if isinstance(part, np.ndarray) else part for part in arguments]
            result = function(*taken)
            outcomes.append((bits(result), bits(tuple(taken))))
        if outcomes[0] != outcomes[1]:
            return arguments
    return None


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_of_ways_compiled_equals_the_same_rule_plain(rule):
    plain, compiled = getattr(PLAIN[RULES[rule]], rule), getattr(COMPILED[RULES[rule]], rule)
    assert isinstance(plain, FunctionType)
    assert first_difference(rule, plain, compiled) is None


def test_a_planted_difference_is_noticed():
    if not RULES:
        pytest.skip("rules are not compiled here (NUMBA_DISABLE_JIT)")

    def by_halves(segments, n_line, length_km, before_km):
        return before_km + float(np.sum(length_km[segments[:n_line]]))

    compiled = COMPILED["sim.world.patrol_roads"].line_length_km
    assert first_difference("line_length_km", by_halves, compiled) is not None
