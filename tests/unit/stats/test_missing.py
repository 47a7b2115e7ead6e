"""The chance that an interval misses is one, or is refused."""

import pytest

from sim.errors import DataError
from sim.stats.missing import check_error


@pytest.mark.parametrize("error", [0.0, 1.0, -0.1, float("nan")])
def test_a_chance_that_is_none_is_refused(error):
    with pytest.raises(DataError, match="above 0 and below 1"):
        check_error(error)
