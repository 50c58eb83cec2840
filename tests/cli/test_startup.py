"""A command loads what it needs and no more: it must be there at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.cli.conftest import ROOT, Console

LOADED = """
import sys
from iwapi.__main__ import TOOLS
from iwapi.cli.group import iwapi
iwapi(sys.argv[1:], obj=TOOLS, standalone_mode=False)
print("loaded", *{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize(
    "words", [["--help"], ["createSiteWorxAccount", "--help"], ["listPackages", "--json"]]
)
def test_help_and_actions_load_no_server(console: Console, words: list[str]) -> None:
    arguments = [*words, "--state", str(console.state)] if "--json" in words else words
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = run.stdout.splitlines()[-1].split()
    assert "click" in loaded
    assert {"twisted", "spyne", "lxml", "structlog", "cryptography", "yoyo"}.isdisjoint(loaded)
