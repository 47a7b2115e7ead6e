"""The batch engine gives what the reference engine gives: every event, every sum, every last bit.

At short horizons here; `make dock ARGS=--full` goes through all of it at full length.
"""

import dock
import pytest

CASES = {case.name: case for case in dock.every_case()}


@pytest.mark.parametrize("name", CASES)
def test_engines_agree_to_the_last_bit(name):
    difference, _ = dock.compare(CASES[name], 0, dock.reference, dock.batch)
    assert difference is None


def test_there_is_a_case_for_every_option_and_every_scenario():
    assert len(CASES) > 150
    assert {"scenario res2295", "clearance.policy=allocation", "random toy 0"} <= set(CASES)
