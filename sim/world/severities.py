"""Severities: the kinds of attack on camps, each with how often and how severe it is."""

from dataclasses import dataclass

from sim.world.events import Cause
from sim.world.settings.attacks import Attacks

KINDS_PER_CELL = 4
"""Kinds of attack that share a turn: counts on the agenda are kept apart for so many."""


@dataclass(frozen=True)
class Severity:
    """One kind of attack on camps: how often, and how severe."""

    cause: Cause
    per_month: float
    fatal: float
    exponent: float
    wounded: float


def severities(attacks: Attacks) -> tuple[Severity, ...]:
    """The kinds of attack on camps, in the order of their turn."""
    return (
        Severity(
            Cause.INDIRECT_FIRE,
            attacks.indirect_fire_per_month,
            attacks.indirect_fire_fatal,
            attacks.indirect_fire_severity_exponent,
            attacks.indirect_fire_wounded,
        ),
        Severity(
            Cause.SUICIDE_VEHICLE,
            attacks.suicide_per_month,
            attacks.suicide_fatal,
            attacks.suicide_severity_exponent,
            attacks.suicide_wounded,
        ),
        Severity(
            Cause.COMPLEX_ATTACK,
            attacks.complex_per_month,
            attacks.complex_fatal,
            attacks.complex_severity_exponent,
            attacks.complex_wounded,
        ),
    )
