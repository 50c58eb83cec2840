"""A database is brought to this program's schema: once, again, and where it is a copy."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from iwapi.core import limits
from iwapi.store.migrate import SCHEMA, applied, migrate, wanted

TABLES = {
    "meta", "nodeworx_user", "session", "api_key", "address", "package", "account", "applied", "resting_name",
    "job", "audit", "traffic", "storage",
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
        for table in ("package", "account"):
            (sql,) = connection.execute("select sql from sqlite_master where name = ?", (table,)).fetchone()
            assert "autoincrement" in sql


def test_what_is_no_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "not.db"
    path.write_bytes(b"not a database, but a text that is long enough to be looked at" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        migrate(path)
    assert path.read_bytes().startswith(b"not a database")
