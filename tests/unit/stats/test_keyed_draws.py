from collections import Counter

import numpy as np
import pytest

from sim.draws import uniform
from sim.errors import DataError
from sim.stats.keyed_draws import SHUFFLED_DATES, shuffles, uniform_table


def test_the_first_column_is_the_draw_of_the_published_generator():
    table = uniform_table(3, SHUFFLED_DATES, first_row=2, n_rows=2, n_columns=4)
    assert table[1, 0] == uniform(3, 0, SHUFFLED_DATES, 3, 0, 0)
    assert table[1, 2] == uniform(3, 0, SHUFFLED_DATES, 3, 0, 1)


def test_rows_made_in_pieces_are_the_same():
    whole = uniform_table(1, SHUFFLED_DATES, 0, 10, 7)
    parts = np.vstack([uniform_table(1, SHUFFLED_DATES, first, 5, 7) for first in (0, 5)])
    np.testing.assert_array_equal(whole, parts)


def test_no_number_of_a_row_is_given_twice():
    table = uniform_table(1, SHUFFLED_DATES, 0, 100, 11)
    assert len(np.unique(table)) == table.size


def test_every_order_of_four_comes_equally_often():
    found = Counter(map(tuple, shuffles(1, 0, 24_000, 4).tolist()))
    assert len(found) == 24
    # Chi-square with 23 degrees of freedom exceeds 60 with a chance of 4e-5.
    assert sum((n - 1000) ** 2 / 1000 for n in found.values()) < 60


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(DataError, match=f"seed is {seed}"):
        uniform_table(seed, SHUFFLED_DATES, 0, 1, 1)
