"""Bringing a closed account back: its row, its names, its zones and their records, all in one transaction."""

from __future__ import annotations

from iwapi.core.closing import Revival
from iwapi.store import shares, suspensions
from iwapi.store.accounts import LIVING, reverse
from iwapi.store.db import Tx
from iwapi.store.zones import place

_HOSTS = ("MX", "CNAME", "SRV")
"""Types of records whose value ends with the name of a host."""


def restore(tx: Tx, to: Revival, now: int) -> None:
    """Let an account live again as `to` says; what is free was looked at before."""
    account_id = to.account.siteworx_id
    kept = _still_its_own(tx, to)
    nickname = to.domain if to.account.nickname == to.account.master_domain else to.account.nickname
    tx.run(
        "update account set state = 'active', owner = ?, domain = ?, reversed = ?, uniqname = ?,"
        " nickname = ?, ipv4 = ?, ipv6 = ?, external_id = ?, package_id = ?, purge_at = null, hold = 0"
        " where id = ?",
        to.owner, to.domain, reverse(to.domain), to.uniqname, nickname, to.ipv4, to.ipv6, *kept, account_id,
    )  # fmt: skip
    tx.run("update nodeworx_user set accounts = accounts + 1 where id = ?", to.owner)
    shares.give(tx, account_id)
    _domains(tx, to)
    _zones(tx, to)
    for version, old, new in (("A", to.account.master_domain_ipv4, to.ipv4),
                              ("AAAA", to.account.master_domain_ipv6, to.ipv6)):  # fmt: skip
        if old is not None and old != new:
            _lead(tx, account_id, version, old, new)
    _end_rest(tx, to)
    suspensions.after_restore(tx, account_id, now)


def _still_its_own(tx: Tx, to: Revival) -> tuple[str | None, int | None]:
    """The external id, unless another account of its owner has it now, and the package, if its owner's."""
    external_id, package_id = to.account.external_id, to.account.package_id
    taken = tx.one(
        f"select 1 from account where owner = ? and external_id = ? and {LIVING}", to.owner, external_id
    )
    owned = tx.one("select 1 from package where id = ? and owner = ?", package_id, to.owner)
    return None if taken else external_id, package_id if owned else None


def _domains(tx: Tx, to: Revival) -> None:
    """Further names live again. Subdomains move with the main domain, and so do pointers to it."""
    account_id, old = to.account.siteworx_id, to.account.master_domain
    if to.domain != old:
        tx.run(
            "update domain set points_to = ? where account_id = ? and points_to = ?",
            to.domain,
            account_id,
            old,
        )
        subs = tx.all("select id, name, folder from domain where account_id = ? and kind = 'sub'", account_id)
        # In this order none gets the name that another still has, where one domain is below the other.
        for row in sorted(subs, key=lambda row: len(row["name"]), reverse=len(to.domain) > len(old)):
            name, folder = to.moved(row["name"]), row["folder"]
            if folder.startswith(f"{old}/"):
                folder = to.domain + folder.removeprefix(old)
            tx.run(
                "update domain set name = ?, reversed = ?, folder = ? where id = ?",
                name, reverse(name), folder, row["id"],
            )  # fmt: skip
    tx.run("update domain set living = 1 where account_id = ?", account_id)


def _zones(tx: Tx, to: Revival) -> None:
    """Zones live again. That of the main domain has its name, and its records follow."""
    account_id, old = to.account.siteworx_id, to.account.master_domain
    if to.domain != old:
        zone_id = tx.value("select id from zone where account_id = ? and name = ?", account_id, old)
        tx.run("update zone set name = ?, place = ? where id = ?", to.domain, place(to.domain), zone_id)
        for row in tx.all("select id, host, type, value from record where zone_id = ?", zone_id):
            host = to.moved(row["host"])
            value = _value(to, row["type"], row["value"])
            tx.run(
                "update record set host = ?, place = ?, value = ? where id = ?",
                host, place(host), value, row["id"],
            )  # fmt: skip
    tx.run("update zone set living = 1 where account_id = ?", account_id)


def _value(to: Revival, kind: str, value: str) -> str:
    """The value of a record; a host at or below the main domain follows it."""
    if kind not in _HOSTS:
        return value
    *before, target = value.split(" ")
    return " ".join([*before, to.moved(target)])


def _lead(tx: Tx, account_id: int, kind: str, old: str, new: str | None) -> None:
    """Records with an address that the account has no more lead to the one it got, or are gone."""
    which = "type = ? and value = ? and zone_id in (select id from zone where account_id = ?)"
    if new is None:
        tx.run(f"delete from record where {which}", kind, old, account_id)
    else:
        tx.run(f"update record set value = ? where {which}", new, kind, old, account_id)


def _end_rest(tx: Tx, to: Revival) -> None:
    """Names that the account holds again do not rest any more."""
    tx.run(
        "delete from resting_name where kind = 'domain'"
        " and (name = ? or name in (select name from domain where account_id = ?))",
        to.domain, to.account.siteworx_id,
    )  # fmt: skip
    tx.run("delete from resting_name where kind = 'uniqname' and name = ?", to.uniqname)
