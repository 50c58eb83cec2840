"""Names as the services that read the store see them: those of accounts that are built and living.

What is asked for comes from strangers, so each question is a bounded number of point look-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from iwapi.core.domains import docroot
from iwapi.store.accounts import LIVING
from iwapi.store.db import Row, Tx
from iwapi.store.zones import place


@dataclass(frozen=True)
class ServedSite:
    """A site: its files are in `folder` below the account's home, unless visitors are sent to `points_to` by
    a redirection of `redir_type`."""

    account_id: int
    active: bool
    folder: str
    redir_type: str | None = None
    points_to: str = ""


@dataclass(frozen=True)
class ServedZone:
    """A zone, and the addresses of its account. `serial` grows with every change of the account."""

    zone_id: int
    name: str
    ipv4: str | None
    ipv6: str | None
    serial: int


@dataclass(frozen=True)
class ServedRecord:
    """A record; `priority` is of types that have one, `ttl` where it has one of its own."""

    host: str
    type: str
    value: str
    ttl: int | None
    priority: int | None


def site(tx: Tx, host: str) -> ServedSite | None:
    """The site of exactly this name: a main domain, or else a further one."""
    row = tx.one(
        f"select id, state = 'active' as active from account where domain = ? and {LIVING} and applied > 0",
        host,
    )
    return (
        ServedSite(row["id"], bool(row["active"]), docroot(host)) if row is not None else _further(tx, host)
    )


def _further(tx: Tx, host: str) -> ServedSite | None:
    row = tx.one(
        "select a.id, a.state = 'active' as active, d.folder, d.redir_type, d.points_to"
        " from domain d join account a on a.id = d.account_id"
        " where d.name = ? and d.living = 1 and a.applied > 0",
        host,
    )
    if row is None:
        return None
    account_id, active, folder, redir_type, points_to = row
    if redir_type is None:
        return ServedSite(account_id, bool(active), folder)
    if redir_type == "server_alias":
        return ServedSite(account_id, bool(active), docroot(points_to))
    return ServedSite(account_id, bool(active), "", redir_type, points_to)


def zone(tx: Tx, names: Sequence[str]) -> ServedZone | None:
    """The zone of the longest of these names that has one."""
    marks = ", ".join("?" for _ in names)
    row = tx.one(
        "select z.id, z.name, a.ipv4, a.ipv6, a.created + a.generation from zone z"
        " join account a on a.id = z.account_id"
        f" where z.name in ({marks}) and z.living = 1 and a.applied > 0 order by length(z.name) desc limit 1",
        *names,
    )
    return None if row is None else ServedZone(*tuple(row))


_RECORD = "select host, type, value, ttl, priority from record where zone_id = ?"


def records(tx: Tx, zone_id: int, host: str) -> list[ServedRecord]:
    """The records of a name."""
    return _served(tx.all(f"{_RECORD} and place = ? order by id", zone_id, place(host)))


def addresses(tx: Tx, zone_id: int, hosts: Sequence[str], most: int) -> list[ServedRecord]:
    """The address records of names, up to so many."""
    marks = ", ".join("?" for _ in hosts)
    sql = f"{_RECORD} and place in ({marks}) and type in ('A', 'AAAA') limit ?"
    return _served(tx.all(sql, zone_id, *map(place, hosts), most))


def neighbours(tx: Tx, zone_id: int, host: str) -> list[str]:
    """The names with records directly before and after a place: none has more labels in common with it."""
    at = place(host)
    return [
        row["host"]
        for sql in ("place < ? order by place desc", "place > ? order by place")
        if (row := tx.one(f"select host from record where zone_id = ? and {sql} limit 1", zone_id, at))
    ]


def _served(rows: Sequence[Row]) -> list[ServedRecord]:
    return [ServedRecord(*tuple(row)) for row in rows]
