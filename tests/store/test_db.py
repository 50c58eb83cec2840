"""The turn: all that waits in one commit, each failure alone, nothing lost, no promise that does not hold."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
import time
from typing import Any

import pytest

from iwapi.errors import Unavailable
from iwapi.store import db
from iwapi.store.db import Database, Place, Tx, open_database
from iwapi.store.sqlite import SqliteTx
from tests.store.writing import Held, Result, insert, noted, write_all

pytestmark = pytest.mark.both_databases


def test_a_write_that_fails_takes_back_its_own_changes_alone(database: Database, place: Place) -> None:
    def fails(tx: Tx) -> None:
        tx.run("insert into note (text) values ('half')")
        raise ValueError("no")

    works = [insert("a"), fails, insert("b"), insert("a"), insert("c")]
    results = write_all(database, works)
    assert [value for value, _ in results] == ["a", None, "b", None, "c"]
    assert isinstance(results[1][1], ValueError)
    assert "unique" in str(results[3][1]).lower()
    assert noted(place) == ["a", "b", "c"]


def test_what_a_failed_write_leaves_is_written_in_its_place(database: Database, place: Place) -> None:
    def failed(tx: Tx, error: Exception) -> None:
        tx.run("insert into log (text) values (?)", str(error))

    def fails(tx: Tx) -> None:
        tx.run("insert into note (text) values ('half')")
        raise ValueError("no")

    write_all(database, [insert("a"), fails], failed)
    assert (noted(place), noted(place, "log")) == (["a"], ["no"])


def test_a_write_whose_record_cannot_be_written_fails(database: Database, place: Place) -> None:
    def record(tx: Tx, _: Exception) -> None:
        tx.run("insert into nowhere values (1)")

    def fails(tx: Tx) -> None:
        raise ValueError("no")

    results = write_all(database, [insert("a"), fails, insert("b")], record)
    assert [type(error) for _, error in results] == [type(None), Unavailable, type(None)]
    assert noted(place) == ["a", "b"]


def test_a_bug_in_the_record_of_a_failure_ends_neither_the_writer_nor_the_call(
    database: Database, place: Place
) -> None:
    def record(tx: Tx, _: Exception) -> None:
        raise KeyError("a bug")

    def fails(tx: Tx) -> None:
        raise ValueError("no")

    assert [type(error) for _, error in write_all(database, [fails], record)] == [ValueError]
    database.change(insert("after"))
    assert noted(place) == ["after"]


def test_a_reply_that_cannot_be_made_does_not_end_the_writer(database: Database, place: Place) -> None:
    def done(_: Any, __: Exception | None) -> None:
        raise RuntimeError("the client is gone")

    database.write(insert("a"), done)
    assert database.change(insert("b")) == "b"
    assert noted(place) == ["a", "b"]


def test_replies_leave_after_the_commit(database: Database, place: Place) -> None:
    seen: list[list[str]] = []
    ended = threading.Event()

    def done(*_: Any) -> None:
        seen.append(noted(place))
        ended.set()

    database.write(insert("a"), done)
    assert ended.wait(10)
    assert seen == [["a"]]


def lose_the_transaction(tx: Tx) -> None:
    """What a full disk may do, or a server that ends the session: all of the transaction is taken back."""
    if not isinstance(tx, SqliteTx):
        tx.run("select pg_terminate_backend(pg_backend_pid())")
        raise AssertionError("the session goes on")
    tx._connection.execute("rollback")
    raise sqlite3.OperationalError("database or disk is full")


def test_when_the_transaction_is_lost_the_other_fifty_nine_succeed(database: Database, place: Place) -> None:
    works = [insert(f"note {number}") for number in range(60)]
    works[30] = lose_the_transaction
    results = write_all(database, works)
    assert [type(error) for _, error in results if error] == [Unavailable]
    assert isinstance(results[30][1], Unavailable)
    assert noted(place) == [f"note {number}" for number in range(60) if number != 30]


def test_a_reader_sees_one_state_however_long_it_reads(database: Database) -> None:
    database.change(insert("a"))
    with database.snapshot() as tx:
        assert tx.value("select count(*) from note") == 1
        database.change(insert("b"))
        assert tx.value("select count(*) from note") == 1
    with database.snapshot() as tx:
        assert tx.value("select count(*) from note") == 2


def test_a_reader_that_fails_leaves_the_next_a_fresh_view(database: Database) -> None:
    def read() -> None:
        with database.snapshot() as tx:
            tx.all("select * from note")
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        read()
    database.change(insert("a"))
    with database.snapshot() as tx:
        assert tx.value("select count(*) from note") == 1


def test_what_cannot_be_read_is_unavailable(database: Database) -> None:
    with pytest.raises(Unavailable), database.snapshot() as tx:
        tx.all("select * from nowhere")


def test_a_write_reads_what_the_one_before_it_wrote(database: Database) -> None:
    def count(tx: Tx) -> int:
        tx.run("insert into note (text) values (?)", str(tx.value("select count(*) from note")))
        return int(tx.value("select count(*) from note"))

    assert [value for value, _ in write_all(database, [count] * 50)] == list(range(1, 51))


def test_closing_finishes_what_was_accepted_and_accepts_no_more(place: Place) -> None:
    database = open_database(place)
    results: list[Result] = []
    with Held(database):
        for number in range(200):
            database.write(insert(str(number)), lambda *result: results.append(result))
        closer = threading.Thread(target=database.close)
        closer.start()
        deadline = time.monotonic() + 10
        while True:
            try:
                database.write(insert("late"), lambda *result: results.append(result))
            except Unavailable:
                break
            assert time.monotonic() < deadline
    closer.join(20)
    late = [value for value, _ in results if value == "late"]
    assert len(late) <= 1  # those accepted before the door closed are written
    assert len(results) == len(noted(place)) >= 200


def test_a_full_queue_refuses(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "WAITING", 5)
    database = open_database(place)
    with Held(database):
        for number in range(5):
            database.write(insert(str(number)), lambda *_: None)
        with pytest.raises(Unavailable, match="too many changes"):
            database.write(insert("one more"), lambda *_: None)
    database.close()
    assert noted(place) == ["0", "1", "2", "3", "4"]


COUNTS = """
import sys
from pathlib import Path
from iwapi.store.db import open_database

place = sys.argv[1]
database = open_database(Path(place) if place.startswith("/") else place)
print("ready", flush=True)
sys.stdin.readline()
for number in range(200):
    def work(tx):
        count = tx.value("select count(*) from note")
        tx.run("insert into note (text) values (?)", f"{sys.argv[2]} {number} after {count}")
    database.change(work)
database.close()
"""


def test_two_processes_take_turns_and_lose_nothing(place: Place) -> None:
    open_database(place).close()  # the first of two makes the log
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTS, str(place), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.communicate("go\n", timeout=50)
        assert process.returncode == 0
    texts = noted(place)
    assert sorted(int(text.rpartition(" ")[2]) for text in texts) == list(
        range(400)
    )  # no count was read twice
    assert {text.split()[0] for text in texts[:300]} == {"left", "right"}
