"""Closed accounts while their data is kept: listed, held, removed once and whole."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from iwapi.core.server import DAY
from iwapi.errors import AccountNotFound, GuardFailed, InvalidInput, NotPermitted, Pending
from iwapi.processes import process_of
from iwapi.provision.recording import Recording
from iwapi.store import closing
from tests.helpers import World, open_world, opening

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def close(world: World, domain: str = "a.test", **more: Any) -> Any:
    return world.call("deleteSiteWorxAccount", {"domain": domain}, **more)


def closed(world: World, **raw: str) -> list[Any]:
    return list(world.call("listClosedSiteWorxAccounts", raw).accounts)


def test_closed_accounts_are_listed_a_page_at_a_time(world: World) -> None:
    for name in "abcde":
        world.open(f"{name}.test", uniqname=name * 4, external_id=f"order-{name}")
    for name in "ecbd":
        world.clock.forward(10)
        close(world, f"{name}.test")
    world.call("holdSiteWorxAccount", {"domain": "c.test"})
    rows = closed(world)
    assert [(row.master_domain, row.uniqname, row.external_id, row.hold) for row in rows] == [
        (f"{name}.test", name * 4, f"order-{name}", name == "c") for name in "bcde"
    ]  # fmt: skip
    assert [row.date_closed.timestamp() - world.clock.now for row in rows] == [-10, -20, 0, -30]
    assert {row.purged_after - row.date_closed for row in rows} == {
        rows[0].purged_after - rows[0].date_closed
    }
    assert closed(world, limit="3") == rows[:3]
    page = world.call("listClosedSiteWorxAccounts", {"limit": "3"})
    assert closed(world, after=page.next) == rows[3:]
    assert world.call("listClosedSiteWorxAccounts", {"after": page.next}).next is None


def test_every_look_at_closed_accounts_goes_by_an_index(world: World) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []

    class Watching:
        def one(self, sql: str, *values: object) -> None:
            asked.append((sql, values))

        def all(self, sql: str, *values: object) -> list[Any]:
            asked.append((sql, values))
            return []

    tx: Any = Watching()
    for master in (True, False):
        accounts = closing.ClosedAccounts(tx, 1, master)
        accounts.page(0, 10)
        for account_id, domain in ((1, None), (None, "a.test")):
            accounts.restored(account_id, domain)
            accounts.leaving(account_id, domain)
    closing.due(tx, 0, 10)
    for sql, values in asked:
        told = world.plan(sql, *values)
        assert "SEARCH" in told or "USING INDEX" in told, (sql, told)
        assert "SCAN account" not in told.replace("SCAN a USING INDEX account_parked_id", ""), (sql, told)


def test_data_on_hold_stays_until_the_hold_is_lifted(world: World, driver: Recording) -> None:
    for name in "ab":
        world.open(f"{name}.test")
        close(world, f"{name}.test")
    held = world.call("holdSiteWorxAccount", {"domain": "a.test"})
    assert (held.hold, held.master_domain) == (True, "a.test")
    assert world.call("holdSiteWorxAccount", {"domain": "a.test", "hold": "1"}) == held
    world.clock.forward(100 * DAY)
    world.sweep()
    assert [row.master_domain for row in closed(world)] == ["a.test"]
    assert driver.has.keys() == {1}
    assert not world.call("holdSiteWorxAccount", {"domain": "a.test", "hold": "0"}).hold
    world.sweep()
    assert (closed(world), driver.has) == ([], {})


def test_a_hold_that_is_lifted_in_time_leaves_the_grace_time_as_it_was(world: World) -> None:
    world.open("a.test")
    until = close(world).purged_after
    world.call("holdSiteWorxAccount", {"domain": "a.test"})
    world.clock.forward(DAY)
    assert world.call("holdSiteWorxAccount", {"domain": "a.test", "hold": "0"}).purged_after == until
    world.clock.forward(6 * DAY - 1)
    world.sweep()
    assert len(closed(world)) == 1
    world.clock.forward(1)
    world.sweep()
    assert closed(world) == []


def test_a_restored_account_has_no_hold(world: World) -> None:
    world.open("a.test")
    close(world)
    world.call("holdSiteWorxAccount", {"domain": "a.test"})
    world.call("restoreSiteWorxAccount", {"domain": "a.test"})
    assert not close(world).hold


def test_a_purge_removes_one_closed_account_and_is_a_job(world: World, driver: Recording) -> None:
    for name in "ab":
        world.open(f"{name}.test")
        close(world, f"{name}.test")
    gone = world.call("purgeSiteWorxAccount", {"siteworx_id": "1"})
    assert (gone.siteworx_id, gone.purged_after.timestamp()) == (1, world.clock.now)
    assert driver.has.keys() == {2}
    assert [row.siteworx_id for row in closed(world)] == [2]
    jobs = world.rows("select action, outcome from job where account_id = 1 order by id desc")
    assert jobs[0] == ("purgeSiteWorxAccount", "done")
    for name in ("purgeSiteWorxAccount", "restoreSiteWorxAccount"):
        assert type(world.refused(name, {"siteworx_id": "1"})) is AccountNotFound
    assert world.rows("select name from resting_name where name = 'a.test'") == [("a.test",)]


def test_a_purge_at_its_time_is_a_job_too(world: World) -> None:
    world.open("a.test")
    close(world)
    world.clock.forward(7 * DAY)
    world.sweep()
    jobs = world.rows("select action, outcome, about, owner from job order by id desc")
    assert jobs[0] == ("purge", "done", "a.test", 1)
    for table in ("account", "zone", "record", "domain", "applied", "storage", "traffic", "suspension"):
        assert world.rows(f"select 1 from {table}") == [], table


def test_a_purge_that_fails_goes_on_and_a_repeat_waits_for_it(world: World, driver: Recording) -> None:
    world.open("a.test")
    close(world)
    driver.fail(1)
    assert type(world.refused("purgeSiteWorxAccount", {"domain": "a.test"})) is Pending
    assert type(world.refused("restoreSiteWorxAccount", {"domain": "a.test"})) is AccountNotFound
    assert closed(world) == []
    outcome = world.outcome("purgeSiteWorxAccount", {"domain": "a.test"})  # it joins the job
    assert outcome.error is None or type(outcome.error) is Pending
    world.clock.forward(60)
    world.sweep()
    assert driver.has == {}
    assert world.rows("select 1 from account") == []


def test_an_account_on_hold_is_not_purged_by_hand(world: World) -> None:
    world.open("a.test")
    close(world)
    world.call("holdSiteWorxAccount", {"domain": "a.test"})
    error = world.refused("purgeSiteWorxAccount", {"domain": "a.test"})
    assert type(error) is InvalidInput
    assert "on hold" in error.message
    assert len(closed(world)) == 1


@pytest.mark.parametrize("name", ["holdSiteWorxAccount", "purgeSiteWorxAccount"])
def test_a_call_that_expects_another_account_does_nothing(world: World, name: str) -> None:
    world.open("a.test")
    version = close(world).version
    for raw in ({"expect_domain": "b.test"}, {"expect_version": str(version - 1)}):
        error = world.refused(name, {"siteworx_id": "1", **raw})
        assert type(error) is GuardFailed
        assert [one.field for one in error.problems] == list(raw)
    assert [row.hold for row in closed(world)] == [False]
    world.call(name, {"siteworx_id": "1", "expect_domain": "a.test", "expect_version": str(version)})


def test_a_delete_that_expects_another_account_does_nothing(world: World) -> None:
    version = world.open("a.test").version
    for raw in ({"expect_domain": "b.test"}, {"expect_version": str(version + 1)}):
        error = world.refused("deleteSiteWorxAccount", {"siteworx_id": "1", **raw})
        assert type(error) is GuardFailed
    assert closed(world) == []
    world.call("deleteSiteWorxAccount", {"siteworx_id": "1", "expect_version": str(version)})


def test_what_changed_since_it_was_due_is_not_purged(world: World) -> None:
    """Another process may have seen it before."""
    for name in "abcd":
        world.open(f"{name}.test")
        close(world, f"{name}.test")
    world.clock.forward(7 * DAY)
    now = int(world.clock())
    with world.panel.database.snapshot() as tx:
        due = closing.due(tx, now, 10)
    assert due == [1, 2, 3, 4]
    world.call("restoreSiteWorxAccount", {"siteworx_id": "1"})
    world.call("holdSiteWorxAccount", {"siteworx_id": "2"})
    world.call("purgeSiteWorxAccount", {"siteworx_id": "3"})
    change = world.panel.database.change
    assert [change(partial(closing.purge, account_id=one, now=now)) for one in [*due, 4]] == [
        False, False, False, True, False
    ]  # fmt: skip
    assert world.rows("select id, state from account order by id") == [
        (1, "active"), (2, "parked"), (4, "purged"),
    ]  # fmt: skip


def test_a_purge_that_a_crash_cut_short_is_finished_by_the_next_start(state: Path, driver: Recording) -> None:
    world = open_world(state, [driver])
    world.open("a.test")
    close(world)
    world.clock.forward(7 * DAY)
    world.panel.database.change(partial(closing.purge, account_id=1, now=int(world.clock())))
    world.panel.close()
    again = open_world(state, [driver], clock=world.clock)
    again.sweep()
    assert (again.rows("select 1 from account"), driver.has) == ([], {})
    assert again.rows("select outcome from job order by id desc limit 1") == [("done",)]
    again.panel.close()


def test_names_are_forgotten_when_their_rest_is_over(world: World) -> None:
    for name in "ab":
        world.open(f"{name}.test", uniqname=name * 4)
    close(world)
    world.clock.forward(15 * DAY)
    close(world, "b.test")
    world.clock.forward(15 * DAY)
    world.sweep()
    world.settle()
    assert world.rows("select kind, name from resting_name order by kind") == [
        ("domain", "b.test"), ("uniqname", "bbbb")
    ]  # fmt: skip


def tree(top: Path) -> dict[str, str]:
    return {
        str(path.relative_to(top)): "link"
        if path.is_symlink()
        else path.read_text()
        if path.is_file()
        else "/"
        for path in sorted(top.rglob("*"))
    }


def test_terminate_create_restore_and_purge_touch_their_own_files_alone(home: World) -> None:
    homes = home.panel.state / "homes"
    home.open("a.test", uniqname="aaaa")
    (homes / "aaaa/a.test/html/index.html").write_text("the old one")
    close(home)
    new = home.open("a.test", uniqname="aaaa")
    (homes / "aaaa/a.test/html/index.html").write_text("the new one")
    assert (homes / "accounts/1/a.test/html/index.html").read_text() == "the old one"

    home.call("restoreSiteWorxAccount", {"siteworx_id": "1", "master_domain": "b.test", "uniqname": "bbbb"})
    assert (homes / "bbbb/b.test/html/index.html").read_text() == "the old one"
    assert (homes / "aaaa/a.test/html/index.html").read_text() == "the new one"
    assert not (homes / "bbbb/a.test").exists()

    close(home, "b.test")
    assert not (homes / "bbbb").is_symlink()
    home.clock.forward(7 * DAY)
    before = tree(homes / "accounts" / str(new.siteworx_id))
    home.sweep()
    assert sorted(path.name for path in (homes / "accounts").iterdir()) == [str(new.siteworx_id)]
    assert tree(homes / "accounts" / str(new.siteworx_id)) == before
    assert (homes / "aaaa").resolve() == homes.resolve() / "accounts" / str(new.siteworx_id)


def test_a_suspended_account_comes_back_with_its_files_and_is_not_served(home: World) -> None:
    homes = home.panel.state / "homes"
    home.open("a.test", uniqname="aaaa")
    (homes / "aaaa/a.test/html/index.html").write_text("its own")
    home.call("suspendSiteWorxAccount", {"domain": "a.test"})
    close(home)
    assert not (homes / "aaaa").exists()
    assert home.call("restoreSiteWorxAccount", {"domain": "a.test"}).status == "inactive"
    assert (homes / "aaaa/a.test/html/index.html").read_text() == "its own"


def test_two_processes_purge_once(state: Path) -> None:
    one, other = Recording(), Recording()
    first = open_world(state, [one])
    second = open_world(state, [other], clock=first.clock)
    second.panel.engine.process = process_of(os.getppid())
    for name in "abc":
        first.open(f"{name}.test")
        close(first, f"{name}.test")
    first.clock.forward(7 * DAY)
    for world in (first, second):
        world.panel.engine.sweep()
    for world in (first, second):
        world.sweep()
    removed = [account for verb, account, _ in one.asked + other.asked if verb == "absent"]
    assert sorted(removed) == [1, 2, 3]
    assert first.value("select count(*) from job where action = 'purge' and outcome = 'done'") == 3
    assert first.rows("select 1 from account") == []
    for world in (first, second):
        world.panel.close()


def test_a_hold_is_the_master_s(world: World) -> None:
    reseller = world.reseller()
    world.open("a.test", by=reseller)
    close(world, by=reseller)
    world.call("holdSiteWorxAccount", {"domain": "a.test"})
    for hold in "10":
        error = world.refused("holdSiteWorxAccount", {"domain": "a.test", "hold": hold}, reseller)
        assert type(error) is NotPermitted
    assert "on hold" in world.refused("purgeSiteWorxAccount", {"domain": "a.test"}, reseller).message
    assert len(closed(world)) == 1


def test_the_data_of_what_the_master_suspended_is_not_purged_by_its_reseller(world: World) -> None:
    reseller = world.reseller()
    account = world.open("a.test", by=reseller)
    world.open("b.test", by=reseller)
    world.call("suspendSiteWorxAccount", {"domain": "a.test", "reason": "abuse"})
    world.call("suspendSiteWorxAccount", {"domain": "b.test", "reason": "abuse"}, reseller)
    which = {"reseller_id": str(account.nodeworx_id)}
    world.call("suspendReseller", which)
    for domain in ("a.test", "b.test"):
        close(world, domain)
    world.call("unsuspendReseller", which)
    error = world.refused("purgeSiteWorxAccount", {"domain": "a.test"}, reseller)
    assert type(error) is NotPermitted
    assert "the master administrator suspended" in error.message
    world.call("purgeSiteWorxAccount", {"domain": "b.test"}, reseller)
    world.call("purgeSiteWorxAccount", {"domain": "a.test"})
    assert closed(world) == []


def test_a_new_account_that_was_taken_back_has_no_data_to_purge(world: World, driver: Recording) -> None:
    driver.fail(9)
    world.refused("createSiteWorxAccount", opening("a.test"), options={"wait_seconds": "0"})
    job = str(world.value("select id from job"))
    world.refused("cancelJob", {"job": job}, options={"wait_seconds": "0"})
    assert world.rows("select state, closed from account") == [("purged", None)]
    for raw in ({"domain": "a.test"}, {"siteworx_id": "1"}):
        assert type(world.refused("purgeSiteWorxAccount", raw)) is AccountNotFound
