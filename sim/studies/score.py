"""One run, scored: the model, then what it has of every published count. Workers call it."""

from typing import Any

from sim.results.sink import Replication


def replicate_targets(scenario: Any, seed: int, run: int, detail: str = "measures") -> Replication:
    """Make one run and count in it what was published; the record stays behind.

    Parameters
    ----------
    scenario : Scenario
    seed, run : int, in [0, 2**32)
    detail : str
        Not used: nothing but the counts is kept.

    Returns
    -------
    Replication
        `sim.results.targets.target_sums` as its measures.
    """
    from sim.engines import run_scenario
    from sim.results.ground import network_of
    from sim.results.targets import target_sums

    record = run_scenario(scenario, seed, run)
    return Replication(target_sums(record, scenario, network_of(scenario)))
