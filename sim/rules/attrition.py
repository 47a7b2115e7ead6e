"""What wears cells down: patrols that meet them, strikes that intelligence or tips prepare."""

import math

from sim.compiled import rule

REFERENCE_PEOPLE = 1000.0
"""People of intelligence units for whose raids `attrition.strikes_ceiling_factor` is declared."""


@rule
def contact_probability(patrols_per_day, work_h, probability_per_patrol):
    """Probability that a patrol meets a cell while it is at work on a piece of road.

    Patrols that come by are Poisson and each meets the cell with the same probability, so those
    that meet it are Poisson too: one minus the probability of none.

    Parameters
    ----------
    patrols_per_day : float, 1/d, >= 0
        Passages of patrols on that piece.
    work_h : float, h, >= 0
        How long the cell is there.
    probability_per_patrol : float, dimensionless, in [0, 1]

    Returns
    -------
    float, dimensionless, in [0, 1]

    Source
    ------
    Thinning of a Poisson process: Koopman (1980), Search and Screening, chapter 2; the values are
    assumption 27 in docs/parameters.md.

    Examples
    --------
    Two patrols a day, half a day of work, each meets it for certain: 1 - 1/e.

    >>> round(contact_probability(2.0, work_h=12.0, probability_per_patrol=1.0), 4)
    0.6321
    """
    return -math.expm1(-patrols_per_day * (work_h / 24.0) * probability_per_patrol)


@rule
def raids_per_month(per_month_per_100, people_in_reach, n_cells):
    """Strikes on one cell that the mission's intelligence prepares.

    Intelligence looks at its surroundings, not at a given cell: people who reach a cell find it at
    the same rate wherever the others are, so more people help against the cells near them, and
    people far from all cells help nowhere.

    Parameters
    ----------
    per_month_per_100 : float, 1/month, >= 0
        Strikes that 100 people would prepare if all cells were in their reach.
    people_in_reach : float, persons, >= 0
        Of intelligence units whose camps reach this cell.
    n_cells : int, cells, >= 1

    Returns
    -------
    float, 1/month, >= 0

    Source
    ------
    Assumption 30 in docs/parameters.md.

    Examples
    --------
    1,000 people who reach all of 20 cells prepare 2 strikes a month, 0.1 on each.

    >>> raids_per_month(0.2, people_in_reach=1000.0, n_cells=20)
    0.1
    """
    return per_month_per_100 * (people_in_reach / 100.0) / n_cells


@rule
def tip_raids_per_month(
    tips_per_month, progress, grievance, lost_to_grievance, raids_per_tip, n_cells
):
    """Strikes on one cell that tips from the population lead to.

    Parameters
    ----------
    tips_per_month : float, 1/month, >= 0
        At full political progress and without grievance.
    progress : float, dimensionless, in [0, 1]
        Political progress; tips are in proportion.
    grievance : float, dimensionless, >= 0
    lost_to_grievance : float, dimensionless, >= 0
        Tips fall by the factor exp(-this × grievance).
    raids_per_tip : float, dimensionless, in [0, 1]
    n_cells : int, cells, >= 1

    Returns
    -------
    float, 1/month, >= 0

    Source
    ------
    That harm to civilians dries up what they tell: Condra & Shapiro (2012), Who takes the blame?,
    American Journal of Political Science 56; the values are assumption 31 in docs/parameters.md.

    Examples
    --------
    >>> round(tip_raids_per_month(8.0, 0.5, 0.0, 1.0, raids_per_tip=0.25, n_cells=10), 6)
    0.1
    """
    tips = tips_per_month * progress * math.exp(-lost_to_grievance * grievance)
    return tips * raids_per_tip / n_cells
