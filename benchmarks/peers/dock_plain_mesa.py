"""The plain Mesa model docked by distribution: its mean counts are those of the engines.

    python -m benchmarks.peers.dock_plain_mesa [--runs 20] [OVERRIDE ...]

Runs draw on different luck, so means are compared. A measure docks where its two means differ by no
more than `TOLERANCE` of the engine's and what chance leaves open:

    |peer - engine| <= TOLERANCE * engine + t * sqrt(s_peer**2 / n_peer + s_engine**2 / n_engine)

with t so that a peer whose true means lie within the tolerance is turned away in at most
`FALSE_ALARMS` of all dockings, over all measures together (Bonferroni; Student's t with the degrees
of freedom of Welch). The hour step is why there is a tolerance: a device is met up to an hour
early.

The engine's side is the C program where there is a compiler, since it is the reference engine
event for event (`dock_peers.py`) in a hundredth of the time; else it is the reference engine.
`--peer-override` changes the peer alone, to see that a fault is noticed.
"""

import argparse
import math
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from benchmarks.peers import c_peer
from benchmarks.peers.dock_peers import run_of_reference
from benchmarks.peers.plain_mesa import Counts, simulate_run
from sim.compose import load_scenario
from sim.world.events import Cause, Kind
from sim.world.scenario import Scenario

TOLERANCE = 0.01
FALSE_ALARMS = 0.01
RUNS_OF_ENGINE = 10
"""Runs of the engine for each run of the peer, so that chance lies with the peer's few runs."""


class Docked(NamedTuple):
    """One measure: both means, and the difference that is allowed."""

    measure: str
    peer: float
    engine: float
    allowed: float

    @property
    def is_docked(self) -> bool:
        """Whether the means lie together."""
        return abs(self.peer - self.engine) <= self.allowed


def counts_of(tables: Mapping[str, NDArray]) -> Counts:
    """The counts of the plain model from the rows and sums of an engine's run."""
    kind, cause = tables["kind"], tables["cause"]

    def n(wanted: Kind, by: Cause | None = None) -> int:
        return int(np.sum((kind == wanted) & (True if by is None else cause == by)))

    return {
        "placed": n(Kind.PLACED),
        "decoys placed": n(Kind.DECOY_PLACED),
        "decoys found": n(Kind.DECOY_FOUND),
        "found by patrols": n(Kind.FOUND, Cause.PATROL),
        "found by convoys": n(Kind.FOUND, Cause.CONVOY),
        "found by sweeps": n(Kind.FOUND, Cause.SWEEP),
        "patrols struck": n(Kind.STRUCK, Cause.PATROL),
        "convoys struck": n(Kind.STRUCK, Cause.CONVOY),
        "struck others": n(Kind.STRUCK_OTHERS),
        "expired": n(Kind.EXPIRED),
        "killed": int(tables["killed"].sum()),
        "wounded": int(tables["wounded"].sum()),
        "contractors harmed": int(tables["contractors"].sum()),
        "sweeps": n(Kind.SWEPT),
        "convoys": n(Kind.DEPARTED),
        "convoys arrived": n(Kind.ARRIVED),
        "rotations": n(Kind.ROTATED),
        "patrols": int(tables["n_patrols"].sum()),
        "vehicle-km of convoys": float(tables["vehicle_km"][0].sum()),
        "vehicle-km of patrols": float(tables["vehicle_km"][1].sum()),
    }


def counts_of_engine(scenario: Scenario, seed: int, runs: int) -> list[Counts]:
    """Counts of the engine's runs: of the C program, or of the reference engine."""
    builds = c_peer.possible_builds()
    if not builds:
        return [counts_of(run_of_reference(scenario, seed, run)) for run in range(runs)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program, problem = builds[0].make(folder), c_peer.problem_of(scenario, folder)
        return [
            counts_of(c_peer.simulate(program, problem, seed, run))
            for run in range(RUNS_OF_ENGINE * runs)
        ]


def docked(peer: Sequence[Counts], engine: Sequence[Counts]) -> list[Docked]:
    """Every measure of the engine, held against the peer's."""
    measures = list(engine[0])
    results = []
    for measure in measures:
        one = np.array([counts[measure] for counts in peer], float)
        other = np.array([counts[measure] for counts in engine], float)
        share_one, share_other = one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)
        spread = math.sqrt(share_one + share_other)
        allowed = TOLERANCE * float(other.mean())
        if spread > 0.0:
            freedom = (share_one + share_other) ** 2 / (
                share_one**2 / (len(one) - 1) + share_other**2 / (len(other) - 1)
            )
            tail = FALSE_ALARMS / (2 * len(measures))
            allowed += float(stats.t.isf(tail, freedom)) * spread
        results.append(Docked(measure, float(one.mean()), float(other.mean()), allowed))
    return results


def main(words: Sequence[str] | None = None) -> int:
    """Dock, and print every measure; 1 where one does not lie with the engine's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=20, help="runs of the plain model")
    parser.add_argument("--peer-override", action="append", default=[])
    parser.add_argument("overrides", nargs="*", help="as in: runs.end=2016-09-01")
    asked = parser.parse_args(words)
    scenario = load_scenario("bench_core", asked.overrides)
    of_peer = load_scenario("bench_core", [*asked.overrides, *asked.peer_override])
    engine = counts_of_engine(scenario, asked.seed, asked.runs)
    peer = [simulate_run(of_peer, asked.seed + run) for run in range(asked.runs)]
    results = docked(peer, engine)
    for result in results:
        word = "docked" if result.is_docked else "APART"
        share = 100.0 / result.engine if result.engine else math.nan
        print(
            f"{result.measure:22}{result.peer:14,.2f}{result.engine:14,.2f}"
            f"{share * (result.peer - result.engine):+8.2f}%"
            f"  allowed {share * result.allowed:6.2f}%  {word}"
        )
    return 0 if all(result.is_docked for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
