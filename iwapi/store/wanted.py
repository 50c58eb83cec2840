"""The wanted state of an account, whatever its state: what the engine reads and ends."""

from __future__ import annotations

from iwapi.core.want import Want
from iwapi.store import shares
from iwapi.store.db import Row, Tx

_COLUMNS = (
    "id, generation, state, uniqname, domain, ipv4, ipv6,"
    " case when closed_as <> domain then closed_as end as former"
)


def _want(tx: Tx, row: Row) -> Want:
    folders = tx.all(
        "select folder from domain where account_id = ? and folder <> '' order by folder", row["id"]
    )
    return _of(row, tuple(one["folder"] for one in folders))


def _of(row: Row, folders: tuple[str, ...]) -> Want:
    *columns, former = row
    return Want(*(*columns, folders, former))


def want(tx: Tx, account_id: int) -> Want | None:
    """What the account should be now."""
    row = tx.one(f"select {_COLUMNS} from account where id = ?", account_id)
    return _want(tx, row) if row is not None else None


def of_owner(tx: Tx, owner: int) -> list[Want]:
    """What the living accounts of an owner should be now."""
    living = "owner = ? and state in ('active', 'inactive')"
    folders: dict[int, tuple[str, ...]] = {}
    for one in tx.all(
        f"select account_id, folder from domain where folder <> '' and account_id in"
        f" (select id from account where {living}) order by account_id, folder",
        owner,
    ):
        folders[one["account_id"]] = (*folders.get(one["account_id"], ()), one["folder"])
    rows = tx.all(f"select {_COLUMNS} from account where {living} order by id", owner)
    return [_of(row, folders.get(row["id"], ())) for row in rows]


def generation(tx: Tx, account_id: int) -> int | None:
    """Which change of the account is wanted last."""
    found: int | None = tx.value("select generation from account where id = ?", account_id)
    return found


def raised(tx: Tx, account_id: int, now: int) -> Want:
    """Count a change of the wanted state: what is wanted from now on."""
    row = tx.one(
        f"update account set generation = generation + 1, changed = ? where id = ? returning {_COLUMNS}",
        now, account_id,
    )  # fmt: skip
    assert row is not None
    return _want(tx, row)


def undo(tx: Tx, account_id: int) -> bool:
    """Take back an account that was never built: its names are as if it had not been. Whether it is gone.

    One that was closed meanwhile stays closed.
    """
    shares.take_back(tx, account_id)
    owner = tx.value(
        "delete from account where id = ? and state in ('active', 'inactive') returning owner", account_id
    )
    tx.run("update nodeworx_user set accounts = accounts - 1 where id = ?", owner)
    return owner is not None


def forget(tx: Tx, account_id: int) -> None:
    """Remove what is remembered of a purged account."""
    for table in ("traffic", "storage"):
        tx.run(f"delete from {table} where account_id = ?", account_id)
    tx.run("delete from account where id = ?", account_id)
