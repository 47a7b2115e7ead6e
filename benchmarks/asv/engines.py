"""What a run costs, engine by engine."""

import importlib
from typing import Any

from sim.compose import load_scenario

SEED = 1
CASES = {
    "bench_core": ("bench_core", ()),
    "baseline_2016": ("baseline_2016", ("runs=two_years",)),
}


class TimeRuns:
    """Seconds of one two-year run with its record, compiled beforehand."""

    params = (("reference", "batch"), tuple(CASES))
    param_names = ("engine", "scenario")
    timeout = 600
    number = 1
    repeat = (1, 5, 30.0)
    warmup_time = 0

    def setup(self, engine: str, scenario: str) -> None:
        """Load the scenario and run it once, so that nothing is compiled while it counts."""
        name, overrides = CASES[scenario]
        self.scenario = load_scenario(name, overrides)
        self.simulate = _engine(engine).simulate_run
        self.simulate(self.scenario, SEED, 0)

    def time_run(self, engine: str, scenario: str) -> None:
        """One run."""
        self.simulate(self.scenario, SEED, 1)

    def peakmem_run(self, engine: str, scenario: str) -> None:
        """Memory of the process with one run and its record."""
        self.simulate(self.scenario, SEED, 1)


def _engine(name: str) -> Any:
    """The module of an engine; asv leaves out what cannot be imported at a commit."""
    module = "sim.engines.reference.model" if name == "reference" else f"sim.engines.{name}"
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise NotImplementedError(f"there is no engine {name} here") from error
