"""The wanted state of an account, whatever its state: what the engine reads and ends."""

from __future__ import annotations

from iwapi.core.want import Want
from iwapi.store import shares
from iwapi.store.db import Row, Tx

_COLUMNS = "id, generation, state, uniqname, domain, ipv4, ipv6"


def _want(tx: Tx, row: Row) -> Want:
    folders = tx.all(
        "select folder from domain where account_id = ? and folder <> '' order by folder", row["id"]
    )
    return Want(*(*row, tuple(one["folder"] for one in folders)))


def want(tx: Tx, account_id: int) -> Want | None:
    """What the account should be now."""
    row = tx.one(f"select {_COLUMNS} from account where id = ?", account_id)
    return _want(tx, row) if row is not None else None


def raised(tx: Tx, account_id: int, now: int) -> Want:
    """Count a change of the wanted state: what is wanted from now on."""
    row = tx.one(
        f"update account set generation = generation + 1, changed = ? where id = ? returning {_COLUMNS}",
        now, account_id,
    )  # fmt: skip
    assert row is not None
    return _want(tx, row)


def purge(tx: Tx, account_id: int) -> None:
    """Want nothing left of a parked account."""
    tx.run(
        "update account set state = 'purged', purge_at = null, generation = generation + 1"
        " where id = ? and state = 'parked'",
        account_id,
    )


def undo(tx: Tx, account_id: int) -> None:
    """Take back an account that was never built: its names are as if it had not been.

    One that was closed meanwhile stays closed.
    """
    shares.take_back(tx, account_id)
    owner = tx.value(
        "delete from account where id = ? and state in ('active', 'inactive') returning owner", account_id
    )
    tx.run("update nodeworx_user set accounts = accounts - 1 where id = ?", owner)


def forget(tx: Tx, account_id: int) -> None:
    """Remove what is remembered of a purged account."""
    for table in ("traffic", "storage"):
        tx.run(f"delete from {table} where account_id = ?", account_id)
    tx.run("delete from account where id = ?", account_id)
