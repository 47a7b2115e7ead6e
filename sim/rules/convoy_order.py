"""The order of a convoy: which places in the file belong to the escort."""

from sim.compiled import rule


@rule
def is_escort_place(place, n_escort, n_load):
    """Whether the vehicle at this place in the file is one of the escort.

    Half of the escort, rounded up, leads; the rest is spread evenly behind it and closes the file:
    place `o` behind the lead is an escort where the line from none to all of them passes a whole
    number. So every escort has exactly one place, and two or more guard both ends.

    Parameters
    ----------
    place : int, place, in [0, n_escort + n_load)
        0 is the lead.
    n_escort : int, vehicles, >= 0
    n_load : int, vehicles, >= 0

    Returns
    -------
    bool

    Source
    ------
    Even spacing in whole numbers: Bresenham (1965), IBM Systems Journal 4. That half of the escort
    leads is a convention; no source gives the order of the mission's convoys.

    Examples
    --------
    Four escorts (E) with four loads (L):

    >>> "".join("E" if is_escort_place(place, 4, 4) else "L" for place in range(8))
    'EELLELLE'
    """
    n_leading = (n_escort + 1) // 2
    if place < n_leading:
        return True
    n_rest = n_escort - n_leading
    n_behind = n_rest + n_load
    behind = place - n_leading
    return (behind + 1) * n_rest // n_behind > behind * n_rest // n_behind
