"""Headquarters: every dawn it reviews stocks, sends teams out and lets convoys go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.clock import HOURS_PER_DAY
from sim.engines.reference.team_orders import TeamOrders
from sim.world.events import Turn

if TYPE_CHECKING:
    from sim.engines.reference.model import ConvoyModel


class Headquarters:
    """The command. It reads the picture and its own plans, never what is true."""

    def __init__(self, model: ConvoyModel) -> None:
        self.model = model
        self.team_orders = TeamOrders(model)
        model.agenda.add(model.settings.routing.daylight_start_h, Turn.DAWN, 0, 0, self.dawn)

    def reorganise(self) -> None:
        """Forget what was worked out under earlier settings."""
        self.model.routes.forget()
        self.team_orders.reorganise()

    def dawn(self, version: int) -> None:
        """The command's day, in this order: books, courses, orders, teams, patrols, convoys."""
        model = self.model
        model.agenda.add(model.now_h + HOURS_PER_DAY, Turn.DAWN, 0, 0, self.dawn)
        model.settle_traffic()
        model.courses.begin()
        is_by_stock = model.settings.supply.process == "policy"
        if is_by_stock:
            for camp in reversed(model.camps):
                camp.settle()
                camp.review()
        if model.settings.clearance.process == "policy":
            self.team_orders.send()
        model.patrols.plan_day()
        if is_by_stock:
            for camp in model.camps:
                camp.dispatch()
