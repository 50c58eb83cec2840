"""Accounts as their owners see them: living ones, each reached through its owner."""

from __future__ import annotations

from typing import Any

from iwapi.core.accounts import Account, AccountRow, Closed, NamedBy, NewAccount
from iwapi.core.limits import Limits
from iwapi.core.times import moment
from iwapi.kinds import Hashed
from iwapi.store import idempotency, limits, schedules, shares, zones
from iwapi.store.db import Row, Tx

LIVING = "state in ('active', 'inactive')"
NAMED = "account a left join package p on p.id = a.package_id"
_MOST = 2**31  # more than there are ids
_ROW = "a.id, a.domain, a.uniqname, a.state, a.owner, p.name as package_name, a.email, a.nickname, a.created"
_COLUMNS: dict[NamedBy, str] = {"domain": "domain", "siteworx_id": "id", "external_id": "external_id"}


def reverse(domain: str) -> str:
    """`blog.example.com` is `com.example.blog`: names below a domain then stand beside each other."""
    return ".".join(reversed(domain.split(".")))


def _row(row: Row) -> dict[str, Any]:
    return {
        "siteworx_id": row["id"], "master_domain": row["domain"], "uniqname": row["uniqname"],
        "status": row["state"], "nodeworx_id": row["owner"], "package_name": row["package_name"],
        "email": row["email"], "nickname": row["nickname"], "date_created": moment(row["created"]),
    }  # fmt: skip


def account_of(row: Row) -> Account:
    """The account in a row with all its columns and the name of its package."""
    return Account(
        **_row(row), **limits.of(row), package_id=row["package_id"], inactive_msg=row["inactive_msg"],
        master_domain_ipv4=row["ipv4"], master_domain_ipv6=row["ipv6"], date_changed=moment(row["changed"]),
        remaining_reasons=tuple(row["reasons"].split()), external_id=row["external_id"],
        version=row["generation"],
    )  # fmt: skip


def closed_of(row: Row) -> Closed:
    """The closed account in a row with all its columns."""
    return Closed(
        siteworx_id=row["id"], master_domain=row["domain"], uniqname=row["uniqname"],
        nodeworx_id=row["owner"], external_id=row["external_id"], date_closed=moment(row["closed"]),
        purged_after=moment(row["purge_at"] or row["changed"]), hold=bool(row["hold"]),
        version=row["generation"],
    )  # fmt: skip


class Accounts:
    """The accounts that a NodeWorx user may reach: its own, or everybody's for the master."""

    def __init__(self, tx: Tx, owner: int, master: bool) -> None:
        self._tx = tx
        self._owner = owner
        self._master = master

    def _mine(self, row: Row | None) -> Row | None:
        return row if row is not None and (self._master or row["owner"] == self._owner) else None

    def by_domain(self, domain: str) -> Account | None:
        return self._one("domain", domain)

    def by_uniqname(self, uniqname: str) -> Account | None:
        return self._one("uniqname", uniqname)

    def by_id(self, account_id: int) -> Account | None:
        return self._one("id", account_id)

    def by_external_id(self, external_id: str, owner: int | None = None) -> Account | None:
        """The account of that external id among those of an owner, the caller itself where none is named:
        two owners may use the same one, so the master finds none of a reseller's without naming whose."""
        row = self._tx.one(
            f"select a.*, p.name as package_name from {NAMED} where a.owner = ? and a.external_id = ?"
            f" and a.{LIVING}",
            self._owner if owner is None else owner, external_id,
        )  # fmt: skip
        return account_of(row) if row is not None else None

    def _one(self, column: str, value: object) -> Account | None:
        """The living account that has this in a column. The column's name comes from code."""
        sql = f"select a.*, p.name as package_name from {NAMED} where a.{column} = ? and a.{LIVING}"
        row = self._mine(self._tx.one(sql, value))
        return account_of(row) if row is not None else None

    def closed(self, by: NamedBy, value: object) -> Closed | None:
        """The account of that name that was closed last and whose data is still kept."""
        mine = "" if self._master and by != "external_id" else " and owner = ?"
        row = self._tx.one(
            f"select * from account where {_COLUMNS[by]} = ?{mine} and state = 'parked'"
            " order by closed desc, id desc limit 1",
            value, *((self._owner,) if mine else ()),
        )  # fmt: skip
        return closed_of(row) if row is not None else None

    def page(self, after: int, size: int) -> tuple[AccountRow, ...]:
        """Up to `size` accounts whose ids follow `after`."""
        whose, values = ("", ()) if self._master else ("a.owner = ? and", (self._owner,))
        rows = self._tx.all(
            f"select {_ROW} from {NAMED} where {whose} a.id > ? and a.{LIVING} order by a.id limit ?",
            *values, after, size,
        )  # fmt: skip
        return tuple(AccountRow(**_row(row)) for row in rows)

    def all(self) -> tuple[AccountRow, ...]:
        """Every account, oldest first."""
        return self.page(0, _MOST)

    def on_server(self) -> int:
        """How many living accounts the server holds; kept, not counted."""
        return int(self._tx.value("select coalesce(sum(accounts), 0) from nodeworx_user"))

    def add(self, new: NewAccount, now: int) -> int:
        """Write a new account of this owner, wanted and not built; its id."""
        account_id = int(
            self._tx.value(
                "insert into account (owner, uniqname, domain, reversed, email, nickname, package_id, ipv4,"
                f" ipv6, argon2, crypt, state, created, changed, external_id, generation, {limits.COLUMNS})"
                f" values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'active', ?, ?, ?, 0, {limits.MARKS})"
                " returning id",
                self._owner, new.uniqname, new.domain, reverse(new.domain), new.email, new.nickname,
                new.package_id, new.ipv4, new.ipv6, new.password.argon2, new.password.crypt, now, now,
                new.external_id, *limits.values(new.limits),
            )
        )  # fmt: skip
        self._tx.run("update nodeworx_user set accounts = accounts + 1 where id = ?", self._owner)
        shares.give(self._tx, account_id)
        zones.begin(self._tx, account_id, new.domain, new.ipv4, new.ipv6)
        return account_id

    def set(self, account: Account, **columns: object) -> None:
        """Change columns of an account. Their names come from code, never from a caller."""
        if columns:
            sets = ", ".join(f"{name} = ?" for name in columns)
            self._tx.run(f"update account set {sets} where id = ?", *columns.values(), account.siteworx_id)

    def set_limits(self, account: Account, to: Limits) -> None:
        shares.take_back(self._tx, account.siteworx_id)
        self._tx.run(
            f"update account set {limits.SETS} where id = ?", *limits.values(to), account.siteworx_id
        )
        shares.give(self._tx, account.siteworx_id)

    def set_password(self, account: Account, password: Hashed) -> None:
        """Give an account another password; every session of its log-in ends."""
        self.set(account, argon2=password.argon2, crypt=password.crypt)
        self._tx.run("delete from session where account_id = ?", account.siteworx_id)

    def close(self, account: Account, purge_at: int, now: int) -> None:
        """Want an account parked: it is not served, its data is kept until `purge_at`, its names are free,
        and what was to be done to it later is not done."""
        shares.take_back(self._tx, account.siteworx_id)
        self.set(
            account, state="parked", purge_at=purge_at, hold=0, closed=now, closed_as=account.master_domain
        )
        for table in ("domain", "zone"):
            self._tx.run(f"update {table} set living = 0 where account_id = ?", account.siteworx_id)
        self._tx.run("update nodeworx_user set accounts = accounts - 1 where id = ?", account.nodeworx_id)
        self._tx.run("delete from session where account_id = ?", account.siteworx_id)
        idempotency.end_for_account(self._tx, account.siteworx_id)
        schedules.cancel_all(self._tx, account.siteworx_id, now)
