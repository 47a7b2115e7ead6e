import io
import sys

import pytest

from sim.studies.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("n_found", "said"), [(0, "1 runs"), (90, "91 runs")])
def test_the_bar_counts_the_runs_that_were_found(monkeypatch, n_found, said):
    monkeypatch.setattr(sys, "stderr", Terminal())
    progress = Progress(True, 0)
    progress.found(n_found)
    progress._bar.mininterval = 0.0
    progress.finished("as_is", 5.0, 100)
    assert f" {said}, " in sys.stderr.getvalue()
    assert progress._bar.total == 100
    progress.close()
