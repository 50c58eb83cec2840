"""What the world sees of an account, and what the store remembers of it."""

from __future__ import annotations

import sqlite3
import urllib.parse
from contextlib import closing

import argon2

from tests.clients.visitor import curl, dig, visit
from tests.sandbox import Sandbox

SERVED, SUSPENDED, GONE = (200, "NOERROR"), (503, "NOERROR"), (404, "REFUSED")


def site(sandbox: Sandbox, domain: str) -> tuple[int, str]:
    """The status that a visitor gets, and that of the name server for the name."""
    return visit(sandbox, domain).status, dig(sandbox, domain).status


def stored(sandbox: Sandbox, domain: str, *columns: str) -> tuple[object, ...]:
    """Columns of the newest account of a domain."""
    query = f"select {', '.join(columns)} from account where domain = ? order by id desc limit 1"
    with closing(sqlite3.connect(sandbox.state / "iwapi.db")) as database:
        row: tuple[object, ...] = database.execute(query, (domain,)).fetchone()
    return row


def opens_with(sandbox: Sandbox, domain: str, password: str) -> bool:
    """Whether an account takes a password."""
    (verifier,) = stored(sandbox, domain, "argon2")
    return argon2.PasswordHasher().verify(str(verifier), password)


def browse(sandbox: Sandbox, address: str, *form: str) -> tuple[int, str]:
    """Where a browser ends, and what it shows, after an address or a form."""
    jar = sandbox.state / "cookies"
    jar.unlink(missing_ok=True)
    printed = curl("--cacert", sandbox.ca, "--cookie-jar", str(jar), "--cookie", str(jar), "--location",
                   "--write-out", "\n%{http_code}", *form, address)  # fmt: skip
    body, _, status = printed.rpartition("\n")
    return int(status), body


def press(sandbox: Sandbox, address: str, fields: dict[str, str]) -> tuple[int, str]:
    """What the button of a form leads to."""
    return browse(sandbox, address, "--data", urllib.parse.urlencode(fields))
