"""The numbers that compiled code reads are those of the enumerations and of the settings."""

import dataclasses

import pytest

from sim.draws import Stream
from sim.engines.batch import acts, codes, loop, status
from sim.engines.batch.settings import settings_records
from sim.engines.batch.shape import Shape
from sim.errors import ScenarioError
from sim.roads.tables import UNIT_TYPES
from sim.world.events import Cause, Kind, Turn
from sim.world.scenario import GROUPS, Scenario

WRITTEN = {name: value for name, value in vars(codes).items() if name.isupper()}


def numbered(prefix, names):
    return {f"{prefix}_{name.upper()}": number for number, name in enumerate(names)}


def expected():
    numbers = {name: getattr(codes, name) for name in ("KIND_NAMED", "POLICY_FROM_OUTSIDE")}
    for prefix, enumeration in (("TURN", Turn), ("KIND", Kind), ("CAUSE", Cause)):
        numbers |= {f"{prefix}_{member.name}": int(member) for member in enumeration}
    numbers |= {f"STREAM_{member.name}": int(member) for member in Stream}
    numbers |= numbered("UNIT_TYPE", UNIT_TYPES)
    for group, kind in GROUPS.items():
        for item in dataclasses.fields(kind):
            choices = item.metadata["parameter"].choices if item.metadata else None
            if choices:
                numbers |= numbered(f"{group.upper()}_{item.name.upper()}", choices)
    return numbers


@pytest.mark.parametrize("name", WRITTEN)
def test_every_code_is_the_number_that_it_stands_for(name):
    assert WRITTEN[name] == expected()[name]


def test_every_turn_kind_cause_and_stream_has_a_code():
    for prefix, enumeration in (("TURN", Turn), ("KIND", Kind), ("CAUSE", Cause)):
        assert {f"{prefix}_{member.name}" for member in enumeration} <= set(WRITTEN)
    of_runs = {f"STREAM_{stream.name}" for stream in Stream if stream <= 1000}
    assert of_runs <= set(WRITTEN)


def test_the_row_that_is_no_event_has_a_number_of_its_own():
    assert codes.KIND_NAMED not in set(Kind)


def test_a_policy_from_outside_has_the_number_of_no_other():
    policies = {name: value for name, value in WRITTEN.items() if "_POLICY_" in name}
    assert len(policies) > 10
    assert codes.POLICY_FROM_OUTSIDE not in policies.values()


def test_every_act_has_a_handler():
    assert set(loop.HANDLERS) == set(range(acts.N_HANDLERS))


def test_every_field_of_a_shape_is_a_room_that_may_be_short():
    assert [room.name for room in status.Room] == list(Shape._fields)
    assert [int(room) for room in status.Room] == list(range(len(Shape._fields)))


def test_a_word_that_compiled_code_does_not_know_is_refused_with_the_way_out(monkeypatch):
    monkeypatch.delattr(codes, "CLEARANCE_POLICY_FIXED_ROUND")
    with pytest.raises(ScenarioError, match=r"clearance.policy is 'fixed_round'.*engine=reference"):
        settings_records(Scenario())
