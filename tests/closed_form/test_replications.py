"""How many runs a wanted precision takes: the number on paper."""

from sim.stats.counts import replications_needed


def test_case_d_takes_94_one_year_runs_for_five_percent():
    hits_per_day = 0.2 * 0.5 * 0.3 / (0.5 * 0.3 + 1.0 * 0.5 + 0.02)  # lambda tau p / mu
    assert round(hits_per_day, 6) == 0.044776
    assert replications_needed(0.05, mean=16.3, dispersion=1.0) == 94
    assert replications_needed(0.05, mean=365 * hits_per_day, dispersion=1.0) == 94
