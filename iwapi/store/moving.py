"""Moving a store from SQLite into an empty PostgreSQL database, whole or not at all.

Tables and rows come in one transaction there, so an interruption leaves that database empty. The file is
marked as moved just before that transaction is committed, and is not opened any more: two stores never live.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iwapi.core.pepper import Pepper
from iwapi.kinds import DatabaseUrl
from iwapi.store import audit, meta, postgres
from iwapi.store.link import Damaged
from iwapi.store.migrate import files, migrate
from iwapi.store.postgres import Connection, PostgresTx
from iwapi.store.sqlite import SqliteTx, held

_BATCH = 1000

Told = Callable[[str], None]


@dataclass(frozen=True)
class _Table:
    """A table: its columns, and those by which its rows are ordered."""

    name: str
    columns: tuple[str, ...]
    order: tuple[str, ...]

    @property
    def rows(self) -> str:
        """All of its rows in an order that both databases share; not the marks that the store was moved."""
        which = " where name not in ('moved', 'arrived')" if self.name == "meta" else ""
        return f"select {', '.join(self.columns)} from {self.name}{which} order by {', '.join(self.order)}"


class _Sum:
    """A checksum over rows, and how many there were."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.count = 0

    def over(self, rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """The same rows, counted in."""
        for row in rows:
            values = tuple(row)
            self._sum.update(repr(values).encode())
            self.count += 1
            yield values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Sum) and self._sum.digest() == other._sum.digest()

    __hash__ = None  # type: ignore[assignment]


def move(path: Path, url: str, pepper: Pepper, told: Told) -> None:
    """Move the store of a file; `told` is told of each table. Raises `Damaged` or `Unreachable`."""
    let_go = held(path, alone=True)
    try:
        migrate(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as file, postgres.opened(url) as server:
            file.execute("begin immediate")
            if not meta.belongs_to(SqliteTx(file), pepper):
                raise Damaged("the file does not belong to its pepper")
            _move(file, server, DatabaseUrl(url).shown, pepper, told)
            meta.note_arrived(SqliteTx(file))
            if file.in_transaction:  # it was moved before
                file.execute("commit")
            server.execute("analyze", prepare=False)
    except sqlite3.Error as error:
        raise Damaged(str(error)) from error
    finally:
        let_go()


def _move(file: sqlite3.Connection, server: Connection, to: str, pepper: Pepper, told: Told) -> None:
    with server.transaction():
        if _is_there(server, pepper):
            if meta.moved(SqliteTx(file)) is None:
                raise Damaged("it holds this store of another time: give the store an empty database")
            told("It was moved before.")
            return
        if meta.has_arrived(SqliteTx(file)):
            to = meta.moved(SqliteTx(file)) or ""
            raise Damaged(f"it was moved to {to} already, and two stores must never live")
        postgres.apply(server, files())
        for table in _tables(file):
            here, there = _Sum(), _Sum()
            _copy(server, table, here.over(file.execute(table.rows)))
            _set_sequence(file, server, table)
            for _ in there.over(_read(server, table)):
                pass
            if here != there:
                counts = f"{there.count} of {here.count} rows"
                raise Damaged(f"{table.name} is not there what it is here: {counts}")
            told(f"{table.name}: {here.count} rows, the same there")
        broken = audit.broken_at(_tx(server), pepper)
        state = "every row follows" if broken is None else f"row {broken} follows neither here nor there"
        told(f"audit: {state}")
        meta.note_moved(SqliteTx(file), to)
        file.execute("commit")


def _tx(server: Connection) -> PostgresTx:
    tx = PostgresTx()
    tx.cursor = server.cursor()
    return tx


def _is_there(server: Connection, pepper: Pepper) -> bool:
    """Whether an earlier run came to its end; raises `Damaged` where something else is there."""
    if not postgres.applied(server):
        return False
    if not meta.belongs_to(_tx(server), pepper):
        raise Damaged("it holds something else: give the store an empty database")
    return True


def _tables(file: sqlite3.Connection) -> list[_Table]:
    """The tables, each after those that it refers to."""
    names = [
        name for (name,) in file.execute("select name from sqlite_master where type = 'table' order by name")
        if not name.startswith(("sqlite_", "_yoyo", "yoyo"))
    ]  # fmt: skip
    needs = {
        name: {row[2] for row in file.execute(f"pragma foreign_key_list({name})")} - {name} for name in names
    }
    ordered: list[str] = []
    while left := [name for name in names if name not in ordered]:
        ordered += [name for name in left if needs[name] <= {*ordered}]
    return [_table(file, name) for name in ordered]


def _table(file: sqlite3.Connection, name: str) -> _Table:
    info = file.execute(f"pragma table_info({name})").fetchall()
    keys = sorted((place, column) for _, column, _, _, _, place in info if place)
    return _Table(name, tuple(row[1] for row in info), tuple(column for _, column in keys))


def _copy(server: Connection, table: _Table, rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        server.cursor() as cursor,
        cursor.copy(f"copy {table.name} ({', '.join(table.columns)}) from stdin") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _read(server: Connection, table: _Table) -> Iterator[Any]:
    """The rows that are there, some at a time."""
    with server.cursor("rows") as cursor:
        cursor.itersize = _BATCH
        cursor.execute(table.rows)
        yield from cursor


def _set_sequence(file: sqlite3.Connection, server: Connection, table: _Table) -> None:
    """The next id there follows those that were ever given here."""
    if table.order != ("id",) or not postgres.is_numbered(server, table.name):
        return
    given = file.execute("select seq from sqlite_sequence where name = ?", (table.name,)).fetchone()
    highest = file.execute(f"select max(id) from {table.name}").fetchone()[0]
    last = max(given[0] if given else 0, highest or 0)
    if last:
        server.execute("select setval(pg_get_serial_sequence($1, 'id'), $2)", [table.name, last])
