"""Who holds a name: a living account, or the owner of one that was closed, for whom it rests."""

from __future__ import annotations

from typing import Literal

from iwapi.store.accounts import LIVING, reverse
from iwapi.store.db import Tx

NameKind = Literal["domain", "uniqname"]


class Names:
    """Names as one owner may take them now."""

    def __init__(self, tx: Tx, owner: int, now: int) -> None:
        self._tx = tx
        self._owner = owner
        self._now = now

    def domain_taken(self, domain: str) -> bool:
        """Whether the domain is an account's or rests for another owner, or another owner has one above or
        below it."""
        held = self._tx.one(f"select 1 from account where domain = ? and {LIVING}", domain)
        return bool(held or self._others_near(domain) or self._rests("domain", domain))

    def _others_near(self, domain: str) -> bool:
        labels = domain.split(".")
        for start in range(1, len(labels) - 1):
            above = ".".join(labels[start:])
            if self._tx.one(
                f"select 1 from account where domain = ? and owner <> ? and {LIVING}", above, self._owner
            ):
                return True
        below = reverse(domain)
        row = self._tx.one(
            f"select 1 from account where reversed > ? and reversed < ? and owner <> ? and {LIVING} limit 1",
            below + ".", below + "/", self._owner,
        )  # fmt: skip
        return row is not None

    def uniqname_taken(self, uniqname: str) -> bool:
        """Whether the Unix name is an account's, or rests for another owner."""
        held = self._tx.one(f"select 1 from account where uniqname = ? and {LIVING}", uniqname)
        return held is not None or self._rests("uniqname", uniqname)

    def rest(self, kind: NameKind, name: str, owner: int, until: int) -> None:
        """Keep a name for an owner until that time."""
        self._tx.run(
            "insert into resting_name (kind, name, owner, until) values (?, ?, ?, ?)"
            " on conflict (kind, name) do update set owner = excluded.owner, until = excluded.until",
            kind, name, owner, until,
        )  # fmt: skip

    def _rests(self, kind: NameKind, name: str) -> bool:
        row = self._tx.one(
            "select 1 from resting_name where kind = ? and name = ? and owner <> ? and until > ?",
            kind, name, self._owner, self._now,
        )  # fmt: skip
        return row is not None
