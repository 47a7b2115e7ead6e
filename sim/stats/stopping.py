"""When to stop: looks on a doubling schedule, with the error that each of them may spend.

Whoever looks often, and stops at the first interval that is narrow enough, stops more often by luck
than the stated 95% allows. So the error of 5% is divided beforehand. The early looks, at 8, 16, 32,
... runs, share 2% in equal parts. The last look, at which the budget or the largest number of runs
ends the study, spends all that the looks before it left: 3% to 5%. Whatever look the study stops
at, the chance that any interval given there misses is at most the sum, 5%.

The last look takes the larger part because most studies end there. When it comes must not depend on
outcomes: it depends on a clock, or on a number of runs fixed beforehand.

Sources
    Pocock (1977), Biometrika 64, 191-199: equal parts; Lan & DeMets (1983), Biometrika 70, 659-663:
    error spent as planned. tests/statistical/test_coverage_of_stopping.py measures the whole.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from sim.stats.paired import Intervals, paired_intervals

ERROR = 0.05
"""Chance that any interval of a study misses; dimensionless."""

HOW_INTERVALS_HOLD = f"{1 - ERROR:.0%}, over all scenarios and looks together"
"""What tables, figures and sentences say of the intervals of a study, all alike."""

ERROR_OF_EARLY_LOOKS = 0.02
"""The part of `ERROR` that all looks before the last one share; dimensionless."""

MAX_EARLY_LOOKS = 10
"""Looks before the last one, where no largest number of runs is set."""

RELATIVE_HALF_WIDTH = 0.05
"""Wanted half-width over the baseline's mean by default: it tells the shipped scenarios apart."""


@dataclass(frozen=True)
class LookSchedule:
    """After how many runs a study looks at its intervals, and what each look may spend.

    >>> schedule = LookSchedule(min_runs=8, max_runs=100)
    >>> schedule.early_looks
    (8, 16, 32, 64)
    >>> schedule.error_of_early_look, round(schedule.error_of_last_look(n_runs=100), 4)
    (0.005, 0.03)

    A study that ends by the clock after 20 runs has looked twice before:

    >>> round(schedule.error_of_last_look(n_runs=20), 4)
    0.04
    """

    min_runs: int = 8
    """Runs of every scenario at the first look."""
    max_runs: int | None = None
    """Runs of every scenario at which the study ends; None for min_runs x 2**10."""

    @property
    def last_look(self) -> int:
        """Runs of every scenario after which nothing more is run."""
        return self.max_runs or self.min_runs * 2**MAX_EARLY_LOOKS

    @property
    def early_looks(self) -> tuple[int, ...]:
        """Runs at the looks before the last one, in rising order."""
        sizes = (self.min_runs * 2**k for k in range(MAX_EARLY_LOOKS))
        return tuple(size for size in sizes if size < self.last_look)

    @property
    def error_of_early_look(self) -> float:
        """What one look before the last one may spend."""
        return ERROR_OF_EARLY_LOOKS / max(1, len(self.early_looks))

    def error_of_last_look(self, n_runs: int) -> float:
        """What a look that ends the study after `n_runs` may spend: what the others left."""
        n_before = sum(size < n_runs for size in self.early_looks)
        return ERROR - n_before * self.error_of_early_look


@dataclass(frozen=True)
class Look:
    """One look at the intervals of all scenarios."""

    n_runs: int
    error: float
    """What this look spends."""
    intervals: Intervals
    wanted_half_width: float
    is_last: bool

    @property
    def widest(self) -> float:
        """The largest half-width of all scenarios."""
        return float(self.intervals.half_width.max())

    @property
    def is_narrow_enough(self) -> bool:
        """True where every half-width is at most the wanted one."""
        return self.widest <= self.wanted_half_width


def wanted_half_width(
    baseline_outcomes: ArrayLike, absolute: float | None, relative: float
) -> float:
    """The half-width at which a study may stop: `absolute` where given, else a share of the mean.

    Parameters
    ----------
    baseline_outcomes : array_like, float[n_runs]
    absolute : float, in the unit of the outcomes, > 0, or None
    relative : float, dimensionless, > 0

    Returns
    -------
    float, in the unit of the outcomes

    Source
    ------
    Law (2015), Simulation Modeling and Analysis, section 9.4.1: absolute and relative precision.

    Examples
    --------
    >>> wanted_half_width([90.0, 110.0], absolute=None, relative=0.1)
    10.0
    """
    if absolute is not None:
        return absolute
    return relative * abs(float(np.asarray(baseline_outcomes, dtype=float).mean()))


def look_at(
    outcomes: ArrayLike,
    schedule: LookSchedule,
    is_last: bool,
    baseline: int = 0,
    half_width: float | None = None,
    relative_half_width: float = RELATIVE_HALF_WIDTH,
) -> Look:
    """The intervals after the runs made so far, at the error that this look may spend.

    Parameters
    ----------
    outcomes : array_like, float[n_runs, n_scenarios]
    schedule : LookSchedule
    is_last : bool
        True where the budget or the largest number of runs ends the study here.
    baseline : int, column of the baseline
    half_width, relative_half_width : see `wanted_half_width`

    Returns
    -------
    Look

    Source
    ------
    See the head of this module.

    Examples
    --------
    >>> outcomes = [[10.0 + run % 2, 8.0 + run % 3] for run in range(16)]
    >>> look = look_at(outcomes, LookSchedule(), is_last=False)
    >>> look.n_runs, round(look.error, 4), round(look.wanted_half_width, 2)
    (16, 0.002, 0.53)
    """
    array = np.asarray(outcomes, dtype=float)
    n_runs = array.shape[0]
    error = schedule.error_of_last_look(n_runs) if is_last else schedule.error_of_early_look
    wanted = (
        wanted_half_width(array[:, baseline], half_width, relative_half_width)
        if n_runs
        else math.nan
    )
    found = paired_intervals(array, baseline, error)
    return Look(n_runs, error, found, wanted, is_last)


def stopping_look(
    outcomes: ArrayLike,
    schedule: LookSchedule,
    baseline: int = 0,
    half_width: float | None = None,
    relative_half_width: float = RELATIVE_HALF_WIDTH,
) -> Look:
    """The look at which a study would have stopped, had these been its runs, in this order.

    Parameters
    ----------
    outcomes : array_like, float[n_runs, n_scenarios]
        All runs that the budget allowed.
    schedule, baseline, half_width, relative_half_width : as in `look_at`

    Returns
    -------
    Look

    Source
    ------
    See the head of this module.

    Examples
    --------
    >>> outcomes = [[10.0 + run % 2, 8.0 + run % 3] for run in range(100)]
    >>> stopping_look(outcomes, LookSchedule(), half_width=0.5).n_runs
    64
    """
    array = np.asarray(outcomes, dtype=float)[: schedule.last_look]
    sizes: Sequence[int] = [size for size in schedule.early_looks if size < array.shape[0]]
    for size in sizes:
        look = look_at(array[:size], schedule, False, baseline, half_width, relative_half_width)
        if look.is_narrow_enough:
            return look
    return look_at(array, schedule, True, baseline, half_width, relative_half_width)
