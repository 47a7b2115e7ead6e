"""Known cases for intervals: paired counts whose true mean differences are known on paper.

Every case returns (outcomes, truth): float[n_studies, n_runs, n_scenarios] with the baseline first,
and the true mean difference of each scenario from it.
"""

import numpy as np


def clustered_counts(rng, mean, dispersion, size):
    """Negative binomial counts: variance = dispersion x mean."""
    return rng.negative_binomial(mean / (dispersion - 1.0), 1.0 / dispersion, size)


def over_dispersed(rng, n_studies, n_runs):
    """A common part of mean 30 and own parts of means 20, 20, 15, 10, 5; dispersion 3."""
    size = (n_studies, n_runs, 1)
    own_means = [20.0, 20.0, 15.0, 10.0, 5.0]
    own = [clustered_counts(rng, mean, 3.0, size) for mean in own_means]
    outcomes = clustered_counts(rng, 30.0, 3.0, size) + np.concatenate(own, axis=2)
    return outcomes.astype(float), np.array(own_means) - own_means[0]


def mass_casualty(rng, n_studies, n_runs):
    """Few incidents cause most harm: incidents are Poisson, each harms a gamma mean of 1.8."""

    def harmed(mean_incidents):
        n_incidents = rng.poisson(mean_incidents, (n_studies, n_runs))
        return rng.poisson(rng.gamma(np.maximum(n_incidents, 1e-9) * 0.15, 12.0))

    shares = np.array([1.0, 1.0, 0.6, 0.3, 0.1])
    outcomes = np.stack([harmed(8.0 * share) for share in shares], axis=2)
    return outcomes.astype(float), 8.0 * 1.8 * (shares - 1.0)


def zero_heavy(rng, n_studies, n_runs):
    """Half of the differences are 0, the rest are skewed and all on one side."""
    size = (n_studies, n_runs, 4)
    prevented = np.where(rng.random(size) < 0.5, rng.negative_binomial(0.7, 0.1, size), 0)
    baseline = clustered_counts(rng, 60.0, 2.0, (n_studies, n_runs, 1))
    outcomes = np.concatenate([baseline, baseline - prevented], axis=2)
    return outcomes.astype(float), np.array([0.0] + 4 * [-0.5 * 0.7 * 0.9 / 0.1])


WORLDS = {
    "over-dispersed": over_dispersed,
    "mass-casualty": mass_casualty,
    "zero-heavy": zero_heavy,
}
