"""The commands: what they print, and that a mistake ends with exit code 2 before anything runs."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from experiments.__main__ import COMMANDS, main
from experiments.compare import COMMAND as COMPARE
from experiments.frame import (
    Command,
    Option,
    read_line,
    require_unused,
    require_writable,
    whole_number,
)
from sim.compose import choices, load_scenario
from sim.errors import ConvoyRiskError, ResultsError, ScenarioError

CHECKOUT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """We stand in an empty folder, with an empty cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def nothing_may_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a run was started")

    monkeypatch.setattr("sim.engines.run_scenario", refuse)
    monkeypatch.setattr("experiments.compare.compare_scenarios", refuse)


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"]])
def test_help_lists_every_command(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 0
    printed = capsys.readouterr().out
    for name, summary in COMMANDS.items():
        assert name in printed
        assert summary in printed


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from experiments.__main__ import main; main(['--help']);"
        "heavy = {'mesa', 'hydra', 'omegaconf', 'numpy', 'pandas', 'numba', 'matplotlib', 'scipy'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    assert printed.splitlines()[-1] == "[]"


def test_importing_sim_imports_nothing_heavy() -> None:
    code = "import sys, sim; print('numpy' in sys.modules, hasattr(sim, 'nothing'))"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    assert printed.split() == ["False", "False"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"usage: convoy-risk {name}")
    assert "examples:" in printed
    assert max(len(line) for line in printed.splitlines()) <= 100


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_of_help_name_scenarios_that_are_there(name: str) -> None:
    for example in import_module(f"experiments.{name}").COMMAND.examples:
        program, command, *words = example.split()
        assert program == "convoy-risk"
        assert command in COMMANDS
        named = [w for w in words if w.replace("_", "").isalnum() and not w.isdigit()]
        if name in ("compare", "run", "targets", "roads"):
            assert set(named) <= set(choices("scenario")), example


def test_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("convoy-risk ")


def test_a_command_runs_as_a_module_too() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "experiments.scenarios"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "baseline_2016" in finished.stdout


# --- mistakes -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_may_run")
@pytest.mark.parametrize(
    ("argv", "parts"),
    [
        (["comapre"], ["'comapre'", "Did you mean 'compare'?"]),
        (["compare", "baseline_2061"], ["Did you mean 'baseline_2016'?"]),
        (["compare", "+new=1"], ["+new=1", "on the command line", "Allowed"]),
        (["compare", "force.strenght=1"], ["Did you mean 'force.strength'?"]),
        (["compare", "force.strength=-1"], ["-1 persons", "0 to 100000 persons"]),
        (["compare", "mesure=strikes"], ["Did you mean 'measure'?"]),
        (["compare", "measure=strike"], ["no such measure", "strikes"]),
        (["compare", "budget_min=0"], ["budget_min", "more than 0 minutes"]),
        (["compare", "budget_min=long"], ["'long'", "minutes"]),
        (["compare", "budget_min=nan"], ["'nan'", "minutes"]),
        (["compare", "cores=two"], ["'two'", "1 or more"]),
        (["compare", "cores=0"], ["cores is '0'", "1 or more"]),
        (["compare", "measure=kiled"], ["no such measure. Did you mean 'killed'? Allowed"]),
        (["compare", "resume=true", "out=results/no"], ["'results/no'", "no comparison was begun"]),
        (["compare", "runs.n_runs=2"], ["Did you mean 'max_runs=2'?"]),
        (["compare", "triangle_toy", "quiet_toy", "threat=none", "out=/proc/x"], ["'/proc/x'"]),
        (["run", "triangle_toy", "out=/proc/x"], ["'/proc/x'", "nothing can be written"]),
        (["roads", "out=/proc/x"], ["'/proc/x'", "nothing can be written"]),
        (["run", "runs.n_runs=2", "--trace"], ["runs.n_runs is 2", "a diary tells one run"]),
        (["run", "run=4294967295", "runs.n_runs=2"], ["0 to 4294967294"]),
        (["new", "res2295.yaml"], ["shipped scenario", "my_res2295.yaml"]),
        (["compare", "cores=2", "cores=4"], ["given twice"]),
        (["compare", "resume=maybe"], ["'maybe'", "true or false"]),
        (["compare", "resume=true"], ["resume=true out=FOLDER"]),
        (["compare", "baseline=res2295", "baseline_2016", "all_of_it"], ["it is not compared"]),
        (["compare", "baseline_2016"], ["nothing to compare it with"]),
        (["compare", "res2295", "res2295"], ["named twice"]),
        (["compare", "known_answer_a", "baseline_2016"], ["do not share their past"]),
        (["compare", "--dryrun"], ["Did you mean '--dry-run'?"]),
        (["compare", "--budget-min"], ["Did you mean 'budget_min=VALUE'?"]),
        (["run", "res2295", "all_of_it"], ["2 scenarios", "convoy-risk compare"]),
        (["run", "run=-1"], ["run is -1", "0 to"]),
        (["run", "run=1.5"], ["'1.5'"]),
        (["run", "nobody.yaml"], ["no such file"]),
        (["run", "force.reinforcements.aviation.camp=nowhere", "res2295"], ["nowhere", "gao"]),
        (["roads", "roads=toy_triangel"], ["Did you mean 'toy_triangle'?"]),
        (["roads", "a", "b"], ["2 scenarios"]),
        (["scenarios", "all"], ["takes no words"]),
        (["scenarios", "x=1"], ["no option 'x'"]),
        (["explain", "force.strenght"], ["Did you mean 'force.strength'?"]),
        (["explain", "res2259"], ["Did you mean 'res2295'?"]),
        (["explain", "nobody.yaml"], ["no such file"]),
        (["explain", "policy"], ["several groups", "clearance.policy", "routing.policy"]),
        (["explain", "--registr"], ["Did you mean '--register'?"]),
        (["new"], ["0 files", "convoy-risk new my_plan.yaml"]),
        (["new", "plan.txt"], ["'plan.txt'", ".yaml"]),
        (["new", "no/such/folder/plan.yaml"], ["cannot be written"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_ends_with_exit_code_2_before_anything_runs(
    argv: list[str], parts: list[str], elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert "Allowed: " in printed.err
    for part in parts:
        assert part in printed.err
    # What the first import of a library keeps, such as a list of fonts, is no result.
    assert {path.name for path in elsewhere.iterdir()} <= {"cache"}


def test_a_mistake_leaves_the_process_with_exit_code_2_and_no_traceback() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "experiments", "compare", "+new=1"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert finished.stderr.startswith("convoy-risk compare: +new=1")
    assert "Traceback" not in finished.stderr


@pytest.mark.usefixtures("nothing_may_run")
@pytest.mark.parametrize("command", ["compare", "run", "roads"])
def test_a_folder_inside_a_file_is_refused_before_anything_runs(
    command: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "README.md").touch()
    assert main([command, "out=README.md/x/y"]) == 2
    assert "README.md is a file and no folder" in capsys.readouterr().err
    # What the first import of a library keeps, such as a list of fonts, is no result.
    assert {path.name for path in elsewhere.iterdir()} <= {"README.md", "cache"}


def test_trying_a_folder_leaves_nothing_behind(elsewhere: Path) -> None:
    assert require_writable(elsewhere / "a" / "b") == elsewhere / "a" / "b"
    # What the first import of a library keeps, such as a list of fonts, is no result.
    assert {path.name for path in elsewhere.iterdir()} <= {"cache"}


def test_what_the_system_refuses_is_one_line_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "mine/study.json")

    monkeypatch.setattr("experiments.compare.compare_scenarios", full)
    assert main(["compare", "triangle_toy", "quiet_toy", "threat=none"]) == 2
    assert capsys.readouterr().err == (
        "convoy-risk compare: mine/study.json: No space left on device.\n"
    )


def test_a_comparison_never_begun_names_those_that_were(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun = elsewhere / "results" / "compare" / "monday"
    begun.mkdir(parents=True)
    (begun / "study.json").touch()
    assert main(["compare", "resume=true", "out=tuesday"]) == 2
    assert "as results/compare/monday;" in capsys.readouterr().err


def test_what_is_odd_is_said_in_one_plain_line(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "empty.yaml").write_text("# nothing yet\n")
    assert main(["compare", "empty.yaml", "--dry-run"]) == 0
    assert capsys.readouterr().err == (
        "convoy-risk compare: warning: empty.yaml sets nothing: empty has the defaults "
        "throughout.\n"
    )


def test_help_of_compare_says_where_measures_are_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["compare", "--help"]) == 0
    assert "docs/measures.md" in capsys.readouterr().out
    assert (CHECKOUT / "docs" / "measures.md").is_file()


def test_the_makefile_shows_words_that_the_command_takes() -> None:
    text = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    (example,) = (line for line in text.splitlines() if 'make compare ARGS="' in line)
    words = example.split('ARGS="')[1].split('"')[0].split()
    line = read_line(COMPARE, words)
    load_scenario(line.words[0], line.overrides)
    assert line.options == {"budget_min": 2.0}


@pytest.mark.usefixtures("nothing_may_run")
@pytest.mark.parametrize("command", ["compare", "run", "roads"])
def test_existing_output_is_never_overwritten(
    command: str, elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "mine").mkdir()
    (elsewhere / "mine" / "notes.txt").write_text("keep me")
    assert main([command, "out=mine"]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert [path.name for path in (elsewhere / "mine").iterdir()] == ["notes.txt"]


def test_ctrl_c_ends_with_exit_code_130_and_says_what_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt("interrupted: 7 finished runs are kept in mine.")

    monkeypatch.setattr("experiments.compare.compare_scenarios", interrupted)
    assert main(["compare", "triangle_toy", "quiet_toy", "threat=none"]) == 130
    assert capsys.readouterr().err == "interrupted: 7 finished runs are kept in mine.\n"


def test_where_one_of_several_runs_fails_it_is_said_what_is_left_and_how_to_see_it_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("no convoy left")

    monkeypatch.setattr("experiments.run.replicate", fail)
    monkeypatch.setattr("sim.studies.execute.usable_cores", lambda: 1)
    line = ["triangle_toy", "runs.n_runs=2", "run=4", "runs.seed=7", "threat.adaptive=false"]
    assert main(["run", *line]) == 2
    said = capsys.readouterr().err.splitlines()
    assert "4 of scenario 'triangle_toy' with seed 7 failed: ZeroDivisionError" in "".join(said)
    alone = "convoy-risk run triangle_toy threat.adaptive=false run=4 runs.seed=7"
    assert said[-2:] == [f"To see it alone: {alone}", "0 runs were finished; none is kept."]


# --- the frame ------------------------------------------------------------------------------------

TOY = Command(
    name="run",
    words="[SCENARIO]",
    details="A toy.",
    examples=(),
    options=(Option("cores", whole_number, "1 or more", "processes"),),
    flags={"--trace": "tell all"},
)


def test_a_line_is_sorted_into_words_overrides_options_and_flags() -> None:
    line = read_line(TOY, ["res2295", "cores=2", "--trace", "force=june_2016", "runs.seed=3"])
    assert line.words == ("res2295",)
    assert line.overrides == ("force=june_2016", "runs.seed=3")
    assert line.options == {"cores": 2}
    assert line.flags == {"--trace"}


def test_the_same_option_may_be_given_twice_with_one_value() -> None:
    assert read_line(TOY, ["cores=2", "cores=2"]).options == {"cores": 2}


def test_a_name_without_a_dot_that_is_close_to_an_option_is_that_option_misspelt() -> None:
    with pytest.raises(ScenarioError, match="Did you mean 'cores'"):
        read_line(TOY, ["core=2"])


def test_an_empty_folder_may_be_used_and_another_may_not(elsewhere: Path) -> None:
    folder = elsewhere / "out"
    assert require_unused(folder) == folder
    folder.mkdir()
    assert require_unused(folder) == folder
    (folder / "a").touch()
    with pytest.raises(ResultsError):
        require_unused(folder)


# --- explain and the register ---------------------------------------------------------------------


def test_explain_tells_meaning_unit_range_source_and_grade(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "force.strength"]) == 0
    by_group = capsys.readouterr().out
    for part in ("persons", "0 to 100000", "12000", "published", "10,914", "lever"):
        assert part in by_group
    assert main(["explain", "strength"]) == 0
    assert capsys.readouterr().out == by_group


def test_explain_an_entry_explains_its_mapping(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "training.predeployment_by_contingent.Chad"]) == 0
    assert capsys.readouterr().out.startswith("training.predeployment_by_contingent\n")


def test_every_group_and_key_can_be_explained(capsys: pytest.CaptureFixture[str]) -> None:
    from sim.compose import keys
    from sim.world.scenario import GROUPS

    assert main(["explain", *GROUPS, *keys()]) == 0
    printed = capsys.readouterr().out
    assert all(key in printed for key in keys())


def test_explain_a_scenario_tells_title_baseline_and_changes(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "res2295"]) == 0
    printed = capsys.readouterr().out
    for part in ("res2295 (scenario)", "2,529 more people", "baseline baseline_2016"):
        assert part in printed
    assert "force.reinforcements.aviation: none -> 239 people" in printed
    (elsewhere / "world.yaml").write_text("scenario: {baseline: world}\nthreat: {reach_km: 99}\n")
    (elsewhere / "plan.yaml").write_text(
        "defaults: [world]\nscenario: {baseline: world}\nforce: {strength: 9000}\n"
    )
    assert main(["explain", "world.yaml", "plan.yaml"]) == 0
    world, plan = capsys.readouterr().out.split("\n\n")
    assert "threat.reach_km: 150 -> 99" in world
    assert plan.splitlines()[-1].strip() == "force.strength: 12000 -> 9000"
    assert "reach_km" not in plan


def test_explain_a_choice_tells_what_it_changes_in_each_group_that_has_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "plus_2529"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("plus_2529 (choice of force)\n")
    assert "set it   force=plus_2529" in printed
    assert "force.reinforcements.aviation: none -> 239 people" in printed
    assert main(["explain", "none"]) == 0
    printed = capsys.readouterr().out
    assert "threat=none" in printed
    assert "clearance.policy: fixed_round -> none" in printed


def test_every_scenario_and_every_choice_can_be_explained() -> None:
    from experiments.explain import explain
    from sim.compose import keys
    from sim.world.scenario import GROUPS

    for word in {name for group in (*GROUPS, "scenario") for name in choices(group)}:
        assert explain(word)
    assert explain("strength") == explain("force.strength")
    assert not {key.rpartition(".")[2] for key in keys()} & set(choices("scenario"))


def test_the_command_of_a_comparison_is_quoted_and_leaves_out_where_it_goes() -> None:
    from experiments.compare import COMMAND as COMPARE
    from experiments.compare import command_of

    words = ["my plan.yaml", "res2295", "out=x y", "resume=true", "cores=2", "budget_min=0.5"]
    line = read_line(COMPARE, [*words, "force.reinforcements.aviation={camp: gao}"])
    assert command_of(line) == (
        "convoy-risk compare 'my plan.yaml' res2295 "
        "'force.reinforcements.aviation={camp: gao}' budget_min=0.5"
    )


def test_the_register_of_parameters_is_current() -> None:
    from experiments.explain import register

    page = (CHECKOUT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert page == register(), "convoy-risk explain --register > docs/parameters.md makes it new"


# --- scenarios and new ----------------------------------------------------------------------------


def test_scenarios_are_listed_one_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("baseline_2016")
    assert sorted(line.split()[0] for line in lines) == choices("scenario")


def test_a_new_scenario_loads_and_is_never_overwritten(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", 'my "plan".yaml']) == 0
    scenario = load_scenario(elsewhere / 'my "plan".yaml')
    assert scenario.title == "my 'plan'"
    assert scenario.before == load_scenario("baseline_2016")
    assert list(scenario.force.reinforcements) == ["extra_clearance"]
    text = (elsewhere / 'my "plan".yaml').read_text()
    assert main(["new", 'my "plan".yaml']) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert (elsewhere / 'my "plan".yaml').read_text() == text


def test_a_new_scenario_keeps_the_troops_of_the_one_that_it_starts_from(elsewhere: Path) -> None:
    from experiments.new import new_scenario

    text = new_scenario("more").replace("- baseline_2016", "- res2295")
    (elsewhere / "more.yaml").write_text(text, encoding="utf-8")
    reinforcements = load_scenario(elsewhere / "more.yaml").force.reinforcements
    theirs = load_scenario("res2295").force.reinforcements
    assert list(reinforcements) == [*theirs, "extra_clearance"]


def test_everything_in_a_new_scenario_loads_when_the_comments_are_taken_away(
    elsewhere: Path,
) -> None:
    from experiments.new import new_scenario

    starts = ("  # - ", "      # ", "# clearance:", "# runs:", "# threat:", "#   ")
    lines = [
        line.replace("# ", "", 1) if line.startswith(starts) else line
        for line in new_scenario("all").splitlines()
    ]
    (elsewhere / "all.yaml").write_text("\n".join(lines), encoding="utf-8")
    scenario = load_scenario(elsewhere / "all.yaml")
    assert scenario.runs.end == "2018-07-01"
    assert scenario.clearance.available_share == 0.9
    assert scenario.force.reinforcements["extra_clearance"].ramp_days == 60.0


# --- dry runs and past runs -----------------------------------------------------------------------


@pytest.mark.usefixtures("nothing_may_run")
def test_a_dry_run_says_unknown_until_a_run_was_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.past_runs import note_runs

    monkeypatch.setattr("sim.studies.execute.usable_cores", lambda: 2)
    words = ["compare", "baseline_2016", "res2295", "--dry-run", "cores=2", "budget_min=1"]
    assert main(words) == 0
    assert "unknown" in capsys.readouterr().out
    note_runs(load_scenario("baseline_2016"), "incidents", run_s=6.0, run_bytes=2e6)
    assert main(words) == 0
    # Two scenarios of 6 s on 2 cores: 10 rounds in a minute, 20 runs, 40 MB.
    printed = capsys.readouterr().out
    for part in ("about 20: 10 of each", "60 s on 2 cores", "6 s, as measured", "40 MB"):
        assert part in printed


@pytest.mark.usefixtures("elsewhere", "nothing_may_run")
def test_more_cores_than_there_are_promise_no_sooner_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.past_runs import note_runs

    monkeypatch.setattr("sim.studies.execute.usable_cores", lambda: 2)
    note_runs(load_scenario("baseline_2016"), "incidents", run_s=6.0, run_bytes=2e6)
    words = ["compare", "baseline_2016", "res2295", "--dry-run", "budget_min=1"]
    assert main([*words, "cores=99"]) == 0
    printed = capsys.readouterr()
    assert "at most about 20: 10 of each" in printed.out
    assert "60 s on 2 cores" in printed.out
    assert "warning: cores is 99: this process may use 2, and takes these." in printed.err
    assert main([*words, "cores=2"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("nothing_may_run")
def test_a_dry_run_of_one_run_starts_nothing(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "triangle_toy", "--dry-run"]) == 0
    assert "1 of triangle_toy, 92 days" in capsys.readouterr().out
    # What the first import of a library keeps, such as a list of fonts, is no result.
    assert {path.name for path in elsewhere.iterdir()} <= {"cache"}


@pytest.mark.usefixtures("nothing_may_run")
@pytest.mark.parametrize("words", [["run", "triangle_toy"], ["compare", "all_of_it"]])
def test_a_dry_run_names_the_detail_of_which_nothing_is_known(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.past_runs import note_runs

    note_runs(load_scenario(words[1]), "incidents", 5.0)
    assert main([*words, "--dry-run", "results.detail=full"]) == 0
    assert "no run on these roads with results.detail=full" in capsys.readouterr().out


def test_a_spoilt_cache_is_no_obstacle(elsewhere: Path) -> None:
    from experiments.past_runs import note_runs, past_runs

    (elsewhere / "cache" / "convoy-risk").mkdir(parents=True)
    (elsewhere / "cache" / "convoy-risk" / "past_runs.json").write_text("[broken")
    scenario = load_scenario("baseline_2016")
    assert past_runs(scenario, "incidents") is None
    note_runs(scenario, "incidents", 5.0)
    past = past_runs(scenario, "incidents")
    assert past is not None
    assert past.run_s == pytest.approx(5.0)


def test_errors_of_ours_share_a_base() -> None:
    assert issubclass(ScenarioError, ConvoyRiskError)
