"""Who sweeps what today: teams in a fixed order take the best pieces that they can reach."""

import math

import numpy as np

from sim.compiled import rule


@rule
def assign_pieces(  # type: ignore[no-untyped-def]
    scores, team_base, base_start, candidates, base_km, between_start, between_km, length_km,
    work_h, sweep_kph, transit_kph, plan, way_km, home_km,
):  # fmt: skip
    """Fill in the day's plan of every team; no piece is given to two teams.

    A team takes the piece with the highest score that still fits into its day, until nothing fits.
    It drives its pieces from the nearest to its base outward, and what counts is that drive with
    all its sweeps (`drive_round`). Of pieces with one score the nearer is taken.

    Parameters
    ----------
    scores : float[n_segments], any unit
        Minus infinity keeps teams away.
    team_base : int32[n_teams]
        Number of the base of each team.
    base_start : int32[n_bases + 1]
        Candidates of base b stand from `base_start[b]` to `base_start[b + 1] - 1`.
    candidates : int32[n_candidates]
        Pieces in reach, nearest first for each base.
    base_km : float[n_candidates, 2], km
        By road from the base to the two ends of a piece.
    between_start : int64[n_bases + 1]
        Ways of base b stand from `between_start[b]` to `between_start[b + 1] - 1`.
    between_km : float[n_ways], km
        By road from each end of each candidate of a base to each end of each, row by row: end x of
        its i-th of n candidates and end y of its j-th at place (2 i + x) 2 n + 2 j + y.
    length_km : float[n_segments], km
    work_h : float[n_teams], h
        Hours of work today; 0 for a team that stays in.
    sweep_kph, transit_kph : float, km/h, > 0
    plan : int32[n_teams, n_slots]
        Filled in with pieces in driving order, -1 behind the last.
    way_km, home_km : float[n_teams, n_slots], km
        Filled in with the way to each of these pieces from the one before (from the base), and
        from it home.

    Returns
    -------
    int
        Number of pieces given out.

    Source
    ------
    Greedy knapsack, Dantzig (1957), Discrete-variable extremum problems, Operations Research 5.

    Examples
    --------
    A base on a road of two pieces of 8 km, one to each side, and one team with 8 h at 4 km/h. Two
    sweeps take 4 h, and 8 km back from the first and 8 from the second half an hour at 32 km/h.

    >>> import numpy as np
    >>> plan = np.full((1, 3), -1, dtype=np.int32)
    >>> way_km, home_km = np.zeros((1, 3)), np.zeros((1, 3))
    >>> at_km = np.array([0.0, 8.0, 0.0, -8.0])  # both ends of the one piece, then of the other
    >>> one = np.zeros(1, dtype=np.int32)
    >>> assign_pieces(np.array([1.0, 2.0]), one, np.array([0, 2], dtype=np.int32),
    ...               np.array([0, 1], dtype=np.int32), np.abs(at_km).reshape(2, 2),
    ...               np.array([0, 16]), np.abs(at_km[:, None] - at_km).ravel(), np.full(2, 8.0),
    ...               np.array([4.5]), 4.0, 32.0, plan, way_km, home_km)
    2
    >>> plan.tolist(), way_km.tolist(), home_km.tolist()
    ([[0, 1, -1]], [[0.0, 8.0, 0.0]], [[8.0, 8.0, 0.0]])
    """
    n_slots = plan.shape[1]
    plan[:, :] = -1
    way_km[:, :] = 0.0
    home_km[:, :] = 0.0
    is_taken = np.zeros(len(scores), dtype=np.bool_)
    taken = np.empty(n_slots, dtype=np.int32)
    trial = np.empty(n_slots, dtype=np.int32)
    trial_way_km = np.empty(n_slots)
    trial_home_km = np.empty(n_slots)
    n_given = 0
    for team in range(len(work_h)):
        base = team_base[team]
        first = base_start[base]
        ends_km = base_km[first : base_start[base + 1]]
        ways_km = between_km[between_start[base] : between_start[base + 1]]
        swept_h = 0.0
        n_taken = 0
        while n_taken < n_slots:
            best = -1
            best_score = -math.inf
            for place in range(base_start[base + 1] - first):
                segment = candidates[first + place]
                if is_taken[segment] or scores[segment] <= best_score:
                    continue
                effort_h = swept_h + length_km[segment] / sweep_kph
                if effort_h > work_h[team]:
                    continue
                insert_place(taken, n_taken, place, trial)
                round_km = drive_round(
                    trial, n_taken + 1, ends_km, ways_km, trial_way_km, trial_home_km
                )
                if effort_h + round_km / transit_kph <= work_h[team]:
                    best = place
                    best_score = scores[segment]
            if best < 0:
                break
            insert_place(taken, n_taken, best, trial)
            n_taken += 1
            taken[:n_taken] = trial[:n_taken]
            segment = candidates[first + best]
            is_taken[segment] = True
            swept_h += length_km[segment] / sweep_kph
        drive_round(taken, n_taken, ends_km, ways_km, way_km[team], home_km[team])
        for slot in range(n_taken):
            plan[team, slot] = candidates[first + taken[slot]]
        n_given += n_taken
    return n_given


@rule
def drive_round(order, n_pieces, ends_km, ways_km, way_km, home_km):  # type: ignore[no-untyped-def]
    """Kilometres that a team drives from its base to its pieces and home, sweeps apart.

    It comes to each piece at the end that is nearer to where it stands (of two as near, the first),
    sweeps to the other end, and drives on from there.

    Parameters
    ----------
    order : int32[n_slots]
        Places among the candidates of the base, in driving order.
    n_pieces : int
        How many of them count.
    ends_km : float[n_candidates, 2], km
    ways_km : float[(2 * n_candidates) ** 2], km
        As `base_km` and `between_km` of `assign_pieces`, of this base alone.
    way_km, home_km : float[n_slots], km
        Filled in with the way to each piece, and from its far end to the base.

    Returns
    -------
    float, km
        All ways, with that from the last piece home; 0 without a piece.

    Source
    ------
    Arithmetic.

    Examples
    --------
    Pieces from kilometre 2 to 5 and from 6 to 10 of one road: 2 km out, 1 between, 10 home.

    >>> import numpy as np
    >>> at_km = np.array([2.0, 5.0, 6.0, 10.0])
    >>> way_km, home_km = np.zeros(2), np.zeros(2)
    >>> drive_round(np.array([0, 1]), 2, at_km.reshape(2, 2),
    ...             np.abs(at_km[:, None] - at_km).ravel(), way_km, home_km)
    13.0
    >>> way_km.tolist(), home_km.tolist()
    ([2.0, 1.0], [5.0, 10.0])
    """
    n_ends = 2 * len(ends_km)
    round_km = 0.0
    stands_at = -1
    for slot in range(n_pieces):
        place = order[slot]
        if slot == 0:
            to_first_km, to_other_km = ends_km[place, 0], ends_km[place, 1]
        else:
            row = stands_at * n_ends + 2 * place
            to_first_km, to_other_km = ways_km[row], ways_km[row + 1]
        is_backwards = to_other_km < to_first_km
        way_km[slot] = to_other_km if is_backwards else to_first_km
        far_end = 0 if is_backwards else 1
        home_km[slot] = ends_km[place, far_end]
        stands_at = 2 * place + far_end
        round_km += way_km[slot]
    if n_pieces > 0:
        round_km += home_km[n_pieces - 1]
    return round_km


@rule
def insert_place(order, n_pieces, place, longer):  # type: ignore[no-untyped-def]
    """Write an ascending order with one more place in it.

    Places are numbered from the nearest to the base, so this is the order of driving.

    Parameters
    ----------
    order : int32[n_slots]
        Ascending.
    n_pieces : int
        How many of them count; less than n_slots.
    place : int
    longer : int32[n_slots]
        Filled in up to `n_pieces`.

    Returns
    -------
    int
        The slot of the new place.

    Source
    ------
    Insertion sort.

    Examples
    --------
    >>> import numpy as np
    >>> longer = np.zeros(3, dtype=np.int32)
    >>> insert_place(np.array([2, 7, 0], dtype=np.int32), 2, 4, longer)
    1
    >>> longer.tolist()
    [2, 4, 7]
    """
    slot = n_pieces
    while slot > 0 and order[slot - 1] > place:
        longer[slot] = order[slot - 1]
        slot -= 1
    longer[slot] = place
    for before in range(slot):
        longer[before] = order[before]
    return slot
