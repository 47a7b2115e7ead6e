"""Courses in the mission: each month's seats go to the companies that know least."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.rules.training import level_after_course
from sim.world.companies import PATROLLING

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel
    from sim.engines.reference.unit import Unit


class Courses:
    """Who is on a course, and which seats are left over from earlier months.

    A course is for those who patrol or escort. Whole companies go; while they are on a course they
    do neither. A rotation or a departure ends it: those who learned have gone.
    """

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self.seats = 0.0
        self._n_on_course = 0
        self._counted_h = 0.0

    def begin(self) -> None:
        """On the first dawn of a month, send the companies of lowest level that can be spared.

        The lowest level first, ties by name, until the next one does not fit into the seats that
        are left; those are kept for the next month.
        """
        model, training = self.model, self.model.settings.training
        if training.course_seats_per_month <= 0.0:
            self.seats = 0.0
            return
        if model.world.clock.date_at(model.now_h).day != 1:
            return
        self.seats += training.course_seats_per_month
        could_go = [unit for unit in model.units if self._can_be_spared(unit)]
        for unit in sorted(could_go, key=lambda unit: (unit.training_level(), unit.company.name)):
            if unit.strength > self.seats:
                return
            self.seats -= unit.strength
            self._send(unit)

    def _can_be_spared(self, unit: Unit) -> bool:
        return (
            unit.strength > 0.0
            and unit.company.unit_type in PATROLLING
            and unit.escort_free_h <= self.model.now_h
            and not unit.is_on_course
        )

    def _send(self, unit: Unit) -> None:
        model = self.model
        course_h = model.settings.training.course_days * HOURS_PER_DAY
        model.ledger.course_places[model.ledger.period] += unit.strength
        if course_h <= 0.0:
            self._train(unit, course_h)
            return
        self.settle()
        self._n_on_course += 1
        unit.begin_course(model.now_h + course_h, lambda _: self._end(unit, course_h))

    def _end(self, unit: Unit, course_h: float) -> None:
        if unit.course_until_h == self.model.now_h:  # else it was broken off
            self.give_up(unit)
            self._train(unit, course_h)

    def give_up(self, unit: Unit) -> None:
        """A company that may be on a course is on none from now on."""
        if unit.course_until_h > 0.0:
            self.settle()
            self._n_on_course -= 1
            unit.course_until_h = 0.0

    def _train(self, unit: Unit, course_h: float) -> None:
        gain = self.model.settings.training.course_gain
        unit.be_trained(level_after_course(unit.training_level(), gain), course_h)

    def settle(self) -> None:
        """Write down company-days on courses up to now."""
        model = self.model
        days = (model.now_h - self._counted_h) / HOURS_PER_DAY
        model.ledger.course_company_days[model.ledger.period] += self._n_on_course * days
        self._counted_h = model.now_h
