"""The comparison of engines sees every bit of a record and of a state, and says where it is."""

import copy
import dataclasses

import dock
import numpy as np
import pytest
from small_worlds import a_busy_month_on_the_grid, changed

from sim.results.ground import network_of
from sim.world.record import EVENT_COLUMNS, RunRecord
from sim.world.scenario import Reinforcement

SUMS = [
    item.name
    for item in dataclasses.fields(RunRecord)
    if "ndarray" in str(item.type).lower() and item.name != "events"
]


@pytest.fixture(scope="module")
def outcome():
    return dock.reference(a_busy_month_on_the_grid(), 7, 0)


def flipped(array, place):
    """The array with the last bit of one value turned round."""
    array = np.ascontiguousarray(array).copy()
    whole = array.reshape(-1)[place : place + 1].view(f"u{array.dtype.itemsize}")
    whole ^= 1
    return array


@pytest.mark.parametrize("column", EVENT_COLUMNS)
def test_a_bit_of_an_event_is_seen(column, outcome):
    other = copy.deepcopy(outcome)
    events = other.record.events
    events[column] = flipped(events[column], 5)
    found = dock.first_difference(outcome, other)
    assert found.startswith(f"run 0, row 5, {column}: ")


@pytest.mark.parametrize("name", SUMS)
def test_a_bit_of_a_sum_is_seen(name, outcome):
    other = copy.deepcopy(outcome)
    array = getattr(other.record, name)
    setattr(other.record, name, flipped(array, array.size - 1))
    found = dock.first_difference(outcome, other)
    assert found.startswith(f"run 0, sum {name}, period from 2016-07-")


def test_sums_are_all_that_a_record_counts(outcome):
    arrays = {name for name, value in vars(outcome.record).items() if isinstance(value, np.ndarray)}
    assert set(SUMS) == arrays


def test_a_bit_of_every_array_of_the_state_is_seen(outcome):
    for name, array in outcome.state.items():
        if array.size:
            other = outcome._replace(state={**outcome.state, name: flipped(array, 0)})
            found = dock.first_difference(outcome, other)
            assert found.startswith(f"run 0, state at the end, {name} at ["), name


def test_a_state_that_lacks_an_array_is_seen(outcome):
    state = dict(outcome.state)
    del state["camp.stock_t"]
    found = dock.first_difference(outcome, outcome._replace(state=state))
    assert found == "run 0, state at the end, camp.stock_t: only one has it"


def test_a_missing_row_is_seen(outcome):
    other = copy.deepcopy(outcome)
    for name, column in other.record.events.items():
        other.record.events[name] = column[:-1]
    assert "; only one has 2016-07-" in dock.first_difference(outcome, other)


def test_a_name_and_a_count_are_seen(outcome):
    other = copy.deepcopy(outcome)
    key = next(iter(other.record.names))
    other.record.names[key] += "'"
    assert dock.first_difference(outcome, other).startswith(f"run 0, name of {key:x}: ")
    other.record.live_at_decision += 1
    assert dock.first_difference(outcome, other).startswith("run 0, live_at_decision: ")


def test_zeros_of_two_signs_are_two_numbers(outcome):
    state = {"x": np.array([0.0])}
    other = {"x": np.array([-0.0])}
    assert dock.difference_of_states(state, other).endswith("x at [0]: 0.0 is -0.0")
    assert dock.difference_of_states({"x": np.array([np.nan])}, {"x": np.array([np.nan])}) is None


def test_a_difference_is_told_in_words(outcome):
    scenario = a_busy_month_on_the_grid()
    other = copy.deepcopy(outcome)
    row = int(np.flatnonzero(outcome.record.events["segment"] >= 0)[0])
    other.record.events["hours"] = flipped(other.record.events["hours"], row)
    found = dock.first_difference(outcome, other, network_of(scenario).segments.name)
    assert " h) " in found
    assert " on r" in found


def test_errors_are_compared_by_their_words(outcome):
    lookouts = Reinforcement("r1c1", "isr", strength=3000.0, arrival="2016-06-05")
    busy = a_busy_month_on_the_grid(
        force={"reinforcements": {"lookouts": lookouts}}, attrition={"strikes_ceiling_factor": 1.0}
    )
    failed = dock.reference(busy, 7, 0)
    assert failed.record is None
    assert failed.error.startswith("DrawError: ")
    assert dock.first_difference(failed, failed) is None
    assert "the other in a record" in dock.first_difference(failed, outcome)


def test_a_case_is_the_same_world_whenever_it_is_loaded():
    for case in dock.every_case():
        if "random" in case.name and case.name.endswith("3"):
            assert case.load().content_hash() == case.load().content_hash()


def test_no_two_cases_share_a_name():
    names = [case.name for case in dock.every_case(is_full=True)]
    assert len(set(names)) == len(names)


def test_the_program_ends_with_one_at_a_difference(monkeypatch, capsys):
    def engine(scenario, seed, run):
        return dock.reference(changed(scenario, threat={"harm_probability": 1.0}), seed, run)

    monkeypatch.setitem(dock.ENGINES, "batch", engine)
    assert dock.main(["--only", "quiet_toy", "--other", "reference"]) == 0
    assert "1 compared, 0 different" in capsys.readouterr().out
    assert dock.main(["--only", "triangle_toy"]) == 1
    assert "scenario triangle_toy, run 0: " in capsys.readouterr().out
    assert dock.main(["--only", "no such case"]) == 1
