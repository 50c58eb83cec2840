"""Sessions: of a browser, of calls that began with getSession, and links that open one page once.

Only a MAC of a session's token is kept. A new password ends those that were begun before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from iwapi.store.db import Tx

SessionKind = Literal["page", "api", "link"]

IDLE_SECONDS = 15 * 60  # of a browser's
LONGEST: dict[SessionKind, int] = {"page": 8 * 3600, "api": 10 * 60, "link": 60}
_SEEN_EVERY = 30


@dataclass(frozen=True)
class Session:
    """A living session. With an account it acts as that account's own log-in.

    `bound` is the only address that may use it, `scopes` what it may do at the most. `began_by` is as whom is
    counted who began it.
    """

    kind: SessionKind
    user_id: int
    account_id: int | None
    bound: str | None
    scopes: frozenset[str] | None
    began_by: str | None


class Sessions:
    """The sessions of all users."""

    def __init__(self, tx: Tx, now: int) -> None:
        self._tx = tx
        self._now = now

    def add(
        self,
        token_mac: bytes,
        kind: SessionKind,
        user_id: int,
        address: str,
        account_id: int | None = None,
        bound: str | None = None,
        scopes: Iterable[str] | None = None,
        began_by: str | None = None,
    ) -> None:
        """Begin a session; those that ended are forgotten."""
        self._tx.run("delete from session where expires <= ?", self._now)
        self._tx.run(
            "insert into session"
            " (token_mac, kind, user_id, account_id, address, bound, scopes, created, seen, expires,"
            " began_by) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            token_mac.hex(), kind, user_id, account_id, address, bound,
            None if scopes is None else json.dumps(sorted(scopes)), self._now, self._now,
            self._now + LONGEST[kind], began_by,
        )  # fmt: skip

    def find(self, token_mac: bytes) -> Session | None:
        """The session of a token, if it lives."""
        row = self._tx.one(
            "select kind, user_id, account_id, bound, scopes, began_by from session"
            " where token_mac = ? and expires > ? and (kind <> 'page' or seen > ?)",
            token_mac.hex(), self._now, self._now - IDLE_SECONDS,
        )  # fmt: skip
        if row is None:
            return None
        scopes = None if row["scopes"] is None else frozenset(json.loads(row["scopes"]))
        return Session(row["kind"], row["user_id"], row["account_id"], row["bound"], scopes, row["began_by"])

    def end(self, token_mac: bytes) -> None:
        self._tx.run("delete from session where token_mac = ?", token_mac.hex())

    def seen(self, token_mac: bytes) -> None:
        """Keep a session that is used from being idle."""
        self._tx.run("update session set seen = ? where token_mac = ? and seen <= ?",
               self._now, token_mac.hex(), self._now - _SEEN_EVERY)  # fmt: skip
