"""A unit: a company that patrols, escorts, or stands behind clearance teams."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mesa.discrete_space import CellAgent

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, entity_key, uniform, waiting_time
from sim.engines.reference.convoy import Convoy
from sim.engines.reference.ledger import PATROL
from sim.rules.training import faded_level
from sim.rules.travel import later_in_daylight, time_in_daylight_h
from sim.world.companies import PATROLLING, Company, Stay
from sim.world.events import Kind, Turn

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel


class Unit(CellAgent):
    """One company. `strength` is 0 while it is not in the mission."""

    def __init__(self, model: ConvoyModel, company: Company) -> None:
        super().__init__(model)
        self.model: ConvoyModel = model
        self.company = company
        self.key = entity_key(f"unit/{company.name}")
        self.patrol_key = entity_key(f"patrol/{company.name}")
        self.camp = model.camp_by_name[company.camp]
        self.cell = self.camp.cell
        model.units_at[self.camp.index].append(self)
        self.strength = 0.0
        self.level = 0.0
        self.level_time_h = 0.0
        self.n_candidates = 0
        self.candidate_day, self.candidate_today_h = 0, 0.0
        """Day of the last candidate, and hours of daylight that were over."""
        self.n_patrols = 0
        self.escort_free_h = 0.0
        """When its last escort has returned and rested; infinite while it is out."""
        self.course_until_h = 0.0
        """When the course that it is on will end; 0 where it is on none."""
        self.n_changes = 0
        model.ledger.names[self.key] = company.name
        self._schedule_changes()

    def __repr__(self) -> str:
        return f"<Unit {self.company.name}: {self.strength:,.0f} people at {self.company.camp}>"

    # Arriving, leaving, rotating.

    def _schedule_changes(self) -> None:
        company, clock = self.company, self.model.world.clock
        begin_h = 0.0
        if not self.model.is_decided:
            self._schedule_stay(company.before, 0.0, clock.decision_h)
            begin_h = clock.decision_h
        self._schedule_stay(company.after, begin_h, clock.end_h)
        if self.stay.is_present(0.0):
            self._join()
        self._change_at(self._next_rotation_h(), self.rotate)
        if company.unit_type == "infantry":
            self._await_patrol()

    def _schedule_stay(self, stay: Stay, begin_h: float, end_h: float) -> None:
        """What changes within a time; whoever is there as it begins needs no arrival."""
        if stay.strength == 0.0 or stay.departure_h <= stay.arrival_h:
            return
        for from_h, _ in stay.changes:
            if begin_h < from_h < end_h:
                self._change_at(from_h, self.adjust)
        if begin_h < stay.arrival_h < end_h:
            self._change_at(stay.arrival_h, self.arrive)
        if begin_h < stay.departure_h < end_h:
            self._change_at(stay.departure_h, self.leave)

    @property
    def stay(self) -> Stay:
        """What holds for the company now: the baseline's stay until the decision."""
        return self.company.after if self.model.is_decided else self.company.before

    def _change_at(self, time_h: float, act: Callable[[int], None]) -> None:
        self.n_changes += 1
        self.model.agenda.add(time_h, Turn.UNIT_CHANGE, self.key, self.n_changes, act)

    def _next_rotation_h(self) -> float:
        """Contingents rotate as one: their companies at a camp share a phase."""
        period_h = self.model.settings.force.rotation_days * HOURS_PER_DAY
        contingent = entity_key(f"contingent/{self.company.camp}/{self.company.contingent}")
        phase = uniform(
            self.model.luck_seed,
            self.model.run_number,
            int(Stream.ROTATION_PHASE),
            contingent,
            0,
            0,
        )
        first_h = phase * period_h
        now_h = self.model.now_h
        n_gone = 0 if now_h < first_h else 1 + int((now_h - first_h) / period_h)
        next_h = first_h + n_gone * period_h
        return next_h if next_h > now_h else next_h + period_h

    def _join(self) -> None:
        self._set_strength(self.stay.strength_at(self.model.now_h))
        self._set_level(self.stay.predeployment_level)

    def _set_strength(self, strength: float) -> None:
        self.camp.settle()
        self.strength = strength
        self.camp.count_people()
        self.model.count_patrollers()

    def _set_level(self, level: float) -> None:
        self.level = level
        self.level_time_h = self.model.now_h

    def arrive(self, version: int) -> None:
        """Join the mission, unless the camp has closed."""
        if self.camp.is_closed:
            return
        self._join()
        self._put(Kind.UNIT_ARRIVED)

    def leave(self, version: int) -> None:
        """Leave the mission; an escort that is out comes home and then is gone."""
        if self.camp.is_closed:
            return  # it left when the camp closed
        self.model.courses.give_up(self)
        for team in self.model.teams:
            if team.unit is self:
                team.set_out([])
        self._set_strength(0.0)
        self._put(Kind.UNIT_LEFT)

    def rotate(self, version: int) -> None:
        """New people with the training that they bring."""
        self._change_at(self._next_rotation_h(), self.rotate)
        if self.strength > 0.0:
            self.model.courses.give_up(self)  # those who were on it go home
            self._set_level(self.stay.predeployment_level)
            self._put(Kind.ROTATED)

    def decide(self) -> None:
        """Be what the scenario makes of it from now on: there or not, and how strong."""
        self.adjust(0)

    def adjust(self, version: int) -> None:
        """Have the people that its stay gives it now; who fills up a company learns from it."""
        people = self.stay.strength_at(self.model.now_h)
        if people > 0.0 and self.strength == 0.0:
            self.arrive(0)
        elif people == 0.0 and self.strength > 0.0:
            self.leave(0)
        elif people != self.strength:
            self._set_strength(people)

    def _put(self, kind: Kind, hours: float = 0.0) -> None:
        self.model.ledger.put(
            self.model.now_h,
            kind,
            entity=self.key,
            camp=self.camp.index,
            hours=hours,
            strength=self.strength,
        )

    # Courses in the mission.

    @property
    def is_on_course(self) -> bool:
        """Whether it is on a course and off the road."""
        return self.course_until_h > self.model.now_h

    def begin_course(self, until_h: float, end: Callable[[int], None]) -> None:
        """Be off the road until the course ends."""
        self.course_until_h = until_h
        self._change_at(until_h, end)

    def be_trained(self, level: float, course_h: float) -> None:
        """Come from a course at a new level."""
        self._set_level(level)
        self._put(Kind.TRAINED, hours=course_h)

    # What it brings to an encounter.

    def training_level(self) -> float:
        """Training now: what it had at its last change, faded."""
        return faded_level(
            self.level,
            (self.model.now_h - self.level_time_h) / HOURS_PER_DAY,
            self.model.settings.training.decay_half_life_days,
        )

    @property
    def protected_share(self) -> float:
        """Share of its vehicles that are mine-protected."""
        return self.stay.protected_share

    # Patrols and escorts.

    @property
    def is_patroller(self) -> bool:
        """Whether it is in the mission to patrol, be it on escort now or not."""
        return self.strength > 0.0 and self.company.unit_type == "infantry"

    def can_escort(self, n_people: float) -> bool:
        """Whether it is free to escort with that many people."""
        return (
            self.company.unit_type in PATROLLING
            and self.strength >= n_people
            and self.escort_free_h <= self.model.now_h
            and not self.is_on_course
        )

    def _await_patrol(self) -> None:
        """Candidate times lie on the clock of daylight, at the ceiling, and depend on the key."""
        model = self.model
        routing = model.settings.routing
        start_h, end_h = routing.daylight_start_h, routing.daylight_end_h
        wait_h = waiting_time(
            model.draw(Stream.PATROL_TIME, self.key, 0, self.n_candidates),
            model.settings.force.patrol_ceiling_per_day / (end_h - start_h),
        )
        self.candidate_day, self.candidate_today_h = later_in_daylight(
            self.candidate_day, self.candidate_today_h, wait_h, end_h - start_h
        )
        time_h = time_in_daylight_h(self.candidate_day, self.candidate_today_h, start_h)
        model.agenda.add(time_h, Turn.DEPARTURE, self.key, self.n_candidates, self.patrol)

    def patrol(self, version: int) -> None:
        """Send a patrol, if this candidate is accepted and the company is free."""
        model, force = self.model, self.model.settings.force
        number = self.n_candidates
        self.n_candidates += 1
        self._await_patrol()
        if not self.is_patroller or force.patrol_process == "none":
            return
        rate = model.patrols_per_day_and_person * self.strength
        # Above the ceiling every candidate is accepted: it is all that a company can send.
        ceiling = force.patrol_ceiling_per_day
        if model.draw(Stream.PATROL_ACCEPTED, self.key, 0, number) * ceiling >= rate:
            return
        if self.escort_free_h > model.now_h or self.is_on_course:
            return  # days on escort and on courses are taken from patrols
        convoy = Convoy(
            model,
            source_key=self.patrol_key,
            number=self.n_patrols,
            traffic=PATROL,
            unit=self,
            n_escort=force.patrol_vehicles,
            n_load=0,
            on_arrival=Convoy.remove,
        )
        journey = model.patrols.journey(self, self.n_patrols)
        self.n_patrols += 1
        model.ledger.n_patrols[model.ledger.period] += 1
        convoy.start(journey)
