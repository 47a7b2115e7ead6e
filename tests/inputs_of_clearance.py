"""Random inputs of the rules of clearance policies, and of those of the command's picture."""

from collections.abc import Callable
from typing import Any

import numpy as np
from random_columns import Columns


def mornings(i: Columns) -> dict[str, Any]:
    """By the names of `ClearanceView`: roads, of which some bases reach a part, and a record."""
    n, n_bases = i.size(1, 5), i.size(0, 2)
    now_h = 24.0 * i.whole(1, 999) + 6.0
    nearest = i.rng.integers(-1, n_bases, (i.n, n), dtype=np.int32)
    swept_h = now_h[:, None] - i.reals(n, 0.0, 400.0)
    due_h = now_h[:, None] + i.reals(n, -5.0, 100.0)
    return {
        "now_h": now_h,
        "length_km": i.reals(n, 0.5, 25.0),
        "hazard_per_km": i.spreads(n, 6e-6, 1.0),
        "passages_per_day": i.spreads(n, 2.5e-3, 20.0),
        "last_swept_h": np.where(i.flags(n, 0.3), -1e6, swept_h),
        "convoy_due_h": np.where(i.flags(n, 0.4), due_h, np.inf),
        "convoy_lead_h": i.same(72.0),
        "in_use_passages_per_day": i.same(0.02),
        "stale_days": i.same(7.0),
        "draws": i.reals(n, 0.0, 1.0),
        "nearest_base": nearest,
        "base_distance_km": np.where(nearest < 0, np.inf, i.reals(n, 0.0, 45.0)),
        "base_team_h_per_day": i.reals(n_bases, 0.0, 40.0),
        "team_h_per_day": i.same(8.0),
        "sweep_kph": i.real(1.0, 6.0),
        "transit_kph": i.real(10.0, 40.0),
        "allocation_find_probability": i.real(0.01, 1.0),
        "allocation_contact_probability": i.real(0.01, 1.0),
        "allocation_device_life_days": i.real(0.1, 100.0),
    }


def scores_of(*names: str) -> Callable[[Columns], tuple[Any, ...]]:
    """The scores to fill in, and these of a morning."""

    def columns(i: Columns) -> tuple[Any, ...]:
        morning = mornings(i)
        return np.zeros_like(morning["length_km"]), *(morning[name] for name in names)

    return columns


WHAT_ALLOCATION_READS = (
    "length_km", "hazard_per_km", "passages_per_day", "nearest_base", "base_distance_km",
    "base_team_h_per_day", "team_h_per_day", "sweep_kph", "transit_kph",
    "allocation_find_probability", "allocation_contact_probability", "allocation_device_life_days",
)  # fmt: skip


class Days:
    """Pieces of one straight road, a base on it, and how far everything is from everything."""

    def __init__(self, i: Columns) -> None:
        self.i, self.n, self.n_slots = i, i.size(1, 4), 5
        self.length_km = i.reals(self.n, 0.5, 12.0)
        far_km = np.cumsum(self.length_km, axis=1)
        ends_km = np.stack([far_km - self.length_km, far_km], axis=2)
        ends_km -= (i.share() * far_km[:, -1])[:, None, None]
        nearest_first = np.argsort(np.abs(ends_km.mean(axis=2)), axis=1, kind="stable")
        at_km = np.take_along_axis(ends_km, nearest_first[:, :, None], axis=1)
        flat_km = at_km.reshape(i.n, -1)
        self.candidates = nearest_first.astype(np.int32)
        self.base_km = np.abs(at_km)
        self.ways_km = np.abs(flat_km[:, :, None] - flat_km[:, None, :]).reshape(i.n, -1)
        self.n_pieces = i.size(0, self.n - 1)
        self.order = i.zeros(self.n_slots, dtype=np.int32)
        self.order[:, : self.n_pieces] = np.sort(i.places(self.n_pieces, self.n), axis=1)

    def to_assign(self) -> tuple[Any, ...]:
        i, n = self.i, self.n
        n_teams = i.size(1, 2)
        shape = n_teams, self.n_slots
        # Few different scores, so that there are ties.
        scores = np.where(i.flags(n, 0.2), -np.inf, i.rng.integers(0, 4, (i.n, n)) / 4.0)
        return (
            scores, i.zeros(n_teams, dtype=np.int32), i.same(np.array([0, n], dtype=np.int32)),
            self.candidates, self.base_km, i.same(np.array([0, 4 * n * n])), self.ways_km,
            self.length_km, np.where(i.flags(n_teams, 0.2), 0.0, 8.0), i.real(1.0, 6.0),
            i.same(32.0), i.zeros(n_teams, dtype=np.int64), i.zeros(*shape, dtype=np.int32),
            i.zeros(*shape), i.zeros(*shape),
        )  # fmt: skip

    def taken(self) -> tuple[Any, ...]:
        """Some pieces that are taken, and how far the team has driven to each."""
        i, n_stands = self.i, self.n_slots + 1
        stands_at = i.rng.integers(-1, 2 * self.n, (i.n, n_stands), dtype=np.int32)
        return self.order, i.same(self.n_pieces), i.reals(n_stands, 0.0, 50.0), stands_at

    def to_choose(self) -> tuple[Any, ...]:
        i, n_open = self.i, self.n - self.n_pieces
        is_open = np.ones((i.n, self.n), dtype=bool)
        np.put_along_axis(is_open, self.order[:, : self.n_pieces], False, axis=1)
        others = np.nonzero(is_open)[1].reshape(i.n, n_open).astype(np.int32)
        # Few different scores, so that there are ties.
        scores = i.rng.integers(0, 4, (i.n, n_open)) / 4.0
        return (
            others, scores, i.reals(n_open, 0.1, 4.0), i.same(n_open), *self.taken(),
            self.base_km, self.ways_km, i.real(0.0, 4.0), i.same(8.0), i.same(32.0),
        )  # fmt: skip

    def to_drive(self) -> tuple[Any, ...]:
        order, n_pieces, *ways = self.taken()
        return order, n_pieces, self.i.whole(0, self.n - 1), *ways, self.base_km, self.ways_km

    def to_come(self) -> tuple[Any, ...]:
        i, last = self.i, self.n - 1
        return i.whole(-1, 2 * last + 1), i.whole(0, last), self.base_km, self.ways_km


def fading(i: Columns, n: int) -> tuple[Any, ...]:
    """Something remembered by piece, and as of when."""
    return i.spreads(n, 1e-6, 1e3), i.reals(n, 0.0, 1000.0)


def to_add(i: Columns) -> tuple[Any, ...]:
    n, n_near = i.size(1, 5), i.size(0, 4)
    near = i.rng.integers(0, n, (i.n, n_near), dtype=np.int32)
    half_life_h = i.real(2.4, 5000.0)
    return *fading(i, n), i.real(1000, 30_000), half_life_h, near, i.spreads(n_near, 1e-3, 1.0)


def to_estimate(i: Columns) -> tuple[int, tuple[Any, ...]]:
    """Number of pieces, and the estimate to fill in at some of them at some time."""
    n = i.size(1, 5)
    return n, (i.zeros(n), i.places(i.size(0, n), n), i.real(1000, 30_000))


def to_estimate_hazard(i: Columns) -> tuple[Any, ...]:
    n, head = to_estimate(i)
    prior = i.spread(1e-6, 1.0), i.real(0.001, 1e4)
    return *head, *fading(i, n), *fading(i, n), i.real(2.4, 5000.0), *prior


def to_estimate_rate(i: Columns) -> tuple[Any, ...]:
    n, head = to_estimate(i)
    return *head, *fading(i, n), i.real(2.4, 5000.0)


INPUTS: dict[str, Callable[[Columns], tuple[Any, ...]]] = {
    "add_fading": to_add,
    "assign_pieces": lambda i: Days(i).to_assign(),
    "best_addition": lambda i: Days(i).to_choose(),
    "estimate_hazard": to_estimate_hazard,
    "lucky_scores": scores_of("draws", "passages_per_day", "in_use_passages_per_day"),
    "planned_rates": scores_of(*WHAT_ALLOCATION_READS),
    "rate_of_fading": to_estimate_rate,
    "risk_scores": scores_of(
        "now_h", "hazard_per_km", "passages_per_day", "last_swept_h", "stale_days"
    ),
    "round_scores": scores_of(
        "now_h", "last_swept_h", "passages_per_day", "in_use_passages_per_day"
    ),
    "round_with": lambda i: Days(i).to_drive(),
    "scores_ahead": scores_of(
        "now_h", "hazard_per_km", "passages_per_day", "last_swept_h", "stale_days", "convoy_due_h",
        "convoy_lead_h",
    ),
    "sweeps_owed": scores_of("now_h", "last_swept_h", *WHAT_ALLOCATION_READS),
    "way_to_piece": lambda i: Days(i).to_come(),
}  # fmt: skip
