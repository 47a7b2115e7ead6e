"""The chance of being best: how often the lowest mean stays the lowest with other runs.

Runs are resampled with replacement, whole rows at a time, so that scenarios stay paired. Which runs
a resample takes is looked up by key like every draw (sim/draws.py), so the answer depends on the
seed and the outcomes alone.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.draws import Stream, philox

BOOTSTRAP_STREAM = int(Stream.BOOTSTRAP)
"""The stream of `sim.draws` from which resamples are drawn; no run of the model uses it."""

MIN_PAIRS = 30
"""Fewest paired runs from which a chance is given; runs."""

N_RESAMPLES = 4000
"""Resamples: the chance is then known to about 0.8 percentage points; dimensionless."""

_plain_philox = getattr(philox, "py_func", philox)
"""The rule as Python, which takes whole arrays of words where the compiled one takes scalars."""


def resampled_runs(
    seed: int, first_resample: int, n_resamples: int, n_runs: int
) -> NDArray[np.int64]:
    """Which runs the resamples `first_resample`, ... take: each of the `n_runs` with equal chance.

    Parameters
    ----------
    seed : int, in [0, 2**32)
    first_resample, n_resamples : int, >= 0
    n_runs : int, runs, in [1, 2**32)

    Returns
    -------
    int[n_resamples, n_runs], run numbers in [0, n_runs)

    Source
    ------
    Philox key (seed, 0), counter (`BOOTSTRAP_STREAM`, resample, 0, block); all four words of a
    block are used, word w of block b for draw 4 b + w. Multiplying a 32-bit word by `n_runs` and
    keeping the upper half favours a run by at most `n_runs` / 2**32: Lemire (2019), ACM
    Transactions on Modeling and Computer Simulation 29(1).

    Examples
    --------
    >>> resampled_runs(1, 0, 2, 5).shape
    (2, 5)
    >>> bool((resampled_runs(1, 0, 2, 5)[1] == resampled_runs(1, 1, 1, 5)[0]).all())
    True
    """
    n_blocks = -(-n_runs // 4)
    block, resample = np.meshgrid(
        np.arange(n_blocks, dtype=np.uint64),
        np.arange(first_resample, first_resample + n_resamples, dtype=np.uint64),
    )
    zero = np.zeros_like(block)
    words = _plain_philox(seed, 0, zero + np.uint64(BOOTSTRAP_STREAM), resample, zero, block)
    every_word = np.stack(words, axis=-1).reshape(n_resamples, -1)[:, :n_runs]
    return ((every_word * np.uint64(n_runs)) >> np.uint64(32)).astype(np.int64)


def chance_of_being_best(
    outcomes: ArrayLike,
    seed: int,
    may_be_best: ArrayLike | None = None,
    n_resamples: int = N_RESAMPLES,
) -> NDArray[np.float64] | None:
    """Share of paired resamples in which a scenario has the lowest mean; ties are shared.

    Parameters
    ----------
    outcomes : array_like, float[n_runs, n_scenarios], lower is better
    seed : int, in [0, 2**32)
        The seed of the study.
    may_be_best : array_like, bool[n_scenarios], optional
        False for a scenario that takes no part, as one that lets stocks run out; default all True.
    n_resamples : int, > 0

    Returns
    -------
    float[n_scenarios], in [0, 1], adding up to 1 and nan where a scenario takes no part; or None
    with fewer than `MIN_PAIRS` runs, or where no scenario may be best

    Source
    ------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapter 6: resampling of rows.

    Examples
    --------
    The second is lower by 1 in every run, the third is its twin:

    >>> chance_of_being_best([[run + 1.0, run, run] for run in range(30)], seed=1).tolist()
    [0.0, 0.5, 0.5]
    >>> chance_of_being_best([[1.0, 2.0]] * 29, seed=1) is None
    True
    """
    array = np.asarray(outcomes, dtype=float)
    n_runs, n_scenarios = array.shape
    allowed = (
        np.ones(n_scenarios, dtype=bool) if may_be_best is None else np.asarray(may_be_best, bool)
    )
    if n_runs < MIN_PAIRS or not allowed.any():
        return None
    candidates = array[:, allowed]
    wins = np.zeros(candidates.shape[1])
    at_once = max(1, 200_000 // n_runs)
    for first in range(0, n_resamples, at_once):
        taken = resampled_runs(seed, first, min(at_once, n_resamples - first), n_runs)
        # Sums, not means: sums of counts are exact, so that ties are seen as ties.
        sums = np.stack([column[taken].sum(axis=1) for column in candidates.T], axis=1)
        is_lowest = sums == sums.min(axis=1, keepdims=True)
        wins += (is_lowest / is_lowest.sum(axis=1, keepdims=True)).sum(axis=0)
    chances = np.full(n_scenarios, np.nan)
    chances[allowed] = wins / n_resamples
    return chances
