"""Secrets on a terminal."""

from __future__ import annotations

import os
import pty

from tests.cli.conftest import PROGRAM, ROOT, Console
from tests.helpers import PASSWORD, rows


def on_a_terminal(words: list[str], answers: list[str]) -> tuple[int, str]:
    """Run the program on a terminal of its own, answer each prompt: its exit code and all that was shown."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(words[0], words)
    shown = ""
    waiting = list(answers)
    try:
        while data := os.read(terminal, 4096):
            shown += data.decode()
            if waiting and shown.endswith(": "):  # the space comes when nothing is shown any more
                os.write(terminal, f"{waiting.pop(0)}\n".encode())
                shown += "\n"
    except OSError:  # this is how the end of a terminal shows
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), shown


def test_a_new_secret_is_asked_for_twice_and_not_shown(console: Console) -> None:
    before = rows(console.state, "select argon2 from nodeworx_user")
    command = [*PROGRAM, "editAdministrator", "--password", "--state", str(console.state)]
    code, shown = on_a_terminal(command, [PASSWORD, PASSWORD])
    assert code == 0, shown
    assert "Repeat for confirmation: " in shown
    assert PASSWORD not in shown
    assert rows(console.state, "select argon2 from nodeworx_user") != before


def test_two_that_differ_are_asked_for_again(console: Console) -> None:
    command = [*PROGRAM, "editAdministrator", "--password", "--state", str(console.state)]
    code, shown = on_a_terminal(command, [PASSWORD, "another", PASSWORD, PASSWORD])
    assert code == 0, shown
    assert "do not match" in shown
