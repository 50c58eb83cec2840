"""The life of a key: what it survives, and that its end is its end in every process."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zeep

from iwapi.errors import NotAuthenticated
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


@pytest.mark.parametrize("end", ["deleteApiKey", "generateApiKey"])
def test_under_load_no_call_that_began_after_the_end_of_the_key_succeeds(sandbox: Sandbox, end: str) -> None:
    outcomes: list[tuple[float, str]] = []
    stop = threading.Event()

    def hammer(number: int) -> None:
        client = billing(sandbox, sandbox.api_key)
        for turn in range(1_000_000):
            if stop.is_set():
                return
            began = time.monotonic()
            try:
                if number % 2:
                    client("createPackage", package_name=f"{number} {turn}", OPT_STORAGE=1, OPT_BANDWIDTH=1)
                else:
                    client("ping")
                outcomes.append((began, "ok"))
            except zeep.exceptions.Fault as fault:
                outcomes.append((began, fault.message))

    clients = [threading.Thread(target=hammer, args=(number,)) for number in range(8)]
    admin = administrator(sandbox)
    for client in clients:
        client.start()
    while len(outcomes) < 200:
        time.sleep(0.01)
    admin(end)
    ended = time.monotonic()
    seen = len(outcomes)
    while len(outcomes) < seen + 200:
        time.sleep(0.01)
    stop.set()
    for client in clients:
        client.join()
    assert {said for began, said in outcomes if began < ended} >= {"ok"}
    assert {said for began, said in outcomes if began >= ended} == {NotAuthenticated.staff}
