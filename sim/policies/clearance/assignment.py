"""Who sweeps what today: teams in a fixed order take the best pieces that they can reach."""

import math

import numpy as np

from sim.compiled import rule


@rule
def assign_pieces(  # type: ignore[no-untyped-def]
    scores, team_start, candidates, distance_km, length_km, work_h, sweep_kph, transit_kph, plan
):
    """Fill in the day's plan of every team; no piece is given to two teams.

    A team takes the piece with the highest score that still fits into its day, counting the way
    out to the farthest of its pieces and back, until nothing fits. Ties go to the nearer piece.

    Parameters
    ----------
    scores : float[n_segments], any unit
        Minus infinity keeps teams away.
    team_start : int32[n_teams + 1]
        Candidates of team t stand from `team_start[t]` to `team_start[t + 1] - 1`.
    candidates : int32[n_candidates]
        Pieces in reach, nearest first for each team.
    distance_km : float[n_candidates], km
        By road from the team's base.
    length_km : float[n_segments], km
    work_h : float[n_teams], h
        Hours of work today; 0 for a team that stays in.
    sweep_kph, transit_kph : float, km/h, > 0
    plan : int32[n_teams, n_slots]
        Filled in with pieces in the order taken, -1 behind the last.

    Returns
    -------
    int
        Number of pieces given out.

    Source
    ------
    Greedy knapsack, Dantzig (1957), Discrete-variable extremum problems, Operations Research 5.

    Examples
    --------
    One team, two pieces of 8 km at its gate, 8 h at 4 km/h: it can do both, the better one first.

    >>> import numpy as np
    >>> plan = np.full((1, 4), -1, dtype=np.int32)
    >>> start, pieces = np.array([0, 2], dtype=np.int32), np.array([0, 1], dtype=np.int32)
    >>> assign_pieces(np.array([1.0, 2.0]), start, pieces, np.zeros(2), np.full(2, 8.0),
    ...               np.array([8.0]), 4.0, 30.0, plan)
    2
    >>> plan.tolist()
    [[1, 0, -1, -1]]
    """
    plan[:, :] = -1
    is_taken = np.zeros(len(scores), dtype=np.bool_)
    n_given = 0
    for team in range(len(work_h)):
        swept_h = 0.0
        farthest_km = 0.0
        for slot in range(plan.shape[1]):
            best = -1
            best_score = -math.inf
            for place in range(team_start[team], team_start[team + 1]):
                segment = candidates[place]
                if is_taken[segment] or scores[segment] <= best_score:
                    continue
                way_h = 2.0 * max(farthest_km, distance_km[place]) / transit_kph
                if swept_h + length_km[segment] / sweep_kph + way_h <= work_h[team]:
                    best = place
                    best_score = scores[segment]
            if best < 0:
                break
            segment = candidates[best]
            is_taken[segment] = True
            swept_h += length_km[segment] / sweep_kph
            farthest_km = max(farthest_km, distance_km[best])
            plan[team, slot] = segment
            n_given += 1
    return n_given
