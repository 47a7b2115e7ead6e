"""Evacuation: how long the wounded wait for a hospital, and how many of them die of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.draws import Stream
from sim.rules.evacuation import death_probability, flight_delay_h, road_delay_h
from sim.rules.strike import n_wounded as n_of_many
from sim.rules.training import trained_ratio
from sim.world.reach import distances_by_road_km, straight_km, straight_km_from_segments
from sim.world.world import road_distance_km

if TYPE_CHECKING:
    from sim.engines.reference.camp import Camp
    from sim.engines.reference.model import ConvoyModel


class Evacuation:
    """The way of the wounded to the nearest hospital, by air or by road, whichever is sooner."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model

    def has_hospital(self, camp: Camp) -> bool:
        """Whether a camp has a hospital and a helicopter now."""
        if camp.garrison <= 0.0:
            return False
        if self.model.settings.medical.helicopter_camps.get(camp.name, False):
            return True
        return any(
            unit.company.unit_type == "aviation" and unit.strength > 0.0
            for unit in self.model.units_at[camp.index]
        )

    def delay_from_road_h(self, segment: int) -> float:
        """Hours from an attack on a piece of road to a hospital; infinite where there is none."""
        network = self.model.world.network
        delay_h = math.inf
        for camp in self.model.camps:
            if self.has_hospital(camp):
                delay_h = min(
                    delay_h,
                    self._delay_to_h(
                        float(straight_km_from_segments(network, camp.site.junction)[segment]),
                        float(road_distance_km(network, camp.site.junction)[segment]),
                    ),
                )
        return delay_h

    def delay_from_camp_h(self, attacked: Camp) -> float:
        """Hours from an attack on a camp to a hospital: none where it has one itself."""
        network, junction = self.model.world.network, attacked.site.junction
        delay_h = math.inf
        if self.has_hospital(attacked):
            return 0.0
        for camp in self.model.camps:
            if self.has_hospital(camp):
                delay_h = min(
                    delay_h,
                    self._delay_to_h(
                        straight_km(network, junction, camp.site.junction),
                        float(distances_by_road_km(network, camp.site.junction)[junction]),
                    ),
                )
        return delay_h

    def _delay_to_h(self, by_air_km: float, by_road_km: float) -> float:
        medical = self.model.settings.medical
        flight_h = flight_delay_h(
            medical.helicopter_alert_h,
            by_air_km,
            medical.helicopter_radius_km,
            medical.helicopter_kph,
        )
        return min(flight_h, road_delay_h(by_road_km, medical.ground_kph))

    def training_level_at(self, camp: Camp) -> float:
        """Mean training of the people of a camp; 0 where nobody is."""
        people = trained = 0.0
        for unit in self.model.units_at[camp.index]:
            people += unit.strength
            trained += unit.strength * unit.training_level()
        return trained / people if people > 0.0 else 0.0

    def n_died(
        self, n_wounded: int, delay_h: float, level: float, key: tuple[int, int, int]
    ) -> int:
        """How many of the wounded die on the way: one draw, named by the attack's own key."""
        model = self.model
        medical, training = model.settings.medical, model.settings.training
        if n_wounded == 0 or medical.untreated_death_probability == 0.0:
            return 0
        died: int = n_of_many(
            model.draw(Stream.EVACUATION, *key),
            n_wounded,
            death_probability(
                medical.untreated_death_probability,
                delay_h,
                medical.death_half_life_h,
                trained_ratio(level, training.reference_level, training.care_ratio),
            ),
        )
        model.ledger.died_of_wounds[model.ledger.period] += died
        return died
