"""PostgreSQL: all in which its statements, values, settings and schema differ from SQLite's.

The SQL of the store is written once, for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, ClassVar

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.types.numeric import Int8BinaryDumper
from psycopg.types.string import StrDumperUnknown as StrDumper

from iwapi.kinds import DatabaseUrl
from iwapi.store import db
from iwapi.store.link import Damaged, Row, Tx, Unreachable

TURN = 0x69776170  # the advisory lock: a number of our own
CONNECT_SECONDS = 3
_SETTINGS = (  # of every connection, whatever the server's or the user's are
    "set synchronous_commit = on; set standard_conforming_strings = on; set client_encoding = utf8;"
    " set statement_timeout = '60s'; set lock_timeout = '{busy}ms';"
    " set idle_in_transaction_session_timeout = '60s'"
)
_NO_HASTE = "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0"
_NETWORK: dict[str, Any] = {  # a server that vanished is noticed
    "connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": 10_000, "keepalives_idle": 10,
    "keepalives_interval": 3, "keepalives_count": 3, "application_name": "iwapi",
}  # fmt: skip

Connection = psycopg.Connection[Any]


@lru_cache(4096)
def numbered(sql: str) -> str:
    """A statement with `$1`, `$2` for its marks."""
    count = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal count
        if found[0] != "?":
            return found[0]
        count += 1
        return f"${count}"

    return re.sub(r"'[^']*'|\?", mark, sql)


class _Row(tuple[Any, ...]):
    """A row as SQLite's: its columns by name or by place."""

    __slots__ = ()
    places: ClassVar[dict[str, int]]

    def __getitem__(self, key: Any) -> Any:
        return tuple.__getitem__(self, self.places[key] if key.__class__ is str else key)


@lru_cache(1024)
def _row_type(names: tuple[bytes | None, ...]) -> type[_Row]:
    places = {(name or b"").decode(): at for at, name in reversed([*enumerate(names)])}
    return type("Row", (_Row,), {"__slots__": (), "places": places})


def _rows(cursor: Any) -> Callable[[Sequence[Any]], Any]:
    """The type of a result's rows."""
    result = cursor.pgresult
    return tuple if result is None else _row_type(tuple(map(result.fname, range(result.nfields))))


class _Whole(Loader):
    """A sum of whole numbers is one; `text` and SQLite know no other."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data)
        return float(text) if b"." in text else int(text)


class _Truth(Loader):
    def load(self, data: Buffer) -> int:
        return int(bytes(data) == b"t")


class _Flag(Dumper):
    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> bytes:
        return b"1" if obj else b"0"


class _Text(StrDumper):
    """Text without NUL, which PostgreSQL cannot keep, nor look for: a stranger may ask for any name."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


def connect(url: str) -> Connection:
    """A connection that commits each statement by itself; raises `psycopg.Error`."""
    given = psycopg.conninfo.conninfo_to_dict(url)
    connection: Connection = psycopg.connect(
        **{**_NETWORK, **given}, autocommit=True, cursor_factory=psycopg.RawCursor, row_factory=_rows,
        prepare_threshold=1,
    )  # fmt: skip
    connection.prepared_max = 1000
    connection.adapters.register_loader("numeric", _Whole)
    connection.adapters.register_loader("bool", _Truth)
    connection.adapters.register_dumper(int, Int8BinaryDumper)  # one type, so one plan, for every number
    connection.adapters.register_dumper(bool, _Flag)
    connection.adapters.register_dumper(str, _Text)
    connection.execute(_SETTINGS.format(busy=int(db.BUSY_SECONDS * 1000)), prepare=False)
    return connection


class PostgresTx(Tx):
    """A transaction of a connection to PostgreSQL."""

    __slots__ = ("cursor",)
    cursor: psycopg.Cursor[Any]

    def one(self, sql: str, *values: object) -> Row | None:
        row: Row | None = self.cursor.execute(numbered(sql), values).fetchone()
        return row

    def all(self, sql: str, *values: object) -> list[Row]:
        return self.cursor.execute(numbered(sql), values).fetchall()

    def value(self, sql: str, *values: object) -> Any:
        row = self.cursor.execute(numbered(sql), values).fetchone()
        return None if row is None else row[0]

    def run(self, sql: str, *values: object) -> int:
        return self.cursor.execute(numbered(sql), values).rowcount

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            self.cursor.executemany(numbered(sql), rows)


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A connection for the schema and for moving a store; what goes wrong is told without the password."""
    try:
        with connect(url) as connection:
            connection.execute(_NO_HASTE, prepare=False)
            if connection.info.encoding != "utf-8" or _setting(connection, "server_encoding") != "UTF8":
                raise Damaged("its encoding is not UTF8")
            yield connection
    except psycopg.OperationalError as error:
        raise Unreachable(_masked(error, url)) from error
    except psycopg.Error as error:
        raise Damaged(_masked(error, url)) from error


def _setting(connection: Connection, name: str) -> str:
    row = connection.execute(f"show {name}", prepare=False).fetchone()
    return str(row[0]) if row is not None else ""


def _masked(error: Exception, url: str) -> str:
    """What the driver says, in one line; where it cannot read a URL it may tell all of it."""
    text = " ".join(str(error).split()).rstrip("?.")
    return text.replace(url, DatabaseUrl(url).shown)


_COLUMN = r"(?m)^(\s+\w+\s+|alter table \w+ add column \w+ )"
_TRIGGER = (
    r"(?m)^create trigger (\w+) before (\w+) on (\w+)\nbegin\n\s*select raise\(abort, ('[^']*')\);\nend;"
)
_REFUSES = (
    "create or replace function refused() returns trigger language plpgsql as"
    " $$ begin raise exception '%', tg_argv[0]; end $$;\n"
    r"create trigger \1 before \2 on \3 for each row execute function refused(\4);"
)
_SCHEMA: tuple[tuple[str, str], ...] = (  # what the files of the schema say, and how it is said here
    (r"--[^\n]*", ""),
    (r"\bid(\s+)integer primary key( autoincrement)?",
     r"id\1bigint generated by default as identity primary key"),
    (rf"{_COLUMN}integer\b", r"\1bigint"),
    (rf"{_COLUMN}text\b", r'\1text collate "C"'),  # compared byte by byte, whatever the database does
    (_TRIGGER, _REFUSES),
    (r"insert into sqlite_sequence \(name, seq\) values \(('\w+'), (\d+)\);",
     r"select setval(pg_get_serial_sequence(\1, 'id'), \2);"),
    (r"\bstate in \('active', 'inactive'\) from account where state <> 'purged'",
     "cast(state in ('active', 'inactive') as integer) from account where state <> 'purged'"),
    (r"\bjoin \(select '' as label", "cross join (select '' as label"),
    (r"\bindex session_user\b", "index session_by_user"),
)  # fmt: skip
_TABLES = "select table_name from information_schema.tables where table_schema = current_schema()"
_APPLIED = "create table _yoyo_migration (migration_id varchar(255) primary key, applied_at_utc timestamp)"


def translated(sql: str) -> str:
    """A file of the schema, for PostgreSQL."""
    for pattern, here in _SCHEMA:
        sql = re.sub(pattern, here, sql)
    return sql


def applied(connection: Connection) -> tuple[str, ...]:
    """The files of the schema that the database has; raises `Damaged` where it is another program's."""
    tables = {name for (name,) in connection.execute(_TABLES)}
    if "_yoyo_migration" not in tables:
        if tables:
            raise Damaged(f"it has tables, and none of iwapi: {', '.join(sorted(tables)[:3])}")
        return ()
    rows = connection.execute("select migration_id from _yoyo_migration order by migration_id")
    return tuple(name for (name,) in rows)


def apply(connection: Connection, files: Sequence[tuple[str, str]]) -> None:
    """Apply those of these files of the schema that are missing, in a turn."""
    with connection.transaction():
        connection.execute(f"select pg_advisory_xact_lock({TURN})", prepare=False)
        here = applied(connection)
        if not here:
            connection.execute(_APPLIED, prepare=False)
        for name, sql in files:
            if name not in here:
                connection.execute(translated(sql), prepare=False)
                connection.execute("insert into _yoyo_migration values ($1, now())", [name], prepare=False)


def is_numbered(connection: Connection, table: str) -> bool:
    """Whether the database gives the table's rows their ids."""
    sql = (
        "select 1 from information_schema.columns where table_schema = current_schema()"
        " and table_name = $1 and column_name = 'id' and is_identity = 'YES'"
    )
    return connection.execute(sql, [table]).fetchone() is not None
