"""The database: snapshots for readers, and the turn in which everything that waits is written at once.

A write is a function of the transaction that may be run again. The writer takes the turn (a file lock, then
BEGIN IMMEDIATE), runs all that waits with a savepoint each, commits once, and only then are their replies
made. Holding the turn makes every read in it current, so read-then-write is plain code.
"""

from __future__ import annotations

import fcntl
import logging
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from iwapi.errors import OutcomeUnknown, Unavailable

BATCH = 64
WAITING = 10_000
_BUSY_SECONDS = 10
_POLL_SECONDS = 0.001

log = logging.getLogger(__name__)
Row: TypeAlias = sqlite3.Row
Damaged = sqlite3.DatabaseError
"""The file is no database, or not a whole one."""


class Tx:
    """A transaction: every statement in it sees one state of the database."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def one(self, sql: str, *values: object) -> Row | None:
        """The first row, or None."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: object) -> Any:
        """The first column of the first row, or None."""
        row = self._connection.execute(sql, values).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, *values: object) -> int:
        """Change rows; how many were changed."""
        return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        self._connection.executemany(sql, rows)


Work: TypeAlias = Callable[[Tx], Any]
Failed: TypeAlias = Callable[[Tx, Exception], None]
_Result: TypeAlias = tuple[Any, Exception | None]
Done: TypeAlias = Callable[[Any, Exception | None], None]


@dataclass(frozen=True)
class _Write:
    work: Work
    failed: Failed | None
    done: Done


class _TransactionGone(Exception):
    """The database took the whole transaction back, or could not run a statement of it."""


class Database:
    """One SQLite file. Reads are on a connection of the calling thread, writes on the writer's thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._waiting: queue.Queue[_Write | None] = queue.Queue(WAITING)
        self._door = threading.Lock()
        self._closed = False
        self._writer = self._connect()  # stays open: WAL readers need the -shm file
        self._lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")
        return connection

    def drain(self) -> None:
        """Wait until what was accepted is written and its replies are made."""
        self._waiting.join()

    def close(self) -> None:
        """Accept no more, write what was accepted, then end. Nothing may be reading any more."""
        with self._door:
            if self._closed:
                return
            self._closed = True
        self._waiting.put(None)
        self._thread.join()
        for connection in (*self._readers, self._writer):
            connection.close()
        os.close(self._lock)

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A fresh, consistent view for reading."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        try:
            if connection is None:
                connection = self._local.connection = self._connect()
                self._readers.append(connection)
            connection.execute("begin")
        except sqlite3.Error as error:
            log.error("the store cannot be read: %s", error)
            raise Unavailable(reason="the store cannot be read") from error
        try:
            yield Tx(connection)
        except sqlite3.OperationalError as error:
            log.error("the store cannot be read: %s", error)
            raise Unavailable(reason="the store cannot be read") from error
        finally:
            if connection.in_transaction:
                connection.execute("rollback")

    def write(self, work: Work, done: Done, failed: Failed | None = None) -> None:
        """Queue a write; `done(result, error)` is called once, after the commit, on the writer's thread.

        When `work` raises, its changes are taken back and `failed(tx, error)` may still write in its place.
        """
        with self._door:
            if self._closed:
                raise Unavailable(reason="it is shutting down")
            try:
                self._waiting.put_nowait(_Write(work, failed, done))
            except queue.Full:
                raise Unavailable(reason="too many changes are waiting") from None

    def change(self, work: Work) -> Any:
        """Write, and wait for the result. Never on the reactor's thread."""
        ended = threading.Event()
        result: list[Any] = [None, None]

        def done(value: Any, error: Exception | None) -> None:
            result[:] = value, error
            ended.set()

        self.write(work, done)
        ended.wait()
        if result[1] is not None:
            raise result[1]
        return result[0]

    def _serve(self) -> None:
        last = False
        while not last:
            batch = [self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get())
            last = None in batch
            writes = [item for item in batch if item is not None]
            if writes:
                self._turn(writes)
            for _ in batch:
                self._waiting.task_done()

    def _turn(self, writes: list[_Write]) -> None:
        """One commit for all; alone, one after another, when the transaction itself was lost."""
        try:
            results = self._commit(writes)
        except _TransactionGone as gone:
            if len(writes) > 1:
                for write in writes:
                    self._turn([write])
                return
            results = _refused(writes, gone)
        except OSError as error:  # the turn itself could not be had
            results = _refused(writes, error)
        except sqlite3.Error as error:
            log.error("the outcome of a commit is unknown: %s", error)
            results = [(None, OutcomeUnknown()) for _ in writes]
        for write, (value, failure) in zip(writes, results, strict=True):
            try:
                write.done(value, failure)
            except Exception:
                log.exception("a reply could not be made")

    def _commit(self, writes: list[_Write]) -> list[_Result]:
        self._take_the_turn()
        try:
            return self._together(writes)
        finally:
            try:
                if self._writer.in_transaction:
                    self._writer.execute("rollback")
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)

    def _take_the_turn(self) -> None:
        """Have the file lock; raises `TimeoutError` when another process, perhaps stopped, keeps it."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise TimeoutError("another process keeps the turn") from None
                time.sleep(_POLL_SECONDS)

    def _together(self, writes: list[_Write]) -> list[_Result]:
        """The writes of one transaction. An error of COMMIT itself is raised as it is."""
        try:
            self._writer.execute("begin immediate")
        except sqlite3.Error as error:
            return _refused(writes, error)
        try:
            results = [self._run(self._writer, write) for write in writes]
        except sqlite3.Error as error:
            raise _TransactionGone(error) from error
        self._writer.execute("commit")
        return results

    @staticmethod
    def _run(connection: sqlite3.Connection, write: _Write) -> _Result:
        tx = Tx(connection)
        connection.execute("savepoint call")
        try:
            result: _Result = write.work(tx), None
        except Exception as error:
            if not connection.in_transaction or _is_disk(error):
                raise _TransactionGone(error) from error
            result = None, error
            connection.execute("rollback to call")
            if write.failed is not None:
                _instead(write.failed, tx, error)
        connection.execute("release call")
        return result


def _is_disk(error: Exception) -> bool:
    """Whether the disk or a lock failed a statement, not what it says."""
    wrong_statement = sqlite3.SQLITE_ERROR
    return (
        isinstance(error, sqlite3.OperationalError)
        and getattr(error, "sqlite_errorcode", wrong_statement) != wrong_statement
    )


def _refused(writes: list[_Write], why: Exception) -> list[_Result]:
    """Nothing of these is written."""
    log.error("the store cannot be written: %s", why)
    return [(None, Unavailable(reason="the store cannot be written")) for _ in writes]


def _instead(failed: Failed, tx: Tx, error: Exception) -> None:
    """Write what a failed call leaves; a bug in that must not end the writer."""
    try:
        failed(tx, error)
    except sqlite3.Error:
        raise
    except Exception:
        log.exception("the record of a failed call could not be written")
