"""What a server leaves to read, its log, its files and its process, holds no secret and no forgery."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import requests

from iwapi.cli.outside import route, typed
from tests.clients.byhand import PASSWORD, call, create, endpoint
from tests.sandbox import Sandbox


def test_what_a_client_calls_itself_forges_no_line_of_the_log(sandbox: Sandbox) -> None:
    forged = 'x","event":"forged'
    headers = {"Content-Type": "text/xml", "User-Agent": forged}
    requests.post(sandbox.soap_typed, "<x/>", headers=headers, timeout=10)
    lines = sandbox.logged().splitlines()
    assert all(line.startswith("{") and line.endswith("}") for line in lines)
    assert '"event":"forged' not in sandbox.logged().replace('\\"', "")


def test_no_secret_is_in_the_log_the_database_or_the_arguments(sandbox: Sandbox) -> None:
    other = "Another-secret-horse8"
    log_in = {"email": sandbox.admin_email, "password": sandbox.admin_password}
    wrong = {"email": sandbox.admin_email, "password": other}
    create(sandbox, "secret.example")
    call(sandbox, "changeSiteWorxPassword", domain="secret.example", password=other)
    call(sandbox, "changeSiteWorxPassword", domain="no.example", password=other)
    call(sandbox, "createSiteWorxAccount", password=other, apikey=sandbox.api_key)
    typed(endpoint(sandbox.soap_typed), "billing", {"apikey": sandbox.api_key[:-45]}, "ping", {})
    typed(endpoint(sandbox.admin), "admin", wrong, "getApiKey", {})
    key = typed(endpoint(sandbox.admin), "admin", log_in, "generateApiKey", {}).member("apikey")
    typed(endpoint(sandbox.admin), "admin", log_in, "editAdministrator", {"password": other})
    for apikey in (key, sandbox.api_key, other):
        passwords = {"password": other, "confirm_password": other}
        for action, domain in (("edit", "secret.example"), (apikey, apikey)):
            inputs = {"domain": domain, **passwords}
            route(endpoint(sandbox.soap), apikey, "/nodeworx/siteworx", action, inputs)

    secrets = [PASSWORD, other, *(text.splitlines()[1][6:] for text in (key, sandbox.api_key))]
    with closing(sqlite3.connect(sandbox.state / "iwapi.db")) as database:
        kept = "\n".join(database.iterdump())
    files = [path for path in sandbox.state.iterdir() if path.name.startswith("iwapi.db")]
    raw = b"".join(path.read_bytes() for path in files).decode("latin-1")
    process = [Path(f"/proc/{sandbox.pid}/{name}").read_text() for name in ("cmdline", "environ")]
    assert "secret.example" in kept
    assert "$argon2id$" in kept
    for text in (sandbox.logged(), kept, raw, *process):
        assert [secret for secret in secrets if secret in text] == []
    ours = [path for path in sandbox.state.rglob("*") if path.is_file() and "homes" not in path.parts]
    readable = {path.name for path in ours if path.stat().st_mode & 0o077}
    assert readable <= {"self-signed.crt", "iwapi.toml", "log"}
