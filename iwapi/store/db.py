"""The database: snapshots for readers, and the turn in which everything that waits is written at once.

A write is a function of the transaction that may be run again. The writer takes the turn, runs all that waits
with a savepoint each, commits once, and only then are their replies made. Holding the turn makes every read
in it current, so read-then-write is plain code. What differs between databases is in their `Link`.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from iwapi.errors import OutcomeUnknown, Unavailable
from iwapi.store.link import Damaged, Link, NoTurn, Place, Row, Tx, Unreachable

__all__ = ["Damaged", "Database", "Place", "Row", "Tx", "Unreachable", "open_database"]

BATCH = 64
WAITING = 10_000
BUSY_SECONDS = 10.0
CLOSING_SECONDS = 1.0

log = logging.getLogger(__name__)
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


def open_database(place: Place) -> Database:
    """Open a database that has its tables; raises `Damaged`, `Unreachable` or `Unavailable`."""
    if isinstance(place, Path):
        from iwapi.store.sqlite import SqliteLink, held

        return Database(lambda: SqliteLink(place), held(place))
    from iwapi.store.postgreslink import PostgresLink  # its driver costs who does not use it no time

    return Database(lambda: PostgresLink(place))


class Database:
    """One database. Reads are on a connection of the calling thread, writes on the writer's thread."""

    def __init__(self, connect: Callable[[], Link], let_go: Callable[[], None] = lambda: None) -> None:
        self._connect = connect
        self._let_go = let_go
        self._local = threading.local()
        self._readers: list[tuple[Link, threading.Lock]] = []
        self._waiting: queue.Queue[_Write | None] = queue.Queue(WAITING)
        self._door = threading.Lock()
        self._closed = False
        self._writer = connect()  # stays open: SQLite's readers need the -shm file
        self._error = self._writer.error
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    def drain(self) -> None:
        """Wait until what was accepted is written and its replies are made."""
        self._waiting.join()

    def close(self) -> None:
        """Accept no more, write what was accepted, then end. A reader that hangs keeps its connection."""
        with self._door:
            if self._closed:
                return
            self._closed = True
        self._waiting.put(None)
        self._thread.join()
        for link, reads in self._readers:
            if reads.acquire(timeout=CLOSING_SECONDS):
                link.close()
        self._writer.close()
        self._let_go()

    @contextmanager
    def snapshot(self) -> Iterator[Tx]:
        """A fresh, consistent view for reading."""
        if self._closed:
            raise Unavailable(reason="it is shutting down")
        if not hasattr(self._local, "reader"):
            self._local.reader = self._connect(), threading.Lock()
            self._readers.append(self._local.reader)
        link, reads = self._local.reader
        if not reads.acquire(blocking=False):  # it was closed meanwhile
            raise Unavailable(reason="it is shutting down")
        try:
            yield from self._view(link)
        finally:
            reads.release()

    def _view(self, link: Link) -> Iterator[Tx]:
        try:
            link.begin_view()
        except self._error as error:
            log.error("the store cannot be read: %s", error)
            raise Unavailable(reason="the store cannot be read") from error
        try:
            yield link.tx
        except self._error as error:
            told = link.told(error)
            if told is None:
                raise
            log.error("the store cannot be read: %s", error)
            raise told from error
        finally:
            link.end_view()

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
        """One commit for all; each once more, alone, when the transaction itself was lost."""
        try:
            results = self._commit(writes)
        except NoTurn as why:
            results = _refused(writes, why)
        except _TransactionGone as gone:
            log.warning("a transaction was lost, its %d changes run again: %s", len(writes), gone)
            self._alone(writes)
            return
        _reply(writes, results)

    def _alone(self, writes: list[_Write]) -> None:
        for at, write in enumerate(writes):
            try:
                results = self._commit([write])
            except _TransactionGone as gone:
                results = _refused([write], gone)
            except NoTurn as why:  # nor would the others have it
                _reply(writes[at:], _refused(writes[at:], why))
                return
            _reply([write], results)

    def _commit(self, writes: list[_Write]) -> list[_Result]:
        """The results of a transaction of these. An error of COMMIT itself leaves them unknown."""
        link = self._writer
        link.take_turn()
        try:
            try:
                results = [self._run(link, write) for write in writes]
            except self._error as error:
                raise _TransactionGone(error) from error
            try:
                link.commit()
            except self._error as error:
                log.error("the outcome of a commit is unknown: %s", error)
                return [(None, OutcomeUnknown()) for _ in writes]
            return results
        finally:
            link.end_turn()

    def _run(self, link: Link, write: _Write) -> _Result:
        link.savepoint()
        try:
            result: _Result = write.work(link.tx), None
            link.release()
        except Exception as error:
            if link.is_gone(error):
                raise _TransactionGone(error) from error
            result = None, error
            link.take_back()
            if write.failed is not None:
                self._instead(write.failed, link.tx, error)
            link.release()
        return result

    def _instead(self, failed: Failed, tx: Tx, error: Exception) -> None:
        """Write what a failed call leaves; a bug in that must not end the writer."""
        try:
            failed(tx, error)
        except self._error:
            raise
        except Exception:
            log.exception("the record of a failed call could not be written")


def _reply(writes: list[_Write], results: list[_Result]) -> None:
    for write, (value, failure) in zip(writes, results, strict=True):
        try:
            write.done(value, failure)
        except Exception:
            log.exception("a reply could not be made")


def _refused(writes: list[_Write], why: Exception) -> list[_Result]:
    """Nothing of these is written."""
    log.error("the store cannot be written: %s", why)
    return [(None, Unavailable(reason="the store cannot be written")) for _ in writes]
