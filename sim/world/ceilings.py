"""How high a cell's rate can ever come, so that a ceiling too low is refused before a run."""

from __future__ import annotations

import math
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
    """Raise `ScenarioError` where cells could decide or attack more often than a ceiling allows.

    Before the decision the baseline's politics hold; it is a scenario of its own, checked itself.
    """
    threat, attacks = scenario.threat, scenario.attacks
    excited = 1.0 + (threat.success_ceiling if threat.success_extra_decisions > 0.0 else 0.0)
    strength, roused = greatest_strength(scenario), greatest_motivation(scenario.politics)
    needed = excited * strength * roused
    if threat.attempts_ceiling_factor * (1.0 + 1e-9) < needed:
        raise ScenarioError(
            f"threat.attempts_ceiling_factor is {threat.attempts_ceiling_factor:.7g}: cells may "
            f"come to decide {_rounded_up(needed)} times as often as their base rate (successes "
            f"{excited:g}, strength {strength:.3g}, motivation {roused:.3g}, multiplied). Allowed: "
            f"{_rounded_up(needed)} or more here; or lower threat.success_ceiling."
        )
    rates = (
        attacks.indirect_fire_per_month,
        attacks.suicide_per_month,
        attacks.complex_per_month,
        attacks.gunfire_per_month,
    )
    if any(rates) and attacks.ceiling_factor * (1.0 + 1e-9) < strength * roused:
        needed_text = _rounded_up(strength * roused)
        raise ScenarioError(
            f"attacks.ceiling_factor is {attacks.ceiling_factor:.7g}: cells may come to attack "
            f"{needed_text} times as often as at full strength and motivation (strength "
            f"{strength:.3g}, motivation {roused:.3g}, multiplied). Allowed: {needed_text} or more "
            "here."
        )


def _rounded_up(factor: float) -> str:
    """A factor in few digits that is enough when it is typed in.

    >>> _rounded_up(11.000004), _rounded_up(1.1)
    ('11.0001', '1.1')
    """
    return f"{math.ceil(factor * 1e4 - 1e-6) / 1e4:.10g}"
