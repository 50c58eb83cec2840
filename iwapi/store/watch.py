"""Watch: a transaction that remembers which rows its statements write, to tell what they make of them.

It has every write name the keys of the rows that it wrote, so it knows them whatever the statement is, and
costs nothing where it is not used. It begins a savepoint: when all is written, the rows are read as they are,
what was written is taken back, and they are read as they were.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iwapi.core.differences import Difference, Thing
from iwapi.core.times import moment
from iwapi.kinds import Plain
from iwapi.store.db import Row, Tx
from iwapi.store.told import TOLD, Told

MOST = 300
"""So many rows are read at the most, however many a call writes."""

_WRITE = re.compile(r"\s*(?:insert into|update|delete from) (\w+)\b(.*)", re.ASCII | re.DOTALL)
_RETURNING = re.compile(r"\breturning (.*)", re.ASCII | re.DOTALL)
_READ = re.compile(r"\s*select\b", re.ASCII)


class _Part:
    """The first columns of a row: what a statement asked for, without the keys that were added."""

    def __init__(self, row: Row, count: int) -> None:
        self._row = row
        self._count = count

    def __getitem__(self, key: Any, /) -> Any:
        return self._row[key]

    def __iter__(self) -> Iterator[Any]:
        return itertools.islice(self._row, self._count)

    def __len__(self) -> int:
        return self._count


class Watch(Tx):
    """A transaction on top of another, for one call."""

    __slots__ = ("_tx", "_written")

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._written: dict[str, dict[tuple[object, ...], None]] = {}
        tx.run("savepoint watched")

    def one(self, sql: str, *values: object) -> Row | None:
        rows = self.all(sql, *values)
        return rows[0] if rows else None

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._noted(sql, values) if _WRITE.match(sql) else self._read(sql, values)

    def value(self, sql: str, *values: object) -> Any:
        row = self.one(sql, *values)
        return None if row is None else row[0]

    def run(self, sql: str, *values: object) -> int:
        return len(self._noted(sql, values))

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        for values in rows:
            self._noted(sql, values)

    def _read(self, sql: str, values: Sequence[object]) -> list[Row]:
        if not _READ.match(sql):
            raise ValueError(f"no statement that can be watched: {sql}")
        return self._tx.all(sql, *values)

    def _noted(self, sql: str, values: Sequence[object]) -> list[Row]:
        """Run a statement that writes; the rows that it answers, or the keys of those that it wrote."""
        found = _WRITE.match(sql)
        if found is None:
            raise ValueError(f"no statement that can be watched: {sql}")
        table = found[1]
        keys = TOLD[table].keys
        named = _RETURNING.search(found[2])
        answered = [name.strip() for name in named[1].split(",")] if named else []
        added = [f"{table}.{key}" for key in keys if key not in answered]
        if added:
            sql = f"{sql}{', ' if named else ' returning '}{', '.join(added)}"
        rows = self._tx.all(sql, *values)
        written = self._written.setdefault(table, {})
        written.update(dict.fromkeys(tuple(row[key] for key in keys) for row in rows))
        return [_Part(row, len(answered)) for row in rows]

    def count(self, table: str) -> int:
        """How many rows of a table were written."""
        return len(self._written.get(table, ()))

    def taken_back(self, now: int) -> tuple[Difference, ...]:
        """Take back all that was written: the rows that it would have changed, in the order in which they
        were written. No more than `MOST` are looked at."""
        rows = [(table, key) for table, keys in self._written.items() if TOLD[table].members for key in keys]
        rows = rows[:MOST]
        after = {row: _thing(self._tx, *row, now) for row in rows}
        self._tx.run("rollback to savepoint watched")
        before = {row: _thing(self._tx, *row, now) for row in rows}
        for table, key in rows:
            if before[table, key] and not after[table, key]:
                before |= {row: _thing(self._tx, *row, now) for row in _parts(self._tx, table, key)}
        return tuple(
            Difference(*row, before[row], after.get(row)) for row in before if before[row] != after.get(row)
        )

    @property
    def untold(self) -> int:
        """How many rows were written that are not looked at."""
        return max(0, sum(self.count(table) for table in self._written if TOLD[table].members) - MOST)


def _thing(tx: Tx, table: str, key: tuple[object, ...], now: int) -> Thing | None:
    """A row as it is told, if it is there."""
    told = TOLD[table]
    where, values = " and ".join(f"{table}.{name} = ?" for name in told.keys), list(key)
    if told.only:
        where, values = f"{where} and {told.only}", [*values, *[now] * told.only.count("?")]
    columns = [told.name, *told.members.values(), *told.times.values(), *told.secrets.values()]
    row = tx.one(f"select {', '.join(columns)} from {table} where {where}", *values)
    return None if row is None else Thing(f"{told.noun} {row[0]}", _members(told, list(row)[1:]))


def _members(told: Told, values: Sequence[Any]) -> Mapping[str, object]:
    members = dict(zip((*told.members, *told.times, *told.secrets), values, strict=True))
    for name in told.times:
        if members[name] is not None:
            members[name] = moment(members[name])
    return members | {name: Plain(members[name]) for name in told.secrets if members[name]}


def _parts(tx: Tx, table: str, key: tuple[object, ...]) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The rows that go with one."""
    for part, column in TOLD[table].parts.items():
        for row in tx.all(f"select id from {part} where {column} = ? order by id limit ?", key[0], MOST):
            yield part, (row[0],)
