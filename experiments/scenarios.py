"""Which scenarios are shipped, one line each."""

import sys
from collections.abc import Sequence

from experiments.frame import Command, Line, run_command
from sim.compose import DEFAULT_SCENARIO, scenario_titles
from sim.errors import ScenarioError

COMMAND = Command(
    name="scenarios",
    words="",
    details="The name of a scenario is a word for the other commands. The files are in "
    "configs/scenario; those for teaching and verification come last.",
    examples=("convoy-risk scenarios",),
    takes_overrides=False,
)


def list_scenarios() -> str:
    """Names and titles: the baseline, then the options, then toys and known answers."""

    def rank(name: str) -> tuple[int, str]:
        is_lesson = name.endswith("_toy") or name.startswith("known_answer")
        return (0 if name == DEFAULT_SCENARIO else 2 if is_lesson else 1, name)

    titles = scenario_titles()
    width = max(len(name) for name in titles)
    return "\n".join(f"{name:<{width}}  {titles[name]}" for name in sorted(titles, key=rank))


def _act(line: Line) -> int:
    if line.words:
        raise ScenarioError(
            f"{line.words[0]!r}: the list takes no words. Allowed: `convoy-risk scenarios` alone."
        )
    print(list_scenarios())
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command; see `COMMAND`."""
    return run_command(COMMAND, _act, argv)


if __name__ == "__main__":
    sys.exit(main())
