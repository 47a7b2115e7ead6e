import itertools
import random

import pytest

from sim.engines.reference.agenda import Agenda
from sim.world.events import Turn


def in_order(entries):
    """The labels of entries (time, turn, key, count), in the order in which they are taken."""
    agenda, called = Agenda(), []
    for label, (time_h, turn, key, count) in entries:
        agenda.add(time_h, turn, key, count, lambda _, label=label: called.append(label))
    while agenda.next_h() < float("inf"):
        time_h, version, act = agenda.take()
        act(version)
    return called


def test_an_empty_agenda_has_nothing_until_the_end_of_time():
    assert Agenda().next_h() == float("inf")


def test_the_order_is_by_time_then_turn_then_key_then_count():
    entries = [
        ("first", (1.0, Turn.ARRIVAL, 9, 9)),
        ("second", (2.0, Turn.PERIOD, 9, 9)),
        ("third", (2.0, Turn.DAWN, 1, 9)),
        ("fourth", (2.0, Turn.DAWN, 2, 1)),
        ("fifth", (2.0, Turn.DAWN, 2, 2)),
    ]
    labels = [label for label, _ in entries]
    for shuffled in itertools.permutations(entries):
        assert in_order(shuffled) == labels


def test_the_order_is_total_whatever_the_order_of_adding():
    luck = random.Random(1)
    entries = [
        (place, place)
        for place in itertools.product((1.0, 2.0), list(Turn), (0, 1, 4_000_000_000), (0, 1))
    ]
    expected = [place for place, _ in sorted(entries)]
    for _ in range(5):
        luck.shuffle(entries)
        assert in_order(entries) == expected


def test_whoever_is_called_learns_under_which_version_it_was_scheduled():
    agenda, called = Agenda(), []
    agenda.add(1.0, Turn.MEETING, 5, 1, called.append, version=1)
    agenda.add(2.0, Turn.MEETING, 5, 2, called.append, version=2)
    for _ in range(2):
        _, version, act = agenda.take()
        act(version)
    assert called == [1, 2]


def test_two_plans_at_one_place_in_the_order_are_an_error_and_not_a_tie():
    agenda = Agenda()
    agenda.add(1.0, Turn.DAWN, 0, 0, lambda version: None)
    with pytest.raises(TypeError):
        agenda.add(1.0, Turn.DAWN, 0, 0, lambda version: None)
