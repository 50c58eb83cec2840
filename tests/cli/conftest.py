"""The command: in process against a state folder, and as the program that a user starts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from iwapi.__main__ import TOOLS
from iwapi.action import Catalogue
from iwapi.cli.group import iwapi

ROOT = Path(__file__).parent.parent.parent
PROGRAM = [sys.executable, "-m", "iwapi"]
OPEN_RULES = "allow_reserved_domains = true\n"


@dataclass(frozen=True)
class Console:
    """Runs commands on a state folder."""

    state: Path

    def __call__(self, *words: str, lines: tuple[str, ...] = ()) -> Result:
        """Run a command; `lines` are its standard input."""
        given = "".join(f"{line}\n" for line in lines).encode()
        arguments = [*words, "--state", str(self.state)]
        return CliRunner().invoke(iwapi, arguments, input=given, obj=TOOLS, prog_name="iwapi")

    def json(self, *words: str, lines: tuple[str, ...] = ()) -> Any:
        """The answer of an action that must succeed."""
        result = self(*words, "--json", lines=lines)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("IWAPI_"):
            monkeypatch.delenv(name)


@pytest.fixture
def console(state: Path) -> Console:
    """A console on a state folder whose settings accept reserved names."""
    (state / "iwapi.toml").write_text(OPEN_RULES)
    return Console(state)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return TOOLS.catalogue()


@contextmanager
def started(*words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """The program, running; at the end it is told to end, and waited for: it takes its folder with it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    process = subprocess.Popen([*PROGRAM, *words], stdout=subprocess.PIPE, text=True, env=environment)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        finally:
            process.kill()
            assert process.stdout is not None
            process.stdout.close()


def ended(process: subprocess.Popen[str], by: signal.Signals | None = None) -> tuple[int, str]:
    """Wait for the program's end, perhaps after a signal: its exit code, and what it printed since."""
    if by is not None:
        process.send_signal(by)
    rest, _ = process.communicate(timeout=30)
    return process.returncode, rest


def line_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()
