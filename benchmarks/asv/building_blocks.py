"""What the pieces of a run cost: a world, a draw, a tree of ways, a choice of place."""

import numpy as np

from sim.compiled import rule
from sim.compose import load_scenario
from sim.draws import uniform
from sim.roads.paths import path_tree
from sim.rules.emplacement import place_weights
from sim.world.pace import ESCORTED, pace_of
from sim.world.world import build_world


@rule
def sum_of_draws(n):  # type: ignore[no-untyped-def]
    """Sum of `n` draws by key, inside compiled code."""
    total = 0.0
    for count in range(n):
        total += uniform(1, 2, 3, 4, 5, count)
    return total


class TimeBlocks:
    """Each block on the shipped roads, compiled beforehand."""

    def setup(self) -> None:
        """Build the world of the baseline and call everything once."""
        self.scenario = load_scenario()
        world = build_world(self.scenario)
        self.network = world.network
        roads, routing = self.scenario.roads, self.scenario.routing
        self.edge_h = pace_of(self.network, roads, routing, ESCORTED, False).edge_h(self.network)
        n = self.network.n_segments
        self.all_pieces = np.arange(n, dtype=np.int32)
        self.ones, self.zeros, self.weights = np.ones(n), np.zeros(n), np.empty(n)
        for block in (self.time_100_000_draws, self.time_route_tree, self.time_choice_of_place):
            block()

    def time_world(self) -> None:
        """A world of a scenario whose roads have been read."""
        build_world(self.scenario)

    def time_100_000_draws(self) -> None:
        """Draws by key."""
        sum_of_draws(100_000)

    def time_route_tree(self) -> None:
        """Shortest ways from one junction to all others."""
        path_tree(self.network, self.edge_h, 0)

    def time_choice_of_place(self) -> None:
        """Weights of all pieces of road, as for a cell with all of them in reach."""
        one, none = self.ones, self.zeros
        place_weights(
            self.weights, self.all_pieces, len(one), 24.0, self.network.segments.length_km,
            one, none, one, none, one, none, one, none, one, 720.0, 1.2, 0.2, 0.3, 0.3, 0.01,
        )  # fmt: skip
