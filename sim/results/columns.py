"""A table as columns: numbers as arrays, words as codes; pandas and Arrow tables are made of it.

What a study keeps of each run goes to Arrow directly, which takes a tenth of the time that the way
over pandas takes; a person gets the same columns as a data frame.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray


@dataclass(frozen=True)
class Words:
    """A column of words out of a few."""

    codes: NDArray[Any]
    """int[n_rows]: place of the word of each row; -1 for none."""
    words: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)


Columns = Mapping[str, NDArray[Any] | Words]
"""Columns of one length by name, in their order."""


def data_frame(columns: Columns) -> pd.DataFrame:
    """The columns as pandas has them, words as categories.

    Examples
    --------
    >>> road = Words(np.array([1, -1, 1]), ("hill", "plain"))
    >>> data_frame({"road": road, "length_km": np.array([2.0, 3.0, 4.0])})
        road  length_km
    0  plain        2.0
    1    NaN        3.0
    2  plain        4.0
    """
    return pd.DataFrame(
        {
            name: _categorical(column) if isinstance(column, Words) else column
            for name, column in columns.items()
        }
    )


def arrow_table(columns: Columns) -> pa.Table:
    """The columns as Arrow has them, words as a dictionary with 32-bit codes.

    Examples
    --------
    >>> arrow_table({"road": Words(np.array([0, -1]), ("hill",))})["road"].to_pylist()
    ['hill', None]
    """
    return pa.table({name: _arrow(column) for name, column in columns.items()})


def constant_word(word: str, n_rows: int) -> Words:
    """The same word in every row."""
    return Words(np.zeros(n_rows, dtype=np.int32), (word,))


def _categorical(column: Words) -> pd.Categorical:
    words = pd.Index(np.array(column.words, dtype=object))
    return pd.Categorical.from_codes(column.codes.astype(np.int64), words)


def _arrow(column: NDArray[Any] | Words) -> pa.Array:
    if not isinstance(column, Words):
        if column.dtype.kind == "M":  # Parquet has no whole seconds
            column = column.astype("datetime64[ms]")
        return pa.array(column)
    codes = column.codes.astype(np.int32, copy=False)
    is_missing = codes < 0
    words = column.words
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=is_missing if is_missing.any() else None),
        _kept(words) if isinstance(words, tuple) else pa.array(words, pa.string()),
    )


@functools.lru_cache(maxsize=64)
def _kept(words: tuple[str, ...]) -> pa.Array:
    """Words that are the same in every run, as those of a road network are."""
    return pa.array(words, pa.string())
