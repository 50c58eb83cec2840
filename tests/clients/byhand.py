"""Calls without a generated client: for what none would send, and for crowds."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from iwapi.cli.outside import Answered, typed
from tests.sandbox import Sandbox

Found = TypeVar("Found")
PASSWORD = "Correct-horse7"
OPENING = {"email": "me@example.com", "password": PASSWORD, "packagetemplate": "basic"}


def endpoint(url: str) -> tuple[str, int]:
    """The address in a URL, or in host:port."""
    host, _, port = url.rpartition("//")[2].partition("/")[0].rpartition(":")
    return host, int(port)


def call(sandbox: Sandbox, operation: str, **inputs: str) -> Answered:
    """A call of typed SOAP with the sandbox's own key."""
    return typed(endpoint(sandbox.soap_typed), "billing", {"apikey": sandbox.api_key}, operation, inputs)


def create(sandbox: Sandbox, domain: str, **inputs: str) -> Answered:
    return call(sandbox, "createSiteWorxAccount", master_domain=domain, **OPENING, **inputs)


def said(answered: Answered) -> str:
    """`ok`, or the code of the fault."""
    return "ok" if answered.status == 200 else answered.member("code")


def at_once(calls: Sequence[Callable[[], Found]]) -> list[Found]:
    """The answers to calls that are all made at the same time."""
    with ThreadPoolExecutor(len(calls) or 1) as pool:
        return [future.result() for future in [pool.submit(one) for one in calls]]


def eventually(holds: Callable[[], bool]) -> None:
    """What the server writes when it has the time must be there after some."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)
