"""Suspension with reasons that stack: each is lifted by itself, an account is inactive while it has one."""

from __future__ import annotations

from typing import Any

import pytest

from iwapi.asked import Credentials
from iwapi.core.accounts import REASONS
from iwapi.core.suspension import GIVEN
from iwapi.errors import AccountNotFound, GuardFailed, InvalidInput, NotPermitted
from iwapi.provision.recording import Recording
from iwapi.store import served
from tests.helpers import LOCAL, World
from tests.routing import by_key, key_of, payload, refusal, route

SITEWORX = "/nodeworx/siteworx/"
DOMAIN = {"domain": "example.com"}
MORE = "This was carried out, but more is needed. Please see details below."


@pytest.fixture(autouse=True)
def _cheap(cheap_passwords: None) -> None:
    pass


def suspend(world: World, reason: str | None = None, message: str = "", by: Credentials = LOCAL) -> Any:
    """Suspend, for the reason reseller too, which comes of its owner."""
    if reason == "reseller":
        which = world.value("select owner from account where domain = 'example.com'")
        world.call("suspendReseller", {"reseller_id": str(which), "message": message})
        return world.call("getSiteWorxAccount", DOMAIN)
    raw = {"reason": reason} if reason else {}
    return world.call("suspendSiteWorxAccount", {**DOMAIN, "message": message, **raw}, by)


def lift(world: World, reason: str | None = None, by: Credentials = LOCAL) -> Any:
    return world.call("unsuspendSiteWorxAccount", {**DOMAIN, **({"reason": reason} if reason else {})}, by)


def standing(account: Any) -> tuple[str, tuple[str, ...], str]:
    return account.status, account.remaining_reasons, account.inactive_msg


def kept(world: World) -> list[tuple[Any, ...]]:
    return world.rows("select reason, message, by_master from suspension order by reason")


@pytest.mark.both_databases
def test_reasons_stack_and_each_is_lifted_by_itself(world: World) -> None:
    world.open()
    assert standing(suspend(world, "abuse", "spam")) == ("inactive", ("abuse",), "spam")
    assert standing(suspend(world, None, "unpaid")) == ("inactive", ("billing", "abuse"), "unpaid")
    assert standing(suspend(world, "administrator")) == (
        "inactive", ("billing", "abuse", "administrator"), "unpaid"
    )  # fmt: skip
    assert standing(suspend(world, "quota", "full"))[1] == GIVEN
    assert standing(lift(world)) == ("inactive", ("abuse", "quota", "administrator"), "spam")
    assert standing(lift(world, "abuse")) == ("inactive", ("quota", "administrator"), "full")
    assert standing(lift(world, "quota")) == ("inactive", ("administrator",), "")
    assert standing(world.call("getSiteWorxAccount", DOMAIN)) == ("inactive", ("administrator",), "")
    assert standing(lift(world, "administrator")) == ("active", (), "")
    assert kept(world) == []


@pytest.mark.both_databases
def test_a_repeat_changes_the_message_alone_and_no_version_where_it_changes_nothing(world: World) -> None:
    world.open()
    first = suspend(world, "abuse", "spam")
    world.clock.forward(5)
    assert suspend(world, "abuse", "spam") == first
    again = suspend(world, "abuse", "more spam")
    assert standing(again) == ("inactive", ("abuse",), "more spam")
    assert again.version == first.version + 1
    since = world.value("select since from suspension")
    assert since == world.clock.now - 5
    lifted = lift(world, "abuse")
    assert lift(world, "abuse") == lifted == lift(world, "quota")
    assert lifted.version == again.version + 1


def test_a_repeat_waits_for_what_is_under_way(world: World, driver: Recording) -> None:
    world.open()
    driver.fail(1)
    assert world.refused("suspendSiteWorxAccount", DOMAIN).code == "PENDING"
    assert driver.has[1].state == "active"
    assert suspend(world).status == "inactive"
    assert driver.has[1].state == "inactive"


@pytest.mark.parametrize("reason", ["", "reseller", "unpaid", "Billing", "billing,abuse"])
def test_what_is_no_reason_is_refused_and_those_that_are_named(world: World, reason: str) -> None:
    world.open()
    for name in ("suspendSiteWorxAccount", "unsuspendSiteWorxAccount"):
        error = world.refused(name, {**DOMAIN, "reason": reason})
        assert (type(error), error.problems[0].field) == (InvalidInput, "reason")
        assert "billing|abuse|quota|administrator" in error.problems[0].allowed.replace(", ", "|")
    assert kept(world) == []


def test_guards_hold_for_both(world: World) -> None:
    version = world.open().version
    for name in ("suspendSiteWorxAccount", "unsuspendSiteWorxAccount"):
        assert type(world.refused(name, {**DOMAIN, "expect_version": str(version + 1)})) is GuardFailed
    which = {"siteworx_id": "1", "expect_domain": "example.com", "expect_version": str(version)}
    assert world.call("suspendSiteWorxAccount", which).status == "inactive"


# Who may.


@pytest.mark.parametrize("reason", [reason for reason in GIVEN if reason != "billing"])
@pytest.mark.parametrize("name", ["suspendSiteWorxAccount", "unsuspendSiteWorxAccount"])
@pytest.mark.parametrize("at", ["", "2100-01-01T00:00:00Z"])
def test_what_is_not_billing_needs_a_further_scope(world: World, reason: str, name: str, at: str) -> None:
    world.open()
    billing, both = (
        world.scoped_key(*scopes)
        for scopes in (["accounts:suspend"], ["accounts:suspend", "accounts:restrict"])
    )
    raw = {**DOMAIN, "reason": reason, **({"at": at} if at else {})}
    error = world.refused(name, raw, billing)
    assert (type(error), "accounts:restrict" in error.text) == (NotPermitted, True)
    assert world.rows("select * from job where due is not null") == []
    world.call(name, raw, both)
    world.call(name, {**raw, "reason": "billing"}, billing)


def test_a_reseller_has_every_reason_but_the_administrator_s(world: World) -> None:
    by = world.reseller()
    world.open("example.com", by)
    for reason in GIVEN[:3]:
        assert reason in suspend(world, reason, by=by).remaining_reasons
        assert reason not in lift(world, reason, by=by).remaining_reasons
    for name in ("suspendSiteWorxAccount", "unsuspendSiteWorxAccount"):
        error = world.refused(name, {**DOMAIN, "reason": "administrator"}, by)
        assert (type(error), "administrator" in error.text) == (NotPermitted, True)
    suspend(world, "administrator")
    assert type(world.refused("unsuspendSiteWorxAccount", {**DOMAIN, "reason": "administrator"}, by)) is (
        NotPermitted
    )
    assert lift(world, "administrator").status == "active"


@pytest.mark.parametrize("reason", GIVEN[:3])
def test_what_the_master_began_only_the_master_ends(world: World, reason: str) -> None:
    by = world.reseller()
    world.open("example.com", by)
    suspend(world, reason, "by the master")
    assert suspend(world, reason, "by its reseller", by).inactive_msg == "by the master"
    error = world.refused("unsuspendSiteWorxAccount", {**DOMAIN, "reason": reason}, by)
    assert (type(error), f"lift {reason}" in error.text) == (NotPermitted, True)
    assert lift(world, reason).status == "active"


@pytest.mark.both_databases
def test_what_a_reseller_began_the_master_takes_over_and_ends(world: World) -> None:
    by = world.reseller()
    world.open("example.com", by)
    suspend(world, "abuse", "mine", by)
    assert kept(world) == [("abuse", "mine", 0)]
    assert lift(world, "abuse").status == "active"
    suspend(world, "abuse", "mine", by)
    assert suspend(world, "abuse", "ours").inactive_msg == "ours"
    assert kept(world) == [("abuse", "ours", 1)]
    assert type(world.refused("unsuspendSiteWorxAccount", {**DOMAIN, "reason": "abuse"}, by)) is NotPermitted


def test_another_owner_s_account_is_not_there_whatever_the_reason(world: World) -> None:
    world.open()
    by = world.reseller()
    for reason in GIVEN:
        for name in ("suspendSiteWorxAccount", "unsuspendSiteWorxAccount"):
            assert type(world.refused(name, {**DOMAIN, "reason": reason}, by)) is AccountNotFound


# `route` and `edit`.


def test_route_suspends_and_lifts_the_reason_billing(world: World) -> None:
    world.open()
    key = by_key(world)
    for begin, end in (
        ((SITEWORX + "suspend", DOMAIN), (SITEWORX + "unsuspend", DOMAIN)),
        ((SITEWORX + "suspendByUser", {"user": "examplec"}),
         (SITEWORX + "unsuspendByUser", {"user": "examplec"})),
        ((SITEWORX + "edit", {**DOMAIN, "status": "0"}), (SITEWORX + "edit", {**DOMAIN, "status": "1"})),
    ):  # fmt: skip
        payload(world, key, begin[0], **begin[1])
        assert [reason for reason, _, _ in kept(world)] == ["billing"]
        payload(world, key, end[0], **end[1])
        assert kept(world) == []


UNSUSPENDING = [
    ("unsuspend", DOMAIN), ("unsuspendByUser", {"user": "examplec"}), ("edit", {**DOMAIN, "status": "1"}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "raw"), UNSUSPENDING)
def test_route_says_which_reason_keeps_the_account_suspended_though_billing_is_lifted(
    world: World, action: str, raw: dict[str, str]
) -> None:
    world.open()
    key = by_key(world)
    suspend(world, None, "unpaid")
    suspend(world, "abuse")
    suspend(world, "quota")
    for _ in range(2):  # a repeat is told the same
        told = refusal(world, key, SITEWORX + action, **raw)
        assert told == [MORE, "Account example.com remains suspended: abuse, quota."]
        assert [reason for reason, _, _ in kept(world)] == ["abuse", "quota"]
    lift(world, "abuse")
    lift(world, "quota")
    assert route(world, key, SITEWORX + action, **raw)[0] == 0
    assert world.call("getSiteWorxAccount", DOMAIN).status == "active"


@pytest.mark.parametrize(("action", "raw"), UNSUSPENDING)
def test_route_of_a_reseller_does_not_lift_what_the_master_began(
    world: World, action: str, raw: dict[str, str]
) -> None:
    by = world.reseller()
    world.open("example.com", by)
    suspend(world)
    status, text = route(world, key_of(by), SITEWORX + action, **raw)
    assert (status, "may not do this: lift billing" in text) == (11, True)
    assert kept(world) == [("billing", "", 1)]


def test_of_several_those_that_stay_suspended_are_named(world: World) -> None:
    world.open()
    for domain in ("b.test", "c.test"):
        world.open(domain)
        world.call("suspendSiteWorxAccount", {"domain": domain, "reason": "abuse"})
    all_ = ["b.test", "example.com", "c.test"]
    assert refusal(world, by_key(world), SITEWORX + "unsuspend", domain=all_) == [
        MORE, "Account b.test remains suspended: abuse.", "Account c.test remains suspended: abuse."
    ]  # fmt: skip


def test_an_edit_that_names_no_status_is_no_unsuspension(world: World) -> None:
    world.open()
    suspend(world, "abuse")
    assert payload(world, by_key(world), SITEWORX + "edit", **DOMAIN, nickname="New") == (
        "Account example.com has been changed."
    )


@pytest.mark.both_databases
def test_a_typed_edit_says_what_remains(world: World) -> None:
    world.open()
    suspend(world, "abuse", "spam")
    edited = world.call("editSiteWorxAccount", {**DOMAIN, "status": "0"})
    assert standing(edited) == ("inactive", ("billing", "abuse"), "spam")
    suspend(world, None, "unpaid")
    assert standing(world.call("editSiteWorxAccount", {**DOMAIN, "status": "0"}))[2] == "unpaid"
    edited = world.call("editSiteWorxAccount", {**DOMAIN, "status": "1", "nickname": "New"})
    assert standing(edited) == ("inactive", ("abuse",), "spam")
    assert edited.nickname == "New"


def test_details_on_route_stay_active_or_inactive_with_a_message(world: World) -> None:
    world.open()
    key = by_key(world)
    for reason in GIVEN:
        suspend(world, reason, f"for {reason}")
        told = payload(world, key, SITEWORX + "querySiteworxAccountDetails", **DOMAIN)
        assert (told["status"], told["inactive_msg"]) == ("inactive", f"for {reason}")
        lift(world, reason)
        told = payload(world, key, SITEWORX + "querySiteworxAccountDetails", **DOMAIN)
        assert (told["status"], told["inactive_msg"]) == ("active", "")


# What it means.


@pytest.mark.parametrize("reason", REASONS)
def test_whatever_the_reason_no_name_is_served_and_dns_goes_on(world: World, reason: str) -> None:
    by = world.reseller()
    account = world.open(
        "example.com", by, OPT_SUBDOMAINS="1", OPT_POINTER_DOMAINS="2", OPT_SLAVE_DOMAINS="1"
    )
    key = {"apikey": key_of(by), "domain": "example.com"}
    payload(world, key, "/siteworx/domains/sub/add", prefix="blog")
    payload(world, key, "/siteworx/domains/slave/add", domain="second.test")
    for name, redir_type in (("redirected.test", "redirect_301"), ("alias.test", "server_alias")):
        payload(world, key, "/siteworx/domains/pointer/add", domain=name, points_to="example.com",
                redir_type=redir_type)  # fmt: skip
    names = ("example.com", "blog.example.com", "second.test", "redirected.test", "alias.test")

    def served_now() -> list[bool]:
        with world.panel.database.snapshot() as tx:
            found = [served.site(tx, name) for name in names]
        return [site is not None and site.active for site in found]

    def answered() -> list[bool]:
        with world.panel.database.snapshot() as tx:
            return [served.zone(tx, [name], name, "A") is not None for name in ("example.com", "second.test")]

    assert (served_now(), answered()) == ([True] * 5, [True] * 2)
    suspend(world, reason)
    assert (served_now(), answered()) == ([False] * 5, [True] * 2)
    if reason == "reseller":
        world.call("unsuspendReseller", {"reseller_id": str(account.nodeworx_id)})
    else:
        lift(world, reason)
    assert served_now() == [True] * 5


@pytest.mark.parametrize("reason", REASONS)
def test_whatever_the_reason_its_log_ins_learn_why_and_change_nothing(world: World, reason: str) -> None:
    world.open("example.com", world.reseller())
    inside = Credentials(local="tester", domain="example.com")
    begun = world.call("/siteworx/index/getSession", by=inside).token
    session = Credentials(session=begun, address="203.0.113.5")
    added: dict[str, Any] = {"prefix": "blog"}
    suspend(world, reason, "told why")
    for name in ("/siteworx/domains/sub/add", "/siteworx/dns/addA", "/siteworx/users/add"):
        assert type(world.refused(name, added, session, strict=False)) is NotPermitted
    url = world.call("siteworxLogin", {"login_domain": "example.com"}).token_url.reveal
    link = Credentials(session=type(begun)(url.rpartition("=")[2]), address="203.0.113.5")
    for by in (session, link):
        state = world.call("/panel/open_link", by=by)
        assert standing(state.site.account) == ("inactive", (reason,), "told why")


def test_the_status_that_the_master_sets_takes_a_reseller_s_suspension_over(world: World) -> None:
    by = world.reseller()
    world.open("example.com", by)
    which = {"domain": "example.com"}
    world.call("suspendSiteWorxAccount", {**which, "message": "unpaid"}, by)
    after = world.call("editSiteWorxAccount", {**which, "status": "0"})
    assert (after.remaining_reasons, after.inactive_msg) == (("billing",), "unpaid")
    assert type(world.refused("unsuspendSiteWorxAccount", which, by)) is NotPermitted
    world.call("editSiteWorxAccount", {**which, "status": "0"}, by)  # it is suspended: all is as it wants
    assert type(world.refused("unsuspendSiteWorxAccount", which, by)) is NotPermitted
