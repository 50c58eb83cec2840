"""The health of a server: its state folder and its settings are looked at, and neither is changed."""

from __future__ import annotations

import ipaddress
import os
import socket
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from iwapi.config import Config
from iwapi.core.breaker import approval_command
from iwapi.core.finding import Finding
from iwapi.core.pepper import SIZE, Pepper
from iwapi.core.places import database_file, moved_away, pepper_file, store_name, store_place
from iwapi.core.server import DAY
from iwapi.core.times import moment
from iwapi.kinds import DatabaseUrl
from iwapi.store import audit, breaker, jobs, meta, shares
from iwapi.store.addresses import Addresses
from iwapi.store.db import Place, Tx, Unreachable, open_database
from iwapi.store.migrate import applied, wanted
from iwapi.store.users import Users

_EXPIRES_SOON = 21  # days
_CONNECT_SECONDS = 1.0
_EVER = 2**62
_MANY = 1000
_LATELY = 7 * DAY
_PUBLIC = ("listen", "listen_tls")
_LISTENERS = (*_PUBLIC, "admin_listen", "sites_listen", "dns_listen")
_RESTORE = "Restore a backup."


def examine(state: Path, config: Config) -> tuple[Finding, ...]:
    """All that is found, in the order in which an operator should read it."""
    found = [*_folder(state, config)]
    if all(finding.grade != "fail" for finding in found):
        found += _database(state, config)
    return (*found, *_settings(config), certificate(config), *_ports(config))


def _folder(state: Path, config: Config) -> Iterator[Finding]:
    pepper, database = pepper_file(state), database_file(state)
    if not pepper.exists() and not database.exists():
        yield Finding("fail", "state", f"{state} is not set up.", f"Run `iwapi init --state {state}`.")
        return
    if not pepper.exists() or pepper.stat().st_size != SIZE:
        yield Finding("fail", "pepper", f"{pepper} is missing or damaged.", _RESTORE)
    if not config.database and (not database.exists() or not database.stat().st_size):
        yield Finding("fail", "database", f"{database} is missing or empty.", _RESTORE)
    yield from _owner(state, state.stat().st_uid, os.geteuid())
    if config.database and config.source and config.source.exists() and _mode(config.source) & 0o077:
        text = f"Other users may read {config.source}, which holds the password of the database."
        yield Finding("fail", "settings file", text, f"Run `chmod 600 {config.source}`.")
    open_files = [file for file in state.iterdir() if file.is_file() and _mode(file) & 0o077]
    if open_files and _mode(state) & 0o077:
        names = ", ".join(sorted(file.name for file in open_files))
        yield Finding("fail", "permissions", f"Other users may reach {names}.", f"Run `chmod 700 {state}`.")
    else:
        yield Finding("ok", "permissions", "Other users cannot reach the secrets.")


def _owner(state: Path, owner: int, runs: int) -> Iterator[Finding]:
    """Whether the server runs as a user of its own; both are user ids."""
    if owner == 0:
        yield Finding(
            "warn", "owner", f"{state} belongs to root, and so the server runs as root.",
            f"Give it to a user of its own: `chown -R iwapi: {state}`.",
        )  # fmt: skip
    elif owner != runs:
        yield Finding("warn", "owner", f"{state} belongs to another user.", "Run the server as its owner.")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _database(state: Path, config: Config) -> Iterator[Finding]:
    place = store_place(state, config.database)
    name = DatabaseUrl(place).shown if isinstance(place, str) else str(place)
    try:
        yield from _schema(place)
        database = open_database(place)
        try:
            with database.snapshot() as tx:
                if to := meta.moved(tx):
                    yield Finding("fail", "database", *moved_away(store_name(state, config.database), to))
                    return
                yield Finding("ok", "database", f"{store_name(state, config.database)} is the one in use.")
                yield from _content(tx, Pepper(pepper_file(state).read_bytes()))
                if not config.password_login:
                    yield from _refused(tx, time.time())
        finally:
            database.close()
    except Unreachable as error:
        text = f"{name} cannot be reached: {error}."
        yield Finding("fail", "database", text, "Start it, or correct the setting `database`.")
    except Exception as error:  # noqa: BLE001  (whatever is wrong with it, this is where it is told)
        yield Finding("fail", "database", f"{name} cannot be read: {error}.", _RESTORE)


def _schema(place: Place) -> Iterator[Finding]:
    here = applied(place)
    if unknown := sorted({*here} - {*wanted()}):
        yield Finding(
            "fail", "migrations", f"The database was written by a newer iwapi ({', '.join(unknown)}).",
            "Install that version, or restore a backup from before.",
        )  # fmt: skip
    elif missing := sorted({*wanted()} - {*here}):
        yield Finding(
            "warn", "migrations", f"{', '.join(missing)} is not applied.", "The next start applies it."
        )
    else:
        yield Finding("ok", "migrations", "The database has this version's tables.")


def _content(tx: Tx, pepper: Pepper) -> Iterator[Finding]:
    if not meta.belongs_to(tx, pepper):
        yield Finding(
            "fail", "pepper", "The database does not belong to the pepper.", "Restore both from one backup."
        )
        return
    yield Finding("ok", "pepper", "The database belongs to the pepper.")
    if Users(tx).master() is None:
        yield Finding("fail", "administrator", "There is no master administrator.", _RESTORE)
    broken = audit.broken_at(tx, pepper)
    if broken is None:
        yield Finding("ok", "audit", "Every row follows from the one before it.")
    else:
        yield Finding(
            "fail", "audit", f"Row {broken} does not follow from the row before it: rows were changed.",
            "Find out who could write to the database, and compare with a backup.",
        )  # fmt: skip
    if waiting := jobs.waiting(tx, _EVER, _MANY, ()):
        yield Finding(
            "warn", "accounts", f"{len(waiting)} wait for a change to be carried out.",
            "A running server takes them up; where one stays, its log names the service that fails.",
        )  # fmt: skip
    else:
        yield Finding("ok", "accounts", "Every change was carried out.")
    if wrong := shares.adrift(tx):
        yield Finding(
            "fail", "resellers", f"What is kept of {', '.join(wrong)} is not what their accounts have.",
            "Their limits are checked wrongly. Restore a backup, and report this.",
        )  # fmt: skip
    for one in breaker.stopped(tx):
        yield Finding(
            "warn", "terminations",
            f"{one.who} closed {one.terminations} accounts in a short time, and closes no more.",
            f"Look whether that was meant; `{approval_command(one.who)}` lets it go on.",
        )  # fmt: skip
    if not Addresses(tx).free(4) and not Addresses(tx).free(6):
        yield Finding("warn", "addresses", "The pool has no free address.", "No account can be opened.")


def _refused(tx: Tx, now: float) -> Iterator[Finding]:
    """Whether log-ins were lately refused because the setting `password_login` is off."""
    at, address = meta.refused(tx) or (0, "")
    if at > now - _LATELY:
        yield Finding(
            "warn", "log-ins",
            f"E-mail and password came from {address} on {moment(at):%Y-%m-%d %H:%M} UTC, and were refused.",
            "If that is a billing module, give it an API key; one that knows none needs password_login = true"
            " and a restart.",
        )  # fmt: skip


def _settings(config: Config) -> Iterator[Finding]:
    public = [name for name in _PUBLIC if not all(map(_is_loopback, getattr(config, name)))]
    if not public:
        yield Finding("ok", "settings", "The API listens on loopback only.")
    if "listen" in public:
        yield Finding("warn", "listen", "Keys travel without TLS over the network.", "Use listen_tls only.")
    if public and config.hostname == "localhost":
        yield Finding(
            "warn", "hostname", "Clients of the network are told that the server is localhost.",
            "Set hostname to the server's own name.",
        )  # fmt: skip
    if not config.password_login:
        yield Finding(
            "ok", "password_login",
            "The API refuses e-mail and password in place of a key; password_login = true would accept them.",
        )  # fmt: skip
    elif public:
        yield Finding(
            "warn", "password_login", "The API takes e-mail and password from the network.",
            "Switch it off unless a billing module needs it.",
        )  # fmt: skip
    else:
        yield Finding("ok", "password_login", "The API accepts e-mail and password in place of a key.")
    if public and config.allow_reserved_domains:
        yield Finding(
            "warn", "allow_reserved_domains", "Names such as example.com can be opened.", "Switch it off."
        )


def _is_loopback(at: tuple[str, int]) -> bool:
    return ipaddress.ip_address(at[0]).is_loopback


def certificate(config: Config) -> Finding:
    """Whether the certificate of the settings can be used, and for how long."""
    if not config.tls_cert:
        return Finding("ok", "certificate", "Self-signed; the server renews it. Clients must be given it.")
    try:
        first, *_ = x509.load_pem_x509_certificates(Path(config.tls_cert).read_bytes())
        key = load_pem_private_key(Path(config.tls_key).read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        return Finding("fail", "certificate", f"It cannot be read: {error}.", "Look at tls_cert and tls_key.")
    if key.public_key() != first.public_key():
        text = f"{config.tls_key} is not the key of {config.tls_cert}."
        return Finding("fail", "certificate", text, "The server's own certificate comes first in its chain.")
    ends = first.not_valid_after_utc
    days = (ends - datetime.fromtimestamp(time.time(), UTC)).days
    if days < 0:
        return Finding("fail", "certificate", f"It ended on {ends:%Y-%m-%d}.", "Put a new one in its place.")
    text = f"It is valid until {ends:%Y-%m-%d}."
    if days < _EXPIRES_SOON:
        return Finding("warn", "certificate", text, "Put a new one in its place.")
    return Finding("ok", "certificate", text)


def _ports(config: Config) -> Iterator[Finding]:
    wanted = [(name, at) for name in _LISTENERS for at in getattr(config, name)]
    silent = [f"{name} {host} port {port}" for name, (host, port) in wanted if not _answers(host, port)]
    if not silent:
        yield Finding("ok", "ports", "Something answers on every port.")
    elif len(silent) == len(wanted):
        yield Finding("warn", "ports", "Nothing answers: the server does not run.", "Start `iwapi serve`.")
    else:
        yield Finding(
            "fail", "ports", f"Nothing answers at {', '.join(silent)}.",
            "See in the server's log why it does not listen there; a change of a port needs a restart.",
        )  # fmt: skip


def _answers(host: str, port: int) -> bool:
    """Whether something takes connections; on an address that means all, this machine's own is asked."""
    try:
        socket.create_connection((host, port), _CONNECT_SECONDS).close()
    except OSError:
        return False
    return True
