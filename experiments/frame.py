"""What all commands share: reading the line, help, dry runs, and what happens on an error.

A line is words, `KEY=VALUE` and flags, in any order. Words are scenarios, or what the command says.
`KEY=VALUE` is an option of the command where it has one of that name, and else an override of the
scenario, which `sim.compose` checks.
"""

import os
import sys
import tempfile
import textwrap
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from experiments.__main__ import COMMANDS
from sim.compose import did_you_mean
from sim.errors import ConvoyRiskError, ResultsError, ScenarioError, ScenarioWarning

COMMAND_LINE = "on the command line"
WIDTH = 100


@dataclass(frozen=True)
class Option:
    """A plain `NAME=VALUE` of a command, beside the keys of the scenario."""

    name: str
    kind: Callable[[str], Any]
    """Reads the text; raises `ValueError` where it cannot."""
    allowed: str
    meaning: str


@dataclass(frozen=True)
class Command:
    """What a command takes, as its help shows it."""

    name: str
    words: str
    """The words it takes, for the usage line."""
    details: str
    examples: tuple[str, ...]
    options: tuple[Option, ...] = ()
    flags: Mapping[str, str] = field(default_factory=dict)
    takes_overrides: bool = True

    @property
    def help_text(self) -> str:
        """What `--help` prints."""
        overrides = " [KEY=VALUE ...]" if self.takes_overrides or self.options else ""
        flags = "".join(f" [{flag}]" for flag in self.flags)
        lines = [
            f"usage: convoy-risk {self.name} {self.words}{overrides}{flags}".replace("  ", " "),
            "",
            f"{COMMANDS[self.name]}.".capitalize(),
            "",
            textwrap.fill(self.details, WIDTH),
        ]
        if self.options:
            lines += ["", "options (KEY=VALUE):"]
            lines += _columns([(f"{o.name}=", f"{o.meaning} ({o.allowed})") for o in self.options])
        if self.flags:
            lines += ["", "flags:", *_columns(list(self.flags.items()))]
        if self.takes_overrides:
            lines += [
                "",
                textwrap.fill(
                    "Every other KEY=VALUE changes the scenarios: GROUP=CHOICE or GROUP.KEY=VALUE; "
                    "`convoy-risk explain` lists the groups, `convoy-risk explain GROUP` the keys.",
                    WIDTH,
                ),
            ]
        lines += ["", "examples:", *(f"  {example}" for example in self.examples)]
        return "\n".join(lines)


@dataclass(frozen=True)
class Line:
    """A command line, read."""

    words: tuple[str, ...]
    overrides: tuple[str, ...]
    options: Mapping[str, Any]
    flags: frozenset[str]

    def option(self, name: str, default: Any = None) -> Any:
        """The value of an option, or `default` where the line has none."""
        return self.options.get(name, default)


def read_line(command: Command, argv: Sequence[str]) -> Line:
    """Sort a command line into words, overrides, options and flags.

    Raises
    ------
    ScenarioError
        For an unknown flag, an option that cannot be read or is given twice, or an override where
        the command takes none.
    """
    by_name = {option.name: option for option in command.options}
    words, overrides, flags = [], [], set()
    options: dict[str, Any] = {}
    for text in argv:
        name, equals, value = text.partition("=")
        if text.startswith("-"):
            if text not in command.flags:
                raise _unknown_flag(command, text)
            flags.add(text)
        elif not equals:
            words.append(text)
        elif name in by_name:
            read = _read_option(by_name[name], value)
            if options.setdefault(name, read) != read:
                raise ScenarioError(
                    f"{name} is given twice, as {options[name]} and {read}. "
                    f"It was set {COMMAND_LINE}. "
                    "Allowed: once."
                )
        elif command.takes_overrides:
            _refuse_misspelt_option(by_name, name, text)
            overrides.append(text)
        else:
            raise ScenarioError(
                f"{text!r}: `convoy-risk {command.name}` has no option {name!r}."
                f"{did_you_mean(name, by_name)} It was set {COMMAND_LINE}. "
                f"Allowed: {', '.join(f'{o}=' for o in by_name) or 'words alone'}."
            )
    return Line(tuple(words), tuple(overrides), options, frozenset(flags))


def run_command(command: Command, action: Callable[[Line], int], argv: Sequence[str] | None) -> int:
    """Read the line and act; errors that a user can put right end with exit code 2.

    Parameters
    ----------
    command : Command
    action : callable, Line -> exit code
    argv : sequence of str, or None for the words of this process
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if any(word in ("-h", "--help") for word in words):
        print(command.help_text)
        return 0
    try:
        with _warnings_as_lines(command):
            code = action(read_line(command, words))
        sys.stdout.flush()
        return code
    except ConvoyRiskError as error:
        print(f"convoy-risk {command.name}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as interrupt:
        print(str(interrupt) or "interrupted: nothing had been kept yet.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read the output, as `head`, has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        # A disk that is full, a folder that went away: nothing that a traceback would explain.
        where = f"{error.filename}: " if error.filename else ""
        said = error.strerror or str(error) or type(error).__name__
        print(f"convoy-risk {command.name}: {where}{said}.", file=sys.stderr)
        return 2


@contextmanager
def _warnings_as_lines(command: Command) -> Iterator[None]:
    """What is odd about a scenario is said once, in a plain line on the error stream."""
    said: set[str] = set()

    def say(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        if not issubclass(category, ScenarioWarning):
            show(message, category, *rest, **more)
        elif str(message) not in said:
            said.add(str(message))
            print(f"convoy-risk {command.name}: warning: {message}", file=sys.stderr)

    with warnings.catch_warnings():
        show = warnings.showwarning
        warnings.simplefilter("always", ScenarioWarning)
        warnings.showwarning = say
        yield


def new_folder(command: str, name: str | None = None) -> Path:
    """A folder under results/ that does not exist yet: results/COMMAND/NAME or .../TIME."""
    stem = name or datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    folder = Path("results") / command / stem
    attempt = 2
    while folder.exists():
        folder = folder.with_name(f"{stem}_{attempt}")
        attempt += 1
    return folder


def require_unused(folder: Path) -> Path:
    """`folder`, where it does not exist or is empty, and can be written to.

    Raises
    ------
    ResultsError
        Where something is there already, which is never overwritten, or nothing can be written.
    """
    try:
        is_used = folder.is_dir() and any(folder.iterdir())
    except OSError as error:
        raise _unusable(folder, error) from error
    if is_used or folder.is_file():
        raise ResultsError(
            f"out is {str(folder)!r}: something is there already, and nothing is overwritten. "
            f"It was set {COMMAND_LINE}. Allowed: a folder that is empty or does not exist yet."
        )
    return require_writable(folder)


def require_writable(folder: Path) -> Path:
    """`folder`, where files can be written into it, which is tried; nothing is left behind.

    Raises
    ------
    ResultsError
        Where the folder cannot be made, or takes no file.
    """
    made: list[Path] = []
    try:
        missing = [place for place in (folder, *folder.parents) if not place.exists()]
        for place in reversed(missing):
            place.mkdir()
            made.append(place)
        with tempfile.NamedTemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise _unusable(folder, error) from error
    finally:
        for place in reversed(made):
            place.rmdir()
    return folder


def _unusable(folder: Path, error: OSError) -> ResultsError:
    at_fault = next((place for place in (folder, *folder.parents) if place.is_file()), None)
    why = error.strerror or str(error)
    if at_fault is not None:
        why = f"{at_fault} is a file and no folder"
    return ResultsError(
        f"out is {str(folder)!r}: nothing can be written there ({why}). "
        f"It was set {COMMAND_LINE} or by "
        "default. Allowed: a folder that you may write to, or a new one inside such a folder."
    )


def whole_number(text: str) -> int:
    """The number, for an `Option`."""
    return int(text)


def counting_number(text: str) -> int:
    """A whole number from 1 on, for an `Option`."""
    value = int(text)
    if value < 1:
        raise ValueError(text)
    return value


def number(text: str) -> float:
    """The number, for an `Option`; `nan` and `inf` are none."""
    value = float(text)
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError(text)
    return value


def yes_or_no(text: str) -> bool:
    """True or false, for an `Option`."""
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if text.lower() not in words:
        raise ValueError(text)
    return words[text.lower()]


def path(text: str) -> Path:
    """A path, for an `Option`."""
    if not text:
        raise ValueError(text)
    return Path(text).expanduser()


def cores_to_use(line: Line) -> int | None:
    """The option `cores`, or None for all; never more than there are.

    Warns
    -----
    ScenarioWarning
        Where this process may not use as many.
    """
    from sim.studies.execute import usable_cores

    asked: int | None = line.option("cores")
    n_cores = usable_cores()
    if asked is None or asked <= n_cores:
        return asked
    warnings.warn(
        f"cores is {asked}: this process may use {n_cores}, and takes these. "
        f"It was set {COMMAND_LINE}.",
        ScenarioWarning,
        stacklevel=2,
    )
    return n_cores


def _read_option(option: Option, text: str) -> Any:
    try:
        return option.kind(text)
    except ValueError:
        raise ScenarioError(
            f"{option.name} is {text!r}: it cannot be used. It was set {COMMAND_LINE}. "
            f"Allowed: {option.allowed}."
        ) from None


def _refuse_misspelt_option(options: Mapping[str, Option], name: str, text: str) -> None:
    """A name without a dot that is close to an option and no group is that option misspelt."""
    from sim.world.scenario import GROUPS

    if "." in name or name in GROUPS or name == "scenario" or name[:1] in "+~":
        return
    hint = did_you_mean(name, [*options, *GROUPS])
    if any(repr(option) in hint for option in options):
        raise ScenarioError(
            f"{text!r}: there is no option {name!r}.{hint} It was set {COMMAND_LINE}. "
            f"Allowed: {', '.join(f'{o}=' for o in options)}, or a group of the scenario."
        )


def _unknown_flag(command: Command, text: str) -> ScenarioError:
    name = text.partition("=")[0]
    plain = name.lstrip("-").replace("-", "_")
    hint = did_you_mean(name, [*command.flags, "--help"])
    if any(option.name == plain for option in command.options):
        hint = f" Did you mean '{plain}=VALUE'?"
    allowed = ", ".join([*command.flags, "--help"])
    return ScenarioError(
        f"{text!r}: there is no such flag.{hint} It was set {COMMAND_LINE}. Allowed: {allowed}."
    )


def _columns(rows: Sequence[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _ in rows)
    lines = []
    for name, text in rows:
        wrapped = textwrap.wrap(text, WIDTH - width - 4)
        lines.append(f"  {name:<{width}}  {wrapped[0]}")
        lines += [" " * (width + 4) + more for more in wrapped[1:]]
    return lines
