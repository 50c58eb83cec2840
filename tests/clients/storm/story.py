"""One storm, from an empty state to the verdict."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from iwapi.app import install, open_panel
from iwapi.asked import Credentials
from iwapi.core.resellers import RESELLER
from iwapi.kinds import UNLIMITED
from tests.clients.storm import verdict
from tests.clients.storm.buying import Buyer, Story
from tests.clients.storm.moments import moments
from tests.clients.storm.orders import PASSWORD, orders
from tests.clients.storm.servers import Plan, Server, kill_one
from tests.clients.storm.trouble import Trouble

ADDRESSES = [("127.0.0.1", True), ("127.0.0.11", False), ("127.0.0.12", False)]
_SETTLES_WITHIN = 120
_LOCAL = Credentials(local="tester")


@dataclass(frozen=True)
class Storm:
    """How big it is. A life ends after at most `passes` of its step; `kills` more come at random."""

    processes: int
    orders: int
    passes: int
    kills: int
    troubles: int = 0
    seed: int = 1


def sold(state: Path, database: str) -> str:
    """Set up a state with a reseller that may give all its package has; the reseller's key."""
    install(state, "admin@example.com", "Admin-password-1", ADDRESSES, database)
    panel = open_panel(state, verdict.settings(database))

    def call(name: str, by: Credentials = _LOCAL, **raw: str):
        return panel.call(panel.catalogue.named[name], {**raw}, by)

    limits = {
        f"RSL_{name}" if not name.startswith("RSL_") else name: str(UNLIMITED) for name in RESELLER.numbers
    }
    made = call("createReseller", email="reseller@example.com", password=PASSWORD, **limits)
    key = call("generateApiKey", nodeworx_id=str(made.reseller_id)).apikey
    package = {f"OPT_{name}": "1" for name in verdict.LIMITS}
    call("createPackage", Credentials(apikey=key), package_name="basic", **package)
    panel.close()
    return key.reveal


def weather(state: Path, storm: Storm, trouble: Trouble | None = None) -> dict[str, Any]:
    """Have a storm over a fresh state; what was seen. Raises where a promise was not kept."""
    began = time.monotonic()
    apikey = sold(state, trouble.url if trouble else "")
    settings = {"allow_reserved_domains": True, "log_level": "warning"}
    if trouble:
        settings["database"] = trouble.served
    plan = Plan(storm.seed, storm.passes)
    with ExitStack() as stack:
        servers = [Server(state, number, settings, plan) for number in range(storm.processes)]
        for server in servers:
            stack.callback(server.end)
        for server in servers:
            server.wait()
        buyer = Buyer([server.at for server in servers], state / "homes", apikey, storm.seed)
        with _befalling(storm, buyer, servers, trouble):
            stories = buyer.buy_all(orders(storm.orders, storm.seed))
        took = time.monotonic() - began
        for server in servers:
            server.calm()
        held = verdict.Held(state, verdict.settings(trouble.url if trouble else ""))
        stack.callback(held.close)
        _settled(held)
        for story in stories:
            if story.order.key is not None:
                buyer.repeat(story, random.Random(story.order.number))
        wrong = [*held.wrong(stories), *verdict.unseen(servers[0], stories, storm.seed, 100)]
        if held.unfinished:
            wrong.append("something was begun again")
        for server in servers:
            server.stop()
            if not trouble:  # a database that is lost is complained of, and a start without it fails
                wrong += server.complaints()
    assert not wrong, "\n".join(wrong[:20])
    return _figures(stories, servers, took, trouble)


@contextmanager
def _befalling(
    storm: Storm, buyer: Buyer, servers: Sequence[Server], trouble: Trouble | None
) -> Iterator[None]:
    """Random kills, and what befalls the database, while the orders are served."""
    when = partial(moments, of=storm.orders, far=lambda: buyer.served)
    with ExitStack() as during:
        kills = partial(kill_one, servers)
        during.enter_context(when(storm.kills, seed=f"kills {storm.seed}", befalls=kills))
        if trouble:
            during.callback(trouble.over)
            troubles = trouble.befalls
            during.enter_context(when(storm.troubles, seed=f"troubles {storm.seed}", befalls=troubles))
        yield


def _settled(held: verdict.Held) -> None:
    until = time.monotonic() + _SETTLES_WITHIN
    while held.unfinished:
        assert time.monotonic() < until, "something is still half"
        time.sleep(0.1)


def _figures(
    stories: Sequence[Story], servers: Sequence[Server], took: float, trouble: Trouble | None
) -> dict[str, Any]:
    deaths = sum((server.deaths for server in servers), Counter())
    told = Counter(told.said for story in stories for told in story.errors)
    figures: dict[str, Any] = {
        "accounts": len(stories), "processes": len(servers), "seconds": round(took),
        "sends": sum(story.sends for story in stories), "cut": sum(story.cuts for story in stories),
        "answers": sum(len(story.heard) for story in stories), "told": dict(told),
        "deaths": deaths.total(), "at": dict(deaths),
    }  # fmt: skip
    if trouble:
        figures["commits cut"], figures["restarts"] = trouble.cuts, trouble.restarts
    return figures
