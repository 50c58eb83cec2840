"""The turn and the views on PostgreSQL.

The turn is an advisory lock that ends with its transaction; what waited for it sees all that was committed. A
connection that was lost is opened again, and no statement waits forever.
"""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from iwapi.errors import Unavailable
from iwapi.store import db
from iwapi.store.link import Damaged, Link, NoTurn
from iwapi.store.postgres import TURN, Connection, PostgresTx, connect

_REFUSED_SECONDS = 1.0
_POLL_SECONDS = 0.1
_VIEW = "begin isolation level repeatable read read only"
_TAKE_TURN = (  # a process that was stopped in its turn loses it
    "begin isolation level read committed; set local idle_in_transaction_session_timeout = '10s';"
    f" select pg_advisory_xact_lock({TURN}); savepoint call"
)


class PostgresLink(Link):
    """A connection that is opened when it is needed, and again when it was lost."""

    error = psycopg.Error

    def __init__(self, url: str) -> None:
        self._url = url
        self.tx: PostgresTx = PostgresTx()
        self._connection: Connection | None = None
        self._refused: tuple[float, psycopg.Error] | None = None
        self._down = False
        self._fresh = False

    @property
    def _status(self) -> int:
        connection = self._connection
        return TransactionStatus.UNKNOWN if connection is None else connection.pgconn.transaction_status

    def _run(self, sql: str) -> psycopg.Cursor[Any]:
        if self._connection is None:
            raise psycopg.OperationalError("the connection is lost")
        return self._connection.execute(sql, prepare=False)

    def _begin(self, sql: str) -> None:
        """Begin on the connection that is there, or else on a fresh one."""
        if self._connection is not None:
            try:
                self._run(sql)
                return
            except psycopg.Error:
                if not self._connection.closed:
                    raise
        self._open()
        self._run(sql)

    def _open(self) -> None:
        """Connect, but not again at once where it was refused: a dead host would hold up every reader."""
        if self._refused is not None and time.monotonic() < self._refused[0]:
            raise psycopg.OperationalError(str(self._refused[1]))
        self._connection = None
        try:
            self._connection = connect(self._url)
        except psycopg.Error as error:
            self._refused = time.monotonic() + _REFUSED_SECONDS, error
            raise
        self._refused = None
        self.tx.cursor = self._connection.cursor()

    def begin_view(self) -> None:
        self._begin(_VIEW)

    def end_view(self) -> None:
        """What cannot be ended well is ended with the connection."""
        if self._connection is None or self._status == TransactionStatus.IDLE:
            return
        try:
            self._run("rollback")
        except psycopg.Error:
            self.close()

    def told(self, error: Exception) -> Exception | None:
        if isinstance(error, psycopg.DataError | psycopg.IntegrityError):
            return None
        self._forget_plans(error)
        if isinstance(error, psycopg.errors.DataCorrupted | psycopg.errors.IndexCorrupted):
            return Damaged(str(error))
        return Unavailable(reason="the store cannot be read")

    def _forget_plans(self, error: Exception) -> None:
        """Another program changed the tables meanwhile: a new connection knows them as they are."""
        if isinstance(error, psycopg.errors.FeatureNotSupported):
            self.close()

    def take_turn(self) -> None:
        """Wait for a server that restarts as long as for another writer; once for all that wait."""
        self._refused = None
        deadline = time.monotonic() + (0 if self._down else db.BUSY_SECONDS)
        while True:
            try:
                self._begin(_TAKE_TURN)
                break
            except psycopg.Error as error:
                lost = self._connection is None or self._connection.closed
                self.end_view()
                if not lost or time.monotonic() >= deadline:
                    self._down = lost
                    raise NoTurn(error) from error
            time.sleep(_POLL_SECONDS)
            self._refused = None
        self._down, self._fresh = False, True

    def savepoint(self) -> None:
        """The turn began with one, and each follows the one before it without a statement of its own."""
        if not self._fresh:
            self._run("release call; savepoint call")
        self._fresh = False

    def release(self) -> None:
        """The call is over. A session that ended meanwhile is found before COMMIT is sent, not by it."""
        if self._status == TransactionStatus.INERROR:
            raise psycopg.errors.InFailedSqlTransaction("a statement failed, and the call went on")
        if self._connection is not None and _has_news(self._connection):
            self._run("select 1")

    def take_back(self) -> None:
        self._run("rollback to call")

    def is_gone(self, error: Exception) -> bool:
        self._forget_plans(error)
        if self._status not in (TransactionStatus.INTRANS, TransactionStatus.INERROR):
            return True
        return isinstance(error, psycopg.OperationalError)

    def commit(self) -> None:
        said = self._run("commit").statusmessage
        if said != "COMMIT":
            raise psycopg.errors.InFailedSqlTransaction(f"COMMIT was answered with {said}")

    def end_turn(self) -> None:
        self.end_view()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _has_news(connection: Connection) -> bool:
    """Whether the server said something that was not asked for: mostly that the session is over."""
    looking = select.poll()
    looking.register(connection.fileno(), select.POLLIN)
    return bool(looking.poll(0))
