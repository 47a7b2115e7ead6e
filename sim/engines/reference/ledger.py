"""The ledger: every event and every count of one run, put down as it happens."""

import numpy as np
from numpy.typing import NDArray

from sim.world.events import Cause, Kind
from sim.world.record import EVENT_COLUMNS, TRAFFIC_KINDS, RunRecord
from sim.world.world import World

LOGISTICS, PATROL = range(len(TRAFFIC_KINDS))


class Ledger:
    """Rows of the event table, and sums by period."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.starts_h = world.clock.period_start_h()
        n_periods, n_camps = len(self.starts_h) - 1, len(world.camps)
        n_segments = world.network.n_segments
        self.period = 0
        self.rows: list[tuple[float, ...]] = []
        self.names: dict[int, str] = {}
        self.vehicle_km = np.zeros((len(TRAFFIC_KINDS), n_periods, n_segments))
        self.person_km = np.zeros_like(self.vehicle_km)
        self.n_patrols = np.zeros(n_periods)
        self.troop_days = np.zeros((n_periods, n_camps))
        self.stockout_person_days = np.zeros((n_periods, n_camps))
        self.wait_h = np.zeros(n_periods)
        self.undisturbed_h = np.zeros(n_periods)
        self.journey_h = np.zeros(n_periods)
        self.team_h = np.zeros(n_periods)
        self.live_device_h = np.zeros(n_periods)
        self.cell_strength = np.zeros(n_periods)
        self.training_level = np.zeros(n_periods)
        self.traffic_seen = np.zeros(n_periods)
        self.progress = np.zeros(n_periods)
        self.grievance = np.zeros(n_periods)
        self.cells_active = np.zeros(n_periods)
        self.cells_in_refuge = np.zeros(n_periods)
        self.cell_practice = np.zeros(n_periods)
        self.died_of_wounds = np.zeros(n_periods)
        self.course_places = np.zeros(n_periods)
        self.course_company_days = np.zeros(n_periods)
        self.live_at_decision = 0

    def put(
        self,
        time_h: float,
        kind: Kind,
        *,
        segment: int = -1,
        entity: int = 0,
        other: int = 0,
        cause: Cause = Cause.NONE,
        camp: int = -1,
        killed: int = 0,
        wounded: int = 0,
        civilians: int = 0,
        contractors: int = 0,
        hours: float = 0.0,
        strength: float = 0.0,
    ) -> None:
        """Put down one row; columns as in `EVENT_COLUMNS`."""
        self.rows.append(
            (
                time_h,
                kind,
                segment,
                entity,
                other,
                cause,
                camp,
                killed,
                wounded,
                civilians,
                contractors,
                hours,
                strength,
            )
        )

    def events(self) -> dict[str, NDArray]:
        """The rows as columns, ordered by time; rows of one moment stay as they happened."""
        table = list(zip(*sorted(self.rows, key=lambda row: row[0]), strict=True))
        return {
            name: np.array(table[place] if table else [], dtype=dtype)
            for place, (name, dtype) in enumerate(EVENT_COLUMNS.items())
        }

    def close(self, seed: int, run: int) -> RunRecord:
        """The record of the run."""
        return RunRecord(
            run=run,
            seed=seed,
            clock=self.world.clock,
            camp_ids=self.world.camp_ids,
            events=self.events(),
            vehicle_km=self.vehicle_km,
            person_km=self.person_km,
            n_patrols=self.n_patrols,
            troop_days=self.troop_days,
            stockout_person_days=self.stockout_person_days,
            wait_h=self.wait_h,
            undisturbed_h=self.undisturbed_h,
            journey_h=self.journey_h,
            team_h=self.team_h,
            live_device_h=self.live_device_h,
            cell_strength=self.cell_strength,
            training_level=self.training_level,
            traffic_seen=self.traffic_seen,
            progress=self.progress,
            grievance=self.grievance,
            cells_active=self.cells_active,
            cells_in_refuge=self.cells_in_refuge,
            cell_practice=self.cell_practice,
            died_of_wounds=self.died_of_wounds,
            course_places=self.course_places,
            course_company_days=self.course_company_days,
            live_at_decision=self.live_at_decision,
            names=self.names,
        )
