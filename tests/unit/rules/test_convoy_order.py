"""The order of the file: every escort has one place, and both ends are guarded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.convoy_order import is_escort_place


def file_order(n_escort: int, n_load: int) -> str:
    places = range(n_escort + n_load)
    return "".join("E" if is_escort_place(place, n_escort, n_load) else "L" for place in places)


@pytest.mark.parametrize(
    ("n_escort", "n_load", "expected"),
    [
        (0, 0, ""),
        (0, 3, "LLL"),
        (3, 0, "EEE"),
        (1, 3, "ELLL"),
        (2, 3, "ELLLE"),
        (3, 4, "EELLLLE"),
        (4, 4, "EELLELLE"),
        (5, 6, "EEELLLELLLE"),
    ],
)
def test_the_order_of_small_convoys_on_paper(n_escort, n_load, expected):
    assert file_order(n_escort, n_load) == expected


@given(n_escort=st.integers(0, 100), n_load=st.integers(0, 300))
def test_every_vehicle_has_exactly_one_place(n_escort, n_load):
    order = file_order(n_escort, n_load)
    assert order.count("E") == n_escort
    assert order.count("L") == n_load


@given(n_escort=st.integers(2, 100), n_load=st.integers(0, 300))
def test_half_of_the_escort_leads_and_the_last_vehicle_is_an_escort(n_escort, n_load):
    order = file_order(n_escort, n_load)
    assert order.startswith("E" * ((n_escort + 1) // 2))
    assert order.endswith("E")


@given(n_escort=st.integers(2, 100), n_load=st.integers(1, 300))
def test_loads_between_escorts_differ_by_one_at_most(n_escort, n_load):
    behind = file_order(n_escort, n_load)[(n_escort + 1) // 2 :]
    gaps = [len(loads) for loads in behind.split("E")[:-1]]
    assert max(gaps) - min(gaps) <= 1
