"""Brings a database to the schema of this program, with numbered SQL files applied by yoyo.

A file is never changed after it landed; a change of the schema is a new file.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

SCHEMA = Path(__file__).parent / "schema"


def wanted() -> tuple[str, ...]:
    """The names of all migrations, oldest first."""
    return tuple(sorted(file.stem for file in SCHEMA.glob("*.sql")))


def applied(path: Path) -> tuple[str, ...]:
    """The names of those that the database has; none where there is no database."""
    if not path.exists():
        return ()
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("select migration_id from _yoyo_migration order by migration_id")
        return tuple(name for (name,) in rows)
    except sqlite3.OperationalError as error:
        if "no such table" in str(error):
            return ()
        raise
    finally:
        connection.close()


def migrate(path: Path) -> tuple[str, ...]:
    """Apply what is missing and name it."""
    missing = tuple(name for name in wanted() if name not in applied(path))
    if not missing:
        return ()
    import yoyo  # only when there is work: most starts have none

    backend = yoyo.get_backend(f"sqlite:///{path}")
    try:
        with backend.lock():
            backend.apply_migrations(backend.to_apply(yoyo.read_migrations(str(SCHEMA))))
    finally:
        backend.connection.close()
    return missing
