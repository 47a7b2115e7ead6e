"""The batch engine gives what the reference engine gives: every event, every sum, every last bit.

At short horizons here; `make dock ARGS=--full` goes through all of it at full length.
"""

import dock
import numpy as np
import pytest

from sim.compose import load_scenario

CASES = {case.name: case for case in dock.every_case()}


@pytest.mark.parametrize("name", CASES)
def test_engines_agree_to_the_last_bit(name):
    difference, _ = dock.compare(CASES[name], 0, dock.reference, dock.batch)
    assert difference is None


def test_there_is_a_case_for_every_option_and_every_scenario():
    assert len(CASES) > 150
    assert {"scenario res2295", "clearance.policy=allocation", "random toy 0"} <= set(CASES)


@pytest.mark.parametrize("detail", ["incidents", "full"])
@pytest.mark.parametrize("engine", dock.ENGINES)
def test_rows_are_in_order_of_time(engine, detail):
    # In full the passages of a leg are put down when it is over, after what happened meanwhile.
    scenario = load_scenario("triangle_toy", {"results.detail": detail})
    time_h = dock.ENGINES[engine](scenario, 1, 0).record.events["time_h"]
    assert len(time_h) > 100
    assert (np.diff(time_h) >= 0.0).all()
