"""Usage: bytes served by account and month, bytes stored by account. Kept as totals, never scanned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from iwapi.core.accounts import Details
from iwapi.core.usage import UsageRow
from iwapi.store.accounts import LIVING, NAMED, account_of
from iwapi.store.db import Row, Tx

_USED = "coalesce(s.bytes, 0) as stored, coalesce(t.bytes, 0) as sent"
_JOINED = (
    "left join storage s on s.account_id = a.id left join traffic t on t.account_id = a.id and t.month = ?"
    f" where a.{LIVING}"
)
_SELECT = f"select a.id, a.domain, {_USED}, a.opt_storage, a.opt_bandwidth from account a {_JOINED}"
_DETAILS = f"select a.*, p.name as package_name, {_USED} from {NAMED} {_JOINED}"


def month(now: float) -> int:
    """The calendar month in UTC, as 202611."""
    at = datetime.fromtimestamp(now, UTC)
    return at.year * 100 + at.month


def _usage(row: Row) -> UsageRow:
    return UsageRow(row["id"], row["domain"], row["stored"], row["sent"],
                    row["opt_storage"], row["opt_bandwidth"])  # fmt: skip


class Usages:
    """What the accounts that a NodeWorx user may reach use in a month."""

    def __init__(self, tx: Tx, owner: int, master: bool, now: float) -> None:
        self._tx = tx
        self._owner = owner
        self._master = master
        self._month = month(now)

    def of_account(self, account_id: int) -> UsageRow:
        row = self._tx.one(f"{_SELECT} and a.id = ?", self._month, account_id)
        assert row is not None
        return _usage(row)

    def of_all(self) -> list[UsageRow]:
        """Every account, oldest first."""
        return [_usage(row) for row in self._all(_SELECT)]

    def details(self) -> list[Details]:
        """Every account with its limits and its use, oldest first, by one statement."""
        return [Details(account=account_of(row), usage=_usage(row).told) for row in self._all(_DETAILS)]

    def _all(self, select: str) -> list[Row]:
        if self._master:
            return self._tx.all(f"{select} order by a.id", self._month)
        return self._tx.all(f"{select} and a.owner = ? order by a.id", self._month, self._owner)


def add_traffic(tx: Tx, sent: Mapping[int, int], now: float) -> None:
    """Add the bytes served for each account to this month's totals; of one that is gone nothing is kept."""
    at = month(now)
    tx.run_many(
        "insert into traffic (account_id, month, bytes) select id, ?, ? from account where id = ?"
        " on conflict (account_id, month) do update set bytes = traffic.bytes + excluded.bytes",
        [(at, count, account_id) for account_id, count in sent.items()],
    )


def set_sizes(tx: Tx, sizes: Mapping[int, int], now: int) -> None:
    """Write the bytes that accounts take on disk; of one that is gone nothing is kept."""
    tx.run_many(
        "insert into storage (account_id, bytes, measured) select id, ?, ? from account where id = ?"
        " on conflict (account_id)"
        " do update set bytes = excluded.bytes, measured = excluded.measured",
        [(size, now, account_id) for account_id, size in sizes.items()],
    )


def measured_longest_ago(tx: Tx, before: int, most: int) -> list[int]:
    """Accounts whose size was last looked at before that time."""
    rows = tx.all("select account_id from storage where measured < ? order by measured limit ?", before, most)
    return [int(row["account_id"]) for row in rows]
