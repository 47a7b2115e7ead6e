"""Convoy risk from roadside devices: a simulation for people who keep peacekeepers alive.

`from sim import compare, load_scenario, simulate` is the way in. Names are looked up when they
are first used, so that `import sim` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.api import Simulation, compare, load_scenario, simulate
    from sim.errors import ConvoyRiskError
    from sim.studies.comparison import Comparison
    from sim.world.scenario import Reinforcement, Scenario

_HOMES = {
    "Comparison": "sim.studies.comparison",
    "ConvoyRiskError": "sim.errors",
    "Reinforcement": "sim.world.scenario",
    "Scenario": "sim.world.scenario",
    "Simulation": "sim.api",
    "compare": "sim.api",
    "load_scenario": "sim.api",
    "simulate": "sim.api",
}

__all__ = [
    "Comparison",
    "ConvoyRiskError",
    "Reinforcement",
    "Scenario",
    "Simulation",
    "compare",
    "load_scenario",
    "simulate",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("convoy-risk")
        except PackageNotFoundError:
            return "0+unknown"
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES, "__version__"])
