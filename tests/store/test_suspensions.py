"""Why accounts are suspended, as it is kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from iwapi.core import limits
from iwapi.core.accounts import REASONS
from iwapi.store import schedules, suspensions
from iwapi.store.migrate import migrate
from iwapi.store.suspensions import Suspensions
from tests.helpers import World
from tests.store.test_migrate import before


@pytest.fixture(autouse=True)
def cheap(cheap_passwords: None) -> None:
    """No test here is about passwords."""


def change(world: World, work: Any) -> Any:
    return world.panel.database.change(work)


def account(world: World) -> tuple[Any, ...]:
    return world.rows("select state, reasons, inactive_msg from account")[0]


@pytest.mark.both_databases
def test_an_account_follows_its_rows_and_tells_of_its_first_reason_with_a_message(world: World) -> None:
    world.open()
    for reason in reversed(REASONS):
        change(world, lambda tx, reason=reason: Suspensions(tx, 1).begin(reason, "", False, 0))
    assert account(world) == ("inactive", " ".join(REASONS), "")
    for reason in ("quota", "abuse"):
        change(world, lambda tx, reason=reason: Suspensions(tx, 1).begin(reason, f"of {reason}", False, 0))
        assert account(world)[2] == f"of {reason}"
    for number, reason in enumerate(REASONS, 1):
        assert change(world, lambda tx, reason=reason: Suspensions(tx, 1).end(reason))
        assert not change(world, lambda tx, reason=reason: Suspensions(tx, 1).end(reason))
        assert account(world)[1] == " ".join(REASONS[number:])
    assert account(world) == ("active", "", "")


@pytest.mark.both_databases
def test_a_closed_account_keeps_its_rows_and_its_state(world: World) -> None:
    world.open()
    world.call("suspendSiteWorxAccount", {"domain": "example.com", "message": "unpaid"})
    world.call("deleteSiteWorxAccount", {"domain": "example.com"})
    for work in (
        lambda tx: suspensions.begin_all(tx, 1, "", 0), lambda tx: suspensions.end_all(tx, 1, 0),
        lambda tx: Suspensions(tx, 1).begin("abuse", "", False, 0),
    ):  # fmt: skip
        change(world, work)
        assert account(world) == ("parked", "billing", "unpaid")


@pytest.mark.both_databases
def test_what_every_sweep_asks_goes_by_an_index(world: World) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []

    class Watching:
        def all(self, sql: str, *values: object) -> list[Any]:
            asked.append((sql, values))
            return []

        def one(self, sql: str, *values: object) -> None:
            asked.append((sql, values))

    tx: Any = Watching()
    schedules.due(tx, 1, 200)
    schedules.cancel_all(tx, 1, 0)
    assert len(asked) == 3
    for sql, values in asked:
        assert "SCAN" not in world.plan(sql, *values)


def test_accounts_of_an_earlier_program_have_the_reason_that_they_had(tmp_path: Path) -> None:
    """Of billing, since that is who suspended them; of their reseller, where that one is suspended."""
    path = tmp_path / "old.db"
    columns = ", ".join(name.lower() for name in limits.NAMES)
    zeros = ", ".join("0" for _ in limits.NAMES)
    with closing(before(path, "0002_resellers_domains_zones")) as old, old:
        for number, role, active in ((1, "master", 1), (2, "reseller", 1), (3, "reseller", 0)):
            old.execute(
                "insert into nodeworx_user (id, email, nickname, role, active, argon2, crypt, created)"
                " values (?, ?, '', ?, ?, '', '', 0)",
                (number, str(number), role, active),
            )
        for owner in (1, 2, 3):
            for state, message in (("active", ""), ("inactive", "unpaid"), ("parked", "old")):
                old.execute(
                    "insert into account (owner, uniqname, domain, reversed, email, nickname, argon2, crypt,"
                    f" state, inactive_msg, created, changed, generation, applied, {columns})"
                    f" values (?, ?, ?, '', '', '', '', '', ?, ?, 0, 7, 3, 3, {zeros})",
                    (owner, f"{state}{owner}", f"{state}{owner}", state, message),
                )
    migrate(path)
    with closing(sqlite3.connect(path)) as now:
        kept = now.execute(
            "select owner, state, reasons, inactive_msg, generation, applied from account"
            " where state <> 'parked' order by id"
        ).fetchall()
        rows = now.execute(
            "select domain, reason, message, by_master from suspension s join account a on a.id = account_id"
            " order by account_id, reason"
        ).fetchall()
    served, unpaid = ("active", "", "", 3, 3), ("inactive", "billing", "unpaid", 3, 3)
    assert [row[1:] for row in kept] == [
        served, unpaid, served, unpaid,
        ("inactive", "reseller", "", 4, 3), ("inactive", "billing reseller", "unpaid", 4, 3),
    ]  # fmt: skip
    assert rows == [
        ("inactive1", "billing", "unpaid", 0), ("inactive2", "billing", "unpaid", 0),
        ("active3", "reseller", "", 1), ("inactive3", "billing", "unpaid", 0),
        ("inactive3", "reseller", "", 1),
    ]  # fmt: skip
