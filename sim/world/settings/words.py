"""Words that the settings of all groups share: grades, one common source, kinds of process."""

from sim.world.parameter import Grade

PUBLISHED, DERIVED, CALIBRATED = Grade.PUBLISHED, Grade.DERIVED, Grade.CALIBRATED
ASSUMED, CHOICE = Grade.ASSUMED, Grade.CHOICE

TRIAL = "calibrated on this road graph against data/facts/calibration_targets.csv"
PROCESSES = ("policy", "poisson", "periodic")
