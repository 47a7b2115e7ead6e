"""A scenario of one's own: a commented file that loads as it is."""

import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.frame import COMMAND_LINE, Command, Line, run_command
from sim.compose import choices
from sim.errors import ResultsError, ScenarioError
from sim.world.scenario import LEVERS

COMMAND = Command(
    name="new",
    words="FILE",
    details="Writes a commented scenario that loads as it is. Its path is a word for the other "
    "commands, wherever it lies. An existing file is never overwritten.",
    examples=(
        "convoy-risk new my_plan.yaml",
        "convoy-risk compare baseline_2016 my_plan.yaml",
    ),
    takes_overrides=False,
)

TEMPLATE = """\
# @package _global_
# One line that says what situation this file describes, and where its numbers come from.

# Each group takes one of the shipped choices; take the # away from those that you change. A line
# takes the place of what the scenario that you start from has there: /force of all its troops.
defaults:
  - baseline_2016                      # start from this, or another scenario; must come first
{overrides}

scenario:
  title: "{title}"
  baseline: baseline_2016  # what holds until the decision date, and what this is compared with

# Single values lie over the choices above. `convoy-risk explain GROUP` lists the keys of a group,
# `convoy-risk explain GROUP.KEY` tells what one means, its unit, its range and its source.
force:
  reinforcements:
    extra_clearance:                   # a name of your own; null takes an entry away again
      camp: gao                        # camps are listed by `convoy-risk roads`
      unit_type: eod                   # or {unit_types}
      strength: 70                     # people
      arrival: "2017-03-01"            # or never
      # departure: "2018-03-01"
      # ramp_days: 60                  # companies arrive evenly over this time
      # protected_share: 1             # share of its vehicles that are mine-protected
      # predeployment_level: 0.8       # training on arrival, 0 to 1

# clearance:
#   available_share: 0.9               # share of days on which a team goes out

# What follows is the world and not a decision: it changes the past, and the baseline, as well.
# runs:
#   end: "2018-07-01"
# threat:
#   attempts_per_month: 20
"""


def new_scenario(title: str) -> str:
    """The text of a scenario file with this title; it loads as it is."""
    from sim.roads.tables import UNIT_TYPES

    rows = []
    for group in LEVERS:
        known = choices(group)
        choice = "june_2016" if group == "force" else known[0]
        row = f"  # - override /{group}: {choice}"
        rows.append(f"{row:<45}# {', '.join(known)}")
    rest = ", ".join(kind for kind in UNIT_TYPES if kind != "eod")
    return TEMPLATE.format(overrides="\n".join(rows), title=title, unit_types=rest)


def _act(line: Line) -> int:
    if len(line.words) != 1:
        raise ScenarioError(
            f"{len(line.words)} files are named: one is written. They were set {COMMAND_LINE}. "
            "Allowed: convoy-risk new FILE, as in convoy-risk new my_plan.yaml."
        )
    file = Path(line.words[0]).expanduser()
    if file.suffix not in (".yaml", ".yml"):
        raise ScenarioError(
            f"FILE is {str(file)!r}: its name does not say that it is YAML. "
            f"It was set {COMMAND_LINE}. "
            f"Allowed: a name that ends in .yaml, as in {file.name or 'my_plan'}.yaml."
        )
    if file.stem in choices("scenario"):
        raise ResultsError(
            f"FILE is {str(file)!r}: {file.stem} is the name of a shipped scenario, and a scenario "
            f"is named after its file. It was set {COMMAND_LINE}. Allowed: a name that "
            f"`convoy-risk scenarios` does not list, as in my_{file.name}."
        )
    title = file.stem.replace("_", " ").replace('"', "'").replace("\\", "/")
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(new_scenario(title))
    except FileExistsError:
        raise ResultsError(
            f"FILE is {str(file)!r}: it exists, and nothing is overwritten. "
            f"It was set {COMMAND_LINE}. "
            "Allowed: a name that is not taken."
        ) from None
    except OSError as error:
        raise ResultsError(
            f"FILE is {str(file)!r}: it cannot be written ({error.strerror}). "
            f"It was set {COMMAND_LINE}. "
            "Allowed: a file in a folder that exists and that you may write to."
        ) from None
    print(f"{file} is written. Change it, then: convoy-risk compare baseline_2016 {file}")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """The command; see `COMMAND`."""
    return run_command(COMMAND, _act, argv)


if __name__ == "__main__":
    sys.exit(main())
