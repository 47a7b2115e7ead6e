import os
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numba
import pytest

from sim import compiled
from sim.compiled import prune, source_digest

SIM = Path(compiled.__file__).parent

HALF = """
    from sim.compiled import rule

    @rule
    def half(x):
        return x / 2
"""

QUARTER = """
    from sim.compiled import rule
    from sim.rules.half import half

    @rule
    def quarter(x):
        return half(half(x))
"""

TINY_ENGINE = """
    import sys
    from sim.compiled import first_compilation
    from sim.rules.quarter import quarter

    with first_compilation("the tiny engine", "1"):
        for word in sys.argv[1:]:
            print(quarter(int(word) if word.isdigit() else float(word)))
"""


TWO_IN_ONE = """
    with first_compilation("the tiny engine", "2"):
        with first_compilation("the tiny engine", "2"):
            print("inside")
    with first_compilation("the tiny engine", "2"):
        print("again")
"""

CALL_BACK = """
    import sys
    from sim import compiled

    def told(*words):
        print(*words[3:], sep=":")
        if words[3] == 2:
            raise SystemExit("two")

    def interrupt(frame, event, argument):
        if frame.f_code is compiled._call_back.__code__:
            sys.settrace(None)
            raise KeyboardInterrupt

    compiled.keep_what_handlers_raise()
    call = compiled._callbacks[compiled.callback(told)]
    assert compiled.address_of(told, ()) > 0
    for number in (1, 2, 3):
        if number == 3:
            sys.settrace(interrupt)
        call(None, None, None, number, 7)
        try:
            compiled.raise_from_handlers()
        except BaseException as error:
            print(repr(error))
"""


@pytest.fixture
def tiny(tmp_path):
    """Runs two rules of a package of their own, with a cache of its own, in a new process."""
    package = tmp_path / "program" / "sim"
    (package / "rules").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "compiled.py").write_bytes(Path(compiled.__file__).read_bytes())
    (package / "rules" / "half.py").write_text(textwrap.dedent(HALF))
    (package / "rules" / "quarter.py").write_text(textwrap.dedent(QUARTER))
    (package / "tiny_engine.py").write_text(textwrap.dedent(TINY_ENGINE))

    def start(*words, **environment):
        return subprocess.Popen(
            [sys.executable, "-m", "sim.tiny_engine", *words],
            env={name: word for name, word in os.environ.items() if not name.startswith("NUMBA_")}
            | {"PYTHONPATH": str(package.parent), "CONVOY_RISK_CACHE": str(tmp_path / "cache")}
            | environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(*words, **environment):
        process = start(*words, **environment)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out.split(), err

    run.start = start
    run.package = package
    return run


@pytest.fixture
def package(tmp_path):
    """A package folder with one file of each kind."""
    folder = tmp_path / "sim"
    for name in ("rules/one.py", "world/events.py", "results/counts.py", "draws.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {name}\n")
    return folder


@pytest.mark.parametrize("name", ["rules/one.py", "world/events.py", "draws.py"])
def test_a_changed_rule_or_frozen_constant_has_another_cache(package, name):
    before = source_digest(package)
    (package / name).write_text("CHANGED = 1\n")
    assert source_digest(package) != before


def test_a_renamed_file_has_another_cache(package):
    before = source_digest(package)
    (package / "rules/one.py").rename(package / "rules/two.py")
    assert source_digest(package) != before


def test_a_change_elsewhere_keeps_the_cache(package):
    before = source_digest(package)
    (package / "results/counts.py").write_text("CHANGED = 1\n")
    (package / "rules/__pycache__").mkdir()
    (package / "rules/__pycache__/one.py").write_text("")
    assert source_digest(package) == before


@pytest.mark.parametrize(
    ("name", "value"), [("BOUNDSCHECK", 1), ("OPT", 0), ("DEBUGINFO_DEFAULT", 1)]
)
def test_other_settings_of_the_compiler_have_another_cache(package, monkeypatch, name, value):
    before = source_digest(package)
    monkeypatch.setattr(numba.config, name, value)
    assert source_digest(package) != before


def test_every_file_that_is_compiled_is_among_the_sources():
    for file in SIM.rglob("*.py"):
        if re.search(r"^@(rule|kernel|entry|handler)\b", file.read_text(), re.MULTILINE):
            name = file.relative_to(SIM).as_posix()
            assert any(
                name == source or name.startswith(f"{source}/") for source in compiled.SOURCES
            )


def test_two_processes_that_start_cold_are_both_right_and_later_ones_are_warm(tiny):
    processes = [tiny.start("8", "10.0"), tiny.start("10.0", "8")]
    answers = [process.communicate(timeout=120) for process in processes]
    assert [answer[0].split() for answer in answers] == [["2.0", "2.5"], ["2.5", "2.0"]]
    said = "".join(answer[1] for answer in answers)
    assert said.count("compiling the tiny engine, once for this version: about a minute") == 1
    assert re.search(r"compiled the tiny engine in \d+ s", said)
    assert tiny("8", "10.0") == (["2.0", "2.5"], "")


def test_versions_of_a_function_that_are_saved_at_once_keep_files_of_their_own(tiny, monkeypatch):
    file = type("File", (), {})()
    saved, index = {}, {}
    file._data_name_pattern = "half.{number:d}.nbc"
    file._save_data = saved.__setitem__
    # Both read the index before either writes it.
    file._load_index = dict
    file._save_index = index.update
    compiled._save_apart(file, "for an int", "code for an int")
    compiled._save_apart(file, "for a float", "code for a float")
    assert {key: saved[name] for key, name in index.items()} == {
        "for an int": "code for an int",
        "for a float": "code for a float",
    }


@pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled here")
def test_this_numba_keeps_its_cache_in_the_way_that_is_made_safe():
    from sim.rules.travel import speed_kph

    assert speed_kph._cache._cache_file.save.func is compiled._save_apart


def test_the_time_of_a_first_compilation_is_known_to_whoever_measures_runs(tiny):
    engine = tiny.package / "tiny_engine.py"
    engine.write_text(
        engine.read_text() + "from sim.compiled import compiling_s\nprint(compiling_s() > 0.0)\n"
    )
    assert tiny("8")[0] == ["2.0", "True"]
    assert tiny("8")[0] == ["2.0", "False"]


def test_what_is_called_back_in_a_first_call_may_make_the_same_call(tiny):
    engine = tiny.package / "tiny_engine.py"
    engine.write_text(engine.read_text() + textwrap.dedent(TWO_IN_ONE))
    assert tiny("8")[0] == ["2.0", "inside", "again"]


def test_a_changed_rule_reaches_a_rule_in_another_file(tiny):
    assert tiny("8")[0] == ["2.0"]
    file = tiny.package / "rules" / "half.py"
    file.write_text(file.read_text().replace("x / 2", "x / 4"))
    assert tiny("8")[0] == ["0.5"]


def test_what_a_callback_raises_is_kept_and_so_is_an_interrupt_as_it_begins(tiny):
    (tiny.package / "tiny_engine.py").write_text(textwrap.dedent(CALL_BACK))
    told, _ = tiny("8")
    assert told == ["1:7", "2:7", "SystemExit('two')", "KeyboardInterrupt()"]


def test_a_damaged_cache_is_compiled_again(tiny, tmp_path):
    tiny("8")
    for file in (tmp_path / "cache").rglob("*.nb?"):
        file.write_bytes(b"")
    assert tiny("8")[0] == ["2.0"]


def test_a_cache_that_cannot_be_written_is_done_without_and_said(tiny, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    found, said = tiny("8", CONVOY_RISK_CACHE=str(tmp_path / "letter.txt"))
    assert found == ["2.0"]
    (line,) = [line for line in said.splitlines() if "warning" in line]
    assert line.startswith(f"convoy-risk: warning: compiled code cannot be kept in {tmp_path}")
    assert line.endswith(
        "letter.txt. Allowed: a folder that can be written; CONVOY_RISK_CACHE=FOLDER names one."
    )
    assert "every process compiles anew what it uses, the engine in about a minute" in line
    assert f"It was set by CONVOY_RISK_CACHE={tmp_path / 'letter.txt'}." in line
    assert "compiled.py" not in said
    assert "compiling the tiny engine, since compiled code is not kept" in said
    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_the_folder_that_nobody_set_and_that_cannot_be_written_is_said_to_be_the_default(
    tiny, tmp_path
):
    (tmp_path / "letter.txt").write_text("dear")
    usual = {name: str(tmp_path / "letter.txt") for name in ("XDG_CACHE_HOME", "LOCALAPPDATA")}
    _, said = tiny("8", CONVOY_RISK_CACHE="", HOME=str(tmp_path / "letter.txt"), **usual)
    assert "It was set by default. Allowed: a folder that can be written" in said


def test_nothing_is_compiled_or_said_where_numba_is_told_not_to(tiny, tmp_path):
    assert tiny("8", NUMBA_DISABLE_JIT="1") == (["2.0"], "")
    assert not (tmp_path / "cache").exists()


def test_old_folders_are_removed_and_recent_or_foreign_ones_are_not(tmp_path):
    day_s = 86400.0
    for number in range(8):
        folder = tmp_path / f"{number:016x}"
        folder.mkdir()
        (folder / "half.nbi").write_text("")
        age_s = (1.0 if number < 6 else 10.0 + number) * day_s
        os.utime(folder, (time.time() - age_s, time.time() - age_s))
    for name in ("past_runs.json", "photographs"):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0.0, 0.0))
    prune(tmp_path)
    left = sorted(file.name for file in tmp_path.iterdir())
    assert left == [*(f"{number:016x}" for number in range(6)), "past_runs.json", "photographs"]


def test_the_newest_folders_stay_however_old(tmp_path):
    for number in range(compiled.KEPT_FOLDERS + 2):
        folder = tmp_path / f"{number:016x}"
        folder.mkdir()
        os.utime(folder, (1000.0 + number, 1000.0 + number))
    prune(tmp_path, keep=tmp_path / f"{0:016x}")
    left = {int(file.name, 16) for file in tmp_path.iterdir()}
    assert left == {0, *range(2, compiled.KEPT_FOLDERS + 2)}
