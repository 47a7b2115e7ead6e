"""What a comparison found: the table, its sentences, and the runs behind them."""

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import ResultsError
from sim.results.measures import measure
from sim.stats.best import MIN_PAIRS, chance_of_being_best
from sim.stats.counts import dispersion
from sim.stats.paired import Intervals, paired_intervals, simultaneous_intervals
from sim.stats.stopping import HOW_INTERVALS_HOLD, Look
from sim.studies.comparison_text import NO_BOUND, ON_THE_ROAD, as_markdown, as_text

MIN_RUNS_FOR_VERDICT = 8
"""Fewest runs on which bounds and a verdict rest; with fewer the means are shown alone."""

BEST_FROM = 0.95
"""Chance of being best from which a scenario is called best; dimensionless."""

CASUALTY_WORDS = {
    "killed_and_wounded": "casualties",
    "killed": "killed",
    "wounded": "wounded",
}
"""How the measures of harm are called after "fewer" and "more"."""

NOT_TOLD_APART = "not distinguishable"
"""The verdict on a difference whose interval contains 0."""

STOCKOUT, TROOP_DAYS, VEHICLE_KM = "stockout_person_days", "troop_days", "vehicle_km"
"""Names of measures that every run gives, beside the primary one; see sim/results/measures.py."""

DELAY = "delay_h_per_convoy"


@dataclass(frozen=True)
class Comparison:
    """Scenarios compared on the same luck.

    All scenarios have the same runs 0, 1, ... `n_runs` - 1; runs that were made beyond a look at
    which the study stopped are kept in the sink and are not counted here.
    """

    names: tuple[str, ...]
    titles: Mapping[str, str]
    baseline: str
    measure: str
    measures: pd.DataFrame
    """One row for each run and scenario: scenario, run, then every measure."""
    looks: pd.DataFrame
    """One row for each look: n_runs, error, widest_half_width, wanted_half_width, elapsed_s."""
    last_look: Look
    stopped_because: str
    seed: int
    supply_tolerance: float
    """Percentage points of stock-out person-days per troop-day above the baseline."""
    troops_added: Mapping[str, float]
    wanted_budget_min: float | None = None
    """Minutes in which `MIN_PAIRS` runs could be made, where the budget ended the study sooner; it
    depends on the computer, so `to_text` alone tells it."""
    sink: Any = field(repr=False, default=None)

    def __repr__(self) -> str:
        return (
            f"<Comparison of {self.measure}: {', '.join(self.names)} (baseline {self.baseline}), "
            f"{self.n_runs:,} runs each; see .table, .sentences, .measures, .to_text()>"
        )

    @property
    def n_runs(self) -> int:
        """Runs of every scenario."""
        return self.last_look.n_runs

    def outcomes(self, measure: str | None = None) -> NDArray[np.float64]:
        """A measure run by run: float[n_runs, n_scenarios], scenarios in the order of `names`."""
        wanted = measure or self.measure
        if wanted not in self.measures.columns:
            known = ", ".join(str(name) for name in self.measures.columns[2:])
            raise ResultsError(f"measure is {wanted!r}: no run gives it. Allowed: {known}.")
        wide = self.measures.pivot(index="run", columns="scenario", values=wanted)
        return wide[list(self.names)].to_numpy(dtype=float)

    def differences(self, measure: str) -> pd.DataFrame:
        """Paired differences of any measure from the baseline, with intervals over all scenarios.

        Each measure has 5% of its own: read as one question, not as one of many.
        """
        found = paired_intervals(self.outcomes(measure), self._baseline_column)
        return pd.DataFrame(
            {
                "scenario": self.names,
                "mean": self.outcomes(measure).mean(axis=0),
                "difference": found.mean,
                "low": _or_nan(found.low),
                "high": _or_nan(found.high),
            }
        )

    @property
    def table(self) -> pd.DataFrame:
        """One row for each scenario, the baseline among them.

        `low` and `high` bound the mean paired `difference` from the baseline; they, and
        `half_width` of the means, hold at 95% over all scenarios and looks together. What cannot
        be said is NaN, as are all bounds below `MIN_RUNS_FOR_VERDICT` runs.
        """
        outcomes = self.outcomes()
        means = _with_enough_runs(simultaneous_intervals(outcomes, self.last_look.error))
        paired = _with_enough_runs(self.last_look.intervals)
        is_baseline = np.array([name == self.baseline for name in self.names])
        baseline_mean = float(means.mean[self._baseline_column])
        added = np.array([self.troops_added.get(name, 0.0) for name in self.names])
        chances = self.chance_best
        excess = self._stockout_excess_points()
        return pd.DataFrame(
            {
                "scenario": self.names,
                "title": [self.titles.get(name, "") for name in self.names],
                "n_runs": self.n_runs,
                "mean": means.mean,
                "half_width": _or_nan(means.half_width),
                "dispersion": [dispersion(column) for column in outcomes.T],
                "difference": np.where(is_baseline, np.nan, paired.mean),
                "low": np.where(is_baseline, np.nan, _or_nan(paired.low)),
                "high": np.where(is_baseline, np.nan, _or_nan(paired.high)),
                "difference_half_width": np.where(is_baseline, np.nan, _or_nan(paired.half_width)),
                "percent_change": np.where(
                    is_baseline | (baseline_mean == 0.0),
                    np.nan,
                    100.0 * paired.mean / (baseline_mean or 1.0),
                ),
                "verdict": [self.verdict(column) for column in range(len(self.names))],
                "chance_best": np.full(len(self.names), np.nan) if chances is None else chances,
                "stockout_person_days": self._mean_of(STOCKOUT),
                "stockout_excess_points": excess,
                "is_within_supply_tolerance": ~self.is_flagged,
                "delay_h": self._mean_of(DELAY),
                "killed": self._mean_of("killed"),
                "wounded": self._mean_of("wounded"),
                "killed_and_wounded_on_the_road": self._mean_of("killed_and_wounded_on_the_road"),
                "killed_and_wounded_in_camp_attacks": self._mean_of(
                    "killed_and_wounded_in_camp_attacks"
                ),
                "per_1000_vehicle_km": self._per_1000(
                    ON_THE_ROAD.get(self.measure, self.measure), VEHICLE_KM
                ),
                "per_1000_troop_days": self._per_1000(self.measure, TROOP_DAYS),
                "troops_added": added,
                "per_1000_more_troops": np.where(
                    added > 0.0, 1000.0 * paired.mean / np.where(added > 0.0, added, 1.0), np.nan
                ),
            }
        )

    @cached_property
    def is_flagged(self) -> NDArray[np.bool_]:
        """bool[n_scenarios]: outside the supply tolerance, so that it cannot be called best."""
        with np.errstate(invalid="ignore"):
            return self._stockout_excess_points() > self.supply_tolerance

    @cached_property
    def chance_best(self) -> NDArray[np.float64] | None:
        """float[n_scenarios], NaN where flagged; None where there is too little to resample.

        That is below 30 runs, and where a scenario that takes part has a difference without bounds:
        resamples of a few runs that differ would look surer than these runs are. Nor can it be said
        of a measure of which neither more nor less is better in itself.
        """
        if self._without_bounds or self._sign == 0.0:
            return None
        return chance_of_being_best(self._sign * self.outcomes(), self.seed, ~self.is_flagged)

    @property
    def best(self) -> str | None:
        """The scenario that may be called best; None where none may.

        It needs a chance of `BEST_FROM`, and an interval of its difference from the baseline that
        lies on the better side of 0; the baseline needs intervals on the worse side in all others
        within the tolerance.
        """
        chances = self.chance_best
        if chances is None or np.nanmax(chances) < BEST_FROM:
            return None
        first = int(np.nanargmax(chances))
        return self.names[first] if self._is_told_apart(first) else None

    def verdict(self, column: int) -> str:
        """What a planner may say of the scenario in this column, against the baseline."""
        if column == self._baseline_column:
            return "baseline"
        text = verdict_on_difference(self.last_look.intervals, column, self.measure)
        return f"{text}; outside the supply tolerance" if self.is_flagged[column] else text

    @property
    def sentences(self) -> list[str]:
        """What was found, in whole sentences."""
        lines = [
            f"{self.n_runs} runs of each of {len(self.names)} scenarios on the same luck "
            f"(seed {self.seed}). {self.stopped_because}",
            f"Intervals hold at {HOW_INTERVALS_HOLD}.",
            self._sentence_on_best(),
        ]
        for name, excess, is_flagged in zip(
            self.names, self._stockout_excess_points(), self.is_flagged, strict=True
        ):
            if is_flagged:
                lines.append(
                    f"{name} leaves {excess:.1f} percentage points more of its person-days without "
                    f"stock than {self.baseline} (tolerance {self.supply_tolerance:g}): it cannot "
                    "be called best, since not driving would win."
                )
        if not self._mean_of(STOCKOUT).any():
            lines.append(
                "Stock-outs are 0 in every scenario: supply does not bind with these settings "
                "(the trucks of each hub, supply.trucks_by_hub, are assumed), so that column "
                "decides nothing."
            )
        if self._not_told_apart and self.last_look.is_narrow_enough:
            widest = self.last_look.widest
            narrower = _one_digit_below(widest / 2.0)
            times = (widest / float(narrower)) ** 2
            lines.append(
                f"At this width {' and '.join(self._not_told_apart)} cannot be told apart from "
                f"{self.baseline}: for narrower intervals add half_width={narrower}, which takes "
                f"about {times:.0f} times as many runs, as far as budget_min= and max_runs= allow."
            )
        elif self.n_runs < MIN_PAIRS:
            lines.append(
                f"With fewer than {MIN_PAIRS} runs intervals are wide: a narrower half_width= or "
                "relative_half_width= asks for more runs, as far as budget_min= and max_runs= "
                "allow."
            )
        return lines

    def to_csv(self, path: str | Path | None = None) -> str:
        """The table as CSV; also written to `path` where one is given."""
        text: str = self.table.to_csv(index=False, lineterminator="\n")
        return _written(text, path)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """The tables and sentences in Markdown; also written to `path` where one is given."""
        return _written(as_markdown(*self._told), path)

    def to_text(self) -> str:
        """The tables and sentences in aligned columns, for a terminal."""
        rows, measure, sentences = self._told
        if self.wanted_budget_min is not None:
            sentences[-1] = (
                f"With fewer than {MIN_PAIRS} runs intervals are wide: at the rate measured here, "
                f"budget_min={self.wanted_budget_min:g} gives {MIN_PAIRS} runs of each scenario."
            )
        return as_text(rows, measure, sentences)

    @property
    def _told(self) -> tuple[list[dict[Any, Any]], str, list[str]]:
        return self.table.to_dict("records"), self.measure, self.sentences

    def _sentence_on_best(self) -> str:
        chances = self.chance_best
        if self.n_runs < MIN_PAIRS:
            return f"The chance of being best is given from {MIN_PAIRS} runs on."
        if self._without_number:
            return (
                f"The chance of being best is not given: in some runs of "
                f"{', '.join(self._without_number)} nothing stands below the line of "
                f"{self.measure}, so that it is not a number there."
            )
        if self._without_bounds:
            return (
                "The chance of being best is not given: too few runs of "
                f"{', '.join(self._without_bounds)} differ from {self.baseline} to say."
            )
        if self._sign == 0.0:
            return (
                f"No scenario can be called best: of {self.measure} neither more nor less is "
                "better in itself."
            )
        if chances is None:
            return "No scenario can be called best: all are outside the supply tolerance."
        if self.best is not None:
            return f"Best: {self.best}, with a chance of {np.nanmax(chances):.0%}."
        if np.nanmax(chances) < BEST_FROM:
            return f"No scenario can be called best: none has a chance of {BEST_FROM:.0%} or more."
        first = self.names[int(np.nanargmax(chances))]
        extreme = "lowest" if self._sign > 0.0 else "highest"
        return (
            f"No scenario can be called best: {first} has the {extreme} mean in "
            f"{np.nanmax(chances):.0%} of resamples of these runs (chance best), and an interval "
            f"of a difference from {self.baseline} still contains 0 ({NOT_TOLD_APART}), which asks "
            "for more: it holds over all scenarios and looks together."
        )

    @property
    def _sign(self) -> float:
        """1 where less is better, -1 where more is, 0 where neither is better in itself."""
        return {"lower": 1.0, "higher": -1.0}.get(measure(self.measure).better, 0.0)

    @property
    def _not_told_apart(self) -> list[str]:
        """Scenarios whose difference from the baseline has an interval that contains 0."""
        intervals = self.last_look.intervals
        return [
            name
            for column, name in enumerate(self.names)
            if name != self.baseline
            and verdict_on_difference(intervals, column, self.measure) == NOT_TOLD_APART
        ]

    @property
    def _without_number(self) -> list[str]:
        """Scenarios within the tolerance that have runs in which the measure is not a number."""
        is_one = np.isnan(self.outcomes()).any(axis=0) & ~self.is_flagged
        return [name for name, is_in in zip(self.names, is_one, strict=True) if is_in]

    @property
    def _without_bounds(self) -> list[str]:
        """Scenarios within the tolerance whose difference from the baseline has no bounds."""
        is_open = ~np.isfinite(self.last_look.intervals.half_width) & ~self.is_flagged
        return [name for name, is_one in zip(self.names, is_open, strict=True) if is_one]

    def _is_told_apart(self, column: int) -> bool:
        """Whether intervals say that this column is better than the baseline, or it than all.

        A scenario that cannot be called best is none that the baseline must be told apart from.
        """
        intervals = self.last_look.intervals
        is_less_better = self._sign > 0.0
        if column != self._baseline_column:
            bound = intervals.high if is_less_better else -intervals.low
            return bool(bound[column] < 0.0)
        is_other = np.arange(len(self.names)) != column
        bound = intervals.low if is_less_better else -intervals.high
        return bool((bound[is_other & ~self.is_flagged] > 0.0).all())

    @property
    def _baseline_column(self) -> int:
        return self.names.index(self.baseline)

    def _totals(self, measure: str) -> NDArray[np.float64]:
        if measure not in self.measures.columns:
            return np.full(len(self.names), np.nan)
        return self.outcomes(measure).sum(axis=0)

    def _mean_of(self, measure: str) -> NDArray[np.float64]:
        if measure not in self.measures.columns:
            return np.full(len(self.names), np.nan)
        return pd.DataFrame(self.outcomes(measure)).mean().to_numpy(dtype=float)

    def _per_1000(self, above: str, below: str) -> NDArray[np.float64]:
        """A rate, or nan where what stands above the line is a ratio already."""
        if measure(above).ratio is not None:
            return np.full(len(self.names), np.nan)
        return 1000.0 * self._ratio(above, below)

    def _ratio(self, above: str, below: str) -> NDArray[np.float64]:
        denominator = self._totals(below)
        is_defined = denominator > 0.0
        return np.where(
            is_defined, self._totals(above) / np.where(is_defined, denominator, 1.0), np.nan
        )

    def _stockout_excess_points(self) -> NDArray[np.float64]:
        share = 100.0 * self._ratio(STOCKOUT, TROOP_DAYS)
        return share - share[self._baseline_column]


def half_width_in_words(half_width: float, n_runs: int) -> str:
    """The widest interval of a look, or that there is none.

    >>> half_width_in_words(19.26, 28), half_width_in_words(math.inf, 28)
    ('±19.3', 'no bound yet')
    >>> half_width_in_words(19.26, 2)
    'no bound yet'
    """
    has_bound = math.isfinite(half_width) and n_runs >= MIN_RUNS_FOR_VERDICT
    return f"±{half_width:.3g}" if has_bound else NO_BOUND


def verdict_on_difference(intervals: Intervals, column: int, measure: str) -> str:
    """What an interval of a difference lets one say.

    >>> from sim.stats.paired import paired_intervals
    >>> found = paired_intervals([[9, 5], [8, 5], [9, 6], [7, 4], [9, 4], [8, 3], [9, 5], [7, 3]])
    >>> verdict_on_difference(found, 1, "killed_and_wounded")
    'fewer casualties'
    """
    if math.isnan(intervals.mean[column]):
        return "no number in some runs"
    if intervals.n_differing[column] == 0:
        return "the same in every run"
    if intervals.n_runs < MIN_RUNS_FOR_VERDICT or math.isinf(intervals.high[column]):
        return "too few runs to say"
    less, more = (
        (f"fewer {CASUALTY_WORDS[measure]}", f"more {CASUALTY_WORDS[measure]}")
        if measure in CASUALTY_WORDS
        else ("lower", "higher")
    )
    if intervals.high[column] < 0.0:
        return less
    return more if intervals.low[column] > 0.0 else NOT_TOLD_APART


def _one_digit_below(value: float) -> str:
    """A number of one digit that is not above `value`, > 0, as a person types it.

    >>> _one_digit_below(7.52), _one_digit_below(0.0376), _one_digit_below(120.0)
    ('7', '0.03', '100')
    """
    power = math.floor(math.log10(value))
    digit = math.floor(value / 10.0**power)
    return f"{digit * 10**power}" if power >= 0 else f"{digit / 10**-power:.{-power}f}"


def _with_enough_runs(found: Intervals) -> Intervals:
    """`found`, without bounds where they would rest on too few runs."""
    if found.n_runs >= MIN_RUNS_FOR_VERDICT:
        return found
    nowhere = np.full(len(found.mean), np.inf)
    return dataclasses.replace(found, low=-nowhere, high=nowhere)


def _or_nan(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isfinite(values), values, np.nan)


def _written(text: str, path: str | Path | None) -> str:
    if path is not None:
        Path(path).write_text(text, encoding="utf-8")
    return text
