"""kill -9 in the middle of the work: after the restart every account is whole or was never there.

The accounts are a reseller's, so that what it gave away in all must hold too.
"""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path

import dns.message
import dns.query
import dns.rcode
import pytest

from iwapi.cli.outside import Answered, NoAnswer, ask, typed
from iwapi.kinds import UNLIMITED
from tests.clients.byhand import at_once, call, create, endpoint
from tests.sandbox import Sandbox, running

PARALLEL = 12
SETTLED = 2.0
"""Seconds from readiness within which nothing may be left half."""


_LIMITS = ("STORAGE", "BANDWIDTH", "EMAIL_BOXES", "FTP_ACCOUNTS", "MYSQL_DBS", "MYSQL_DB_USERS")
_LIVING = "owner = r.user_id and state in ('active', 'inactive')"


def selling(sandbox: Sandbox) -> str:
    """Make a reseller that may give all that a package `basic` of its own has; its key."""
    options = {f"RSL_OPT_{name}": str(UNLIMITED) for name in (*_LIMITS, "SITEWORX_ACCOUNTS")}
    made = call(sandbox, "createReseller", email="reseller@example.com", password="Correct-horse7", **options)
    log_in = {"email": sandbox.admin_email, "password": sandbox.admin_password}
    which = {"nodeworx_id": made.member("reseller_id")}
    key = typed(endpoint(sandbox.admin), "admin", log_in, "generateApiKey", which).member("apikey")
    package = {f"OPT_{name}": "1" for name in _LIMITS}
    as_reseller = dataclasses.replace(sandbox, api_key=key)
    assert call(as_reseller, "createPackage", package_name="basic", **package).status == 200
    return key


def drift(sandbox: Sandbox) -> list[tuple[object, ...]]:
    """Resellers of whom another number of accounts, or another sum, is kept than they have."""
    sums = " or ".join(
        f"given_{name.lower()} <> (select coalesce(sum(opt_{name.lower()}), 0) from account where {_LIVING})"
        for name in _LIMITS
    )
    return rows(
        sandbox,
        "select r.user_id from reseller r join nodeworx_user u on u.id = r.user_id"
        f" where u.accounts <> (select count(*) from account where {_LIVING}) or {sums}",
    )


def state_of(sandbox: Sandbox, domain: str) -> str:
    """Whether SOAP, the site and the zone know the account: "whole", "absent", or what each of them says."""
    account = call(sandbox, "getSiteWorxAccount", domain=domain)
    site = ask(endpoint(sandbox.site), "/", host=domain)
    host, port = sandbox.name_server
    zone = dns.query.udp(dns.message.make_query(domain, "A"), host, 5, port)
    told = (account.member("code") or account.member("status"), site.status, dns.rcode.to_text(zone.rcode()))
    if told == ("active", 200, "NOERROR") and f"<h1>{domain}</h1>" in site.body and zone.answer:
        return "whole"
    return "absent" if told == ("ACCOUNT_NOT_FOUND", 404, "REFUSED") else f"{domain}: {told}"


def states_of(sandbox: Sandbox, domains: Sequence[str]) -> dict[str, str]:
    states = at_once([partial(state_of, sandbox, domain) for domain in domains])
    return dict(zip(domains, states, strict=True))


def rows(sandbox: Sandbox, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(sandbox.state / "iwapi.db", timeout=10)) as database:
        return database.execute(sql).fetchall()


def unfinished(sandbox: Sandbox) -> list[tuple[object, ...]]:
    """Accounts that services have still to make what they are wanted to be."""
    return rows(sandbox, "select id, domain, state, applied from account where applied < generation")


def left_over(sandbox: Sandbox) -> set[str]:
    """Folders and links in the homes that no account has, and those that an account lacks."""
    wanted = {f"accounts/{number}" for (number,) in rows(sandbox, "select id from account")}
    wanted |= {str(name) for (name,) in rows(sandbox, "select uniqname from account where state = 'active'")}
    there = {f"accounts/{name}" for name in os.listdir(sandbox.homes / "accounts")}
    return wanted ^ (there | set(os.listdir(sandbox.homes)) - {"accounts"})


def soon(holds: Callable[[], bool], until: float) -> None:
    while not holds():
        assert time.monotonic() < until, "something is still half"
        time.sleep(0.02)


class Round:
    """Creates and deletes at once, and a kill in their midst; what was acknowledged of them before it."""

    def __init__(self, sandbox: Sandbox, number: int, doomed: Sequence[str]) -> None:
        self.domains = [f"round{number}-{place}.example" for place in range(PARALLEL)]
        self.doomed = doomed
        close = partial(call, sandbox, "deleteSiteWorxAccount")
        with ThreadPoolExecutor(2 * PARALLEL) as pool:
            opened = {domain: pool.submit(create, sandbox, domain) for domain in self.domains}
            closed = {domain: pool.submit(close, domain=domain) for domain in doomed}
            time.sleep(random.Random(number).uniform(0, 0.3))
            os.kill(sandbox.pid, signal.SIGKILL)
        self.opened = [domain for domain, answer in opened.items() if acknowledged(answer)]
        self.closed = [domain for domain, answer in closed.items() if acknowledged(answer)]

    def check(self, sandbox: Sandbox, ready: float) -> None:
        """Everything is whole or absent, and what is absent can be opened again."""
        concerned = [*self.domains, *self.doomed]
        soon(lambda: set(states_of(sandbox, concerned).values()) <= {"whole", "absent"}, ready + SETTLED)
        soon(lambda: not unfinished(sandbox) and not left_over(sandbox), ready + SETTLED)
        assert not drift(sandbox)
        states = states_of(sandbox, concerned)
        assert {states[domain] for domain in self.opened} <= {"whole"}
        assert {states[domain] for domain in self.closed} <= {"absent"}
        absent = [domain for domain in self.domains if states[domain] == "absent"]
        again = [create(sandbox, domain).status for domain in absent]
        assert set(again) <= {200}
        assert set(states_of(sandbox, absent).values()) <= {"whole"}


def acknowledged(answer: Future[Answered]) -> bool:
    try:
        return answer.result().status == 200
    except NoAnswer:
        return False


@pytest.mark.parametrize(
    "rounds",
    [
        pytest.param(20, marks=pytest.mark.timeout(120)),
        pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ],
)
def test_after_a_kill_every_account_is_whole_or_was_never_there(tmp_path: Path, rounds: int) -> None:
    done: list[Round] = []
    key = ""
    for number in range(rounds + 1):
        with running(tmp_path / "state") as started:
            ready = time.monotonic()
            key = key or selling(started)
            sandbox = dataclasses.replace(started, api_key=key)
            if done:
                done[-1].check(sandbox, ready)
            if number < rounds:
                done.append(Round(sandbox, number, done[-1].domains if done else []))
    opened = sum(len(one.opened) for one in done)
    assert 0 < opened < rounds * PARALLEL, "every kill came too early, or every one too late"
