"""Tables of facts: roads and camps by theatre, borders, and what was counted in 2013-2016."""

from importlib.resources import files
from pathlib import Path


def data_path(*parts: str) -> Path:
    """Where a shipped file or folder lies, from a checkout and from a wheel alike.

    Examples
    --------
    >>> data_path("roads", "toy_triangle", "roads.csv").name
    'roads.csv'
    """
    return Path(str(files(__name__).joinpath(*parts)))
