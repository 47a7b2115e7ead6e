"""Short runs on the triangle through the command line and through Python."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.__main__ import main
from sim import compare, load_scenario, simulate
from sim.errors import ResultsError, ScenarioError
from sim.policies.clearance import POLICIES
from sim.results.store import open_study


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """We stand in an empty folder, with an empty cache."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


@pytest.mark.smoke
def test_a_run_shows_its_measures_and_keeps_nothing(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "triangle_toy", "run=2"]) == 0
    printed = capsys.readouterr().out
    assert "run 2 of seed 1" in printed
    assert "Killed and wounded (persons)" in printed
    # How long it took is kept in the cache, unless nearly all of it was compiling.
    assert {path.name for path in elsewhere.iterdir()} <= {"cache"}


@pytest.mark.smoke
def test_several_runs_show_mean_and_spread_and_are_kept(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "triangle_toy", "run=1", "runs.n_runs=2", "out=two"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("runs 1 to 2 of seed 1")
    measures = open_study(elsewhere / "two").measures()
    assert measures["run"].tolist() == [1, 2]
    (strikes,) = (line.split() for line in lines if line.startswith("  Strikes (strikes)"))
    found = measures["strikes"]
    expected = [found.mean(), found.std(), found.min(), found.max()]
    assert [float(cell) for cell in strikes[2:]] == pytest.approx(expected, abs=0.05)


@pytest.mark.smoke
def test_a_trace_is_a_diary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "triangle_toy", "--trace"]) == 0
    assert "convoy" in capsys.readouterr().out


@pytest.mark.smoke
def test_runs_are_set_beside_what_was_published(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["targets", "triangle_toy", "runs.n_runs=2", "out=scored"]) == 0
    printed = capsys.readouterr().out
    assert "2 runs of seed 1" in printed
    assert "of 19 within a factor of 1.5" in printed
    table = pd.read_csv(elsewhere / "scored" / "targets.csv")
    runs = pd.read_csv(elsewhere / "scored" / "runs.csv")
    assert runs["run"].tolist() == [0, 1]
    found = table.set_index("target").loc["patrols_per_year", "found"]
    name = "patrols_per_year"
    assert found == pytest.approx(runs[f"{name} above"].mean() / runs[f"{name} below"].mean())


def test_one_scenario_is_scored_and_nothing_is_overwritten(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["targets", "triangle_toy", "quiet_toy"]) == 2
    assert "one is scored" in capsys.readouterr().err
    (elsewhere / "scored").mkdir()
    (elsewhere / "scored" / "mine.txt").write_text("kept")
    assert main(["targets", "triangle_toy", "out=scored"]) == 2
    assert "something is there already" in capsys.readouterr().err


@pytest.mark.smoke
def test_a_kept_run_can_be_opened(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "triangle_toy", "out=one"]) == 0
    assert capsys.readouterr().out.endswith("Kept in one\n")
    study = open_study(elsewhere / "one")
    assert study.names == ("triangle_toy",)
    assert len(study.measures()) == 1


@pytest.mark.smoke
def test_a_comparison_writes_its_table_its_figures_and_a_csv_behind_each(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["compare", "triangle_toy", "sweeps.yaml", "max_runs=2", "cores=1", "out=mine"]
    (elsewhere / "sweeps.yaml").write_text(
        "defaults: [triangle_toy, override /clearance: ahead_of_convoy]\n"
        "scenario: {title: Ahead, baseline: triangle_toy}\n"
    )
    assert main(words) == 0
    printed = capsys.readouterr().out
    assert "\ntriangle_toy  " in printed
    assert "\nsweeps  " in printed
    page = (elsewhere / "mine" / "comparison.md").read_text()
    assert "| sweeps |" in page
    assert "- Command: `convoy-risk compare triangle_toy sweeps.yaml max_runs=2`\n" in page
    assert "- `clearance.policy: fixed_round -> ahead_of_convoy`\n" in page
    assert "commit" in page
    for name in ("comparison", "rates", "incidents", "monthly", "warm_up"):
        assert (elsewhere / "mine" / f"{name}.png").stat().st_size > 10_000
        assert len(pd.read_csv(elsewhere / "mine" / f"{name}.csv")) > 0
    assert main(words) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert main([*words, "resume=true"]) == 0
    assert capsys.readouterr().out == printed


def test_roads_are_shown_and_drawn(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roads", "roads=toy_triangle", "out=map"]) == 0
    printed = capsys.readouterr().out
    assert "West" in printed
    assert "by their ids: north, west." in printed
    assert (elsewhere / "map" / "roads.png").is_file()


@pytest.mark.smoke
def test_simulate_gives_events_measures_and_a_plot() -> None:
    many = simulate(
        "triangle_toy",
        n_runs=2,
        seed=3,
        engine="reference",
        overrides={"force.strength": 500},
        n_workers=1,
    )
    assert many.scenario.force.strength == 500.0
    assert many.measures["run"].tolist() == [0, 1]
    assert set(many.events["scenario"]) == {"triangle_toy"}
    struck = many.events[many.events["kind"] == "struck"].groupby("run").size()
    counted = many.measures.set_index("run")["strikes"]
    assert (struck.reindex([0, 1], fill_value=0) >= counted).all()
    assert len(many.plot().axes) >= 2
    assert repr(many).startswith("<Simulation triangle_toy: 2 runs of seed 3;")
    assert len(repr(many)) < 120


def test_a_loaded_scenario_takes_no_overrides() -> None:
    scenario = load_scenario("triangle_toy")
    with pytest.raises(ScenarioError, match="final"):
        simulate(scenario, n_runs=1, overrides={"force.strength": 500})
    with pytest.raises(ScenarioError, match="final"):
        compare([scenario, "quiet_toy"], {"force.strength": 500})


def test_simulate_checks_its_options_as_the_command_line_does() -> None:
    with pytest.raises(ScenarioError, match=r"runs\.n_runs is 0"):
        simulate("triangle_toy", n_runs=0)
    with pytest.raises(ScenarioError, match=r"engine\.name"):
        simulate("triangle_toy", n_runs=1, engine="fast")


def test_compare_refuses_options_worlds_and_measures_that_do_not_fit() -> None:
    with pytest.raises(ScenarioError, match="no option 'budget'"):
        compare(["known_answer_a", "known_answer_b"], budget=1)
    with pytest.raises(ScenarioError, match="do not share their past"):
        compare(["triangle_toy", "quiet_toy"], max_runs=2)
    with pytest.raises(ResultsError, match="no such measure"):
        compare(["known_answer_a", "known_answer_b"], measure="strike", max_runs=2)


README = Path(__file__).resolve().parents[3] / "README.md"


def examples_of_the_readme() -> list[str]:
    """Blocks of Python, as they stand."""
    text = README.read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_readme_are_found_and_are_python() -> None:
    examples = examples_of_the_readme()
    assert len(examples) >= 3
    for example in examples:
        compile(example, "README.md", "exec")


@pytest.mark.filterwarnings("ignore::sim.errors.PolicyWarning")
def test_examples_of_the_readme_on_small_worlds_run_as_they_stand() -> None:
    """Those on `baseline_2016` take minutes; the same calls are tested above on small worlds."""
    names: list[dict[str, Any]] = []
    try:
        for example in examples_of_the_readme():
            if "triangle_toy" in example:
                names.append({})
                exec(example, names[-1])
        (mine,) = (of_one["mine"] for of_one in names if "mine" in of_one)
        assert mine.scenario.clearance.policy == "longest_unswept"
        assert len(mine.measures) == 4
        assert mine.measures["sweeps"].min() > 0.0
        assert any("model" in of_one for of_one in names)
    finally:
        POLICIES.pop("longest_unswept", None)
