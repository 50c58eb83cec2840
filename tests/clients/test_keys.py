"""The life of a key: what it survives, and that its end is its end in every process."""

from __future__ import annotations

import itertools
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.clients.byhand import call, create, said
from tests.clients.zeeped import administrator, billing
from tests.sandbox import ROOT, Sandbox, running

READS, WRITES = ("ping", {}), ("createPackage", {"package_name": "x", "OPT_STORAGE": 1, "OPT_BANDWIDTH": 1})


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    with running(tmp_path / "state") as sandbox:
        yield sandbox


def console(sandbox: Sandbox, command: str) -> Any:
    """An action, called by a process of its own on the same state folder."""
    words = [sys.executable, "-m", "iwapi", command, "--json", "--state", str(sandbox.state)]
    return json.loads(subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout)


def test_a_key_survives_its_owners_new_email_address_and_password_and_a_restart(tmp_path: Path) -> None:
    with running(tmp_path / "state") as sandbox:
        admin, client = administrator(sandbox), billing(sandbox, sandbox.api_key)
        changed = admin("editAdministrator", email="boss@example.com", password="Another-battery8")
        assert changed == {"nodeworx_id": 1, "email": "boss@example.com", "master": True}
        assert admin.refused("getApiKey")[0] == "NotAuthenticatedFault"
        assert client("ping")["email"] == "boss@example.com"
        admin.auth = {"email": "boss@example.com", "password": "Another-battery8"}
        assert admin("getApiKey")["key"]["active"] is True
    with running(tmp_path / "state") as sandbox:
        assert billing(sandbox, sandbox.api_key)("ping")["email"] == "boss@example.com"


@pytest.mark.parametrize("end", ["deleteApiKey", "generateApiKey"])
def test_a_key_that_another_process_ends_is_dead_at_once(sandbox: Sandbox, end: str) -> None:
    client = billing(sandbox, sandbox.api_key)
    client("ping")
    ended = console(sandbox, end)
    for operation, inputs in (READS, WRITES):
        assert client.refused(operation, **inputs)[0] == "NotAuthenticatedFault"
    assert ended["message"] in ("API key successfully deleted.", "New Remote Access Key Generated.")
    if "apikey" in ended:
        assert billing(sandbox, ended["apikey"])("ping")["caller"] == f"key:{ended['key_id']}"


class Hammer:
    """Eight clients with one key: half of them ask, half of them open accounts, one call after the other."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.outcomes: list[tuple[float, str]] = []
        self._sandbox = sandbox
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,)) for number in range(8)]

    def __enter__(self) -> Hammer:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, calls: int) -> None:
        seen = len(self.outcomes)
        while len(self.outcomes) < seen + calls:
            time.sleep(0.01)

    def _work(self, number: int) -> None:
        for turn in itertools.count():
            if self._stop.is_set():
                return
            began = time.monotonic()
            if number % 2:
                answer = create(self._sandbox, f"hammer{number}-{turn}.example")
            else:
                answer = call(self._sandbox, "ping")
            self.outcomes.append((began, said(answer)))


@pytest.mark.parametrize("end", ["deleteApiKey", "generateApiKey"])
def test_under_load_nothing_succeeds_once_the_key_has_ended(sandbox: Sandbox, end: str) -> None:
    """Not what began after it, and not what began before it and was not yet committed."""

    def accounts() -> int:
        with closing(sqlite3.connect(sandbox.state / "iwapi.db")) as database:
            return int(database.execute("select count(*) from account").fetchone()[0])

    admin = administrator(sandbox)
    with Hammer(sandbox) as hammer:
        hammer.wait_for(200)
        admin(end)
        ended, opened = time.monotonic(), accounts()
        hammer.wait_for(200)
    assert opened > 0
    assert {said for began, said in hammer.outcomes if began < ended} == {"ok", "NOT_AUTHENTICATED"}
    assert {said for began, said in hammer.outcomes if began >= ended} == {"NOT_AUTHENTICATED"}
    assert accounts() == opened
