"""After the storm: what the store, the disk, the sites and the zones hold, beside what clients were told."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import dns.message
import dns.query

from iwapi.cli.outside import ask
from iwapi.config import Config, load
from iwapi.core.pepper import Pepper
from iwapi.core.places import pepper_file, store_place
from iwapi.processes import is_alive
from iwapi.store import audit
from iwapi.store.db import Database, Row, open_database
from tests.clients.storm.buying import Story
from tests.clients.storm.servers import Server
from tests.clients.storm.wires import TYPED

LIMITS = ("STORAGE", "BANDWIDTH", "EMAIL_BOXES", "FTP_ACCOUNTS", "MYSQL_DBS", "MYSQL_DB_USERS")
_LIVING = "owner = r.user_id and state in ('active', 'inactive')"


class Held:
    """What the store holds."""

    def __init__(self, state: Path, config: Config) -> None:
        self._state = state
        self._database: Database = open_database(store_place(state, config.database))

    def close(self) -> None:
        self._database.close()

    def rows(self, sql: str) -> list[Row]:
        with self._database.snapshot() as tx:
            return tx.all(sql)

    def count(self, sql: str) -> int:
        (row,) = self.rows(f"select count(*) from {sql}")
        return int(row[0])

    @property
    def unfinished(self) -> int:
        return self.count("account where applied < generation") + self.count("job where finished is null")

    def wrong(self, stories: Sequence[Story]) -> Iterator[str]:
        """Everything that is not as it was promised, in words."""
        accounts = self.rows("select id, external_id, domain, uniqname, state, lease_by from account")
        by_name = {str(row["external_id"]): row for row in accounts}
        wanted = {story.order.external_id for story in stories}
        if len(accounts) != len(wanted) or by_name.keys() != wanted:
            yield f"{len(accounts)} accounts for {len(wanted)} orders; {sorted(by_name.keys() ^ wanted)[:9]}"
        for row in accounts:
            held = row["lease_by"] is not None and is_alive(row["lease_by"])  # a dead one's holds up nobody
            if row["state"] != "active" or held:
                yield f"{row['domain']} is {row['state']}, leased by {row['lease_by']}"
        yield from self._homes(accounts)
        yield from self._sums()
        for story in stories:
            yield from _told(story, by_name.get(story.order.external_id))

    def _homes(self, accounts: Sequence[Row]) -> Iterator[str]:
        homes = self._state / "homes"
        there = {f"accounts/{name}" for name in os.listdir(homes / "accounts")}
        there |= set(os.listdir(homes)) - {"accounts"}
        wanted = {f"accounts/{row['id']}" for row in accounts} | {str(row["uniqname"]) for row in accounts}
        if odd := sorted(wanted ^ there):
            yield f"homes: {odd[:9]}"
        for row in accounts:
            page = homes / str(row["uniqname"]) / str(row["domain"]) / "html" / "index.html"
            if not page.exists() or str(row["domain"]).encode() not in page.read_bytes():
                yield f"{page} is not there"

    def _sums(self) -> Iterator[str]:
        sums = " or ".join(
            f"given_{name} <> (select coalesce(sum(opt_{name}), 0) from account where {_LIVING})"
            for name in map(str.lower, LIMITS)
        )
        drift = self.rows(
            "select r.user_id from reseller r join nodeworx_user u on u.id = r.user_id"
            f" where u.accounts <> (select count(*) from account where {_LIVING}) or {sums}"
        )
        yield from (f"the sums of reseller {row[0]} are wrong" for row in drift)
        with self._database.snapshot() as tx:
            broken = audit.broken_at(tx, Pepper(pepper_file(self._state).read_bytes()))
        if broken is not None:
            yield f"the audit is broken at {broken}"


def _told(story: Story, row: Row | None) -> Iterator[str]:
    """Where a client was told what is not so, or twice not the same, or nothing."""
    name = story.order.domain
    if not story.ended:
        yield f"{name} was never answered: {story}"
    yield from (f"{name}: {told}" for told in story.bad)
    if story.promised:
        yield f"{name} was told before it was there"
    if not story.heard and story.order.key is not None:
        yield f"{name} has a key and was never told that it is there: {story}"
    answers = {(wire in TYPED, tuple(sorted(told.members.items()))) for wire, told in story.heard}
    if len(answers) > len({typed for typed, _ in answers}):
        yield f"{name} was told different things: {answers}"
    ids = {told.members["siteworx_id"] for wire, told in story.heard if wire in TYPED}
    if ids and row is not None and ids != {str(row["id"])}:
        yield f"{name} was told of accounts {ids}, it has {row['id']}"


def unseen(server: Server, stories: Sequence[Story], seed: int, most: int) -> Iterator[str]:
    """Of some: whose site or zone does not answer."""
    for story in random.Random(seed).sample(list(stories), min(most, len(stories))):
        domain = story.order.domain
        site = ask(("127.0.0.1", server.sites), "/", host=domain)
        zone = dns.query.udp(dns.message.make_query(domain, "A"), "127.0.0.1", 10, server.zones)
        if site.status != 200 or f"<h1>{domain}</h1>" not in site.body or not zone.answer:
            yield f"{domain} answers {site.status}, {zone.answer}"


def settings(database: str) -> Config:
    return load(None, {}).replace(database=database, allow_reserved_domains=True)
