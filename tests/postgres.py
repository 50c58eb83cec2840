"""A PostgreSQL server of the tests: its own data, a port of its own on loopback, gone when the tests end.

It is never the machine's service. Where the tests run as root it runs as a user without rights.
"""

from __future__ import annotations

import atexit
import ctypes
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

USER, PASSWORD = "iwapi", "Password-of-postgres"
_SECONDS = 30
_PREFIX = "iwapi-postgres-"
_ROOM = 2 * 1024**3
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_numbers = itertools.count(1)


def programs() -> Path | None:
    """The folder of the server's programs, of its newest version. Debian keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[4]))
    if found:
        return found[-1].parent
    here = shutil.which("initdb")
    return Path(here).resolve().parent if here else None


def _user() -> str | None:
    """Who runs the server."""
    if os.geteuid():
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _fast_folder() -> str | None:
    """In memory, where there is room: a database for each test is mostly making and removing files."""
    try:
        return "/dev/shm" if shutil.disk_usage("/dev/shm").free > _ROOM else None
    except OSError:
        return None


def _clear() -> None:
    """Remove what a run that was killed could not."""
    for folder in Path(_fast_folder() or tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if not Path(f"/proc/{folder.name.removeprefix(_PREFIX).partition('-')[0]}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def _with_parent() -> None:
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGQUIT)


class Server:
    """A server that runs. `durable` keeps its commits through a crash of the machine, and is slower."""

    def __init__(self, durable: bool = False) -> None:
        self._programs = programs()
        assert self._programs is not None
        self._as: dict[str, Any] = {}
        if user := _user():
            entry = pwd.getpwnam(user)
            self._as = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        place = None if durable else _fast_folder()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
        if self._as:
            os.chown(self._folder, self._as["user"], self._as["group"])
        self._durable = durable
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._initialise()
        self.start()

    def _initialise(self) -> None:
        secret = self._folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        words = [
            f"{self._programs}/initdb", "--pgdata", f"{self._folder}/data", "--username", USER, "--pwfile",
            str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync",
        ]  # fmt: skip
        done = subprocess.run(words, capture_output=True, text=True, cwd="/", **self._as)
        assert done.returncode == 0, done.stderr
        secret.unlink()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        fast = ["fsync=off", "full_page_writes=off"]
        settings = [
            f"port={self.port}", "listen_addresses=127.0.0.1", "unix_socket_directories=",
            "shared_buffers=32MB", "max_connections=200",
            "log_min_messages=warning", "max_wal_size=1GB", "autovacuum_naptime=10min",
            *([] if self._durable else fast),
        ]  # fmt: skip
        words = [f"{self._programs}/postgres", "-D", f"{self._folder}/data"]
        for setting in settings:
            words += ["-c", setting]
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                words, stdout=log, stderr=log, cwd="/", **self._as,
                preexec_fn=_with_parent,  # noqa: PLW1509  (one call that takes no lock)
            )  # fmt: skip
        deadline = time.monotonic() + _SECONDS
        while True:
            try:
                self.execute("select 1")
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, self.logged()
                assert time.monotonic() < deadline, self.logged()
                time.sleep(0.05)

    def stop(self, how: int = signal.SIGINT) -> None:
        """End it: at once and without a word with SIGQUIT, else in order."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(_SECONDS)
            self._process = None

    def restart(self, how: int = signal.SIGQUIT) -> None:
        self.stop(how)
        self.start()

    def remove(self) -> None:
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def logged(self) -> str:
        return (self._folder / "log").read_text(errors="replace")

    def url(self, name: str, port: int | None = None) -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port or self.port}/{name}"

    def execute(self, sql: str, name: str = "postgres", values: Any = None) -> list[tuple[Any, ...]]:
        """Run a statement in a database; its rows, if it has any."""
        with psycopg.connect(self.url(name), autocommit=True, connect_timeout=5) as connection:
            cursor = connection.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    def create(self, template: str = "template0") -> str:
        """A fresh database, a copy of another one that nobody uses; its name."""
        name = f"test_{next(_numbers)}"
        self.execute(f"create database {name} template {template}")
        return name

    def drop(self, name: str) -> None:
        self.execute(f"drop database if exists {name} with (force)")

    def kill(self, name: str, which: str = "true") -> int:
        """End the sessions of a database, or those that a condition on pg_stat_activity names; how many."""
        these = f"from pg_stat_activity where datname = '{name}' and {which}"
        return len(self.execute(f"select pg_terminate_backend(pid, 5000) {these}"))


@cache
def server() -> Server:
    """The server that all tests of a run share; started when the first one needs it."""
    _clear()
    started = Server()
    atexit.register(started.remove)
    return started


class Proxy:
    """Stands between a client and the server, and cuts connections when it is told to.

    `cut_at(word, forward)` cuts the first connection whose client sends this word: before the server has it,
    or, when `forward`, after the server answered it and before the client hears of it.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._word: bytes | None = None
        self._forward = False
        self.cuts = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_at(self, word: bytes, forward: bool) -> None:
        self._forward, self._word = forward, word

    def cut_all(self) -> None:
        """Cut what is open now."""
        for one in [*self._open]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                client.close()
                continue
            self._open += [client, server]
            silent = threading.Event()
            for work in (self._up, self._down):
                threading.Thread(target=self._ended, args=(work, client, server, silent), daemon=True).start()

    def _ended(
        self, work: Callable[..., None], client: socket.socket, server: socket.socket, silent: threading.Event
    ) -> None:
        with suppress(OSError):
            work(client, server, silent)
        for one in (client, server):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _up(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        while sent := client.recv(65536):
            if self._word is not None and self._word in sent.lower():
                self._word = None
                self.cuts += 1
                if not self._forward:
                    return
                silent.set()
            server.sendall(sent)

    def _down(self, client: socket.socket, server: socket.socket, silent: threading.Event) -> None:
        while said := server.recv(65536):
            if silent.is_set():
                return
            client.sendall(said)
