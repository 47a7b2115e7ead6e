"""What the program says when it cannot go on: one class for each place where a person can act."""


class ConvoyRiskError(Exception):
    """Anything that a user can put right; the command line prints it and exits with code 2.

    A message says what is wrong, the value, where it was set, what is allowed and the way out,
    in that order.
    """


class ScenarioError(ConvoyRiskError):
    """A scenario, an override or an option that cannot be used."""


class ScenarioWarning(UserWarning):
    """A scenario that can be used and is probably not what was meant."""


class PolicyWarning(ScenarioWarning):
    """A policy from outside the package, with which runs are slower."""


class ResultsWarning(ScenarioWarning):
    """Runs in one folder that were not all made by the same program."""


class PolicyError(ConvoyRiskError):
    """A policy from outside the package whose answer cannot be used."""


class RoadError(ConvoyRiskError):
    """A table of junctions, roads, camps, units or cells that cannot be used."""


class DrawError(ConvoyRiskError):
    """Two entities that would share their luck, or a rate above its declared ceiling."""


class ResultsError(ConvoyRiskError):
    """A result folder or file that cannot be read, or would be overwritten."""


class DataError(ConvoyRiskError):
    """Observations from which an estimator cannot work: too few, misshapen or out of range."""
