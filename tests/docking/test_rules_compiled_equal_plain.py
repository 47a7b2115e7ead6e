"""Every rule gives the same bits compiled and as plain Python, on 20,000 random inputs.

The plain rules are a second load of the same files with a decorator that does nothing.
"""

import importlib
import pkgutil
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from plain_modules import bits, load_plain

import sim.rules

N_INPUTS = 20_000
MODULES = ["sim.draws"] + [
    f"sim.rules.{module.name}" for module in pkgutil.iter_modules(sim.rules.__path__)
]
LAST_DRAW = 1.0 - 2.0**-53


COMPILED = {name: importlib.import_module(name) for name in MODULES}
PLAIN = load_plain(MODULES)
RULES = [
    (name, rule)
    for name, module in PLAIN.items()
    for rule, value in vars(module).items()
    if isinstance(value, FunctionType)
    and value.__module__ == name
    and not isinstance(vars(COMPILED[name])[rule], FunctionType)
]


class Inputs:
    """Random inputs of one rule: mostly inside the range, now and then at an end of it."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)

    def real(self, low: float, high: float) -> float:
        chance = self.rng.random()
        if chance < 0.05:
            return float(low)
        if chance < 0.1:
            return float(high)
        return float(self.rng.uniform(low, high))

    def share(self) -> float:
        return self.real(0.0, 1.0)

    def draw(self) -> float:
        return min(LAST_DRAW, self.share())

    def spread(self, low: float, high: float) -> float:
        """Evenly over the orders of magnitude, and 0 now and then."""
        if self.rng.random() < 0.05:
            return 0.0
        return float(np.exp(self.rng.uniform(np.log(low), np.log(high))))

    def whole(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high, endpoint=True))

    def flag(self) -> bool:
        return bool(self.rng.random() < 0.5)

    def reals(self, n: int, low: float, high: float) -> np.ndarray:
        return self.rng.uniform(low, high, n)

    def words(self, n: int) -> tuple[int, ...]:
        return tuple(self.whole(0, 2**32 - 1) for _ in range(n))

    def daylight(self) -> tuple[float, float]:
        if self.rng.random() < 0.1:
            return 0.0, 24.0
        dawn = self.real(0.0, 12.0)
        return dawn, self.real(dawn + 0.01, 24.0)

    def levels(self) -> tuple[Any, ...]:
        n = self.whole(1, 6)
        days = np.cumsum(self.reals(n, 1.0, 400.0))
        return self.real(-10.0, 2000.0), days, self.reals(n, 0.0, 1.0), n

    def wheel(self) -> tuple[Any, ...]:
        n = self.whole(0, 8)
        weights = self.reals(n, 0.0, 30.0) * (self.reals(n, 0.0, 1.0) < 0.8)
        return self.draw(), weights, n, self.real(0.0, 50.0)

    def options(self) -> tuple[Any, ...]:
        first, n = self.whole(0, 4), self.whole(1, 8)
        weights = self.reals(first + n, 0.0, 30.0) * (self.reals(first + n, 0.0, 1.0) < 0.6)
        return self.draw(), weights, first, n

    def places(self) -> tuple[Any, ...]:
        n, n_segments = self.whole(0, 4), 6
        candidates = self.rng.permutation(n_segments)[:n].astype(np.int32)
        now_h = self.real(1000.0, 30_000.0)
        memories = []
        for high in (1e4, 500.0, 20.0, 50.0):
            memories += [self.reals(n_segments, 0.0, high), self.reals(n_segments, 0.0, now_h)]
        return (
            np.zeros(n), candidates, n, now_h, self.reals(n_segments, 0.1, 25.0), *memories,
            self.reals(n, 0.0, 300.0), self.real(2.4, 5000.0), self.real(0.0, 5.0),
            self.real(0.0, 5.0), self.real(0.0, 5.0), self.real(0.0, 5.0), self.real(0.0, 0.1),
        )  # fmt: skip

    def roads_to_sweep(self) -> tuple[Any, ...]:
        n = self.whole(0, 4)
        return (
            np.zeros(n), self.reals(n, 0.0, 2.0), self.reals(n, 0.0, 1.0),
            self.reals(n, 0.0, 1.0) * (self.reals(n, 0.0, 1.0) < 0.8), self.reals(n, 0.0, 1.0),
            self.reals(n, 0.1, 100.0), n, self.real(0.0, 0.5), self.spread(0.1, 1000.0),
        )  # fmt: skip

    def way_ahead(self) -> tuple[Any, ...]:
        n, n_segments = self.whole(0, 5), 6
        now_h = self.real(1000.0, 30_000.0)
        return (
            self.rng.permutation(n_segments)[:n].astype(np.int32),
            np.concatenate([[0.0], np.cumsum(self.reals(n, 0.1, 40.0))]), n,
            self.reals(n_segments, 0.0, 1.0) < 0.7, self.reals(n_segments, 0.1, 25.0),
            now_h - self.reals(n_segments, 0.0, 200.0), now_h, self.real(0.0, 200.0),
            *self.daylight(),
        )  # fmt: skip

    def convoy(self) -> tuple[int, int, int]:
        n_escort, n_load = self.whole(0, 60), self.whole(1, 150)
        return self.whole(0, n_escort + n_load - 1), n_escort, n_load

    def span(self) -> tuple[float, float]:
        start = self.real(0.0, 35_000.0)
        return start, start + self.real(0.0, 400.0)


INPUTS: dict[str, Callable[[Inputs], tuple[Any, ...]]] = {
    "philox": lambda i: i.words(6),
    "uniform": lambda i: i.words(6),
    "waiting_time": lambda i: (i.draw(), i.spread(1e-6, 1e3)),
    "find_probability": lambda i: (i.real(0, 60), i.real(0, 100), i.real(0.5, 200)),
    "sweep_h": lambda i: (i.real(0, 200), i.real(0.1, 60)),
    "sweep_cost_h": lambda i: (
        i.real(0, 200), i.real(0.1, 60), i.real(0, 200), i.real(1, 120), i.real(0, 24)
    ),
    "n_false_alarms": lambda i: (i.draw(), i.real(0, 25), i.real(0, 400)),
    "n_killed_in_accident": lambda i: (i.draw(), i.whole(0, 35), i.share()),
    "placed_per_day": lambda i: (
        i.spread(1e-9, 10), i.real(0, 200), i.spread(1e-3, 100), i.real(0.01, 1), i.real(0, 10)
    ),
    "hits_per_day": lambda i: (
        i.real(0, 10), i.spread(1e-9, 10), i.spread(1e-9, 10), i.share(), i.real(0, 50),
        i.real(0, 10)
    ),
    "sweep_rate": lambda i: (
        i.real(0, 10), i.spread(1e-9, 10), i.spread(1e-9, 10), i.share(), i.real(0.1, 100),
        i.real(0, 10), i.spread(1e-9, 10) + 1e-9
    ),
    "sweep_rates": lambda i: i.roads_to_sweep(),
    "is_escort_place": lambda i: i.convoy(),
    "attempt_rate_per_day": lambda i: (i.real(0, 1000), i.share(), i.real(0, 2)),
    "placement_weight": lambda i: (
        i.real(0, 25), i.spread(1e-3, 1e4), i.spread(1e-3, 100), i.real(0, 200),
        i.real(0, 200), i.real(0, 500), i.real(0, 5), i.real(0, 5), i.real(0, 5), i.real(0, 5),
        i.real(0, 1),
    ),
    "chosen_place": lambda i: i.wheel(),
    "place_weights": lambda i: i.places(),
    "find_probability_on_road": lambda i: (i.share(), i.real(0, 2)),
    "find_probability_at_pace": lambda i: (i.share(), i.real(1, 1000), i.real(1, 1000)),
    "find_probability_of_both": lambda i: (i.share(), i.share()),
    "strike_probability": lambda i: (i.share(), i.whole(0, 300)),
    "struck_vehicle": lambda i: (
        i.draw(), i.share() if i.flag() else i.spread(1e-16, 1.0), i.whole(1, 300)
    ),
    "concealment_scale": lambda i: (i.draw(), i.share(), i.real(1, 2)),
    "remembered": lambda i: (i.spread(1e-6, 1e6), i.real(0, 40_000), i.spread(2.4, 1e5) + 2.4),
    "remembered_share": lambda i: (i.real(0, 40_000), i.spread(2.4, 1e5) + 2.4),
    "seen_per_day": lambda i: (
        i.spread(1e-6, 1e6), i.real(0, 40_000), i.spread(2.4, 1e5) + 2.4
    ),
    "excitation_per_success": lambda i: (i.real(0, 20), i.spread(0.1, 3650) + 0.1),
    "excited_rate_per_day": lambda i: (
        i.spread(1e-6, 100), i.spread(1e-6, 1000), i.real(0, 100)
    ),
    "skill_scale": lambda i: (
        i.spread(1e-3, 2e4), i.real(0, 1e4), i.real(0, 2), i.real(1, 100)
    ),
    "contact_probability": lambda i: (i.spread(1e-6, 100), i.real(0, 72), i.share()),
    "raids_per_month": lambda i: (i.real(0, 10), i.real(0, 20_000), i.whole(1, 500)),
    "tip_raids_per_month": lambda i: (
        i.real(0, 1000), i.share(), i.spread(1e-6, 50), i.real(0, 20), i.share(),
        i.whole(1, 500),
    ),
    "capacity": lambda i: (i.share(), i.share(), i.share(), i.spread(1e-6, 10)),
    "grown_strength": lambda i: (
        i.real(0, 2), i.real(0, 2), i.real(0, 200), i.spread(1e-3, 4000)
    ),
    "flight_probability": lambda i: (
        i.share(), i.share(), i.spread(1e-3, 3000), i.spread(1, 1e4) + 1.0
    ),
    "nearby": lambda i: (i.real(0, 2000), i.real(0.1, 500)),
    "others_hazard_per_day": lambda i: (
        i.real(0, 10), i.whole(0, 2), i.real(0, 10), i.real(0, 10)
    ),
    "victim_class": lambda i: (i.draw(), i.real(0, 0.5), i.real(0, 0.5)),
    "n_victims": lambda i: (i.draw(), i.real(0, 20)),
    "patrols_per_day": lambda i: (
        i.real(0, 1e5), i.spread(1, 1e5), i.real(1, 1e5), i.share()
    ),
    "reach_km": lambda i: (i.draw(), i.real(0.1, 200)),
    "expected_km": lambda i: (i.spread(1e-3, 500), i.real(0, 25), i.real(0.1, 200)),
    "chosen_option": lambda i: i.options(),
    "hazard_per_km": lambda i: (
        i.spread(1e-6, 10), i.real(0, 1e4), i.real(0, 1), i.real(0.001, 1e6)
    ),
    "passage_risk": lambda i: (i.spread(1e-9, 10), i.real(0, 200)),
    "risk_cost": lambda i: (i.share(),),
    "progress": lambda i: i.levels(),
    "motivation": lambda i: (i.share(), i.share(), i.share()),
    "walk_step": lambda i: (i.draw(), i.share()),
    "reflected": lambda i: (i.real(-20, 20),),
    "harm_probability": lambda i: (i.share(), i.flag(), i.real(1, 50), i.share()),
    "n_killed": lambda i: (i.draw(), i.whole(0, 30), i.real(0.001, 100), i.real(0.001, 100)),
    "n_wounded": lambda i: (i.draw(), i.whole(0, 30), i.share()),
    "attack_rate_per_day": lambda i: (i.spread(1e-3, 1e3), i.whole(1, 100)),
    "camp_weight": lambda i: (i.spread(1, 1e4), i.real(0, 2000), i.share()),
    "n_killed_in_attack": lambda i: (i.draw(), i.share(), i.real(1.01, 10), i.whole(0, 60)),
    "flight_delay_h": lambda i: (i.real(0, 48), i.real(0, 500), i.real(0, 500), i.real(1, 500)),
    "road_delay_h": lambda i: (i.real(0, 2000), i.real(1, 120)),
    "death_probability": lambda i: (
        i.share(), i.spread(1e-3, 1e4), i.real(0.1, 1000), i.real(0, 5)
    ),
    "consumption_t_per_day": lambda i: (i.real(0, 1e5), i.real(0, 100)),
    "stock_after": lambda i: (i.real(0, 1e4), i.real(0, 400), i.real(0, 100)),
    "dry_days": lambda i: (i.real(0, 1e4), i.real(0, 400), i.real(0, 100)),
    "order_t": lambda i: (
        i.real(0, 1000), i.real(0, 1000), i.real(0, 1000), i.real(0, 500), i.real(500, 2000)
    ),
    "n_trucks": lambda i: (i.real(0, 1000), i.real(0.1, 60)),
    "days_to_cover": lambda i: (i.real(0, 730), i.real(-10, 1000)),
    "swept_share": lambda i: i.way_ahead(),
    "escort_free_again_h": lambda i: (
        i.real(500, 1000), i.real(0, 1440), i.real(0, 500), i.real(0, 7305)
    ),
    "companies_to_spare": lambda i: (i.whole(0, 500), i.share()),
    "withdrawal_vehicles": lambda i: (i.real(0, 1e5), i.share(), i.real(0.1, 30)),
    "trained_find_probability": lambda i: (i.share(), i.share(), i.share(), i.real(0.05, 1)),
    "trained_ratio": lambda i: (i.share(), i.share(), i.real(0.05, 1)),
    "faded_level": lambda i: (i.share(), i.real(0, 4000), i.real(30, 1e5)),
    "level_after_course": lambda i: (i.share(), i.share()),
    "speed_kph": lambda i: (i.real(1, 120), i.real(0.01, 1), i.real(0.05, 1)),
    "daylight_before_h": lambda i: (i.real(0, 35_000), *i.daylight()),
    "drive_end_h": lambda i: (i.real(0, 35_000), i.real(0, 300), *i.daylight()),
    "driving_done_h": lambda i: (*i.span(), *i.daylight()),
}  # fmt: skip


def outcomes(
    function: Callable[..., Any], arguments: Iterator[tuple[Any, ...]], gives_array: bool
) -> Iterator[Any]:
    for given in arguments:
        given = tuple(part.copy() if isinstance(part, np.ndarray) else part for part in given)
        result = function(*given)
        yield bits(given[0] if gives_array else result)


def first_difference(
    rule: str, plain: Callable[..., Any], compiled: Callable[..., Any]
) -> tuple[Any, ...] | None:
    """The first of the random inputs on which the two do not agree to the bit."""
    inputs = Inputs(zlib.crc32(rule.encode()))
    arguments = [INPUTS[rule](inputs) for _ in range(N_INPUTS)]
    gives_array = rule in ("place_weights", "sweep_rates")
    pairs = zip(
        arguments,
        outcomes(plain, iter(arguments), gives_array),
        outcomes(compiled, iter(arguments), gives_array),
        strict=True,
    )
    return next((given for given, one, other in pairs if one != other), None)


@pytest.mark.parametrize(("module", "rule"), RULES)
def test_a_rule_compiled_equals_the_same_rule_plain(module, rule):
    plain, compiled = getattr(PLAIN[module], rule), getattr(COMPILED[module], rule)
    assert first_difference(rule, plain, compiled) is None


def test_every_rule_has_random_inputs():
    if not RULES:
        pytest.skip("rules are not compiled here (NUMBA_DISABLE_JIT)")
    assert sorted(rule for _, rule in RULES) == sorted(INPUTS)


def test_plain_rules_call_plain_rules():
    for _, module in PLAIN.items():
        for value in vars(module).values():
            assert not hasattr(value, "py_func")
    assert sys.modules["sim.rules.memory"] is COMPILED["sim.rules.memory"]
    assert sim.rules.memory is COMPILED["sim.rules.memory"]


@pytest.mark.parametrize(
    ("module", "rule", "written", "planted"),
    [
        # One unit in the last place, on some inputs only.
        ("memory", "remembered", "math.exp", "np.exp"),
        ("supply", "stock_after", "elapsed_days * consum", "elapsed_days / 24 * 24 * consum"),
        ("strike", "n_killed", "alpha + killed", "alpha + killed + 1e-6"),
        ("others", "victim_class", "draw < civilian_share:", "draw <= civilian_share:"),
        # A fault in a rule that is called by the one compared.
        ("travel", "driving_done_h", "- daylight_start_h\n", "- daylight_start_h + 1e-9\n"),
    ],
)
def test_a_planted_difference_is_noticed(module, rule, written, planted):
    if not RULES:
        pytest.skip("rules are not compiled here (NUMBA_DISABLE_JIT)")
    name = f"sim.rules.{module}"
    source = Path(str(PLAIN[name].__file__)).read_text()
    assert written in source
    namespace = dict(vars(PLAIN[name])) | {"np": np}
    source = source.replace("from sim.compiled import rule", "")
    exec(compile(source.replace(written, planted), name, "exec"), namespace)
    assert first_difference(rule, namespace[rule], getattr(COMPILED[name], rule)) is not None
