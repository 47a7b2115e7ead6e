"""Who sweeps what today: teams in a fixed order take the best pieces that they can reach."""

import math

import numpy as np

from sim.compiled import rule
from sim.rules.clearing import A_MOMENT_H

LONGEST_DAY = 64
"""Most pieces of road that a team could be given for one day."""
AT_BASE = -1


@rule
def assign_pieces(  # type: ignore[no-untyped-def]
    scores, team_base, base_start, candidates, base_km, between_start, between_km, length_km,
    work_h, sweep_kph, transit_kph, n_given, plan, way_km, home_km,
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
    n_given : int64[n_teams]
        Filled in with how many pieces each team gets.
    plan : int32[n_teams, n_slots]
        Filled in with these pieces, in driving order.
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
    >>> n_given, plan = np.zeros(1, dtype=np.int64), np.full((1, 2), -1, dtype=np.int32)
    >>> way_km, home_km = np.zeros((1, 2)), np.zeros((1, 2))
    >>> at_km = np.array([0.0, 8.0, 0.0, -8.0])  # both ends of the one piece, then of the other
    >>> one = np.zeros(1, dtype=np.int32)
    >>> assign_pieces(np.array([1.0, 2.0]), one, np.array([0, 2], dtype=np.int32),
    ...               np.array([0, 1], dtype=np.int32), np.abs(at_km).reshape(2, 2),
    ...               np.array([0, 16]), np.abs(at_km[:, None] - at_km).ravel(), np.full(2, 8.0),
    ...               np.array([4.5]), 4.0, 32.0, n_given, plan, way_km, home_km)
    2
    >>> plan.tolist(), way_km.tolist(), home_km.tolist()
    ([[0, 1]], [[0.0, 8.0]], [[8.0, 8.0]])
    """
    n_slots = plan.shape[1]
    n_most = 0
    for base in range(len(base_start) - 1):
        n_most = max(n_most, base_start[base + 1] - base_start[base])
    is_taken = np.zeros(len(scores), dtype=np.bool_)
    # What a team could take yet: places, scores and hours of a sweep, nearest first.
    open_place = np.empty(n_most, dtype=np.int32)
    open_score = np.empty(n_most)
    open_h = np.empty(n_most)
    taken = np.empty(n_slots, dtype=np.int32)
    # Before each piece taken, and behind the last: the way so far, and where the team stands.
    so_far_km = np.zeros(n_slots + 1)
    stands_at = np.full(n_slots + 1, AT_BASE, dtype=np.int32)
    n_of_all = 0
    for team in range(len(work_h)):
        base = team_base[team]
        first = base_start[base]
        ends_km = base_km[first : base_start[base + 1]]
        ways_km = between_km[between_start[base] : between_start[base + 1]]
        n_open = 0
        if work_h[team] > 0.0:
            for place in range(base_start[base + 1] - first):
                segment = candidates[first + place]
                if not is_taken[segment] and scores[segment] > -math.inf:
                    open_place[n_open] = place
                    open_score[n_open] = scores[segment]
                    open_h[n_open] = length_km[segment] / sweep_kph
                    n_open += 1
        swept_h = 0.0
        n_taken = 0
        while n_taken < n_slots:
            best = best_addition(
                open_place, open_score, open_h, n_open, taken, n_taken, so_far_km, stands_at,
                ends_km, ways_km, swept_h, work_h[team], transit_kph,
            )  # fmt: skip
            if best < 0:
                break
            place = open_place[best]
            is_taken[candidates[first + place]] = True
            swept_h += open_h[best]
            n_open -= 1
            for one in range(best, n_open):
                open_place[one] = open_place[one + 1]
                open_score[one] = open_score[one + 1]
                open_h[one] = open_h[one + 1]
            slot = n_taken
            while slot > 0 and taken[slot - 1] > place:
                taken[slot] = taken[slot - 1]
                slot -= 1
            taken[slot] = place
            n_taken += 1
            while slot < n_taken:
                step_km, end = way_to_piece(stands_at[slot], taken[slot], ends_km, ways_km)
                so_far_km[slot + 1] = so_far_km[slot] + step_km
                stands_at[slot + 1] = end
                slot += 1
        n_given[team] = n_taken
        for slot in range(n_taken):
            place = taken[slot]
            plan[team, slot] = candidates[first + place]
            way_km[team, slot], end = way_to_piece(stands_at[slot], place, ends_km, ways_km)
            home_km[team, slot] = ends_km[place, end % 2]
        n_of_all += n_taken
    return n_of_all


@rule
def best_addition(  # type: ignore[no-untyped-def]
    open_place, open_score, open_h, n_open, taken, n_taken, so_far_km, stands_at, ends_km, ways_km,
    swept_h, work_h, transit_kph,
):  # fmt: skip
    """The piece with the highest score that still fits into a team's day; the first of several.

    Parameters
    ----------
    open_place : int32[n_most]
    open_score, open_h : float[n_most]; any unit, h
        What the team could take yet: places among the candidates of its base, scores above minus
        infinity, and hours of a sweep.
    n_open : int
        How many of them count.
    taken, n_taken, so_far_km, stands_at, ends_km, ways_km
        As for `round_with`.
    swept_h : float, h
        Hours of the sweeps that the team has taken on.
    work_h : float, h
    transit_kph : float, km/h, > 0

    Returns
    -------
    int
        Its number among those open; -1 where nothing fits.

    Source
    ------
    As for `assign_pieces`.

    Examples
    --------
    Of two pieces at the base, swept in 2 h and 9 h, a day of 8 h has room for the first:

    >>> import numpy as np
    >>> place, score, hours = np.arange(2), np.array([1.0, 3.0]), np.array([2.0, 9.0])
    >>> none, no_km, base = np.zeros(0, dtype=np.int32), np.zeros(1), np.full(1, AT_BASE)
    >>> best_addition(place, score, hours, 2, none, 0, no_km, base, np.zeros((2, 2)), np.zeros(16),
    ...               0.0, 8.0, 32.0)
    0
    """
    best = -1
    best_score = -math.inf
    for one in range(n_open):
        if open_score[one] <= best_score:
            continue
        # Days are often filled exactly, and then rounding must not decide.
        left_h = work_h - (swept_h + open_h[one]) + A_MOMENT_H
        if left_h < 0.0:
            continue
        round_km = round_with(
            taken, n_taken, open_place[one], so_far_km, stands_at, ends_km, ways_km
        )
        if round_km <= left_h * transit_kph:
            best = one
            best_score = open_score[one]
    return best


@rule
def round_with(taken, n_taken, place, so_far_km, stands_at, ends_km, ways_km):  # type: ignore[no-untyped-def]
    """Kilometres that a team drives from its base to its pieces and home, sweeps apart.

    Its pieces are those taken and one more, in ascending order, since candidates are numbered from
    the nearest to the base outward.

    Parameters
    ----------
    taken : int32[n_slots]
        Places among the candidates of the base, ascending.
    n_taken : int
        How many of them count.
    place : int
        One more, which is none of them.
    so_far_km : float[n_slots + 1], km
        What is driven before each piece taken, from the base to the end of the piece before.
    stands_at : int32[n_slots + 1]
        Where it stands then, as `way_to_piece` has it.
    ends_km, ways_km
        As for `way_to_piece`.

    Returns
    -------
    float, km
        All ways, with that from the last piece home.

    Source
    ------
    Arithmetic.

    Examples
    --------
    A piece from kilometre 2 to 5 of a road is taken, one from 6 to 10 comes in question: 2 km out,
    1 between, 10 home.

    >>> import numpy as np
    >>> at_km = np.array([2.0, 5.0, 6.0, 10.0])
    >>> one, so_far_km = np.zeros(1, dtype=np.int32), np.array([0.0, 2.0])
    >>> ends_km, ways_km = at_km.reshape(2, 2), np.abs(at_km[:, None] - at_km).ravel()
    >>> float(round_with(one, 1, 1, so_far_km, np.array([AT_BASE, 1]), ends_km, ways_km))
    13.0
    """
    slot = n_taken
    while slot > 0 and taken[slot - 1] > place:
        slot -= 1
    step_km, end = way_to_piece(stands_at[slot], place, ends_km, ways_km)
    round_km = so_far_km[slot] + step_km
    while slot < n_taken:
        step_km, end = way_to_piece(end, taken[slot], ends_km, ways_km)
        round_km += step_km
        slot += 1
    return round_km + ends_km[end // 2, end % 2]


@rule
def way_to_piece(stands_at, place, ends_km, ways_km):  # type: ignore[no-untyped-def]
    """The way to the nearer end of a piece (of two as near, the first), and where its sweep ends.

    Parameters
    ----------
    stands_at : int
        Twice the place of a piece, and 1 more at its second end; `AT_BASE` before the first.
    place : int
        Place among the candidates of the base.
    ends_km : float[n_candidates, 2], km
    ways_km : float[(2 * n_candidates) ** 2], km
        As `base_km` and `between_km` of `assign_pieces`, of this base alone.

    Returns
    -------
    way float, km; end int
        The end is the far one, numbered as `stands_at`.

    Source
    ------
    Arithmetic.

    Examples
    --------
    From the end at kilometre 5 to a piece from kilometre 10 to 6 of the same road:

    >>> import numpy as np
    >>> at_km = np.array([2.0, 5.0, 10.0, 6.0])
    >>> ways_km = np.abs(at_km[:, None] - at_km).ravel()
    >>> way_km, end = way_to_piece(1, 1, at_km.reshape(2, 2), ways_km)
    >>> float(way_km), end
    (1.0, 2)
    """
    if stands_at == AT_BASE:
        to_first_km, to_other_km = ends_km[place, 0], ends_km[place, 1]
    else:
        row = stands_at * (2 * len(ends_km)) + 2 * place
        to_first_km, to_other_km = ways_km[row], ways_km[row + 1]
    if to_other_km < to_first_km:
        return to_other_km, 2 * place
    return to_first_km, 2 * place + 1
