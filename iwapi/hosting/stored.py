"""The directory of the embedded host, read from the store: the account's row is the configuration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from iwapi.hosting.directory import Site, Zone
from iwapi.store import served
from iwapi.store.db import Database


@dataclass(frozen=True)
class Stored:
    """Looks accounts up as they are now. `place` gives the home folder and the document root in it."""

    database: Database
    place: Callable[[int, str], tuple[str, str]]

    def site(self, host: str) -> Site | None:
        with self.database.snapshot() as tx:
            row = served.by_domain(tx, host)
        if row is None:
            return None
        home, docroot = self.place(row.account_id, row.domain)
        return Site(row.account_id, "active" if row.active else "suspended", home, docroot)

    def zone(self, domain: str) -> Zone | None:
        with self.database.snapshot() as tx:
            row = served.by_domain(tx, domain)
        if row is None:
            return None
        return Zone(row.domain, _some(row.ipv4), _some(row.ipv6), row.serial)


def _some(address: str | None) -> tuple[str, ...]:
    return () if address is None else (address,)
