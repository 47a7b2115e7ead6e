"""Engines let time pass: one world, one run, one record of what happened."""

from sim.errors import ScenarioError
from sim.world.record import RunRecord
from sim.world.scenario import Scenario

__all__ = ["run_scenario"]


def run_scenario(scenario: Scenario, seed: int, run: int) -> RunRecord:
    """Simulate one run with the engine that the scenario names.

    Parameters
    ----------
    scenario : Scenario
    seed, run : int, in [0, 2**32)
        The luck: the study, and the run within it.
    """
    # Imported here, so that a study loads the one engine that it uses.
    if scenario.engine.name == "batch":
        from sim.engines import batch

        return batch.simulate_run(scenario, seed, run)
    if scenario.engine.name == "reference":
        from sim.engines import reference

        return reference.simulate_run(scenario, seed, run)
    raise ScenarioError(
        f"engine.name is {scenario.engine.name!r}: there is no such engine. "
        "Allowed: batch, reference."
    )
