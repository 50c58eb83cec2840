"""The panel: a state folder, opened, with the one path of every call on it."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import iwapi.actions
from iwapi import __version__
from iwapi.action import Action, Catalogue, collect
from iwapi.app.stores import StateError, make_store, open_store, read_pepper
from iwapi.asked import Asked, Credentials, Outcome, new_request_id
from iwapi.auth import Auth, Throttles
from iwapi.carry import Carrier
from iwapi.config import Config
from iwapi.core import passwords
from iwapi.core.bound import Endpoints
from iwapi.core.pepper import SIZE, Pepper
from iwapi.core.places import is_set_up
from iwapi.core.server import DAY, Server
from iwapi.dispatch import Dispatcher
from iwapi.engine import Engine
from iwapi.errors import Unavailable
from iwapi.hosting.page import placeholder
from iwapi.hosting.zones import Names
from iwapi.kinds import Plain, Raw, Rules
from iwapi.processes import process_of
from iwapi.provision.driver import Driver
from iwapi.provision.home import Home, folder
from iwapi.store import meta
from iwapi.store.addresses import Addresses
from iwapi.store.db import Database, Tx
from iwapi.store.users import Users
from iwapi.timers import Timers
from iwapi.workers import Workers

log = logging.getLogger(__name__)

HASHING_WAITING = 256
BUILDERS = 16  # an account whose service hangs keeps one
UPKEEP = 2  # the sweep and the look at sizes: they go on when all builders hang
CLOSING_SECONDS = 5.0


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
    builders: Workers
    upkeep: Workers
    timers: Timers

    def call(
        self, action: Action, raw: dict[str, Raw], credentials: Credentials,
        options: Mapping[str, Raw] | None = None, wire: str = "cli",
    ) -> Any:  # fmt: skip
        """Call an action and wait for its answer, which returning it hands over; its error is raised."""
        ended = threading.Event()
        outcomes: list[Outcome] = []

        def reply(outcome: Outcome) -> None:
            outcomes.append(outcome)
            ended.set()

        self.dispatch(Asked(action, raw, credentials, wire, new_request_id(), options=options or {}), reply)
        ended.wait()
        (outcome,) = outcomes
        if outcome.error is not None:
            raise outcome.error
        if outcome.delivered:
            outcome.delivered()
        return outcome.answer

    def hurry(self) -> None:
        """Answer every call that waits: what it waits for goes on, and it is told so."""
        self.dispatch.carry.hurry()

    def close(self) -> None:
        """Finish what was accepted, then close the store. A service that hangs is not waited for: the next
        start takes its account up."""
        self.hashing.shutdown()
        self.database.drain()  # what it still had may ask for building
        self.timers.close()
        until = time.monotonic() + CLOSING_SECONDS
        for workers in (self.upkeep, self.builders):
            if not workers.close(max(until - time.monotonic(), 0)):
                log.error("a service hangs: what it has to do is left to the next start")
        self.database.close()


def homes(state: Path) -> Path:
    return state / "homes"


def install(
    state: Path, email: str, password: str, addresses: Sequence[tuple[str, bool]], database: str = ""
) -> None:
    """Make a state folder: the pepper, the database, the master administrator, the address pool.

    An address is an IP address and whether accounts share it. `database` is the URL of PostgreSQL, if any.
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

    make_store(state, database, secret, write)


def open_panel(state: Path, config: Config, drivers: Sequence[Driver] | None = None) -> Panel:
    """Open a state folder that was set up."""
    pepper = Pepper(read_pepper(state, config))
    database = open_store(state, config, pepper)
    catalogue = collect(iwapi.actions)
    hashing = Pool(os.cpu_count() or 2, "hash", HASHING_WAITING)
    builders = Workers(BUILDERS, "build")
    process = process_of(os.getpid())
    timers = Timers()
    engine = Engine(
        database, drivers if drivers is not None else (Home(homes(state), placeholder),), builders, pepper,
        process, time.time, timers,
    )  # fmt: skip
    dispatch = Dispatcher(
        database, Auth(pepper), Throttles(), engine.touches,
        Carrier(database, engine.build, timers, time.time), hashing,
        server(config, process, base_url(config), homes(state)), rules(config), time.time, os.urandom,
        config.password_login,
    )  # fmt: skip
    return Panel(
        state, config, catalogue, database, dispatch, engine, pepper, hashing, builders,
        Workers(UPKEEP, "upkeep"), timers,
    )  # fmt: skip


def rules(config: Config) -> Rules:
    servers = Names.of(config.hostname, config.name_servers).servers
    own = frozenset({config.hostname, *config.server_names, *servers} - {"localhost"})
    return Rules(config.allow_reserved_domains, own, config.password_strength)


def server(config: Config, process: str, base_url: str, homes: Path) -> Server:
    return Server(
        config.hostname, base_url, __version__, process, config.max_accounts, config.grace_days * DAY,
        str(homes.resolve()), config.dns_ttl, terminations_most=config.terminations_most,
        terminations_minutes=config.terminations_minutes,
    )  # fmt: skip


def base_url(config: Config, plain: Endpoints = (), tls: Endpoints = ()) -> str:
    """Where clients are told to reach the API: by the ports that are bound, or else by the settings."""
    secure = bool(config.listen_tls)
    _, port = (tls or config.listen_tls or plain or config.listen or (("", 443),))[0]
    return f"{'https' if secure else 'http'}://{config.hostname}:{port}"


def place(state: Path) -> Callable[[int], str]:
    """Where the embedded host finds an account's files."""
    at = homes(state).resolve()
    return lambda account_id: str(folder(at, account_id))
