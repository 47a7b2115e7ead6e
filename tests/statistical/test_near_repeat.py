"""Does the near-repeat test raise a false alarm as often as it says, and see what is there?

Null worlds have no near repeats, yet places that come in clusters and dates that come ever faster:
place and time are independent, and that is all that the test takes for granted. Each check makes
`N_STUDIES` tables. False-alarm rate: p-values that are exactly uniform fail a check with a chance
of at most 2e-4. `pytest -s` prints what was measured.
"""

import numpy as np
from scipy import stats

from sim.stats import near_repeat as module
from sim.stats.near_repeat import near_repeat

N_STUDIES = 200
FALSE_ALARM = 1e-4
BANDS = {"distance_edges_km": [20.0, 50.0], "time_edges_days": [2.0, 14.0]}
N_EVENTS, N_REPEATS = 100, 20


def places_and_dates(rng, n_events=N_EVENTS):
    """Three towns with their surroundings, and a year in which the pace trebles; whole days."""
    towns = rng.integers(3, size=n_events)
    x_km = np.array([0.0, 120.0, 150.0])[towns] + rng.normal(0.0, 20.0, n_events)
    y_km = np.array([0.0, 0.0, 90.0])[towns] + rng.normal(0.0, 20.0, n_events)
    days = np.floor(365.0 * (np.sqrt(1.0 + 8.0 * rng.random(n_events)) - 1.0) / 2.0)
    return {"dates": days, "x_km": x_km, "y_km": y_km}


def p_values(seed=2295, n_studies=N_STUDIES):
    """float[n_studies, 5]: the four cells and the whole table."""
    rng = np.random.default_rng(seed)
    found = []
    for study in range(n_studies):
        events = places_and_dates(rng)
        table = near_repeat(**events, **BANDS, n_permutations=99, seed=study)
        found.append([*table.p_value.ravel(), table.p_value_overall])
    return np.array(found)


def test_p_values_without_near_repeats_are_uniform():
    found = p_values()
    # Counts tie, which only makes p-values larger: each level is reached at most so often.
    for level in (0.01, 0.05, 0.2, 0.5):
        most = stats.binom.isf(FALSE_ALARM / 20, N_STUDIES, level)
        reached = (found <= level + 1e-12).sum(axis=0)
        print(f"\nlevel {level}: reached in {np.round(reached / N_STUDIES, 3)}, at most", most)
        assert (reached <= most).all()
    # The overall one has no ties worth speaking of: uniform on 0.01, 0.02, ..., 1.
    jittered = found[:, -1] - 0.01 * np.random.default_rng(1).random(N_STUDIES)
    assert stats.kstest(jittered, "uniform").pvalue > FALSE_ALARM


def test_the_check_fails_where_shuffled_pairs_are_counted_to_strict_edges(monkeypatch):
    sound = module._table

    def fault(times, pairs, edges):
        is_shuffled = times.shape[1] > 1
        return sound(times, pairs, module._just_below(edges) if is_shuffled else edges)

    monkeypatch.setattr(module, "_table", fault)
    found = p_values()
    reached = (found[:, 0] <= 0.05).sum()
    print(f"\nstrict edges in shuffles: level 0.05 reached in {reached / N_STUDIES:.3f}")
    assert reached > stats.binom.isf(FALSE_ALARM / 20, N_STUDIES, 0.05)


def test_the_check_fails_where_dates_are_drawn_with_replacement(monkeypatch):

    def fault(seed, first, n_shuffles, n_items):
        return np.random.default_rng((seed, first)).integers(0, n_items, (n_shuffles, n_items))

    monkeypatch.setattr(module, "shuffles", fault)
    found = p_values()
    jittered = found[:, -1] - 0.01 * np.random.default_rng(1).random(N_STUDIES)
    assert stats.kstest(jittered, "uniform").pvalue < FALSE_ALARM


def test_near_repeats_that_are_there_are_found():
    """A fifth of events comes within 3 km and 2 days of another one."""
    rng = np.random.default_rng(7)
    n_found = 0
    for study in range(40):
        events = places_and_dates(rng)
        origin, repeat = rng.permutation(N_EVENTS)[: 2 * N_REPEATS].reshape(2, -1)
        for name, reach in (("x_km", 3.0), ("y_km", 3.0), ("dates", 2.0)):
            moved = rng.uniform(-reach, reach, len(repeat))
            events[name][repeat] = events[name][origin] + moved
        table = near_repeat(**events, **BANDS, n_permutations=99, seed=study)
        is_nearest_largest = table.ratio.argmax() == 0
        n_found += table.p_value[0, 0] == table.p_value_overall == 0.01 and is_nearest_largest
    print(f"\nnear repeats found in {n_found} of 40 studies")
    assert n_found >= 30
