"""Sixty creates in one transaction, of which one breaks it: the others succeed, and nothing is doubled."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest

from iwapi.asked import Outcome
from iwapi.core.accounts import NewAccount
from iwapi.errors import ApiError, InternalError, Unavailable
from iwapi.store.accounts import Accounts
from iwapi.store.db import Tx
from tests.helpers import LOCAL, World, opening
from tests.store.writing import Held

SIXTY = 60
BREAKS = "shop30.test"


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def interrupted(tx: Tx) -> None:
    """An interrupt in the middle of a statement."""
    tx._connection.set_progress_handler(lambda: 1, 10)  # type: ignore[attr-defined]
    try:
        tx.all(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 100000) select i from n"
        )
    finally:
        tx._connection.set_progress_handler(None, 0)  # type: ignore[attr-defined]


def disk_full(tx: Tx) -> None:
    """A database that may grow no further."""
    most = tx.value("pragma max_page_count")
    tx.run(f"pragma max_page_count = {tx.value('pragma page_count')}")
    try:
        tx.run("update account set inactive_msg = ? where domain = ?", "x" * 1_000_000, BREAKS)
    finally:
        tx.run(f"pragma max_page_count = {most}")


def taken_back(tx: Tx) -> None:
    """What SQLite may do where a disk fails: the whole transaction is gone."""
    tx.run("rollback")
    raise sqlite3.OperationalError("disk I/O error")


def session_ended(tx: Tx) -> None:
    tx.run("select pg_terminate_backend(pg_backend_pid())")


def raised(state: str) -> Callable[[Tx], None]:
    return lambda tx: tx.run(f"do $$ begin raise exception 'no' using errcode = '{state}'; end $$") and None


BREAKING: dict[str, Callable[[Tx], None]] = {
    "interrupt": interrupted,
    "full disk": disk_full,
    "taken back": taken_back,
    "session ended": session_ended,
    "serialization failure": raised("40001"),
    "server's disk is full": raised("53100"),
    "cancelled": raised("57014"),
}
ON_SQLITE = ("interrupt", "full disk", "taken back")
EACH = pytest.mark.parametrize(
    ("store", "why"),
    [
        pytest.param("sqlite", why)
        if why in ON_SQLITE
        else pytest.param("postgres", why, marks=pytest.mark.needs("postgres"))
        for why in BREAKING
    ],
    indirect=["store"],
)


def broken(monkeypatch: pytest.MonkeyPatch, breaks: Callable[[Tx], None], times: int) -> list[str]:
    """Have one create break its transaction when half of it is written; which were run."""
    runs: list[str] = []
    add = Accounts.add

    def then(self: Accounts, new: NewAccount, now: int) -> int:
        account_id = add(self, new, now)
        runs.append(new.domain)
        if new.domain == BREAKS and runs.count(BREAKS) <= times:
            breaks(self._tx)
        return account_id

    monkeypatch.setattr(Accounts, "add", then)
    return runs


def all_at_once(world: World) -> dict[str, Outcome]:
    """Sixty creates, each with a key, in one turn of the writer."""
    found: dict[str, Outcome] = {}
    with Held(world.panel.database):
        for number in range(SIXTY):
            domain = f"shop{number}.test"
            asked = world.asked("createSiteWorxAccount", opening(domain), LOCAL, "cli", options=key(domain))
            world.panel.dispatch(asked, lambda outcome, domain=domain: found.update({domain: outcome}))
        until = time.monotonic() + 20
        while world.panel.database._waiting.qsize() < SIXTY:
            assert time.monotonic() < until
            time.sleep(0.001)
    until = time.monotonic() + 30
    while len(found) < SIXTY:
        assert time.monotonic() < until
        time.sleep(0.001)
    return found


def key(domain: str) -> dict[str, str]:
    return {"idempotency_key": f"order-{domain}"}


def whole(world: World, domains: set[str]) -> None:
    """There is one account for each, built, with one job and one record."""
    assert {domain for (domain,) in world.rows("select domain from account")} == domains
    for counted in (
        "account where applied = generation",
        "job where outcome = 'done'",
        "job",
        "idempotency",
        "audit where action = 'createSiteWorxAccount' and result = 'ok'",
    ):
        assert world.value(f"select count(*) from {counted}") == len(domains), counted
    assert world.value("select accounts from nodeworx_user where id = 1") == len(domains)


@EACH
def test_when_one_of_sixty_breaks_the_transaction_the_other_fifty_nine_succeed(
    world: World, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    runs = broken(monkeypatch, BREAKING[why], times=2)
    found = all_at_once(world)
    failed = {domain: outcome.error for domain, outcome in found.items() if outcome.error}
    assert {domain: type(error) for domain, error in failed.items()} == {BREAKS: Unavailable}
    assert runs.count(BREAKS) == 2  # with the others, and alone
    everybody = {f"shop{number}.test" for number in range(SIXTY)}
    whole(world, everybody - {BREAKS})
    first = {domain: outcome.answer for domain, outcome in found.items()}
    for domain in everybody - {BREAKS}:
        answer = world.call("createSiteWorxAccount", opening(domain), options=key(domain))
        assert answer == first[domain]
    assert world.call("createSiteWorxAccount", opening(BREAKS), options=key(BREAKS)).master_domain == BREAKS
    assert world.value("select count(*) from account") == SIXTY


@EACH
def test_when_the_transaction_breaks_once_all_sixty_succeed(
    world: World, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    broken(monkeypatch, BREAKING[why], times=1)
    found = all_at_once(world)
    assert [outcome.error for outcome in found.values() if outcome.error] == []
    whole(world, {f"shop{number}.test" for number in range(SIXTY)})


@pytest.mark.both_databases
def test_a_bug_in_one_of_sixty_takes_back_that_one_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bug(tx: Tx) -> Any:
        return tx.run("insert into nowhere values (1)")

    runs = broken(monkeypatch, bug, times=9)
    found = all_at_once(world)
    failed: dict[str, ApiError] = {domain: one.error for domain, one in found.items() if one.error}
    assert {domain: type(error) for domain, error in failed.items()} == {BREAKS: InternalError}
    assert len(runs) == SIXTY  # nothing was run twice
    whole(world, {f"shop{number}.test" for number in range(SIXTY)} - {BREAKS})
