"""The story, told by the command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import PROGRAM, ROOT

# The visitor is sent to the API's port, where no site answers.
WRONG_SITE = """
from dataclasses import replace
from iwapi.__main__ import TOOLS
from iwapi.cli.group import iwapi
def opened(state, config):
    real = TOOLS.open(state, config)
    return replace(real, serve=lambda ready, s: real.serve(lambda at: ready(replace(at, sites=at.api)), s))
iwapi(["demo"], obj=replace(TOOLS, open=opened))
"""


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TMPDIR": str(folder)}
    return subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=50)


def test_every_step_comes_true_and_nothing_is_left(tmp_path: Path) -> None:
    told = run([*PROGRAM, "demo"], tmp_path)
    lines = told.stdout.splitlines()
    assert told.returncode == 0, told.stdout + told.stderr
    assert len(lines) == 23
    assert all(line.startswith("ok ") for line in lines)
    assert "refused" in lines[-1]
    assert list(tmp_path.iterdir()) == []


def test_a_step_that_fails_ends_the_story_with_its_reason(tmp_path: Path) -> None:
    told = run([sys.executable, "-c", WRONG_SITE], tmp_path)
    lines = told.stdout.splitlines()
    assert told.returncode == 1
    assert lines[-1] == "failed example.com shows its page: expected 200, got 404"
    assert all(line.startswith("ok ") for line in lines[:-1])
    assert list(tmp_path.iterdir()) == []
