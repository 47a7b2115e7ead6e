"""Scenarios from files and overrides, and every way in which they can be wrong."""

import dataclasses
import warnings
from pathlib import Path

import pytest
import yaml

from sim.compose import (
    choices,
    did_you_mean,
    keys,
    load_scenario,
    load_scenarios,
    scenario_titles,
)
from sim.config_folder import config_folder
from sim.errors import ScenarioError, ScenarioWarning
from sim.world.parameter import declared
from sim.world.scenario import GROUPS, LEVERS, Reinforcement, Scenario

SCENARIOS = choices("scenario")
FILES = sorted(config_folder().rglob("*.yaml"))
CONFIG_GROUPS = sorted(path.name for path in config_folder().iterdir() if path.is_dir())


PACKAGE = """\
force:
  reinforcements:
    mine:
      camp: gao
      unit_type: eod
      strength: 70
      arrival: "2017-03-01"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which we stand, so that messages name files by their short paths."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def own_scenario(folder: Path, text: str, name: str = "mine.yaml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def error_of(word: str = "baseline_2016", *overrides: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(word, overrides, origin="on the command line")
    return str(caught.value)


# --- what is shipped ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_shipped_scenario_loads_under_its_name_and_a_title(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.name == name
    assert scenario.title == scenario_titles()[name] != ""


@pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(config_folder())) for p in FILES])
def test_every_file_opens_with_a_comment_on_its_situation(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.parent.name == "scenario":
        assert lines.pop(0) == "# @package _global_"
    assert lines[0].startswith("# ")
    assert lines[0].endswith(".") or lines[1].startswith("# ")


@pytest.mark.parametrize("name", [n for n in choices("force") if n.startswith("plus_")])
def test_every_package_names_its_source_and_adds_the_people_of_its_name(name: str) -> None:
    text = (config_folder() / "force" / f"{name}.yaml").read_text(encoding="utf-8")
    assert "# Source: " in text
    added = load_scenario("baseline_2016", {"force": name}).force.reinforcements.values()
    assert sum(unit.strength for unit in added) == int(name.split("_")[1])


def test_packages_arrive_8_to_18_months_after_the_decision() -> None:
    for choice in [name for name in choices("force") if name.startswith("plus_")]:
        scenario = load_scenario("baseline_2016", {"force": choice})
        for unit in scenario.force.reinforcements.values():
            assert "2017-03-01" <= unit.arrival <= "2018-01-01"


def test_config_groups_are_the_groups_of_the_scenario() -> None:
    assert sorted([*GROUPS, "scenario"]) == CONFIG_GROUPS


def test_default_choices_name_nothing_that_differs_from_the_defaults() -> None:
    scenario = load_scenario("baseline_2016")
    assert {group: getattr(scenario, group) for group in GROUPS} == {
        group: kind() for group, kind in GROUPS.items()
    }


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_file_names_only_what_differs_from_the_defaults(group: str) -> None:
    defaults = {name: value for name, _, value in declared(GROUPS[group])}
    for choice in choices(group):
        text = (config_folder() / group / f"{choice}.yaml").read_text(encoding="utf-8")
        for name, value in (yaml.safe_load(text) or {}).items():
            assert value != defaults[name], f"{group}/{choice}.yaml repeats {name}"


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "quiet_toy"])
def test_hydra_alone_composes_the_same_values(name: str) -> None:
    """Except in quiet_toy, whose choice of a group takes away what triangle_toy set in it."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    with initialize_config_dir(str(config_folder()), version_base="1.3"):
        tree = OmegaConf.to_container(compose("config", [f"scenario={name}"]))
    assert isinstance(tree, dict)
    scenario = load_scenario(name)
    for group in GROUPS:
        for key, value in (tree.get(group) or {}).items():
            ours = getattr(getattr(scenario, group), key)
            if key == "reinforcements":
                ours = {
                    unit: {part: getattr(found, part) for part in value[unit]}
                    for unit, found in ours.items()
                }
            if key == "trucks_by_hub":
                ours = {hub: ours[hub] for hub in value}
            assert ours == value, f"{group}.{key}"


def test_known_answer_a_emplaces_a_fifth_of_a_device_a_day() -> None:
    threat = load_scenario("known_answer_a").threat
    assert threat.attempts_per_month / (365.25 / 12.0) == pytest.approx(0.2, abs=1e-12)
    assert 1.0 / threat.expiry_mean_days == pytest.approx(0.02, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "rate_per_day", "found"),
    [("b", 1 / 7, 0.5), ("c", 1 / 7, 0.8), ("d", 1.0, 0.5), ("e", 1.0, 0.8)],
)
def test_known_answers_differ_from_a_in_their_sweeps_alone(
    name: str, rate_per_day: float, found: float
) -> None:
    other, first = load_scenario(f"known_answer_{name}"), load_scenario("known_answer_a")
    assert other.clearance.process == "poisson"
    assert other.clearance.process_rate_per_day == pytest.approx(rate_per_day, abs=1e-12)
    assert other.clearance.fixed_find_probability == found
    same = [group for group in GROUPS if group != "clearance"]
    assert all(getattr(other, group) == getattr(first, group) for group in same)


# --- overrides ------------------------------------------------------------------------------------


def test_overrides_are_texts_or_a_mapping() -> None:
    from_texts = load_scenario("baseline_2016", ["force.strength=14500", "routing=least_risk"])
    mapped = {"force.strength": 14500, "routing": "least_risk"}
    assert from_texts == load_scenario("baseline_2016", mapped)
    assert from_texts.force.strength == 14500.0
    assert from_texts.routing.policy == "least_risk"


def test_entries_of_a_mapping_are_merged_and_null_takes_one_away() -> None:
    training = load_scenario(
        "baseline_2016",
        [
            "training.predeployment_by_contingent={Chad: 0.5, Egypt: 0.4}",
            "training.predeployment_by_contingent.Togo=null",
        ],
    ).training
    levels = training.predeployment_by_contingent
    assert (levels["Chad"], levels["Egypt"], levels["Nepal"]) == (0.5, 0.4, 0.6)
    assert "Togo" not in levels


def test_a_path_of_politics_is_replaced_as_a_whole_and_changed_by_entry() -> None:
    whole = load_scenario("baseline_2016", {"politics.path": {"2016-07-01": 0.5}})
    assert whole.politics.path == {"2016-07-01": 0.5}
    entry = load_scenario("baseline_2016", ["politics.path.2018-12-31=0.4"])
    assert entry.politics.path == {"2015-06-20": 0.1, "2016-07-01": 0.1, "2018-12-31": 0.4}


def test_a_reinforcement_is_changed_in_part() -> None:
    scenario = load_scenario("res2295", ["force.reinforcements.aviation.arrival=never"])
    assert scenario.force.reinforcements["aviation"] == Reinforcement(
        camp="gao", unit_type="aviation", strength=239.0, arrival="never"
    )


def test_a_choice_of_a_group_replaces_what_the_scenario_file_set_in_it() -> None:
    assert load_scenario("triangle_toy", ["threat=none"]).threat.attempts_per_month == 0.0
    assert load_scenario("clearance_first", ["clearance=fixed_round"]).clearance == (
        load_scenario("baseline_2016").clearance
    )


def test_loading_a_scenario_leaves_no_trace_in_the_next_one() -> None:
    first = load_scenario("baseline_2016")
    load_scenario("baseline_2016", ["supply.trucks_by_hub.gao=1", "politics.path.2016-07-01=0.9"])
    assert load_scenario("baseline_2016") == first


@pytest.mark.parametrize(
    ("override", "parts"),
    [
        ("force.strenght=14500", ["force.strenght", "'force.strength'", "`force.strenght=14500`"]),
        ("strength=5", ["'force.strength'", "the groups roads"]),
        ("forc=plus_5000", ["'force'"]),
        ("forces.strength=1", ["'force.strength'", "roads, force"]),
        ("supply.find_halt_h=1", ["'routing.find_halt_h'"]),
        ("force=plus_500", ["'plus_500'", "'plus_5000'", "june_2016"]),
        ("+new=1", ["+new=1", "add a key"]),
        ("+force.strength=1", ["Did you mean force.strength=1?"]),
        ("++force.strength=1", ["Did you mean force.strength=1?"]),
        ("~force.strength", ["delete"]),
        ("force.strength", ["sets nothing", "KEY=VALUE"]),
        ("=3", ["sets nothing"]),
        ("force.strength=abc", ["'abc'", "not a number", "0 to 100000"]),
        ("force.strength=", ["not a number"]),
        ("force.strength=null", ["None", "not a number"]),
        ("force.strength=true", ["not a number"]),
        ("force.strength=nan", ["nan", "0 to 100000"]),
        ("force.strength=-5", ["-5 persons", "0 to 100000 persons", "explain force.strength"]),
        ("force.strength=1,2", ["several values"]),
        ("force.strength=(", ["cannot be read"]),
        ("force.strength.more=1", ["force.strength.more", "no such key"]),
        ("force.patrol_vehicles=4.5", ["not a whole number", "1 to 50"]),
        ("routing.instant_passage=1", ["true or false"]),
        ("clearance.policy=highest_rsk", ["'highest_rsk'", "'highest_risk'", "ahead_of_convoy"]),
        ("training.predeployment_by_contingent.Chad=2", ["Chad is 2", "0 to 1"]),
        ("training.predeployment_by_contingent=0.4", ["a value where keys"]),
        ("politics.path={2016-13-01: 0.5}", ["'2016-13-01'", "not a date", "year-month-day"]),
        ("runs.end=soon", ["'soon'", "not a date", "`runs.end=soon`"]),
        ("force.reinforcements.x={camp: gao}", ["has no unit_type", "camp, unit_type, strength"]),
        ("force.reinforcements.x={camp: gao, unit_typ: eod}", ["unit_typ", "'unit_type'"]),
        ("scenario=res2295", ["a word of its own"]),
    ],
)
def test_a_wrong_override_says_what_where_and_what_is_allowed(
    override: str, parts: list[str]
) -> None:
    message = error_of("baseline_2016", override)
    for part in [*parts, "on the command line", "Allowed: "]:
        assert part in message


def test_an_error_on_several_values_says_who_set_each() -> None:
    message = error_of("baseline_2016", "runs.end=2016-01-01")
    assert "runs.start by default" in message
    assert "runs.end on the command line as `runs.end=2016-01-01`" in message


def test_a_single_text_is_no_list_of_overrides() -> None:
    with pytest.raises(ScenarioError, match="single text"):
        load_scenario("baseline_2016", "force.strength=1")


def test_a_misspelt_scenario_names_the_closest_one() -> None:
    message = error_of("baseline_2061")
    assert "Did you mean 'baseline_2016'?" in message
    assert "res2295" in message
    assert "It was set on the command line." in message


def test_a_scenario_named_twice_is_refused() -> None:
    with pytest.raises(ScenarioError, match="named twice"):
        load_scenarios(["res2295", "res2295"])


def test_did_you_mean_is_silent_where_nothing_is_close() -> None:
    assert did_you_mean("zzz", keys()) == ""


# --- a file of one's own --------------------------------------------------------------------------


def test_an_own_file_has_the_form_of_a_shipped_one(folder: Path) -> None:
    text = (config_folder() / "scenario" / "all_of_it.yaml").read_text(encoding="utf-8")
    own = load_scenario(own_scenario(folder, text))
    shipped = load_scenario("all_of_it")
    assert own == dataclasses.replace(shipped, name="mine")


def test_an_own_file_extends_shipped_files_and_files_beside_it(folder: Path) -> None:
    own_scenario(folder, "defaults: [triangle_toy]\nthreat: {reach_km: 60}\n", "world.yaml")
    text = "defaults: [world]\nscenario: {baseline: world}\nforce: {strength: 500}\n"
    scenario = load_scenario(own_scenario(folder, text))
    assert (scenario.roads.name, scenario.threat.reach_km) == ("toy_triangle", 60.0)
    assert scenario.before is not None
    assert (scenario.before.name, scenario.before.force.strength) == ("world", 440.0)


def test_an_own_file_is_found_from_anywhere(folder: Path) -> None:
    (folder / "plans").mkdir()
    own_scenario(folder / "plans", "force: {strength: 500}\n")
    assert load_scenario("plans/mine.yaml").name == "mine"
    assert load_scenario(folder / "plans" / "mine.yaml").force.strength == 500.0


def test_a_changed_file_is_read_again(folder: Path) -> None:
    import os

    word = own_scenario(folder, "force: {strength: 500}\n")
    assert load_scenario(word).force.strength == 500.0
    own_scenario(folder, "force: {strength: 600}\n")
    os.utime(word, ns=(1, 1))
    assert load_scenario(word).force.strength == 600.0


def test_a_date_in_a_file_needs_no_quotes(folder: Path) -> None:
    scenario = load_scenario(own_scenario(folder, "runs:\n  end: 2018-07-01\n"))
    assert scenario.runs.end == "2018-07-01"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("\n\nforce:\n  strenght: 1\n", ["'force.strength'", "mine.yaml, line 4"]),
        ("force:\n  strength: -1\n", ["-1 persons", "mine.yaml, line 2"]),
        ("forc:\n  strength: 1\n", ["forc.strength", "'force.strength'"]),
        ("force: plus_5000\n", ["'plus_5000'", "- override /force: CHOICE", "line 1"]),
        ("force:\n", ["force is None"]),
        ("defaults:\n  - force: plus_5000\n", ["no such form", "- override /GROUP: CHOICE"]),
        ("defaults:\n  - override /force: plus_500\n", ["'plus_5000'", "mine.yaml"]),
        ("defaults:\n  - override /forc: plus_5000\n", ["'force'", "mine.yaml"]),
        ("defaults:\n  - resolution\n", ["'resolution'", "no such scenario"]),
        ("defaults: res2295\n", ["not a list"]),
        ("defaults: [override /force: in_camp, res2295]\n", ["after an override"]),
        ("defaults: [mine]\n", ["extends itself"]),
        ("scenario: {titel: x}\n", ["scenario.titel", "'title'"]),
        ("scenario: hello\n", ["'hello'"]),
        ("scenario: {baseline: nobody}\n", ["scenario.baseline", "'nobody'", "line 1"]),
        ("force:\n  strength: 1\n  strength: 2\n", ["set twice", "lines 2 and 3"]),
        ("force:\n  strength: [1\n", ["mine.yaml, line 3", "is not YAML"]),
        ("force:\n\tstrength: 1\n", ["mine.yaml, line 2", "is not YAML", "strength: 1"]),
        ("defaults:\n  - override /force: plus_500\n", ["'plus_5000'", "mine.yaml, line 2"]),
        ("defaults:\n\n  - nobody\n", ["'nobody'", "mine.yaml, line 3"]),
        (PACKAGE.replace("eod", "eodd"), ["unit_type is 'eodd'", "mine.yaml, line 5"]),
        (PACKAGE.replace("gao", "Sévaré"), ["Did you mean 'sevare'?", "mine.yaml, line 4"]),
        (PACKAGE.replace("strength: 70", "strengt: 70"), ["'strength'", "mine.yaml, line 6"]),
        (PACKAGE.replace("      strength: 70\n", ""), ["has no strength", "mine.yaml, line 3"]),
        ("- a\n", ["holds a list"]),
        ("just words\n", ["holds a str"]),
    ],
)
def test_a_wrong_file_says_what_where_and_what_is_allowed(
    folder: Path, text: str, parts: list[str]
) -> None:
    message = error_of(own_scenario(folder, text))
    for part in [*parts, "mine.yaml", "Allowed: "]:
        assert part in message


def test_only_a_close_name_is_suggested_for_a_file(folder: Path) -> None:
    own_scenario(folder, "a: 1\n", ".pre-commit-config.yaml")
    own_scenario(folder, "a: 1\n", "docker-compose.yaml")
    assert "Did you mean" not in error_of("nofile.yaml")
    assert "Did you mean 'res2295'?" in error_of("res2259.yaml")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "mine.yaml sets nothing"),
        ("# later\n", "mine.yaml sets nothing"),
        (PACKAGE.replace("2017", "2020"), "after the end of the run"),
        (PACKAGE.replace("2017-03", "2016-03"), "before the decision date"),
    ],
)
def test_what_is_allowed_and_odd_is_told_and_loads(folder: Path, text: str, part: str) -> None:
    with pytest.warns(ScenarioWarning, match=part) as caught:
        assert load_scenario(own_scenario(folder, text)).name == "mine"
    assert len(caught) == 1


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_is_odd_about_a_shipped_scenario(name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ScenarioWarning)
        load_scenario(name)


def test_a_file_that_is_not_there_or_not_text_is_an_error_of_ours(folder: Path) -> None:
    own_scenario(folder, "force: {}\n", "plan.yaml")
    assert "Did you mean 'plan.yaml'?" in error_of("plann.yaml")
    (folder / "bytes.yaml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in error_of("bytes.yaml")


# --- the past -------------------------------------------------------------------------------------


def test_a_baseline_without_overrides_has_no_other_past() -> None:
    assert load_scenario("baseline_2016").before is None


def test_before_the_decision_the_levers_are_those_of_the_baseline() -> None:
    scenario, baseline = load_scenario("all_of_it"), load_scenario("baseline_2016")
    assert scenario.before == baseline


def test_an_override_of_a_lever_holds_from_the_decision_on() -> None:
    before = load_scenario("baseline_2016", ["force.strength=14500"]).before
    assert before == load_scenario("baseline_2016")


@pytest.mark.parametrize(
    "override", ["threat.reach_km=99", "roads.max_segment_km=20", "runs=two_years"]
)
def test_an_override_of_the_world_holds_before_the_decision_as_well(override: str) -> None:
    assert load_scenario("baseline_2016", [override]).before is None
    scenario = load_scenario("res2295", [override])
    assert scenario.before == load_scenario("baseline_2016", [override])


def test_a_world_set_in_an_own_file_holds_before_the_decision_as_well(folder: Path) -> None:
    text = "defaults: [override /force: plus_5000]\nthreat: {reach_km: 99}\n"
    before = load_scenario(own_scenario(folder, text)).before
    assert before is not None
    assert before.threat.reach_km == 99.0
    assert before.force == load_scenario("baseline_2016").force


def test_a_world_of_its_own_that_begins_at_the_decision_has_no_past() -> None:
    assert load_scenario("known_answer_a", ["force.strength=200"]).before is None


def test_levers_equal_to_those_of_the_baseline_make_no_past() -> None:
    assert load_scenario("res2295", ["force=june_2016"]).before is None


def test_levers_are_the_groups_of_the_scenario_that_a_decision_can_change() -> None:
    assert set(LEVERS) < set(GROUPS)
    assert isinstance(load_scenario("res2295"), Scenario)
