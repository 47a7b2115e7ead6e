"""What a run is made of: the scenario that asks, the world built from it, the events in it."""
