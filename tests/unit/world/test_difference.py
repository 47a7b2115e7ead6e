"""What one scenario changes against another, told lever by lever."""

import dataclasses

from sim.compose import choices, load_scenario
from sim.world.difference import differences
from sim.world.scenario import Force, Reinforcement, Roads, Runs, Scenario, Training


def changed(**groups):
    return differences(dataclasses.replace(Scenario(), **groups), Scenario())


def test_a_scenario_does_not_differ_from_itself_under_another_name():
    assert changed(name="twin", title="A twin") == []


def test_a_lever_and_the_world_are_told_with_old_and_new():
    found = changed(force=Force(strength=14500.0), runs=Runs(warm_up_days=30))
    assert found == ["force.strength: 12000 -> 14500", "runs.warm_up_days: 365 -> 30"]


def test_what_was_new_becomes_old_when_the_two_change_places():
    more = dataclasses.replace(Scenario(), force=Force(strength=14500.0))
    assert differences(Scenario(), more) == ["force.strength: 14500 -> 12000"]


def test_of_a_mapping_only_entries_that_differ_are_told():
    levels = Training().predeployment_by_contingent | {"Chad": 0.5, "Egypt": 0.4}
    assert changed(training=Training(predeployment_by_contingent=levels)) == [
        "training.predeployment_by_contingent.Chad: 0.3 -> 0.5",
        "training.predeployment_by_contingent.Egypt: none -> 0.4",
    ]


def test_a_path_of_politics_is_told_as_a_whole():
    (line,) = differences(load_scenario("peace_progress"), load_scenario("baseline_2016"))
    assert line.startswith("politics.path: {2015-06-20: 0.1, ")
    assert line.endswith("-> {2016-07-01: 0.1, 2017-07-01: 0.35, 2018-07-01: 0.6, 2019-07-01: 0.8}")


def test_a_reinforcement_is_told_in_a_line():
    units = {
        "carriers": Reinforcement(
            "kidal",
            "infantry",
            135.0,
            "2017-03-01",
            departure="2018-03-01",
            ramp_days=60.0,
            contingent="Chad",
            predeployment_level=0.5,
            protected_share=1.0,
        ),
        "aviation": Reinforcement("gao", "aviation", 239.0, "never"),
    }
    assert changed(force=Force(reinforcements=units)) == [
        "force.reinforcements.carriers: none -> 135 people, infantry, at kidal from 2017-03-01, "
        "until 2018-03-01, over 60 days, contingent Chad, trained to 0.5, protected share 1",
        "force.reinforcements.aviation: none -> 239 people, aviation, at gao that never arrives",
    ]


def test_no_path_of_the_machine_is_told():
    assert changed(roads=Roads(name="/somewhere/else/sahel")) == [
        "roads.name: northern_mali -> sahel"
    ]


def test_every_shipped_scenario_but_the_default_differs_from_the_defaults():
    same = [
        name for name in choices("scenario") if not differences(load_scenario(name), Scenario())
    ]
    assert same == ["baseline_2016"]
