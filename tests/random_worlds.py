"""Random small worlds: every setting that the model knows, at its ends and in between.

Strategies for Hypothesis, in a plain module so that several test files can draw from them.
"""

import chosen_worlds
from chosen_worlds import LONGEST_DAYS, TOYS, iso
from hypothesis import reject
from hypothesis import strategies as st

from sim.errors import DrawError
from sim.world.world import build_world

__all__ = ["LONGEST_DAYS", "TOYS", "iso", "lucks", "scenarios"]

lucks = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 1000))


@st.composite
def scenarios(draw, is_decided=None, theatres=TOYS):
    """A toy world of at most thirty days, with or without a decision in it."""
    scenario = chosen_worlds.scenario(
        lambda values: draw(st.sampled_from(values)), is_decided, theatres
    )
    return with_names_apart(scenario)


def with_names_apart(scenario):
    """The scenario, unless two of its many companies have names that would share their luck."""
    try:
        build_world(scenario)
    except DrawError:
        reject()
    return scenario
