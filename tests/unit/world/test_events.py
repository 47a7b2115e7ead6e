from sim.world.events import Cause, Kind, Turn

# Results written by one release are read by the next, so a number once given keeps its meaning.


def test_kinds_and_causes_keep_their_numbers():
    assert [kind.name for kind in sorted(Kind)][:5] == [
        "PLACED",
        "FOUND",
        "STRUCK",
        "STRUCK_OTHERS",
        "EXPIRED",
    ]
    assert [cause.name for cause in sorted(Cause)][:4] == ["NONE", "PATROL", "CONVOY", "SWEEP"]
    assert [int(kind) for kind in Kind] == list(range(len(Kind)))
    assert [int(cause) for cause in Cause] == list(range(len(Cause)))


def test_a_day_is_planned_before_anybody_leaves_and_the_decision_before_the_day():
    order = [
        Turn.PERIOD,
        Turn.DECISION,
        Turn.UNIT_CHANGE,
        Turn.CELL_CHANGE,
        Turn.CELL_STRIKE,
        Turn.DEVICE_END,
        Turn.EMPLACEMENT,
        Turn.CAMP_ATTACK,
        Turn.GUNFIRE,
        Turn.DAWN,
        Turn.SWEEP,
        Turn.DEPARTURE,
        Turn.MEETING,
        Turn.ARRIVAL,
    ]
    assert sorted(Turn) == order
