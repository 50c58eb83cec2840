"""Brings a database to the schema of this program, with numbered SQL files.

A file is never changed after it landed; a change of the schema is a new file. For SQLite yoyo applies them.
For PostgreSQL, where some things are said in other words, they are applied here and remembered in the same
table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from iwapi.store.db import Damaged, Place

SCHEMA = Path(__file__).parent / "schema"


def wanted() -> tuple[str, ...]:
    """The names of all migrations, oldest first."""
    return tuple(sorted(file.stem for file in SCHEMA.glob("*.sql")))


def applied(place: Place) -> tuple[str, ...]:
    """The names of those that the database has; none where there is no database, or an empty one.

    Raises `Damaged`, or `Unreachable`.
    """
    if not isinstance(place, Path):
        from iwapi.store import postgres

        with postgres.opened(place) as server:
            return postgres.applied(server)
    if not place.exists():
        return ()
    with _told():
        connection = sqlite3.connect(place)
        try:
            rows = connection.execute("select migration_id from _yoyo_migration order by migration_id")
            return tuple(name for (name,) in rows)
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return ()
            raise
        finally:
            connection.close()


def migrate(place: Place) -> tuple[str, ...]:
    """Apply what is missing and name it."""
    here = applied(place)
    missing = tuple(name for name in wanted() if name not in here)
    if not missing:
        return ()
    if not isinstance(place, Path):
        from iwapi.store import postgres

        with postgres.opened(place) as server:
            postgres.apply(server, files())
        return missing
    import yoyo  # only when there is work: most starts have none

    with _told():
        backend = yoyo.get_backend(f"sqlite:///{place}")
        try:
            with backend.lock():
                backend.apply_migrations(backend.to_apply(yoyo.read_migrations(str(SCHEMA))))
        finally:
            backend.connection.close()
    return missing


def files() -> list[tuple[str, str]]:
    """All migrations, oldest first, with what they say."""
    return [(name, (SCHEMA / f"{name}.sql").read_text(encoding="utf-8")) for name in wanted()]


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error
