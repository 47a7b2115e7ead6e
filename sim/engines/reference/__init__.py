"""The reference engine: Mesa agents on the road graph, written to be read beside `docs/odd.md`."""

from sim.engines.reference.model import ConvoyModel, simulate_run

__all__ = ["ConvoyModel", "simulate_run"]
