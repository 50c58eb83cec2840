"""`python -m bench`: what calls cost the server, and how many it answers in a second.

One sandbox, one client process with 16 connections, on the same machine; the work is interleaved, and the
median of the runs is shown.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bench.load import CONNECTIONS, Measured, Work, measure, numbered, post
from iwapi.core import passwords
from iwapi.kinds import Plain
from tests.sandbox import Sandbox, running

RESULTS = Path(__file__).parent / "RESULTS.md"
_HASHES = "the hashes of a password alone, on every core"
_NAMES = "urn:iwapi:billing:1"
_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://xml.apache.org/xml-soap"'
    ' xmlns:x="http://www.w3.org/2001/XMLSchema-instance">%s<s:Body>%s</s:Body></s:Envelope>'
)


def _typed(key: str, operation: str, inside: str) -> str:
    header = f'<s:Header><Auth xmlns="{_NAMES}"><apikey>{key}</apikey></Auth></s:Header>'
    return _ENVELOPE % (header, f'<{operation} xmlns="{_NAMES}">{inside}</{operation}>')


def _routed(key: str, action: str, domain: str) -> str:
    parts = f"<apikey>{key}</apikey><ctrl_name>/nodeworx/siteworx</ctrl_name><action>{action}</action>"
    item = f"<item><key>domain</key><value>{domain}</value></item>"
    return _ENVELOPE % ("", f'<route>{parts}<input x:type="m:Map">{item}</input></route>')


def _called(key: str, action: str, domain: str) -> str:
    """The same call of `route`, by XML-RPC."""
    texts = (key, "/nodeworx/siteworx", action)
    params = "".join(f"<param><value><string>{text}</string></value></param>" for text in texts)
    member = f"<member><name>domain</name><value><string>{domain}</string></value></member>"
    return (
        f'<?xml version="1.0"?><methodCall><methodName>iworx.route</methodName><params>{params}'
        f"<param><value><struct>{member}</struct></value></param></params></methodCall>"
    )


def _question(name: str) -> bytes:
    """A question for the A records of a name."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return b"\0\1\0\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\1\0\1"


def _works(sandbox: Sandbox) -> Iterator[Work]:
    """Everything that is measured, on an account `example.com` that is there already."""
    key, api = sandbox.api_key, _endpoint(sandbox.soap)
    account = (
        "<master_domain>%s</master_domain><email>me@example.com</email><password>Correct-horse7</password>"
        "<packagetemplate>basic</packagetemplate>"
    )
    opening = _typed(key, "createSiteWorxAccount", account)
    once = Work("open", api, itertools.repeat(post(opening % "example.com")), b"HTTP/1.1 ")
    measure(once, sandbox.pid, 0)
    read = _typed(key, "getSiteWorxAccount", "<domain>example.com</domain>")
    details = _routed(key, "querySiteworxAccountDetails", "example.com")
    sizes = "<OPT_STORAGE>1</OPT_STORAGE><OPT_BANDWIDTH>1</OPT_BANDWIDTH>"
    package = _typed(key, "createPackage", f"<package_name>package %d</package_name>{sizes}")
    page = b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n"
    yield Work("typed read, `getSiteWorxAccount`", api, itertools.repeat(post(read)))
    yield Work("route read, `querySiteworxAccountDetails`", api, itertools.repeat(post(details, "/soap")))
    by_xmlrpc = post(_called(key, "querySiteworxAccountDetails", "example.com"), "/xmlrpc")
    yield Work("the same by XML-RPC", api, itertools.repeat(by_xmlrpc))
    yield Work("durable write, `createPackage`", api, numbered(package))
    yield Work("create with a password, `createSiteWorxAccount`", api, numbered(opening % "a%d.example"))
    yield Work("page of a site", _endpoint(sandbox.sites), itertools.repeat(page))
    question = itertools.repeat(_question("example.com"))
    yield Work("DNS question over UDP", _endpoint(sandbox.dns), question, b"\0\1\x84\0", datagrams=True)


def _endpoint(url: str) -> tuple[str, int]:
    host, _, port = url.rpartition("//")[2].partition("/")[0].rpartition(":")
    return host, int(port)


def _hashes(seconds: float) -> Measured:
    """The floor of a create: its hashes and nothing else, in as many threads as the server has for them."""
    threads = os.cpu_count() or 2
    cpu, began = time.process_time(), time.perf_counter()
    waits: list[float] = []

    def work(_: int) -> None:
        while (start := time.perf_counter()) - began < seconds:
            passwords.digest(Plain("Correct-horse7"))
            waits.append(time.perf_counter() - start)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    took, used = time.perf_counter() - began, time.process_time() - cpu
    return Measured(len(waits) / took, used / len(waits) * 1e6, max(waits) * 1e3)


def _run(runs: int, seconds: float) -> dict[str, list[Measured]]:
    found: dict[str, list[Measured]] = {}
    with running() as sandbox:
        works = list(_works(sandbox))
        for work in works:
            measure(work, sandbox.pid, seconds / 4)  # warm up
        for _ in range(runs):
            for work in works:
                found.setdefault(work.name, []).append(measure(work, sandbox.pid, seconds))
            found.setdefault(_HASHES, []).append(_hashes(seconds))
    return found


def _table(found: dict[str, list[Measured]]) -> Iterator[str]:
    yield "| work | CPU us a call | calls a second | slowest 1 %, ms |"
    yield "|---|--:|--:|--:|"
    for name, runs in found.items():
        cpu, rate, p99 = map(
            statistics.median, zip(*((run.cpu, run.rate, run.p99) for run in runs), strict=True)
        )
        yield f"| {name} | {cpu:,.0f} | {rate:,.0f} | {p99:,.1f} |"


def _cpu() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _report(table: Sequence[str], runs: int, seconds: float) -> str:
    facts = (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({_cpu()}),"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )
    how = [
        "`make bench` on one machine: a server with its log at the default level, and a client with",
        f"{CONNECTIONS} connections. Median of {runs} interleaved runs of {seconds:g} s. CPU is user and",
        "system time of the server's process. The last row is the floor of a create: the two hashes of",
        "its password.",
    ]
    return "\n".join(["# What calls cost", "", facts, "", *how, "", *table, ""])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure the call path.")
    parser.add_argument("--quick", action="store_true", help="one short run; writes nothing")
    quick = parser.parse_args().quick
    runs, seconds = (1, 0.5) if quick else (5, 2.0)
    table = list(_table(_run(runs, seconds)))
    print("\n".join(table))
    if not quick:
        RESULTS.write_text(_report(table, runs, seconds))
        print(f"\nWritten to {RESULTS.relative_to(Path.cwd())}.")


if __name__ == "__main__":
    main()
