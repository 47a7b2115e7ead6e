import numpy as np
import pytest

from sim.errors import ResultsError
from sim.results.events import canonical_events, event_columns, event_frame, events_digest
from sim.world.record import EVENT_COLUMNS
from tests.unit.results.small_records import NORTH, small_record


def test_a_row_reads_as_a_person_would_tell_it():
    record, network = small_record()
    frame = event_frame(record, network)
    strike = frame[(frame["kind"] == "struck") & (frame["cause"] == "convoy")].iloc[0]
    assert str(strike["date"]) == "2016-07-25 07:00:00"
    assert strike["road"] == "West road"
    assert strike["region"] == "Plain"
    assert strike["segment"] == "north-west/01"
    assert strike["other_name"] == "convoy west-north 1"
    waited = frame[frame["kind"] == "waited"].iloc[0]
    assert waited["cause"] == "no_escort"
    assert waited["camp"] == record.camp_ids[NORTH]
    assert frame["cause"].isna().sum() == np.count_nonzero(record.events["cause"] == 0)


def test_the_readable_table_gives_back_the_columns_that_made_it():
    record, network = small_record()
    back = event_columns(event_frame(record, network), network, record.camp_ids)
    for name, dtype in EVENT_COLUMNS.items():
        assert back[name].dtype == dtype
        np.testing.assert_array_equal(back[name], record.events[name])


def test_a_strange_word_in_the_readable_table_is_named():
    record, network = small_record()
    frame = event_frame(record, network)
    frame["kind"] = frame["kind"].astype(object).replace("placed", "buried")
    with pytest.raises(ResultsError, match="'buried'"):
        event_columns(frame, network, record.camp_ids)


def test_an_empty_run_has_an_empty_table():
    record, network = small_record()
    record.events = {name: column[:0] for name, column in record.events.items()}
    frame = event_frame(record, network)
    assert len(frame) == 0
    assert events_digest(event_columns(frame, network, record.camp_ids)) == events_digest(
        record.events
    )


def test_the_digest_does_not_depend_on_the_order_of_rows():
    events = small_record()[0].events
    n_rows = len(events["time_h"])
    shuffled = np.argsort((np.arange(n_rows) * 7) % n_rows)
    turned = {name: column[shuffled] for name, column in events.items()}
    assert events_digest(turned) == events_digest(events)


@pytest.mark.parametrize("name", list(EVENT_COLUMNS))
def test_the_digest_sees_a_change_in_any_column(name):
    events = small_record()[0].events
    changed = dict(events)
    changed[name] = events[name].copy()
    changed[name][3] += 1
    assert events_digest(changed) != events_digest(events)


def test_minus_zero_is_zero():
    events = small_record()[0].events
    changed = dict(events) | {"hours": np.where(events["hours"] == 0.0, -0.0, events["hours"])}
    assert events_digest(changed) == events_digest(events)


def test_a_missing_column_is_named():
    events = dict(small_record()[0].events)
    del events["hours"]
    with pytest.raises(ResultsError, match="hours"):
        canonical_events(events)
