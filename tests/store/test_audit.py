"""The audit can only grow, and who changes the file without the pepper is found."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from iwapi.core.pepper import Pepper
from iwapi.store import audit
from iwapi.store.db import Database, Tx, open_database
from iwapi.store.sqlite import SqliteTx
from tests.helpers import url_of

pytestmark = pytest.mark.both_databases

PEPPER = Pepper(b"p" * 32)
ROWS = 12


@pytest.fixture
def database(state: Path) -> Iterator[Database]:
    database = open_database(url_of(state) or state / "iwapi.db")
    for number in range(ROWS):
        database.change(lambda tx, number=number: audit.append(tx, PEPPER, entry(number)))
    yield database
    database.close()


def entry(number: int, **inputs: Any) -> audit.Entry:
    return audit.Entry(
        1000 + number, "key:x", "192.0.2.1", "soap", "ping", "é", "ok", "0" * 16, {"n": number, **inputs}
    )


def broken(database: Database, pepper: Pepper = PEPPER) -> int | None:
    with database.snapshot() as tx:
        return audit.broken_at(tx, pepper)


def tamper(database: Database, *statements: str) -> None:
    """Change the table as one who can write the file: the triggers do not stop them."""

    def work(tx: Tx) -> None:
        for trigger in ("audit_no_update", "audit_no_delete"):
            tx.run(f"drop trigger {trigger}" + ("" if isinstance(tx, SqliteTx) else " on audit"))
        for statement in statements:
            assert tx.run(statement) == 1

    database.change(work)


def test_what_is_whole_is_found_whole(database: Database) -> None:
    assert broken(database) is None


def test_another_pepper_proves_nothing(database: Database) -> None:
    assert broken(database, Pepper(b"q" * 32)) == 1


@pytest.mark.parametrize(
    "statement", ["update audit set who = 'me' where id = 5", "delete from audit where id = 5"]
)
def test_a_row_is_neither_changed_nor_removed(database: Database, statement: str) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
        database.change(lambda tx: tx.run(statement))
    assert broken(database) is None


@pytest.mark.parametrize(
    "column", ["at", "who", "address", "wire", "action", "about", "result", "request_id", "inputs", "mac"]
)
def test_a_changed_row_is_found(database: Database, column: str) -> None:
    value = "1" if column == "at" else "'changed'"
    tamper(database, f"update audit set {column} = {value} where id = 5")
    assert broken(database) == 5


def test_a_removed_row_is_found(database: Database) -> None:
    tamper(database, "delete from audit where id = 5")
    assert broken(database) == 6


def test_a_removed_first_row_is_found(database: Database) -> None:
    tamper(database, "delete from audit where id = 1")
    assert broken(database) == 2


def test_an_inserted_row_is_found(database: Database) -> None:
    tamper(
        database,
        "insert into audit select 100, at, 'me', address, wire, action, about, result, request_id, inputs,"
        " mac from audit where id = 5",
    )
    assert broken(database) == 100


def test_a_copied_row_is_found(database: Database) -> None:
    columns = "at, who, address, wire, action, about, result, request_id, inputs, mac"
    tamper(database, f"insert into audit ({columns}) select {columns} from audit where id = {ROWS}")
    assert broken(database) == ROWS + 1


def test_two_rows_that_changed_places_are_found(database: Database) -> None:
    tamper(
        database, "update audit set id = 99 where id = 5", "update audit set id = 5 where id = 6",
        "update audit set id = 6 where id = 99",
    )  # fmt: skip
    assert broken(database) == 5


def test_the_chain_goes_on_where_it_was_found(database: Database) -> None:
    database.change(lambda tx: audit.append(tx, PEPPER, entry(99, note="ü\n\0", more=[1, {"a": None}])))
    assert broken(database) is None


def test_a_row_that_was_taken_back_leaves_no_gap_in_the_chain(database: Database) -> None:
    def work(tx: Tx) -> None:
        audit.append(tx, PEPPER, entry(50))
        raise ValueError("taken back")

    with pytest.raises(ValueError, match="taken back"):
        database.change(work)
    database.change(lambda tx: audit.append(tx, PEPPER, entry(51)))
    assert broken(database) is None


def test_a_long_audit_is_read_to_its_end(database: Database) -> None:
    def work(tx: Tx) -> None:
        for number in range(2100):
            audit.append(tx, PEPPER, entry(number))

    database.change(work)
    assert broken(database) is None
    tamper(database, "update audit set who = 'me' where id = 2105")
    assert broken(database) == 2105
