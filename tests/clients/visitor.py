"""What a visitor sees, by curl and dig."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass

from tests.sandbox import Sandbox


@dataclass(frozen=True)
class Page:
    """What curl got; `moved` are the bytes of the request and of the answer."""

    status: int
    body: str
    moved: int


def curl(*words: str, body: bytes | None = None) -> str:
    """Run curl; what it printed."""
    command = ["curl", "--silent", "--show-error", "--max-time", "20", *words]
    done = subprocess.run(command, input=body, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def visit(sandbox: Sandbox, domain: str, path: str = "") -> Page:
    told = "\n%{http_code} %{size_request} %{size_header} %{size_download}"
    printed = curl("--header", f"Host: {domain}", "--write-out", told, sandbox.site + path)
    body, _, numbers = printed.rpartition("\n")
    status, *sizes = map(int, numbers.split())
    return Page(status, body, sum(sizes))


@dataclass(frozen=True)
class Records:
    """What dig got: the status, and the values of the records that answer."""

    status: str
    values: tuple[str, ...]


def dig(sandbox: Sandbox, name: str, kind: str = "A", *options: str) -> Records:
    host, port = sandbox.name_server
    words = [f"@{host}", "-p", str(port), name, kind, "+noall", "+comments", "+answer", *options]
    printed = subprocess.run(["dig", *words], capture_output=True, text=True, check=True).stdout
    status = re.search(r"status: (\w+)", printed)
    assert status, printed
    assert (" aa" in printed) == (status[1] != "REFUSED"), "every zone here is our own"
    rows = re.findall(rf"^{re.escape(name)}\.\s+\d+\s+IN\s+{kind}\s+(.+)$", printed, re.MULTILINE)
    return Records(status[1], tuple(rows))
