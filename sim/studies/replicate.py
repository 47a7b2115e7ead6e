"""One run of a study: the model, then its measures. This is what workers call."""

from typing import Any

from sim.results.sink import Replication


def replicate(scenario: Any, seed: int, run: int, detail: str = "incidents") -> Replication:
    """Make one run and measure it.

    Parameters
    ----------
    scenario : Scenario
    seed, run : int, in [0, 2**32)
    detail : {"measures", "incidents", "full"}
        With `"measures"` the record stays behind, so that it need not travel between processes.

    Returns
    -------
    Replication
    """
    # Imported here, so that whoever plans or reads a study need not load an engine.
    from sim.engines import run_scenario
    from sim.results.ground import network_of
    from sim.results.measures import measures_of

    record = run_scenario(scenario, seed, run)
    measures = measures_of(record, scenario, network_of(scenario))
    return Replication(measures, None if detail == "measures" else record)
