"""Where the shipped configs lie: in the package of a wheel, beside it in a checkout."""

from pathlib import Path


def config_folder() -> Path:
    """The folder that holds the config groups (`scenario/`, `roads/`, `force/`, ...).

    A wheel carries the configs inside the package, as `sim/_configs`; a checkout, and an editable
    install of one, has them in `configs`, beside `sim`.

    Examples
    --------
    >>> config_folder().is_dir()
    True
    """
    package = Path(__file__).resolve().parent
    packed = package / "_configs"
    return packed if packed.is_dir() else package.parent / "configs"
