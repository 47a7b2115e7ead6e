"""Names carry luck and nothing else: a renamed junction changes runs, not their distribution.

Devices placed, strikes and finds of 60 months on the triangle, with its names and with another
name for each junction. Each mean is compared by Welch's t at a false-alarm rate of 1e-4; a threat
that is a quarter stronger is caught.
"""

import csv

import numpy as np
import pytest
from scipy.stats import ttest_ind
from small_worlds import a_month_on_the_triangle, all_bytes, changed, copy_of_theatre

from sim.engines import run_scenario
from sim.world.events import Kind

N_RUNS = 60
FALSE_ALARM_RATE = 1e-4
NEW_NAMES = {"west": "aaa", "north": "zzz", "east": "mmm"}
COUNTED = (Kind.PLACED, Kind.STRUCK, Kind.FOUND)


def rename_junctions(folder):
    """Give every junction another name in all tables of a theatre."""
    for table in folder.glob("*.csv"):
        with table.open(newline="") as file:
            rows = list(csv.reader(file))
        renamed = [rows[0]] + [[NEW_NAMES.get(field, field) for field in row] for row in rows[1:]]
        with table.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(renamed)


def as_it_is(**threat):
    return a_month_on_the_triangle(supply={"trucks_by_hub": {}}, threat=threat)


def counts(scenario):
    """How often each kind happened: int[n_runs, n_kinds]."""
    kinds = [run_scenario(scenario, 11, run).events["kind"] for run in range(N_RUNS)]
    return np.array([[np.count_nonzero(kind == one) for one in COUNTED] for kind in kinds])


def p_values(here, there):
    return ttest_ind(here, there, equal_var=False).pvalue


@pytest.fixture(scope="module")
def with_its_names():
    return counts(as_it_is())


@pytest.fixture
def renamed(tmp_path):
    folder = copy_of_theatre("toy_triangle", tmp_path)
    rename_junctions(folder)
    return changed(as_it_is(), roads={"name": str(folder)})


def test_renaming_every_junction_changes_nothing_in_distribution(with_its_names, renamed):
    assert all_bytes(run_scenario(renamed, 11, 0)) != all_bytes(run_scenario(as_it_is(), 11, 0))
    assert (p_values(with_its_names, counts(renamed)) > FALSE_ALARM_RATE / len(COUNTED)).all()


def test_a_quarter_more_devices_would_be_caught(with_its_names):
    stronger = counts(as_it_is(attempts_per_month=75.0))
    assert p_values(with_its_names, stronger)[0] < FALSE_ALARM_RATE / len(COUNTED)
