"""Two hundred at once, from several processes, for what is left: exactly as many get it as may."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest

from iwapi.app import install, open_panel
from iwapi.asked import Credentials
from iwapi.core.resellers import RESELLER
from iwapi.kinds import UNLIMITED
from iwapi.store.db import open_database
from tests import postgres
from tests.clients.byhand import at_once
from tests.clients.storm import verdict
from tests.clients.storm.orders import HASHED
from tests.clients.storm.sending import send
from tests.clients.storm.servers import Plan, Server
from tests.clients.storm.wires import read, request

RACERS = 200
PLACES = 3
DEDICATED = [f"127.0.0.{number}" for number in range(11, 21)]
_LOCAL = Credentials(local="tester")


@dataclass(frozen=True)
class Shop:
    """Servers of one state. `master` and `reseller` are keys; the reseller has `PLACES` places."""

    place: Path | str
    servers: Sequence[Server]
    master: str
    reseller: str

    def race(
        self, key: str, racers: Sequence[Mapping[str, str]], options: Mapping[str, str] = MappingProxyType({})
    ) -> Counter[str]:
        """Have them all create at once; `ok`, or the text of the error, and how many were told so."""
        calls = [
            partial(self._create, key, racer, options, self.servers[at % len(self.servers)])
            for at, racer in enumerate(racers)
        ]
        return Counter(at_once(calls))

    def _create(self, key: str, inputs: Mapping[str, str], options: Mapping[str, str], server: Server) -> str:
        what = {"email": "me@example.com", "packagetemplate": "basic", **HASHED, **inputs}
        wire = "route by XML-RPC"
        answer = send(server.at, request(wire, key, what, options), None, random.Random(1))
        told = read(wire, *answer)
        return "ok" if told.said == "ok" else told.members["text"]

    def accounts(self, which: str) -> int:
        database = open_database(self.place)
        with database.snapshot() as tx:
            found = int(tx.value(f"select count(*) from account where {which}"))
        database.close()
        return found


def setups() -> Iterator[object]:
    for store in ("sqlite", "postgres"):
        for processes in (1, 3):
            marks = [pytest.mark.needs("postgres")] if store == "postgres" else []
            marks += [pytest.mark.slow] if processes == 1 else []
            yield pytest.param((store, processes), marks=marks, id=f"{store}-{processes}")


@pytest.fixture(scope="module", params=setups())
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    store, processes = request.param
    state = tmp_path_factory.mktemp("shop") / "state"
    with ExitStack() as stack:
        url = ""
        if store == "postgres":
            name = postgres.server().create()
            stack.callback(postgres.server().drop, name)
            url = postgres.server().url(name)
        keys = _set_up(state, url)
        settings = {"allow_reserved_domains": True, "log_level": "warning", "database": url}
        servers = [Server(state, number, settings, Plan()) for number in range(processes)]
        for server in servers:
            stack.callback(server.end)
            server.wait()
        yield Shop(url or state / "iwapi.db", servers, *keys)


def _set_up(state: Path, url: str) -> tuple[str, str]:
    addresses = [("127.0.0.1", True), *((address, False) for address in DEDICATED)]
    install(state, "admin@example.com", "Admin-password-1", addresses, url)
    panel = open_panel(state, verdict.settings(url))

    def call(name: str, by: Credentials = _LOCAL, **raw: str):
        return panel.call(panel.catalogue.named[name], {**raw}, by)

    limits = {name: str(UNLIMITED) for name in RESELLER.numbers} | {"RSL_OPT_SITEWORX_ACCOUNTS": str(PLACES)}
    made = call("createReseller", email="reseller@example.com", password="Correct-horse7", **limits)
    package = {f"OPT_{name}": "1" for name in verdict.LIMITS}
    keys = [call("generateApiKey"), call("generateApiKey", nodeworx_id=str(made.reseller_id))]
    for key in keys:
        call("createPackage", Credentials(apikey=key.apikey), package_name="basic", **package)
    panel.close()
    master, reseller = (key.apikey.reveal for key in keys)
    return master, reseller


@pytest.mark.timeout(300)
def test_one_domain_is_given_once(shop: Shop) -> None:
    told = shop.race(
        shop.master,
        [{"master_domain": "wanted.example", "nickname": f"racer {number}"} for number in range(RACERS)],
    )
    assert told.pop("ok") == 1
    assert told.total() == RACERS - 1
    assert all("Domain name already exists" in text for text in told)
    assert shop.accounts("domain = 'wanted.example'") == 1


@pytest.mark.timeout(300)
def test_the_last_ten_addresses_are_given_to_ten(shop: Shop) -> None:
    racers = [
        {"master_domain": f"alone{number}.example", "master_domain_ipv4": DEDICATED[number % len(DEDICATED)]}
        for number in range(RACERS)
    ]
    told = shop.race(shop.master, racers)
    assert told.pop("ok") == len(DEDICATED)
    assert told.total() == RACERS - len(DEDICATED)
    assert all("master_domain_ipv4: 127.0.0." in text for text in told)
    assert shop.accounts("ipv4 in (select address from address where shared = 0)") == len(DEDICATED)


@pytest.mark.timeout(300)
def test_the_last_places_of_a_reseller_are_given_to_as_many(shop: Shop) -> None:
    told = shop.race(shop.reseller, [{"master_domain": f"sold{number}.example"} for number in range(RACERS)])
    assert told.pop("ok") == PLACES
    assert told.total() == RACERS - PLACES
    assert all("SITEWORX_ACCOUNTS" in text for text in told)
    assert shop.accounts("domain like 'sold%'") == PLACES


@pytest.mark.timeout(300)
def test_who_sends_the_same_with_one_key_gets_one_account_and_everybody_is_told_of_it(shop: Shop) -> None:
    told = shop.race(
        shop.master, [{"master_domain": "joined.example"}] * RACERS, {"idempotency_key": "order-1234"}
    )
    assert told == {"ok": RACERS}
    assert shop.accounts("domain = 'joined.example'") == 1


@pytest.mark.timeout(300)
def test_who_sends_the_same_without_a_key_joins_or_comes_too_late(shop: Shop) -> None:
    told = shop.race(shop.master, [{"master_domain": "pressed.example"}] * RACERS)
    assert told.pop("ok") >= 1
    assert all("Domain name already exists" in text for text in told)
    assert shop.accounts("domain = 'pressed.example'") == 1
