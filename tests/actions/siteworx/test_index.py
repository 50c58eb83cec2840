"""A session inside an account has the rights of the account's own log-in, and ends with it."""

from __future__ import annotations

import dataclasses

import pytest

from iwapi.asked import Credentials
from iwapi.errors import AccountNotFound, InvalidInput, NotAuthenticated, NotPermitted
from iwapi.kinds import Plain
from iwapi.store.sessions import LONGEST
from tests.helpers import PASSWORD, World

GET_SESSION = "/siteworx/index/getSession"
OWN = Credentials(email="me@example.com", password=Plain(PASSWORD), domain="example.com")


def session(world: World, by: Credentials, **raw: str) -> Credentials:
    token = world.call(GET_SESSION, raw, by).token
    return Credentials(session=token, address="203.0.113.5")


def shown(world: World, by: Credentials) -> str:
    """The account that a session shows, or the code of the error."""
    outcome = world.outcome("/panel/show_site", by=by, wire="panel")
    return str(outcome.error.code if outcome.error else outcome.answer.site.account.master_domain)


def inside(world: World, by: Credentials | None = None, domain: str = "example.com") -> Credentials:
    return dataclasses.replace(by or world.key(), domain=domain)


def test_a_key_gets_a_session_of_the_account_that_it_names(world: World) -> None:
    world.open("example.com")
    world.open("other.test")
    begun = session(world, inside(world))
    assert shown(world, begun) == "example.com"
    assert shown(world, dataclasses.replace(begun, domain="other.test")) == "example.com"
    for name in ("listSiteWorxAccounts", "getSiteWorxAccount", "ping", "/panel/show_user"):
        assert type(world.refused(name, {"domain": "example.com"}, begun)) is NotPermitted
    world.clock.forward(LONGEST["api"])
    assert shown(world, begun) == NotAuthenticated.code


def test_the_account_s_own_log_in_gets_one_too(world: World) -> None:
    world.open("example.com")
    assert shown(world, session(world, OWN)) == "example.com"


def test_an_account_must_be_named_and_be_the_caller_s(world: World) -> None:
    world.open("example.com")
    key, reseller = world.key(), world.reseller()
    assert type(world.refused(GET_SESSION, by=key)) is InvalidInput
    for by in (inside(world, key, "nowhere.test"), inside(world, reseller)):
        assert type(world.refused(GET_SESSION, by=by)) is AccountNotFound


def test_a_scoped_key_gets_no_further_rights_inside_an_account(world: World) -> None:
    world.open("example.com")
    begun = session(world, inside(world, world.scoped_key("sessions:edit")))
    assert shown(world, begun) == NotPermitted.code
    begun = session(world, inside(world, world.scoped_key("sessions:edit", "site:read", "accounts:read")))
    assert shown(world, begun) == "example.com"
    assert type(world.refused("getSiteWorxAccount", {"domain": "example.com"}, begun)) is NotPermitted


def test_a_further_user_of_an_account_gets_none(world: World) -> None:
    """Its rights are some of those of the account's own log-in, and a session would have all."""
    made = world.open("example.com")
    world.panel.database.change(
        lambda tx: tx.run(
            "insert into site_user (account_id, email, nickname, argon2, crypt, perms, created)"
            " select ?, 'you@example.com', '', argon2, crypt, '[\"LOGIN\", \"SUBDOMAINS\"]', 0 from account",
            made.siteworx_id,
        )
    )
    further = dataclasses.replace(OWN, email="you@example.com")
    assert shown(world, further) == "example.com"
    for name in (GET_SESSION, "/nodeworx/index/getSession"):
        assert type(world.refused(name, by=further)) is NotPermitted


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("changeSiteWorxPassword", {"password": "Another-horse7"}),
        ("editSiteWorxAccount", {"password": "Another-horse7"}),
        ("deleteSiteWorxAccount", {}),
    ],
)
def test_a_new_password_and_the_account_s_end_are_its_end(
    world: World, name: str, raw: dict[str, str]
) -> None:
    world.open("example.com")
    world.open("other.test")
    key = world.key()
    begun, other = session(world, inside(world, key)), session(world, inside(world, key, "other.test"))
    world.call(name, {"domain": "example.com", **raw})
    assert shown(world, begun) == NotAuthenticated.code
    assert shown(world, other) == "other.test"


def test_it_ends_when_the_reseller_who_began_it_is_suspended(world: World) -> None:
    reseller = world.reseller()
    world.open("example.com", reseller)
    begun = session(world, inside(world, reseller))
    assert shown(world, begun) == "example.com"
    world.call("editReseller", {"reseller_id": "2", "status": "inactive"})
    assert shown(world, begun) == NotAuthenticated.code


def test_under_a_suspended_reseller_the_account_s_own_log_in_gets_none(world: World) -> None:
    """Nor does it in an account that is suspended for any other reason."""
    world.open("example.com", world.reseller())
    world.call("editReseller", {"reseller_id": "2", "status": "inactive"})
    assert type(world.refused(GET_SESSION, by=OWN)) is NotPermitted


def test_in_a_suspended_account_it_reads_and_changes_nothing(world: World) -> None:
    world.open("example.com")
    by = inside(world)
    begun = session(world, by)
    world.call("suspendSiteWorxAccount", {"domain": "example.com"})
    for one in (begun, session(world, by)):
        assert shown(world, one) == "example.com"
        caller = world.panel.dispatch.auth
        with world.panel.database.snapshot() as tx:
            scopes = caller.caller(tx, one, world.clock.now, "id1").scopes
        assert scopes is not None
        assert {scope for scope in scopes if not scope.endswith(":read")} == {"sessions:edit"}
