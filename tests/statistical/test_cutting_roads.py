"""How finely roads are cut decides nothing: half the length of a piece, as many devices placed.

Paired runs on the grid, where pieces near camps keep their length and the others are halved, so
that a rule which counts pieces instead of kilometres would place more. The mean may move by 5%,
two and a half of its standard errors or more: a false alarm comes in 1 of 80 sets of lucks, and
the luck is fixed. Strikes are too few for such a test and were measured on the shipped roads: over
60 paired runs of `baseline_2016` (three years, seed 77) half of `roads.max_segment_km` moved
strikes by -1.4% +- 3.9%, and half of both lengths by +0.4% +- 3.4%.
"""

import numpy as np
import pytest
from small_worlds import PLAIN, a_busy_month_on_the_grid, changed

from sim.engines import reference, run_scenario
from sim.engines.reference import militant_cell
from sim.rules.emplacement import place_weights
from sim.world.events import Kind

N_RUNS = 40
ALLOWED = 0.05


def grid(max_segment_km):
    """Cells place by kilometres, or nothing, where patrols and convoys have driven."""
    busy = a_busy_month_on_the_grid(
        roads={
            "max_segment_km": max_segment_km,
            "near_camp_segment_km": 10.0,
            "near_camp_km": 15.0,
        },
        force={"closures": {}},
        runs={"start": "2016-07-01", "end": "2016-07-21", "warm_up_days": 5},
    )
    return changed(
        changed(busy, **PLAIN),
        threat={
            "attempts_per_month": 1000.0,
            "nothing_km": 2000.0,
            "beta_success": 0.0,  # success breeds success, and with it differences
        },
    )


def placements(scenario, simulate_run=run_scenario, n_runs=N_RUNS):
    return np.array(
        [
            np.count_nonzero(simulate_run(scenario, 3, run).events["kind"] == Kind.PLACED)
            for run in range(n_runs)
        ]
    )


@pytest.fixture(scope="module")
def in_long_pieces():
    return placements(grid(10.0))


def moved(here, there):
    """Mean difference and its standard error, as shares of the mean."""
    difference = there - here
    error = difference.std(ddof=1) / np.sqrt(len(difference))
    return difference.mean() / here.mean(), error / here.mean()


def test_half_the_length_of_pieces_moves_placements_by_less_than_five_percent(in_long_pieces):
    by, error = moved(in_long_pieces, placements(grid(5.0)))
    print(f"\nplaced {in_long_pieces.mean():.1f}, moved by {by:+.2%}, standard error {error:.2%}")
    assert error < ALLOWED / 2.5  # else the check could not tell
    assert abs(by) < ALLOWED


def test_a_choice_that_counts_pieces_instead_of_kilometres_is_caught(in_long_pieces, monkeypatch):
    def by_pieces(weights, candidates, n, now_h, length_km, *others):
        return place_weights(weights, candidates, n, now_h, np.full_like(length_km, 10.0), *others)

    monkeypatch.setattr(militant_cell, "place_weights", by_pieces)
    n_runs = N_RUNS // 4
    by, error = moved(
        in_long_pieces[:n_runs], placements(grid(5.0), reference.simulate_run, n_runs)
    )
    print(f"\nmoved by {by:+.2%}, standard error {error:.2%}")
    assert abs(by) > ALLOWED + 2.5 * error  # a quarter of the runs is enough to tell
