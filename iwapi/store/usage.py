"""Usage: bytes served by account and month, bytes stored by account. Kept as totals, never scanned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from iwapi.core.usage import UsageRow
from iwapi.store.db import Row, Tx

_SELECT = (
    "select a.id, a.domain, coalesce(s.bytes, 0) as stored, coalesce(t.bytes, 0) as sent,"
    " a.opt_storage, a.opt_bandwidth from account a"
    " left join storage s on s.account_id = a.id"
    " left join traffic t on t.account_id = a.id and t.month = ?"
    " where a.state in ('active', 'inactive')"
)


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
        if self._master:
            rows = self._tx.all(f"{_SELECT} order by a.id", self._month)
        else:
            rows = self._tx.all(f"{_SELECT} and a.owner = ? order by a.id", self._month, self._owner)
        return [_usage(row) for row in rows]


def add_traffic(tx: Tx, sent: Mapping[int, int], now: float) -> None:
    """Add the bytes served for each account to this month's totals."""
    at = month(now)
    tx.run_many(
        "insert into traffic (account_id, month, bytes) values (?, ?, ?)"
        " on conflict (account_id, month) do update set bytes = traffic.bytes + excluded.bytes",
        [(account_id, at, count) for account_id, count in sent.items()],
    )


def set_sizes(tx: Tx, sizes: Mapping[int, int], now: int) -> None:
    """Write the bytes that accounts take on disk."""
    tx.run_many(
        "insert into storage (account_id, bytes, measured) values (?, ?, ?) on conflict (account_id)"
        " do update set bytes = excluded.bytes, measured = excluded.measured",
        [(account_id, size, now) for account_id, size in sizes.items()],
    )


def measured_longest_ago(tx: Tx, before: int, most: int) -> list[int]:
    """Accounts whose size was last looked at before that time."""
    rows = tx.all("select account_id from storage where measured < ? order by measured limit ?", before, most)
    return [int(row["account_id"]) for row in rows]
