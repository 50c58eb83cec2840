"""The health of a server: its settings and its state folder are looked at, and neither is changed."""

from __future__ import annotations

import ipaddress
import os
import socket
import sqlite3
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from iwapi.config import Config
from iwapi.core.finding import Finding
from iwapi.core.pepper import SIZE, Pepper
from iwapi.core.places import database_file, pepper_file
from iwapi.errors import Unavailable
from iwapi.store import audit, jobs, meta
from iwapi.store.addresses import Addresses
from iwapi.store.db import Database, Tx
from iwapi.store.migrate import applied, wanted
from iwapi.store.users import Users

_EXPIRES_SOON = 21  # days
_CONNECT_SECONDS = 1.0
_EVER = 2**62
_MANY = 1000
_LISTENERS = ("listen", "listen_tls", "admin_listen", "sites_listen", "dns_listen")


def examine(state: Path, config: Config) -> tuple[Finding, ...]:
    """Everything there is to say, in the order in which an operator should read it."""
    found = list(_folder(state))
    if all(finding.grade != "fail" for finding in found):
        found += _database(state)
    found += _settings(config)
    found += _certificate(config)
    found += _ports(config)
    return tuple(found)


def _folder(state: Path) -> Iterator[Finding]:
    pepper, database = pepper_file(state), database_file(state)
    if not pepper.exists() and not database.exists():
        yield Finding("fail", "state", f"{state} is not set up", f"Run `iwapi init --state {state}`.")
        return
    if not pepper.exists() or pepper.stat().st_size != SIZE:
        yield Finding("fail", "pepper", f"{pepper} is missing or damaged", "Restore it from a backup.")
    if not database.exists() or not database.stat().st_size:
        yield Finding("fail", "database", f"{database} is missing or empty", "Restore it from a backup.")
    folder = state.stat()
    if folder.st_uid != os.geteuid():
        yield Finding(
            "warn", "owner", f"{state} belongs to another user", "Run this as its owner, or as root."
        )
    if stat.S_IMODE(folder.st_mode) & 0o077 and stat.S_IMODE(database.stat().st_mode) & 0o077:
        yield Finding("fail", "permissions", f"Others may read {database}", f"Run `chmod 700 {state}`.")
    else:
        yield Finding("ok", "permissions", "Nobody else may read the secrets")


def _database(state: Path) -> Iterator[Finding]:
    try:
        yield from _schema(database_file(state))
        database = Database(database_file(state))
        try:
            with database.snapshot() as tx:
                yield from _content(tx, Pepper(pepper_file(state).read_bytes()))
        finally:
            database.close()
    except (sqlite3.Error, Unavailable) as error:
        yield Finding("fail", "database", f"It cannot be read: {error}", "Restore it from a backup.")
