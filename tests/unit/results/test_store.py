import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.errors import ResultsError, ResultsWarning
from sim.results import store
from sim.results.events import event_columns, events_digest
from sim.results.measures import measures_of
from sim.results.sink import Replication, RunSink, StudyIdentity
from sim.results.store import (
    ParquetSink,
    commit,
    open_study,
    read_about,
    scenario_json,
    versions,
)
from sim.world.events import Kind
from tests.unit.results.small_records import small_record, small_scenario

SCENARIOS = (small_scenario("quiet road"), small_scenario("a/b.c"))
IDENTITY = StudyIdentity(1, {scenario.name: scenario.content_hash() for scenario in SCENARIOS})


def replication(run=0):
    record, network = small_record(run)
    return Replication(measures_of(record, SCENARIOS[0], network) | {"run_s": 1.5}, record)


def sink_in(folder, detail="incidents", resume=False):
    sink = ParquetSink(folder, SCENARIOS, detail)
    sink.begin(IDENTITY, resume)
    return sink


def bytes_by_file(folder):
    return {file: file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_parquet_sink_is_a_run_sink(tmp_path):
    assert isinstance(ParquetSink(tmp_path, SCENARIOS), RunSink)


def test_what_was_put_is_read_back(tmp_path):
    sink = sink_in(tmp_path / "study", detail="full")
    for run in (1, 0):
        sink.put("a/b.c", run, replication(run))
    assert sink.has("a/b.c", 1)
    assert not sink.has("quiet road", 1)
    assert sorted((name, run) for name, run, _ in sink.load()) == [("a/b.c", 0), ("a/b.c", 1)]

    study = open_study(tmp_path / "study")
    assert study.names == ("a/b.c", "quiet road")
    measures = study.measures(["a/b.c"])
    assert list(measures["run"]) == [0, 1]
    assert list(measures["killed_and_wounded"]) == [4.0, 4.0]
    assert list(measures["run_s"]) == [1.5, 1.5]
    assert len(study.months()) == 8
    assert len(study.places()) == 4
    assert len(study.traffic()) == 10
    record, network = small_record()
    events = study.events()
    assert list(events["run"].unique()) == [0, 1]
    first = events[events["run"] == 0]
    assert events_digest(event_columns(first, network, record.camp_ids)) == events_digest(
        record.events
    )


def test_what_made_the_runs_stands_beside_them_without_a_path_of_this_machine(tmp_path):
    sink = sink_in(tmp_path / "study")
    sink.put("quiet road", 0, replication())
    about = json.loads((tmp_path / "study" / "study.json").read_text())
    assert about["seed"] == 1
    assert set(about["versions"]) >= {"python", "numpy", "numba", "mesa", "convoy-risk"}
    assert about["commit"] == commit()
    study = open_study(tmp_path / "study")
    assert study.scenarios["quiet road"]["force"]["strength"] == 12000.0
    for content in bytes_by_file(tmp_path / "study").values():
        assert str(tmp_path).encode() not in content


def test_an_own_road_folder_is_named_without_its_path(tmp_path):
    import dataclasses

    scenario = small_scenario()
    own = dataclasses.replace(
        scenario, roads=dataclasses.replace(scenario.roads, name="/data/my_roads")
    )
    assert json.loads(scenario_json(own))["roads"]["name"] == "my_roads"


def test_the_same_runs_give_the_same_bytes(tmp_path):
    contents = []
    for name in ("one", "two"):
        sink = sink_in(tmp_path / name)
        sink.put("quiet road", 0, replication())
        contents.append(list(bytes_by_file(tmp_path / name).values()))
    assert contents[0] == contents[1]


def test_a_study_is_never_overwritten(tmp_path):
    sink_in(tmp_path / "study").put("quiet road", 0, replication())
    before = bytes_by_file(tmp_path / "study")
    with pytest.raises(ResultsError, match="resume=true"):
        sink_in(tmp_path / "study")
    assert bytes_by_file(tmp_path / "study") == before


def test_a_foreign_folder_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(ResultsError, match="nothing in it is touched"):
        sink_in(tmp_path)
    with pytest.raises(ResultsError, match="no study was kept"):
        open_study(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_a_folder_of_another_program_is_named(tmp_path):
    (tmp_path / "study.json").write_text('{"format": "recipe book"}')
    with pytest.raises(ResultsError, match="recipe book"):
        open_study(tmp_path)


def test_an_interrupted_study_goes_on_from_its_finished_runs(tmp_path):
    sink_in(tmp_path / "study").put("quiet road", 0, replication(0))
    again = sink_in(tmp_path / "study", resume=True)
    assert again.has("quiet road", 0)
    again.put("quiet road", 1, replication(1))
    assert list(open_study(tmp_path / "study").measures(["quiet road"])["run"]) == [0, 1]


def made_by(monkeypatch, commit, numpy="2.4"):
    monkeypatch.setattr(store, "commit", lambda: commit)
    monkeypatch.setattr(store, "versions", lambda: {"python": "3.11.7", "numpy": numpy})


def test_another_program_that_goes_on_is_told_and_both_are_written_down(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    made_by(monkeypatch, "c0ffee")
    sink_in(folder)
    made_by(monkeypatch, "decaf", numpy="2.5")
    with pytest.warns(ResultsWarning, match=r"commit c0ffee, now decaf; numpy 2\.4, now 2\.5"):
        sink_in(folder, resume=True)
    about = read_about(folder)
    assert (about["commit"], about["versions"]["numpy"]) == ("decaf", "2.5")
    (earlier,) = about["earlier_programs"]
    assert (earlier["commit"], earlier["versions"]["numpy"]) == ("c0ffee", "2.4")


def test_a_program_that_comes_back_is_not_written_down_twice(tmp_path, monkeypatch):
    folder = tmp_path / "study"
    sink_in(folder)
    for name in ("c0ffee", "decaf", "c0ffee", "decaf"):
        made_by(monkeypatch, name)
        with pytest.warns(ResultsWarning):
            sink_in(folder, resume=True)
    commits = [program["commit"] for program in read_about(folder)["earlier_programs"]]
    assert commits == [commit(), "c0ffee"]


def test_the_same_program_goes_on_without_a_word(tmp_path, monkeypatch, recwarn):
    made_by(monkeypatch, "c0ffee")
    sink_in(tmp_path / "study")
    sink_in(tmp_path / "study", resume=True)
    assert not recwarn.list
    assert read_about(tmp_path / "study")["earlier_programs"] == []


def test_a_run_that_was_being_written_is_not_finished(tmp_path, monkeypatch):
    sink = sink_in(tmp_path / "study")
    sink.put("quiet road", 0, replication(0))

    def power_cut(partial, file):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_put_in_place", power_cut)
    with pytest.raises(KeyboardInterrupt):
        sink.put("quiet road", 1, replication(1))
    monkeypatch.undo()

    assert list(open_study(tmp_path / "study").events()["run"].unique()) == [0]
    again = sink_in(tmp_path / "study", resume=True)
    assert [again.has("quiet road", run) for run in (0, 1)] == [True, False]
    again.put("quiet road", 1, replication(1))
    assert list(open_study(tmp_path / "study").events()["run"].unique()) == [0, 1]


@pytest.mark.parametrize("detail", ["measures", "incidents"])
def test_a_half_written_file_never_bears_its_name(tmp_path, monkeypatch, detail):
    sink = sink_in(tmp_path / "study", detail)

    class FullDisk:
        def __init__(self, file, *_, **__):
            file.write(b"half")
            raise OSError("No space left on device")

    monkeypatch.setattr(store.ipc, "new_stream", FullDisk)
    with pytest.raises(OSError, match="No space"):
        sink.put("quiet road", 0, replication())
    monkeypatch.undo()
    assert list((tmp_path / "study").rglob("*.partial"))
    assert not list((tmp_path / "study").rglob("*.arrows"))
    again = sink_in(tmp_path / "study", detail, resume=True)
    assert not again.has("quiet road", 0)
    assert not list((tmp_path / "study").rglob("*.partial"))


KEPT_UNTIL_KILLED = """
import sys
from sim.results import store
from tests.unit.results.test_store import replication, sink_in

store.RUNS_A_FILE = 4
sink = sink_in(sys.argv[1])
for run in range(1000):
    sink.put("quiet road", run, replication(run))
    print(run, flush=True)
"""


def test_a_program_that_is_killed_loses_no_run_that_it_had_put(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", KEPT_UNTIL_KILLED, str(tmp_path / "study")],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while int(process.stdout.readline()) < 10:
        pass
    process.kill()
    put = [10, *map(int, process.stdout.read().split())]
    process.wait()
    kept = list(open_study(tmp_path / "study").measures(["quiet road"])["run"])
    assert kept in (list(range(put[-1] + 1)), list(range(put[-1] + 2)))
    again = sink_in(tmp_path / "study", resume=True)
    assert sorted(run for _, run, _ in again.load()) == kept


def test_when_the_study_ends_all_runs_are_in_parquet_files(tmp_path):
    sink = sink_in(tmp_path / "study")
    for run in range(3):
        sink.put("quiet road", run, replication(run))
    before = {
        table: getattr(open_study(tmp_path / "study"), table)(["quiet road"])
        for table in store.TABLES
    }
    sink.finish()
    sink.finish()
    assert not list((tmp_path / "study").rglob("*.arrows"))
    files = sorted(file.parent.parent.name for file in (tmp_path / "study").rglob("*.parquet"))
    assert files == sorted(store.TABLES)
    study = open_study(tmp_path / "study")
    for table, frame in before.items():
        pd.testing.assert_frame_equal(
            getattr(study, table)(["quiet road"]), frame, check_exact=True, check_categorical=False
        )
    again = sink_in(tmp_path / "study", resume=True)
    again.put("quiet road", 3, replication(3))
    again.finish()
    assert list(open_study(tmp_path / "study").measures(["quiet road"])["run"]) == [0, 1, 2, 3]


def test_the_order_in_which_runs_come_changes_no_byte(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RUNS_A_FILE", 3)
    contents = []
    for name, runs in (("one", range(8)), ("other", (3, 1, 0, 5, 4, 7, 2, 6))):
        sink = sink_in(tmp_path / name)
        for run in runs:
            sink.put("quiet road", run, replication(run))
        sink.finish()
        files = bytes_by_file(tmp_path / name)
        contents.append({file.relative_to(tmp_path / name): files[file] for file in files})
    assert contents[0] == contents[1]
    joined = sorted(file.name for file in contents[0] if file.parts[0] == "measures")
    assert joined == [f"runs-00000{a}-00000{b}.parquet" for a, b in ((0, 2), (3, 5), (6, 7))]


@pytest.mark.parametrize("n_tables", range(5))
def test_an_interrupted_joining_loses_and_doubles_nothing(tmp_path, monkeypatch, n_tables):
    monkeypatch.setattr(store, "RUNS_A_FILE", 2)
    sink = sink_in(tmp_path / "study")
    sink.put("quiet road", 0, replication(0))
    written, n_written = store._write_parquet, []

    def killed_at_a_table(file, table):
        if len(n_written) == n_tables:
            raise KeyboardInterrupt
        n_written.append(file)
        written(file, table)

    monkeypatch.setattr(store, "_write_parquet", killed_at_a_table)
    with pytest.raises(KeyboardInterrupt):
        sink.put("quiet road", 1, replication(1))
    monkeypatch.undo()

    n_rows = len(small_record()[0].events["time_h"]) - 1  # the sweep is kept in full alone
    assert len(open_study(tmp_path / "study").events(["quiet road"])) == 2 * n_rows
    again = sink_in(tmp_path / "study", resume=True)
    assert all(again.has("quiet road", run) for run in (0, 1))
    assert not list((tmp_path / "study").rglob("*.parquet"))
    again.finish()
    assert len(open_study(tmp_path / "study").events(["quiet road"])) == 2 * n_rows


@pytest.mark.parametrize("after", ["_single_runs", "_complete_files"])
def test_who_reads_while_runs_are_joined_misses_and_doubles_none(tmp_path, monkeypatch, after):
    monkeypatch.setattr(store, "RUNS_A_FILE", 4)
    sink = sink_in(tmp_path / "study")
    for run in range(3):
        sink.put("quiet road", run, replication(run))
    listed = getattr(store, after)

    def joined_meanwhile(*words):
        found = listed(*words)
        monkeypatch.setattr(store, after, listed)
        sink.put("quiet road", 3, replication(3))
        return found

    monkeypatch.setattr(store, after, joined_meanwhile)
    runs = list(open_study(tmp_path / "study").measures(["quiet road"])["run"])
    assert runs in ([0, 1, 2], [0, 1, 2, 3])


def test_small_files_become_one_and_nothing_is_lost_or_doubled(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "RUNS_A_FILE", 3)
    sink = sink_in(tmp_path / "study")
    for run in (3, 0, 2, 1):
        sink.put("quiet road", run, replication(run))
    names = sorted(file.name for file in (tmp_path / "study").rglob("*run*") if file.is_file())
    assert names == ["run-000003.arrows", *["runs-000000-000002.parquet"] * 5]
    # as if interrupted between the joining and the clearing away
    folder = next((tmp_path / "study" / "runs").iterdir())
    put_again = sink_in(tmp_path / "other")
    put_again.put("quiet road", 0, replication(0))
    left = next((tmp_path / "other").rglob("run-000000.arrows"))
    (folder / left.name).write_bytes(left.read_bytes())
    study = open_study(tmp_path / "study")
    assert list(study.measures(["quiet road"])["run"]) == [0, 1, 2, 3]
    n_rows = len(small_record()[0].events["time_h"]) - 1  # the sweep is kept in full alone
    assert len(study.events(["quiet road"])) == 4 * n_rows
    again = sink_in(tmp_path / "study", resume=True)
    assert sorted(run for _, run, _ in again.load()) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("identity", "detail", "said"),
    [
        (StudyIdentity(2, IDENTITY.scenarios), "incidents", "seed"),
        (StudyIdentity(1, IDENTITY.scenarios, "9.9"), "incidents", "version"),
        (StudyIdentity(1, {"quiet road": "0000"}), "incidents", "another scenario 'quiet road'"),
        (IDENTITY, "full", "detail"),
    ],
)
def test_runs_of_another_study_are_not_mixed_in(tmp_path, identity, detail, said):
    sink_in(tmp_path / "study").put("quiet road", 0, replication())
    with pytest.raises(ResultsError, match=said):
        ParquetSink(tmp_path / "study", SCENARIOS, detail).begin(identity, resume=True)


def test_another_scenario_may_join_a_study(tmp_path):
    sink_in(tmp_path / "study").put("quiet road", 0, replication())
    third = small_scenario("third")
    sink = ParquetSink(tmp_path / "study", [third])
    sink.begin(StudyIdentity(1, {"third": third.content_hash()}), resume=True)
    sink.put("third", 0, replication())
    assert sorted(name for name, _, _ in sink.load()) == ["quiet road", "third"]


@pytest.mark.parametrize("damage", [b"", b"PAR1 not really PAR1"])
@pytest.mark.parametrize("name", ["run-000000.arrows", "runs-000000-000000.parquet"])
def test_a_damaged_file_is_named(tmp_path, damage, name):
    sink = sink_in(tmp_path / "study")
    sink.put("quiet road", 0, replication())
    if name.endswith(".parquet"):
        sink.finish()
    for file in (tmp_path / "study").rglob(name):
        file.write_bytes(damage)
    with pytest.raises(ResultsError, match=rf"{name} cannot be read"):
        open_study(tmp_path / "study").events()


def test_the_file_of_a_run_that_was_cut_short_is_named(tmp_path):
    sink_in(tmp_path / "study").put("quiet road", 0, replication())
    file = next((tmp_path / "study").rglob("*.arrows"))
    whole = file.read_bytes()
    for n_bytes in (len(whole) // 4, len(whole) // 2, len(whole) - 100):
        file.write_bytes(whole[:n_bytes])
        with pytest.raises(ResultsError, match=r"run-000000\.arrows cannot be read"):
            open_study(tmp_path / "study").measures()


def test_runs_of_a_file_that_was_deleted_are_made_again(tmp_path):
    sink = sink_in(tmp_path / "study")
    sink.put("quiet road", 0, replication())
    sink.finish()
    next((tmp_path / "study" / "events").rglob("*.parquet")).unlink()
    again = sink_in(tmp_path / "study", resume=True)
    assert not again.has("quiet road", 0)
    assert not list((tmp_path / "study").rglob("*.parquet"))


@pytest.mark.parametrize("damage", ["", "{", "[1]", '{"format": "convoy-risk study"}'])
def test_a_damaged_description_is_named(tmp_path, damage):
    sink_in(tmp_path / "study")
    (tmp_path / "study" / "study.json").write_text(damage)
    with pytest.raises(ResultsError, match=r"study\.json"):
        open_study(tmp_path / "study")


def test_measures_alone_take_one_small_file(tmp_path):
    sink = sink_in(tmp_path / "study", detail="measures")
    sink.put("quiet road", 0, Replication({"strikes": 2.0}))
    assert [path.name for path in sorted((tmp_path / "study").iterdir())] == [
        "runs",
        "scenarios",
        "study.json",
    ]
    sink.finish()
    assert [path.name for path in (tmp_path / "study").rglob("*.parquet")] == [
        "runs-000000-000000.parquet"
    ]
    study = open_study(tmp_path / "study")
    assert isinstance(study.measures(), pd.DataFrame)
    with pytest.raises(ResultsError, match=r"results\.detail"):
        study.events()
    with pytest.raises(ResultsError, match="no scenario 'loud road'"):
        study.measures(["loud road"])


@pytest.mark.parametrize(("detail", "n_rows"), [("incidents", 0), ("full", 1)])
def test_passages_and_sweeps_are_kept_as_rows_in_full_alone(tmp_path, detail, n_rows):
    payload = replication()
    payload.record.events = {name: column.copy() for name, column in payload.record.events.items()}
    payload.record.events["kind"][0] = Kind.PASSED
    sink_in(tmp_path / "study", detail).put("quiet road", 0, payload)
    events = open_study(tmp_path / "study").events()
    assert (events["kind"] == "passed").sum() == n_rows
    assert (events["kind"] == "swept").sum() == n_rows
    assert open_study(tmp_path / "study").months()["sweeps"].sum() == 1


def test_a_run_without_record_is_refused_where_records_are_kept(tmp_path):
    with pytest.raises(ResultsError, match="without its record"):
        sink_in(tmp_path / "study").put("quiet road", 0, Replication({"strikes": 2.0}))


def test_an_unknown_level_of_detail_is_refused(tmp_path):
    with pytest.raises(ResultsError, match="'everything'"):
        ParquetSink(tmp_path, SCENARIOS, "everything")


def test_versions_are_those_in_use():
    import numpy as np

    assert versions()["numpy"] == np.__version__
