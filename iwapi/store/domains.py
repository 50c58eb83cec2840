"""The names of accounts beside their main domains, each reached through the owner of its account."""

from __future__ import annotations

from iwapi.core.domains import DomainKind, Further
from iwapi.store.accounts import LIVING, reverse
from iwapi.store.db import Row, Tx

_COLUMNS = "d.account_id, d.kind, d.name, d.folder, d.redir_type, d.points_to"


def _further(row: Row) -> Further:
    return Further(*tuple(row))


class Domains:
    """The further names of the accounts that a NodeWorx user may reach."""

    def __init__(self, tx: Tx, owner: int, master: bool) -> None:
        self._tx = tx
        self._whose = "" if master else " and a.owner = ?"
        self._values = () if master else (owner,)

    def all(self) -> tuple[Further, ...]:
        """Those of every living account, in the order of accounts and names."""
        rows = self._tx.all(
            f"select {_COLUMNS} from domain d join account a on a.id = d.account_id"
            f" where d.living = 1 and a.{LIVING}{self._whose} order by d.account_id, d.name",
            *self._values,
        )
        return tuple(map(_further, rows))

    def of(self, account_id: int, kind: DomainKind | None = None) -> tuple[Further, ...]:
        """Those of one account, by name; of one kind, where that is given."""
        which, values = ("", ()) if kind is None else (" and d.kind = ?", (kind,))
        rows = self._tx.all(
            f"select {_COLUMNS} from domain d join account a on a.id = d.account_id"
            f" where d.account_id = ?{which}{self._whose} order by d.name",
            account_id, *values, *self._values,
        )  # fmt: skip
        return tuple(map(_further, rows))

    def one(self, account_id: int, name: str) -> Further | None:
        row = self._tx.one(
            f"select {_COLUMNS} from domain d join account a on a.id = d.account_id"
            f" where d.account_id = ? and d.name = ?{self._whose}",
            account_id, name, *self._values,
        )  # fmt: skip
        return None if row is None else _further(row)

    def count(self, account_id: int, kind: DomainKind) -> int:
        return int(
            self._tx.value("select count(*) from domain where account_id = ? and kind = ?", account_id, kind)
        )

    def add(self, new: Further, now: int) -> None:
        self._tx.run(
            "insert into domain (account_id, kind, name, reversed, folder, redir_type, points_to, created)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            new.account_id, new.kind, new.name, reverse(new.name), new.folder, new.redir_type, new.points_to,
            now,
        )  # fmt: skip

    def remove(self, one: Further) -> None:
        self._tx.run("delete from domain where account_id = ? and name = ?", one.account_id, one.name)
