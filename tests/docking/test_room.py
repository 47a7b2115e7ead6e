"""A run that outgrows its room is made again with more, and gives the same events.

Every shape is compiled apart, so these runs are made without a compiler, in a process of their own.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]

LISTS = {"n_agenda": 16, "n_rows": 1, "n_live": 1, "n_loads": 1, "n_convoys": 1}
JOURNEYS = {"n_legs": 2, "n_meetings": 1}
"""So much room at first, where the run needs more."""

PROGRAM = f"""
import warnings
warnings.simplefilter("ignore", RuntimeWarning)
import dock
from small_worlds import a_busy_month_on_the_grid, changed
from sim.engines.batch import layout, time_runs
from sim.engines.batch.shape import shape_for

# Strikes on cells are drawn at their ceiling, and a high one makes a plain run five times as long.
busy = a_busy_month_on_the_grid(
    attrition={{"strikes_ceiling_factor": 10.0}},
    runs={{"end": "2016-07-15", "warm_up_days": 0}},
)
reference = dock.reference(busy, 3, 1)
for tight in ({LISTS}, {JOURNEYS}):
    layout.shape_for = lambda world: shape_for(world)._replace(**tight)
    scenario = changed(busy)
    difference = dock.first_difference(reference, dock.batch(scenario, 3, 1))
    grown = layout.tables_of(scenario).shape
    print((difference, [name for name in tight if getattr(grown, name) > tight[name]]))
print(len(reference.record.events["time_h"]))
scenario = changed(busy)
time_runs(scenario, 3, [1])
print(layout.tables_of(scenario).shape == grown)
"""


@pytest.fixture(scope="module")
def told():
    """What the program prints: of either kind of room what differed and what had to grow."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [ast.literal_eval(line) for line in done.stdout.splitlines()]


def test_a_run_that_needs_more_room_gives_the_same_events(told):
    difference, grown = told[0]
    assert difference is None
    assert grown == list(LISTS)


def test_journeys_and_meetings_may_outgrow_their_room_too(told):
    difference, grown = told[1]
    assert difference is None
    assert grown == list(JOURNEYS)


def test_the_run_that_is_repeated_has_events_to_lose(told):
    assert told[2] > 100


def test_a_run_that_is_timed_gets_the_room_that_it_needs_too(told):
    assert told[3] is True
