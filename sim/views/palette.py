"""Colours by what they mean, safe for colour-blind readers.

The eight colours are those of Okabe and Ito (2008), Color universal design. No meaning rests on
colour alone: lines differ in style and width too, points in shape.
"""

from matplotlib import colormaps
from matplotlib.colors import Colormap, ListedColormap

BLACK = "#000000"
ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
BLUISH_GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
REDDISH_PURPLE = "#CC79A7"

# What happens on the road
STRIKE = VERMILION
FIND = BLUISH_GREEN
SWEEP = SKY_BLUE
CONVOY = BLUE
PATROL = REDDISH_PURPLE

# What a scenario is compared with
BASELINE = BLACK

# Maps
CAMP = BLUE
TOWN = "#333333"
RIVER = SKY_BLUE
LAND = "#F4F1EA"
LAND_OF_INTEREST = "#FFFDF7"
BORDER = "#8C8C8C"
REGION_LINE = "#C4C4C4"
COUNTRY_NAME = "#9A948A"
ROAD_BEHIND_VALUES = "#BDBDBD"
ROAD_SURFACE = {"paved": BLACK, "gravel": ORANGE, "track": "#8A6E55"}
ROAD_WIDTH = {"paved": 1.9, "gravel": 1.6, "track": 0.9}
ROAD_STYLE = {"paved": "-", "gravel": "-", "track": (0, (4, 1.6))}
SEASONAL = "#BFE3F7"


def sequential() -> Colormap:
    """From few to many: even steps of lightness, and nothing so pale that it is lost on a map."""
    steps = colormaps["magma_r"]([0.2 + 0.7 * step / 255 for step in range(256)])
    return ListedColormap(steps, name="convoy_risk_sequential")
