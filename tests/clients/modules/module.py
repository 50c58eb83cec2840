"""A module's program, run as its billing system runs the module: one function, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.sandbox import Sandbox

HERE = Path(__file__).parent


class Crashed(Exception):
    """The program did not run to its end; the text is what it wrote to standard error."""


@dataclass(frozen=True)
class Done:
    """What a function gave back, and the calls that it made."""

    result: Any
    calls: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """A program, and what its billing system knows: the server, the key, the service.

    PHP trusts the certificate in the file `authority`; without one it trusts none.
    """

    program: str
    told: Mapping[str, object]
    service: Mapping[str, object] = field(default_factory=dict)
    authority: str = ""

    def __call__(self, function: str, **params: object) -> Any:
        return self.run(function, **params).result

    def run(self, function: str, **params: object) -> Done:
        told = {**self.told, "function": function, "params": {**self.service, **params}}
        done = subprocess.run(self._words(), input=json.dumps(told).encode(), capture_output=True, timeout=60)
        if done.returncode or done.stderr:
            raise Crashed(done.stderr.decode() + done.stdout.decode())
        found = json.loads(done.stdout)
        assert found["wrong"] == []
        return Done(found["result"], tuple(found["steps"]))

    def knowing(self, **told: object) -> Module:
        return replace(self, told={**self.told, **told})

    def _words(self) -> list[str]:
        program = str(HERE / self.program)
        if self.program.endswith(".py"):
            return [sys.executable, program]
        return ["php", "-d", "display_errors=stderr", "-d", f"openssl.cafile={self.authority}", program]


def tls(sandbox: Sandbox, host: str = "127.0.0.1") -> str:
    """The address of the TLS listener, without a path."""
    return sandbox.tls.removesuffix("/soap").replace("127.0.0.1", host)


def pasted(key: str) -> str:
    """A key as it comes out of a text area: other line ends, blanks, lines that broke elsewhere."""
    first, *lines, last = key.splitlines()
    return (
        f" \r\n{first}\r\n"
        + "".join(f"\t{line[:20]} \r\n{line[20:]}\r\n" for line in lines)
        + f"{last} \r\n\r\n"
    )
