import numpy as np
import pytest

from sim.draws import philox
from sim.stats.best import BOOTSTRAP_STREAM, chance_of_being_best, resampled_runs


@pytest.fixture
def outcomes():
    rng = np.random.default_rng(5)
    return rng.poisson([30.0, 28.0, 31.0], (60, 3)).astype(float)


def test_the_same_seed_gives_the_same_chances(outcomes):
    np.testing.assert_array_equal(
        chance_of_being_best(outcomes, 7), chance_of_being_best(outcomes, 7)
    )


def test_chances_add_up_to_one(outcomes):
    assert chance_of_being_best(outcomes, 7).sum() == pytest.approx(1.0)


def test_another_seed_changes_chances_by_less_than_their_error(outcomes):
    chances = [chance_of_being_best(outcomes, seed)[1] for seed in range(5)]
    assert 0.0 < np.ptp(chances) < 0.05


def test_resamples_are_looked_up_by_the_published_generator():
    word = philox(3, 0, BOOTSTRAP_STREAM, 2, 0, 1)[1]  # second word of block 1: draw 5
    assert resampled_runs(3, 0, 4, 9)[2, 5] == (word * 9) >> 32


def test_every_run_is_taken_equally_often():
    taken = np.bincount(resampled_runs(1, 0, 4000, 30).ravel(), minlength=30)
    # Chi-square with 29 degrees of freedom exceeds 70 with a chance of 3e-5.
    assert ((taken - 4000) ** 2 / 4000).sum() < 70


def test_a_scenario_outside_the_tolerance_takes_no_part(outcomes):
    chances = chance_of_being_best(outcomes, 7, [True, False, True])
    assert np.isnan(chances[1])
    assert np.nansum(chances) == pytest.approx(1.0)


def test_no_chance_is_given_below_thirty_pairs_or_without_candidates(outcomes):
    assert chance_of_being_best(outcomes[:29], 7) is None
    assert chance_of_being_best(outcomes[:30], 7) is not None
    assert chance_of_being_best(outcomes, 7, [False] * 3) is None


def test_resampling_in_pieces_changes_nothing():
    whole = resampled_runs(1, 0, 10, 33)
    parts = np.vstack([resampled_runs(1, first, 5, 33) for first in (0, 5)])
    np.testing.assert_array_equal(whole, parts)
