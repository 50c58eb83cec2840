"""SQLite: all in which it differs from another database. The store is one file, in WAL mode.

Several processes take turns by a file lock, which is fairer than SQLite's own waiting.
"""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from iwapi.errors import Unavailable
from iwapi.store import db
from iwapi.store.link import Damaged, Link, NoTurn, Row, Tx, Unreachable

_POLL_SECONDS = 0.001

log = logging.getLogger(__name__)


class SqliteTx(Tx):
    """A transaction of a connection to SQLite."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, *values: object) -> Row | None:
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object) -> Any:
        row = self._connection.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, *values: object) -> int:
        return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)


class SqliteLink(Link):
    """A connection to a file. The writer's takes turns by a lock beside the file."""

    error = sqlite3.Error

    def __init__(self, path: Path) -> None:
        self._lock_file = path.with_suffix(".lock")
        self._lock: int | None = None
        try:
            self._connection = _connect(path)
        except sqlite3.OperationalError as error:
            log.error("the store cannot be read: %s", error)
            raise Unavailable(reason="the store cannot be read") from error
        except sqlite3.DatabaseError as error:
            raise Damaged(str(error)) from error
        self.tx = SqliteTx(self._connection)

    def begin_view(self) -> None:
        self._connection.execute("begin")

    def end_view(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("rollback")

    def told(self, error: Exception) -> Exception | None:
        if isinstance(error, sqlite3.OperationalError):
            return Unavailable(reason="the store cannot be read")
        return Damaged(str(error)) if type(error) is sqlite3.DatabaseError else None

    def take_turn(self) -> None:
        try:
            self._take_lock()
        except OSError as error:
            raise NoTurn(error) from error
        try:
            self._connection.execute("begin immediate")
        except sqlite3.Error as error:
            self._give_lock()
            raise NoTurn(error) from error

    def _take_lock(self) -> None:
        """Have the file lock, unless another process, perhaps stopped, keeps it."""
        if self._lock is None:
            self._lock = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + db.BUSY_SECONDS
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError("another process keeps the turn") from None
                time.sleep(_POLL_SECONDS)

    def _give_lock(self) -> None:
        if self._lock is not None:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def savepoint(self) -> None:
        self._connection.execute("savepoint call")

    def release(self) -> None:
        self._connection.execute("release call")

    def take_back(self) -> None:
        self._connection.execute("rollback to call")

    def is_gone(self, error: Exception) -> bool:
        return not self._connection.in_transaction or _is_disk(error)

    def commit(self) -> None:
        self._connection.execute("commit")

    def end_turn(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("rollback")
        except sqlite3.Error as error:
            log.error("what was not committed could not be taken back: %s", error)
        finally:
            self._give_lock()

    def close(self) -> None:
        self._connection.close()
        if self._lock is not None:
            os.close(self._lock)


def held(path: Path, alone: bool = False) -> Callable[[], None]:
    """Tell other processes that this one has the file open, or, alone, that none may; what ends that.

    Raises `Unreachable` where another process is in the way.
    """
    lock = os.open(path.with_suffix(".open"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        text = "another process has it open" if alone else "it is being moved to another database"
        raise Unreachable(text) from None
    return lambda: os.close(lock)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=db.BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
        connection.execute(f"pragma {pragma}")
    return connection


def _is_disk(error: Exception) -> bool:
    """Whether the disk or a lock failed a statement, not what it says."""
    wrong_statement = sqlite3.SQLITE_ERROR
    return (
        isinstance(error, sqlite3.OperationalError)
        and getattr(error, "sqlite_errorcode", wrong_statement) != wrong_statement
    )
