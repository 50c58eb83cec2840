"""A closed account comes back as it was, under its names or others, or it is said why not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.core.server import DAY
from iwapi.errors import (
    AccountNotFound,
    DomainTaken,
    InvalidInput,
    LimitReached,
    NoFreeAddress,
    Pending,
    ServerFull,
    UnixNameTaken,
)
from iwapi.provision.recording import Recording
from iwapi.store import shares
from tests.helpers import DEDICATED, SHARED, World, config, open_world, opening, selling

pytestmark = pytest.mark.both_databases
ROOM = {f"OPT_{name}": "9" for name in ("SUBDOMAINS", "POINTER_DOMAINS", "SLAVE_DOMAINS")}
SUB, SLAVE, POINTER = (f"/siteworx/domains/{name}/add" for name in ("sub", "slave", "pointer"))


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def close(world: World, domain: str = "a.test", **more: Any) -> Any:
    return world.call("deleteSiteWorxAccount", {"domain": domain}, **more)


def restore(world: World, domain: str = "a.test", **raw: Any) -> Any:
    return world.call("restoreSiteWorxAccount", {"domain": domain, **raw})


def within(domain: str) -> Credentials:
    return Credentials(local="tester", domain=domain)


def add(world: World, action: str, inside: str = "a.test", /, **raw: str) -> None:
    world.call(action, raw, within(inside))


def furnished(world: World, domain: str = "a.test", **raw: Any) -> Any:
    """An account with everything that comes back."""
    account = world.open(domain, uniqname="aaaa", external_id="order-1", **ROOM, **raw)
    add(world, SUB, domain, prefix="blog")
    add(world, SLAVE, domain, domain="second.test")
    add(world, POINTER, domain, domain="old.test", points_to=domain, redir_type="redirect_301")
    add(world, POINTER, domain, domain="older.test", points_to="second.test", redir_type="server_alias")
    return account


def kept(world: World, account_id: int) -> dict[str, list[Any]]:
    """All that is kept of an account, but what counts its changes."""
    rows = world.rows(
        "select owner, uniqname, domain, reversed, email, nickname, package_id, ipv4, ipv6, argon2, state,"
        " reasons, inactive_msg, created, external_id, opt_storage, opt_subdomains from account where id = ?",
        account_id,
    )
    found = {
        table: world.rows(f"select {columns} from {table} where account_id = ? order by 1, 2", account_id)
        for table, columns in (
            ("domain", "name, kind, reversed, folder, redir_type, points_to, living"),
            ("zone", "name, place, living"), ("site_user", "email, perms"), ("suspension", "reason, message"),
        )
    }  # fmt: skip
    found["record"] = world.rows(
        "select z.name, r.host, r.type, r.value, r.place, r.ttl, r.priority from record r"
        " join zone z on z.id = r.zone_id where z.account_id = ? order by 1, 2, 3, 4",
        account_id,
    )
    return {"account": rows, **found}


def sound(world: World) -> None:
    """What is counted is what is there."""
    assert world.rows("select id, accounts from nodeworx_user order by id") == world.rows(
        "select u.id, count(a.id) from nodeworx_user u left join account a on a.owner = u.id"
        " and a.state in ('active', 'inactive') group by u.id order by u.id"
    )
    with world.panel.database.snapshot() as tx:
        assert shares.adrift(tx) == ()
    living = world.rows(
        "select a.id from account a join domain d on d.account_id = a.id join zone z on z.account_id = a.id"
        " where (a.state in ('active', 'inactive')) <> (d.living = 1 and z.living = 1)"
    )
    assert living == []


@pytest.mark.parametrize("suspended", [False, True])
def test_all_comes_back_as_it_was(world: World, driver: Recording, suspended: bool) -> None:
    account = furnished(world)
    if suspended:
        world.call("suspendSiteWorxAccount", {"domain": "a.test", "message": "unpaid"})
    before, told = kept(world, account.siteworx_id), world.call("getSiteWorxAccount", {"domain": "a.test"})
    close(world)
    assert kept(world, account.siteworx_id) != before
    world.clock.forward(6 * DAY)
    back = restore(world)
    assert kept(world, account.siteworx_id) == before
    same = ("siteworx_id", "status", "remaining_reasons", "inactive_msg", "external_id", "date_created")
    assert [getattr(back, name) for name in same] == [getattr(told, name) for name in same]
    assert back.version > told.version
    assert driver.has[account.siteworx_id].state == ("inactive" if suspended else "active")
    assert world.rows("select name from resting_name") == []
    assert world.call("listClosedSiteWorxAccounts").accounts == ()
    sound(world)
    world.clock.forward(30 * DAY)
    world.sweep()
    assert world.call("getSiteWorxAccount", {"domain": "a.test"}).status == back.status


def test_a_repeat_answers_the_same_and_changes_nothing(world: World, driver: Recording) -> None:
    account = furnished(world)
    close(world)
    by_id = {"siteworx_id": str(account.siteworx_id)}
    first = restore(world)
    before = kept(world, account.siteworx_id), len(driver.asked)
    for raw in ({"domain": "a.test"}, by_id, {"domain": "a.test", "uniqname": "aaaa"},
                {"domain": "a.test", "master_domain": "a.test"}):  # fmt: skip
        assert world.call("restoreSiteWorxAccount", raw) == first
    assert (kept(world, account.siteworx_id), len(driver.asked)) == before
    for raw in ({**by_id, "master_domain": "b.test"}, {"domain": "a.test", "uniqname": "bbbb"}):
        assert type(world.refused("restoreSiteWorxAccount", raw)) is AccountNotFound


def test_one_that_was_never_closed_is_not_taken_for_a_repeat(world: World) -> None:
    account = world.open("a.test")
    for raw in ({"domain": "a.test"}, {"siteworx_id": str(account.siteworx_id)}):
        assert type(world.refused("restoreSiteWorxAccount", raw)) is AccountNotFound


def test_it_comes_back_under_another_name_beside_the_new_one(world: World) -> None:
    old = furnished(world)
    close(world)
    new = world.open("a.test", uniqname="aaaa", external_id="order-1")
    before = kept(world, new.siteworx_id)
    error = world.refused("restoreSiteWorxAccount", {"domain": "a.test"})
    assert type(error) is InvalidInput
    # The subdomain would stand below the new account's domain, which is the same owner's: that may be.
    assert [(one.field, one.value, one.code) for one in error.problems] == [
        ("master_domain", "a.test", DomainTaken.code), ("uniqname", "aaaa", UnixNameTaken.code),
    ]  # fmt: skip
    back = restore(world, master_domain="back.example", uniqname="bbbb")
    assert (back.siteworx_id, back.master_domain, back.uniqname) == (old.siteworx_id, "back.example", "bbbb")
    assert (back.nickname, back.external_id) == ("back.example", None)  # the new one has the external id
    assert kept(world, new.siteworx_id) == before
    rows = kept(world, old.siteworx_id)
    assert [(row[0], row[3], row[5], row[6]) for row in rows["domain"]] == [
        ("blog.back.example", "back.example/html/blog", None, 1),
        ("old.test", "", "back.example", 1), ("older.test", "", "second.test", 1),
        ("second.test", "second.test/html", None, 1),
    ]  # fmt: skip
    assert {row[0] for row in rows["zone"]} == {"back.example", "old.test", "older.test", "second.test"}
    assert ("back.example", "back.example", "MX", "mail.back.example", "example back", None, 10) in rows[
        "record"
    ]
    hosts = {row[1] for row in rows["record"] if row[0] == "back.example"}
    assert hosts == {f"{label}back.example" for label in ("", "www.", "mail.", "ftp.", "blog.", "www.blog.")}
    assert not any("a.test" in str(row) for row in rows["record"])
    sound(world)
    assert restore(world, master_domain="back.example", uniqname="bbbb") == back
    close(world, "back.example")
    assert restore(world, "back.example").siteworx_id == old.siteworx_id


def test_records_follow_the_main_domain_and_others_stay(world: World) -> None:
    world.open("a.test", uniqname="aaaa")
    dns = "/siteworx/dns/"
    for name, raw in (
        ("addCNAME", {"host": "shop", "alias": "www.a.test"}),
        ("addCNAME", {"host": "x", "alias": "xa.test"}),
        ("addMX", {"mail_server": "mx.elsewhere.test", "preference": "1"}),
        ("addSRV", {"service": "xmpp", "protocol": "tcp", "priority": "1", "weight": "2", "port": "3",
                    "target": "im.a.test"}),
        ("addTXT", {"text": "a.test is mine"}),
    ):  # fmt: skip
        zone = str(world.value("select id from zone where name = 'a.test'"))
        world.call(dns + name, {"zone_id": zone, **raw}, within("a.test"))
    close(world)
    restore(world, master_domain="www.longer.example")
    found = {(host, kind): value for _, host, kind, value, *_ in kept(world, 1)["record"] if kind != "A"}
    assert found["shop.longer.example", "CNAME"] == "www.longer.example"
    assert found["x.longer.example", "CNAME"] == "xa.test"
    assert found["_xmpp._tcp.longer.example", "SRV"] == "2 3 im.longer.example"
    values = {row[3] for row in kept(world, 1)["record"]}
    assert {"mx.elsewhere.test", "mail.longer.example", "a.test is mine"} <= values


def test_further_names_that_were_taken_meanwhile_are_all_named(world: World) -> None:
    furnished(world)
    close(world)
    other = world.open("other.test", **ROOM)
    add(world, SLAVE, "other.test", domain="second.test")
    add(world, POINTER, "other.test", domain="old.test", points_to="other.test", redir_type="redirect_301")
    before = kept(world, 1), kept(world, other.siteworx_id)
    error = world.refused("restoreSiteWorxAccount", {"domain": "a.test"})
    assert type(error) is DomainTaken
    assert [(one.field, one.value) for one in error.problems] == [
        ("master_domain", "old.test"), ("master_domain", "second.test"),
    ]  # fmt: skip
    assert (kept(world, 1), kept(world, other.siteworx_id)) == before
    for name, kind in (("old.test", "pointer"), ("second.test", "slave")):
        world.call(f"/siteworx/domains/{kind}/delete", {"domain": [name]}, within("other.test"))
    restore(world)
    sound(world)


def test_a_main_domain_that_is_in_the_way_of_its_own_names_is_refused(world: World) -> None:
    world.open("a.test", uniqname="aaaa", **ROOM)
    add(world, SUB, prefix="blog")
    add(world, SLAVE, domain="second.test")
    add(world, SLAVE, domain="blog.new.test")
    close(world)
    for wanted, value in (("second.test", "second.test"), ("new.test", "blog.new.test")):
        error = world.refused("restoreSiteWorxAccount", {"domain": "a.test", "master_domain": wanted})
        assert type(error) is DomainTaken
        assert {one.value for one in error.problems} == {value}
    restore(world, master_domain="blog.a.test")  # its own former subdomain
    assert {row[0] for row in kept(world, 1)["domain"]} == {
        "blog.blog.a.test",
        "second.test",
        "blog.new.test",
    }


def test_with_a_longer_domain_names_may_become_too_long(world: World) -> None:
    world.open("a.test", uniqname="aaaa")
    zone = str(world.value("select id from zone where name = 'a.test'"))
    host = ".".join(["x" * 60] * 4)
    world.call("/siteworx/dns/addTXT", {"zone_id": zone, "host": host, "text": "x"}, within("a.test"))
    close(world)
    error = world.refused("restoreSiteWorxAccount", {"domain": "a.test", "master_domain": "much-longer.test"})
    assert [one.field for one in error.problems] == ["master_domain"]
    assert "too long" in error.message
    restore(world)


@pytest.mark.parametrize("taken", [False, True])
def test_a_dedicated_address_is_had_again_or_another_and_records_follow(world: World, taken: bool) -> None:
    world.open("a.test", uniqname="aaaa", master_domain_ipv4=DEDICATED[0])
    close(world)
    if taken:
        world.open("b.test", master_domain_ipv4=DEDICATED[0])
    address = SHARED if taken else DEDICATED[0]
    assert restore(world).master_domain_ipv4 == address
    assert {row[3] for row in kept(world, 1)["record"] if row[2] == "A"} == {address}


def test_without_any_address_it_stays_closed(world: World) -> None:
    world.open("a.test")
    close(world)
    world.panel.database.change(lambda tx: tx.run("delete from address where version = 4"))
    assert type(world.refused("restoreSiteWorxAccount", {"domain": "a.test"})) is NoFreeAddress
    sound(world)


def test_a_full_server_and_a_full_reseller_take_none_back(state: Path, driver: Recording) -> None:
    world = open_world(state, [driver], config(max_accounts=2))
    made = world.call("createReseller", selling(RSL_OPT_SITEWORX_ACCOUNTS="1"))
    apikey = world.call("generateApiKey", {"nodeworx_id": str(made.reseller_id)}).apikey
    by = Credentials(apikey=apikey, address="192.0.2.9")
    world.open("a.test", by=by)
    world.call("deleteSiteWorxAccount", {"domain": "a.test"}, by)
    world.open("b.test", by=by)
    error = world.refused("restoreSiteWorxAccount", {"domain": "a.test"}, by)
    assert type(error) is LimitReached
    assert {one.field for one in error.problems} == {
        "RSL_OPT_SITEWORX_ACCOUNTS", "OPT_STORAGE", "OPT_BANDWIDTH"
    }  # fmt: skip
    assert (
        type(world.refused("restoreSiteWorxAccount", {"domain": "a.test"})) is LimitReached
    )  # nor the master
    world.call("deleteSiteWorxAccount", {"domain": "b.test"}, by)
    for name in ("c.test", "d.test"):
        world.open(name)
    assert type(world.refused("restoreSiteWorxAccount", {"domain": "a.test"}, by)) is ServerFull
    world.call("deleteSiteWorxAccount", {"domain": "d.test"})
    assert world.call("restoreSiteWorxAccount", {"domain": "a.test"}, by).nodeworx_id == made.reseller_id
    sound(world)
    world.panel.close()


def test_another_owner_s_closed_account_looks_like_none(world: World) -> None:
    reseller = world.reseller()
    mine = world.open("mine.test", by=reseller)
    theirs = world.open("theirs.test")
    world.call("deleteSiteWorxAccount", {"domain": "mine.test"}, reseller)
    close(world, "theirs.test")
    calls = ("restoreSiteWorxAccount", "purgeSiteWorxAccount")
    for name in calls:
        for there, none in (({"domain": "theirs.test"}, {"domain": "nowhere.test"}),
                            ({"siteworx_id": str(theirs.siteworx_id)}, {"siteworx_id": "999"})):  # fmt: skip
            errors = [world.refused(name, raw, reseller) for raw in (there, none)]
            assert type(errors[0]) is AccountNotFound
            (one,), (other,) = there.values(), none.values()
            assert errors[0].message.replace(one, other) == errors[1].message
    listed = world.call("listClosedSiteWorxAccounts", by=reseller).accounts
    assert [row.siteworx_id for row in listed] == [mine.siteworx_id]
    assert len(world.call("listClosedSiteWorxAccounts").accounts) == 2
    back = world.call("restoreSiteWorxAccount", {"domain": "mine.test"})  # the master, who reaches all
    assert back.nodeworx_id == mine.nodeworx_id


def test_an_owner_finds_its_own_though_another_closed_one_of_that_domain_later(world: World) -> None:
    reseller = world.reseller()
    first = world.open("a.test", uniqname="aaaa", by=reseller)
    world.call("deleteSiteWorxAccount", {"domain": "a.test"}, reseller)
    world.call("holdSiteWorxAccount", {"domain": "a.test"})
    world.clock.forward(31 * DAY)
    world.open("a.test", uniqname="aaaa")
    close(world)
    assert type(world.refused("restoreSiteWorxAccount", {"domain": "a.test"}, reseller)) is InvalidInput
    raw = {
        "domain": "a.test",
        "master_domain": "b.test",
        "uniqname": "bbbb",
    }  # the old ones rest for the other
    assert world.call("restoreSiteWorxAccount", raw, reseller).siteworx_id == first.siteworx_id


def test_what_was_a_deleted_reseller_s_comes_back_as_the_master_s(world: World) -> None:
    reseller = world.reseller()
    account = world.open("a.test", by=reseller)
    world.call("deleteSiteWorxAccount", {"domain": "a.test"}, reseller)
    world.call("deleteReseller", {"reseller_id": str(account.nodeworx_id)})
    assert restore(world).nodeworx_id == 1
    sound(world)


def test_of_a_suspended_reseller_it_comes_back_suspended(world: World) -> None:
    reseller = world.reseller()
    account = world.open("a.test", by=reseller)
    world.call("deleteSiteWorxAccount", {"domain": "a.test"}, reseller)
    which = {"reseller_id": str(account.nodeworx_id)}
    world.call("editReseller", {**which, "status": "inactive"})
    back = restore(world)
    assert (back.status, back.remaining_reasons) == ("inactive", ("reseller",))
    close(world)
    world.call("editReseller", {**which, "status": "active"})
    back = restore(world)
    assert (back.status, back.remaining_reasons) == ("active", ())


def test_until_services_let_go_of_it_nothing_comes_back(world: World, driver: Recording) -> None:
    world.open("a.test", uniqname="aaaa")
    driver.fail(1)
    assert type(world.refused("deleteSiteWorxAccount", {"domain": "a.test"})) is Pending
    assert type(world.refused("restoreSiteWorxAccount", {"domain": "a.test"})) is Pending
    world.clock.forward(60)
    world.sweep()
    restore(world)


def test_a_restoration_that_fails_goes_on_and_is_never_undone(world: World, driver: Recording) -> None:
    world.open("a.test", uniqname="aaaa")
    close(world)
    driver.fail(2)
    assert type(world.refused("restoreSiteWorxAccount", {"domain": "a.test"})) is Pending
    assert world.value("select state from account") == "active"
    world.clock.forward(60)
    world.sweep()
    world.clock.forward(60)
    world.sweep()
    assert driver.has[1].state == "active"
    assert restore(world).master_domain == "a.test"
    sound(world)


def test_sessions_and_scheduled_changes_end_with_the_account(world: World) -> None:
    world.open("a.test", uniqname="aaaa")
    world.call("suspendSiteWorxAccount", {"domain": "a.test", "at": "2027-01-16T08:00:00Z"})
    world.panel.database.change(
        lambda tx: tx.run(
            "insert into session (token_mac, kind, user_id, account_id, address, created, seen, expires)"
            " values ('x', 'api', 1, 1, '', 0, 0, 2000000000)"
        )
    )
    close(world)
    assert world.rows("select 1 from session") == []
    assert world.rows("select outcome from job where due is not null") == [("cancelled",)]
    restore(world)
    world.clock.forward(2 * DAY)
    world.sweep()
    assert world.call("getSiteWorxAccount", {"domain": "a.test"}).status == "active"


@pytest.mark.parametrize("raw", [{}, {"domain": "a.test", "siteworx_id": "1"}, {"siteworx_id": "x"}])
def test_a_closed_account_is_named_in_one_way(world: World, raw: dict[str, str]) -> None:
    world.open("a.test")
    close(world)
    for name in ("restoreSiteWorxAccount", "holdSiteWorxAccount", "purgeSiteWorxAccount"):
        assert type(world.refused(name, raw)) is InvalidInput
    assert world.value("select state from account") == "parked"


def test_a_create_after_a_restoration_is_no_repeat_of_one_before(world: World) -> None:
    first = world.open("a.test", uniqname="aaaa")
    close(world)
    restore(world, master_domain="b.test", uniqname="bbbb")
    second = world.call("createSiteWorxAccount", opening("a.test", uniqname="aaaa"))
    assert second.siteworx_id > first.siteworx_id


def test_a_dry_run_tells_what_a_restoration_would_do_and_does_nothing(world: World) -> None:
    furnished(world)
    close(world)
    raw = {"domain": "a.test", "master_domain": "b.test", "uniqname": "bbbb"}
    before = kept(world, 1)
    error = world.refused("restoreSiteWorxAccount", raw, options={"dry_run": "1"})
    assert error.code == "DRY_RUN"
    told = {(one.member, one.before, one.after) for one in error.changes if one.member != "version"}
    assert {("master_domain", "a.test", "b.test"), ("status", "closed", "active")} <= told
    assert kept(world, 1) == before
    world.call("restoreSiteWorxAccount", raw)
    close(world, "b.test")
    for name in ("holdSiteWorxAccount", "purgeSiteWorxAccount"):
        error = world.refused(name, {"siteworx_id": "1"}, options={"dry_run": "1"})
        assert error.code == "DRY_RUN"
        assert len(world.call("listClosedSiteWorxAccounts").accounts) == 1


def test_a_restore_by_domain_means_the_one_that_was_closed_last_though_one_before_it_was_restored(
    world: World,
) -> None:
    first = world.open("a.test")
    close(world)
    assert restore(world, master_domain="b.test").siteworx_id == first.siteworx_id
    second = world.open("a.test")
    close(world)
    error = world.refused("restoreSiteWorxAccount", {"domain": "a.test", "master_domain": "b.test"})
    assert error.code == "DOMAIN_TAKEN"
    back = restore(world, master_domain="c.test")
    assert (back.siteworx_id, back.master_domain) == (second.siteworx_id, "c.test")
    assert restore(world, master_domain="c.test") == back  # a repeat answers the same


def test_a_repeat_is_one_though_another_was_closed_with_that_domain_before(world: World) -> None:
    world.open("a.test")
    close(world)
    world.clock.forward(1)
    second = world.open("a.test")
    close(world)
    back = restore(world)
    assert back.siteworx_id == second.siteworx_id
    assert restore(world) == back


TAKEN = "It was closed while the master administrator had it suspended; it can be restored"


def test_a_domain_that_the_master_suspended_is_not_served_by_closing_its_account(world: World) -> None:
    reseller = world.reseller()
    mine = world.open("a.test", by=reseller)
    world.open("other.test", by=reseller, **ROOM)
    world.call("suspendSiteWorxAccount", {"domain": "a.test", "reason": "abuse"})
    close(world, by=reseller)
    within_other = Credentials(apikey=reseller.apikey, domain="other.test", address=reseller.address)
    described = {"external_id": "order-2", **opening("a.test")}
    for error in (
        world.refused("createSiteWorxAccount", opening("a.test"), reseller),
        world.refused("ensureSiteWorxAccount", described, reseller),
        world.refused(SLAVE, {"domain": "a.test"}, within_other),
        world.refused(POINTER, {"domain": "a.test", "points_to": "other.test"}, within_other),
    ):
        assert (error.code, error.problems[0].problem) == ("DOMAIN_TAKEN", TAKEN)
    close(world, "other.test", by=reseller)
    raw = {"domain": "other.test", "master_domain": "a.test"}
    error = world.refused("restoreSiteWorxAccount", raw, reseller)
    assert error.code == "DOMAIN_TAKEN"
    back = world.call("restoreSiteWorxAccount", {"domain": "a.test"}, reseller)
    assert (back.siteworx_id, back.remaining_reasons) == (mine.siteworx_id, ("abuse",))


def test_one_that_its_reseller_suspended_is_opened_anew(world: World) -> None:
    reseller = world.reseller()
    account = world.open("a.test", by=reseller)
    world.call("suspendSiteWorxAccount", {"domain": "a.test"}, reseller)
    which = {"reseller_id": str(account.nodeworx_id)}
    world.call("suspendReseller", which)
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    world.call("unsuspendReseller", which)
    assert world.open("a.test", by=reseller).status == "active"


def test_the_master_opens_its_own_domain_whatever_it_suspended_before(world: World) -> None:
    world.open("a.test")
    world.call("suspendSiteWorxAccount", {"domain": "a.test", "reason": "abuse"})
    close(world)
    assert world.open("a.test").status == "active"
