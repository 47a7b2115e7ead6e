"""Tables of draws by key: what estimators that shuffle or simulate take their chance from.

Every number is looked up by seed, purpose, row and column like every draw (sim/draws.py), so an
answer depends on the seed and the data alone, and rows may be made in pieces of any size.
"""

import numpy as np
from numpy.typing import NDArray

from sim.draws import WORD, Stream, fraction, philox
from sim.errors import DataError

SHUFFLED_DATES = int(Stream.SHUFFLED_DATES)

# The rules as Python, which take whole arrays of words where the compiled ones take scalars.
_plain_philox = getattr(philox, "py_func", philox)
_plain_fraction = getattr(fraction, "py_func", fraction)


def uniform_table(
    seed: int, stream: int, first_row: int, n_rows: int, n_columns: int
) -> NDArray[np.float64]:
    """Numbers in [0, 1), one for each row from `first_row` on and each column.

    Parameters
    ----------
    seed : int, in [0, 2**32)
    stream : int, in [0, 2**32)
        What the draws are for, as `Stream.SHUFFLED_DATES`.
    first_row, n_rows, n_columns : int, >= 0

    Returns
    -------
    float[n_rows, n_columns], dimensionless, in [0, 1), multiples of 2**-53

    Raises
    ------
    DataError
        When the seed is out of range.

    Source
    ------
    Philox key (seed, 0), counter (stream, row, 0, block); the four words of a block make the
    numbers of columns 2 block and 2 block + 1, as `sim.draws.fraction` makes one of two.

    Examples
    --------
    >>> whole = uniform_table(1, SHUFFLED_DATES, first_row=0, n_rows=3, n_columns=5)
    >>> whole.shape
    (3, 5)
    >>> bool((whole[2:] == uniform_table(1, SHUFFLED_DATES, 2, 1, 5)).all())
    True
    """
    if not 0 <= seed <= WORD:
        raise DataError(
            f"the seed is {seed}, which is out of range. Allowed: whole numbers from 0 to {WORD}."
        )
    block, row = np.meshgrid(
        np.arange(-(-n_columns // 2), dtype=np.uint64),
        np.arange(first_row, first_row + n_rows, dtype=np.uint64),
    )
    zero = np.zeros_like(block)
    words = _plain_philox(seed, 0, zero + np.uint64(stream), row, zero, block)
    pairs = (_plain_fraction(words[0], words[1]), _plain_fraction(words[2], words[3]))
    return np.stack(pairs, axis=-1).reshape(n_rows, -1)[:, :n_columns]


def shuffles(seed: int, first_shuffle: int, n_shuffles: int, n_items: int) -> NDArray[np.int64]:
    """Orders of `n_items` things, every order with equal chance.

    Parameters
    ----------
    seed : int, in [0, 2**32)
    first_shuffle, n_shuffles, n_items : int, >= 0

    Returns
    -------
    int[n_shuffles, n_items], each row the numbers 0 to n_items - 1 in some order

    Source
    ------
    The order of independent uniform draws: Knuth (1997), The Art of Computer Programming, volume
    2, section 3.4.2. Two draws of 53 bits tie in one pair of 9e15, so ties need no care.

    Examples
    --------
    >>> sorted(shuffles(1, first_shuffle=7, n_shuffles=1, n_items=4)[0].tolist())
    [0, 1, 2, 3]
    """
    table = uniform_table(seed, SHUFFLED_DATES, first_shuffle, n_shuffles, n_items)
    return np.argsort(table, axis=1, kind="stable")
