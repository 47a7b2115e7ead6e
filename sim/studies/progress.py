"""What a person sees while a study runs: a bar that names the scenario and the time left.

On a terminal a bar moves; elsewhere, as in a log file, only the lines are written.
"""

import sys
import threading
import time

from tqdm import tqdm


def clock_text(seconds: float) -> str:
    """Minutes and seconds as a person writes them.

    >>> clock_text(75.2)
    '1:15'
    """
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


class Progress:
    """A bar on the error stream; `is_shown=False` keeps quiet."""

    def __init__(self, is_shown: bool, n_planned: int) -> None:
        self._is_shown = is_shown
        self._start_s = time.monotonic()
        # tqdm would otherwise make a multiprocessing lock, which fixes the global start method.
        tqdm.set_lock(threading.RLock())
        self._bar = tqdm(
            total=n_planned,
            unit="run",
            disable=not (is_shown and sys.stderr.isatty()),
            bar_format="{desc} |{bar}| {n_fmt} runs, {elapsed} gone{postfix}",
            dynamic_ncols=True,
            leave=False,
        )

    def found(self, n_runs: int) -> None:
        """So many runs were finished before, by a study that is gone on from."""
        self._bar.n = self._bar.initial = n_runs

    def finished(self, scenario_name: str, left_s: float | None, n_planned: int) -> None:
        """One more run is finished, of this scenario; `left_s` seconds and runs in all remain."""
        self._bar.total = max(n_planned, self._bar.n + 1)
        self._bar.set_description_str(f"{scenario_name:<24.24}", refresh=False)
        if left_s is not None:
            self._bar.set_postfix_str(f"about {clock_text(left_s)} left", refresh=False)
        self._bar.update(1)

    def say(self, line: str) -> None:
        """One line that stays."""
        if self._is_shown:
            gone = clock_text(time.monotonic() - self._start_s)
            tqdm.write(f"{gone:>6}  {line}", file=sys.stderr)

    def close(self) -> None:
        """Take the bar away."""
        self._bar.close()
