"""A database is brought to this program's schema: once, again, and where it is a copy."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yoyo

from iwapi.core import limits
from iwapi.store.db import Damaged
from iwapi.store.migrate import SCHEMA, applied, migrate, wanted
from iwapi.store.sqlite import SqliteTx
from iwapi.store.zones import begin

TABLES = {
    "meta", "nodeworx_user", "session", "api_key", "address", "package", "account", "applied", "resting_name",
    "job", "audit", "traffic", "storage", "domain", "zone", "record",
}  # fmt: skip


def names(path: Path, kind: str) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("select name from sqlite_master where type = ?", (kind,))
        return {name for (name,) in rows if not name.startswith("sqlite_") and "yoyo" not in name}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "fresh.db"
    migrate(path)
    return path


def test_a_fresh_database_gets_every_table_and_the_triggers_of_the_audit(path: Path) -> None:
    assert names(path, "table") >= TABLES
    assert names(path, "trigger") == {"audit_no_update", "audit_no_delete"}
    assert applied(path) == wanted()


def test_it_names_what_it_applied_and_does_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "fresh.db"
    assert applied(path) == ()
    assert not path.exists()
    assert migrate(path) == wanted()
    before = path.read_bytes()
    assert migrate(path) == ()
    assert path.read_bytes() == before


def test_a_copy_of_a_database_needs_nothing(path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(path, tmp_path / "copy.db"))
    assert migrate(copy) == ()
    assert applied(copy) == wanted()


def test_files_are_numbered_without_gaps_and_say_what_they_do() -> None:
    files = sorted(SCHEMA.iterdir())
    assert [file.name[:5] for file in files] == [f"{number:04d}_" for number in range(1, len(files) + 1)]
    for file in files:
        assert file.suffix == ".sql"
        assert file.read_text().startswith("-- ")


def test_every_option_has_its_column_in_packages_and_in_accounts(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for table in ("package", "account"):
            columns = {row[1]: row for row in connection.execute(f"pragma table_info({table})")}
            for name in limits.NAMES:
                assert columns[name.lower()][3] == 1, "an option is never null"


def test_an_id_that_clients_keep_is_never_used_again(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for table in ("package", "account", "domain", "zone", "record"):
            (sql,) = connection.execute("select sql from sqlite_master where name = ?", (table,)).fetchone()
            assert "autoincrement" in sql


def before(path: Path, last: str) -> sqlite3.Connection:
    """A database of an earlier program: with the migrations up to one and no later ones."""
    backend = yoyo.get_backend(f"sqlite:///{path}")
    migrations = yoyo.read_migrations(str(SCHEMA)).filter(lambda one: one.id <= last)
    with backend.lock():
        backend.apply_migrations(backend.to_apply(migrations))
    backend.connection.close()
    return sqlite3.connect(path)


def test_accounts_of_an_earlier_program_get_the_zones_that_they_had(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    columns = ", ".join(name.lower() for name in limits.NAMES)
    zeros = ", ".join("0" for _ in limits.NAMES)
    with closing(before(path, "0001_initial")) as old, old:
        old.execute(
            "insert into nodeworx_user (email, nickname, role, argon2, crypt, created)"
            " values ('a', '', 'master', '', '', 0)"
        )
        for domain, ipv4, ipv6, state in (
            ("gone.com", "192.0.2.1", None, "parked"), ("a.co.uk", "192.0.2.1", "2001:db8::1", "active"),
            ("b.com", None, "2001:db8::2", "inactive"), ("gone.com", "192.0.2.3", None, "active"),
            ("over.com", "192.0.2.3", None, "purged"),
        ):  # fmt: skip
            reversed_ = ".".join(reversed(domain.split(".")))
            old.execute(
                "insert into account (owner, uniqname, domain, reversed, email, nickname, argon2, crypt,"
                f" state, created, changed, generation, ipv4, ipv6, {columns})"
                f" values (1, ?, ?, ?, '', '', '', '', ?, 0, 0, 1, ?, ?, {zeros})",
                (domain + state, domain, reversed_, state, ipv4, ipv6),
            )
    assert migrate(path) == wanted()[1:]
    with closing(sqlite3.connect(path)) as connection:
        zones = connection.execute("select account_id, name, living from zone order by id").fetchall()
        assert zones == [(1, "gone.com", 0), (2, "a.co.uk", 1), (3, "b.com", 1), (4, "gone.com", 1)]
        sql = (
            "select z.account_id, r.host, r.place, r.type, r.priority, r.value, r.ttl"
            " from record r join zone z on z.id = r.zone_id order by z.id, r.id"
        )
        kept = connection.execute(sql).fetchall()
    with closing(sqlite3.connect(tmp_path / "fresh.db")) as fresh:
        migrate(tmp_path / "fresh.db")
        fresh.execute(
            "insert into nodeworx_user (id, email, nickname, role, argon2, crypt, created)"
            " values (1, 'a', '', 'master', '', '', 0)"
        )
        for account_id, name, ipv4, ipv6 in (
            (1, "gone.com", "192.0.2.1", None), (2, "a.co.uk", "192.0.2.1", "2001:db8::1"),
            (3, "b.com", None, "2001:db8::2"), (4, "gone.com", "192.0.2.3", None),
        ):  # fmt: skip
            fresh.execute("update zone set living = 0")
            fresh.execute("pragma foreign_keys = off")
            begin(SqliteTx(fresh), account_id, name, ipv4, ipv6)
        assert sorted(kept) == sorted(fresh.execute(sql).fetchall())


def test_what_is_no_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "not.db"
    path.write_bytes(b"not a database, but a text that is long enough to be looked at" * 100)
    with pytest.raises(Damaged):
        migrate(path)
    assert path.read_bytes().startswith(b"not a database")
