"""Distance on the ground: the great circle, in one place."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.compiled import rule

Floats = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius (IUGG, Moritz 2000, Geodetic Reference System 1980)."""


@rule
def great_circle_km(
    latitude_a_deg: float, longitude_a_deg: float, latitude_b_deg: float, longitude_b_deg: float
) -> float:
    """Shortest distance over the ground between two places, in km.

    The Earth is taken as a sphere, which is within 0.6% of the ellipsoid everywhere; no road can
    be shorter than this.

    Parameters
    ----------
    latitude_a_deg, longitude_a_deg, latitude_b_deg, longitude_b_deg : float, degrees (WGS84)

    Returns
    -------
    float, km, >= 0

    Source
    ------
    Sinnott (1984), Virtues of the haversine, Sky and Telescope 68, p. 159.

    Examples
    --------
    One degree along the equator is a 360th of the circumference, 2 pi 6371.0088 / 360:

    >>> round(great_circle_km(0.0, 0.0, 0.0, 1.0), 3)
    111.195
    """
    latitude_a, latitude_b = math.radians(latitude_a_deg), math.radians(latitude_b_deg)
    north = math.sin((latitude_b - latitude_a) / 2.0)
    east = math.sin(math.radians(longitude_b_deg - longitude_a_deg) / 2.0)
    chord = north * north + math.cos(latitude_a) * math.cos(latitude_b) * (east * east)
    return 2.0 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def great_circles_km(
    latitude_deg: Floats, longitude_deg: Floats, latitudes_deg: Floats, longitudes_deg: Floats
) -> Floats:
    """Shortest distances over the ground between places, for arrays.

    As `great_circle_km`, which compiled code calls for two places; they agree to within rounding.

    Parameters
    ----------
    latitude_deg, longitude_deg, latitudes_deg, longitudes_deg : float[...], degrees (WGS84)
        Of shapes that go together.

    Returns
    -------
    float[...], km, >= 0

    Source
    ------
    Sinnott (1984), Virtues of the haversine, Sky and Telescope 68, p. 159.

    Examples
    --------
    >>> great_circles_km(np.zeros(1), np.zeros(1), np.zeros(2), np.array([0.0, 1.0])).round(3)
    array([  0.   , 111.195])
    """
    latitude, latitudes = np.radians(latitude_deg), np.radians(latitudes_deg)
    north = np.sin((latitudes - latitude) / 2.0)
    east = np.sin(np.radians(longitudes_deg - longitude_deg) / 2.0)
    chord = north * north + np.cos(latitude) * np.cos(latitudes) * (east * east)
    return 2.0 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(chord)))
