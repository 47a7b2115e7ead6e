"""The model: what belongs to the run as a whole."""

from typing import Any

import numpy as np

from sim.engines.batch.shape import Shape


def state_fields(shape: Shape) -> list[Any]:
    """Time, luck, what is decided, and why the kernel came back."""
    return [
        ("now_h", np.float64),
        ("seed", np.int64),
        ("run", np.int64),
        ("period", np.int64),
        ("law", np.int64),
        ("is_decided", np.int64),
        ("is_frozen", np.int64),
        ("keeps_passages", np.int64),
        ("memory_half_life_h", np.float64),
        ("picture_half_life_h", np.float64),
        ("patrols_per_day_and_person", np.float64),
        ("is_rate_new", np.int64),
        ("n_passed_over", np.int64),
        ("n_decoys", np.int64),
        ("live_counted_h", np.float64),
        ("live_at_decision", np.int64),
        ("status", np.int64),
        ("fault_of", np.int64),
        ("fault_value", np.float64),
        ("act_half_done", np.int64),
    ]
