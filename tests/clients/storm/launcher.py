"""A program that starts the real `iwapi serve` again and again, as its own fork: quicker than from nothing.

It reads lines from its input, each the JSON of how the next life ends: at a step and after how many passes,
or at neither. It prints `ready PID` when that listens, and `ended STATUS` when it is gone.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import traceback
from pathlib import Path

from iwapi.__main__ import TOOLS
from iwapi.cli.group import iwapi as command
from tests.clients.storm import steps

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def live(state: str, config: str, log: Path, ends: dict[str, str | int]) -> None:
    """Serve until something ends it."""
    _die_with_parent()
    with log.open("ab", buffering=0) as file:
        os.dup2(file.fileno(), 2)
    told = os.dup(1)
    with open(os.devnull, "wb", buffering=0) as nowhere:
        os.dup2(nowhere.fileno(), 1)

    from iwapi.app import server  # its reactor must not be shared by forks

    real = server.run

    def run(panel, ready, seconds=None):
        real(panel, lambda at: (ready(at), os.write(told, f"ready {os.getpid()}\n".encode())), seconds)

    server.run = run
    if ends:
        steps.die_at(str(ends["step"]), int(ends["passes"]))
    command(["serve", "--state", state, "--config", config], obj=TOOLS, standalone_mode=False)


def main(state: str, config: str, log: str) -> None:
    _die_with_parent()
    TOOLS.catalogue()
    assert "twisted.internet.reactor" not in sys.modules
    print("launcher", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            status = 1
            try:
                live(state, config, Path(log), json.loads(line))
                status = 0
            except BaseException:  # noqa: BLE001  (whatever it was, the fork ends here)
                traceback.print_exc()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        print(f"ended {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
