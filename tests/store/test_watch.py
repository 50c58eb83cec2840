"""A watched transaction: it knows what was written, whatever statement wrote it, and takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from iwapi.core.differences import Difference
from iwapi.store.db import Tx
from iwapi.store.told import TOLD
from iwapi.store.watch import Watch
from tests.helpers import START, World, selling

pytestmark = pytest.mark.both_databases


def watched(world: World, work: Callable[[Tx], Any]) -> tuple[Difference, ...]:
    """What work would change, in a transaction that is then committed."""

    def write(tx: Tx) -> tuple[Difference, ...]:
        watch = Watch(tx)
        work(watch)
        return watch.taken_back(START)

    found: tuple[Difference, ...] = world.panel.database.change(write)
    return found


def told(world: World, work: Callable[[Tx], Any]) -> list[tuple[str, str, str, str]]:
    return [(one.about, one.member, one.before, one.after)
            for difference in watched(world, work) for one in difference.changes()]  # fmt: skip


def test_a_row_that_is_changed_is_told_and_taken_back(world: World) -> None:
    world.open()
    found = told(world, lambda tx: tx.run("update account set nickname = ? where id = ?", "N", 1))
    assert found == [("account example.com", "nickname", "example.com", "N")]
    assert world.value("select nickname from account") == "example.com"


def test_a_write_says_how_many_rows_it_changed(world: World) -> None:
    counts: list[int] = []
    sql = "update address set position = position + 1 where shared = ?"
    watched(world, lambda tx: counts.extend([tx.run(sql, 0), tx.run(sql, 7)]))
    assert counts == [2, 0]


@pytest.mark.parametrize("returning", ["", " returning name, id", " returning name"])
def test_a_row_that_comes_or_goes_is_told(world: World, returning: str) -> None:
    columns = ", ".join(["owner", "name", *(name for name in _numbers(world, "package"))])
    marks = ", ".join("?" for _ in columns.split(", "))
    values = [1, "gold", *(5 for _ in columns.split(", ")[2:])]
    add = f"insert into package ({columns}) values ({marks}){returning}"
    come = told(world, lambda tx: tx.all(add, *values) if returning else tx.run(add, *values))
    assert ("package gold", "package_name", "", "gold") in come
    world.call("createPackage", {"package_name": "gold", "OPT_STORAGE": "5", "OPT_BANDWIDTH": "5"})
    gone = told(world, lambda tx: tx.value(f"delete from package where name = ?{returning}", "gold")
                if returning else tx.run("delete from package where name = ?", "gold"))  # fmt: skip
    assert ("package gold", "package_name", "gold", "") in gone
    assert world.value("select count(*) from package") == 1


def _numbers(world: World, table: str) -> list[str]:
    silent = {"id", "owner", "name", "package_name"}
    return [sql for sql in TOLD[table].members.values() if sql not in silent]


def test_what_is_as_it_was_in_the_end_is_no_change(world: World) -> None:
    world.open()

    def there_and_back(tx: Tx) -> None:
        for nickname in ("N", "example.com"):
            tx.run("update account set nickname = ?", nickname)
        tx.run("delete from zone where id = 99")

    assert watched(world, there_and_back) == ()


def test_a_row_that_was_added_and_removed_is_no_change(world: World) -> None:
    def both(tx: Tx) -> None:
        tx.run("insert into address (address, version, shared, position) values ('192.0.2.77', 4, 1, 9)")
        tx.run("delete from address where address = '192.0.2.77'")

    assert watched(world, both) == ()


def test_an_insert_that_changes_what_is_there_is_told_as_a_change(world: World) -> None:
    world.open()
    world.call("suspendSiteWorxAccount", {"domain": "example.com", "message": "a"})
    sql = (
        "insert into suspension (account_id, reason, message, by_master, since) values (?, ?, ?, 1, 0)"
        " on conflict (account_id, reason) do update set message = excluded.message"
    )
    found = told(world, lambda tx: tx.run_many(sql, [(1, "billing", "b"), (1, "abuse", "c")]))
    assert ("suspension billing of example.com", "message", "a", "b") in found
    assert ("suspension abuse of example.com", "reason", "", "abuse") in found


def test_an_update_that_looks_at_other_tables_is_known(world: World) -> None:
    by = world.reseller()
    world.open(by=by)
    found = told(world, lambda tx: tx.run(
        "update reseller set given_storage = given_storage + a.opt_storage from account a"
        " where a.id = ? and reseller.user_id = a.owner", 1
    ))  # fmt: skip
    assert found == [("reseller reseller@example.com", "given_storage", "10", "20")]


def test_what_goes_with_a_row_is_told(world: World) -> None:
    world.open()
    found = told(world, lambda tx: tx.run("delete from zone where account_id = 1"))
    records = {(about, before) for about, member, before, after in found if member == "value" and not after}
    assert ("record www.example.com A", "192.0.2.1") in records
    assert len(records) == world.value("select count(*) from record")


def test_a_password_that_changes_is_told_to_change(world: World) -> None:
    world.call("createReseller", selling())
    found = told(world, lambda tx: tx.run("update nodeworx_user set argon2 = 'x', crypt = 'y' where id = 2"))
    assert found == [("user reseller@example.com", "password", "", "(changed)")]


def test_a_session_that_is_over_is_nobody_s_news(world: World) -> None:
    sql = (
        "insert into session (token_mac, kind, user_id, address, created, seen, expires)"
        " values (?, 'page', 1, '', 0, 0, ?)"
    )
    world.panel.database.change(lambda tx: tx.run_many(sql, [("a", START), ("b", START + 1)]))
    found = told(world, lambda tx: tx.run("delete from session"))
    assert found == [("session admin@example.com", "kind", "page", "")]


@pytest.mark.parametrize(
    "sql",
    [
        "create table x (id integer)", "pragma foreign_keys", "with x as (select 1) delete from session",
    ],
)  # fmt: skip
def test_a_statement_that_it_does_not_understand_is_a_bug(world: World, sql: str) -> None:
    with pytest.raises(ValueError, match="watched"):
        watched(world, lambda tx: tx.all(sql))
    with pytest.raises(ValueError, match="watched"):
        watched(world, lambda tx: tx.run(sql))


def test_a_write_answers_what_was_asked_for_and_no_more(world: World) -> None:
    def write(tx: Tx) -> Any:
        row = tx.one("update nodeworx_user set nickname = 'N' where id = 1 returning email, nickname")
        assert row is not None
        return [*row], len(row), row["nickname"], row[0]

    found: list[Any] = []
    watched(world, lambda tx: found.append(write(tx)))
    assert found == [(["admin@example.com", "N"], 2, "N", "admin@example.com")]


def test_reads_see_what_was_written(world: World) -> None:
    found: list[Any] = []

    def work(tx: Tx) -> None:
        tx.run("update nodeworx_user set nickname = 'N' where id = 1")
        found.append(tx.value("select nickname from nodeworx_user where id = ?", 1))
        row = tx.one("select nickname from nodeworx_user where id = ?", 99)
        found.append(row)

    watched(world, work)
    assert found == ["N", None]
