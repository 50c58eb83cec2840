"""What the database says of itself: which pepper it belongs to, and which log-ins a setting refused,
and where it was moved to.
"""

from __future__ import annotations

import hmac

from iwapi.core.pepper import Pepper
from iwapi.store.db import Tx


def _proof(pepper: Pepper) -> str:
    return pepper.mac("installation").hex()


def set_up(tx: Tx, pepper: Pepper) -> None:
    tx.run("insert into meta (name, value) values ('pepper', ?)", _proof(pepper))


def is_set_up(tx: Tx) -> bool:
    """Whether the database is an installation's."""
    return tx.one("select 1 from meta where name = 'pepper'") is not None


def belongs_to(tx: Tx, pepper: Pepper) -> bool:
    """Whether keys in the database were made under this pepper."""
    proof = tx.value("select value from meta where name = 'pepper'")
    return proof is not None and hmac.compare_digest(proof, _proof(pepper))


def note_refused(tx: Tx, now: int, address: str) -> None:
    """Remember the last log-in on the API that the setting `password_login` refused: one row for all."""
    tx.run(
        "insert into meta (name, value) values ('password_login_refused', ?)"
        " on conflict (name) do update set value = excluded.value",
        f"{now} {address}",
    )


def refused(tx: Tx) -> tuple[int, str] | None:
    """When the setting `password_login` refused a log-in last, in Unix seconds, and from which address."""
    value = tx.value("select value from meta where name = 'password_login_refused'")
    if value is None:
        return None
    at, _, address = str(value).partition(" ")
    return int(at), address


def note_moved(tx: Tx, to: str) -> None:
    """Remember that the store is another database from now on, told without its password."""
    tx.run(
        "insert into meta (name, value) values ('moved', ?)"
        " on conflict (name) do update set value = excluded.value",
        to,
    )


def note_arrived(tx: Tx) -> None:
    """Remember that the other database has told that it has the store."""
    tx.run("insert into meta (name, value) values ('arrived', 'yes') on conflict (name) do nothing")


def has_arrived(tx: Tx) -> bool:
    return tx.one("select 1 from meta where name = 'arrived'") is not None


def moved(tx: Tx) -> str | None:
    """The database that the store was moved to."""
    found: str | None = tx.value("select value from meta where name = 'moved'")
    return found
