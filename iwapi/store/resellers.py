"""Resellers, as the master sees them. A deleted one keeps its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from iwapi.core.resellers import (
    DeletedReseller,
    Given,
    Reseller,
    ResellerLimits,
    ResellerRow,
    ResellerUse,
)
from iwapi.core.times import moment
from iwapi.kinds import UNLIMITED
from iwapi.store import suspensions
from iwapi.store.accounts import LIVING
from iwapi.store.db import Row, Tx
from iwapi.store.limits import RESELLER as COLUMNS
from iwapi.store.usage import month
from iwapi.store.users import Users

_SELECT = (
    "select u.id, u.email, u.nickname, u.active, u.inactive_msg, u.accounts, u.created,"
    " p.name as package_name, r.*"
    " from nodeworx_user u join reseller r on r.user_id = u.id"
    " left join reseller_package p on p.id = r.package_id where u.deleted is null"
)
_GIVEN = tuple(item.name for item in fields(Given))


def _row(row: Row) -> dict[str, Any]:
    return {
        "reseller_id": row["id"], "email": row["email"], "nickname": row["nickname"],
        "status": "active" if row["active"] else "inactive", "package_name": row["package_name"],
        "accounts": row["accounts"], "date_created": moment(row["created"]),
    }  # fmt: skip


class Resellers:
    """All resellers."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def by_id(self, reseller_id: int) -> Reseller | None:
        return self._reseller(self._tx.one(f"{_SELECT} and u.id = ?", reseller_id))

    def by_email(self, email: str) -> Reseller | None:
        return self._reseller(self._tx.one(f"{_SELECT} and u.email = ?", email.lower()))

    def by_nickname(self, nickname: str) -> Reseller | None:
        """The one reseller of that nickname; none where several share it."""
        found = self._tx.all(f"{_SELECT} and u.nickname = ? limit 2", nickname)
        return self._reseller(found[0]) if len(found) == 1 else None

    def page(self, after: int, size: int) -> tuple[ResellerRow, ...]:
        """Up to `size` resellers whose ids follow `after`."""
        rows = self._tx.all(f"{_SELECT} and u.id > ? order by u.id limit ?", after, size)
        return tuple(ResellerRow(**_row(row)) for row in rows)

    def list(self) -> tuple[ResellerRow, ...]:
        """All of them, oldest first."""
        return tuple(ResellerRow(**_row(row)) for row in self._tx.all(f"{_SELECT} order by u.id"))

    def use(self, reseller: Reseller, now: float) -> ResellerUse:
        """What the accounts of one use in this month."""
        stored, sent = _used(self._tx, now, reseller.reseller_id).get(reseller.reseller_id, (0, 0))
        return ResellerUse(reseller=reseller, storage_bytes=stored, bandwidth_bytes=sent)

    def uses(self, now: float) -> tuple[ResellerUse, ...]:
        """What the accounts of each use in this month, oldest first."""
        used = _used(self._tx, now)
        allowed = self._addresses()
        found = []
        for row in self._tx.all(f"{_SELECT} order by u.id"):
            reseller = _reseller(row, allowed.get(row["id"], ()))
            stored, sent = used.get(row["id"], (0, 0))
            found.append(ResellerUse(reseller=reseller, storage_bytes=stored, bandwidth_bytes=sent))
        return tuple(found)

    def _addresses(self) -> dict[int, tuple[str, ...]]:
        found: dict[int, tuple[str, ...]] = {}
        for row in self._tx.all(
            "select r.user_id, r.address from reseller_address r join address a on a.address = r.address"
            " order by a.position"
        ):
            found[row["user_id"]] = (*found.get(row["user_id"], ()), row["address"])
        return found

    def add(self, user_id: int, package_id: int | None, of: ResellerLimits) -> None:
        """Make a new user a reseller with these limits."""
        self._tx.run(
            f"insert into reseller (user_id, package_id, {COLUMNS.names}) values (?, ?, {COLUMNS.marks})",
            user_id, package_id, *COLUMNS.values(of),
        )  # fmt: skip

    def set_package(self, reseller_id: int, package_id: int) -> None:
        self._tx.run("update reseller set package_id = ? where user_id = ?", package_id, reseller_id)

    def set_limits(self, reseller_id: int, to: ResellerLimits) -> None:
        """Re-limit a reseller; its accounts keep what they were given."""
        self._tx.run(
            f"update reseller set {COLUMNS.sets} where user_id = ?", *COLUMNS.values(to), reseller_id
        )

    def set_addresses(self, reseller_id: int, addresses: tuple[str, ...]) -> None:
        """The only addresses that its accounts may get from now on."""
        self._tx.run("delete from reseller_address where user_id = ?", reseller_id)
        self._tx.run_many(
            "insert into reseller_address (user_id, address) values (?, ?)",
            [(reseller_id, address) for address in dict.fromkeys(addresses)],
        )

    def suspend(self, reseller_id: int, message: str, now: int) -> Sequence[int]:
        """Refuse a reseller's log-in and suspend its accounts with it; the accounts that changed."""
        Users(self._tx).set_active(reseller_id, False)
        self._tx.run("update nodeworx_user set inactive_msg = ? where id = ?", message, reseller_id)
        return suspensions.begin_all(self._tx, reseller_id, message, now)

    def unsuspend(self, reseller_id: int, now: int) -> Sequence[int]:
        """The reverse; accounts that are suspended for another reason stay so."""
        Users(self._tx).set_active(reseller_id, True)
        self._tx.run("update nodeworx_user set inactive_msg = '' where id = ?", reseller_id)
        return suspensions.end_all(self._tx, reseller_id, now)

    def delete(self, reseller_id: int, now: int) -> None:
        """End a reseller: nobody can log in as it, and its e-mail address, rewritten to none, is free."""
        self._tx.run(
            "update nodeworx_user set email = ? || email, active = 0, argon2 = '', crypt = '', deleted = ?"
            " where id = ?",
            _mark(reseller_id), now, reseller_id,
        )  # fmt: skip
        self._tx.run("delete from session where user_id = ?", reseller_id)
        self._tx.run("update reseller set package_id = null where user_id = ?", reseller_id)
        self._tx.run("delete from reseller_address where user_id = ?", reseller_id)

    def deleted(self, reseller_id: int) -> DeletedReseller | None:
        """What is remembered of a reseller that was deleted."""
        row = self._tx.one(
            "select email, deleted from nodeworx_user where id = ? and deleted is not null", reseller_id
        )
        if row is None:
            return None
        email = row["email"].removeprefix(_mark(reseller_id))
        return DeletedReseller(reseller_id=reseller_id, email=email, date_deleted=moment(row["deleted"]))

    def _reseller(self, row: Row | None) -> Reseller | None:
        if row is None:
            return None
        allowed = self._tx.all(
            "select r.address from reseller_address r join address a on a.address = r.address"
            " where r.user_id = ? order by a.position",
            row["id"],
        )
        return _reseller(row, tuple(one["address"] for one in allowed))


def _reseller(row: Row, addresses: tuple[str, ...]) -> Reseller:
    given = {name: min(row[name], UNLIMITED) for name in _GIVEN}
    return Reseller(**_row(row), **COLUMNS.of(row), **given, inactive_msg=row["inactive_msg"], ipv4=addresses)


def _used(tx: Tx, now: float, owner: int | None = None) -> dict[int, tuple[int, int]]:
    """Bytes stored, and bytes served in this month, by owner; of one owner or of all."""
    which, values = ("", ()) if owner is None else ("and a.owner = ?", (owner,))
    rows = tx.all(
        "select a.owner, sum(coalesce(s.bytes, 0)) as stored, sum(coalesce(t.bytes, 0)) as sent"
        " from account a left join storage s on s.account_id = a.id"
        " left join traffic t on t.account_id = a.id and t.month = ?"
        f" where a.{LIVING} {which} group by a.owner",
        month(now), *values,
    )  # fmt: skip
    return {row["owner"]: (row["stored"], row["sent"]) for row in rows}


def _mark(reseller_id: int) -> str:
    """What stands before the e-mail address of a deleted one: with a space in it, it is no address."""
    return f"deleted {reseller_id} "
