"""Server processes of one state, each on ports of its own, that are killed and started again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from iwapi.cli.trial import free_port
from tests.clients.storm.steps import RARE, STEPS
from tests.sandbox import ROOT

_STARTS_WITHIN = 60


class Plan:
    """How lives end: at every step in its turn, after a number of passes by chance; then all over again.

    With no passes nothing ends them.
    """

    def __init__(self, seed: int = 0, passes: int = 0) -> None:
        self._chance = random.Random(seed)
        self._passes = passes
        self._steps: list[str] = []
        self._lock = threading.Lock()

    def next(self) -> dict[str, Any]:
        if not self._passes:
            return {}
        with self._lock:
            if not self._steps:
                self._steps = [*STEPS]
                self._chance.shuffle(self._steps)
            step = self._steps.pop(0)
            return {"step": step, "passes": self._chance.randint(1, 2 if step in RARE else self._passes)}

    def missed(self, step: str) -> None:
        """Something else ended that life: another is to die there."""
        with self._lock:
            if step not in self._steps:
                self._steps.append(step)


class Server:
    """One server process after the other: each life ends at the next step of a plan, until all is calm."""

    def __init__(self, state: Path, number: int, settings: Mapping[str, Any], plan: Plan) -> None:
        self.port = free_port()
        self.sites = free_port()
        self.zones = free_port()
        hosts = {"sites_listen": [f"127.0.0.1:{self.sites}"], "dns_listen": [f"127.0.0.1:{self.zones}"]}
        listen = {"listen": [f"127.0.0.1:{self.port}"], "listen_tls": [], "admin_listen": []}
        if number:  # the ports of sites and zones are one process's
            hosts = {name: [] for name in hosts}
        config = state / f"server{number}.toml"
        config.write_text(
            "".join(
                f"{name} = {json.dumps(value)}\n" for name, value in {**listen, **hosts, **settings}.items()
            )
        )
        self.log = state / f"server{number}.log"
        self.deaths: Counter[str] = Counter()
        self.pid = 0
        self._plan = plan
        self._doomed = True
        self._killed = False
        self.statuses: set[int] = set()
        self._ready = threading.Event()
        self._lock = threading.Lock()
        words = [sys.executable, "-m", "tests.clients.storm.launcher", str(state), str(config), str(self.log)]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("IWAPI_")}
        self._launcher = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        assert self._launcher.stdout is not None
        assert self._launcher.stdout.readline() == "launcher\n"
        self._thread = threading.Thread(target=self._lives, daemon=True)
        self._thread.start()

    @property
    def at(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    def wait(self) -> None:
        """Until it listens."""
        assert self._ready.wait(_STARTS_WITHIN), self.log.read_text()[-3000:]

    def kill(self) -> None:
        """kill -9, wherever it is."""
        with self._lock:
            if self._ready.is_set():
                self._ready.clear()
                self._killed = True
                with suppress(ProcessLookupError):
                    os.kill(self.pid, signal.SIGKILL)

    def calm(self) -> None:
        """From now on nothing kills it: a life that would end at a step is ended, and another begun."""
        with self._lock:
            self._doomed = False
        self.wait()
        self.kill()
        self.wait()

    def stop(self) -> None:
        """In order: its last life ends by SIGTERM, and ends well."""
        self.wait()
        with suppress(BrokenPipeError):
            assert self._launcher.stdin is not None
            self._launcher.stdin.close()
        os.kill(self.pid, signal.SIGTERM)
        self._thread.join(_STARTS_WITHIN)
        self._launcher.wait(_STARTS_WITHIN)

    def complaints(self) -> list[str]:
        """How its lives ended, where that was not well, and what its log calls errors."""
        wrong = [f"a server ended with {status}" for status in self.statuses - {0, -signal.SIGKILL}]
        lines = self.log.read_text().splitlines()
        wrong += [line[:1000] for line in lines if line[:1] != "{" or json.loads(line)["level"] == "error"]
        return wrong

    def end(self) -> None:
        """Whatever it does."""
        self._launcher.kill()
        self._launcher.wait()
        self._thread.join(_STARTS_WITHIN)

    def _lives(self) -> None:
        launcher = self._launcher
        assert launcher.stdout is not None
        assert launcher.stdin is not None
        while True:
            ends = self._plan.next() if self._doomed else {}
            try:
                print(json.dumps(ends), file=launcher.stdin, flush=True)
            except (OSError, ValueError):
                return
            for line in launcher.stdout:
                word, _, value = line.partition(" ")
                if word == "ended":
                    self._ended(int(value), ends)
                    break
                with self._lock:
                    self.pid = int(value)
                    self._ready.set()
            else:
                return

    def _ended(self, status: int, ends: Mapping[str, Any]) -> None:
        with self._lock:
            self._ready.clear()
            self.statuses.add(status)
            if self._killed:
                self.deaths["at random"] += 1
                if ends:
                    self._plan.missed(ends["step"])
            elif ends and status == -signal.SIGKILL:
                self.deaths[ends["step"]] += 1
            self._killed = False


def kill_one(servers: Sequence[Server], chance: random.Random) -> None:
    """kill -9 of one of them, at no step in particular."""
    time.sleep(chance.uniform(0, 0.05))
    chance.choice(servers).kill()
