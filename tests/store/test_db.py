"""The turn: all that waits in one commit, each failure alone, nothing lost, no promise that does not hold."""

from __future__ import annotations

import fcntl
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from iwapi.errors import OutcomeUnknown, Unavailable
from iwapi.store import db
from iwapi.store.db import Database, Tx

Result = tuple[Any, Exception | None]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "test.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "create table note (text text not null unique); create table log (text text)"
        )
    return path


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(path)
    yield database
    database.close()


def insert(text: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.run("insert into note values (?)", text)
        return text

    return work


def noted(path: Path, table: str = "note") -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [text for (text,) in connection.execute(f"select text from {table} order by rowid")]


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


def test_a_write_that_fails_takes_back_its_own_changes_alone(database: Database, path: Path) -> None:
    def fails(tx: Tx) -> None:
        tx.run("insert into note values ('half')")
        raise ValueError("no")

    works = [insert("a"), fails, insert("b"), insert("a"), insert("c")]
    results = write_all(database, works)
    assert [value for value, _ in results] == ["a", None, "b", None, "c"]
    assert isinstance(results[1][1], ValueError)
    assert isinstance(results[3][1], sqlite3.IntegrityError)
    assert noted(path) == ["a", "b", "c"]


def test_what_a_failed_write_leaves_is_written_in_its_place(database: Database, path: Path) -> None:
    def failed(tx: Tx, error: Exception) -> None:
        tx.run("insert into log values (?)", str(error))

    def fails(tx: Tx) -> None:
        tx.run("insert into note values ('half')")
        raise ValueError("no")

    write_all(database, [insert("a"), fails], failed)
    assert (noted(path), noted(path, "log")) == (["a"], ["no"])


def test_a_write_whose_record_cannot_be_written_fails(database: Database, path: Path) -> None:
    def record(tx: Tx, _: Exception) -> None:
        tx.run("insert into nowhere values (1)")

    def fails(tx: Tx) -> None:
        raise ValueError("no")

    results = write_all(database, [insert("a"), fails, insert("b")], record)
    assert [type(error) for _, error in results] == [type(None), Unavailable, type(None)]
    assert noted(path) == ["a", "b"]


def test_a_bug_in_the_record_of_a_failure_ends_neither_the_writer_nor_the_call(
    database: Database, path: Path
) -> None:
    def record(tx: Tx, _: Exception) -> None:
        raise KeyError("a bug")

    def fails(tx: Tx) -> None:
        raise ValueError("no")

    assert [type(error) for _, error in write_all(database, [fails], record)] == [ValueError]
    database.change(insert("after"))
    assert noted(path) == ["after"]


def test_a_reply_that_cannot_be_made_does_not_end_the_writer(database: Database, path: Path) -> None:
    def done(_: Any, __: Exception | None) -> None:
        raise RuntimeError("the client is gone")

    database.write(insert("a"), done)
    assert database.change(insert("b")) == "b"
    assert noted(path) == ["a", "b"]


def test_replies_leave_after_the_commit(database: Database, path: Path) -> None:
    seen: list[list[str]] = []
    ended = threading.Event()

    def done(*_: Any) -> None:
        seen.append(noted(path))
        ended.set()

    database.write(insert("a"), done)
    assert ended.wait(10)
    assert seen == [["a"]]


def lose_the_transaction(tx: Tx) -> None:
    """What a full disk may do: the statement fails and the whole transaction is taken back."""
    tx._connection.execute("rollback")
    raise sqlite3.OperationalError("database or disk is full")


def test_when_the_transaction_is_lost_the_other_fifty_nine_succeed(database: Database, path: Path) -> None:
    works = [insert(f"note {number}") for number in range(60)]
    works[30] = lose_the_transaction
    results = write_all(database, works)
    assert [type(error) for _, error in results if error] == [Unavailable]
    assert isinstance(results[30][1], Unavailable)
    assert noted(path) == [f"note {number}" for number in range(60) if number != 30]


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
                "insert into note with recursive n(i) as"
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
        tx.run("insert into log values (?)", record)

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
            tx.run("insert into note values ('read-only file system')")
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
    connect = Database._connect

    def broken(self: Database) -> Any:
        made.append(BrokenCommit(connect(self)))
        return made[-1]

    monkeypatch.setattr(Database, "_connect", broken)
    database = Database(path)
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
    monkeypatch.setattr(db, "_BUSY_SECONDS", 0.1)
    database = Database(path)
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
        tx.run("insert into note values (?)", str(tx.value("select count(*) from note")))
        return int(tx.value("select count(*) from note"))

    assert [value for value, _ in write_all(database, [count] * 50)] == list(range(1, 51))


def test_closing_finishes_what_was_accepted_and_accepts_no_more(path: Path) -> None:
    database = Database(path)
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
    assert len(results) == len(noted(path)) >= 200


def test_a_full_queue_refuses(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "WAITING", 5)
    database = Database(path)
    with Held(database):
        for number in range(5):
            database.write(insert(str(number)), lambda *_: None)
        with pytest.raises(Unavailable, match="too many changes"):
            database.write(insert("one more"), lambda *_: None)
    database.close()
    assert noted(path) == ["0", "1", "2", "3", "4"]


COUNTS = """
import sys
from pathlib import Path
from iwapi.store.db import Database

database = Database(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(200):
    def work(tx):
        count = tx.value("select count(*) from note")
        tx.run("insert into note values (?)", f"{sys.argv[2]} {number} after {count}")
    database.change(work)
database.close()
"""


def test_two_processes_take_turns_and_lose_nothing(path: Path) -> None:
    Database(path).close()  # the first of two makes the log
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", COUNTS, str(path), name],
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
    texts = noted(path)
    assert sorted(int(text.rpartition(" ")[2]) for text in texts) == list(
        range(400)
    )  # no count was read twice
    assert {text.split()[0] for text in texts[:300]} == {"left", "right"}


def test_the_turn_is_waited_for_while_another_process_has_it(database: Database, path: Path) -> None:
    ended = threading.Event()
    with open(path.with_suffix(".lock")) as lock:
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
    monkeypatch.setattr(db, "_BUSY_SECONDS", 0.05)
    with open(path.with_suffix(".lock"), "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Unavailable):
            database.change(insert("a"))
        fcntl.flock(lock, fcntl.LOCK_UN)
    database.change(insert("b"))
    assert noted(path) == ["b"]
