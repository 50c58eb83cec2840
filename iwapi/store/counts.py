"""How much of each option an account uses, and what it has: counted for the one account."""

from __future__ import annotations

from iwapi.core.consequences import Kept, Use
from iwapi.core.times import moment
from iwapi.core.usage import MB_IN_GB, megabytes
from iwapi.store.db import Tx
from iwapi.store.usage import month

_DOMAINS = "select count(*) from domain where account_id = ? and kind = "

COUNTS = {
    "OPT_POINTER_DOMAINS": f"{_DOMAINS}'pointer'",
    "OPT_SLAVE_DOMAINS": f"{_DOMAINS}'slave'",
    "OPT_SUBDOMAINS": f"{_DOMAINS}'sub'",
}
"""A statement for each option of which things are counted."""

_STORED = "select bytes from storage where account_id = ?"


def used(tx: Tx, account_id: int, now: int) -> dict[str, int]:
    """What an account uses of each option that is counted or measured, in the option's unit."""
    sent = tx.value("select bytes from traffic where account_id = ? and month = ?", account_id, month(now))
    return {
        "OPT_STORAGE": _storage_mb(tx, account_id),
        "OPT_BANDWIDTH": -(-megabytes(int(sent or 0)) // MB_IN_GB),
        **{option: int(tx.value(sql, account_id)) for option, sql in COUNTS.items()},
    }


def kept(tx: Tx, account_id: int) -> Kept:
    """What an account has, and leaves behind when it is closed."""
    further, zones, users = (
        int(tx.value(f"select count(*) from {table} where account_id = ?", account_id))
        for table in ("domain", "zone", "site_user")
    )
    return Kept(1 + further, zones, users, _storage_mb(tx, account_id))


def _storage_mb(tx: Tx, account_id: int) -> int:
    return megabytes(int(tx.value(_STORED, account_id) or 0))


def last_use(tx: Tx, key_id: str) -> Use:
    """When a key was used last."""
    row = tx.one("select last_used, last_address, last_client from api_key where id = ?", key_id)
    if row is None or row["last_used"] is None:
        return Use()
    return Use(moment(row["last_used"]), row["last_address"], row["last_client"])
