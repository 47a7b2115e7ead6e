"""What a stranger's machine needs: versions, interpreters, licences, no trace of ours."""

import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from sim.config_folder import config_folder

CHECKOUT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
CONSTRAINT_FILES = sorted((CHECKOUT / "constraints").glob("python-*.txt"))
SUPPORTED = [path.stem.removeprefix("python-") for path in CONSTRAINT_FILES]


def lines_of(path: Path) -> list[str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def versions_in(path: Path) -> dict[str, Version]:
    pairs = (line.split("==") for line in lines_of(path))
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def requirements_of_the_project() -> list[Requirement]:
    """Everything asked for, but for the notebooks, whose versions are not tested."""
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *extras["test"], *extras["dev"]]
    requirements = [Requirement(text) for text in asked]
    return [each for each in requirements if each.name != PROJECT["name"]]


def files_of_the_project() -> list[Path]:
    """The files that git keeps or would keep; all files of the tree where git does not know it."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=CHECKOUT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    paths = (CHECKOUT / name for name in listed.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


# --- tested versions ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CONSTRAINT_FILES, ids=SUPPORTED)
def test_constraint_file_holds_names_and_versions_and_no_address(path: Path) -> None:
    for line in lines_of(path):
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.+!]*", line), line


@pytest.mark.parametrize("path", CONSTRAINT_FILES, ids=SUPPORTED)
def test_tested_versions_lie_within_the_ranges_of_the_project(path: Path) -> None:
    tested = versions_in(path)
    for requirement in requirements_of_the_project():
        name = canonicalize_name(requirement.name)
        assert name in tested, f"{name} has no tested version in {path.name}"
        assert tested[name] in requirement.specifier, f"{name} {tested[name]} in {path.name}"


@pytest.mark.parametrize("text", PROJECT["dependencies"])
def test_every_dependency_has_a_floor_and_a_ceiling(text: str) -> None:
    operators = {each.operator for each in Requirement(text).specifier}
    assert operators == {">=", "<"}


def test_the_oldest_supported_python_is_the_floor_of_the_project() -> None:
    assert PROJECT["requires-python"] == ">=3.11"
    assert min(SUPPORTED, key=Version) == "3.11"


def test_both_generations_of_mesa_are_tested() -> None:
    mesa = {path.stem: versions_in(path)["mesa"] for path in CONSTRAINT_FILES}
    assert mesa["python-3.11"] == Version("3.3.1")
    assert mesa["python-3.12"] > Version("3.3.1")


# --- where things lie -----------------------------------------------------------------------------


def test_configs_are_found_and_hold_scenarios() -> None:
    assert config_folder().is_dir()
    assert any((config_folder() / "scenario").glob("*.yaml"))


def test_packaged_configs_win_over_those_beside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sim" / "_configs").mkdir(parents=True)
    (tmp_path / "configs").mkdir()
    module = sys.modules["sim.config_folder"]
    monkeypatch.setattr(module, "__file__", str(tmp_path / "sim" / "config_folder.py"))
    assert config_folder() == tmp_path / "sim" / "_configs"


def test_no_source_file_is_hidden_from_git() -> None:
    files_of_the_project()  # skips where git does not know the tree
    sources = [path for top in ("sim", "experiments") for path in (CHECKOUT / top).rglob("*.py")]
    command = ["git", "check-ignore", "--no-index", "--stdin"]
    names = "\n".join(str(path.relative_to(CHECKOUT)) for path in sources)
    ignored = subprocess.run(command, cwd=CHECKOUT, input=names, capture_output=True, text=True)
    assert ignored.stdout == ""


# --- licences -------------------------------------------------------------------------------------


def licensed_patterns() -> list[str]:
    table = (CHECKOUT / "DATA_LICENSES.md").read_text()
    return re.findall(r"^\| `(sim/data/[^`]+)` \|", table, flags=re.MULTILINE)


def shipped_data() -> list[str]:
    files = (CHECKOUT / "sim" / "data").rglob("*")
    data = (path for path in files if path.is_file() and path.suffix not in {".py", ".pyc"})
    return sorted(path.relative_to(CHECKOUT).as_posix() for path in data)


def test_the_licence_of_the_code_is_apache_2() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    assert (
        "Apache License\n                           Version 2.0"
        in (CHECKOUT / "LICENSE").read_text()
    )


@pytest.mark.parametrize("name", shipped_data())
def test_every_data_file_has_its_licence(name: str) -> None:
    assert any(fnmatch(name, pattern) for pattern in licensed_patterns())


@pytest.mark.parametrize("pattern", licensed_patterns())
def test_every_licensed_data_file_exists(pattern: str) -> None:
    assert any(fnmatch(name, pattern) for name in shipped_data())


# --- a stranger's machine -------------------------------------------------------------------------


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    places = "|".join(("root", "work", "home/[a-z]", "Users/[A-Za-z]", "tmp/[a-z]"))
    machine_path = re.compile(rf"(?<![\w.$}}~/])/(?:{places})[\w.-]*/")
    found = []
    for path in files_of_the_project():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), start=1):
            if machine_path.search(line):
                found.append(f"{path.relative_to(CHECKOUT)}:{number}: {line.strip()[:80]}")
    assert found == []


@pytest.fixture
def machine(tmp_path: Path):
    """A machine whose PATH holds a shell, a few small tools and the Pythons that it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "ls", "sed", "sort", "tr"):
        for place in ("/bin", "/usr/bin"):
            if Path(place, name).exists():
                (folder / name).symlink_to(Path(place, name))
                break

    def find(pythons: dict[str, str], named: str = "", *, with_venv: bool = True):
        for name, version in pythons.items():
            script = folder / name
            answer = "exit 0" if with_venv else "exit 1"
            script.write_text(
                f'#!/bin/sh\ncase "$2" in *ensurepip*) {answer} ;; *) echo {version} ;; esac\n'
            )
            script.chmod(0o755)
        return subprocess.run(
            ["/bin/sh", str(CHECKOUT / "tools" / "find_python.sh")],
            env={"PATH": str(folder), "PYTHON": named, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
        )

    return find


def test_python3_is_chosen_where_it_is_supported(machine) -> None:
    assert machine({"python3": "3.12", "python3.11": "3.11"}).stdout == "python3\n"


def test_another_python_is_chosen_where_python3_is_too_old(machine) -> None:
    assert machine({"python3": "3.9", "python3.11": "3.11"}).stdout == "python3.11\n"


def test_a_named_python_is_chosen_before_all_others(machine) -> None:
    found = machine({"python3": "3.12", "python3.11": "3.11"}, named="python3.11")
    assert found.stdout == "python3.11\n"


def test_a_python_without_venv_is_handed_on_to_be_explained(machine) -> None:
    assert machine({"python3": "3.12"}, with_venv=False).stdout == "python3\n"


@pytest.mark.parametrize(
    ("pythons", "named", "said"),
    [
        ({}, "", "No supported Python found"),
        ({"python3": "3.9"}, "", "python3 is 3.9"),
        ({"python3": "3.99"}, "", "python3 is 3.99"),
        ({"python3": "3.12", "old": "3.9"}, "old", "PYTHON=old is Python 3.9"),
        ({"python3": "3.12"}, "nowhere", "PYTHON=nowhere does not run"),
    ],
)
def test_a_missing_python_gives_one_line_with_the_way_out(machine, pythons, named, said) -> None:
    found = machine(pythons, named)
    assert found.returncode == 1
    assert found.stdout == ""
    assert len(found.stderr.splitlines()) == 1
    assert said in found.stderr
    assert ", ".join(sorted(SUPPORTED, key=Version)) in found.stderr
    assert "PYTHON=" in found.stderr


def test_set_up_turns_away_a_python_without_venv_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError('no ensurepip here')\n")
    turned_away = subprocess.run(
        [sys.executable, str(CHECKOUT / "tools" / "set_up.py"), "--folder", str(tmp_path / "env")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert turned_away.returncode == 2
    assert len(turned_away.stderr.splitlines()) == 1
    assert "no ensurepip here" in turned_away.stderr
    assert "-venv" in turned_away.stderr
    assert not (tmp_path / "env").exists()


def test_set_up_never_removes_an_environment_that_it_did_not_make(tmp_path: Path) -> None:
    precious = tmp_path / "env" / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("mine")
    turned_away = subprocess.run(
        [sys.executable, str(CHECKOUT / "tools" / "set_up.py"), "--folder", str(tmp_path / "env")],
        capture_output=True,
        text=True,
    )
    assert turned_away.returncode == 2
    assert "made by something else" in turned_away.stderr
    assert precious.read_text() == "mine"
