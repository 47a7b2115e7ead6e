"""Random inputs of the rules of the science: `sim.rules` and `sim.draws`."""

from collections.abc import Callable
from typing import Any

import numpy as np
from random_columns import Columns


def words(i: Columns) -> tuple[Any, ...]:
    return tuple(i.whole(0, 2**32 - 1) for _ in range(6))


def levels(i: Columns) -> tuple[Any, ...]:
    n = i.size(1, 6)
    days = np.cumsum(i.reals(n, 1.0, 400.0), axis=1)
    return i.real(-10.0, 2000.0), days, i.reals(n, 0.0, 1.0), i.same(n)


def wheel(i: Columns) -> tuple[Any, ...]:
    n = i.size(0, 8)
    weights = i.reals(n, 0.0, 30.0) * i.flags(n, 0.8)
    return i.draw(), weights, i.same(n), i.real(0.0, 50.0)


def options(i: Columns) -> tuple[Any, ...]:
    first, n = i.size(0, 4), i.size(1, 8)
    weights = i.reals(first + n, 0.0, 30.0) * i.flags(first + n, 0.6)
    return i.draw(), weights, i.same(first), i.same(n)


def places(i: Columns) -> tuple[Any, ...]:
    n, n_segments = i.size(0, 4), 6
    memories = []
    for high in (1e4, 500.0, 20.0, 50.0):
        memories += [i.reals(n_segments, 0.0, high), i.reals(n_segments, 0.0, 1000.0)]
    return (
        i.zeros(n), i.places(n, n_segments), i.same(n), i.real(1000.0, 30_000.0),
        i.reals(n_segments, 0.1, 25.0), *memories, i.reals(n, 0.0, 300.0), i.real(2.4, 5000.0),
        i.real(0.0, 5.0), i.real(0.0, 5.0), i.real(0.0, 5.0), i.real(0.0, 5.0), i.real(0.0, 0.1),
    )  # fmt: skip


def roads_to_sweep(i: Columns) -> tuple[Any, ...]:
    n = i.size(0, 4)
    return (
        i.zeros(n), i.reals(n, 0.0, 2.0), i.reals(n, 0.0, 1.0),
        i.reals(n, 0.0, 1.0) * i.flags(n, 0.8), i.reals(n, 0.0, 1.0),
        i.reals(n, 0.1, 100.0), i.same(n), i.real(0.0, 0.5), i.spread(0.1, 1000.0),
    )  # fmt: skip


def way_ahead(i: Columns) -> tuple[Any, ...]:
    n, n_segments = i.size(0, 5), 6
    now_h = i.real(1000.0, 30_000.0)
    hours = np.zeros((i.n, n + 1))
    np.cumsum(i.reals(n, 0.1, 40.0), axis=1, out=hours[:, 1:])
    return (
        i.places(n, n_segments), hours, i.same(n), i.flags(n_segments, 0.7),
        i.reals(n_segments, 0.1, 25.0), now_h[:, None] - i.reals(n_segments, 0.0, 200.0), now_h,
        i.real(0.0, 200.0), *i.daylight(),
    )  # fmt: skip


def convoy(i: Columns) -> tuple[Any, ...]:
    n_escort, n_load = i.whole(0, 60), i.whole(1, 150)
    return i.whole(0, n_escort + n_load - 1), n_escort, n_load


def span(i: Columns) -> tuple[Any, ...]:
    start = i.real(0.0, 35_000.0)
    return start, start + i.real(0.0, 400.0)


INPUTS: dict[str, Callable[[Columns], tuple[Any, ...]]] = {
    "philox": words,
    "fraction": lambda i: words(i)[:2],
    "uniform": words,
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
    "sweep_rates": roads_to_sweep,
    "is_escort_place": convoy,
    "attempt_rate_per_day": lambda i: (i.real(0, 1000), i.share(), i.real(0, 2)),
    "placement_weight": lambda i: (
        i.real(0, 25), i.spread(1e-3, 1e4), i.spread(1e-3, 100), i.real(0, 200),
        i.real(0, 200), i.real(0, 500), i.real(0, 5), i.real(0, 5), i.real(0, 5), i.real(0, 5),
        i.real(0, 1),
    ),
    "chosen_place": wheel,
    "place_weights": places,
    "find_probability_on_road": lambda i: (i.share(), i.real(0, 2)),
    "find_probability_at_pace": lambda i: (i.share(), i.real(1, 1000), i.real(1, 1000)),
    "find_probability_of_both": lambda i: (i.share(), i.share()),
    "strike_probability": lambda i: (i.share(), i.whole(0, 300)),
    "struck_vehicle": lambda i: (
        i.draw(), np.where(i.flag(), i.share(), i.spread(1e-16, 1.0)), i.whole(1, 300)
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
    "chosen_option": options,
    "hazard_per_km": lambda i: (
        i.spread(1e-6, 10), i.real(0, 1e4), i.real(0, 1), i.real(0.001, 1e6)
    ),
    "passage_risk": lambda i: (i.spread(1e-9, 10), i.real(0, 200)),
    "risk_cost": lambda i: (i.share(),),
    "progress": levels,
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
    "swept_share": way_ahead,
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
    "later_in_daylight": lambda i: (
        i.whole(0, 1500), i.real(0, 24), i.real(0, 300), i.real(0.1, 24)
    ),
    "time_in_daylight_h": lambda i: (i.whole(0, 1500), i.real(0, 24), i.real(0, 23)),
    "drive_end_h": lambda i: (i.real(0, 35_000), i.real(0, 300), *i.daylight()),
    "driving_done_h": lambda i: (*span(i), *i.daylight()),
}  # fmt: skip
