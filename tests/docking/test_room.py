"""A run that outgrows its room is made again with more, and gives the same events.

Every shape is compiled apart, so these runs are made without a compiler, in a process of their own.
"""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]

PROGRAM = """
import warnings
warnings.simplefilter("ignore", RuntimeWarning)
import dock
from small_worlds import a_busy_month_on_the_grid
from sim.engines.batch import layout
from sim.engines.batch.shape import Shape, shape_for

TIGHT = {tight}
layout.shape_for = lambda world: shape_for(world)._replace(**TIGHT)
scenario = a_busy_month_on_the_grid(runs={{"end": "2016-07-07"}})
difference = dock.first_difference(
    dock.reference(scenario, 3, 1), dock.batch(scenario, 3, 1)
)
print(difference)
grown = layout.tables_of(scenario).shape
print(sorted(name for name in TIGHT if getattr(grown, name) > TIGHT[name]))
"""


def grown_from(**tight):
    """What differed, and which fields of the shape had to grow."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(tight=tight)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    difference, grown = done.stdout.splitlines()
    return difference, grown


def test_a_run_that_needs_more_room_gives_the_same_events():
    difference, grown = grown_from(n_agenda=16, n_rows=1, n_live=1, n_loads=1, n_convoys=1)
    assert difference == "None"
    assert grown == "['n_agenda', 'n_convoys', 'n_live', 'n_loads', 'n_rows']"


def test_journeys_and_meetings_may_outgrow_their_room_too():
    difference, grown = grown_from(n_legs=2, n_meetings=1)
    assert difference == "None"
    assert "n_legs" in grown
