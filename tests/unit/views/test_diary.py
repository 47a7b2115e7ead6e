import re

import numpy as np

from sim.views.diary import diary
from sim.world.events import Kind
from tests.unit.results.small_records import small_record, small_scenario


def told(**options):
    record, network = small_record()
    return diary(record, network, small_scenario(), **options)


def flat(text):
    return re.sub(r"\s+", " ", text)


def test_the_diary_says_why_a_convoy_left_late_and_with_whom():
    assert (
        "2016-07-25 06:00 Convoy west-north 1 left for North, 2 days late (no escort was free), "
        "escorted by First company."
    ) in flat(told())


def test_the_diary_says_what_a_convoy_met_and_how_long_it_was_held_up():
    text = flat(told())
    assert (
        "2016-07-25 07:00 STRIKE: convoy west-north 1 was struck on West road (north-west/01): "
        "1 killed, 3 wounded, 1 contractor killed or wounded; halted for 5 hours."
    ) in text
    assert "Convoy west-north 1 reached North after 8 hours, 5 hours of them halted." in text


def test_the_diary_tells_finds_of_sweeps_and_of_patrols():
    text = flat(told())
    assert "Team north 1 found a device on South road (east-west/01) and made it safe." in text
    assert "Patrol of north 7 found a device on South road (east-west/01); halted for" in text


def test_the_diary_adds_up_months_with_days_without_stock():
    text = flat(told())
    assert "1-31 Aug 2016 12 patrols left and 1 piece of road were swept" in text
    assert "North was without stock for 141 person-days (5% of the time)." in text


def test_what_nobody_has_met_is_not_told():
    text = told(has_warm_up=True)
    assert "placed" not in text.lower()
    assert "expired" not in text.lower()


def test_the_warm_up_is_told_only_where_asked_for():
    assert "June" not in told()
    assert "1-30 Jun 2016" not in told()
    assert "1-30 Jun 2016" in told(has_warm_up=True)


def test_the_diary_runs_in_order_of_time_and_fits_a_page():
    text = told(has_warm_up=True)
    stamps = re.findall(r"^\d{4}-\d\d-\d\d \d\d:\d\d", text, flags=re.MULTILINE)
    assert stamps == sorted(stamps)
    assert max(len(line) for line in text.splitlines()) <= 100


def test_names_that_are_missing_are_replaced_by_what_the_thing_is():
    record, network = small_record()
    record.names.clear()
    text = flat(diary(record, network, small_scenario()))
    assert "STRIKE: a convoy was struck" in text
    assert "A clearance team found a device" in text


def test_companies_that_rotate_together_are_told_together():
    record, network = small_record()
    rotated = np.isin(record.events["kind"], [Kind.EXPIRED, Kind.UNIT_ARRIVED])
    record.events["kind"][rotated] = Kind.ROTATED
    record.events["time_h"][rotated] = record.events["time_h"][rotated].max()
    record.events["camp"][rotated] = 0
    record.events["entity"][rotated] = [900, 901]
    order = np.argsort(record.events["time_h"], kind="stable")
    record.events = {name: column[order] for name, column in record.events.items()}
    record.names |= {900: "north/Togo/infantry/01", 901: "north/Togo/infantry/02"}
    text = flat(diary(record, network, small_scenario()))
    assert "2 companies rotated at North: Togo infantry (2)." in text


def test_an_empty_run_has_a_diary_of_months():
    record, network = small_record()
    record.events = {name: column[:0] for name, column in record.events.items()}
    text = diary(record, network, small_scenario())
    assert "1-31 Aug 2016" in text
    assert "STRIKE" not in text


def test_the_diary_ends_with_what_all_of_it_adds_up_to():
    assert flat(told()).endswith(
        "In all 1 convoy left, 3 strikes, 2 finds, 2 killed and 3 wounded "
        "from 2016-07-01 to 2016-09-01. "
    )
