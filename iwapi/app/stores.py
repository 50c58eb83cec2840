"""The store of a state folder: made, opened, and refused in one sentence where it cannot be used."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from iwapi.config import Config
from iwapi.core.pepper import SIZE, Pepper
from iwapi.core.places import database_file, moved_away, pepper_file, store_name, store_place
from iwapi.errors import OutcomeUnknown, Unavailable
from iwapi.store import meta
from iwapi.store.db import Damaged, Database, Place, Tx, Unreachable, Work, open_database
from iwapi.store.migrate import applied, migrate, wanted


class StateError(Exception):
    """A state folder that cannot be used, in one sentence."""


def open_store(state: Path, config: Config, pepper: Pepper) -> Database:
    """Open the store of a state folder that was set up."""
    place = store_place(state, config.database)
    name = store_name(state, config.database)
    try:
        here = applied(place)
        if not here and not isinstance(place, Path):
            raise StateError(
                f"{name} is empty, though {state} was set up."
                " Look at the setting `database`, or restore a backup."
            )
        if newer := sorted({*here} - {*wanted()}):
            raise StateError(f"{name} was written by a newer iwapi: {', '.join(newer)}.")
        migrate(place)
        database = open_database(place)
    except Unreachable as error:
        raise StateError(f"{name} cannot be reached: {error}.") from error
    except (Damaged, Unavailable) as error:
        raise _damaged(name, place, error) from error
    try:
        with database.snapshot() as tx:
            _check(tx, name, pepper)
    except (Damaged, Unavailable) as error:
        database.close()
        raise _damaged(name, place, error) from error
    except StateError:
        database.close()
        raise
    return database


def _damaged(name: str, place: Place, error: Exception) -> StateError:
    """What the database said first tells most; the text of `Unavailable` is for clients."""
    told = error.__cause__ if isinstance(error, Unavailable) and error.__cause__ else error
    why = (str(told).splitlines() or [""])[0]
    if isinstance(place, Path):
        return StateError(f"{name} is damaged: {why}. Restore a backup.")
    return StateError(f"{name} cannot be used: {why}. Look at the setting `database`, or restore a backup.")


def _check(tx: Tx, name: str, pepper: Pepper) -> None:
    if not meta.belongs_to(tx, pepper):
        raise StateError(f"{name} does not belong to its pepper. Restore both from one backup.")
    if to := meta.moved(tx):
        raise StateError(" ".join(moved_away(name, to)))


def make_store(state: Path, url: str, secret: bytes, content: Work) -> None:
    """Make the pepper and a store of this content, both or neither."""
    if url:
        _make_on_server(state, url, secret, content)
        return
    with tempfile.TemporaryDirectory(dir=state) as aside:
        fresh = database_file(Path(aside))
        migrate(fresh)
        database = open_database(fresh)
        try:
            database.change(content)
        finally:
            database.close()
        fresh.chmod(0o600)
        write_secret(pepper_file(state), secret)
        fresh.rename(database_file(state))


def _make_on_server(state: Path, url: str, secret: bytes, content: Work) -> None:
    """The pepper is there before the commit: without it the database would be nobody's."""
    name = store_name(state, url)

    def work(tx: Tx) -> None:
        if meta.is_set_up(tx):
            raise StateError(f"{name} is another installation's: give this one a database of its own.")
        content(tx)

    try:
        migrate(url)
    except Unreachable as error:
        raise StateError(f"{name} cannot be reached: {error}.") from error
    except Damaged as error:
        raise StateError(f"{name} cannot be used: {error}.") from error
    write_secret(pepper_file(state), secret)
    database = open_database(url)
    try:
        database.change(work)
    except OutcomeUnknown:
        raise StateError(f"{name} went away: see with `iwapi doctor` whether it was set up.") from None
    except BaseException:
        pepper_file(state).unlink()
        raise
    finally:
        database.close()


def move_store(state: Path, config: Config, url: str, told: Callable[[str], None]) -> None:
    """Move the store of a state folder into an empty PostgreSQL database; `told` is told of each table."""
    if config.database:
        raise StateError("The setting `database` names PostgreSQL: there is nothing to move.")
    pepper = Pepper(read_pepper(state, config))
    from iwapi.store.moving import move

    try:
        move(database_file(state), url, pepper, told)
    except Unreachable as error:
        raise StateError(f"The store cannot be moved now: {error}.") from error
    except Damaged as error:
        raise StateError(f"The store cannot be moved: {error}.") from error


def read_pepper(state: Path, config: Config) -> bytes:
    """The secret of a state folder that was set up."""
    if not pepper_file(state).exists():
        raise StateError(f"{state} is not set up: run `iwapi init --state {state}` first.")
    database = database_file(state)
    if not config.database and (not database.exists() or not database.stat().st_size):
        raise StateError(f"The database of {state} is missing. Restore a backup.")
    secret = pepper_file(state).read_bytes()
    if len(secret) != SIZE:
        raise StateError(f"The pepper of {state} is damaged. Restore a backup.")
    return secret


def write_secret(path: Path, secret: bytes) -> None:
    """Whole and durable, or not at all."""
    fresh = path.with_suffix(".new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
