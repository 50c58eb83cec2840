"""Ping proves the credentials and says whose they are; getSession lends the caller's rights for a while."""

from __future__ import annotations

import dataclasses
import re

import pytest

from iwapi import __version__
from iwapi.asked import Credentials
from iwapi.errors import InvalidInput, NotAuthenticated, NotPermitted
from iwapi.kinds import Plain
from iwapi.store.sessions import LONGEST
from tests.helpers import ADMIN, ADMIN_PASSWORD, PASSWORD, World

GET_SESSION = "/nodeworx/index/getSession"
OPEN = "/panel/open_link"
LOGIN = Credentials(email=ADMIN, password=Plain(ADMIN_PASSWORD), address="192.0.2.9")
CUSTOMER = "203.0.113.5"


def session(world: World, by: Credentials, address: str = CUSTOMER, **raw: str) -> Credentials:
    """A session of that caller, used from the address."""
    token = world.call(GET_SESSION, raw, by).token
    return Credentials(session=token, address=address)


def works(world: World, by: Credentials, name: str = "ping") -> bool:
    error = world.outcome(name, by=by, wire="route").error
    assert error is None or type(error) is NotAuthenticated
    return error is None


def test_ping_names_the_caller_its_rights_and_the_server(world: World) -> None:
    pong = world.call("ping")
    assert (pong.caller, pong.nodeworx_id, pong.email, pong.master) == ("local:tester", 1, ADMIN, True)
    assert (pong.scopes, pong.hostname, pong.version) == (("all",), "panel.example.net", __version__)
    assert pong.time.timestamp() == world.clock.now
    pong = world.call("ping", by=world.scoped_key("ping", "accounts:read"))
    assert pong.scopes == ("accounts:read", "ping")
    assert world.call("ping", by=world.reseller()).master is False


def test_a_session_stands_for_its_caller_until_its_time_is_over(world: World) -> None:
    world.open("example.com")
    begun = session(world, world.key())
    assert begun.session is not None
    assert re.fullmatch("[0-9a-f]{32}", begun.session.reveal)
    pong = world.call("ping", by=begun)
    assert (pong.caller, pong.email, pong.scopes) == (f"user:{ADMIN}", ADMIN, ("all",))
    world.call("suspendSiteWorxAccount", {"domain": "example.com"}, begun)
    world.clock.forward(LONGEST["api"] - 1)
    assert works(world, begun)
    world.clock.forward(1)
    assert not works(world, begun)


def test_its_id_is_kept_nowhere(world: World) -> None:
    begun = session(world, world.key())
    world.call("ping", by=begun)
    world.settle()
    assert begun.session is not None
    assert begun.session.reveal not in str(world.rows("select * from session, audit"))
    ((who, about),) = world.rows("select who, about from audit where action = ?", GET_SESSION)
    assert who.startswith("key:")
    assert about == ADMIN


def test_two_sessions_differ_and_those_that_are_over_are_forgotten(world: World) -> None:
    key = world.key()
    tokens = {world.call(GET_SESSION, by=key).token.reveal for _ in range(3)}
    assert len(tokens) == world.value("select count(*) from session") == 3
    world.clock.forward(LONGEST["api"])
    session(world, key)
    assert world.value("select count(*) from session") == 1


def test_anyone_may_use_it_unless_the_customer_s_address_is_named(world: World) -> None:
    key = world.key()
    free = session(world, key)
    for address in (CUSTOMER, "203.0.113.6", "2001:db8::7"):
        assert works(world, dataclasses.replace(free, address=address))
    for named, seen in (
        (CUSTOMER, CUSTOMER), ("2001:DB8:0::7", "2001:db8::7"), (f"::ffff:{CUSTOMER}", CUSTOMER),
    ):  # fmt: skip
        bound = session(world, key, seen, client_ip=named)
        assert works(world, bound)
        assert not works(world, dataclasses.replace(bound, address="203.0.113.6"))
    assert type(world.refused(GET_SESSION, {"client_ip": "here"}, key)) is InvalidInput


def test_no_session_begins_another(world: World) -> None:
    begun = session(world, world.key())
    page = Credentials(session=world.call("log_in", by=LOGIN, wire="page").token, browser=True)
    world.open("example.com")
    for by in (dataclasses.replace(one, domain="example.com") for one in (begun, page)):
        for name in (GET_SESSION, "/siteworx/index/getSession"):
            assert type(world.refused(name, by=by)) is NotPermitted
        raw = {"login_domain": "example.com"}
        assert type(world.refused("siteworxLogin", raw, by)) is NotPermitted
    assert type(world.refused("log_in", by=begun)) is NotPermitted


def test_a_session_may_do_no_more_than_the_key_that_began_it(world: World) -> None:
    world.open("example.com")
    begun = session(world, world.scoped_key("sessions:edit", "accounts:read"))
    assert world.call("ping", by=world.scoped_key("ping")).scopes == ("ping",)
    world.call("getSiteWorxAccount", {"domain": "example.com"}, begun)
    for name in ("suspendSiteWorxAccount", "deleteSiteWorxAccount"):
        assert type(world.refused(name, {"domain": "example.com"}, begun)) is NotPermitted
    assert type(world.refused("ping", by=begun)) is NotPermitted


def test_a_session_of_a_key_for_one_address_is_for_that_address_or_the_one_it_names(world: World) -> None:
    key = world.scoped_key(addresses=["198.51.100.7"])
    assert not works(world, session(world, key))
    assert works(world, session(world, key, "198.51.100.7"))
    assert works(world, session(world, key, CUSTOMER, client_ip=CUSTOMER))


def test_a_session_ends_with_the_key_and_with_its_user_s_password(world: World) -> None:
    world.open("example.com")
    other = world.reseller()
    for end in ("deleteApiKey", "generateApiKey"):
        key = world.key()
        begun, kept = session(world, key), session(world, other)
        inside = world.call("/siteworx/index/getSession", by=dataclasses.replace(key, domain="example.com"))
        page = Credentials(session=world.call("log_in", by=LOGIN, wire="page").token, browser=True)
        world.call(end)
        assert not works(world, begun)
        assert not works(world, Credentials(session=inside.token), "/panel/show_site")
        assert works(world, kept)
        assert works(world, page)  # it began with the password
    begun = session(world, world.key())
    world.call("editAdministrator", {"password": "Another-password-1"})
    assert not works(world, begun)


def edit(world: World, **raw: str) -> None:
    world.call("editReseller", {"reseller_id": "2", **raw})


def test_a_reseller_s_session_is_a_reseller_s(world: World) -> None:
    begun = session(world, world.reseller())
    pong = world.call("ping", by=begun)
    assert (pong.nodeworx_id, pong.master) == (2, False)
    world.open("example.com", begun)
    world.open("other.test")
    assert len(world.call("listSiteWorxAccounts", by=begun).accounts) == 1
    assert type(world.refused("createReseller", by=begun)) is NotPermitted


@pytest.mark.parametrize("raw", [{"status": "inactive"}, {"password": "Another-password-1"}])
def test_a_reseller_who_is_suspended_or_gets_a_password_has_no_session_any_more(
    world: World, raw: dict[str, str]
) -> None:
    begun = session(world, world.reseller())
    assert works(world, begun)
    edit(world, **raw)
    assert not works(world, begun)
    edit(world, status="active")
    assert not works(world, begun)


def test_a_deleted_reseller_has_no_session_any_more(world: World) -> None:
    begun = session(world, world.reseller())
    world.call("deleteReseller", {"reseller_id": "2"})
    assert not works(world, begun)


def test_a_siteworx_user_s_session_is_confined_to_its_account(world: World) -> None:
    """An account's own log-in has sessions too; under any controller it gets its own rights, no others."""
    world.open("example.com", world.reseller())
    own = Credentials(email="me@example.com", password=Plain(PASSWORD), domain="example.com")
    begun = session(world, own)
    assert world.call("/panel/show_site", by=begun).site.account.master_domain == "example.com"
    for name in ("listSiteWorxAccounts", "ping", "/panel/show_user"):
        assert type(world.refused(name, by=begun)) is NotPermitted
