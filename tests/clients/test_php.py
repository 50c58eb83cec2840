"""The main job through PHP's SoapClient: a billing module by route, clients of the typed WSDLs."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import argon2
import pytest

from tests.sandbox import ROOT, Sandbox, running

pytestmark = pytest.mark.needs("php")

PHP = Path(__file__).parent / "php"
PASSWORD = "Ünï-☃ horse 8"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """One for each story: in each a few log-ins fail, and an address has ten of them in a minute."""
    with running() as sandbox:
        yield sandbox


def story(name: str, **told: Any) -> list[str]:
    """Have PHP tell a story in one process; its steps, which all came true."""
    settings = ["-d", "soap.wsdl_cache_enabled=0", "-d", "display_errors=stderr"]
    words = ["php", *settings, str(PHP / f"{name}.php")]
    done = subprocess.run(words, input=json.dumps(told).encode(), capture_output=True)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    steps: list[str] = found["steps"]
    return steps


def closed_passwords(sandbox: Sandbox) -> list[str]:
    """The argon2id verifiers of the accounts, in the order of their opening."""
    with closing(sqlite3.connect(sandbox.state / "iwapi.db")) as database:
        return [argon2 for (argon2,) in database.execute("select argon2 from account order by id")]


@pytest.mark.parametrize(
    ("path", "version"), [("/nodeworx/soap?wsdl", "1.1"), ("/soap?wsdl", "1.2"), ("", "1.1"), ("", "1.2")]
)
def test_a_billing_module_tells_the_whole_story_by_route(sandbox: Sandbox, path: str, version: str) -> None:
    base = sandbox.soap.removesuffix("/soap")
    steps = story(
        "route", wsdl=base + path if path else None, version=version, location=f"{base}/nodeworx/soap",
        key=sandbox.api_key, site=sandbox.site, password=PASSWORD, email=sandbox.admin_email,
        secret=sandbox.admin_password,
    )  # fmt: skip
    assert len(steps) > 90
    assert argon2.PasswordHasher().verify(closed_passwords(sandbox)[-3], PASSWORD)
    assert argon2.PasswordHasher().verify(closed_passwords(sandbox)[-2], "123456789012")


@pytest.mark.parametrize(("wsdl", "version"), [("wsdl/iwapi.wsdl", "1.1"), ("live", "1.1"), ("live", "1.2")])
def test_the_typed_wsdl_serves_the_whole_story(sandbox: Sandbox, wsdl: str, version: str) -> None:
    address = sandbox.soap_typed
    steps = story(
        "typed", wsdl=f"{address}?wsdl" if wsdl == "live" else str(ROOT / wsdl), version=version,
        location=address, key=sandbox.api_key, site=sandbox.site,
    )  # fmt: skip
    assert len(steps) > 50


def test_an_administrator_generates_and_deletes_the_key(sandbox: Sandbox) -> None:
    steps = story(
        "admin", wsdl=str(ROOT / "wsdl/admin.wsdl"), location=sandbox.admin, email=sandbox.admin_email,
        secret=sandbox.admin_password, billing=str(ROOT / "wsdl/iwapi.wsdl"), typed=sandbox.soap_typed,
    )  # fmt: skip
    assert steps[-1] == "nothing to get"
