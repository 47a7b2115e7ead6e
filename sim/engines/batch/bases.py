"""Bases: camps with clearance teams, and which pieces of road their teams can reach.

Teams are those of the companies of explosive ordnance disposal, as many as a company has when it is
strongest, by company and number; a camp is a base from the start even while its companies are away.
"""

from sim.world.companies import n_teams
from sim.world.world import PiecesInReach, World, pieces_in_reach


def teams_of(world: World) -> list[tuple[int, int]]:
    """Company and number of every team."""
    first = world.scenario.before or world.scenario
    return [
        (unit, number)
        for unit, company in enumerate(world.companies)
        if company.unit_type == "eod"
        for number in range(1, n_teams(company, first.clearance.people_per_team) + 1)
    ]


def bases_of(world: World) -> list[int]:
    """Camps with teams, in the order of their first team."""
    camps = [world.camp_ids.index(world.companies[unit].camp) for unit, _ in teams_of(world)]
    return list(dict.fromkeys(camps))


def reaches_of(world: World) -> dict[float, list[PiecesInReach]]:
    """What every base reaches, by the reach of its teams: that before the decision, then after."""
    scenarios = (world.scenario.before or world.scenario, world.scenario)
    return {
        reach_km: [
            pieces_in_reach(world.network, world.camps[camp].junction, reach_km)
            for camp in bases_of(world)
        ]
        for reach_km in (scenario.clearance.team_reach_km for scenario in scenarios)
    }
