"""Runs without a model: what studies are tested with. Workers import this module."""

import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from sim.draws import uniform
from sim.results.sink import Replication


@dataclass(frozen=True)
class FakeForce:
    strength: float = 12000.0
    reinforcements: dict = field(default_factory=dict)


@dataclass(frozen=True)
class FakeUnit:
    strength: float
    arrival: str = "2017-03-01"


@dataclass(frozen=True)
class FakeDates:
    end: str = "2019-07-01"


@dataclass(frozen=True)
class FakeEngine:
    name: str = "reference"


@dataclass(frozen=True)
class FakeScenario:
    name: str
    effect: float = 0.0
    stockout: float = 0.0
    title: str = "A fake"
    force: FakeForce = field(default_factory=FakeForce)
    runs: FakeDates = field(default_factory=FakeDates)
    engine: FakeEngine = field(default_factory=FakeEngine)

    def content_hash(self):
        return str(hash((self.effect, self.stockout, self.force.strength)))


def three_scenarios(engine="reference"):
    chosen = FakeEngine(engine)
    more = FakeForce(reinforcements={"eod": FakeUnit(500.0)})
    return [
        FakeScenario("as_is", engine=chosen),
        FakeScenario("fewer", -20.0, force=more, engine=chosen),
        FakeScenario("stays_in_camp", -60.0, stockout=10_000.0, engine=chosen),
    ]


def run_fake(scenario, seed, run, detail):
    """Harm with a common part; what differs between scenarios is small beside it."""
    common = int(80 * uniform(seed, run, 900, 0, 0, 0))
    own = int(10 * uniform(seed, run, 900, 1, abs(int(scenario.effect)), 0))
    harmed = 100.0 + common + own + scenario.effect
    measures = {
        "killed_and_wounded": harmed,
        "killed_and_wounded_on_the_road": harmed - 20.0,
        "killed_and_wounded_in_camp_attacks": 20.0,
        "killed": harmed // 7,
        "wounded": harmed - harmed // 7,
        "vehicle_km": 1.0e6,
        "troop_days": 1.0e6,
        "stockout_person_days": 1000.0 + scenario.stockout,
        "delay_h_per_convoy": 30.0,
    }
    return Replication(measures, None if detail == "measures" else {"run": run})


def run_named(scenario, seed, run, detail):
    """For true scenarios: the name alone decides what happens."""
    return run_fake(FakeScenario(scenario.name, -float(len(scenario.name))), seed, run, detail)


def run_slowly(scenario, seed, run, detail):
    time.sleep(0.1)
    return run_fake(scenario, seed, run, detail)


def run_fewer_slowly(scenario, seed, run, detail):
    if scenario.name == "fewer":
        time.sleep(0.3)
    return run_fake(scenario, seed, run, detail)


_LOCK = threading.Lock()
_at_work = 0
most_at_work = 0
"""Most runs of `run_counted` that were under way at one moment."""


def run_counted(scenario, seed, run, detail):
    global _at_work, most_at_work
    with _LOCK:
        _at_work += 1
        most_at_work = max(most_at_work, _at_work)
    time.sleep(0.02)
    with _LOCK:
        _at_work -= 1
    return run_fake(scenario, seed, run, detail)


def run_endlessly(scenario, seed, run, detail):
    if run >= 3:
        time.sleep(60.0)
    return run_slowly(scenario, seed, run, detail)


def run_until_third(scenario, seed, run, detail):
    if scenario.name == "fewer" and run == 3:
        raise ZeroDivisionError("no convoy left")
    return run_fake(scenario, seed, run, detail)


def run_until_exit(scenario, seed, run, detail):
    if scenario.name == "fewer" and run == 3:
        raise SystemExit("no convoy left")
    return run_fake(scenario, seed, run, detail)


def run_until_killed(scenario, seed, run, detail):
    if scenario.name == "fewer" and run == 3:
        os._exit(9)
    return run_fake(scenario, seed, run, detail)


class FolderSink:
    """One small file a run: enough to see what an interruption leaves."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def begin(self, identity, resume):
        pass

    def _file(self, name, run):
        return self.folder / f"{name}-{run}.json"

    def has(self, scenario_name, run):
        return self._file(scenario_name, run).exists()

    def put(self, scenario_name, run, payload):
        file = self._file(scenario_name, run)
        file.with_suffix(".part").write_text(json.dumps(dict(payload.measures)))
        os.replace(file.with_suffix(".part"), file)

    def finish(self):
        pass

    def load(self):
        for file in self.folder.glob("*.json"):
            name, run = file.stem.rsplit("-", 1)
            yield name, int(run), json.loads(file.read_text())
