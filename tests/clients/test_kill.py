"""kill -9 in the middle of the work: after the restart every account is whole or was never there."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest

from iwapi.cli.outside import Answered, NoAnswer, ask, typed
from tests.sandbox import Sandbox, running

OPENING = {"email": "me@example.com", "password": "Correct-horse7", "packagetemplate": "basic"}
PARALLEL = 12
SETTLED = 2.0
"""Seconds from readiness within which nothing may be left half."""


def at(place: str) -> tuple[str, int]:
    host, _, port = place.rpartition("//")[2].partition("/")[0].rpartition(":")
    return host, int(port)


def call(sandbox: Sandbox, operation: str, **inputs: str) -> Answered:
    return typed(at(sandbox.soap_typed), "billing", {"apikey": sandbox.api_key}, operation, inputs)


def create(sandbox: Sandbox, domain: str) -> Answered:
    return call(sandbox, "createSiteWorxAccount", master_domain=domain, **OPENING)


def state_of(sandbox: Sandbox, domain: str) -> str:
    """"whole" where SOAP, the site and the zone know the account; "absent" where none does; else what each says."""
    account = call(sandbox, "getSiteWorxAccount", domain=domain)
    site = ask(at(sandbox.site), "/", host=domain)
    question = dns.message.make_query(domain, "A")
    zone = dns.query.udp(question, at(sandbox.dns)[0], 5, at(sandbox.dns)[1])
    told = (account.member("code") or account.member("status"), site.status, dns.rcode.to_text(zone.rcode()))
    if told == ("active", 200, "NOERROR") and f"<h1>{domain}</h1>" in site.body and zone.answer:
        return "whole"
    return "absent" if told == ("ACCOUNT_NOT_FOUND", 404, "REFUSED") else f"{domain}: {told}"


def soon(found: Callable[[], object], wanted: object, until: float) -> None:
    """What is found must become what is wanted before the time `until`."""
    while (got := found()) != wanted:
        assert time.monotonic() < until, got
        time.sleep(0.02)


def rows(sandbox: Sandbox, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(sandbox.state / "iwapi.db", timeout=10)) as database:
        return database.execute(sql).fetchall()


def left_over(sandbox: Sandbox) -> set[str]:
    """Folders and links in the homes that no account has, and those that an account lacks."""
    kept = {f"accounts/{id}" for (id,) in rows(sandbox, "select id from account")}
    linked = {str(name) for (name,) in rows(sandbox, "select uniqname from account where state = 'active'")}
    there = {f"accounts/{name}" for name in os.listdir(sandbox.homes / "accounts")}
    there |= set(os.listdir(sandbox.homes)) - {"accounts"}
    return there ^ (kept | linked)


def unfinished(sandbox: Sandbox) -> list[tuple[object, ...]]:
    return rows(sandbox, "select id, domain, state, generation, applied from account where applied < generation")


class Round:
    """Creates and deletes at once, and the kill in the midst of them."""

    def __init__(self, sandbox: Sandbox, number: int, doomed: list[str]) -> None:
        self.domains = [f"round{number}-{place}.example" for place in range(PARALLEL)]
        self.doomed = doomed
        chance = random.Random(number)
        with ThreadPoolExecutor(2 * PARALLEL) as pool:
            opened = {domain: pool.submit(create, sandbox, domain) for domain in self.domains}
            closed = {
                domain: pool.submit(call, sandbox, "deleteSiteWorxAccount", domain=domain) for domain in doomed
            }
            time.sleep(chance.uniform(0, 0.3))
            os.kill(sandbox.pid, signal.SIGKILL)
        self.opened = {domain for domain in self.domains if succeeded(opened[domain])}
        self.closed = {domain for domain in doomed if succeeded(closed[domain])}


def succeeded(answer: Future[Answered]) -> bool:
    try:
        return answer.result().status == 200
    except NoAnswer:
        return False


@pytest.mark.parametrize(
    "rounds",
    [pytest.param(20, marks=pytest.mark.timeout(120)), pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
)
def test_after_a_kill_every_account_is_whole_or_was_never_there(tmp_path: Path, rounds: int) -> None:
    last: Round | None = None
    alive: list[str] = []
    cut = 0
    for number in range(rounds + 1):
        with running(tmp_path / "state") as sandbox:
            ready = time.monotonic()
            if last is not None:
                concerned = last.domains + last.doomed
                with ThreadPoolExecutor(8) as pool:
                    def found() -> list[str]:
                        return list(pool.map(lambda domain: state_of(sandbox, domain), concerned))

                    soon(lambda: set(found()) <= {"whole", "absent"}, True, ready + SETTLED)
                    soon(lambda: (unfinished(sandbox), left_over(sandbox)), ([], set()), ready + SETTLED)
                    states = dict(zip(concerned, found(), strict=True))
                assert {states[domain] for domain in last.opened} <= {"whole"}
                assert {states[domain] for domain in last.closed} <= {"absent"}
                cut += len(last.domains) - len(last.opened)
                for domain in last.domains:
                    if states[domain] == "absent":
                        assert create(sandbox, domain).status == 200
                        assert state_of(sandbox, domain) == "whole"
                alive = last.domains
            if number < rounds:
                last = Round(sandbox, number, alive)
    assert rounds < cut < rounds * PARALLEL, "the kills came too early or too late"
