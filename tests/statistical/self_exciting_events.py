"""Self-exciting events made by branching: base events first, then those that each of them brings.

Nothing here is shared with the estimators: no intensity, no likelihood, no recursion.
"""

import numpy as np


def brought_events(rng, base_days, n, beta, until_day):
    """Base events and all that descend from them, in order, d."""
    generation, everybody = base_days, [base_days]
    while len(generation):
        parents = np.repeat(generation, rng.poisson(n, len(generation)))
        generation = parents + rng.exponential(1.0 / beta, len(parents))
        generation = generation[generation < until_day]
        everybody.append(generation)
    return np.sort(np.concatenate(everybody))


def a_settled_run(rng, nu, n, beta, until_day, burn_in_days=300.0):
    """Events from day 0 on of a process that began long before it, d."""
    base = rng.uniform(-burn_in_days, until_day, rng.poisson(nu * (until_day + burn_in_days)))
    days = brought_events(rng, base, n, beta, until_day)
    return days[days >= 0.0]


def base_events(rng, rates, starts_days, until_day):
    """Poisson events whose rate is constant in each piece, d."""
    ends = np.append(starts_days[1:], until_day)
    return np.concatenate(
        [
            rng.uniform(start, end, rng.poisson(rate * (end - start)))
            for rate, start, end in zip(rates, starts_days, ends, strict=True)
        ]
    )


def a_table(runs_days):
    """The columns of an event table that estimators of time read."""
    return {
        "run": np.repeat(np.arange(len(runs_days)), [len(days) for days in runs_days]),
        "time_h": 24.0 * np.concatenate(runs_days),
    }
