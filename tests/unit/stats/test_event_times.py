import pandas as pd
import pytest

from sim.errors import DataError
from sim.stats.event_times import (
    check_span,
    column,
    rows_by_run,
    times_by_run_days,
)

TWO_RUNS = {"run": [0, 1, 0], "time_h": [30.0, 12.0, 6.0]}


def test_times_come_in_order_whatever_the_order_of_rows():
    frame = pd.DataFrame(TWO_RUNS)
    for table in (frame, frame.iloc[::-1], TWO_RUNS):
        assert [t.tolist() for t in times_by_run_days(table, [0, 1])] == [[0.25, 1.25], [0.5]]


def test_a_run_without_events_is_a_run_nevertheless():
    assert [len(t) for t in times_by_run_days(TWO_RUNS, [2, 1, 0])] == [0, 1, 2]


def test_an_empty_table_holds_no_events_of_any_run():
    empty = pd.DataFrame(TWO_RUNS).iloc[:0]
    assert [len(t) for t in times_by_run_days(empty, range(3))] == [0, 0, 0]


@pytest.mark.parametrize(
    ("events", "runs", "words"),
    [
        (TWO_RUNS, [0], "run 1"),
        (TWO_RUNS, [], "at least one run"),
        (TWO_RUNS, [0, 1, 1], "each once"),
        (TWO_RUNS | {"scenario": ["a", "b", "a"]}, [0, 1], "2 scenarios: a, b"),
        (TWO_RUNS | {"time_h": [1.0, float("nan"), 2.0]}, [0, 1], "time_h of nan"),
        ({"run": [0]}, [0], "no column time_h, only run"),
    ],
)
def test_a_table_that_would_mislead_is_refused(events, runs, words):
    with pytest.raises(DataError, match=words):
        times_by_run_days(events, runs)


def test_one_scenario_in_the_table_is_as_good_as_none():
    assert len(rows_by_run(TWO_RUNS | {"scenario": ["a", "a", "a"]}, [0, 1])) == 2


@pytest.mark.parametrize("span", [(1.0, 1.0), (2.0, 1.0), (0.0, float("inf"))])
def test_a_span_without_length_is_refused(span):
    with pytest.raises(DataError, match="has no length"):
        check_span(*span)


def test_a_column_is_found_by_its_name():
    assert column(TWO_RUNS, "run").tolist() == [0, 1, 0]
