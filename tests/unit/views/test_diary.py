import re

import numpy as np
import pytest
from small_worlds import lay_device, three_camps_along_a_road

from sim.engines.reference.model import ConvoyModel
from sim.views import diary as words
from sim.views.diary import diary
from sim.world.events import Cause, Kind
from tests.unit.results.small_records import small_record, small_scenario, violent_record


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


def violence():
    record, network = violent_record()
    return flat(diary(record, network, small_scenario()))


@pytest.mark.parametrize(
    "sentence",
    [
        "Team north 1 found a decoy on South road (east-west/01), which cost 3 hours.",
        "Convoy west-north 1 found a decoy on West road (north-west/01); halted for 4 hours.",
        "ACCIDENT: a device went off while team north 1 made it safe on South road "
        "(east-west/01): 1 killed, 1 wounded.",
        "GUNFIRE followed the strike on convoy west-north 1: 2 killed, 1 wounded.",
        "GUNFIRE: patrol of north 7 came under fire on South road (east-west/01): 1 killed.",
        "ATTACK: North came under rocket or mortar fire: 2 wounded.",
        "ATTACK: North was attacked with a suicide vehicle: 3 killed, 5 wounded.",
        "ATTACK: West was attacked by several means at once: 2 killed, 4 wounded.",
        "A patrol met an armed cell at work on South road (east-west/01).",
        "The mission struck an armed cell on intelligence or a tip; 1 civilian harmed.",
        "The parallel operation struck an armed cell; 3 civilians harmed.",
        "Convoy west-north 1 took another way to North from West road (north-west/01), 6 hours "
        "longer.",
        "First company ended a course.",
        "CLOSED: North was closed; 848 people leave.",
        "Convoy north-west 1 left for West with the people of a closed camp, escorted by",
        "Convoy north-west 1 reached West with the people of a closed camp after 24 hours.",
        "could not leave: not enough trucks are at the hub.",
        "could not leave: the hub has too little stock.",
        "could not leave: its route has not been swept.",
        "could not leave: too few loads are ready to fill a convoy.",
        "its route had not been swept; too few loads were ready to fill a convoy",
        "False alarms cost clearance teams 1 hour of work.",
        "1 of the killed died of wounds before they were treated.",
        "2 finds, 4 attacks on camps, 1 time under gunfire alone, 20 killed and 16 wounded",
    ],
)
def test_the_diary_has_words_for_what_else_can_happen(sentence):
    assert sentence in violence()


def test_a_device_that_went_off_was_not_made_safe():
    assert "and made it safe" in flat(told())
    assert "and made it safe" not in violence()


def test_hours_halted_by_a_decoy_count_in_the_journey():
    assert "reached North after 8 hours, 9 hours of them halted" in violence()


def test_every_kind_of_row_is_told_or_left_out_for_a_reason():
    record, network = violent_record()
    told = words._Diary(record, network, small_scenario())
    assert set(told.tellers) | set(told.tellers_of_many) | set(words.WHY_UNTOLD) == set(Kind)
    assert not (set(told.tellers) | set(told.tellers_of_many)) & set(words.WHY_UNTOLD)


def test_every_cause_has_words():
    tables = (
        words.WHY_WAITING,
        words.WHO_WAS_HIT,
        words.WHO_MET,
        words.HOW_CAMPS_ARE_ATTACKED,
        words.HOW_CELLS_LOSE,
    )
    named = {cause for table in tables for cause in table}
    assert named | {Cause.NONE, Cause.WITHDRAWAL} == set(Cause)


def test_what_cells_do_unseen_is_not_told():
    assert "refuge" not in violence()
    assert "fled" not in violence()


def test_the_diary_follows_a_convoy_from_camp_to_camp(tmp_path):
    """Devices before `third` and on the way back hold it up for 2 h each."""
    scenario = three_camps_along_a_road(
        tmp_path,
        supply={"initial_stock_days": 100.0},
        threat={"fixed_find_probability": 1.0},
        routing={"find_halt_h": 2.0},
        runs={"end": "2016-07-07"},
    )
    model = ConvoyModel(scenario)
    hub = model.camp_by_name["first"]
    for name, ready_h in (("third", -48.0), ("fifth", 0.0)):
        hub.take_order(model.camp_by_name[name], 10.0)
        hub.waiting[-1].ready_h = 6.0 + ready_h
    way = model.routes.way_of_convoy(hub, model.camp_by_name["third"], False)
    lay_device(model, 1.0, segment=int(way.segments[0]))
    model.advance_to(50.0)
    lay_device(model, 1.0, key=1001, segment=int(way.segments[0]))
    model.run()
    text = flat(diary(model.ledger.close(1, 0), model.world.network, scenario))
    for sentence in (
        "06:00 Convoy first-fifth 1 left for Fifth.",
        "06:00 Convoy first-third 1 left as part of convoy first-fifth 1 with its load for Third, "
        "2 days late.",
        "09:02 Convoy first-fifth 1 reached Third after 3 hours, 2 hours of them halted.",
        "Convoy first-fifth 1 reached Fifth after 33 hours, 2 hours of them halted.",
        "Convoy first-fifth 1 was back at its hub after 22 hours, 2 hours of them halted.",
    ):
        assert sentence in text
