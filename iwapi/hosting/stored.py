"""The directory of the embedded host, read from the store: the accounts' rows are the configuration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from iwapi.hosting.directory import Answer, Redirect, Site, Zones
from iwapi.store import served
from iwapi.store.db import Database, Tx
from iwapi.store.served import ServedRecord, ServedZone


@dataclass(frozen=True)
class Stored:
    """Looks names up as they are now. `home` gives the folder of an account."""

    database: Database
    home: Callable[[int], str]

    def site(self, host: str) -> Site | None:
        with self.database.snapshot() as tx:
            found = served.site(tx, host)
        if found is None:
            return None
        redirect = None
        if found.redir_type is not None:
            redirect = Redirect(301 if found.redir_type == "redirect_301" else 302, found.points_to)
        return Site(
            found.account_id, "active" if found.active else "suspended", self.home(found.account_id),
            found.folder, redirect,
        )  # fmt: skip

    def read(self, work: Callable[[Zones], Answer]) -> Answer:
        with self.database.snapshot() as tx:
            return work(StoredZones(tx))


@dataclass(frozen=True)
class StoredZones:
    """The zones of one snapshot."""

    tx: Tx

    def zone(
        self, names: Sequence[str], host: str, kind: str
    ) -> tuple[ServedZone, Sequence[ServedRecord]] | None:
        return served.zone(self.tx, names, host, kind)

    def records(self, zone: ServedZone, host: str) -> Sequence[ServedRecord]:
        return served.records(self.tx, zone.zone_id, host)

    def addresses(self, zone: ServedZone, hosts: Sequence[str], most: int) -> Sequence[ServedRecord]:
        return served.addresses(self.tx, zone.zone_id, hosts, most)

    def neighbours(self, zone: ServedZone, host: str) -> Sequence[str]:
        return served.neighbours(self.tx, zone.zone_id, host)
