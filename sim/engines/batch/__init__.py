"""The batch engine: the model of `sim/engines/reference`, compiled, event for event.

The rules are the same functions and the draws have the same keys; what is written twice is the
order in which things are done and where state is kept. One run is one call into compiled code,
which lets other threads run meanwhile.
"""

from sim.engines.batch.run import n_events, simulate_run, simulate_with_state, time_runs

__all__ = ["n_events", "simulate_run", "simulate_with_state", "time_runs"]
