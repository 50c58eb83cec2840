"""The bench runs and measures every row; what it finds is no test's matter."""

from __future__ import annotations

import subprocess
import sys

from tests.sandbox import ROOT


def test_a_quick_run_prints_a_row_for_each_work() -> None:
    words = [sys.executable, "-m", "bench", "--quick"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines()[2:]]
    assert len(rows) == 8
    for name, *numbers in rows:
        assert [float(number.replace(",", "")) > 0 for number in numbers] == [True, True, True], name
