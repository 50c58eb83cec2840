"""Writes of tests: what is queued while the writer is held is one turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from iwapi.store.db import Database, Place, Tx
from tests.helpers import rows_at

Result = tuple[Any, Exception | None]


def insert(text: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.run("insert into note (text) values (?)", text)
        return text

    return work


def noted(place: Place, table: str = "note") -> list[str]:
    """What is committed, in the order in which it was written."""
    return [text for (text,) in rows_at(place, f"select text from {table} order by id")]


class Held:
    """Holds the writer back, so that what is written meanwhile waits for one turn."""

    def __init__(self, database: Database) -> None:
        self._go, self._entered = threading.Event(), threading.Event()
        self._database = database

    def __enter__(self) -> None:
        def wait(_: Tx) -> None:
            self._entered.set()
            assert self._go.wait(20)

        self._database.write(wait, lambda *_: None)
        assert self._entered.wait(10)

    def __exit__(self, *_: object) -> None:
        self._go.set()


def write_all(database: Database, works: list[Callable[[Tx], Any]], failed: Any = None) -> list[Result]:
    """Write all in one turn; their results in the order in which they ended."""
    results: list[Result] = []
    ended = threading.Semaphore(0)

    def done(value: Any, error: Exception | None) -> None:
        results.append((value, error))
        ended.release()

    with Held(database):
        for work in works:
            database.write(work, done, failed)
    for _ in works:
        assert ended.acquire(timeout=20)
    return results
