import numpy as np
import pytest

from sim.world.picture import Picture

DAY_H = 24.0
FIRST_TWO = np.array([0, 1], dtype=np.int32)


@pytest.fixture
def picture():
    return Picture(n_segments=3, half_life_h=10 * DAY_H)


def test_a_blank_picture_shows_the_prior_everywhere(picture):
    assert picture.hazard_per_km(5.0, 0.02, 10.0).tolist() == pytest.approx([0.02] * 3)
    assert picture.passages_per_day(5.0).tolist() == [0.0] * 3
    assert (picture.last_swept_h < -1e5).all()


def test_a_device_heard_of_raises_the_estimate_where_it_was_and_nowhere_else(picture):
    picture.hear_of_device(0.0, FIRST_TWO, np.array([0.2, 0.1]))
    # (0.02 x 10 + 0.2) / 10 and (0.02 x 10 + 0.1) / 10.
    assert picture.hazard_per_km(0.0, 0.02, 10.0).tolist() == pytest.approx([0.04, 0.03, 0.02])


def test_what_was_heard_fades_by_half_in_a_half_life(picture):
    picture.hear_of_device(0.0, FIRST_TWO, np.array([0.2, 0.1]))
    later = picture.hazard_per_km(10 * DAY_H, 0.02, 10.0)
    assert later.tolist() == pytest.approx([0.03, 0.025, 0.02])


def test_a_second_device_adds_to_what_is_left_of_the_first(picture):
    picture.hear_of_device(0.0, FIRST_TWO, np.array([0.2, 0.0]))
    picture.hear_of_device(10 * DAY_H, FIRST_TWO, np.array([0.2, 0.0]))
    assert picture.hazard_per_km(10 * DAY_H, 0.0, 10.0)[0] == pytest.approx(0.03)


def test_quiet_passages_lower_the_estimate(picture):
    picture.passages[2] = 30.0
    assert picture.hazard_per_km(0.0, 0.02, 10.0)[2] == pytest.approx(0.02 * 10 / 40)


def test_a_steady_rate_of_passages_is_given_back(picture):
    for day in range(400):
        elapsed_h = day * DAY_H - picture.passages_time_h[1]
        picture.passages[1] = picture.passages[1] * 0.5 ** (elapsed_h / (10 * DAY_H)) + 3.0
        picture.passages_time_h[1] = day * DAY_H
    # Read half a day after the last passage, between a peak and a trough.
    assert picture.passages_per_day(399.5 * DAY_H)[1] == pytest.approx(3.0, rel=1e-3)


def test_looking_changes_nothing(picture):
    picture.hear_of_device(0.0, FIRST_TWO, np.array([0.2, 0.1]))
    first = picture.hazard_per_km(100.0, 0.02, 10.0)
    picture.hazard_per_km(500.0, 0.02, 10.0)
    picture.passages_per_day(500.0)
    assert picture.hazard_per_km(100.0, 0.02, 10.0).tolist() == first.tolist()


def test_a_sweep_is_dated(picture):
    picture.hear_of_sweep(33.0, 1)
    assert picture.last_swept_h[1] == 33.0
    assert (picture.last_swept_h[[0, 2]] < -1e5).all()
