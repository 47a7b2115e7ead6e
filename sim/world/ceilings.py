"""How high a cell's rate can ever come, so that a ceiling too low is refused before a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import ScenarioError
from sim.rules.politics import motivation
from sim.rules.recruitment import GREATEST_CAPACITY, capacity
from sim.world.settings.politics import Politics

if TYPE_CHECKING:
    from sim.world.scenario import Scenario


def least_progress(politics: Politics) -> float:
    """Lowest level that political progress can come to."""
    return min(politics.path.values()) if politics.process == "path" else 0.0


def greatest_strength(scenario: Scenario) -> float:
    """Most that the strength of a cell can be: 1 at the beginning, or what it may grow to."""
    attrition, politics = scenario.attrition, scenario.politics
    if attrition.recruitment_per_year == 0.0:
        return 1.0
    if attrition.grievance_per_civilian > 0.0:
        return GREATEST_CAPACITY
    return max(
        1.0,
        capacity(
            least_progress(politics),
            politics.reference_level,
            attrition.capacity_at_full_progress,
            0.0,
        ),
    )


def greatest_motivation(politics: Politics) -> float:
    """Most that the motivation of cells can be; it never rises with progress."""
    return float(
        motivation(
            least_progress(politics), politics.reference_level, politics.motivation_at_full_progress
        )
    )


def check_ceiling(scenario: Scenario) -> None:
    """Raise `ScenarioError` where cells could decide more often than their ceiling allows.

    Before the decision the baseline's politics hold; it is a scenario of its own, checked itself.
    """
    threat = scenario.threat
    excited = 1.0 + (threat.success_ceiling if threat.success_extra_decisions > 0.0 else 0.0)
    needed = excited * greatest_strength(scenario) * greatest_motivation(scenario.politics)
    if threat.attempts_ceiling_factor * (1.0 + 1e-9) < needed:
        raise ScenarioError(
            f"threat.attempts_ceiling_factor is {threat.attempts_ceiling_factor:g}: cells may come "
            f"to decide {needed:.4g} times as often as their base rate (successes "
            f"{excited:g}, strength {greatest_strength(scenario):.3g}, motivation "
            f"{greatest_motivation(scenario.politics):.3g}, multiplied). Allowed: {needed:.4g} or "
            "more here; or lower threat.success_ceiling."
        )
