"""Names as the services that read the store see them: those of accounts that are built and living.

What is asked for comes from strangers, so each question is a bounded number of point look-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

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


class ServedZone(NamedTuple):
    """A zone, and the addresses of its account. `serial` grows with every change of the account."""

    zone_id: int
    name: str
    ipv4: str | None
    ipv6: str | None
    serial: int


class ServedRecord(NamedTuple):
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


_RECORD = "host, type, value, ttl, priority"


@cache
def _found(names: int) -> str:
    return (
        "select z.id, z.name, a.ipv4, a.ipv6, a.created + a.generation,"
        " r.host, r.type, r.value, r.ttl, r.priority"
        " from zone z join account a on a.id = z.account_id"
        " left join record r on r.zone_id = z.id and r.place = ? and r.type in (?, 'CNAME')"
        f" where z.name in ({', '.join('?' * names)}) and z.living = 1 and a.applied > 0"
    )


def zone(tx: Tx, names: Sequence[str], host: str, kind: str) -> tuple[ServedZone, list[ServedRecord]] | None:
    """The zone of the longest of these names that has one, and in it the records of a host that are of a type
    or an alias: all that most questions need, in one statement."""
    rows = tx.all(_found(len(names)), place(host), kind, *names)
    if not rows:
        return None
    longest = rows[0] if len(rows) == 1 else max(rows, key=_name_length)
    own = [ServedRecord(*row[5:]) for row in rows if row[5] is not None and row[0] == longest[0]]
    return ServedZone(*longest[:5]), own


def _name_length(row: Row) -> int:
    return len(row[1])


def records(tx: Tx, zone_id: int, host: str) -> list[ServedRecord]:
    """The records of a name."""
    return _served(
        tx.all(f"select {_RECORD} from record where zone_id = ? and place = ?", zone_id, place(host))
    )


def addresses(tx: Tx, zone_id: int, hosts: Sequence[str], most: int) -> list[ServedRecord]:
    """The address records of names, up to so many."""
    sql = (
        f"select {_RECORD} from record where zone_id = ? and place in ({', '.join('?' * len(hosts))})"
        " and type in ('A', 'AAAA') limit ?"
    )
    return _served(tx.all(sql, zone_id, *map(place, hosts), most))


_NEIGHBOURS = (
    "select host from"
    " (select host from record where zone_id = ? and place <= ? order by place desc limit 1) one_before"
    " union all"
    " select host from"
    " (select host from record where zone_id = ? and place > ? order by place limit 1) one_after"
    " union all"
    " select name from"
    " (select name from zone where place > ? and living = 1 order by place limit 1) one_below"
)


def neighbours(tx: Tx, zone_id: int, host: str) -> list[str]:
    """The names with records at or before a place and after it, and the zone after it, which may lie below:
    none has more labels in common with it."""
    at = place(host)
    return [host for (host,) in tx.all(_NEIGHBOURS, zone_id, at, zone_id, at, at)]


def _served(rows: Sequence[Row]) -> list[ServedRecord]:
    return [ServedRecord(*row) for row in rows]
