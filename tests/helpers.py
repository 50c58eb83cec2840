"""A panel of one test: a state folder, a clock that the test moves, and services that only remember."""

from __future__ import annotations

import atexit
import dataclasses
import json
import os
import shutil
import sqlite3
import tempfile
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from iwapi.action import Action, Catalogue
from iwapi.app import Panel, install, open_panel
from iwapi.asked import Asked, Credentials, Outcome, new_request_id
from iwapi.config import Config, load
from iwapi.core import passwords
from iwapi.core.keys import KeyRow, KeyText, new_key, secret_mac
from iwapi.core.places import settings_file
from iwapi.core.resellers import RESELLER
from iwapi.errors import ApiError
from iwapi.kinds import UNLIMITED, Hashed, Plain, Raw
from iwapi.provision.driver import Driver
from iwapi.provision.recording import Recording
from iwapi.store.db import Place
from tests import postgres

ADMIN, ADMIN_PASSWORD = "admin@example.com", "Admin-password-1"
SHARED, DEDICATED, IPV6 = "192.0.2.1", ("192.0.2.11", "192.0.2.12"), "2001:db8::1"
PASSWORD = "Correct-horse7"
LOCAL = Credentials(local="tester")
START = 1_800_000_000
_DIGEST = passwords.digest


UNLIMITED_RESELLER = {name: str(UNLIMITED) for name in RESELLER.numbers}


class Clock:
    """The time, which only the test moves."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


def action(catalogue: Catalogue, name: str) -> Action:
    """An action by its path, as its typed name; or by its name on `route`, or by its function's."""
    (found,) = [item for item in catalogue.actions if name == item.path] or [
        item for item in catalogue.actions
        if name == (item.name or (item.route.action if item.route else item.run.__name__))
    ]  # fmt: skip
    return found


@dataclasses.dataclass
class World:
    """An open panel and what the test may turn. A client that `hears` nothing lost its connection before the
    answer."""

    panel: Panel
    clock: Clock
    hears: bool = True

    def asked(self, name: str, raw: Mapping[str, Raw], by: Credentials, wire: str, **rest: Any) -> Asked:
        return Asked(action(self.panel.catalogue, name), raw, by, wire, new_request_id(), **rest)

    def outcomes(self, *asked: Asked, timeout: float = 30) -> list[Outcome]:
        """Make calls at once and wait for all answers, in the order of the calls."""
        answers: list[list[Outcome]] = [[] for _ in asked]
        left = threading.Semaphore(0)

        def reply(at: int) -> Callable[[Outcome], None]:
            def take(outcome: Outcome) -> None:
                answers[at].append(outcome)
                if outcome.delivered is not None and self.hears:
                    outcome.delivered()
                left.release()

            return take

        for at, one in enumerate(asked):
            self.panel.dispatch(one, reply(at))
        for _ in asked:
            assert left.acquire(timeout=timeout), "a call was never answered"
        assert {len(found) for found in answers} == {1}, "a call was answered twice"
        return [outcome for (outcome,) in answers]

    def outcome(
        self,
        name: str,
        raw: Mapping[str, Raw] | None = None,
        by: Credentials = LOCAL,
        wire: str = "cli",
        **rest: Any,
    ) -> Outcome:
        return self.outcomes(self.asked(name, raw or {}, by, wire, **rest))[0]

    def call(
        self, name: str, raw: Mapping[str, Raw] | None = None, by: Credentials = LOCAL, **rest: Any
    ) -> Any:
        """The answer; an error is raised."""
        outcome = self.outcome(name, raw, by, **rest)
        if outcome.error is not None:
            raise outcome.error
        return outcome.answer

    def refused(
        self, name: str, raw: Mapping[str, Raw] | None = None, by: Credentials = LOCAL, **rest: Any
    ) -> ApiError:
        """The error that a call must end with."""
        outcome = self.outcome(name, raw, by, **rest)
        assert outcome.error is not None, f"{name} succeeded: {outcome.answer}"
        return outcome.error

    def open(self, domain: str = "example.com", by: Credentials = LOCAL, **raw: Raw) -> Any:
        """Open an account with its limits given one by one."""
        return self.call("createSiteWorxAccount", opening(domain, **raw), by)

    def key(self, by: Credentials | None = None) -> Credentials:
        """Generate the API key of the administrator, or of another user; credentials with it."""
        answer = self.call("generateApiKey", by=by or LOCAL)
        return Credentials(apikey=Plain(answer.apikey.reveal), address="198.51.100.7", client="test")

    def reseller(self, email: str = "reseller@example.com") -> Credentials:
        """Another NodeWorx user without limits, known by its key."""
        made = self.call("createReseller", selling(email, **UNLIMITED_RESELLER))
        answer = self.call("generateApiKey", {"nodeworx_id": str(made.reseller_id)})
        return Credentials(apikey=Plain(answer.apikey.reveal), address="198.51.100.7", client="test")

    def scoped_key(
        self, *scopes: str, expires: int | None = None, addresses: Sequence[str] | None = None
    ) -> Credentials:
        """A named key of the administrator that may do only this."""
        key, pepper = new_key(os.urandom), self.panel.pepper
        row = KeyRow(
            key.id, 1, "named", False, secret_mac(pepper, key), b"", scopes or None,
            tuple(addresses) if addresses else None,
            int(self.clock()), expires, None, None, None, None,
        )  # fmt: skip
        values = (
            row.id, row.owner, row.name, row.secret_mac.hex(), row.sealed(pepper).hex(),
            json.dumps(scopes) if scopes else None, json.dumps(addresses) if addresses else None, row.created,
            expires,
        )  # fmt: skip
        self.panel.database.change(
            lambda tx: tx.run(
                "insert into api_key"
                " (id, owner, name, classic, secret_mac, row_mac, scopes, addresses, created, expires)"
                " values (?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
                *values,
            )
        )
        return by_key(key)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the file holds, read by a connection of its own."""
        return rows(self.panel.state, sql, *values)

    def value(self, sql: str, *values: object) -> Any:
        return self.rows(sql, *values)[0][0]

    def tables(self) -> list[str]:
        """The names of the store's tables, but for those of the databases themselves."""
        sql = (
            "select table_name from information_schema.tables where table_schema = 'public'"
            if url_of(self.panel.state)
            else "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
        )
        return sorted(name for (name,) in self.rows(sql))

    def plan(self, sql: str, *values: object) -> str:
        """How a statement finds its rows, of small tables too: SCAN where it looks at each."""
        if url := url_of(self.panel.state):
            from iwapi.store.postgres import connect, numbered

            with connect(url) as server:
                server.execute("set enable_seqscan = off")
                server.execute("set plan_cache_mode = force_generic_plan")
                told = server.execute(f"explain {numbered(sql)}", values)
                return " ".join(row[0] for row in told).replace("Seq Scan", "SCAN").replace("Index", "SEARCH")
        return " ".join(str(row[3]) for row in self.rows(f"explain query plan {sql}", *values))

    def settle(self) -> None:
        """Wait until the writer has written all that waits."""
        self.panel.database.drain()

    def sweep(self) -> None:
        """Sweep, and wait until everything that was taken up has ended."""
        self.panel.engine.sweep()
        while self.panel.engine._waiting:
            threading.Event().wait(0.001)


def by_key(key: KeyText) -> Credentials:
    return Credentials(apikey=Plain(key.block), address="198.51.100.7", client="test")


def url_of(state: Path) -> str:
    """Where PostgreSQL keeps the store of a state folder; nothing where it is a file."""
    file = settings_file(state)
    return tomllib.loads(file.read_text()).get("database", "") if file.exists() else ""


def rows(state: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    return rows_at(url_of(state) or state / "iwapi.db", sql, *values)


def rows_at(place: Place, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a store holds, read by a connection of its own."""
    if isinstance(place, Path):
        with closing(sqlite3.connect(place, timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()
    from iwapi.store.postgres import connect, numbered

    with connect(place) as server:
        cursor = server.execute(numbered(sql), values)
        return cursor.fetchall() if cursor.description else []


def opening(domain: str = "example.com", **raw: Raw) -> dict[str, Raw]:
    """The inputs of a new account."""
    return {
        "master_domain": domain, "email": "me@example.com", "password": PASSWORD, "OPT_STORAGE": "10",
        "OPT_BANDWIDTH": "10", **raw,
    }  # fmt: skip


def selling(email: str = "reseller@example.com", **raw: Raw) -> dict[str, Raw]:
    """The inputs of a new reseller."""
    return {
        "email": email, "password": PASSWORD, "RSL_OPT_STORAGE": "10", "RSL_OPT_BANDWIDTH": "10",
        "RSL_OPT_SITEWORX_ACCOUNTS": "2", **raw,
    }  # fmt: skip


def config(**values: Any) -> Config:
    return load(None, {}).replace(allow_reserved_domains=True, hostname="panel.example.net", **values)


def open_world(
    state: Path, drivers: Sequence[Driver] | None, settings: Config | None = None, clock: Clock | None = None
) -> World:
    """Open a state folder under a clock of the test."""
    clock = clock or Clock()
    panel = open_panel(state, (settings or config()).replace(database=url_of(state)), drivers)
    panel.engine.clock = clock
    return World(dataclasses.replace(panel, dispatch=dataclasses.replace(panel.dispatch, clock=clock)), clock)


@cache
def _installed(store: str) -> tuple[Path, str]:
    """A state folder that was set up, and the name of its database where that is on a server."""
    state = Path(tempfile.mkdtemp(prefix="installed-")) / "state"
    atexit.register(shutil.rmtree, state.parent, ignore_errors=True)
    pool = [(SHARED, True), *((address, False) for address in DEDICATED), (IPV6, True)]
    name = postgres.server().create() if store == "postgres" else ""
    with pytest.MonkeyPatch.context() as patch:  # the first test that wants it may have made passwords cheap
        patch.setattr(passwords, "digest", _DIGEST)
        install(state, ADMIN, ADMIN_PASSWORD, pool, postgres.server().url(name) if name else "")
    return state, name


def copy_installed(store: str, to: Path) -> Path:
    """Make a folder the state of a panel that was just set up, on that database."""
    folder, name = _installed(store)
    state = Path(shutil.copytree(folder, to))
    if name:
        copy = postgres.server().create(name)
        settings_file(state).write_text(f'database = "{postgres.server().url(copy)}"\n')
    return state


def drop_store(state: Path) -> None:
    """Forget the database of a state folder, where it is on a server."""
    if url := url_of(state):
        postgres.server().drop(url.rpartition("/")[2])


def renew(store: str, state: Path) -> None:
    """Make a folder the state of a panel that was just set up, whatever it was before."""
    drop_store(state)
    shutil.rmtree(state, ignore_errors=True)
    copy_installed(store, state)


@pytest.fixture
def store(request: pytest.FixtureRequest) -> str:
    """Which database keeps the store: "sqlite", and "postgres" too in what is marked `both_databases`.

    With TEST_STORE=postgres every test that has a panel of its own runs on that.
    """
    return str(getattr(request, "param", os.environ.get("TEST_STORE", "sqlite")))


@pytest.fixture
def installed(store: str) -> Path:
    """A state folder that was set up, to be copied and not to be changed."""
    return _installed(store)[0]


@pytest.fixture
def state(store: str, tmp_path: Path) -> Iterator[Path]:
    """The folder of a panel that was just set up."""
    state = copy_installed(store, tmp_path / "state")
    url = url_of(state)
    yield state
    if url:
        postgres.server().drop(url.rpartition("/")[2])


@pytest.fixture
def driver() -> Recording:
    return Recording()


@pytest.fixture
def world(state: Path, driver: Recording) -> Iterator[World]:
    """A panel whose one service only remembers what it was asked."""
    world = open_world(state, [driver])
    yield world
    world.panel.close()


@pytest.fixture
def home(state: Path) -> Iterator[World]:
    """A panel that keeps real folders."""
    world = open_world(state, None)
    yield world
    world.panel.close()


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost nothing, where what is told of them is not the matter."""
    monkeypatch.setattr(passwords, "digest", lambda password: Hashed("argon2 of it", "crypt of it"))
