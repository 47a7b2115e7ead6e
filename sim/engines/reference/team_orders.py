"""Team orders: every dawn the clearance policy scores the roads, and teams get their pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.clock import HOURS_PER_DAY
from sim.draws import Stream, entity_key
from sim.engines.reference.clearance_team import Stop
from sim.policies.clearance import POLICIES, ClearanceView, assign_pieces
from sim.policies.clearance.assignment import LONGEST_DAY
from sim.world.world import pieces_in_reach

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel


class TeamOrders:
    """What teams are told. It follows from the picture and from plans, never from what is true."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self._keys = [entity_key(f"sweep/{name}") for name in model.world.network.segments.name]
        self.reorganise()

    def reorganise(self) -> None:
        """Work out anew which pieces each team can reach, and the ways there, camp by camp."""
        model = self.model
        reach_km = model.settings.clearance.team_reach_km
        camps = list(dict.fromkeys(team.unit.camp for team in model.teams))
        reaches = [
            pieces_in_reach(model.world.network, camp.site.junction, reach_km) for camp in camps
        ]
        numbers = {camp: number for number, camp in enumerate(camps)}
        self._team_base = np.array([numbers[team.unit.camp] for team in model.teams], np.int32)
        self._base_start = starts([len(reach.segments) for reach in reaches]).astype(np.int32)
        self._candidates = np.concatenate(
            [np.empty(0, np.int32), *(reach.segments for reach in reaches)]
        )
        self._base_km = np.concatenate([np.empty((0, 2)), *(reach.base_km for reach in reaches)])
        self._between_start = starts([reach.between_km.size for reach in reaches])
        self._between_km = np.concatenate(
            [np.empty(0), *(reach.between_km.ravel() for reach in reaches)]
        )
        self._in_reach = np.unique(self._candidates)
        self._n_given = np.empty(len(model.teams), dtype=np.int64)
        self._plan = np.empty((len(model.teams), LONGEST_DAY), dtype=np.int32)
        self._way_km = np.empty(self._plan.shape)
        self._home_km = np.empty(self._plan.shape)

    def send(self) -> None:
        """Give out the pieces of the day."""
        model, clearance = self.model, self.model.settings.clearance
        work_h = np.array([team.work_h_today() for team in model.teams])
        if clearance.policy == "none" or not work_h.any():
            return
        nearest_base, base_distance_km, base_team_h_per_day = self._bases()
        view = ClearanceView(
            now_h=model.now_h,
            length_km=model.length_km,
            hazard_per_km=model.hazard_told_per_km(),
            passages_per_day=model.picture.passages_per_day(model.now_h),
            last_swept_h=model.picture.last_swept_h.copy(),
            convoy_due_h=self._convoy_due_h(),
            convoy_lead_h=clearance.convoy_lead_h,
            in_use_passages_per_day=clearance.in_use_passages_per_day,
            stale_days=clearance.stale_days,
            draws=self._draws(),
            nearest_base=nearest_base,
            base_distance_km=base_distance_km,
            base_team_h_per_day=base_team_h_per_day,
            team_h_per_day=clearance.team_h_per_day,
            sweep_kph=clearance.sweep_kph,
            transit_kph=clearance.transit_kph,
            allocation_find_probability=clearance.allocation_find_probability,
            allocation_contact_probability=clearance.allocation_contact_probability,
            allocation_device_life_days=clearance.allocation_device_life_days,
        )
        assign_pieces(
            POLICIES.answer(clearance.policy, view),
            self._team_base,
            self._base_start,
            self._candidates,
            self._base_km,
            self._between_start,
            self._between_km,
            model.length_km,
            work_h,
            clearance.sweep_kph,
            clearance.transit_kph,
            self._n_given,
            self._plan,
            self._way_km,
            self._home_km,
        )
        for number, team in enumerate(model.teams):
            today = slice(0, self._n_given[number])
            team.set_out(
                [
                    Stop(*stop)
                    for stop in zip(
                        self._plan[number, today].tolist(),
                        self._way_km[number, today].tolist(),
                        self._home_km[number, today].tolist(),
                        strict=True,
                    )
                ]
            )

    def _draws(self) -> NDArray[np.float64]:
        """The luck of the day of every piece in reach."""
        model = self.model
        draws = np.zeros(len(model.length_km))
        if not POLICIES.asks(model.settings.clearance.policy, "draws"):
            return draws
        day = int(model.now_h // HOURS_PER_DAY)
        for piece in self._in_reach:
            draws[piece] = model.draw(Stream.SWEEP_CHOICE, self._keys[piece], 0, day)
        return draws

    def _bases(self) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
        """The nearest camp with teams of every piece, how far it is, and its team-hours a day.

        Camps in the order of their first team; of two at one distance the first.
        """
        model, clearance = self.model, self.model.settings.clearance
        nearest = np.full(len(model.length_km), -1, dtype=np.int32)
        nearest_km = np.full(len(model.length_km), np.inf)
        team_h_per_day: list[float] = []
        if not POLICIES.asks(clearance.policy, "nearest_base"):
            return nearest, nearest_km, np.array(team_h_per_day)
        numbers: dict[int, int] = {}
        for team in model.teams:
            share = team.share_of_days()
            if share <= 0.0 or team.is_away:
                continue
            number = numbers.setdefault(team.unit.camp.index, len(numbers))
            if number == len(team_h_per_day):
                team_h_per_day.append(0.0)
                is_nearer = (team.distance_km <= clearance.team_reach_km) & (
                    team.distance_km < nearest_km
                )
                nearest[is_nearer] = number
                nearest_km[is_nearer] = team.distance_km[is_nearer]
            team_h_per_day[number] += share * clearance.team_h_per_day
        return nearest, nearest_km, np.array(team_h_per_day)

    def _convoy_due_h(self) -> NDArray[np.float64]:
        """When a convoy is next expected on each piece."""
        if not POLICIES.asks(self.model.settings.clearance.policy, "convoy_due_h"):
            return np.full(len(self.model.length_km), np.inf)
        return self.model.routes.convoy_due_h()


def starts(lengths: list[int]) -> NDArray[np.int64]:
    """Where each of several arrays begins in all of them in a row, and where the last ends."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
