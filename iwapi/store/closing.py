"""Closed accounts: kept until their grace time ends or as long as they are on hold, then removed once."""

from __future__ import annotations

from iwapi.core.accounts import Account, Closed
from iwapi.core.suspension import RESELLER
from iwapi.store import jobs
from iwapi.store.accounts import LIVING, NAMED, account_of, closed_of
from iwapi.store.db import Tx


class ClosedAccounts:
    """The closed accounts that a NodeWorx user may reach: its own, or everybody's for the master."""

    def __init__(self, tx: Tx, owner: int, master: bool) -> None:
        self._tx = tx
        self._mine = "" if master else " and a.owner = ?"
        self._owner = () if master else (owner,)

    def page(self, after: int, size: int) -> tuple[Closed, ...]:
        """Up to `size` of them whose ids follow `after`."""
        rows = self._tx.all(
            f"select * from account a where state = 'parked'{self._mine} and id > ? order by id limit ?",
            *self._owner, after, size,
        )  # fmt: skip
        return tuple(map(closed_of, rows))

    def whole(self, account_id: int) -> Account:
        """A closed account that was found, with all that is kept of it; its status says nothing."""
        row = self._tx.one(f"select a.*, p.name as package_name from {NAMED} where a.id = ?", account_id)
        assert row is not None
        return account_of(row)

    def restored(self, account_id: int | None, domain: str | None) -> Account | None:
        """The living account of that id that was closed once, or that was closed with that domain last."""
        column, value = ("id", account_id) if account_id is not None else ("closed_as", domain)
        row = self._tx.one(
            f"select a.*, p.name as package_name from {NAMED} where a.{column} = ? and a.closed is not null"
            f" and a.{LIVING}{self._mine} order by a.closed desc, a.id desc limit 1",
            value, *self._owner,
        )  # fmt: skip
        return account_of(row) if row is not None else None

    def is_followed(self, account_id: int, domain: str | None) -> bool:
        """Whether another account that had this domain was closed after a living one that was closed with it,
        and is kept."""
        found = self._tx.one(
            "select 1 from account a join account r on r.id = ? where a.domain = ? and a.state = 'parked'"
            f"{self._mine} and (a.closed > r.closed or (a.closed = r.closed and a.id > r.id)) limit 1",
            account_id, domain, *self._owner,
        )  # fmt: skip
        return found is not None

    def longest_host(self, account_id: int, zone: str) -> int:
        """The length of the longest name that a zone of a closed account holds."""
        longest = self._tx.value(
            "select max(length(r.host)) from record r join zone z on z.id = r.zone_id"
            " where z.account_id = ? and z.name = ?",
            account_id, zone,
        )  # fmt: skip
        return int(longest or 0)

    def set_hold(self, account_id: int, hold: bool) -> None:
        """Keep the data of an account whatever its grace time is, or no longer than that."""
        self._tx.run("update account set hold = ? where id = ? and state = 'parked'", int(hold), account_id)

    def is_master_suspended(self, account_id: int) -> bool:
        """Whether the master suspended a closed account, and not its reseller with all accounts."""
        found = self._tx.one(
            "select 1 from suspension where account_id = ? and by_master = 1 and reason <> ?",
            account_id, RESELLER,
        )  # fmt: skip
        return found is not None

    def purge(self, account_id: int) -> None:
        """Want nothing left of a closed account, before its grace time ends."""
        self._tx.run(
            "update account set state = 'purged', purge_at = null"
            " where id = ? and state = 'parked' and hold = 0",
            account_id,
        )

    def leaving(self, account_id: int | None, domain: str | None) -> Closed | None:
        """The closed account of that id or domain whose data is being removed."""
        column, value = ("id", account_id) if account_id is not None else ("domain", domain)
        row = self._tx.one(
            f"select * from account a where {column} = ?{self._mine}"
            " and state = 'purged' and closed is not null order by closed desc, id desc limit 1",
            value, *self._owner,
        )  # fmt: skip
        return closed_of(row) if row is not None else None


def due(tx: Tx, now: int, most: int) -> list[int]:
    """Closed accounts whose grace time is over and that are not on hold, the longest first."""
    rows = tx.all(
        "select id from account where state = 'parked' and hold = 0 and purge_at <= ?"
        " order by purge_at, id limit ?",
        now, most,
    )  # fmt: skip
    return [int(row["id"]) for row in rows]


def purge(tx: Tx, account_id: int, now: int) -> bool:
    """Want nothing left of an account whose grace time is over, by a job; whether it was so. One that was
    restored, put on hold or purged meanwhile is left as it is."""
    row = tx.one(
        "update account set state = 'purged', purge_at = null, generation = generation + 1, changed = ?"
        " where id = ? and state = 'parked' and hold = 0 and purge_at <= ? returning id, generation",
        now, account_id, now,
    )  # fmt: skip
    if row is None:
        return False
    jobs.begin(tx, account_id, row["generation"], "purge", "", now)
    return True
