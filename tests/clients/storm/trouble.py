"""What befalls PostgreSQL in the storm: lost COMMITs, sessions that are ended, a server that crashes."""

from __future__ import annotations

import random
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg

from tests import postgres

_COMMIT = b"commit\0"
_NEVER_SAID = b"a word that nobody says"


class Trouble:
    """A server and a way to it that may be cut. `befalls` is one trouble by chance."""

    def __init__(self) -> None:
        self._server = postgres.Server()
        self._proxy = postgres.Proxy(self._server.port)
        self._name = self._server.create()
        self._starter = ThreadPoolExecutor(1)  # the server ends with the thread that started it
        self.number = self.ended = self.restarts = 0

    @property
    def url(self) -> str:
        return self._server.url(self._name)

    @property
    def served(self) -> str:
        """The way that may be cut."""
        return self._server.url(self._name, self._proxy.port)

    @property
    def cuts(self) -> int:
        return self._proxy.cuts

    def befalls(self, chance: random.Random) -> None:
        """Mostly a connection that is cut between COMMIT sent and answered, or before it came; else all
        sessions are ended, or the server crashes or restarts."""
        self.number += 1
        if self.number % 6 not in (3, 0):
            self._proxy.cut_at(_COMMIT, forward=chance.random() < 0.7)
        elif self.number % 6:
            with suppress(psycopg.Error):
                self.ended += self._server.kill(self._name, "pid <> pg_backend_pid()")
        else:
            how = chance.choice([signal.SIGQUIT, signal.SIGINT])
            self._starter.submit(self._server.restart, how).result()
            self.restarts += 1

    def over(self) -> None:
        self._proxy.cut_at(_NEVER_SAID, forward=False)

    def close(self) -> None:
        self._proxy.close()
        self._server.remove()
        self._starter.shutdown()
