"""The panel: a state folder, opened, with the one path of every call on it."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import iwapi.actions
from iwapi import __version__
from iwapi.action import Action, Catalogue, collect
from iwapi.asked import Asked, Credentials, Outcome, new_request_id
from iwapi.auth import Auth, Throttles
from iwapi.config import Config
from iwapi.core import passwords
from iwapi.core.bound import Endpoints
from iwapi.core.pepper import SIZE, Pepper
from iwapi.core.places import database_file, is_set_up, pepper_file
from iwapi.core.server import DAY, Server
from iwapi.dispatch import Dispatcher
from iwapi.engine import Engine, process_of
from iwapi.errors import Unavailable
from iwapi.hosting.page import placeholder
from iwapi.hosting.zones import Names
from iwapi.kinds import Plain, Raw, Rules
from iwapi.provision.driver import Driver
from iwapi.provision.home import Home, folder
from iwapi.store import meta
from iwapi.store.addresses import Addresses
from iwapi.store.db import Damaged, Database, Tx
from iwapi.store.migrate import applied, migrate, wanted
from iwapi.store.users import Users

log = logging.getLogger(__name__)

HASHING_WAITING = 256
BACKGROUND_THREADS = 4


class StateError(Exception):
    """A state folder that cannot be used, in one sentence."""


class Pool(ThreadPoolExecutor):
    """Threads for slow work; so much may wait, what comes beyond is refused."""

    def __init__(self, threads: int, name: str, waiting: int) -> None:
        super().__init__(threads, name)
        self._places = threading.BoundedSemaphore(waiting)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if not self._places.acquire(blocking=False):
            raise Unavailable(reason="too many passwords are waiting to be checked")
        try:
            future = super().submit(fn, *args, **kwargs)
        except RuntimeError:
            self._places.release()
            raise Unavailable(reason="it is shutting down") from None
        future.add_done_callback(lambda _: self._places.release())
        return future


@dataclass(frozen=True)
class Panel:
    """An open state folder: actions can be called on it."""

    state: Path
    config: Config
    catalogue: Catalogue
    database: Database
    dispatch: Dispatcher
    engine: Engine
    pepper: Pepper
    hashing: ThreadPoolExecutor
    background: ThreadPoolExecutor

    def call(self, action: Action, raw: dict[str, Raw], credentials: Credentials, wire: str = "cli") -> Any:
        """Call an action and wait for its answer; its error is raised."""
        ended = threading.Event()
        outcomes: list[Outcome] = []

        def reply(outcome: Outcome) -> None:
            outcomes.append(outcome)
            ended.set()

        self.dispatch(Asked(action, raw, credentials, wire, new_request_id()), reply)
        ended.wait()
        if outcomes[0].error is not None:
            raise outcomes[0].error
        return outcomes[0].answer

    def close(self) -> None:
        """Finish what was accepted, then close the store."""
        self.hashing.shutdown()
        self.database.drain()  # what it still had may ask for building
        self.background.shutdown()
        self.database.close()


def homes(state: Path) -> Path:
    return state / "homes"


def install(state: Path, email: str, password: str, addresses: Sequence[tuple[str, bool]]) -> None:
    """Make a state folder: the pepper, the database, the master administrator, the address pool.

    An address is an IP address and whether accounts share it.
    """
    if is_set_up(state):
        raise StateError(f"{state} is set up already.")
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    pepper = Pepper(secret := os.urandom(SIZE))
    hashed = passwords.digest(Plain(password))

    def write(tx: Tx) -> None:
        meta.set_up(tx, pepper)
        Users(tx).add_master(email, "Administrator", hashed, int(time.time()))
        for address, shared in addresses:
            Addresses(tx).add(str(ip_address(address)), shared)

    with tempfile.TemporaryDirectory(dir=state) as aside:
        fresh = database_file(Path(aside))
        migrate(fresh)
        database = Database(fresh)
        try:
            database.change(write)
        finally:
            database.close()
        fresh.chmod(0o600)
        _write_secret(pepper_file(state), secret)
        fresh.rename(database_file(state))


def open_panel(state: Path, config: Config, drivers: Sequence[Driver] | None = None) -> Panel:
    """Open a state folder that was set up."""
    pepper = Pepper(_read_pepper(state))
    try:
        if newer := sorted({*applied(database_file(state))} - {*wanted()}):
            raise StateError(f"The database of {state} was written by a newer iwapi: {', '.join(newer)}.")
        migrate(database_file(state))
        database = Database(database_file(state))
        with database.snapshot() as tx:
            known = meta.belongs_to(tx, pepper)
    except (Damaged, Unavailable) as error:
        raise StateError(f"The database of {state} is damaged: {error}. Restore a backup.") from error
    if not known:
        database.close()
        text = f"The database of {state} does not belong to its pepper. Restore both from one backup."
        raise StateError(text)
    catalogue = collect(iwapi.actions)
    hashing = Pool(os.cpu_count() or 2, "hash", HASHING_WAITING)
    background = ThreadPoolExecutor(BACKGROUND_THREADS, "build")
    process = process_of(os.getpid())
    engine = Engine(
        database, drivers if drivers is not None else (Home(homes(state), placeholder),), background, pepper,
        process, time.time,
    )  # fmt: skip
    dispatch = Dispatcher(
        database, Auth(pepper), Throttles(), engine.touches, engine.build, hashing,
        server(config, process, base_url(config), homes(state)), rules(config), time.time, os.urandom,
        config.password_login,
    )  # fmt: skip
    return Panel(state, config, catalogue, database, dispatch, engine, pepper, hashing, background)


def rules(config: Config) -> Rules:
    servers = Names.of(config.hostname, config.name_servers).servers
    own = frozenset({config.hostname, *config.server_names, *servers} - {"localhost"})
    return Rules(config.allow_reserved_domains, own, config.password_strength)


def server(config: Config, process: str, base_url: str, homes: Path) -> Server:
    return Server(
        config.hostname, base_url, __version__, process, config.max_accounts, config.grace_days * DAY,
        str(homes.resolve()), config.dns_ttl,
    )  # fmt: skip


def base_url(config: Config, plain: Endpoints = (), tls: Endpoints = ()) -> str:
    """Where clients are told to reach the API: by the ports that are bound, or else by the settings."""
    secure = bool(config.listen_tls)
    _, port = (tls or config.listen_tls or plain or config.listen or (("", 443),))[0]
    return f"{'https' if secure else 'http'}://{config.hostname}:{port}"


def _read_pepper(state: Path) -> bytes:
    if not pepper_file(state).exists():
        raise StateError(f"{state} is not set up: run `iwapi init --state {state}` first.")
    database = database_file(state)
    if not database.exists() or not database.stat().st_size:
        raise StateError(f"The database of {state} is missing. Restore a backup.")
    secret = pepper_file(state).read_bytes()
    if len(secret) != SIZE:
        raise StateError(f"The pepper of {state} is damaged. Restore a backup.")
    return secret


def _write_secret(path: Path, secret: bytes) -> None:
    """Whole and durable, or not at all."""
    fresh = path.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)


def place(state: Path) -> Callable[[int], str]:
    """Where the embedded host finds an account's files."""
    at = homes(state).resolve()
    return lambda account_id: str(folder(at, account_id))
