"""`convoy-risk COMMAND`: finds the command and hands the rest of the line to it.

Nothing heavy is imported here, so that help appears at once.
"""

import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version

COMMANDS = {
    "compare": "compare scenarios on the same luck: casualties, supply, delay, with intervals",
    "run": "make one run and show its measures; --trace tells it as a diary",
    "targets": "set runs beside what was published about 2013-2016, target by target",
    "roads": "print the corridors from hub to camp, and draw the map of the roads",
    "scenarios": "list the shipped scenarios, one line each",
    "explain": "tell what a key means: unit, range, default, source, grade",
    "new": "write a commented scenario of your own to start from",
}
"""Commands in the order of a first visit; each is the module of that name in this folder."""


def help_text() -> str:
    """What `convoy-risk --help` prints."""
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {summary}" for name, summary in COMMANDS.items()]
    return "\n".join(
        [
            "Compare what protects supply convoys: force size, clearance, training, routing.",
            "",
            "usage: convoy-risk COMMAND [SCENARIO ...] [KEY=VALUE ...]",
            "",
            *lines,
            "",
            "`convoy-risk COMMAND --help` tells more, with examples. "
            "`python -m experiments.COMMAND` does the same.",
        ]
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the exit code is 0, 2 for what a user can put right, 130 after Ctrl-C."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print(help_text())
        return 0
    if words[0] == "--version":
        print(f"convoy-risk {_version()}")
        return 0
    name = words[0]
    if name not in COMMANDS:
        close = get_close_matches(name, COMMANDS, n=1)
        hint = f" Did you mean {close[0]!r}?" if close else ""
        print(
            f"command {name!r}: there is no such command.{hint} Allowed: {', '.join(COMMANDS)}; "
            "`convoy-risk --help` says what they do.",
            file=sys.stderr,
        )
        return 2
    code: int = import_module(f"experiments.{name}").main(words[1:])
    return code


def _version() -> str:
    try:
        return version("convoy-risk")
    except PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    sys.exit(main())
