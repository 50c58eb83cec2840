"""Accounts as the services that read the store see them: built and living ones, by domain."""

from __future__ import annotations

from dataclasses import dataclass

from iwapi.store.accounts import LIVING
from iwapi.store.db import Tx


@dataclass(frozen=True)
class Served:
    """What a service needs of an account. `serial` grows with every change."""

    account_id: int
    domain: str
    active: bool
    ipv4: str | None
    ipv6: str | None
    serial: int


def by_domain(tx: Tx, domain: str) -> Served | None:
    row = tx.one(
        "select id, domain, state = 'active' as active, ipv4, ipv6, created + generation as serial"
        f" from account where domain = ? and {LIVING} and applied > 0",
        domain,
    )
    if row is None:
        return None
    return Served(row["id"], row["domain"], bool(row["active"]), row["ipv4"], row["ipv6"], row["serial"])
