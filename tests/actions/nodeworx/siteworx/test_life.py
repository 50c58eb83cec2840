"""The life of an account: opened with everything or not at all, changed, suspended, closed, opened again."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.core import limits
from iwapi.core.server import DAY
from iwapi.errors import (
    REQUIRED,
    AccountNotFound,
    AddressNotFree,
    DomainTaken,
    InvalidInput,
    NoFreeAddress,
    PackageNotFound,
    Pending,
    ServerFull,
    UnixNameTaken,
)
from iwapi.kinds import UNLIMITED
from iwapi.provision.recording import Recording
from tests.helpers import DEDICATED, IPV6, PASSWORD, SHARED, World, config, open_world, opening


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


@pytest.fixture
def packages(world: World) -> None:
    world.call(
        "createPackage",
        {"package_name": "basic", "OPT_STORAGE": "100", "OPT_BANDWIDTH": "10", "OPT_SSL": "1"},
    )
    world.call(
        "createPackage", {"package_name": "pro", "OPT_STORAGE": "5000", "OPT_BANDWIDTH": str(UNLIMITED)}
    )


def counted(world: World) -> None:
    """The kept total of each user is what counting gives."""
    assert world.rows("select id, accounts from nodeworx_user order by id") == world.rows(
        "select u.id, count(a.id) from nodeworx_user u left join account a on a.owner = u.id"
        " and a.state in ('active', 'inactive') group by u.id order by u.id"
    )


def test_an_account_is_what_was_asked_and_what_the_server_chose(world: World) -> None:
    account = world.open(
        "Blog.test", uniqname="blogger", nickname="The blog", OPT_SSL="1", OPT_EMAIL_BOXES="3"
    )
    assert (account.master_domain, account.uniqname, account.nickname) == ("blog.test", "blogger", "The blog")
    assert (account.status, account.inactive_msg, account.email) == ("active", "", "me@example.com")
    assert (account.master_domain_ipv4, account.master_domain_ipv6) == (SHARED, IPV6)
    assert (account.package_name, account.package_id) == (None, None)
    granted = {name: value for name in limits.NAMES if (value := getattr(account, name))}
    assert granted == {"OPT_STORAGE": 10, "OPT_BANDWIDTH": 10, "OPT_SSL": True, "OPT_EMAIL_BOXES": 3}
    assert account.date_created.timestamp() == world.clock.now
    assert world.call("getSiteWorxAccount", {"domain": "www.blog.test"}) == account
    counted(world)


def test_a_package_gives_its_limits_and_options_beside_it_win(world: World, packages: None) -> None:
    account = world.call(
        "createSiteWorxAccount",
        {"master_domain": "a.test", "email": "a@b.test", "password": PASSWORD, "packagetemplate": "basic",
         "OPT_STORAGE": "7", "OPT_SSL": "0"},
    )  # fmt: skip
    assert (account.package_name, account.OPT_STORAGE, account.OPT_BANDWIDTH, account.OPT_SSL) == (
        "basic",
        7,
        10,
        False,
    )


def test_without_a_package_the_two_sizes_are_required(world: World) -> None:
    raw = opening()
    del raw["OPT_STORAGE"], raw["OPT_BANDWIDTH"]
    error = world.refused("createSiteWorxAccount", raw)
    assert isinstance(error, InvalidInput)
    assert [(p.field, p.problem) for p in error.problems] == [
        ("OPT_STORAGE", REQUIRED),
        ("OPT_BANDWIDTH", REQUIRED),
    ]


TAKEN = [
    ({"master_domain": "taken.test"}, DomainTaken, "master_domain", "Domain name already exists"),
    ({"master_domain": "WWW.Taken.test"}, DomainTaken, "master_domain", "Domain name already exists"),
    ({"uniqname": "taken"}, UnixNameTaken, "uniqname", "Unixname is already in use"),
    ({"packagetemplate": "gold"}, PackageNotFound, "packagetemplate", "This is not a valid option"),
    (
        {"master_domain_ipv4": DEDICATED[0]},
        AddressNotFree,
        "master_domain_ipv4",
        "This is not a valid option",
    ),
    (
        {"master_domain_ipv4": "203.0.113.9"},
        AddressNotFree,
        "master_domain_ipv4",
        "This is not a valid option",
    ),
    (
        {"master_domain_ipv6": "2001:db8::99"},
        AddressNotFree,
        "master_domain_ipv6",
        "This is not a valid option",
    ),
]


@pytest.mark.parametrize(("raw", "error", "field", "problem"), TAKEN)
def test_what_cannot_be_had_has_its_own_code_and_nothing_is_stored(
    world: World, raw: dict[str, str], error: type[Exception], field: str, problem: str
) -> None:
    world.open("taken.test", uniqname="taken", master_domain_ipv4=DEDICATED[0])
    before = world.rows("select * from account")
    refusal = world.refused(
        "createSiteWorxAccount", opening(**raw) if "master_domain" in raw else opening("new.test", **raw)
    )
    assert type(refusal) is error
    assert [(p.field, p.problem) for p in refusal.problems] == [(field, problem)]
    assert world.rows("select * from account") == before
    assert world.rows("select * from job where finished is null") == []
    counted(world)


def test_everything_that_cannot_be_had_is_named_at_once(world: World) -> None:
    world.open("taken.test", uniqname="taken", master_domain_ipv4=DEDICATED[0])
    refusal = world.refused(
        "createSiteWorxAccount",
        {"master_domain": "taken.test", "uniqname": "taken", "packagetemplate": "gold", "email": "a@b.test",
         "master_domain_ipv4": DEDICATED[0], "master_domain_ipv6": "2001:db8::99", "password": PASSWORD},
    )  # fmt: skip
    assert type(refusal) is InvalidInput
    assert [(p.field, p.code) for p in refusal.problems] == [
        ("master_domain", "DOMAIN_TAKEN"), ("uniqname", "UNIX_NAME_TAKEN"),
        ("master_domain_ipv4", "ADDRESS_NOT_FREE"), ("master_domain_ipv6", "ADDRESS_NOT_FREE"),
        ("packagetemplate", "PACKAGE_NOT_FOUND"),
    ]  # fmt: skip


def test_what_cannot_be_had_is_named_beside_what_cannot_be_read(world: World) -> None:
    world.open("taken.test", uniqname="taken")
    refusal = world.refused(
        "createSiteWorxAccount",
        opening("taken.test", uniqname="taken", email="x", password="short", OPT_STORAGE="-1", colour="red"),
    )
    assert [(p.field, p.code) for p in refusal.problems] == [
        ("colour", "INVALID_INPUT"), ("email", "INVALID_INPUT"), ("password", "INVALID_INPUT"),
        ("OPT_STORAGE", "INVALID_INPUT"), ("master_domain", "DOMAIN_TAKEN"), ("uniqname", "UNIX_NAME_TAKEN"),
    ]  # fmt: skip
    error = world.refused("editSiteWorxAccount", {"domain": "nowhere.test", "email": "x"})
    assert [(p.field, p.code) for p in error.problems] == [
        ("email", "INVALID_INPUT"), ("domain", "ACCOUNT_NOT_FOUND"),
    ]  # fmt: skip


def test_old_names_are_taken_and_named_back(world: World) -> None:
    raw = {"domainname": "old.test", "email": "a@b.test", "password": PASSWORD, "ipaddress": DEDICATED[0],
           "package_template": "gold"}  # fmt: skip
    refusal = world.refused("createSiteWorxAccount", raw, strict=False, wire="route")
    assert [p.field for p in refusal.problems] == ["package_template"]
    del raw["package_template"]
    account = world.call(
        "createSiteWorxAccount", {**raw, "OPT_STORAGE": "1", "OPT_BANDWIDTH": "1"}, strict=False
    )
    assert (account.master_domain, account.master_domain_ipv4) == ("old.test", DEDICATED[0])


def test_a_full_server_says_so(state: Any, driver: Recording) -> None:
    world = open_world(state, [driver], config(max_accounts=2))
    world.open("a.test")
    world.open("b.test")
    assert type(world.refused("createSiteWorxAccount", opening("c.test"))) is ServerFull
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    world.open("c.test")
    world.panel.close()


def test_an_address_is_chosen_named_or_missing(world: World) -> None:
    assert world.open("a.test").master_domain_ipv4 == SHARED
    assert world.open("b.test", master_domain_ipv4=DEDICATED[1]).master_domain_ipv4 == DEDICATED[1]
    free = world.call("listFreeIps", {}).addresses
    assert [(item.address, item.shared) for item in free] == [(SHARED, True), (DEDICATED[0], False)]
    world.call("deleteSiteWorxAccount", {"domain": "b.test"})
    assert len(world.call("listDedicatedFreeIps")) == 2
    world.panel.database.change(lambda tx: tx.run("delete from address where shared = 1"))
    assert [world.open(f"{name}.test").master_domain_ipv4 for name in "cd"] == list(DEDICATED)
    assert type(world.refused("createSiteWorxAccount", opening("e.test"))) is NoFreeAddress
    error = world.refused("createSiteWorxAccount", opening("a.test"))
    assert type(error) is DomainTaken  # an input that is wrong goes before what the server lacks


def test_a_unix_name_is_made_from_the_domain_and_is_free(world: World) -> None:
    names = [world.open(f"example{end}.test").uniqname for end in ("", "a", "b")]
    assert names == ["examplet", "examplea", "exampleb"]
    assert world.open("example.tes.test").uniqname == "example1"


def test_names_above_and_below_another_owner_s_are_taken(world: World) -> None:
    reseller = world.reseller()
    world.open("middle.owner.test")
    for domain in ("owner.test", "deep.middle.owner.test", "a.b.middle.owner.test"):
        assert type(world.refused("createSiteWorxAccount", opening(domain), reseller)) is DomainTaken
    world.open("beside.owner.test", by=reseller)
    world.open("xmiddle.owner.test", by=reseller)
    world.open("middle.owner.tes.test", by=reseller)
    world.open("deep.middle.owner.test")  # its own owner may
    assert (
        type(world.refused("createSiteWorxAccount", opening("owner.test"))) is DomainTaken
    )  # the reseller's is below
    counted(world)


def test_another_owner_s_account_answers_as_one_that_is_not_there(world: World) -> None:
    reseller = world.reseller()
    world.open("master.test")
    mine = world.open("mine.test", by=reseller)
    for name in ("getSiteWorxAccount", "editSiteWorxAccount", "changeSiteWorxPassword",
                 "suspendSiteWorxAccount",
                 "unsuspendSiteWorxAccount", "deleteSiteWorxAccount", "getUsage",
                 "querySiteworxAccountDetails"):  # fmt: skip
        more = {"password": PASSWORD} if name == "changeSiteWorxPassword" else {}
        there, absent = (
            world.refused(name, {"domain": domain, **more}, reseller)
            for domain in ("master.test", "nowhere.test")
        )
        assert type(there) is type(absent) is AccountNotFound
        assert there.message.replace("master", "nowhere") == absent.message
    assert [row.siteworx_id for row in world.call("listSiteWorxAccounts", by=reseller).accounts] == [
        mine.siteworx_id
    ]
    assert len(world.call("listSiteWorxAccounts").accounts) == 2  # the master reaches all
    assert [row.master_domain for row in world.call("listBandwidthAndStorageInMB", by=reseller)] == [
        "mine.test"
    ]


def test_a_master_that_changes_a_reseller_s_account_leaves_it_to_its_owner(world: World) -> None:
    reseller = world.reseller()
    account = world.open("mine.test", by=reseller)
    assert world.call("suspendSiteWorxAccount", {"domain": "mine.test"}).nodeworx_id == account.nodeworx_id
    world.call("deleteSiteWorxAccount", {"domain": "mine.test"})
    counted(world)
    assert (
        type(world.refused("createSiteWorxAccount", opening("mine.test"))) is DomainTaken
    )  # it rests for its owner
    world.open("mine.test", by=reseller)


def test_pages_hold_every_account_once_and_the_last_has_no_next(world: World) -> None:
    ids = [world.open(f"a{number}.test").siteworx_id for number in range(6)]
    for size in (1, 2, 3, 4, 6, 7):
        found: list[int] = []
        after: dict[str, str] = {}
        pages = 0
        while True:
            page = world.call("listSiteWorxAccounts", {"limit": str(size), **after})
            assert 0 < len(page.accounts) <= size
            found += [row.siteworx_id for row in page.accounts]
            pages += 1
            if page.next is None:
                break
            after = {"after": page.next}
        assert found == ids
        assert pages == -(-len(ids) // size)


@pytest.mark.parametrize("after", ["abc", "MTIz", "1_0", "-1", "9" * 30, "", "1\n"])
def test_a_place_in_the_list_that_nobody_gave_is_a_wrong_input(world: World, after: str) -> None:
    error = world.refused("listSiteWorxAccounts", {"after": after})
    assert [p.field for p in error.problems] == ["after"]


def test_a_change_touches_what_it_names(world: World, packages: None) -> None:
    before = world.open("a.test", OPT_SSL="1")
    world.clock.forward(100)
    after = world.call("editSiteWorxAccount", {"domain": "a.test", "email": "new@b.test"})
    assert after.date_changed.timestamp() == world.clock.now > before.date_changed.timestamp()
    assert (after.email, after.OPT_SSL, after.nickname) == ("new@b.test", True, before.nickname)
    after = world.call(
        "editSiteWorxAccount", {"domain": "a.test", "packagetemplate": "pro", "OPT_STORAGE": "1"}
    )
    assert (after.package_name, after.OPT_STORAGE, after.OPT_BANDWIDTH, after.OPT_SSL) == (
        "pro",
        1,
        UNLIMITED,
        False,
    )
    after = world.call("editSiteWorxAccount", {"domain": "a.test", "OPT_SUBDOMAINS": "5"})
    assert (after.package_name, after.OPT_STORAGE, after.OPT_SUBDOMAINS) == ("pro", 1, 5)
    assert after.date_created == before.date_created
    error = world.refused(
        "editSiteWorxAccount", {"domain": "a.test", "packagetemplate": "gold", "email": "x@y.test"}
    )
    assert type(error) is PackageNotFound
    assert world.call("getSiteWorxAccount", {"domain": "a.test"}) == after


def test_another_package_replaces_every_limit(world: World, packages: None) -> None:
    world.open("a.test", OPT_SSL="1", OPT_SUBDOMAINS="9")
    after = world.call("changeSiteWorxPackage", {"domain": "a.test", "packagetemplate": "pro"})
    assert (after.package_name, after.OPT_STORAGE, after.OPT_SSL, after.OPT_SUBDOMAINS) == (
        "pro",
        5000,
        False,
        0,
    )
    error = world.refused("changeSiteWorxPackage", {"domain": "a.test", "packagetemplate": "gold"})
    assert type(error) is PackageNotFound


def test_a_suspension_may_be_repeated_and_lifted(world: World) -> None:
    world.open("a.test")
    for reason in ("unpaid", "still unpaid", ""):
        account = world.call("suspendSiteWorxAccount", {"domain": "a.test", "message": reason})
        assert (account.status, account.inactive_msg) == ("inactive", reason)
    for _ in range(2):
        account = world.call("unsuspendSiteWorxAccount", {"domain": "a.test"})
        assert (account.status, account.inactive_msg) == ("active", "")
    assert world.call("editSiteWorxAccount", {"domain": "a.test", "status": "0"}).status == "inactive"
    assert world.call("editSiteWorxAccount", {"domain": "a.test", "status": "1"}).status == "active"
    counted(world)


def test_a_closed_account_is_gone_for_its_callers_and_its_data_kept(world: World, driver: Recording) -> None:
    account = world.open("a.test")
    closed = world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    assert (closed.siteworx_id, closed.master_domain) == (account.siteworx_id, "a.test")
    assert closed.purged_after.timestamp() == world.clock.now + 7 * DAY
    assert type(world.refused("getSiteWorxAccount", {"domain": "a.test"})) is AccountNotFound
    assert world.call("listSiteWorxAccounts").accounts == ()
    assert driver.has[account.siteworx_id].state == "parked"
    counted(world)


def test_a_delete_may_be_repeated_until_the_data_is_gone(world: World, driver: Recording) -> None:
    world.open("a.test")
    closed = world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    asked = len(driver.asked)
    world.clock.forward(DAY)
    assert world.call("deleteSiteWorxAccount", {"domain": "a.test"}) == closed
    assert len(driver.asked) == asked
    world.clock.forward(7 * DAY)
    world.sweep()
    assert type(world.refused("deleteSiteWorxAccount", {"domain": "a.test"})) is AccountNotFound
    counted(world)


def test_a_closed_account_s_names_are_its_owner_s_at_once_and_rest_for_others(world: World) -> None:
    reseller = world.reseller()
    first = world.open("a.test", uniqname="aaaa")
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    for raw, error in (({"master_domain": "a.test"}, DomainTaken), ({"uniqname": "aaaa"}, UnixNameTaken)):
        assert type(world.refused("createSiteWorxAccount", {**opening("b.test"), **raw}, reseller)) is error
    world.clock.forward(30 * DAY - 1)
    assert type(world.refused("createSiteWorxAccount", opening("a.test"), reseller)) is DomainTaken
    again = world.open("a.test", uniqname="aaaa")
    assert again.siteworx_id > first.siteworx_id
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    world.clock.forward(30 * DAY)
    world.open("a.test", by=reseller, uniqname="aaaa")


def test_a_name_is_taken_while_its_last_account_s_data_still_stands_under_it(
    world: World, driver: Recording
) -> None:
    world.open("a.test", uniqname="aaaa")
    driver.fail(1)
    assert type(world.refused("deleteSiteWorxAccount", {"domain": "a.test"})) is Pending
    assert type(world.refused("createSiteWorxAccount", opening("a.test", uniqname="aaaa"))) is Pending
    world.clock.forward(60)
    world.sweep()
    world.open("a.test", uniqname="aaaa")


def test_an_id_is_never_used_again(world: World, driver: Recording) -> None:
    first = world.open("a.test").siteworx_id
    world.call("deleteSiteWorxAccount", {"domain": "a.test"})
    world.clock.forward(8 * DAY)
    world.sweep()
    assert world.value("select count(*) from account") == 0
    second = world.open("b.test").siteworx_id
    driver.fail(1)
    world.refused("createSiteWorxAccount", opening("c.test"))
    assert first < second < world.open("d.test").siteworx_id


def test_a_password_is_kept_as_verifiers_alone(world: World) -> None:
    world.open("a.test")
    before = world.rows("select argon2, crypt from account")
    assert PASSWORD not in str(world.rows("select * from account"))
    assert before == [("argon2 of it", "crypt of it")]


def test_an_input_with_a_scope_of_its_own_needs_it(world: World) -> None:
    """Suspending through `edit` needs the right to suspend."""
    world.open("a.test")
    key = world.scoped_key("accounts:edit", "accounts:read")
    world.call("editSiteWorxAccount", {"domain": "a.test", "nickname": "x"}, key)
    for raw in ({"status": "0"}, {"status": "1"}):
        error = world.refused("editSiteWorxAccount", {"domain": "a.test", **raw}, key)
        assert error.code == "NOT_PERMITTED"
    assert world.call("getSiteWorxAccount", {"domain": "a.test"}).status == "active"
    both = world.scoped_key("accounts:edit", "accounts:suspend")
    assert world.call("editSiteWorxAccount", {"domain": "a.test", "status": "0"}, both).status == "inactive"


def test_an_edit_to_the_status_that_an_account_has_leaves_its_reason(world: World) -> None:
    world.open()
    world.call("suspendSiteWorxAccount", {"domain": "example.com", "message": "unpaid"})
    assert (
        world.call("editSiteWorxAccount", {"domain": "example.com", "status": "0"}).inactive_msg == "unpaid"
    )
    assert world.call("editSiteWorxAccount", {"domain": "example.com", "status": "1"}).inactive_msg == ""
