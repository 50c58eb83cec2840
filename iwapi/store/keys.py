"""API keys as they are kept: a MAC of the secret, a MAC over the row, and never the key."""

from __future__ import annotations

import json
from dataclasses import replace

from iwapi.core.keys import KeyRow, KeyText, secret_mac
from iwapi.core.pepper import Pepper
from iwapi.store.db import Row, Tx

USED_EVERY = 60
"""A key's last use is written at most once in this many seconds."""


def _list(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(json.loads(text))


def _key(row: Row) -> KeyRow:
    return KeyRow(
        row["id"], row["owner"], row["name"], bool(row["classic"]), bytes.fromhex(row["secret_mac"]),
        bytes.fromhex(row["row_mac"]), _list(row["scopes"]), _list(row["addresses"]), row["created"],
        row["expires"], row["revoked"], row["last_used"], row["last_address"], row["last_client"],
    )  # fmt: skip


def by_id(tx: Tx, key_id: str) -> KeyRow | None:
    row = tx.one("select * from api_key where id = ?", key_id)
    return _key(row) if row is not None else None


def used(tx: Tx, key_id: str, now: int, address: str, client: str) -> None:
    """Remember the last use."""
    tx.run(
        "update api_key set last_used = ?, last_address = ?, last_client = ?"
        " where id = ? and (last_used is null or last_used <= ?)",
        now, address, client, key_id, now - USED_EVERY,
    )  # fmt: skip


class Keys:
    """The keys of one owner."""

    def __init__(self, tx: Tx, owner: int, pepper: Pepper) -> None:
        self._tx = tx
        self._owner = owner
        self._pepper = pepper

    def classic(self) -> KeyRow | None:
        """The one key that the owner generated in the panel, if there is one."""
        row = self._tx.one(
            "select * from api_key where owner = ? and classic = 1 and revoked is null", self._owner
        )
        return _key(row) if row is not None else None

    def list(self) -> tuple[KeyRow, ...]:
        """Every key the owner has or had, newest first; of one second, the one that is set first."""
        rows = self._tx.all(
            "select * from api_key where owner = ?"
            " order by created desc, revoked is not null, revoked desc, id",
            self._owner,
        )
        return tuple(_key(row) for row in rows)

    def add_classic(self, key: KeyText, now: int) -> KeyRow:
        """Keep a fresh key in place of the one before, which is dead from the commit on."""
        self.revoke_classic(now)
        mac = secret_mac(self._pepper, key)
        row = KeyRow(
            key.id, self._owner, "Remote Access Key", True, mac, b"", None, None, now,
            None, None, None, None, None,
        )  # fmt: skip
        row = replace(row, row_mac=row.sealed(self._pepper))
        self._tx.run(
            "insert into api_key (id, owner, name, classic, secret_mac, row_mac, created)"
            " values (?, ?, ?, 1, ?, ?, ?)",
            row.id, row.owner, row.name, mac.hex(), row.row_mac.hex(), now,
        )  # fmt: skip
        return row

    def revoke_classic(self, now: int) -> bool:
        """End the classic key; whether there was one. Its id stays, so that the audit can name it."""
        ended = self._tx.run(
            "update api_key set revoked = ? where owner = ? and classic = 1 and revoked is null",
            now, self._owner,
        )  # fmt: skip
        if ended:
            self._end_sessions()
        return bool(ended)

    def revoke_all(self, now: int) -> None:
        """End every key of the owner."""
        self._tx.run("update api_key set revoked = ? where owner = ? and revoked is null", now, self._owner)
        self._end_sessions()

    def _end_sessions(self) -> None:
        """End what a key may have begun: whoever stole it could live on in a session, and make a new key."""
        self._tx.run("delete from session where user_id = ? and kind <> 'page'", self._owner)
