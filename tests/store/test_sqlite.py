"""SQLite: its file lock, its disk and its COMMIT may fail, and no promise is broken."""

from __future__ import annotations

import fcntl
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from iwapi.errors import OutcomeUnknown, Unavailable
from iwapi.store import db, sqlite
from iwapi.store.db import Database, Tx, open_database
from tests.store.writing import Held, Result, insert, noted, write_all


@pytest.fixture
def path(place: Path) -> Path:
    return place


def commits(path: Path, during: Callable[[], object]) -> int:
    """How many frames of the write-ahead log end a commit."""

    def count() -> int:
        wal = path.with_name(path.name + "-wal").read_bytes()
        size = 24 + int.from_bytes(wal[8:12], "big")
        return sum(wal[at + 4 : at + 8] != b"\0\0\0\0" for at in range(32, len(wal), size))

    before = count()
    during()
    return count() - before


def test_all_that_waits_is_one_commit_in_the_order_in_which_it_came(database: Database, path: Path) -> None:
    texts = [f"note {number}" for number in range(60)]
    results: list[Result] = []
    database.change(insert("first"))
    assert commits(path, lambda: results.extend(write_all(database, list(map(insert, texts))))) == 1
    assert results == [(text, None) for text in texts]
    assert noted(path) == ["first", *texts]


def test_a_turn_takes_no_more_than_its_share(database: Database, path: Path) -> None:
    database.change(insert("first"))
    works = [insert(f"note {number}") for number in range(db.BATCH + 10)]
    assert commits(path, lambda: write_all(database, works)) == 2


def test_an_interrupt_takes_back_one_of_sixty(database: Database, path: Path) -> None:
    runs = 0

    def interrupted(tx: Tx) -> None:
        nonlocal runs
        runs += 1
        tx._connection.set_progress_handler(
            lambda: 1, 10
        )  # SQLite's interrupt, in the middle of the statement
        try:
            tx.run(
                "insert into note (text) with recursive n(i) as"
                " (select 1 union all select i + 1 from n where i < 100000) select 'long ' || i from n"
            )
        finally:
            tx._connection.set_progress_handler(None, 0)

    works: list[Callable[[Tx], Any]] = [insert(f"note {number}") for number in range(60)]
    works[30] = interrupted
    results = write_all(database, works)
    assert isinstance(results[30][1], Unavailable)
    assert [at for at, (_, error) in enumerate(results) if error] == [30]
    assert noted(path) == [f"note {number}" for number in range(60) if number != 30]
    assert runs == 2  # once with the others, once alone


@pytest.mark.parametrize(
    "record", [None, "small", "x" * 4000], ids=["no record", "small record", "big record"]
)
def test_a_full_disk_refuses_what_does_not_fit_and_takes_what_does(
    database: Database, path: Path, record: str | None
) -> None:
    def failed(tx: Tx, _: Exception) -> None:
        tx.run("insert into log (text) values (?)", record)

    def limit(pages: int) -> Callable[[Tx], Any]:
        return lambda tx: tx.value(f"pragma max_page_count = {pages}")

    pages = database.change(limit(0))
    database.change(limit(database.change(lambda tx: tx.value("pragma page_count")) + 2))
    big = "x" * 4000
    works = [insert(f"{number} {big}") for number in range(20)] + [insert("small")]
    results = write_all(database, works, failed if record else None)
    kept = [value for value, error in results if error is None]
    assert {type(error) for _, error in results if error} == {Unavailable}
    assert 0 < len(kept) < 20
    assert noted(path) == kept
    with database.snapshot() as tx:  # reads go on
        assert tx.value("select count(*) from note") == len(kept)
    database.change(limit(pages))  # and there is room again: no restart
    assert database.change(insert("after")) == "after"


def test_what_the_disk_refuses_is_unavailable_and_what_a_statement_says_wrongly_is_a_bug(
    database: Database, path: Path
) -> None:
    def refused(tx: Tx) -> None:
        tx.run("pragma query_only = 1")
        try:
            tx.run("insert into note (text) values ('read-only file system')")
        finally:
            tx.run("pragma query_only = 0")

    results = write_all(database, [insert("a"), refused, lambda tx: tx.run("insert into nowhere values (1)")])
    assert [type(error) for _, error in results] == [type(None), Unavailable, sqlite3.OperationalError]
    assert noted(path) == ["a"]


class BrokenCommit:
    """A connection on which COMMIT fails, before or after it is real."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.break_commit = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, sql: str, *values: Any) -> Any:
        if sql == "commit" and self.break_commit:
            if self.break_commit == "after":
                self.connection.execute(sql)
            self.break_commit = ""
            raise sqlite3.OperationalError("disk I/O error")
        return self.connection.execute(sql, *values)


@pytest.mark.parametrize(("when", "kept"), [("before", []), ("after", ["a", "b"])])
def test_an_error_of_commit_leaves_the_outcome_open_and_nothing_runs_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, when: str, kept: list[str]
) -> None:
    made: list[BrokenCommit] = []
    connect = sqlite._connect

    def broken(path: Path) -> Any:
        made.append(BrokenCommit(connect(path)))
        return made[-1]

    monkeypatch.setattr(sqlite, "_connect", broken)
    database = open_database(path)
    runs: list[str] = []

    def work(text: str) -> Callable[[Tx], Any]:
        return lambda tx: (runs.append(text), insert(text)(tx))

    database.change(lambda tx: None)
    threading.Event().wait(0)
    with Held(database):
        results: list[Result] = []
        ended = threading.Semaphore(0)
        for text in "ab":
            database.write(work(text), lambda *result: (results.append(result), ended.release()))

        def breaks(tx: Tx) -> None:
            tx._connection.break_commit = when

        database.write(breaks, lambda *result: (results.append(result), ended.release()))
    for _ in range(3):
        assert ended.acquire(timeout=10)
    assert [type(error) for _, error in results] == [OutcomeUnknown] * 3
    assert runs == ["a", "b"]
    assert noted(path) == kept
    assert database.change(insert("after")) == "after"
    database.close()


def test_a_database_that_cannot_be_locked_refuses_all_at_once(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.1)
    database = open_database(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        results: list[Result] = []
        ended = threading.Semaphore(0)
        began = time.monotonic()
        for number in range(60):
            database.write(insert(str(number)), lambda *result: (results.append(result), ended.release()))
        for _ in range(60):
            assert ended.acquire(timeout=20)
        assert time.monotonic() - began < 2
        assert {type(error) for _, error in results} == {Unavailable}
        other.execute("rollback")
    assert database.change(insert("after")) == "after"
    database.close()


def test_the_turn_is_waited_for_while_another_process_has_it(database: Database, path: Path) -> None:
    ended = threading.Event()
    with open(path.with_suffix(".lock"), "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        database.write(insert("a"), lambda *_: ended.set())
        assert not ended.wait(0.1)
        with database.snapshot() as tx:  # readers wait for nobody
            assert tx.value("select count(*) from note") == 0
    assert ended.wait(10)
    assert noted(path) == ["a"]


def test_every_commit_is_on_the_disk_before_its_reply(database: Database) -> None:
    """As far as SQLite's settings say it; the log is there beside the file."""
    for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
        assert database.change(lambda tx, pragma=pragma: tx.value(f"pragma {pragma}")) == value


def test_a_turn_that_another_process_keeps_is_given_up_and_had_later(
    database: Database, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_SECONDS", 0.05)
    with open(path.with_suffix(".lock"), "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Unavailable):
            database.change(insert("a"))
        fcntl.flock(lock, fcntl.LOCK_UN)
    database.change(insert("b"))
    assert noted(path) == ["b"]
