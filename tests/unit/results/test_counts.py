import dataclasses
import math

import numpy as np
import pytest

from sim.results.columns import Words, arrow_table, data_frame
from sim.results.counts import Rows
from sim.results.events import EVENT_SCHEMA, event_frame
from sim.results.groups import month_table, place_table, traffic_table
from sim.results.store import record_tables
from sim.world.events import Cause, Kind
from sim.world.record import EVENT_COLUMNS
from tests.unit.results.small_records import small_record, small_scenario, violent_record

COUNTED = ("killed", "wounded", "contractors", "civilians", "hours", "strength")


def busy_record(is_in_order):
    """A small record with five thousand events of every kind and cause, in any order of kinds."""
    record, network = small_record()
    chance = np.random.default_rng(1)
    n = 5000
    events = {name: np.zeros(n, dtype) for name, dtype in EVENT_COLUMNS.items()}
    events["time_h"] = chance.uniform(0.0, record.clock.end_h, n)
    events["kind"] = chance.integers(0, len(Kind), n).astype(np.int8)
    events["cause"] = chance.integers(0, len(Cause), n).astype(np.int8)
    events["segment"] = chance.integers(-1, network.n_segments, n).astype(np.int32)
    events["camp"] = chance.integers(-1, len(record.camp_ids), n).astype(np.int16)
    for name in ("entity", "other"):
        events[name] = chance.integers(0, 300, n).astype(np.uint64)
    for name in COUNTED[:4]:
        events[name] = chance.poisson(0.3, n).astype(np.int16)
    for name in COUNTED[4:]:
        events[name] = chance.exponential(7.0, n)
    if is_in_order:
        order = np.argsort(events["time_h"], kind="stable")
        events = {name: column[order] for name, column in events.items()}
    return dataclasses.replace(record, events=events), network


@pytest.mark.parametrize("is_in_order", [True, False])
@pytest.mark.parametrize("span", [(None, math.inf), (0.0, math.inf), (700.0, 1500.0)])
def test_rows_are_counted_and_summed_as_by_going_over_all_of_them(is_in_order, span):
    record, _ = busy_record(is_in_order)
    events = record.events
    rows = Rows(record, *span)
    from_h = record.clock.decision_h if span[0] is None else span[0]
    is_counted = (events["time_h"] >= from_h) & (events["time_h"] < span[1])
    for kinds in (*((kind,) for kind in Kind), (Kind.STRUCK, Kind.GUNFIRE), tuple(Kind)):
        for cause in (None, *Cause):
            chosen = is_counted & np.isin(events["kind"], kinds)
            if cause is not None:
                chosen &= events["cause"] == cause
            assert rows.n(*kinds, cause=cause) == np.count_nonzero(chosen)
            assert np.count_nonzero(rows.of(*kinds, cause=cause)) == np.count_nonzero(chosen)
            for name in COUNTED:
                # To the last bit: floats are added in the order of the rows.
                expected = float(events[name][chosen].sum(dtype=np.float64))
                assert rows.total(name, *kinds, cause=cause) == expected
            assert rows.n_harmed(*kinds, cause=cause) == (
                events["killed"][chosen].sum() + events["wounded"][chosen].sum()
            )
    assert rows.total("hours") == events["hours"][is_counted].sum()
    assert rows.n_harmed() == rows.harmed.sum()


def test_a_span_without_events_counts_nothing():
    record, _ = small_record()
    rows = Rows(record, 10_000.0)
    assert rows.n(*Kind) == rows.n_harmed() == rows.total("hours") == 0
    nothing = {name: column[:0] for name, column in record.events.items()}
    assert Rows(dataclasses.replace(record, events=nothing)).n(Kind.STRUCK) == 0


@pytest.mark.parametrize(
    "make_record", [small_record, violent_record, lambda: busy_record(is_in_order=True)]
)
@pytest.mark.parametrize("detail", ["incidents", "full"])
def test_what_is_kept_of_a_run_is_what_a_person_is_shown(make_record, detail):
    record, network = make_record()
    kept = record_tables("here", small_scenario(), record, detail)
    events = event_frame(record, network)
    if detail == "incidents":
        events = events[~events["kind"].isin(["passed", "swept"])]
    shown = {
        "events": events,
        "months": month_table(record),
        "places": place_table(record, network),
        "traffic": traffic_table(record, network),
    }
    assert set(kept) == set(shown)
    for name, frame in shown.items():
        table = kept[name].to_pandas()
        assert list(table.columns) == ["scenario", *frame.columns]
        assert (table["scenario"] == "here").all()
        for column in frame:
            expected, found = frame[column].astype(object), table[column].astype(object)
            assert found[found.notna()].tolist() == expected[expected.notna()].tolist(), column
            assert found.isna().tolist() == expected.isna().tolist()


def test_all_runs_have_one_schema_whatever_happened_in_them():
    quiet, _ = small_record()
    quiet.events = {name: column[:0] for name, column in quiet.events.items()}
    busy, _ = busy_record(is_in_order=True)
    one, other = (
        record_tables("here", small_scenario(), record, "incidents") for record in (quiet, busy)
    )
    assert {name: table.schema for name, table in one.items()} == {
        name: table.schema for name, table in other.items()
    }
    assert one["events"].schema == EVENT_SCHEMA


def test_words_and_numbers_make_the_same_table_in_both_libraries():
    columns = {
        "road": Words(np.array([1, -1, 0], dtype=np.int8), ("hill", "plain")),
        "km": np.array([1.0, 2.0, 3.0]),
    }
    frame, table = data_frame(columns), arrow_table(columns)
    assert table["road"].to_pylist() == ["plain", None, "hill"]
    assert frame["road"].astype(object).where(frame["road"].notna(), None).tolist() == [
        "plain",
        None,
        "hill",
    ]
    assert table["km"].to_pylist() == frame["km"].tolist()
