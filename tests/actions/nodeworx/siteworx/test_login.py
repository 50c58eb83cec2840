"""A log-in link: an address that opens an account's page once, within a minute."""

from __future__ import annotations

import dataclasses
import re

import pytest

from iwapi.asked import Credentials
from iwapi.errors import AccountNotFound, InvalidInput, NotAuthenticated, NotPermitted
from iwapi.kinds import Plain
from iwapi.store.sessions import LONGEST
from tests.helpers import ADMIN, ADMIN_PASSWORD, LOCAL, PASSWORD, World

OPEN = "/panel/open_link"
OWN = Credentials(email="me@example.com", password=Plain(PASSWORD), domain="example.com")
MASTER = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD))


def address(world: World, by: Credentials = LOCAL, **raw: str) -> str:
    answer = world.call("siteworxLogin", {"login_domain": "example.com", **raw}, by)
    return str(answer.token_url.reveal)


def link(world: World, by: Credentials = LOCAL, seen: str = "203.0.113.5", **raw: str) -> Credentials:
    token = address(world, by, **raw).rpartition("=")[2]
    return Credentials(session=Plain(token), address=seen)


def opens(world: World, by: Credentials) -> bool:
    outcome = world.outcome(OPEN, by=by, wire="panel")
    assert outcome.error is None or type(outcome.error) is NotAuthenticated
    return outcome.error is None


def test_the_address_is_the_account_s_page_at_the_server_s_own_name(world: World) -> None:
    world.open("example.com")
    assert re.fullmatch(
        r"https://panel\.example\.net:2443/siteworx/\?sid=[0-9a-f]{32}",
        address(world, account_action="siteworxLogin"),
    )


def test_it_opens_once_and_shows_the_account(world: World) -> None:
    world.open("example.com")
    one, other = link(world), link(world)
    state = world.call(OPEN, by=one, wire="panel")
    assert (state.site.account.master_domain, state.user) == ("example.com", None)
    assert not opens(world, one)
    assert opens(world, other)
    assert world.value("select count(*) from session") == 0
    rows = world.rows("select who, about from audit where action = ? and result = 'ok'", OPEN)
    assert rows == [("site:example.com:me@example.com", "example.com")] * 2


def test_its_minute_is_its_end(world: World) -> None:
    world.open("example.com")
    late, early = link(world), link(world)
    world.clock.forward(LONGEST["link"] - 1)
    assert opens(world, early)
    world.clock.forward(1)
    assert not opens(world, late)


@pytest.mark.parametrize("named", ["203.0.113.5", "::ffff:203.0.113.5"])
def test_only_the_customer_who_is_named_opens_it(world: World, named: str) -> None:
    world.open("example.com")
    bound = link(world, client_ip=named)
    assert not opens(world, dataclasses.replace(bound, address="203.0.113.6"))
    assert opens(world, bound)
    assert opens(world, link(world, seen="2001:db8::1"))


def test_it_is_good_for_nothing_but_to_be_opened(world: World) -> None:
    world.open("example.com")
    made = link(world)
    inside = dataclasses.replace(made, domain="example.com")
    raw = {"domain": "example.com", "login_domain": "example.com"}
    for name in (
        "ping", "getSiteWorxAccount", "siteworxLogin", "/panel/show_site", "/nodeworx/index/getSession",
        "/siteworx/index/getSession", "log_in",
    ):  # fmt: skip
        assert type(world.refused(name, raw, inside, strict=False)) is NotPermitted, name
    assert opens(world, made)


def test_what_is_no_link_opens_nothing(world: World) -> None:
    world.open("example.com")
    page = Credentials(session=world.call("log_in", by=MASTER).token)
    assert not opens(world, page)
    for by in (LOCAL, world.key(), dataclasses.replace(page, browser=True)):
        assert type(world.refused(OPEN, by=by)) is NotPermitted


def test_a_suspended_account_s_page_opens_too(world: World) -> None:
    world.open("example.com")
    world.call("suspendSiteWorxAccount", {"domain": "example.com", "message": "unpaid"})
    state = world.call(OPEN, by=link(world))
    assert (state.site.account.status, state.site.account.inactive_msg) == ("inactive", "unpaid")


@pytest.mark.parametrize("name", ["deleteSiteWorxAccount", "changeSiteWorxPassword"])
def test_it_ends_with_the_account_or_with_its_password(world: World, name: str) -> None:
    world.open("example.com")
    made = link(world)
    password = {"password": "Another-horse7"} if "Password" in name else {}
    world.call(name, {"domain": "example.com", **password})
    assert not opens(world, made)


def test_it_is_for_the_caller_s_own_accounts(world: World) -> None:
    world.open("example.com")
    reseller = world.reseller()
    error = world.refused("siteworxLogin", {"login_domain": "example.com"}, reseller)
    assert (type(error), error.problems[0].field) == (AccountNotFound, "login_domain")
    world.open("sold.test", reseller)
    assert opens(world, link(world, reseller, login_domain="sold.test"))
    assert opens(world, link(world, login_domain="sold.test"))


def test_an_account_s_own_log_in_makes_none_for_its_neighbours(world: World) -> None:
    """It is a right of who sells accounts: a customer would reach whatever its seller sold."""
    world.open("example.com")
    world.open("other.test")
    for domain in ("other.test", "example.com"):
        assert type(world.refused("siteworxLogin", {"login_domain": domain}, OWN)) is NotPermitted


def test_a_key_needs_the_scope_of_its_name(world: World) -> None:
    world.open("example.com")
    raw = {"login_domain": "example.com"}
    assert type(world.refused("siteworxLogin", raw, world.scoped_key("sessions:edit"))) is NotPermitted
    assert opens(world, link(world, world.scoped_key("logins:create")))


def test_a_link_made_from_a_billing_system_s_own_address_is_for_any_customer(world: World) -> None:
    world.open("example.com")
    key = world.scoped_key("logins:create", addresses=["198.51.100.7"])
    assert opens(world, link(world, key, "203.0.113.5"))
    assert not opens(world, link(world, key, "203.0.113.5", client_ip="203.0.113.6"))


def test_another_account_action_is_refused(world: World) -> None:
    world.open("example.com")
    raw = {"login_domain": "example.com", "account_action": "suspend"}
    error = world.refused("siteworxLogin", raw)
    assert (type(error), error.problems[0].field) == (InvalidInput, "account_action")
    assert world.value("select count(*) from session") == 0


def test_of_many_who_open_it_at_once_one_sees_the_page(world: World) -> None:
    world.open("example.com")
    made = link(world)
    calls = [world.asked(OPEN, {}, made, "panel") for _ in range(20)]
    errors = [type(outcome.error) for outcome in world.outcomes(*calls)]
    assert errors.count(type(None)) == 1
    assert errors.count(NotAuthenticated) == 19
