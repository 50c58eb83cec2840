"""A real `iwapi sandbox` in a process of its own, for clients that nobody here wrote."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Sandbox:
    """What a sandbox says of itself when it is ready: URLs, or host:port, and secrets."""

    soap: str
    soap_typed: str
    admin: str
    pages: str
    sites: str
    dns: str
    tls: str
    ca: str
    api_key: str
    admin_email: str
    admin_password: str
    pid: int
    log: str

    @property
    def state(self) -> Path:
        return Path(self.log).parent

    @property
    def homes(self) -> Path:
        return self.state / "homes"

    @property
    def site(self) -> str:
        """The URL of the sites' listener."""
        return f"http://{self.sites}/"

    @property
    def name_server(self) -> tuple[str, int]:
        host, _, port = self.dns.rpartition(":")
        return host, int(port)

    def logged(self) -> str:
        return Path(self.log).read_text()


@contextmanager
def running(state: Path | None = None, program: str = "iwapi") -> Iterator[Sandbox]:
    """A sandbox that is ready; it is killed at the end, if it still runs. `program` is the module to run."""
    words = [sys.executable, "-m", program, "sandbox", *(("--state", str(state)) if state else ())]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("IWAPI_")}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            yield Sandbox(**{item.name: told[item.name] for item in dataclasses.fields(Sandbox)})
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
