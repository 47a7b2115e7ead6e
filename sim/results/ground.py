"""The road network that a scenario was run on, for whoever reads results."""

from sim.roads import RoadNetwork, load_network
from sim.world.scenario import Scenario


def network_of(scenario: Scenario) -> RoadNetwork:
    """The network of a scenario; built once a process.

    Examples
    --------
    >>> network_of(Scenario()).name
    'northern_mali'
    """
    roads = scenario.roads
    return load_network(
        roads.name,
        roads.min_confidence,
        roads.max_segment_km,
        roads.near_camp_segment_km,
        roads.near_camp_km,
    )
